"""Holds back what nobody asked for: outside working hours, over the daily ceiling, or too late to be of use.

The last message that the ceiling permits somebody on a day carries along what else is waiting for them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, merging
from handlers.calendar import Hours
from storage import days, members, outbox, parts, programs
from storage.members import Whereabouts
from storage.models import Owed
from storage.outbox import Parcel
from storage.parts import Waiting

MORNING = time(9, 0)
NIGHT, DAY_OFF, CEILING, AWAY = "night", "day_off", "ceiling", "away"


async def hold_back(
    session: AsyncSession, parcels: Sequence[Parcel], now: datetime, *, looked_for: bool = False
) -> list[Parcel]:
    """The parcels that may go now; the others are put back with a later moment, merged, or closed when they have expired.

    What may stand in Slack already is kept until it was `looked_for`. After that nothing is merged: it was taken in another transaction.
    """

    def at_once(parcel: Parcel) -> bool:
        return not _own_accord(parcel) or (parcel.may_be_there and not looked_for)

    kept = [parcel for parcel in parcels if at_once(parcel)]
    groups: dict[int, list[Parcel]] = {}
    for parcel in parcels:
        if not at_once(parcel):
            groups.setdefault(parcel.delivery.program_id, []).append(parcel)
    for program_id, group in groups.items():
        kept += await _of_program(session, program_id, group, now, may_merge=not looked_for)
    return kept


def when_allowed(
    now: datetime, where: Whereabouts, *, hours: Sequence[Hours], over: bool
) -> tuple[datetime, str | None]:
    """The first moment from `now` on at which a message that nobody asked for may reach somebody, and why not now.

    It keeps to all of the `hours`; without any it may come on any day and at any hour. Over the ceiling it waits for the next morning,
    mostly of a working day. For who is away it waits for the first such morning after that; when nobody knows when they are back, it is
    looked at again the next morning.
    """
    today = calendar.today(where.time_zone, now)
    if over:
        moment, because = _morning(today + timedelta(days=1), where, hours), CEILING
    else:
        moment = _within(hours, now, where)
        because = NIGHT if calendar.is_working_day(today, where.days) else DAY_OFF
    while away := days.away_on(where.away, calendar.today(where.time_zone, moment)):
        because = AWAY
        last = away.last or calendar.today(where.time_zone, moment)
        moment = _morning(last + timedelta(days=1), where, hours)
        if away.last is None:
            break
    return moment, because if moment > now else None


def _own_accord(parcel: Parcel) -> bool:
    return all(owed.own_accord for owed in parcel.owed)


async def _of_program(
    session: AsyncSession, program_id: int, parcels: Sequence[Parcel], now: datetime, *, may_merge: bool
) -> list[Parcel]:
    ids = sorted({owed.member_id for parcel in parcels for owed in parcel.owed if owed.member_id})
    places = await members.whereabouts(session, program_id, ids, since=now)
    ceiling = (await programs.of(session, program_id)).daily_ceiling
    sent_today = await _sent_today(session, program_id, places, parcels, now)
    ready: dict[int, list[Parcel]] = {}
    for one in sorted(parcels, key=_urgency):
        parcel = await _without_expired(session, one, places[_whose(one)], now)
        if parcel is not None:
            over = sent_today[_whose(parcel)] >= ceiling
            if await _may_go(session, parcel, places[_whose(parcel)], now, over=over):
                ready.setdefault(_whose(parcel), []).append(parcel)
    room = {member_id: ceiling - sent_today[member_id] for member_id in ready}
    kept = [parcel for member_id, mine in ready.items() for parcel in mine[: room[member_id] - 1]]
    last = {member_id: mine[room[member_id] - 1 :] for member_id, mine in ready.items()}
    return kept + await _last_ones(session, {id_: mine for id_, mine in last.items() if mine}, places, now, may_merge)


async def _without_expired(session: AsyncSession, parcel: Parcel, where: Whereabouts, now: datetime) -> Parcel | None:
    """The parcel without what is too late to be of use; None when nothing is left of it."""
    fresh = tuple(one for one in parcel.owed if _is_fresh(one, now))
    if len(fresh) == len(parcel.owed):
        return parcel
    outcome = "away" if days.away_on(where.away, calendar.today(where.time_zone, now)) else "expired"
    if not fresh:
        await outbox.closed(session, parcel.delivery, now, outcome)
        return None
    stale = [one.key for one in parcel.owed if one not in fresh]
    ours = await parts.leave_out(session, parcel.delivery, stale, now, outcome)
    return replace(parcel, owed=fresh) if ours else None


async def _may_go(session: AsyncSession, parcel: Parcel, where: Whereabouts, now: datetime, *, over: bool) -> bool:
    """Whether a parcel may go now; else it is put back, with the reason."""
    until, because = when_allowed(now, where, hours=_hours(parcel.owed), over=over)
    if because is None:
        return True
    await outbox.held(session, parcel.delivery, until, because)
    return False


async def _last_ones(
    session: AsyncSession,
    last: Mapping[int, Sequence[Parcel]],
    places: Mapping[int, Whereabouts],
    now: datetime,
    may_merge: bool,
) -> list[Parcel]:
    """By member, the last message permitted today with what else is to go: it carries as much of that as fits, the rest is held back."""
    carriers, pairs = [], []
    more = await _waiting(session, last, places, now) if last and may_merge else {}
    for member_id, (carrier, *others) in last.items():
        together: list[Parcel | Waiting] = sorted([*others, *more.get(member_id, ())], key=_urgency)
        joining = _joining(carrier, together) if may_merge else []
        pairs += [(carrier.delivery, one.delivery) for one in joining]
        everything = [owed for one in (carrier, *joining) for owed in one.owed]
        carriers.append(replace(carrier, owed=tuple(sorted(everything, key=_rank))))
        for one in others:
            if one not in joining:
                await _may_go(session, one, places[member_id], now, over=True)
    await parts.join(session, pairs, now)
    return carriers


async def _waiting(
    session: AsyncSession, last: Mapping[int, Sequence[Parcel]], places: Mapping[int, Whereabouts], now: datetime
) -> dict[int, list[Waiting]]:
    """By member, what is due to them, was not taken, and might go now."""
    first = next(iter(last.values()))[0].delivery
    found: dict[int, list[Waiting]] = {}
    for one in await parts.waiting(session, first.program_id, first.workspace_id, last, now):
        member_id = one.owed[0].member_id or 0
        fresh = all(_is_fresh(owed, now) for owed in one.owed)
        _, because = when_allowed(now, places[member_id], hours=_hours(one.owed), over=False)
        if fresh and because is None:
            found.setdefault(member_id, []).append(one)
    return found


def _joining(carrier: Parcel, others: Sequence[Parcel | Waiting]) -> list[Parcel | Waiting]:
    """The most urgent ones that fit into the carrier's message; what is less urgent than one that does not fit waits with it."""
    chosen: list[Parcel | Waiting] = []
    for one in others:
        together = sorted((owed for each in (carrier, *chosen, one) for owed in each.owed), key=_rank)
        same = _address(one) == _address(carrier)
        if not same or carrier.delivery.kind != "post" or not merging.fit(together):
            break
        chosen.append(one)
    return chosen


