"""When a round takes no more answers: as soon as the next one opens; the last one of a check-in that ended a while after."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import drafts
from storage.columns import Moment
from storage.models import CheckIn, Round
from storage.moments import Next

TAKES_LATE_ANSWERS = timedelta(days=30)


async def before(session: AsyncSession, opened: Round, at: datetime) -> None:
    """A round opens: the earlier ones of its check-in that are closed are archived."""
    query = _rounds(opened.program_id, opened.check_in_id).where(Round.id != opened.id)
    query = query.where(Round.closed_at.is_not(None), Round.archived_at.is_(None))
    archived = list(await session.scalars(query.values(archived_at=at, archive_at=None).returning(Round.id)))
    if archived:
        await drafts.drop_of_archived(session, opened.program_id, archived)


async def closed(session: AsyncSession, this: Round, at: datetime) -> None:
    """A round closes: archived when a newer one is open, dated when its check-in has ended."""
    of_check_in = (Round.program_id == this.program_id) & (Round.check_in_id == this.check_in_id)
    newest = select(func.max(Round.nominal_on)).where(of_check_in, ~Round.early).scalar_subquery()
    over = select(CheckIn.id).where(CheckIn.program_id == this.program_id, CheckIn.id == this.check_in_id)
    over = over.where(CheckIn.ended_at.is_not(None))
    is_newest = Round.nominal_on >= newest  # one that was answered early, and never asked, may be later
    values = {
        "archived_at": case((~is_newest, literal(at, Moment()))),
        "archive_at": case((is_newest & over.exists(), literal(at + TAKES_LATE_ANSWERS, Moment()))),
    }
    query = _rounds(this.program_id, this.check_in_id).where(Round.id == this.id).values(values)
    if await session.scalar(query.returning(Round.archived_at)) is not None:
        await drafts.drop_of_archived(session, this.program_id, [this.id])


async def later(session: AsyncSession, program_id: int, check_in_id: int, at: datetime) -> None:
    """A check-in ends: its last round that is closed already takes answers a while longer."""
    query = _rounds(program_id, check_in_id).where(Round.closed_at.is_not(None), Round.archived_at.is_(None))
    await session.execute(query.values(archive_at=at + TAKES_LATE_ANSWERS))


async def due(session: AsyncSession, now: datetime, limit: int) -> list[Round]:
    """Last rounds of check-ins that ended a while ago."""
    query = select(Round).where(Round.archive_at <= now).order_by(Round.archive_at, Round.id).limit(limit)
    return list(await session.scalars(query.execution_options(across_programs="rounds to archive, of all programs")))


async def close(session: AsyncSession, this: Round, now: datetime) -> None:
    """Take no more answers to a round."""
    query = _rounds(this.program_id, this.check_in_id).where(Round.id == this.id, Round.archive_at <= now)
    if await session.scalar(query.values(archived_at=now, archive_at=None).returning(Round.id)) is not None:
        await drafts.drop_of_archived(session, this.program_id, [this.id])


next_due = Next(select(func.min(Round.archive_at)))


def _rounds(program_id: int, check_in_id: int) -> Any:
    query = update(Round).where(Round.program_id == program_id, Round.check_in_id == check_in_id)
    return query.execution_options(synchronize_session=False)
