"""Facilitators whose last day is known, and its end in the program's time zone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Facilitator, Program

# Made once: every tick asks for them.
ENDING = (
    select(Facilitator.id, Facilitator.program_id, Facilitator.until_on, Program.time_zone)
    .join(Program, Program.id == Facilitator.program_id)
    .where(Facilitator.ended_at.is_(None), Facilitator.until_on.is_not(None))
    .execution_options(across_programs="what is due")
)


async def end_due(session: AsyncSession, now: datetime) -> int:
    """End those whose last day is over; how many they were."""
    ended = 0
    for facilitator_id, program_id, ends_at in await _ends(session):
        if ends_at <= now:
            query = update(Facilitator).where(Facilitator.program_id == program_id, Facilitator.id == facilitator_id)
            query = query.where(Facilitator.ended_at.is_(None)).values(ended_at=now).returning(Facilitator.id)
            ended += await session.scalar(query) is not None
    return ended


async def next_end(session: AsyncSession) -> datetime | None:
    """When the next one ends; None when no last day is known."""
    return min((ends_at for _, _, ends_at in await _ends(session)), default=None)


async def _ends(session: AsyncSession) -> list[tuple[int, int, datetime]]:
    """(facilitator, program, the first moment after the last day)."""
    rows = await session.execute(ENDING)
    return [
        (row, program_id, datetime.combine(until_on + timedelta(days=1), time(), ZoneInfo(zone)))
        for row, program_id, until_on, zone in rows
        if until_on is not None
    ]
