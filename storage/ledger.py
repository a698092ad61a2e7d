"""The ledger of a round: for each person the prompt and the reminder, as they stand in the outbox, and what came of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import askings
from storage.models import (
    Answer,
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
    Workspace,
)

ReminderOwed, Reminder, ReminderPlace = aliased(Owed), aliased(Delivery), aliased(Workspace)
Author = aliased(Member)
LETTER = 11  # columns
REMINDER_KEY = literal("reminder:") + cast(Asking.id, String)


@dataclass(frozen=True)
class Book:
    """Whose round it is."""

    round: Round
    check_in: CheckIn
    cohort: Cohort
    zone: str


@dataclass(frozen=True)
class Letter:
    """A message as it stands in the outbox; `team_id` and `workspace` say where in Slack it goes."""

    key: str
    delivery_id: int
    due_at: datetime
    held_because: str | None
    tries: int
    settled_at: datetime | None
    outcome: str | None
    conversation: str | None
    ts: str | None
    team_id: str
    workspace: str


@dataclass(frozen=True)
class Entry:
    """One person of a round. `zone` is theirs; `answered_by` names who answered, where one answer counts for a city perhaps another one."""

    prompt_id: int
    member_id: int
    name: str
    city: str
    state: str
    zone: str
    due_at: datetime
    asked_at: datetime | None
    remind_at: datetime | None
    skipped: str | None
    answered_at: datetime | None
    declined_at: datetime | None
    late: bool | None
    answered_by_id: int | None
    answered_by: str | None
    prompt: Letter | None
    reminder: Letter | None


async def book(session: AsyncSession, program_id: int, round_id: int) -> Book | None:
    query = (
        select(Round, CheckIn, Cohort, askings.COHORT_ZONE)
        .join(CheckIn, CheckIn.id == Round.check_in_id)
        .join(Cohort, Cohort.id == CheckIn.cohort_id)
        .join(Program, Program.id == Cohort.program_id)
        .where(Round.program_id == program_id, Round.id == round_id)
    )
    row = (await session.execute(query)).one_or_none()
    return Book(*row) if row else None


async def entries(session: AsyncSession, program_id: int, round_id: int) -> list[Entry]:
    """Everybody of a round, by city and name; one statement."""
    own = func.coalesce(Member.app_time_zone, Member.slack_time_zone, Member.roster_time_zone)
    zone = func.coalesce(own, City.time_zone, Cohort.time_zone, Program.time_zone)
    person = (Prompt.id, Member.id, Member.name, City.name, City.state, zone)
    turn = (Asking.due_at, Asking.asked_at, Asking.remind_at, Asking.skipped, Prompt.answered_at, Prompt.declined_at)
    told = (Answer.late, Author.id, Author.name)
    letters = (*_letter(Owed, Delivery, Workspace), *_letter(ReminderOwed, Reminder, ReminderPlace))
    reminded = (ReminderOwed.program_id == Prompt.program_id) & (ReminderOwed.key == REMINDER_KEY)
    query = askings.placed(select(*person, *turn, *told, *letters)).join(Member, Member.id == Asking.member_id)
    query = (
        askings.with_delivery(query, program_id)
        .outerjoin(Workspace, Workspace.id == Delivery.workspace_id)
        .outerjoin(ReminderOwed, reminded)
        .outerjoin(Reminder, Reminder.id == ReminderOwed.delivery_id)
        .outerjoin(ReminderPlace, ReminderPlace.id == Reminder.workspace_id)
        .outerjoin(Answer, Answer.prompt_id == Prompt.id)
        .outerjoin(Author, Author.id == Answer.member_id)
        .where(Prompt.program_id == program_id, Prompt.round_id == round_id)
        .order_by(City.name, City.state, Member.name, Asking.id)
    )
    return [_entry(row) for row in await session.execute(query)]


async def together(session: AsyncSession, program_id: int, found: Collection[Entry]) -> dict[int, list[str]]:
    """The keys of all that one message carries, the one that leads it first, by delivery; only where these are several."""
    ids = [one.delivery_id for entry in found for one in (entry.prompt, entry.reminder) if one]
    several = select(Owed.delivery_id).where(Owed.program_id == program_id, Owed.delivery_id.in_(ids))
    several = several.group_by(Owed.delivery_id).having(func.count() > 1)
    query = select(Owed.delivery_id, Owed.key).where(Owed.program_id == program_id, Owed.delivery_id.in_(several))
    keys: dict[int, list[str]] = {}
    for delivery_id, key in await session.execute(query.order_by(Owed.priority, Owed.id)):
        keys.setdefault(delivery_id, []).append(key)
    return keys


def _letter(owed: Any, delivery: Any, workspace: Any) -> tuple[Any, ...]:
    where = (delivery.conversation, delivery.ts, workspace.team_id, workspace.name)
    state = (delivery.due_at, delivery.held_because, delivery.tries, delivery.settled_at, delivery.outcome)
    return owed.key, delivery.id, *state, *where


def _entry(row: Any) -> Entry:
    rest, prompt, reminder = row[: -2 * LETTER], row[-2 * LETTER : -LETTER], row[-LETTER:]
    letters = [Letter(*columns) if columns[0] else None for columns in (prompt, reminder)]
    return Entry(*rest, *letters)
