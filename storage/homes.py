"""App Homes: who wants theirs drawn, what was published last, and what a suggestion on them goes by."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import insert, wake
from storage.models import (
    Answer,
    AnswerRevision,
    Commitment,
    CommitmentEvent,
    Delegate,
    Facilitator,
    Home,
    Identity,
    Member,
    Program,
    Prompt,
    Round,
    Seat,
    SetAside,
    Workspace,
)
from storage.moments import Next

EVERYBODYS = {"across_programs": "Homes that are to be drawn, of all programs"}
ANSWERS_READ = 6
WOKEN = "homes"  # what is noted when a Home is to be drawn at once
# Built once, as it is asked for after every opening. Whoever left Slack is nobody's member.
WANTED = (
    select(Home, Workspace.team_id, Member)
    .join(Workspace, Workspace.id == Home.workspace_id)
    .outerjoin(Identity, (Identity.workspace_id == Home.workspace_id) & (Identity.user_id == Home.user_id))
    .outerjoin(Member, (Member.id == Identity.member_id) & Member.deactivated_at.is_(None))
    .where(Home.wanted_at.is_not(None))
    .order_by(Home.wanted_at, Home.id)
    .limit(bindparam("limit"))
)
TOLD = select(func.min(Program.homes_event_id)).scalar_subquery()


async def opened(
    session: AsyncSession, program_id: int, workspace_id: int, user_id: str, member_id: int | None, at: datetime
) -> None:
    """Somebody looks at their Home: it is to be drawn at once. One statement."""
    told = {"member_id": member_id, "opened_at": at, "wanted_at": at}
    query = insert(session, Home).values(program_id=program_id, workspace_id=workspace_id, user_id=user_id, **told)
    again = {**told, "wants": Home.wants + 1}
    await session.execute(query.on_conflict_do_update(index_elements=["workspace_id", "user_id"], set_=again))
    wake(session, WOKEN)


async def want(session: AsyncSession, program_id: int, member_ids: Collection[int], at: datetime) -> None:
    """Something on the Homes of these members changed; who never opened theirs has none. One statement."""
    query = update(Home).where(Home.program_id == program_id, Home.member_id.in_(member_ids))
    query = query.values(wanted_at=at, wants=Home.wants + 1)
    await session.execute(query.execution_options(synchronize_session=False))
    wake(session, WOKEN)


async def want_around(session: AsyncSession, member: Member, at: datetime) -> None:
    """Something changed that shows on a member's Home and on those of who facilitates their cohorts. One statement."""
    seats = select(Seat.cohort_id).join(Delegate, Delegate.seat_id == Seat.id)
    seats = seats.where(Delegate.program_id == Seat.program_id, Delegate.member_id == member.id)
    runs = select(Facilitator.member_id).where(Facilitator.program_id == Home.program_id).correlate(Home)
    runs = runs.where(Facilitator.ended_at.is_(None))
    runs = runs.where(or_(Facilitator.cohort_id.is_(None), Facilitator.cohort_id.in_(seats)))
    query = update(Home).where(Home.program_id == member.program_id)
    query = query.where(or_(Home.member_id == member.id, Home.member_id.in_(runs)))
    query = query.values(wanted_at=at, wants=Home.wants + 1)
    await session.execute(query.execution_options(synchronize_session=False))
    wake(session, WOKEN)


