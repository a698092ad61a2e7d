"""Rounds of check-ins: opened with everybody's prompt at once, asked, reminded and closed, each step by one conditional UPDATE."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import archives, askings, checkins, prompting
from storage.askings import ENDS_AT, Rows
from storage.database import insert
from storage.models import Asking, CheckIn, City, Cohort, Delivery, Filling, Member, Owed, Prompt, Round
from storage.moments import Next
from storage.prompting import NewPrompt

# A round that somebody answered early stays open for as long as it is still to be asked.
TO_BE_ASKED = and_(
    Round.early,
    select(CheckIn.id).where(CheckIn.id == Round.check_in_id, CheckIn.next_on == Round.nominal_on).exists(),
)

STILL_TO_ASK = Asking.asked_at.is_(None) & Asking.skipped.is_(None)


@dataclass(frozen=True)
class Ask:
    """An asking with all that its message tells: the prompt, its round and check-in, the person, and where they are.

    `sits_until` is the last day on which the seat is theirs, None for who left Slack; `outcome` is what became of the prompt's message.
    `phases` are those of the cohort.
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
    sits_until: date | None
    outcome: str | None
    phases: list[dict[str, str]]

    @property
    def ends_at(self) -> datetime:
        """The end of this person's own window."""
        return self.asking.ends_at or self.prompt.ends_at


@dataclass(frozen=True)
class Standing:
    """How one person stands in a round: asked or why not, answered, declined; `outcome` is what became of the prompt's message.

    What is asked of a city (`subject`) is answered for all who were asked. `away` is for whoever knows the absences to say: they were
    away on the day on which the window ended.
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
    subject: str = ""
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

    One that began with an early answer is completed; `at_once` says that somebody opened it by hand. Of very many prompts the first are
    written, and the others kept to be (storage/fillings.py), together with the round. Earlier rounds that are closed are archived.
    """
    closes_at = max((prompt.ends_at for prompt in prompts), default=at)
    values = {"nominal_on": nominal_on, "questions": list(questions), "note": note, "opened_at": at, "at_once": at_once}
    values["terms"] = checkins.terms_of(check_in)
    query = insert(session, Round).values(
        program_id=check_in.program_id, check_in_id=check_in.id, closes_at=closes_at, **values
    )
    opened: Round | None = await session.scalar(query.on_conflict_do_nothing().returning(Round))
    began = await _begun(session, check_in, values) if opened is None else None
    if opened is not None:
        await prompting.add(session, opened, prompts, at, one_per_city=check_in.one_per_city)
    elif began is not None:
        await prompting.complete(session, began, prompts, one_per_city=check_in.one_per_city)
        opened = began
    if opened is not None:
        await archives.before(session, opened, at)
    return opened


async def due_askings(session: AsyncSession, now: datetime, limit: int) -> list[Ask]:
    """Askings whose moment has come."""
    return await _first(session, (Asking.due_at <= now) & STILL_TO_ASK, Asking.due_at, limit)


async def claim(session: AsyncSession, program_id: int, asking_ids: Sequence[int], now: datetime) -> set[int]:
    """Mark as asked; the ids that nobody else took. What they are told must be owed in the same transaction."""
    query = _asking(program_id, Asking.id.in_(asking_ids) & STILL_TO_ASK).values(asked_at=now)
    return set(await session.scalars(query.returning(Asking.id)))


async def skip(session: AsyncSession, program_id: int, asking_ids: Sequence[int], why: str) -> None:
    """Note why these people are not asked; whoever was asked meanwhile is left as they are."""
    if asking_ids:
        query = _asking(program_id, Asking.id.in_(asking_ids) & STILL_TO_ASK)
        await session.execute(query.values(skipped=why, remind_at=None))


async def take_back(session: AsyncSession, program_id: int, asking_ids: Sequence[int]) -> None:
    """Those just claimed who cannot be told anything are not asked."""
    if asking_ids:
        unreached = {"skipped": "not_in_slack", "asked_at": None, "remind_at": None}
        await session.execute(_asking(program_id, Asking.id.in_(asking_ids)).values(unreached))


