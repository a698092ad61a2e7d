"""The way back of a seat that was handed over: who had it has it again, as if nobody had come after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import seats
from storage.models import Delegate, Member
from storage.seats import Seated

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class End:
    """The end of a place as it stood before: its last day, who set it, and why."""

    until_on: date | None = None
    ended_by: int | None = None
    why: str = ""


@dataclass(frozen=True)
class Handed:
    """What a handover did: the places of who left and who came (`after`), its first day, one's end before, the other's last day.

    `others` are places of who came that ended with it, each with its end before.
    """

    delegate_id: int
    after: int
    since_on: date
    before: End
    until_on: date | None
    others: Sequence[tuple[int, End]]


@dataclass(frozen=True)
class Back:
    """The place as it is again, the one that is gone, since when the handover had effect (None: not yet), and what went along."""

    place: Seated
    after: Seated
    ended_at: datetime | None
    takes: Sequence[int]


async def take_back(session: AsyncSession, by: Member, handed: Handed, at: datetime) -> Back | None:
    """Undo a handover by the same member; None when one of the two places was changed since, or somebody came after.

    The place of who came goes when it has not begun before today (the city's date); else it ends with yesterday.
    """
    place = await seats.place(session, by.program_id, handed.delegate_id, lock=True)
    after = await seats.place(session, by.program_id, handed.after, lock=True)
    if place is None or after is None or not _stands(by, handed, place.delegate, after.delegate):
        return None
    back = Back(place, after, place.delegate.ended_at, list(place.delegate.takes))
    followed = update(Delegate).where(Delegate.program_id == by.program_id, Delegate.successor_id == handed.after)
    await _do(session, followed.values(successor_id=None))
    as_it_was = _of(by, handed.delegate_id).values(**vars(handed.before), ended_at=None, takes=[], note="")
    await _do(session, as_it_was)
    for other_id, end in handed.others:
        other = _of(by, other_id).where(Delegate.until_on == handed.since_on - ONE_DAY, Delegate.ended_by == by.id)
        await _do(session, other.values(**vars(end), ended_at=None))
    today = at.astimezone(ZoneInfo(after.zone)).date()
    if handed.since_on >= today:
        gone = delete(Delegate).where(Delegate.program_id == by.program_id, Delegate.id == handed.after)
        await _do(session, gone)
    else:
        why = "the handover was taken back"
        ended = _of(by, handed.after).values(until_on=today - ONE_DAY, ended_by=by.id, why=why, ended_at=at)
        await _do(session, ended.values(greeting=None))
    return back


def _stands(by: Member, handed: Handed, place: Delegate, after: Delegate) -> bool:
    """Whether both places are as the handover left them."""
    left = (place.ended_by, place.until_on, place.successor_id) == (by.id, handed.since_on - ONE_DAY, handed.after)
    came = (after.since_on, after.until_on, after.ended_at, after.successor_id)
    return left and came == (handed.since_on, handed.until_on, None, None)


def _of(by: Member, delegate_id: int) -> Any:
    return update(Delegate).where(Delegate.program_id == by.program_id, Delegate.id == delegate_id)


async def _do(session: AsyncSession, query: Any) -> None:
    await session.execute(query.execution_options(synchronize_session=False))
