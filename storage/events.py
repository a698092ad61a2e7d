"""Which of Slack's events took effect already."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import insert
from storage.models import SeenEvent


async def first_time(session: AsyncSession, event_id: str, at: datetime) -> bool:
    """True when not seen before; the row commits, or vanishes, with the caller's effect."""
    query = insert(session, SeenEvent).values(event_id=event_id, at=at).on_conflict_do_nothing()
    return await session.scalar(query.returning(SeenEvent.event_id)) is not None


async def forget(session: AsyncSession, before: datetime) -> int:
    """Remove events seen before a moment: Slack repeats none after more than a day."""
    seen = await session.scalars(delete(SeenEvent).where(SeenEvent.at < before).returning(SeenEvent.event_id))
    return len(seen.all())
