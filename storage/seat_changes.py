"""What facilitators ask for by the forms about places: saved at once, carried out and told by a job, and taken back on request.

Each step is a condition on the state before it, so that it is taken once.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import insert, wake
from storage.models import Member, SeatChange, Workspace
from storage.moments import Next

ADD, REMOVE, HANDOVER = "add", "remove", "handover"

WANTED = "wanted"  # saved, to be carried out
DONE = "done"
REFUSED = "refused"  # somebody was faster, and who asked was told
UNDOING = "undoing"  # to be taken back
UNDONE = "undone"
WOKEN = "seat changes"  # what is noted when one is to be carried out, or taken back, at once
UNSYNCED = {"synchronize_session": False}


async def save(
    session: AsyncSession,
    by: Member,
    workspace: Workspace,
    kind: str,
    *,
    cohort_id: int,
    form_key: str,
    said: dict[str, Any],
    at: datetime,
) -> bool:
    """Keep what a form says for the job, in one statement. False when this form was saved before."""
    query = insert(session, SeatChange).values(
        program_id=by.program_id, workspace_id=workspace.id, cohort_id=cohort_id, member_id=by.id, form_key=form_key,
        kind=kind, state=WANTED, said=said, done={}, due_at=at, created_at=at,
    )  # fmt: skip
    wake(session, WOKEN)
    return await session.scalar(query.on_conflict_do_nothing().returning(SeatChange.id)) is not None


async def is_saved(session: AsyncSession, program_id: int, form_key: str) -> bool:
    """Whether this form was saved before."""
    query = select(SeatChange.id).where(SeatChange.program_id == program_id, SeatChange.form_key == form_key)
    return await session.scalar(query) is not None


async def take_back(session: AsyncSession, by: Member, change_id: int, at: datetime) -> int | None:
    """Ask for the way back, in one statement: only who did it, and while it stands. The cohort that it is about; None else."""
    query = update(SeatChange).where(SeatChange.program_id == by.program_id, SeatChange.id == change_id)
    query = query.where(SeatChange.member_id == by.id, SeatChange.state == DONE)
    query = query.values(state=UNDOING, due_at=at).returning(SeatChange.cohort_id)
    wake(session, WOKEN)
    cohort_id: int | None = await session.scalar(query, execution_options=UNSYNCED)
    return cohort_id


async def due(session: AsyncSession, now: datetime, limit: int) -> list[SeatChange]:
    """Those that a job goes on with, of all programs, the longest waiting first."""
    query = select(SeatChange).where(SeatChange.due_at <= now).order_by(SeatChange.due_at, SeatChange.id).limit(limit)
    return list(await session.scalars(query.execution_options(across_programs="what is due")))


next_due = Next(select(func.min(SeatChange.due_at)).where(SeatChange.due_at.is_not(None)))


async def hold(session: AsyncSession, seen: SeatChange, until: datetime) -> bool:
    """Try it again then, should this try fail; meanwhile it keeps no other waiting. False when somebody else tries it."""
    query = update(SeatChange).where(SeatChange.program_id == seen.program_id, SeatChange.id == seen.id)
    query = query.where(SeatChange.state == seen.state, SeatChange.due_at == seen.due_at).values(due_at=until)
    return await session.scalar(query.returning(SeatChange.id), execution_options=UNSYNCED) is not None


async def settle(session: AsyncSession, seen: SeatChange, state: str, **values: Any) -> bool:
    """Note that the step is done in this transaction. False when somebody else did it."""
    query = update(SeatChange).where(SeatChange.program_id == seen.program_id, SeatChange.id == seen.id)
    query = query.where(SeatChange.state == seen.state, SeatChange.due_at.is_not(None))
    query = query.values(state=state, due_at=None, **values).execution_options(synchronize_session=False)
    return await session.scalar(query.returning(SeatChange.id)) is not None


async def note(session: AsyncSession, change: SeatChange, done: dict[str, Any]) -> None:
    """Keep what came of it."""
    query = update(SeatChange).where(SeatChange.program_id == change.program_id, SeatChange.id == change.id)
    await session.execute(query.values(done=done).execution_options(synchronize_session=False))
