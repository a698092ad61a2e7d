"""Brings a workspace into another program by a code, once, and removes the empty program that it came from, with all its rows."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import identities
from storage.database import wake
from storage.models import (
    Base,
    Cohort,
    Commitment,
    Facilitator,
    Identity,
    LinkCode,
    Member,
    Program,
    Workspace,
)

# Rows that point to others first. The workspaces themselves stay: one of them was moved.
TENANTS = tuple(
    table
    for table in reversed(Base.metadata.sorted_tables)
    if "program_id" in table.c and table.name != Workspace.__tablename__
)


@dataclass(frozen=True)
class Look:
    """What a code would do for a workspace. `problem` is unknown, used, expired, taken_back, same, people, things or again; None: none.

    `code` and `program` are what it leads to, when there is such a code. `first` is the Slack user who facilitates the one that goes.
    """

    workspace: Workspace
    problem: str | None
    code: LinkCode | None = None
    program: Program | None = None
    first: str | None = None


async def look(session: AsyncSession, workspace_id: int, text: str, at: datetime) -> Look:
    """What would happen; nothing is written."""
    here = await workspace(session, workspace_id)
    found = await _code(session, text)
    if found is None:
        return Look(here, "unknown")
    code, program = found
    if code.program_id == here.program_id:
        return Look(here, "same", code, program)
    first = await _first_facilitator(session, here)
    problem = _problem_with(code, at) or await _holds(session, here, first)
    return Look(here, problem, code, program, first[1] if first else None)


async def move(session: AsyncSession, workspace_id: int, text: str, at: datetime) -> Look:
    """Move the workspace, when `look` finds no problem at this very moment; its `problem` is None when it was moved."""
    seen = await look(session, workspace_id, text, at)
    if seen.problem or seen.code is None:
        return seen
    old_id, new_id = seen.workspace.program_id, seen.code.program_id
    # Both, in one order, so that two programs that would swallow each other wait instead. Whatever somebody is writing into the old
    # one is waited for, and seen; what comes later finds no program any more.
    both = select(Program.id).where(Program.id.in_([old_id, new_id])).order_by(Program.id).with_for_update()
    if len((await session.scalars(both)).all()) < 2:
        return await _why_not(session, workspace_id, text, at)
    now = await workspace(session, workspace_id)
    held = await _holds(session, now, await _first_facilitator(session, now))
    if now.program_id != old_id or held or not await _use(session, seen.code, now, at):
        return await _why_not(session, workspace_id, text, at)
    mine = update(Workspace).where(Workspace.program_id == old_id, Workspace.id == workspace_id)
    await session.execute(mine.values(program_id=new_id, linked_at=at))
    await _remove(session, old_id)
    await identities.look_again(session, new_id)  # who is not in Slack yet may be in the workspace that came
    wake(session, identities.WOKEN)
    return seen


async def _why_not(session: AsyncSession, workspace_id: int, text: str, at: datetime) -> Look:
    """Somebody else was faster; `again` when nothing stands in the way any more."""
    seen = await look(session, workspace_id, text, at)
    return replace(seen, problem=seen.problem or "again")


async def workspace(session: AsyncSession, workspace_id: int) -> Workspace:
    """A workspace with the program that it belongs to at this moment."""
    query = select(Workspace).where(Workspace.id == workspace_id)
    known = {"across_programs": "a workspace that may change its program", "populate_existing": True}
    return (await session.scalars(query.execution_options(**known))).one()


async def _code(session: AsyncSession, text: str) -> tuple[LinkCode, Program] | None:
    query = select(LinkCode, Program).join(Program, Program.id == LinkCode.program_id).where(LinkCode.code == text)
    known = {"across_programs": "a code names its program", "populate_existing": True}
    row = (await session.execute(query.execution_options(**known))).one_or_none()
    return (row[0], row[1]) if row else None


def _problem_with(code: LinkCode, at: datetime) -> str | None:
    if code.used_at is not None:
        return "used"
    if code.taken_back_at is not None:
        return "taken_back"
    return "expired" if code.expires_at <= at else None


async def _first_facilitator(session: AsyncSession, workspace: Workspace) -> tuple[int, str] | None:
    """(member, Slack user in this workspace) of the only member of the program, when they facilitate all of it; None otherwise."""
    query = (
        select(Member.id, Identity.user_id)
        .join(Facilitator, Facilitator.member_id == Member.id)
        .join(Identity, Identity.member_id == Member.id)
        .where(Member.program_id == workspace.program_id, Facilitator.cohort_id.is_(None))
        .where(Identity.workspace_id == workspace.id)
        .limit(1)
    )
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None


async def _holds(session: AsyncSession, workspace: Workspace, first: tuple[int, str] | None) -> str | None:
    """What somebody would lose: people, or things; None when the program is empty but for its first facilitator."""
    program_id = workspace.program_id
    people = select(func.count(Member.id)).where(Member.program_id == program_id)
    if first is not None:
        people = people.where(Member.id != first[0])
    if (await session.scalars(people)).one():
        return "people"
    others = exists().where(Workspace.program_id == program_id, Workspace.id != workspace.id)
    cohorts = exists().where(Cohort.program_id == program_id)
    commitments = exists().where(Commitment.program_id == program_id)
    return "things" if await session.scalar(select(others | cohorts | commitments)) else None


async def _use(session: AsyncSession, code: LinkCode, workspace: Workspace, at: datetime) -> bool:
    """Take the code for this workspace. False when somebody used it, or took it back, before."""
    query = update(LinkCode).where(LinkCode.program_id == code.program_id, LinkCode.id == code.id)
    query = query.where(LinkCode.used_at.is_(None), LinkCode.taken_back_at.is_(None), LinkCode.expires_at > at)
    query = query.values(used_at=at, workspace_id=workspace.id).returning(LinkCode.id)
    return await session.scalar(query.execution_options(synchronize_session=False)) is not None


async def _remove(session: AsyncSession, program_id: int) -> None:
    """Every row of the program, messages that it owes and did not send yet among them."""
    for table in TENANTS:
        await session.execute(delete(table).where(table.c.program_id == program_id))
    await session.execute(delete(Program).where(Program.id == program_id).execution_options(synchronize_session=False))
