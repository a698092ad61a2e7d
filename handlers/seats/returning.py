"""The way back of what a form about places did: the end of a place, or a handover with all that followed, as far as nobody acted on it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, calendar
from handlers.errors import Refused
from handlers.seats import farewells, views
from handlers.seats.places import Going, Handing
from handlers.types import Json
from storage import deliveries, handovers, members, owners, seat_changes, seats, turnover
from storage.handovers import End, Handed
from storage.models import Commitment, Member, SeatChange
from storage.seats import Seated

TOO_LATE = "This cannot be taken back any more: it was changed since, or somebody has come after."
WHY = {
    seat_changes.REMOVE: "the end of the place was taken back",
    seat_changes.HANDOVER: "the handover was taken back",
}


async def take_back(session: AsyncSession, change: SeatChange, now: datetime) -> None:
    """All of it or nothing: `Refused` says why."""
    if not await seat_changes.settle(session, change, seat_changes.UNDONE):
        return
    by = await members.of_id(session, change.program_id, change.member_id)
    back = _end if change.kind == seat_changes.REMOVE else _handover
    await back(session, change, by, now)


async def _end(session: AsyncSession, change: SeatChange, by: Member, now: datetime) -> None:
    going = Going(**change.said)
    last_day, before = date.fromisoformat(going.last_day), _day(going.until_on)
    found = await seats.take_back(session, by, going.delegate_id, last_day, before)
    if found is None:
        raise Refused(TOO_LATE)
    place, ended_at = found
    await _restore(session, change, place, ended_at, now)
    await _answer(session, change, views.taken_back(place), now)


async def _handover(session: AsyncSession, change: SeatChange, by: Member, now: datetime) -> None:
    handing, done = Handing(**change.said), change.done
    others = [(id_, _was(end)) for id_, end in done["others"]]
    since = date.fromisoformat(handing.since_on)
    handed = Handed(handing.delegate_id, done["after"], since, _was(done["before"]), _day(done["until_on"]), others)
    found = await handovers.take_back(session, by, handed, now)
    if found is None:
        raise Refused(TOO_LATE)
    if found.place.member.deactivated_at is not None:
        name = blocks.escaped(found.place.member.name)
        raise Refused(f"{name} has left Slack meanwhile, so the seat cannot be theirs again.")
    place, after = found.place, found.after.member
    kept: list[Commitment] = []
    if found.ended_at is not None:
        why = WHY[change.kind]
        kept = await owners.pass_back(session, after, place.member, found.takes, found.ended_at, why, now)
    await _restore(session, change, place, found.ended_at, now)
    await _answer(session, change, views.handed_back(place, after, kept), now)
    told = f"seat:{found.after.delegate.id}"
    if not await deliveries.withdraw(session, change.program_id, told, now):
        message = views.not_yours(place, by, kept, calendar.today(place.zone, now))
        await deliveries.owe_update(session, change.program_id, told, message, at=now)


async def _restore(
    session: AsyncSession, change: SeatChange, place: Seated, ended_at: datetime | None, now: datetime
) -> None:
    """What followed from the end is undone: commitments, and what lead, facilitators and the person were told."""
    await farewells.take_back(session, change, place, now)
    if ended_at is None:
        return
    await owners.take_up(session, place.member, ended_at, WHY[change.kind], now, seat=place.seat)
    told = await turnover.beside(session, place, calendar.today(place.zone, now))
    told += await members.facilitators(session, place.delegate.program_id, place.seat.cohort_id)
    for member in told:
        key = views.told_key(place.delegate.id, ended_at, member.id)
        await deliveries.owe_update(session, member.program_id, key, views.taken_back(place), at=now)


async def _answer(session: AsyncSession, change: SeatChange, message: Json, now: datetime) -> None:
    await deliveries.owe_update(session, change.program_id, views.change_key(change.id), message, at=now)


def _was(end: list[Any]) -> End:
    until, ended_by, why = end
    return End(_day(until), ended_by, why)


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None
