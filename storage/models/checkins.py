"""Check-ins: the recurring questions, each round of them, whom it prompts, whom it asks, and what was answered."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, MemberKey, ProgramKey, ProgramOfMany


def _of_some(name: str, column: str, which: str) -> Index:
    """An index of those rows alone that the clock looks for: most others are over, and there are ever more of them."""
    return Index(name, column, sqlite_where=text(which), postgresql_where=text(which))


class CheckIn(Base):
    """A recurring set of questions, asked at the local time `at`.

    `rule` says on which dates, as iCalendar text (RFC 5545: DTSTART, RRULE, RDATE, EXDATE); with `event` they are `event_days` after that
    dated phase of the cohort (before it when negative). Between the local hours `quiet_from` and `quiet_until` nobody is written to.
    `next_on` is the nominal local date of the round that comes next, `next_at` its earliest moment in the zones of those who are asked;
    a moment without a date means that the clock is to look for one.
    `channel_check_at` is when to see whether the bot may write in the channel. `changes` grows with each edit, of which `changed_by` made
    the last.
    """

    __tablename__ = "check_ins"
    __table_args__ = (UniqueConstraint("program_id", "number"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    number: Mapped[int]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    name: Mapped[str]
    workspace_id: Mapped[int | None] = mapped_column(ForeignKey("workspaces.id"))
    channel: Mapped[str | None]
    rule: Mapped[str] = mapped_column(default="", server_default="")
    event: Mapped[str | None]
    event_days: Mapped[int | None]
    at: Mapped[time]
    window_hours: Mapped[int] = mapped_column(default=48)
    one_per_city: Mapped[bool] = mapped_column(default=False)
    any_hour: Mapped[bool] = mapped_column(default=False)
    reminds: Mapped[bool] = mapped_column(default=True, server_default=true())
    quiet_from: Mapped[time] = mapped_column(default=time(18), server_default="18:00:00")
    quiet_until: Mapped[time] = mapped_column(default=time(8), server_default="08:00:00")
    next_on: Mapped[date | None]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    channel_check_at: Mapped[datetime | None] = mapped_column(index=True)
    form_key: Mapped[str | None] = mapped_column(unique=True)
    changes: Mapped[int] = mapped_column(default=0, server_default="0")
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    created_by: Mapped[MemberKey]
    created_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Question(Base):
    """One question of a check-in; `audience` is who sees the answers.

    `kind` is text, choice, choices, scale, number, yes_no, blocker or commitments. `options` holds what the kind needs: choices, labels
    (of a scale), topics (of a blocker). Answers to an `anonymous` one are kept apart, without a name.
    """

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("check_in_id", "position"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    check_in_id: Mapped[int] = mapped_column(ForeignKey("check_ins.id"))
    position: Mapped[int]
    kind: Mapped[str]
    text: Mapped[str]
    audience: Mapped[str]
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    required: Mapped[bool] = mapped_column(default=False, server_default=false())
    anonymous: Mapped[bool] = mapped_column(default=False, server_default=false())


class Round(Base):
    """One occurrence of a check-in, with its questions and audiences as they were when it opened, and `terms` (`checkins.terms_of`).

    `note` says in a sentence what is unusual about it: occurrences that were passed over. `changes` grows with each answer or pass that
    came after its last window: what was counted of it before is out of date then. `at_once` says that a facilitator opened it by hand:
    everybody is asked then, or in their next working hours, not at the check-in's own time. `archive_at` is for the last one of a
    check-in that ended: no other round archives it. `sum_up_at` is when its summary is put together (again). `anonymous` holds the answers
    to its anonymous questions by position, as they were when it closed: who adds theirs later could be seen by the difference. It is
    `early` while only those have a prompt who wanted to answer before it opens.
    """

    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("check_in_id", "nominal_on"),
        _of_some("ix_rounds_to_close", "closes_at", "closed_at IS NULL"),
    )

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    check_in_id: Mapped[int] = mapped_column(ForeignKey("check_ins.id"))
    nominal_on: Mapped[date]
    questions: Mapped[list[Any]]
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    note: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    changes: Mapped[int] = mapped_column(default=0, server_default="0")
    at_once: Mapped[bool] = mapped_column(default=False, server_default=false())
    archive_at: Mapped[datetime | None] = mapped_column(index=True)
    sum_up_at: Mapped[datetime | None] = mapped_column(index=True)
    anonymous: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    early: Mapped[bool] = mapped_column(default=False, server_default=false())


class Prompt(Base):
    """One round's question to one seat or person: `subject` is `seat:5` when one answer per city, else `delegate:7`.

    It is due with the first of its askings and ends with the last. `declined_at` is set when everybody passed who could have answered.
    """

    __tablename__ = "prompts"
    __table_args__ = (UniqueConstraint("round_id", "subject"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramOfMany]
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    subject: Mapped[str]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    due_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    declined_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]


class Asking(Base):
    """One message to one person about a prompt; `asked_at` is set when it became owed, `skipped` says why it never was.

    `ends_at` is the end of the person's own window (None: of the prompt), `declined_at` when they said "Not this time". `remind_at` is
    when they are reminded, None when they need no reminder (any more). `silent` is noted when the round closes: they read the question and
    said nothing.
    """

    __tablename__ = "askings"
    __table_args__ = (
        UniqueConstraint("prompt_id", "member_id"),
        _of_some("ix_askings_to_ask", "due_at", "asked_at IS NULL AND skipped IS NULL"),
        _of_some("ix_askings_to_remind", "remind_at", "remind_at IS NOT NULL"),
    )

    id: Mapped[Key]
    program_id: Mapped[ProgramOfMany]
    prompt_id: Mapped[int] = mapped_column(ForeignKey("prompts.id"))
    member_id: Mapped[MemberKey]
    due_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    skipped: Mapped[str | None]
    declined_at: Mapped[datetime | None]
    silent: Mapped[bool] = mapped_column(default=False, server_default=false())


class Answer(Base):
    """What was answered to a prompt; the newest revision counts."""

    __tablename__ = "answers"

    id: Mapped[Key]
    program_id: Mapped[ProgramOfMany]
    prompt_id: Mapped[int] = mapped_column(ForeignKey("prompts.id"), unique=True)
    member_id: Mapped[MemberKey]
    first_at: Mapped[datetime]
    late: Mapped[bool] = mapped_column(default=False)


class AnswerRevision(Base):
    """`values` maps the position of a question, as text, to what was answered; `form_key` makes a form submitted twice count once.

    Under `still` it keeps which earlier blockers are "still" in the way or "gone". `follow_at` is when what it changes elsewhere is to
    follow it; None when that is done.
    """

    __tablename__ = "answer_revisions"

    id: Mapped[Key]
    program_id: Mapped[ProgramOfMany]
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"), index=True)
    member_id: Mapped[MemberKey]
    values: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    form_key: Mapped[str] = mapped_column(unique=True)
    follow_at: Mapped[datetime | None] = mapped_column(index=True)


class AnonymousAnswer(Base):
    """One answer to an anonymous question: nobody's, of no city and no moment; the random `id` keeps no order either."""

    __tablename__ = "anonymous_answers"

    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[ProgramKey]
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    position: Mapped[int]
    value: Mapped[str]


class Rest(Base):
    """Somebody whom a check-in no longer asks, after three rounds without an answer, until `ended_at`."""

    __tablename__ = "rests"
    __table_args__ = (UniqueConstraint("check_in_id", "member_id"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    check_in_id: Mapped[int] = mapped_column(ForeignKey("check_ins.id"))
    member_id: Mapped[MemberKey]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
