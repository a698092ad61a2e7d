"""Who is who in Slack: users of a workspace are recognized as members, by Slack id or e-mail address.

A member who is known in one workspace of the program already becomes nobody else in another one by that: `claims` asks them first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import insert
from storage.models import Facilitator, Identity, Member, Workspace
from storage.moments import Next

NOWHERE = ~exists().where(Identity.program_id == Member.program_id, Identity.member_id == Member.id)
MISSING = (Member.looked_up_at.is_(None), Member.deactivated_at.is_(None), NOWHERE)


WOKEN = "who is not in Slack"  # what is noted when members are to be looked for at once


@dataclass(frozen=True)
class User:
    """What Slack says of a user, as far as it matters here; `email` is in lower case, "" when unknown."""

    id: str
    team_id: str
    name: str
    email: str
    time_zone: str | None
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False


async def to_look_up(session: AsyncSession, program_id: int) -> list[Member]:
    """Members who were never looked for in Slack since they came, or got another address."""
    return list(await session.scalars(select(Member).where(Member.program_id == program_id, *MISSING)))


# Since when somebody waits to be looked for.
first_to_look_up = Next(select(func.min(Member.created_at)).where(*MISSING))


async def programs_to_look_up(session: AsyncSession) -> list[int]:
    """The programs that have somebody to be looked for."""
    query = select(Member.program_id).where(*MISSING).distinct().order_by(Member.program_id)
    return list(await session.scalars(query.execution_options(across_programs="what is due")))


async def still_missing(session: AsyncSession, program_id: int, members: Sequence[Member]) -> list[Member]:
    """Those of these members who were not found yet."""
    query = select(Identity.member_id).where(Identity.program_id == program_id)
    found = set(await session.scalars(query.where(Identity.member_id.in_([one.id for one in members]))))
    return [one for one in members if one.id not in found]


async def looked_for(session: AsyncSession, program_id: int, members: Sequence[Member], at: datetime) -> None:
    """These members were looked for, found or not."""
    query = update(Member).where(Member.program_id == program_id, Member.id.in_([one.id for one in members]))
    await session.execute(query.values(looked_up_at=at))


async def look_again(session: AsyncSession, program_id: int) -> None:
    """Look for all who are not in Slack: there is a workspace more in which they may be."""
    _, active, nowhere = MISSING
    query = update(Member).where(Member.program_id == program_id, active, nowhere).values(looked_up_at=None)
    await session.execute(query.execution_options(synchronize_session=False))


async def recognize(
    session: AsyncSession, workspace: Workspace, users: Iterable[User], at: datetime, *, members: Sequence[Member]
) -> int:
    """As `join`; all of `members` count as looked for afterwards."""
    await looked_for(session, workspace.program_id, members, at)
    return await join(session, workspace, users, at, members=members)


async def join(
    session: AsyncSession, workspace: Workspace, users: Iterable[User], at: datetime, *, members: Sequence[Member]
) -> int:
    """Join members who are not in Slack yet with the users who have their Slack id or, failing that, their e-mail address; how many.

    A Slack id of the roster is one of the program's own workspace: elsewhere the same id is somebody else.
    """
    alive = [user for user in users if not user.deleted and not user.is_bot and user.team_id == workspace.team_id]
    by_id = {user.id: user for user in alive} if workspace.linked_at is None else {}
    by_email = {user.email: user for user in alive if user.email}
    found: dict[int, User] = {}
    for member in members:
        user = by_id.get(member.roster_slack_id or "") or by_email.get(member.email or "")
        if user is not None:
            found[member.id] = user
    return await _join(session, workspace, found, at) if found else 0


async def recognize_one(session: AsyncSession, workspace: Workspace, user: User, at: datetime) -> Member | None:
    """The member behind a user: joined before, or now by Slack id or e-mail address; None when the roster knows neither."""
    known = await _member_of(session, workspace, user.id)
    if known is not None:
        return known
    named = Member.roster_slack_id == (user.id if workspace.linked_at is None else "")
    same = or_(named, Member.email == user.email) if user.email else named
    query = select(Member).where(Member.program_id == workspace.program_id, Member.deactivated_at.is_(None), same)
    query = query.order_by(named.desc(), Member.id)
    member = await session.scalar(query.limit(1))
    if member is None:
        return None
    await recognize(session, workspace, [user], at, members=[member])
    return await _member_of(session, workspace, user.id)


async def changed(session: AsyncSession, workspace: Workspace, user: User, at: datetime) -> Member | None:
    """Take over what Slack says of a user: the time zone, and whether they left or came back. The member, if it is one."""
    member = await recognize_one(session, workspace, user, at)
    if member is None:
        return None
    query = update(Member).where(Member.program_id == workspace.program_id, Member.id == member.id)
    if user.time_zone:
        await session.execute(query.values(slack_time_zone=user.time_zone))
    elsewhere = select(Identity.id).where(Identity.program_id == workspace.program_id, Identity.member_id == member.id)
    only_here = ~exists(elsewhere.where(Identity.workspace_id != workspace.id))
    if user.deleted:
        left = query.where(Member.deactivated_at.is_(None), only_here).values(deactivated_at=at, turnover_since=at)
        await session.execute(left)
        # Where they are gone nobody reaches them: the others count from now on.
        here = delete(Identity).where(Identity.program_id == workspace.program_id, Identity.member_id == member.id)
        await session.execute(here.where(Identity.workspace_id == workspace.id, ~only_here))
    else:
        back = {"deactivated_at": None, "turnover_since": Member.deactivated_at}
        await session.execute(query.where(Member.deactivated_at.is_not(None)).values(back))
    return member


async def make_first_facilitator(
    session: AsyncSession, workspace: Workspace, user: User, at: datetime
) -> Member | None:
    """The user becomes the program's first facilitator, and a member if they were none; None when there is one already.

    An administrator of a workspace that was linked to the program by a code administers nothing of the program's.
    """
    if workspace.linked_at is not None:
        return None
    program_id = workspace.program_id
    lock = select(Workspace.id).where(Workspace.program_id == program_id).with_for_update()
    await session.execute(lock)
    there = select(Facilitator.id).where(Facilitator.program_id == program_id, Facilitator.ended_at.is_(None))
    if await session.scalar(there.limit(1)) is not None:
        return None
    member = await recognize_one(session, workspace, user, at)
    if member is None and user.email:
        named = select(Member.id).where(Member.program_id == program_id, Member.email == user.email)
        if await session.scalar(named) is not None:
            return None  # somebody on the roster, who is asked elsewhere whether this is them
    if member is None:
        who = {"name": user.name, "email": user.email or None}
        member = Member(program_id=program_id, created_at=at, looked_up_at=at, **who)
        session.add(member)
        await session.flush()
        await _join(session, workspace, {member.id: user}, at)
    session.add(Facilitator(program_id=program_id, member_id=member.id))
    await session.flush()
    return member


async def prefer(session: AsyncSession, member: Member, workspace_id: int, at: datetime) -> bool:
    """Write to the member in this workspace from now on. False when they are not known there."""
    query = update(Identity).where(Identity.program_id == member.program_id, Identity.member_id == member.id)
    query = query.where(Identity.workspace_id == workspace_id).values(chosen_at=at).returning(Identity.id)
    return await session.scalar(query) is not None


async def _member_of(session: AsyncSession, workspace: Workspace, user_id: str) -> Member | None:
    """As `members.by_identity`, but also somebody who left."""
    query = select(Member).join(Identity, Identity.member_id == Member.id)
    query = query.where(Identity.workspace_id == workspace.id, Identity.user_id == user_id)
    return await session.scalar(query.where(Member.program_id == workspace.program_id))


async def _join(session: AsyncSession, workspace: Workspace, found: dict[int, User], at: datetime) -> int:
    """How many became one; not those where the user is somebody else already, or the member another user, here or elsewhere."""
    # Of two workspaces in which a member is found at once, the second one waits, and then sees the first.
    lock = select(Member.id).where(Member.program_id == workspace.program_id, Member.id.in_(found)).order_by(Member.id)
    await session.execute(lock.with_for_update(key_share=True))
    known = select(Identity.member_id).where(Identity.program_id == workspace.program_id)
    elsewhere = set(await session.scalars(known.where(Identity.member_id.in_(found))))
    found = {member_id: user for member_id, user in found.items() if member_id not in elsewhere}
    if not found:
        return 0
    same = {"program_id": workspace.program_id, "workspace_id": workspace.id, "created_at": at}
    rows = [same | {"member_id": member_id, "user_id": user.id} for member_id, user in found.items()]
    query = insert(session, Identity).values(rows).on_conflict_do_nothing().returning(Identity.member_id)
    joined = (await session.scalars(query)).all()
    for zone in {found[member_id].time_zone for member_id in joined} - {None}:
        there = [member_id for member_id in joined if found[member_id].time_zone == zone]
        query = update(Member).where(Member.program_id == workspace.program_id, Member.id.in_(there))
        await session.execute(query.values(slack_time_zone=zone))
    return len(joined)