async def move(
    session: AsyncSession, ask: Ask, due_at: datetime, ends_at: datetime, remind_at: datetime | None
) -> None:
    """Ask somebody later than planned, because their clock shows another time by now."""
    program_id = ask.prompt.program_id
    # First the prompt, then its askings: so does an answer.
    prompt = select(Prompt.id).where(Prompt.program_id == program_id, Prompt.id == ask.prompt.id)
    await session.execute(prompt.with_for_update())
    await session.execute(
        _asking(program_id, Asking.id == ask.asking.id)
        .where(Asking.asked_at.is_(None))
        .values(due_at=due_at, ends_at=ends_at, remind_at=remind_at)
    )
    await prompting.keep_span(session, ask.prompt)
    later = update(Round).where(Round.program_id == program_id, Round.id == ask.round.id, Round.closes_at < ends_at)
    await session.execute(_quietly(later.where(Round.closed_at.is_(None)).values(closes_at=ends_at)))


next_asking = Next(select(func.min(Asking.due_at)).where(STILL_TO_ASK))


async def due_reminders(session: AsyncSession, now: datetime, limit: int) -> list[Ask]:
    """Askings whose moment to be reminded has come."""
    return await _first(session, (Asking.remind_at <= now) & Asking.asked_at.is_not(None), Asking.remind_at, limit)


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
    query = select(Round).where(Round.closes_at <= now, Round.closed_at.is_(None), ~TO_BE_ASKED)
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


next_closing = Next(select(func.min(Round.closes_at)).where(Round.closed_at.is_(None), ~TO_BE_ASKED))


async def of_id(session: AsyncSession, program_id: int, round_id: int) -> Round | None:
    return await session.scalar(select(Round).where(Round.program_id == program_id, Round.id == round_id))


async def newest_of(session: AsyncSession, program_id: int, check_in_id: int) -> Round | None:
    """The last round that was asked."""
    query = select(Round).where(Round.program_id == program_id, Round.check_in_id == check_in_id, ~Round.early)
    return await session.scalar(query.order_by(Round.nominal_on.desc()).limit(1))


async def standings(session: AsyncSession, this: Round) -> list[Standing]:
    """How everybody stands in a round, by city and name."""
    query = (
        select(
            Member.id,
            Member.name,
            City.name,
            Prompt.answered_at.is_not(None),
            or_(Prompt.declined_at.is_not(None), Asking.declined_at.is_not(None)),
            Asking.skipped,
            Asking.asked_at.is_not(None),
            Delivery.outcome,
            ENDS_AT,
            Prompt.subject,
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


async def _first(session: AsyncSession, due: ColumnElement[bool], moment: Any, limit: int) -> list[Ask]:
    """The first of what is due. They are chosen before anything is joined: PostgreSQL would join all that wait in a large round."""
    chosen = select(Asking.id).where(due).order_by(moment, Asking.id).limit(limit)
    query = _asks().where(Asking.id.in_(chosen)).order_by(moment, Asking.id)
    rows = await session.execute(query.execution_options(across_programs="what is due, of all programs"))
    return _as_asked([Ask(*row) for row in rows])


def _as_asked(asks: Sequence[Ask]) -> list[Ask]:
    """With the check-in as it was when the round opened: what was changed since is for the rounds after it."""
    of_round = {one.round.id: (one.check_in, one.round) for one in asks}
    as_asked = {id_: checkins.as_asked(*pair) for id_, pair in of_round.items()}
    return [replace(one, check_in=as_asked[one.round.id]) for one in asks]


async def _begun(session: AsyncSession, check_in: CheckIn, values: dict[str, Any]) -> Round | None:
    """The round of this date that began with an early answer, open from now on; None when it was opened before."""
    own = update(Round).where(Round.program_id == check_in.program_id, Round.check_in_id == check_in.id)
    own = own.where(Round.nominal_on == values["nominal_on"])
    now = {"early": False, "closed_at": None, "note": values["note"], "opened_at": values["opened_at"]}
    this: Round | None = await session.scalar(_quietly(own.where(Round.early).values(**now).returning(Round)))
    if this is not None and not await prompting.answered_already(session, this):
        # Somebody looked at the questions without answering: they may have been changed since.
        await session.execute(_quietly(own.values(questions=values["questions"], terms=values["terms"])))
    return this


def _asks() -> Rows:
    own = func.coalesce(Member.app_time_zone, Member.slack_time_zone, Member.roster_time_zone)
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
        case((Member.deactivated_at.is_(None), askings.SITS_UNTIL)),
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
