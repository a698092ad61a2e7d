"""Roster files, through Slack or from the command line: each step is a condition on the state before it, so that it is taken once."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import insert
from storage.models import Facilitator, Identity, Member, RosterImport, Workspace
from storage.moments import Next

READING = "reading"  # to be fetched from Slack and tried out
SHOWN = "shown"  # the dry run stands in Slack: it is the maker's turn
PUT_OFF = "put_off"  # not now
WRONG = "wrong"  # has wrong lines
UNREADABLE = "unreadable"  # could not be fetched, or is no CSV
SAME = "same"  # changes nothing
CONFIRMED = "confirmed"  # to be imported
LOOKING = "looking"  # imported; the new people are looked for in Slack
APPLIED = "applied"
UNDOING = "undoing"  # to be taken back
UNDONE = "undone"
IN_THE_ROSTER = (LOOKING, APPLIED, UNDOING)


async def runs_program(session: AsyncSession, member: Member) -> bool:
    """Whether a member facilitates the whole program."""
    query = select(Facilitator.id).where(Facilitator.program_id == member.program_id, Facilitator.cohort_id.is_(None))
    query = query.where(Facilitator.member_id == member.id, Facilitator.ended_at.is_(None))
    return await session.scalar(query.limit(1)) is not None


async def start(
    session: AsyncSession,
    member: Member,
    workspace: Workspace,
    *,
    form_key: str,
    file_id: str,
    file_name: str,
    at: datetime,
) -> RosterImport | None:
    """A file that somebody gave; None when this form was taken before."""
    query = insert(session, RosterImport).values(
        program_id=member.program_id, workspace_id=workspace.id, member_id=member.id, form_key=form_key, file_id=file_id,
        file_name=file_name, state=READING, shown={}, digest="", done=[], cursor="", tries=0, due_at=at, created_at=at,
    )  # fmt: skip
    added: RosterImport | None = await session.scalar(query.on_conflict_do_nothing().returning(RosterImport))
    return added


async def applied(
    session: AsyncSession, program_id: int, workspace_id: int, file_name: str, done: list[dict[str, Any]], at: datetime
) -> None:
    """Remember an import from the command line, for taking it back."""
    session.add(
        RosterImport(
            program_id=program_id, workspace_id=workspace_id, form_key=secrets.token_urlsafe(12), file_id="",
            file_name=file_name, state=APPLIED, done=done, created_at=at, applied_at=at,
        )
    )  # fmt: skip
    await session.flush()


async def of_id(session: AsyncSession, program_id: int, import_id: int) -> RosterImport | None:
    query = select(RosterImport).where(RosterImport.program_id == program_id, RosterImport.id == import_id)
    return await session.scalar(query.execution_options(populate_existing=True))


async def move(
    session: AsyncSession,
    one: RosterImport,
    state: str,
    *,
    since: Collection[str],
    showing: str | None = None,
    **values: Any,
) -> RosterImport | None:
    """Go on to `state`, when it is still in one of the states `since` (and shows this plan); None when it is not."""
    query = update(RosterImport).where(RosterImport.program_id == one.program_id, RosterImport.id == one.id)
    query = query.where(RosterImport.state.in_(since))
    if showing is not None:
        query = query.where(RosterImport.digest.startswith(showing, autoescape=True))
    query = query.values(state=state, **values).returning(RosterImport)
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def locked(session: AsyncSession, one: RosterImport, state: str) -> RosterImport | None:
    """The import as it stands, when it is in this state; nobody else moves it until the transaction ends."""
    query = select(RosterImport).where(RosterImport.program_id == one.program_id, RosterImport.id == one.id)
    query = query.where(RosterImport.state == state).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def due(session: AsyncSession, now: datetime) -> list[RosterImport]:
    """Those that go on now, of all programs, the longest waiting first."""
    query = select(RosterImport).where(RosterImport.due_at <= now).order_by(RosterImport.due_at, RosterImport.id)
    return list(await session.scalars(query.limit(5).execution_options(across_programs="what is due")))


next_due = Next(select(func.min(RosterImport.due_at)).where(RosterImport.due_at.is_not(None)))


async def last(session: AsyncSession, program_id: int) -> RosterImport | None:
    """The last import of the program that stands in the roster."""
    query = select(RosterImport).where(RosterImport.program_id == program_id, RosterImport.state.in_(IN_THE_ROSTER))
    return await session.scalar(query.order_by(RosterImport.applied_at.desc(), RosterImport.id.desc()).limit(1))


async def not_in_slack(session: AsyncSession, program_id: int, member_ids: Sequence[int]) -> list[Member]:
    """Those of these members who are not known in Slack."""
    query = select(Member).where(Member.program_id == program_id, Member.id.in_(member_ids), ~_in_slack())
    return list(await session.scalars(query.order_by(Member.id)))


async def count_not_in_slack(session: AsyncSession, program_id: int, member_ids: Sequence[int]) -> int:
    """How many of these members are not known in Slack."""
    query = select(func.count(Member.id)).where(
        Member.program_id == program_id, Member.id.in_(member_ids), ~_in_slack()
    )
    return (await session.scalars(query)).one()


async def looked_for(session: AsyncSession, program_id: int, member_ids: Sequence[int], at: datetime | None) -> None:
    """Say that an import looks for these members itself; None: that they are still to be looked for."""
    query = update(Member).where(Member.program_id == program_id, Member.id.in_(member_ids), ~_in_slack())
    await session.execute(query.values(looked_up_at=at), execution_options={"synchronize_session": False})


def _in_slack() -> ColumnElement[bool]:
    return exists().where(Identity.program_id == Member.program_id, Identity.member_id == Member.id)
