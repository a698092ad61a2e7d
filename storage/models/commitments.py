"""Commitments, and the event log of each."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, MemberKey, ProgramKey


class Commitment(Base):
    """A promise with a date. `state` is open, at_risk, done, dropped or needs_owner; `nudge_at` is when its owner is reminded next."""

    __tablename__ = "commitments"
    __table_args__ = (UniqueConstraint("program_id", "number"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    number: Mapped[int]
    text: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)
    city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id"), index=True)
    due_on: Mapped[date]
    audience: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    practice_id: Mapped[int | None] = mapped_column(ForeignKey("practices.id"), index=True)
    source_url: Mapped[str | None]
    form_key: Mapped[str | None] = mapped_column(unique=True)
    created_by: Mapped[MemberKey]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    nudge_at: Mapped[datetime | None] = mapped_column(index=True)
    nudges: Mapped[int] = mapped_column(default=0)


class CommitmentEvent(Base):
    """One change: who, when, what kind, from, to, and why."""

    __tablename__ = "commitment_events"

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    why: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
