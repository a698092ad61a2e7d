"""Answers to check-ins: what is open for somebody, what they answered with every revision, and what a round brought."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, exists, func, or_, select, update
from sqlalchemy import insert as bulk_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import askings, cities, homes
from storage.askings import ENDS_AT, Rows
from storage.database import insert, wake
from storage.models import (
    AnonymousAnswer,
    Answer,
    AnswerRevision,
    Asking,
    CheckIn,
    City,
    Cohort,
    Delegate,
    Facilitator,
    Member,
    Prompt,
    Round,
    Seat,
)
from storage.prompting import ANSWERED, EARLY

Values = dict[str, Any]
WOKEN = "answers to follow"  # noted when a job is to carry over what one changes elsewhere
Later, Last = aliased(AnswerRevision), aliased(Member)


@dataclass(frozen=True)
class Open:
    """A prompt as the person who may answer it sees it.

    `sits_until` is the last day on which its seat is theirs, None when it never was.
    """

    prompt: Prompt
    asking: Asking
    round: Round
    check_in: CheckIn
    cohort_name: str
    cohort_zone: str
    city: str
    sits_until: date | None

    @property
    def own_end(self) -> datetime:
        """The end of this person's own window."""
        return self.asking.ends_at or self.prompt.ends_at

    def open_until(self, now: datetime) -> datetime:
        """Until when they may answer in time: their own window, and after that for as long as somebody else of their city may."""
        return self.own_end if now <= self.own_end else max(self.own_end, self.prompt.ends_at)


@dataclass(frozen=True)
class Given:
    """The newest answer of one person, or of one city, in a round: who gave it first, and who changed it last."""

    round_id: int
    member_id: int
    name: str
    seat_id: int
    city: str
    values: Values
    late: bool
    changed_by: str = ""

    @property
    def by(self) -> str:
        """Whose answer it is, in words."""
        return f"{self.name}, changed by {self.changed_by}" if self.changed_by not in ("", self.name) else self.name


@dataclass(frozen=True)
class Ties:
    """What binds a reader to a cohort: whether they facilitate it, their seats in it, and whether they sit in its network."""

    facilitates: bool
    seat_ids: frozenset[int]
    in_network: bool


async def prompt_for(session: AsyncSession, member: Member, prompt_id: int) -> Open | None:
    """A prompt that this member was, or is to be, asked; None when it is somebody else's."""
    row = (await session.execute(_of(member).where(Prompt.id == prompt_id))).one_or_none()
    return Open(*row) if row else None


async def open_for(session: AsyncSession, member: Member) -> list[Open]:
    """What the member has not answered and not declined, of rounds that still take answers; the oldest window first."""
    query = _of(member).where(Prompt.answered_at.is_(None), Prompt.declined_at.is_(None))
    query = query.where(Asking.declined_at.is_(None), ~Round.early)
    query = query.where(Round.archived_at.is_(None)).order_by(ENDS_AT, Prompt.id)
    return [Open(*row) for row in await session.execute(query)]


async def of_member(session: AsyncSession, member: Member, prompt_id: int) -> Values:
    """The newest answers to a prompt by question, `{}` when there are none."""
    query = select(AnswerRevision.values).join(Answer, Answer.id == AnswerRevision.answer_id)
    query = query.where(Answer.program_id == member.program_id, Answer.prompt_id == prompt_id)
    return await session.scalar(query.order_by(AnswerRevision.id.desc()).limit(1)) or {}


async def last_time(session: AsyncSession, this: Open) -> tuple[Given, list[Any]] | None:
    """What the same city answered in the newest earlier round of the check-in, by whoever answered last; and to which questions."""
    query = _given(this.prompt.program_id).where(
        Round.check_in_id == this.check_in.id, Prompt.seat_id == this.prompt.seat_id
    )
    query = query.where(Round.nominal_on < this.round.nominal_on).add_columns(Round.questions)
    row = (await session.execute(query.order_by(Round.nominal_on.desc(), AnswerRevision.id.desc()).limit(1))).first()
    return (Given(*row[:-1]), row[-1]) if row else None


