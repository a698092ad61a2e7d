"""Holds back what nobody asked for: outside working hours, over the daily ceiling, or too late to be of use."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar
from storage import days, members, outbox, programs
from storage.members import Whereabouts
from storage.outbox import Parcel

MORNING = time(9, 0)


async def hold_back(
    session: AsyncSession, parcels: Sequence[Parcel], now: datetime, *, looked_for: bool = False
) -> list[Parcel]:
    """The parcels that may go now; the others are put back with a later moment, or closed when they have expired.

    What may stand in Slack already is kept until it was `looked_for`.
    """

    def at_once(parcel: Parcel) -> bool:
        return not _own_accord(parcel) or (parcel.may_be_there and not looked_for)

    kept = [parcel for parcel in parcels if at_once(parcel)]
    waiting: dict[int, list[Parcel]] = {}
    for parcel in parcels:
        if not at_once(parcel):
            waiting.setdefault(parcel.delivery.program_id, []).append(parcel)
    for program_id, group in waiting.items():
        kept += await _of_program(session, program_id, group, now)
    return kept


def _own_accord(parcel: Parcel) -> bool:
    return all(owed.own_accord for owed in parcel.owed)


async def _of_program(session: AsyncSession, program_id: int, parcels: Sequence[Parcel], now: datetime) -> list[Parcel]:
    ids = sorted({owed.member_id for parcel in parcels for owed in parcel.owed if owed.member_id})
    places = await members.whereabouts(session, program_id, ids, since=now)
    ceiling = (await programs.of(session, program_id)).daily_ceiling
    sent_today = await _sent_today(session, program_id, places, parcels, now)
    kept = []
    for parcel in sorted(parcels, key=lambda parcel: parcel.owed[0].priority):
        owed = parcel.owed[0]
        where = places[owed.member_id or 0]
        if owed.expires_at and now > owed.expires_at:
            away = days.away_on(where.away, calendar.today(where.time_zone, now))
            await outbox.closed(session, parcel.delivery, now, "away" if away else "expired")
            continue
        until = when_allowed(now, where, any_hour=owed.any_hour, over=sent_today[owed.member_id or 0] >= ceiling)
        if until > now:
            await outbox.held(session, parcel.delivery, until)
            continue
        sent_today[owed.member_id or 0] += 1
        kept.append(parcel)
    return kept


def when_allowed(now: datetime, where: Whereabouts, *, any_hour: bool, over: bool) -> datetime:
    """The first moment from `now` on at which a message that nobody asked for may reach somebody.

    Over the ceiling it waits for the next morning: the next working one, unless the person is to be asked on any day. For who is away it
    waits for the first such morning after that; when nobody knows when they are back, it is looked at again the next morning.
    """
    if not over:
        moment = now if any_hour else calendar.next_working_moment(now, where.time_zone, where.days)
    else:
        moment = _morning(calendar.today(where.time_zone, now) + timedelta(days=1), where, any_hour=any_hour)
    while away := days.away_on(where.away, calendar.today(where.time_zone, moment)):
        last = away.last or calendar.today(where.time_zone, moment)
        moment = _morning(last + timedelta(days=1), where, any_hour=any_hour)
        if away.last is None:
            break
    return moment


def _morning(day: date, where: Whereabouts, *, any_hour: bool) -> datetime:
    day = day if any_hour else calendar.next_working_day(day, where.days)
    return calendar.at_local(day, MORNING, where.time_zone)


async def _sent_today(
    session: AsyncSession, program_id: int, places: dict[int, Whereabouts], parcels: Sequence[Parcel], now: datetime
) -> Counter[int]:
    """How many messages of the bot's own accord each member got on their local day, these parcels apart."""
    undecided = [parcel.delivery.id for parcel in parcels]
    since = now - timedelta(hours=26)
    sent = await outbox.own_accord_since(session, program_id, list(places), since, undecided=undecided)

    def day(member_id: int, moment: datetime) -> date:
        return calendar.today(places[member_id].time_zone, moment)

    return Counter(member_id for member_id, at in sent if day(member_id, at) == day(member_id, now))
