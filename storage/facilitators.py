"""Facilitators whose last day is known, and its end in the program's time zone."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Facilitator, Program
from storage.moments import ONE_DAY, NextDay, begins


async def end_due(session: AsyncSession, now: datetime) -> int:
    """End those whose last day is over; how many they were."""
    ended = 0
    for facilitator_id, program_id, ends_at in await _ends(session):
        if ends_at <= now:
            query = update(Facilitator).where(Facilitator.program_id == program_id, Facilitator.id == facilitator_id)
            query = query.where(Facilitator.ended_at.is_(None)).values(ended_at=now).returning(Facilitator.id)
            ended += await session.scalar(query) is not None
    return ended


async def _ends(session: AsyncSession) -> list[tuple[int, int, datetime]]:
    """(facilitator, program, the first moment after the last day)."""
    query = _ending(Facilitator.id, Facilitator.program_id, Facilitator.until_on, Program.time_zone)
    rows = await session.execute(query.execution_options(across_programs="what is due"))
    return [(row, program_id, begins(until_on + ONE_DAY, zone)) for row, program_id, until_on, zone in rows]


def _ending(*columns: Any) -> Select[*tuple[Any, ...]]:
    query = select(*columns).select_from(Facilitator).join(Program, Program.id == Facilitator.program_id)
    return query.where(Facilitator.ended_at.is_(None), Facilitator.until_on.is_not(None))


next_end = NextDay(_ending(func.min(Facilitator.until_on), Program.time_zone).group_by(Program.time_zone), over=True)
