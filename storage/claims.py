"""Claims: somebody in one workspace who has the e-mail address of a member known in another is that member only once they say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import insert, wake
from storage.identities import User
from storage.models import Identity, IdentityClaim, Member, Workspace
from storage.moments import Next

YES, NO = "yes", "no"
JOINED, TAKEN = "joined", "taken"
WOKEN = "claims"  # what is noted when somebody is to be told at once


@dataclass(frozen=True)
class Told:
    """A claim of which somebody is to be told, with the member it names and the workspace it came from."""

    claim: IdentityClaim
    member: Member
    workspace: Workspace


async def claim(
    session: AsyncSession, workspace: Workspace, user: User, response_url: str | None, at: datetime
) -> bool:
    """Note that a user may be a member who is known in another workspace of the program; False when there is none with this address.

    Made once: whoever speaks again is told again how it stands, and the member is not asked again.
    """
    if not user.email:
        return False
    of_member = (Identity.program_id == Member.program_id) & (Identity.member_id == Member.id)
    here = exists().where(of_member, Identity.workspace_id == workspace.id)
    elsewhere = exists().where(of_member, Identity.workspace_id != workspace.id)
    query = select(Member.id).where(Member.program_id == workspace.program_id, Member.email == user.email)
    member_id = await session.scalar(query.where(Member.deactivated_at.is_(None), elsewhere, ~here))
    if member_id is None:
        return False
    who = {"workspace_id": workspace.id, "user_id": user.id, "member_id": member_id}
    said = {"name": user.name, "response_url": response_url, "due_at": at}
    new = insert(session, IdentityClaim).values(program_id=workspace.program_id, **who, **said, claimed_at=at)
    await session.execute(new.on_conflict_do_update(index_elements=list(who), set_=said))
    wake(session, WOKEN)
    return True


async def due(session: AsyncSession, now: datetime, limit: int) -> list[Told]:
    """Claims of which somebody waits to be told, the longest waiting first."""
    query = (
        _told()
        .where(IdentityClaim.due_at <= now)
        .order_by(IdentityClaim.due_at, IdentityClaim.id)
        .limit(limit)
        .execution_options(across_programs="what is due")
    )
    return [Told(*row) for row in await session.execute(query)]


next_due = Next(select(func.min(IdentityClaim.due_at)))


async def tell(session: AsyncSession, seen: IdentityClaim) -> bool:
    """Whoever waits is told in this transaction. False when somebody else did."""
    query = update(IdentityClaim).where(IdentityClaim.program_id == seen.program_id, IdentityClaim.id == seen.id)
    query = query.where(IdentityClaim.due_at == seen.due_at).values(due_at=None)
    return await session.scalar(query.returning(IdentityClaim.id)) is not None


async def asked(session: AsyncSession, seen: IdentityClaim, at: datetime) -> None:
    """The member was asked."""
    query = update(IdentityClaim).where(IdentityClaim.program_id == seen.program_id, IdentityClaim.id == seen.id)
    await session.execute(query.values(asked_at=at))


async def of_member(session: AsyncSession, member: Member, claim_id: int) -> Told | None:
    """A claim to be this member; None for anybody else's."""
    query = _told().where(IdentityClaim.program_id == member.program_id, IdentityClaim.id == claim_id)
    row = (await session.execute(query.where(IdentityClaim.member_id == member.id))).one_or_none()
    return Told(*row) if row else None


async def confirm(session: AsyncSession, member: Member, claim_id: int, at: datetime) -> str | None:
    """The member says that it is them, also after a "no": "joined", or "taken" when the user, or the member there, is somebody else by now.

    None when it was confirmed before, or does not name this member.
    """
    query = _open(member, claim_id, (None, NO)).values(answer=YES, answered_at=at, due_at=at, response_url=None)
    found = await session.scalar(query.returning(IdentityClaim))
    if found is None:
        return None
    joined = insert(session, Identity).values(
        program_id=member.program_id,
        workspace_id=found.workspace_id,
        member_id=member.id,
        user_id=found.user_id,
        created_at=at,
    )
    wake(session, WOKEN)
    identity = await session.scalar(joined.on_conflict_do_nothing().returning(Identity.id))
    return TAKEN if identity is None else JOINED


async def deny(session: AsyncSession, member: Member, claim_id: int, at: datetime) -> bool:
    """The member says that it is somebody else. False when they answered before, or the claim does not name them."""
    query = _open(member, claim_id, (None,)).values(answer=NO, answered_at=at, due_at=at, response_url=None)
    wake(session, WOKEN)
    return await session.scalar(query.returning(IdentityClaim.id)) is not None


def _open(member: Member, claim_id: int, answers: Sequence[str | None]) -> Any:
    query = update(IdentityClaim).where(IdentityClaim.program_id == member.program_id, IdentityClaim.id == claim_id)
    allowed = [IdentityClaim.answer.is_(None) if one is None else IdentityClaim.answer == one for one in answers]
    query = query.where(IdentityClaim.member_id == member.id, or_(*allowed))
    return query.execution_options(synchronize_session=False, populate_existing=True)


def _told() -> Any:
    return (
        select(IdentityClaim, Member, Workspace)
        .join(Member, Member.id == IdentityClaim.member_id)
        .join(Workspace, Workspace.id == IdentityClaim.workspace_id)
        .execution_options(populate_existing=True)
    )
