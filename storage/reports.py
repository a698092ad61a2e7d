"""What the report of a cohort is made of: its newest rounds, and everybody who was, or was not, asked in them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import askings
from storage.models import (
    Answer,
    AnswerRevision,
    Asking,
    CheckIn,
    City,
    Cohort,
    Delivery,
    Member,
    Owed,
    Program,
    Prompt,
    Round,
    Seat,
)

MOST_ROUNDS = 26


class Occurrence(NamedTuple):
    """One round of a check-in of the cohort; `zone` is the one in which the cohort's own times are said."""

    id: int
    name: str
    nominal_on: date
    closed: bool
    questions: Sequence[dict[str, Any]]
    zone: str


class Line(NamedTuple):
    """One person who was to be asked in a round, and what became of it. Thousands are read at a time.

    `subject` tells whose prompt it is: `delegate:7`, or `seat:5` where one answer counts for a city, of which there are as many lines as
    people. `sent_at` is when the message reached them; `owed` whether there was one, `outcome` what became of it. `answered_by` is the
    member who answered, for the city or themselves.
    """

    round_id: int
    prompt_id: int
    subject: str
    seat_id: int
    city: str
    state: str
    member_id: int
    name: str
    asked_at: datetime | None
    skipped: str | None
    owed: bool
    outcome: str | None
    sent_at: datetime | None
    answered_at: datetime | None
    declined_at: datetime | None
    answered_by: int | None
    late: bool | None

    @property
    def reached(self) -> bool:
        """Whether they had the question before them: their message arrived."""
        return self.asked_at is not None and (self.outcome == "sent" or not self.owed)

    @property
    def city_name(self) -> str:
        return f"{self.city}, {self.state}" if self.state else self.city


class Answered(NamedTuple):
    """The newest answers of one prompt; `values` maps the position of a question, as text, to what was answered."""

    round_id: int
    seat_id: int
    city: str
    state: str
    member_id: int
    name: str
    values: dict[str, Any]
    first_at: datetime
    late: bool


async def rounds(session: AsyncSession, program_id: int, cohort_id: int) -> list[Occurrence]:
    """The newest rounds of a cohort, the oldest of them first; rounds that are still open among them."""
    zone = func.coalesce(Cohort.time_zone, Program.time_zone)
    query = (
        select(Round.id, CheckIn.name, Round.nominal_on, Round.closed_at.is_not(None), Round.questions, zone)
        .join(CheckIn, CheckIn.id == Round.check_in_id)
        .join(Cohort, Cohort.id == CheckIn.cohort_id)
        .join(Program, Program.id == Cohort.program_id)
        .where(Round.program_id == program_id, CheckIn.cohort_id == cohort_id)
        .order_by(Round.nominal_on.desc(), Round.id.desc())
        .limit(MOST_ROUNDS)
    )
    return [Occurrence(*row) for row in await session.execute(query)][::-1]


async def lines(session: AsyncSession, program_id: int, round_ids: Collection[int]) -> list[Line]:
    """Everybody of these rounds, row by row and in no order: both databases take longer to group and to sort them."""
    sent_at = case((Delivery.outcome == "sent", Delivery.settled_at))
    query = (
        select(Prompt.round_id, Prompt.id, Prompt.subject, Prompt.seat_id, City.name, City.state)
        .add_columns(Asking.member_id, Member.name, Asking.asked_at, Asking.skipped)
        .add_columns(Owed.id.is_not(None), Delivery.outcome, sent_at)
        .add_columns(Prompt.answered_at, Prompt.declined_at, Answer.member_id, Answer.late)
        .join_from(Prompt, Asking, Asking.prompt_id == Prompt.id)
        .join(Member, Member.id == Asking.member_id)
    )
    query = (
        askings.with_delivery(askings.with_city(query), program_id)
        .outerjoin(Answer, Answer.prompt_id == Prompt.id)
        .where(Prompt.program_id == program_id, Prompt.round_id.in_(round_ids))
    )
    return [Line(*row) for row in await session.execute(query)]


async def answers(session: AsyncSession, program_id: int, round_ids: Collection[int]) -> list[Answered]:
    """The newest answers of these rounds with their names; anonymous ones are kept elsewhere and never read here."""
    newest = select(func.max(AnswerRevision.id)).join(Answer, Answer.id == AnswerRevision.answer_id)
    newest = newest.join(Prompt, Prompt.id == Answer.prompt_id).where(Prompt.program_id == program_id)
    newest = newest.where(Prompt.round_id.in_(round_ids)).group_by(AnswerRevision.answer_id)
    query = (
        select(Prompt.round_id, Seat.id, City.name, City.state, Member.id, Member.name)
        .add_columns(AnswerRevision.values, Answer.first_at, Answer.late)
        .join_from(AnswerRevision, Answer, Answer.id == AnswerRevision.answer_id)
        .join(Prompt, Prompt.id == Answer.prompt_id)
        .join(Member, Member.id == Answer.member_id)
        .where(AnswerRevision.program_id == program_id, AnswerRevision.id.in_(newest))
    )
    query = askings.with_city(query).order_by(City.name, City.state, Member.name, Prompt.id)
    return [Answered(*row) for row in await session.execute(query)]
