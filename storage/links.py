"""Link codes: made by who facilitates a program, each good for one workspace, once, for seven days."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Identity, Installation, LinkCode, Member, Program, Workspace

# No letters or digits that look alike. Twelve of them are 59 bits: nobody guesses a code within its seven days.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12
GOOD_FOR = timedelta(days=7)
MOST_OPEN = 10


@dataclass(frozen=True)
class Open:
    """A code that nobody has used yet, and who made it."""

    id: int
    code: str
    maker_id: int
    maker: str
    expires_at: datetime


@dataclass(frozen=True)
class Linked:
    """A workspace of a program, and who the reader is there, if anybody. `gone`: the app was removed from it."""

    workspace: Workspace
    identity_id: int | None = None
    user_id: str | None = None
    chosen_at: datetime | None = None
    gone: bool = False


async def make(session: AsyncSession, member: Member, at: datetime) -> LinkCode | None:
    """A new code; None when there are too many open ones: then one is to be taken back first."""
    # Of several who make codes at once none goes over the limit.
    await session.execute(select(Program.id).where(Program.id == member.program_id).with_for_update(key_share=True))
    if await _count_open(session, member.program_id, at) >= MOST_OPEN:
        return None
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    made = LinkCode(program_id=member.program_id, code=code, made_by=member.id, made_at=at, expires_at=at + GOOD_FOR)
    session.add(made)
    await session.flush()
    return made


async def open_codes(session: AsyncSession, program_id: int, at: datetime) -> list[Open]:
    """The codes that still bring a workspace in, the newest first."""
    query = (
        select(LinkCode.id, LinkCode.code, LinkCode.made_by, Member.name, LinkCode.expires_at)
        .join(Member, Member.id == LinkCode.made_by)
        .where(LinkCode.program_id == program_id, *_is_open(at))
        .order_by(LinkCode.id.desc())
    )
    return [Open(*row) for row in await session.execute(query)]


async def take_back(session: AsyncSession, member: Member, code_id: int, at: datetime) -> bool:
    """Let nobody use a code of the member's program any more. False when it was used, or taken back, before."""
    query = update(LinkCode).where(LinkCode.program_id == member.program_id, LinkCode.id == code_id)
    query = query.where(LinkCode.used_at.is_(None), LinkCode.taken_back_at.is_(None))
    return await session.scalar(query.values(taken_back_at=at).returning(LinkCode.id)) is not None


async def workspaces(session: AsyncSession, member: Member) -> list[Linked]:
    """The workspaces of the member's program, its own first, with who the member is there."""
    here = (Identity.workspace_id == Workspace.id) & (Identity.member_id == member.id)
    query = (
        select(Workspace, Identity.id, Identity.user_id, Identity.chosen_at, Installation.ended_at.is_not(None))
        .outerjoin(Identity, here)
        .outerjoin(Installation, Installation.workspace_id == Workspace.id)
        .where(Workspace.program_id == member.program_id)
        .order_by(Workspace.linked_at.is_not(None), Workspace.linked_at, Workspace.id)
    )
    return [Linked(*row) for row in await session.execute(query)]


async def _count_open(session: AsyncSession, program_id: int, at: datetime) -> int:
    query = select(func.count(LinkCode.id)).where(LinkCode.program_id == program_id, *_is_open(at))
    return (await session.scalars(query)).one()


def _is_open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return LinkCode.used_at.is_(None), LinkCode.taken_back_at.is_(None), LinkCode.expires_at > at