async def follow(session: AsyncSession, at: datetime) -> None:
    """Want the Homes of everybody whose commitments have changed since this was asked last.

    The log of events is read on from where it was left, so that recording a commitment costs no statement more.
    """
    last = await session.scalar(select(func.max(CommitmentEvent.id)).execution_options(**EVERYBODYS))
    query = (
        select(CommitmentEvent.member_id, CommitmentEvent.before, Commitment.owner_id)
        .join(Commitment, Commitment.id == CommitmentEvent.commitment_id)
        .where(CommitmentEvent.id > TOLD, CommitmentEvent.id <= last)
    )
    concerned: set[int | None] = set()
    for member_id, before, owner_id in await session.execute(query.execution_options(**EVERYBODYS)):
        concerned |= {member_id, owner_id, before.get("owner_id")}
    homes = update(Home).where(Home.member_id.in_(concerned - {None}))
    homes = homes.values(wanted_at=at, wants=Home.wants + 1)
    await session.execute(homes.execution_options(synchronize_session=False, **EVERYBODYS))
    marks = update(Program).where(Program.homes_event_id < last).values(homes_event_id=last)
    await session.execute(marks.execution_options(synchronize_session=False, **EVERYBODYS))


# Since when commitments changed without any Home having been told, if there are any to tell.
news = Next(select(func.min(CommitmentEvent.at).label("at")).where(CommitmentEvent.id > TOLD, exists(select(Home.id))))


_REASONS = union_all(select(func.min(Home.wanted_at).label("at")), news.query).subquery()
# When the next Home is to be drawn.
first_wanted = Next(select(func.min(_REASONS.c.at)))


async def wanted(session: AsyncSession, limit: int) -> list[tuple[Home, str, Member | None]]:
    """Homes to draw with the Slack id of their workspace and whose they are, those that wait longest first."""
    rows = await session.execute(WANTED, {"limit": limit}, execution_options=EVERYBODYS)
    return [(home, team_id, member) for home, team_id, member in rows]


async def drawn(session: AsyncSession, home: Home, *, digest: str | None, owed_key: str | None) -> bool:
    """Note what is published now. False when there was a new reason meanwhile, or somebody else drew it: then nothing changes."""
    query = update(Home).where(Home.program_id == home.program_id, Home.id == home.id, Home.wants == home.wants)
    query = query.where(Home.wanted_at.is_not(None)).values(wanted_at=None, digest=digest, owed_key=owed_key)
    query = query.returning(Home.id).execution_options(synchronize_session=False)
    return await session.scalar(query) is not None


async def set_aside(session: AsyncSession, member: Member, practice_id: int, at: datetime) -> None:
    """Suggest this practice to the member no more."""
    query = insert(session, SetAside).values(
        program_id=member.program_id, member_id=member.id, practice_id=practice_id, at=at
    )
    await session.execute(query.on_conflict_do_nothing())


async def not_to_suggest(session: AsyncSession, member: Member) -> set[int]:
    """Practices that the member put away, or has adopted in any commitment of theirs."""
    aside = select(SetAside.practice_id).where(
        SetAside.program_id == member.program_id, SetAside.member_id == member.id
    )
    adopted = select(Commitment.practice_id).where(Commitment.program_id == member.program_id)
    adopted = adopted.where(Commitment.owner_id == member.id, Commitment.practice_id.is_not(None))
    return {one for one in await session.scalars(aside.union(adopted)) if one is not None}


async def own_answers(
    session: AsyncSession, member: Member, since: datetime
) -> list[tuple[list[Any], dict[str, Any], datetime]]:
    """(questions, values, when) of what the member answered last, the newest first; a corrected answer comes once, as it is now."""
    newest = select(func.max(AnswerRevision.id)).where(AnswerRevision.program_id == member.program_id)
    newest = newest.where(AnswerRevision.member_id == member.id, AnswerRevision.at >= since)
    query = (
        select(Round.questions, AnswerRevision.values, AnswerRevision.at)
        .join_from(AnswerRevision, Answer, Answer.id == AnswerRevision.answer_id)
        .join(Prompt, Prompt.id == Answer.prompt_id)
        .join(Round, Round.id == Prompt.round_id)
        .where(AnswerRevision.program_id == member.program_id)
        .where(AnswerRevision.id.in_(newest.group_by(AnswerRevision.answer_id)))
        .order_by(AnswerRevision.id.desc())
        .limit(ANSWERS_READ)
    )
    return [(questions, values, at) for questions, values, at in await session.execute(query)]
