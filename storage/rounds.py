"""Rounds of check-ins: opened with everybody's prompt at once, asked, reminded and closed, each step by one conditional UPDATE."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import archives, askings, checkins, fillings
from storage.askings import Rows
from storage.checkins import Person
from storage.database import insert
from storage.fillings import NewPlace
from storage.models import Asking, CheckIn, City, Cohort, Delegate, Delivery, Filling, Member, Owed, Prompt, Round
from storage.moments import Next


@dataclass(frozen=True)
class NewPrompt:
    """Somebody's place in a new round; `skipped` says why they are not asked, if they are not."""

    person: Person
    due_at: datetime
    ends_at: datetime
    remind_at: datetime | None
    skipped: str | None = None


@dataclass(frozen=True)
class Ask:
    """An asking with all that its message tells: the prompt, its round and check-in, the person, and where they are.

    `seated` says that the seat is still theirs; `outcome` is what became of the prompt's message; `phases` are those of the cohort.
    """

    asking: Asking
    prompt: Prompt
    round: Round
    check_in: CheckIn
    cohort_name: str
    cohort_zone: str
    member: Member
    city: str
    state: str
    zone: str
    seated: bool
    outcome: str | None
    phases: list[dict[str, str]]


@dataclass(frozen=True)
class Standing:
    """How one person stands in a round: asked or why not, answered, declined; `outcome` is what became of the prompt's message.

    `away` is for whoever knows the absences to say: they were away on the day on which the window ended.
    """

    member_id: int
    name: str
    city: str
    answered: bool
    declined: bool
    skipped: str | None
    asked: bool
    outcome: str | None
    ends_at: datetime
    away: bool = False


async def open_round(
    session: AsyncSession,
    check_in: CheckIn,
    nominal_on: date,
    questions: Sequence[dict[str, Any]],
    prompts: Sequence[NewPrompt],
    *,
    note: str,
    at: datetime,
    at_once: bool = False,
) -> Round | None:
    """Open a round with all its prompts, in a few statements however many; None when this date has one already.

    Earlier rounds of the check-in that are closed are archived. `at_once` says that somebody opened it by hand.
    """
    closes_at = max((prompt.ends_at for prompt in prompts), default=at)
    values = {"nominal_on": nominal_on, "questions": list(questions), "note": note, "opened_at": at, "at_once": at_once}
    values["terms"] = checkins.terms_of(check_in)
    query = insert(session, Round).values(
        program_id=check_in.program_id, check_in_id=check_in.id, closes_at=closes_at, **values
    )
    opened: Round | None = await session.scalar(query.on_conflict_do_nothing().returning(Round))
    if opened is None:
        return None
    await archives.before(session, opened, at)
    if prompts:
        await fillings.add(session, opened, [_place(one) for one in prompts], at)
    return opened


async def due_askings(session: AsyncSession, now: datetime, limit: int) -> list[Ask]:
    """Askings whose moment has come."""
    query = _asks().where(Asking.due_at <= now, Asking.asked_at.is_(None), Asking.skipped.is_(None))
    query = query.order_by(Asking.due_at, Asking.id).limit(limit)
    rows = await session.execute(query.execution_options(across_programs="prompts that are due, of all programs"))
    return [_as_asked(Ask(*row)) for row in rows]


async def claim(session: AsyncSession, program_id: int, asking_ids: Sequence[int], now: datetime) -> set[int]:
    """Mark as asked; the ids that nobody else took. What they are told must be owed in the same transaction."""
    query = _asking(program_id, Asking.id.in_(asking_ids)).where(Asking.asked_at.is_(None), Asking.skipped.is_(None))
    return set(await session.scalars(query.values(asked_at=now).returning(Asking.id)))


async def skip(session: AsyncSession, program_id: int, asking_ids: Sequence[int], why: str) -> None:
    """Note why these people are not asked."""
    if asking_ids:
        query = _asking(program_id, Asking.id.in_(asking_ids)).where(Asking.skipped.is_(None))
        await session.execute(query.values(skipped=why, asked_at=None, remind_at=None))


async def move(
    session: AsyncSession, ask: Ask, due_at: datetime, ends_at: datetime, remind_at: datetime | None
) -> None:
    """Ask somebody later than planned, because their clock shows another time by now."""
    program_id = ask.prompt.program_id
    await session.execute(
        _asking(program_id, Asking.id == ask.asking.id)
        .where(Asking.asked_at.is_(None))
        .values(due_at=due_at, remind_at=remind_at)
    )
    prompt = update(Prompt).where(Prompt.program_id == program_id, Prompt.id == ask.prompt.id)
    await session.execute(_quietly(prompt.values(due_at=due_at, ends_at=ends_at)))
    later = update(Round).where(Round.program_id == program_id, Round.id == ask.round.id, Round.closes_at < ends_at)
    await session.execute(_quietly(later.where(Round.closed_at.is_(None)).values(closes_at=ends_at)))


next_asking = Next(select(func.min(Asking.due_at)).where(Asking.asked_at.is_(None), Asking.skipped.is_(None)))


async def due_reminders(session: AsyncSession, now: datetime, limit: int) -> list[Ask]:
    """Askings whose moment to be reminded has come."""
    query = _asks().where(Asking.remind_at <= now, Asking.asked_at.is_not(None))
    query = query.order_by(Asking.remind_at, Asking.id).limit(limit)
    rows = await session.execute(query.execution_options(across_programs="reminders that are due, of all programs"))
    return [_as_asked(Ask(*row)) for row in rows]