async def save(
    session: AsyncSession,
    member: Member,
    this: Open,
    values: Values,
    form_key: str,
    at: datetime,
    anonymous: Mapping[int, str] | None = None,
) -> bool:
    """Keep an answer, or a new revision of it, and ask or remind nobody of it any more. False when this form was saved before.

    What it changes elsewhere follows it (storage/following.py): Slack waits for what is written here. An answer is late when its window
    had ended at the first one: of a city, the last window of those who may answer for it. What is `anonymous`, by position, is kept with
    the first one only and apart from it: afterwards nobody knows whose it is, so that it cannot be changed either.
    """
    program_id, prompt_id = member.program_id, this.prompt.id
    first = {"first_at": at, "late": at > this.prompt.ends_at}
    answer = insert(session, Answer).values(program_id=program_id, prompt_id=prompt_id, member_id=member.id, **first)
    there = {"program_id": program_id}  # changes nothing: the first answer that stands there is returned
    answer = answer.on_conflict_do_update(index_elements=["prompt_id"], set_=there)
    answer_id = (await session.scalars(answer.returning(Answer.id))).one()
    revision = insert(session, AnswerRevision).values(
        program_id=program_id, answer_id=answer_id, member_id=member.id, values=values, at=at, form_key=form_key
    )
    revision = revision.values(follow_at=at).on_conflict_do_nothing().returning(AnswerRevision.id)
    if await session.scalar(revision) is None:
        return False
    wake(session, WOKEN)
    prompt = update(Prompt).where(Prompt.program_id == program_id, Prompt.id == prompt_id)
    prompt = prompt.where(Prompt.answered_at.is_(None)).values(answered_at=at, declined_at=None)
    if await session.scalar(_quietly(prompt.returning(Prompt.id))) is not None:
        await _ask_no_more(session, this)
        if anonymous:
            await _keep_anonymously(session, this, anonymous)
    return True


async def was_saved(session: AsyncSession, member: Member, form_key: str) -> bool:
    """Whether this form was sent."""
    query = select(AnswerRevision.id).where(AnswerRevision.program_id == member.program_id)
    return await session.scalar(query.where(AnswerRevision.form_key == form_key)) is not None


async def decline(session: AsyncSession, member: Member, this: Open, at: datetime) -> bool:
    """ "Not this time": no reminder, and not missing. False when it was answered or declined before.

    It holds for the person; for the city, too, when nobody else is left who may answer for it.
    """
    if not await cities.lock(session, this.prompt):
        return False
    own = update(Asking).where(Asking.program_id == member.program_id, Asking.id == this.asking.id)
    own = own.where(Asking.declined_at.is_(None)).values(declined_at=at, remind_at=None)
    if await session.scalar(_quietly(own.returning(Asking.id))) is None:
        return False
    if not cities.left(await cities.on(session, member.program_id, [this.prompt.id]), member.id):
        prompt = update(Prompt).where(Prompt.program_id == member.program_id, Prompt.id == this.prompt.id)
        await session.execute(_quietly(prompt.values(declined_at=at)))
    await note_late(session, this, at)
    await homes.want(session, member.program_id, [member.id], at)
    return True


async def of_round(session: AsyncSession, this: Round) -> list[Given]:
    """Everybody's newest answer in a round, by city and name."""
    newest = select(func.max(AnswerRevision.id)).join(Answer, Answer.id == AnswerRevision.answer_id)
    newest = newest.join(Prompt, Prompt.id == Answer.prompt_id).where(Prompt.program_id == this.program_id)
    newest = newest.where(Prompt.round_id == this.id).group_by(AnswerRevision.answer_id)
    query = _given(this.program_id).where(Prompt.round_id == this.id, AnswerRevision.id.in_(newest))
    rows = await session.execute(query.order_by(City.name, Member.name, Prompt.id))
    return [Given(*row) for row in rows]


async def anonymous_of_round(session: AsyncSession, this: Round) -> dict[int, list[str]]:
    """What was answered to each anonymous question of a round, in the order of random ids: nobody's, and of no city."""
    query = select(AnonymousAnswer.position, AnonymousAnswer.value).where(AnonymousAnswer.program_id == this.program_id)
    found: dict[int, list[str]] = {}
    for position, value in await session.execute(
        query.where(AnonymousAnswer.round_id == this.id).order_by(AnonymousAnswer.id)
    ):
        found.setdefault(position, []).append(value)
    return found


