"""What becomes of a check-in: moved on, planned again, paused, resumed, a date left out, ended.

Each by one conditional UPDATE, of which one of many who do the same is the first.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import archives
from storage.cadences import Cadence
from storage.models import CheckIn, Member

Turn = tuple[date, datetime]


async def move_on(
    session: AsyncSession, check_in: CheckIn, next_on: date | None, next_at: datetime | None, at: datetime
) -> bool:
    """Set the next round, and look at the channel again; without one the check-in has ended with the round that opens now.

    False when somebody else moved the check-in on before.
    """
    query = _running(check_in.program_id, check_in.id).where(CheckIn.next_on == check_in.next_on)
    query = query.where(CheckIn.next_at <= at)  # read again meanwhile, it may name the round after the one that was due
    ended_at = None if next_on else at
    query = query.values(next_on=next_on, next_at=next_at, channel_check_at=at, ended_at=ended_at)
    if await session.scalar(query.returning(CheckIn.id)) is None:
        return False
    if ended_at:
        await archives.later(session, check_in.program_id, check_in.id, at)
    return True


async def plan_again(session: AsyncSession, check_in: CheckIn, turn: Turn | None) -> bool:
    """Another date or moment comes next than was planned; None: no date is left. False when somebody else planned it meanwhile."""
    next_on, next_at = turn or (None, None)
    query = _running(check_in.program_id, check_in.id).where(CheckIn.paused_at.is_(None))
    query = query.where(CheckIn.next_on == check_in.next_on, CheckIn.next_at == check_in.next_at)
    query = query.values(next_on=next_on, next_at=next_at).returning(CheckIn.id)
    return await session.scalar(query) is not None


async def look_again(session: AsyncSession, program_id: int, cohort_id: int, at: datetime) -> None:
    """Make what hangs on a phase of the cohort due, so that the clock's next look finds its date anew."""
    query = update(CheckIn).where(CheckIn.program_id == program_id, CheckIn.cohort_id == cohort_id)
    query = query.where(CheckIn.event.is_not(None), CheckIn.ended_at.is_(None), CheckIn.paused_at.is_(None))
    query = query.where(or_(CheckIn.next_at.is_(None), CheckIn.next_at > at))
    await session.execute(query.values(next_at=at).execution_options(synchronize_session=False))


async def pause(session: AsyncSession, member: Member, check_in_id: int, at: datetime) -> bool:
    """Ask no more until it is resumed. False when it was paused already."""
    query = _running(member.program_id, check_in_id).where(CheckIn.paused_at.is_(None))
    query = query.values(paused_at=at, next_on=None, next_at=None).returning(CheckIn.id)
    return await session.scalar(query) is not None


async def resume(session: AsyncSession, member: Member, check_in_id: int, turn: Turn) -> bool:
    """Ask again from the date and moment of `turn` on. False when it was not paused."""
    query = _running(member.program_id, check_in_id).where(CheckIn.paused_at.is_not(None))
    query = query.values(paused_at=None, next_on=turn[0], next_at=turn[1]).returning(CheckIn.id)
    return await session.scalar(query) is not None


async def set_dates(
    session: AsyncSession, member: Member, check_in: CheckIn, cadence: Cadence, turn: Turn | None
) -> bool:
    """Other dates, of which `turn` comes next. False when somebody changed the dates, or asked the next one, meanwhile."""
    next_on, next_at = turn or (None, None)
    query = _running(member.program_id, check_in.id).where(CheckIn.rule == check_in.rule)
    query = query.where(CheckIn.next_on == check_in.next_on, CheckIn.paused_at == check_in.paused_at)
    values = {"rule": cadence.rule, "event": cadence.event, "event_days": cadence.event_days}
    query = query.values(**values, next_on=next_on, next_at=next_at).returning(CheckIn.id)
    return await session.scalar(query) is not None


async def begin_at_once(session: AsyncSession, check_in: CheckIn, at: datetime) -> bool:
    """Hold the check-in for a round that is opened by hand, and look at the channel. False when it is paused or over by now."""
    query = _running(check_in.program_id, check_in.id).where(CheckIn.paused_at.is_(None))
    return await session.scalar(query.values(channel_check_at=at).returning(CheckIn.id)) is not None


async def end(session: AsyncSession, program_id: int, check_in_id: int, at: datetime) -> bool:
    """Ask never again; a round that is open runs to its end. False when it was over already."""
    query = _running(program_id, check_in_id).values(ended_at=at, next_on=None, next_at=None)
    if await session.scalar(query.returning(CheckIn.id)) is None:
        return False
    await archives.later(session, program_id, check_in_id, at)
    return True


def _running(program_id: int, check_in_id: int) -> Any:
    query = update(CheckIn).where(CheckIn.program_id == program_id, CheckIn.id == check_in_id)
    return query.where(CheckIn.ended_at.is_(None)).execution_options(synchronize_session=False)