def _address(parcel: Parcel | Waiting) -> tuple[str, int, str, str | None]:
    delivery = parcel.delivery
    return delivery.kind, delivery.workspace_id, delivery.place, delivery.thread_ts


def _rank(owed: Owed) -> tuple[int, int]:
    return owed.priority, owed.id


def _urgency(parcel: Parcel | Waiting) -> tuple[int, int]:
    return min(_rank(owed) for owed in parcel.owed)


def _whose(parcel: Parcel) -> int:
    return parcel.owed[0].member_id or 0


def _is_fresh(owed: Owed, now: datetime) -> bool:
    return owed.expires_at is None or now <= owed.expires_at


def _hours(reasons: Iterable[Owed]) -> list[Hours]:
    """The hours of everything in a message that may not come at any hour."""
    own = {calendar.outside(one.quiet_from, one.quiet_until) for one in reasons if not one.any_hour}
    return sorted(own, key=lambda hours: (hours.quiet_from, hours.quiet_until))


def _within(hours: Sequence[Hours], moment: datetime, where: Whereabouts) -> datetime:
    """The moment itself, or the first one after it that lies within all the hours: they have some in common, since their messages met."""
    zone, off = where.time_zone, where.days
    while (
        later := max((calendar.next_working_moment(moment, zone, off, one) for one in hours), default=moment)
    ) > moment:
        moment = later
    return moment


def _morning(day: date, where: Whereabouts, hours: Sequence[Hours]) -> datetime:
    day = calendar.next_working_day(day, where.days) if hours else day
    return _within(hours, calendar.at_local(day, MORNING, where.time_zone), where)


async def _sent_today(
    session: AsyncSession, program_id: int, places: Mapping[int, Whereabouts], parcels: Sequence[Parcel], now: datetime
) -> Counter[int]:
    """How many messages of the bot's own accord each member got on their local day, these parcels apart."""
    undecided = [parcel.delivery.id for parcel in parcels]
    since = now - timedelta(hours=26)
    sent = await outbox.own_accord_since(session, program_id, list(places), since, undecided=undecided)

    def day(member_id: int, moment: datetime) -> date:
        return calendar.today(places[member_id].time_zone, moment)

    return Counter(member_id for member_id, at in sent if day(member_id, at) == day(member_id, now))