async def of_seat(
    session: AsyncSession, program_id: int, seat_id: int, limit: int
) -> list[tuple[Given, list[Any], str, date]]:
    """The newest answers of a seat, in their last revision: (answer, questions, name of the check-in, nominal date)."""
    revised = exists().where(Later.program_id == AnswerRevision.program_id, Later.answer_id == AnswerRevision.answer_id)
    query = _given(program_id).add_columns(Round.questions, CheckIn.name, Round.nominal_on)
    query = query.join(CheckIn, CheckIn.id == Round.check_in_id).where(Prompt.seat_id == seat_id)
    query = query.where(~revised.where(Later.id > AnswerRevision.id))
    query = query.order_by(Round.nominal_on.desc(), AnswerRevision.id.desc()).limit(limit)
    return [(Given(*row[:-3]), row[-3], row[-2], row[-1]) for row in await session.execute(query)]


async def ties(session: AsyncSession, member: Member, check_in: CheckIn, today: date) -> Ties:
    """What binds a member to the cohort of a check-in; it rules which answers they may read."""
    program_id = member.program_id
    cohort = (
        await session.scalars(select(Cohort).where(Cohort.program_id == program_id, Cohort.id == check_in.cohort_id))
    ).one()
    query = (
        select(Seat.id, Seat.cohort_id, Cohort.network_id)
        .join(Delegate, Delegate.seat_id == Seat.id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .where(Delegate.program_id == program_id, Delegate.member_id == member.id)
        .where(or_(Delegate.until_on.is_(None), Delegate.until_on >= today))
    )
    seats = list(await session.execute(query))
    facilitator = select(Facilitator.id).where(Facilitator.program_id == program_id, Facilitator.member_id == member.id)
    facilitator = facilitator.where(Facilitator.ended_at.is_(None))
    facilitator = facilitator.where(Facilitator.cohort_id.is_(None) | (Facilitator.cohort_id == cohort.id))
    return Ties(
        facilitates=await session.scalar(facilitator.limit(1)) is not None,
        seat_ids=frozenset(row.id for row in seats if row.cohort_id == cohort.id),
        in_network=any(row.network_id == cohort.network_id for row in seats),
    )


async def _ask_no_more(session: AsyncSession, this: Open) -> None:
    """Nobody is reminded of what is answered, and who was not asked yet is not asked."""
    unasked = Asking.asked_at.is_(None) & or_(Asking.skipped.is_(None), Asking.skipped == EARLY)
    query = update(Asking).where(Asking.program_id == this.prompt.program_id, Asking.prompt_id == this.prompt.id)
    skipped = case((unasked, ANSWERED), else_=Asking.skipped)
    await session.execute(_quietly(query.values(remind_at=None, skipped=skipped)))


async def _keep_anonymously(session: AsyncSession, this: Open, anonymous: Mapping[int, str]) -> None:
    """Without member, city and moment; the id is random, so that not even the order of the rows tells anything."""
    common = {"program_id": this.round.program_id, "round_id": this.round.id}
    rows = [
        {"id": secrets.token_hex(16), "position": position, "value": value, **common}
        for position, value in anonymous.items()
    ]
    await session.execute(bulk_insert(AnonymousAnswer), rows)


async def note_late(session: AsyncSession, this: Open, at: datetime) -> None:
    """What was counted of a round that is over (storage/turnout.py) is out of date."""
    if at >= this.round.closes_at:
        query = update(Round).where(Round.program_id == this.round.program_id, Round.id == this.round.id)
        await session.execute(_quietly(query.values(changes=Round.changes + 1)))


def opened() -> Rows:
    """What makes an `Open`, of askings."""
    place = (Cohort.name, askings.COHORT_ZONE, City.name, askings.SITS_UNTIL)
    return askings.placed(select(Prompt, Asking, Round, CheckIn, *place))


def _of(member: Member) -> Rows:
    return opened().where(Asking.program_id == member.program_id, Asking.member_id == member.id)


def _given(program_id: int) -> Rows:
    query = (
        select(Round.id, Member.id, Member.name, Seat.id, City.name, AnswerRevision.values, Answer.late, Last.name)
        .select_from(AnswerRevision)
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .join(Member, Member.id == Answer.member_id)
        .join(Last, Last.id == AnswerRevision.member_id)
        .join(Prompt, Prompt.id == Answer.prompt_id)
        .join(Round, Round.id == Prompt.round_id)
    )
    return askings.with_city(query).where(AnswerRevision.program_id == program_id)


def _quietly(query: Any) -> Any:
    return query.execution_options(synchronize_session=False)
