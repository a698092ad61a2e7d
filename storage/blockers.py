"""Blockers: raised with an answer, brought back until their city says that they are gone, and looked after by somebody meanwhile."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.answers import Open
from storage.askings import Rows
from storage.database import insert
from storage.models import Blocker, City, Member, Prompt, Round, Seat

Carer = aliased(Member)


@dataclass(frozen=True)
class Found:
    """A blocker with the names that belong to it; `looked_after_by` is who takes care of it, "" while nobody does."""

    blocker: Blocker
    name: str
    city: str
    looked_after_by: str


async def raised(
    session: AsyncSession, this: Open, member: Member, position: int, topic: str, text: str, audience: str, at: datetime
) -> bool:
    """Keep what an answer says is in the way, or the change of it; one that was closed is open again. False when it is so already."""
    said = {"topic": topic, "text": text, "audience": audience}
    values: dict[str, Any] = {"program_id": member.program_id, "cohort_id": this.check_in.cohort_id}
    values |= {"seat_id": this.prompt.seat_id, "prompt_id": this.prompt.id, "position": position}
    query = insert(session, Blocker).values(member_id=member.id, opened_at=at, **values, **said)
    differs = or_(Blocker.closed_at.is_not(None), *(getattr(Blocker, name) != value for name, value in said.items()))
    query = query.on_conflict_do_update(
        index_elements=[Blocker.prompt_id, Blocker.position],
        set_={**said, "closed_at": None, "closed_by": None},
        where=(Blocker.program_id == member.program_id) & differs,
    )
    return await session.scalar(query.returning(Blocker.id)) is not None


async def withdrawn(session: AsyncSession, this: Open, member: Member, position: int, at: datetime) -> bool:
    """Close what an earlier revision of the answer had raised, and the newest one does not say any more."""
    mine = (Blocker.prompt_id == this.prompt.id) & (Blocker.position == position)
    return await _close(session, member, mine, at)


async def opened_again(session: AsyncSession, member: Member, blocker_id: int, at: datetime) -> bool:
    """Whoever said that it is gone takes that back. False when it is open, or somebody else closed it."""
    query = update(Blocker).where(Blocker.program_id == member.program_id, Blocker.id == blocker_id)
    query = query.where(Blocker.closed_at.is_not(None), Blocker.closed_by == member.id)
    query = query.values(closed_at=None, closed_by=None, still_at=at).returning(Blocker.id)
    return await session.scalar(query.execution_options(synchronize_session=False)) is not None


async def of_round(session: AsyncSession, this: Round) -> list[Found]:
    """What was raised with the answers of a round, closed or not."""
    prompts = select(Prompt.id).where(Prompt.program_id == this.program_id, Prompt.round_id == this.id)
    return await _found(session, this.program_id, Blocker.prompt_id.in_(prompts))


async def close(session: AsyncSession, member: Member, blocker_id: int, at: datetime) -> bool:
    """It is in nobody's way any more, says this member. False when it was closed before."""
    return await _close(session, member, Blocker.id == blocker_id, at)


async def still(session: AsyncSession, member: Member, blocker_id: int, at: datetime) -> bool:
    """It is still in the way. False when it was closed meanwhile, or somebody said so later than this."""
    query = _open(member, Blocker.id == blocker_id)
    query = query.where(or_(Blocker.still_at.is_(None), Blocker.still_at < at)).values(still_at=at)
    return await session.scalar(query.returning(Blocker.id)) is not None


async def look_after(session: AsyncSession, member: Member, blocker_id: int, by_member_id: int, at: datetime) -> bool:
    """Somebody takes care of an open blocker, says this member. False when it is closed, or they do already."""
    query = _open(member, Blocker.id == blocker_id)
    query = query.where(or_(Blocker.looked_after_by.is_(None), Blocker.looked_after_by != by_member_id))
    query = query.values(looked_after_by=by_member_id, looked_after_said_by=member.id, looked_after_at=at)
    return await session.scalar(query.returning(Blocker.id)) is not None


async def let_go(session: AsyncSession, member: Member, blocker_id: int) -> bool:
    """Nobody takes care of it any more. False when nobody did, or it is closed."""
    query = _open(member, Blocker.id == blocker_id).where(Blocker.looked_after_by.is_not(None))
    query = query.values(looked_after_by=None, looked_after_said_by=None, looked_after_at=None)
    return await session.scalar(query.returning(Blocker.id)) is not None


async def reopen(session: AsyncSession, member: Member, blocker_id: int) -> bool:
    """It is in the way all the same. False when it is open."""
    query = update(Blocker).where(Blocker.program_id == member.program_id, Blocker.id == blocker_id)
    query = query.where(Blocker.closed_at.is_not(None)).values(closed_at=None, closed_by=None).returning(Blocker.id)
    return await session.scalar(query.execution_options(synchronize_session=False)) is not None


async def told(session: AsyncSession, found: Found, of: int | None) -> None:
    """Remember of whom its raiser was told last."""
    query = update(Blocker).where(Blocker.program_id == found.blocker.program_id, Blocker.id == found.blocker.id)
    await session.execute(query.values(told_of=of).execution_options(synchronize_session=False))


async def of_id(session: AsyncSession, program_id: int, blocker_id: int) -> Found | None:
    return next(iter(await _found(session, program_id, Blocker.id == blocker_id)), None)


async def to_care_for(
    session: AsyncSession, program_id: int, cohort_ids: Collection[int], also: Collection[int] = ()
) -> list[Found]:
    """What is in the way of the cities of these cohorts, the oldest first; `also` names some that may be closed by now."""
    is_open = Blocker.closed_at.is_(None) | Blocker.id.in_(also)
    return await _found(session, program_id, Blocker.cohort_id.in_(cohort_ids) & is_open)


async def _close(session: AsyncSession, member: Member, which: ColumnElement[bool], at: datetime) -> bool:
    query = _open(member, which).values(closed_at=at, closed_by=member.id)
    return await session.scalar(query.returning(Blocker.id)) is not None


def _open(member: Member, which: ColumnElement[bool]) -> Any:
    query = update(Blocker).where(Blocker.program_id == member.program_id, which, Blocker.closed_at.is_(None))
    return query.execution_options(synchronize_session=False)


async def _found(session: AsyncSession, program_id: int, which: ColumnElement[bool]) -> list[Found]:
    rows = await session.execute(_all(program_id).where(which).order_by(Blocker.opened_at, Blocker.id))
    return [Found(blocker, name, city, by or "") for blocker, name, city, by in rows]


def _all(program_id: int) -> Rows:
    return (
        select(Blocker, Member.name, City.name, Carer.name)
        .join(Member, Member.id == Blocker.member_id)
        .join(Seat, Seat.id == Blocker.seat_id)
        .join(City, City.id == Seat.city_id)
        .outerjoin(Carer, Carer.id == Blocker.looked_after_by)
        .where(Blocker.program_id == program_id)
        .execution_options(populate_existing=True)
    )
