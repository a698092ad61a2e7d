"""Who is no longer asked by a check-in, after rounds that they read and said nothing to, until they want to be asked again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import insert
from storage.models import Asking, CheckIn, Cohort, Member, Prompt, Rest, Round

RESTING = "resting"
ROUNDS_READ = 26


@dataclass(frozen=True)
class Heard:
    """How somebody took one round: `reacted` is an answer, or "Not this time"; `silent` is neither, although it was delivered."""

    member_id: int
    nominal_on: date
    silent: bool
    reacted: bool


@dataclass(frozen=True)
class Resting:
    """A rest that goes on, with whom and what it is about."""

    rest: Rest
    name: str
    check_in: CheckIn
    cohort: str


def key(rest: Rest) -> str:
    """Names the message about a rest; another one of the same person is another message."""
    return f"rest:{rest.id}:{rest.since.isoformat()}"


async def note_silent(session: AsyncSession, this: Round, member_ids: Collection[int]) -> None:
    """Note who read the question of a round and said nothing."""
    prompts = select(Prompt.id).where(Prompt.program_id == this.program_id, Prompt.round_id == this.id)
    query = update(Asking).where(Asking.program_id == this.program_id, Asking.prompt_id.in_(prompts))
    query = query.where(Asking.member_id.in_(member_ids), Asking.asked_at.is_not(None))
    await session.execute(_quietly(query.values(silent=True)))


async def heard(session: AsyncSession, this: Round, member_ids: Collection[int], at_least: int = 1) -> list[Heard]:
    """How these people took the last rounds of a check-in, the newest first; what was before their last rest does not count.

    Left out are those who were silent less often than `at_least`.
    """
    recent = select(Round.id).where(Round.program_id == this.program_id, Round.check_in_id == this.check_in_id)
    recent = recent.where(Round.nominal_on <= this.nominal_on, ~Round.early)
    recent = recent.order_by(Round.nominal_on.desc()).limit(ROUNDS_READ)
    reacted = or_(Prompt.answered_at.is_not(None), Prompt.declined_at.is_not(None), Asking.declined_at.is_not(None))
    often = select(Asking.member_id).join(Prompt, Prompt.id == Asking.prompt_id)
    often = often.where(Asking.program_id == this.program_id, Asking.silent, Prompt.round_id.in_(recent))
    often = often.where(Asking.member_id.in_(member_ids)).group_by(Asking.member_id)
    query = (
        select(Asking.member_id, Round.nominal_on, Asking.silent, reacted)
        .join(Prompt, Prompt.id == Asking.prompt_id)
        .join(Round, Round.id == Prompt.round_id)
        .outerjoin(Rest, (Rest.check_in_id == Round.check_in_id) & (Rest.member_id == Asking.member_id))
        .where(Asking.program_id == this.program_id, Round.id.in_(recent))
        .where(Asking.member_id.in_(often.having(func.count() >= at_least)))
        .where(or_(Rest.ended_at.is_(None), Asking.due_at > Rest.ended_at))
        .order_by(Round.nominal_on.desc(), Asking.id)
    )
    return [Heard(*row) for row in await session.execute(query)]


async def start(session: AsyncSession, this: Round, member_ids: Collection[int], at: datetime) -> list[Rest]:
    """Ask these people no more in this check-in, and remind them no more; the rests that began now."""
    program_id, check_in_id = this.program_id, this.check_in_id
    # Whoever opens the next round at this moment has written their askings by now, or reads the rests afterwards.
    query_lock = select(CheckIn.id).where(CheckIn.program_id == program_id, CheckIn.id == check_in_id)
    await session.execute(query_lock.with_for_update())
    rows = [{"program_id": program_id, "check_in_id": check_in_id, "member_id": one, "since": at} for one in member_ids]
    query = insert(session, Rest).values(rows)
    query = query.on_conflict_do_update(
        index_elements=[Rest.check_in_id, Rest.member_id],
        set_={"since": at, "ended_at": None},
        where=Rest.ended_at.is_not(None) & (Rest.program_id == program_id),
    )
    begun = await session.scalars(query.returning(Rest), execution_options={"populate_existing": True})
    rests = sorted(begun, key=lambda rest: rest.member_id)
    prompts = select(Prompt.id).join(Round, Round.id == Prompt.round_id)
    prompts = prompts.where(Prompt.program_id == program_id, Round.check_in_id == check_in_id)
    prompts = prompts.where(Round.closed_at.is_(None), Prompt.answered_at.is_(None))
    askings = update(Asking).where(Asking.program_id == program_id, Asking.prompt_id.in_(prompts))
    askings = askings.where(Asking.member_id.in_([rest.member_id for rest in rests]))
    await session.execute(_quietly(askings.values(remind_at=None)))
    unasked = askings.where(Asking.asked_at.is_(None), Asking.skipped.is_(None))
    await session.execute(_quietly(unasked.values(skipped=RESTING)))
    return rests


async def end(session: AsyncSession, member: Member, check_in_id: int, at: datetime) -> Rest | None:
    """Ask a member again, also in a round in which their own moment is still to come. None when there was no rest to end."""
    query = update(Rest).where(Rest.program_id == member.program_id, Rest.member_id == member.id)
    query = query.where(Rest.check_in_id == check_in_id, Rest.ended_at.is_(None)).values(ended_at=at)
    ended: Rest | None = await session.scalar(_quietly(query.returning(Rest)))
    if ended is None:
        return None
    prompts = select(Prompt.id).join(Round, Round.id == Prompt.round_id)
    prompts = prompts.where(Prompt.program_id == member.program_id, Round.check_in_id == check_in_id)
    prompts = prompts.where(Round.closed_at.is_(None), Prompt.answered_at.is_(None))
    askings = update(Asking).where(Asking.program_id == member.program_id, Asking.member_id == member.id)
    askings = askings.where(Asking.skipped == RESTING, Asking.due_at > at, Asking.prompt_id.in_(prompts))
    await session.execute(_quietly(askings.values(skipped=None)))
    return ended


async def ids(session: AsyncSession, program_id: int, check_in_id: int) -> set[int]:
    """The members whom a check-in does not ask now."""
    query = select(Rest.member_id).where(Rest.program_id == program_id, Rest.check_in_id == check_in_id)
    return set(await session.scalars(query.where(Rest.ended_at.is_(None))))


async def of_check_in(session: AsyncSession, program_id: int, check_in_id: int) -> list[Resting]:
    """Whom a check-in does not ask now, by name."""
    return await _going_on(session, program_id, Rest.check_in_id == check_in_id)


async def of_member(session: AsyncSession, member: Member) -> list[Resting]:
    """By which running check-ins a member is not asked now."""
    return await _going_on(session, member.program_id, (Rest.member_id == member.id) & CheckIn.ended_at.is_(None))


async def of_id(session: AsyncSession, member: Member, rest_id: int) -> Resting | None:
    """A rest of this member, whether it goes on or not."""
    found = await _resting(session, member.program_id, (Rest.member_id == member.id) & (Rest.id == rest_id))
    return found[0] if found else None


async def _going_on(session: AsyncSession, program_id: int, which: Any) -> list[Resting]:
    return await _resting(session, program_id, which & Rest.ended_at.is_(None))


async def _resting(session: AsyncSession, program_id: int, which: Any) -> list[Resting]:
    query = (
        select(Rest, Member.name, CheckIn, Cohort.name)
        .join(Member, Member.id == Rest.member_id)
        .join(CheckIn, CheckIn.id == Rest.check_in_id)
        .join(Cohort, Cohort.id == CheckIn.cohort_id)
        .where(Rest.program_id == program_id, Member.deactivated_at.is_(None), which)
        .order_by(Member.name, Rest.id)
    )
    return [Resting(*row) for row in await session.execute(query)]


def _quietly(query: Any) -> Any:
    return query.execution_options(synchronize_session=False)
