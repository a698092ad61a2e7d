"""Carries out what the forms about places asked for, tells who asked and whom it concerns, and takes it back on request."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar
from handlers.errors import Refused
from handlers.seats import farewells, opening, places, returning, views, whom
from handlers.seats.places import Adding, Going, Handing, Somebody
from handlers.types import Job, Json, Services
from storage import deliveries, members, owners, programs, seat_changes, seats, turnover
from storage.models import Member, SeatChange
from storage.seats import Putting, Seated

AT_ONCE = 20
AGAIN_AFTER = timedelta(seconds=30)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Carried:
    """What is told to who asked, and what is kept for taking it back."""

    message: Json
    done: dict[str, Any] = field(default_factory=dict)


async def go_on(services: Services) -> int:
    """Take the next step of every change that has one."""
    now = services.clock.now()
    async with services.sessions() as session:
        waiting = await seat_changes.due(session, now, AT_ONCE)
    for change in waiting:
        async with services.sessions.begin() as session:
            held = await seat_changes.hold(session, change, now + AGAIN_AFTER)
        if held:
            await _take_step(services, change, now)
    return len(waiting)


async def carry_out(session: AsyncSession, change: SeatChange, now: datetime) -> None:
    """What a form asked for, once."""
    if not await seat_changes.settle(session, change, seat_changes.DONE):
        return
    by = await members.of_id(session, change.program_id, change.member_id)
    carried = await KINDS[change.kind](session, change, by, now)
    await seat_changes.note(session, change, carried.done)
    await deliveries.owe(session, by, views.change_key(change.id), carried.message, at=now)


async def _take_step(services: Services, change: SeatChange, now: datetime) -> None:
    """What cannot be is told to who asked, and leaves everything as it was."""
    step, refused = STEPS[change.state]
    try:
        async with services.sessions.begin() as session:
            await step(session, change, now)
    except Refused as refusal:
        message = views.could_not(change, refusal.text, services.settings.command_cohort)
        async with services.sessions.begin() as session:
            if await seat_changes.settle(session, change, refused):
                by = await members.of_id(session, change.program_id, change.member_id)
                await deliveries.owe(session, by, f"{views.change_key(change.id)}:{now.isoformat()}", message, at=now)


async def _add(session: AsyncSession, change: SeatChange, by: Member, now: datetime) -> Carried:
    adding = Adding.of(change.said)
    member = await _member(session, change, adding.person, now)
    return await (_seat if adding.seated else _run)(session, by, member, adding, now)


async def _seat(session: AsyncSession, by: Member, member: Member, adding: Adding, now: datetime) -> Carried:
    city_id = adding.city_id or await seats.city(session, by.program_id, adding.new_city, adding.state)
    seat_id = await seats.seat(session, by.program_id, adding.cohort_id, city_id)
    putting = Putting(seat_id, adding.role, places.first_day(adding, now), adding.until_on, form_key=adding.key)
    place = await _put(session, member, putting)
    return Carried(views.added(place, calendar.today(place.zone, now)))


async def _run(session: AsyncSession, by: Member, member: Member, adding: Adding, now: datetime) -> Carried:
    cohort_id = None if adding.role == "program" else adding.cohort_id
    whom.refuse_facilitator(member, await members.facilitated(session, member), cohort_id)
    days = (places.first_day(adding, now), adding.until_on)
    await seats.facilitate(session, member, cohort_id, head=adding.role == "head", days=days, key=adding.key)
    told = views.you_facilitate(by, adding)
    await deliveries.owe(session, member, f"cohort:runs:{adding.key}", told, at=now)
    return Carried(views.facilitates(member, adding.cohort_id, whole=cohort_id is None))


async def _remove(session: AsyncSession, change: SeatChange, by: Member, now: datetime) -> Carried:
    """The last day was set when the form was saved."""
    going = Going(**change.said)
    place = await seats.place(session, by.program_id, going.delegate_id)
    if place is None:
        raise Refused(places.GONE)
    await farewells.say(session, change, by, place, None, now)
    return Carried(views.ended(place, date.fromisoformat(going.last_day), change.id, now))


async def _hand_over(session: AsyncSession, change: SeatChange, by: Member, now: datetime) -> Carried:
    handing = Handing(**change.said)
    since, last_day = date.fromisoformat(handing.since_on), date.fromisoformat(handing.since_on) - ONE_DAY
    place = await seats.place(session, by.program_id, handing.delegate_id, lock=True)
    if place is None or place.seat.cohort_id != change.cohort_id or not opening.here(place, now):
        raise Refused(places.GONE)
    whom.refuse_changed(place, handing)
    whom.refuse_day(place, since)
    member = await _member(session, change, handing.person, now)
    whom.refuse_successor(place, member, [], since)
    open_now = await owners.open_of(session, by.program_id, place.member.id, place.seat)
    takes = handing.takes([one.id for one in open_now])
    before, end = place.delegate.until_on, _end(place)
    if not await seats.end(session, by, place, last_day, f"handed over to {member.name}"):
        raise Refused(places.GONE)
    others = await _end_other_roles(session, by, place, member, last_day)
    until = before if before and before >= since else None
    putting = Putting(place.seat.id, place.delegate.role, since, until, form_key=handing.key)
    after = await _put(session, member, putting)
    await seats.follow(session, by, place, after.delegate.id, takes, handing.note)
    left = await seats.place(session, by.program_id, handing.delegate_id)
    await farewells.say(session, change, by, left or place, after, now)
    done = {"after": after.delegate.id, "until_on": places.iso(until), "before": end, "others": others}
    today = calendar.today(place.zone, now)
    return Carried(views.handed_over(place, member, since, len(takes), today, change.id), done)


async def _put(session: AsyncSession, member: Member, putting: Putting) -> Seated:
    if await seats.sits(session, member, putting):
        raise Refused(whom.sits_already(member))
    placed = await seats.put(session, member, putting)
    place = await seats.place(session, member.program_id, placed) if placed else None
    if place is None:
        raise Refused(places.GONE)
    return place


async def _end_other_roles(
    session: AsyncSession, by: Member, place: Seated, member: Member, last_day: date
) -> list[list[Any]]:
    """A co-delegate who takes over has one place afterwards, in the role of whom they follow; the others, each with its end before."""
    ended = []
    for other in await turnover.places_of(session, member):
        one = other.delegate
        begun = one.since_on is None or one.since_on <= last_day
        if one.seat_id == place.seat.id and begun and (one.until_on is None or one.until_on > last_day):
            ended.append([one.id, _end(other)])
            await seats.end(session, by, other, last_day, f"takes over from {place.member.name}")
    return ended


def _end(place: Seated) -> list[Any]:
    """How a place is to end, as JSON keeps it: see `handovers.End`."""
    return [places.iso(place.delegate.until_on), place.delegate.ended_by, place.delegate.why]


async def _member(session: AsyncSession, change: SeatChange, person: Somebody, now: datetime) -> Member:
    """The member who is meant, made when there is none yet."""
    workspace = await programs.workspace(session, change.program_id, change.workspace_id)
    found = await seats.people(session, workspace, person.user_id, person.email or None)
    known = whom.meant(found, person)
    if known is not None:
        return known
    return await seats.add_person(session, workspace, person.name, person.email or None, person.user_id, now)


KINDS: dict[str, Callable[[AsyncSession, SeatChange, Member, datetime], Awaitable[Carried]]] = {
    seat_changes.ADD: _add,
    seat_changes.REMOVE: _remove,
    seat_changes.HANDOVER: _hand_over,
}
# What is done in a state, and the state when that cannot be.
STEPS = {
    seat_changes.WANTED: (carry_out, seat_changes.REFUSED),
    seat_changes.UNDOING: (returning.take_back, seat_changes.DONE),
}
JOBS = [Job("seats: what forms asked for", go_on, seat_changes.next_due, woken_by=seat_changes.WOKEN)]
