"""Practices that cities tried, and the questions that the library could not answer."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, ProgramKey


class Practice(Base):
    """What a city did and what came of it. `status` is suggested, published or retired; `sources` is a list of `{"title", "url"}`."""

    __tablename__ = "practices"
    __table_args__ = (UniqueConstraint("program_id", "slug"), UniqueConstraint("program_id", "number"))

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    number: Mapped[int]
    slug: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    steps: Mapped[list[Any]]
    outcome: Mapped[str]
    places: Mapped[list[Any]]
    years: Mapped[str]
    elements: Mapped[list[Any]]
    topics: Mapped[list[Any]]
    networks: Mapped[list[Any]]
    sources: Mapped[list[Any]]
    verified: Mapped[bool]
    status: Mapped[str] = mapped_column(default="published")
    steward_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    reviewed_on: Mapped[date | None]
    next_review_on: Mapped[date | None]
    updated_at: Mapped[datetime]


class Gap(Base):
    """A question the library could not answer."""

    __tablename__ = "gaps"

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    question: Mapped[str]
    at: Mapped[datetime]