async def claim_reminders(session: AsyncSession, program_id: int, asking_ids: Sequence[int], now: datetime) -> set[int]:
    """Mark as reminded; the ids that nobody else took."""
    query = _asking(program_id, Asking.id.in_(asking_ids)).where(Asking.remind_at <= now)
    return set(await session.scalars(query.values(remind_at=None).returning(Asking.id)))


# Those that have no reminder (any more) are named: their index leaves them out.
next_reminder = Next(
    select(func.min(Asking.remind_at)).where(Asking.asked_at.is_not(None), Asking.remind_at.is_not(None))
)


async def remind_no_more(session: AsyncSession, member: Member, asking_id: int) -> None:
    query = _asking(member.program_id, Asking.id == asking_id).where(Asking.member_id == member.id)
    await session.execute(query.values(remind_at=None))


async def due_closings(session: AsyncSession, now: datetime, limit: int) -> list[Round]:
    """Rounds whose last window has ended, and whose prompts are all there."""
    query = select(Round).where(Round.closes_at <= now, Round.closed_at.is_(None))
    query = query.where(Round.id.not_in(select(Filling.round_id)))
    query = query.order_by(Round.closes_at, Round.id).limit(limit)
    return list(await session.scalars(query.execution_options(across_programs="rounds to close, of all programs")))


async def close(session: AsyncSession, this: Round, now: datetime) -> bool:
    """Close a round, and archive it when a newer one is open; at its time, when its check-in has ended.

    False when somebody else closed it, or a window was prolonged.
    """
    query = update(Round).where(Round.program_id == this.program_id, Round.id == this.id)
    query = query.where(Round.closed_at.is_(None), Round.closes_at <= now)
    if await session.scalar(_quietly(query.values(closed_at=now, sum_up_at=now).returning(Round.id))) is None:
        return False
    await archives.closed(session, this, now)
    return True


next_closing = Next(select(func.min(Round.closes_at)).where(Round.closed_at.is_(None)))


async def of_id(session: AsyncSession, program_id: int, round_id: int) -> Round | None:
    return await session.scalar(select(Round).where(Round.program_id == program_id, Round.id == round_id))


async def newest_of(session: AsyncSession, program_id: int, check_in_id: int) -> Round | None:
    query = select(Round).where(Round.program_id == program_id, Round.check_in_id == check_in_id)
    return await session.scalar(query.order_by(Round.nominal_on.desc()).limit(1))


async def standings(session: AsyncSession, this: Round) -> list[Standing]:
    """How everybody stands in a round, by city and name."""
    query = (
        select(
            Member.id,
            Member.name,
            City.name,
            Prompt.answered_at.is_not(None),
            Prompt.declined_at.is_not(None),
            Asking.skipped,
            Asking.asked_at.is_not(None),
            Delivery.outcome,
            Prompt.ends_at,
        )
        .select_from(Asking)
        .join(Prompt, Prompt.id == Asking.prompt_id)
        .join(Member, Member.id == Asking.member_id)
    )
    query = (
        askings.with_delivery(askings.with_city(query), this.program_id)
        .where(Prompt.program_id == this.program_id, Prompt.round_id == this.id)
        .order_by(City.name, Member.name, Member.id)
    )
    return [Standing(*row) for row in await session.execute(query)]


async def _archive_before(session: AsyncSession, opened: Round, at: datetime) -> None:
    query = update(Round).where(Round.program_id == opened.program_id, Round.check_in_id == opened.check_in_id)
    query = query.where(Round.id != opened.id, Round.closed_at.is_not(None), Round.archived_at.is_(None))
    await session.execute(_quietly(query.values(archived_at=at)))


def _place(one: NewPrompt) -> NewPlace:
    person = one.person
    when = (one.due_at, one.ends_at, one.remind_at, one.skipped)
    return NewPlace(f"delegate:{person.delegate_id}", person.seat_id, person.member_id, *when)


def _as_asked(one: Ask) -> Ask:
    """With the check-in as it was when the round opened: what was changed since is for the rounds after it."""
    return replace(one, check_in=checkins.as_asked(one.check_in, one.round))


def _asks() -> Rows:
    own = func.coalesce(Member.app_time_zone, Member.slack_time_zone, Member.roster_time_zone)
    seated = select(Delegate.id).where(Delegate.seat_id == Prompt.seat_id, Delegate.member_id == Asking.member_id)
    seated = seated.where(or_(Delegate.until_on.is_(None), Delegate.until_on >= Round.nominal_on))
    query = select(
        Asking,
        Prompt,
        Round,
        CheckIn,
        Cohort.name,
        askings.COHORT_ZONE,
        Member,
        City.name,
        City.state,
        func.coalesce(own, City.time_zone, askings.COHORT_ZONE),
        seated.exists() & Member.deactivated_at.is_(None),
        Delivery.outcome,
        Cohort.phases,
    )
    return (
        askings.placed(query)
        .join(Member, Member.id == Asking.member_id)
        .outerjoin(Owed, (Owed.program_id == Asking.program_id) & (Owed.key == askings.PROMPT_KEY))
        .outerjoin(Delivery, Delivery.id == Owed.delivery_id)
    )


def _asking(program_id: int, which: ColumnElement[bool]) -> Any:
    return _quietly(update(Asking).where(Asking.program_id == program_id, which))


def _quietly(query: Any) -> Any:
    return query.execution_options(synchronize_session=False)
