"""People: members, their identities in Slack workspaces, and who facilitates what."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, MemberKey, ProgramKey

TO_LOOK_UP = text("looked_up_at IS NULL AND deactivated_at IS NULL")


class Member(Base):
    """A person. `email` is kept in lower case; None when the roster gave only a Slack id.

    `looked_up_at` is when they were last looked for in Slack; None: to be looked for, unless they have an identity. `turnover_since` is
    when they left Slack, while what follows from their leaving, or from their coming back, is still to be done.
    """

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("program_id", "email"),
        # Those who have an identity count as looked for, or the clock would look through all of them again and again.
        Index("ix_members_to_look_up", "created_at", sqlite_where=TO_LOOK_UP, postgresql_where=TO_LOOK_UP),
    )

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    name: Mapped[str]
    email: Mapped[str | None]
    roster_slack_id: Mapped[str | None]
    title: Mapped[str] = mapped_column(default="")
    expertise: Mapped[list[Any]] = mapped_column(default=list)
    app_time_zone: Mapped[str | None]
    slack_time_zone: Mapped[str | None]
    roster_time_zone: Mapped[str | None]
    created_at: Mapped[datetime]
    looked_up_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]
    turnover_since: Mapped[datetime | None] = mapped_column(index=True)


class Identity(Base):
    """A member as one user of one workspace. `chosen_at`: the member chose to be written to there; the last choice counts."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id"), UniqueConstraint("workspace_id", "member_id"))

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    member_id: Mapped[MemberKey]
    user_id: Mapped[str]
    created_at: Mapped[datetime]
    chosen_at: Mapped[datetime | None]


class Facilitator(Base):
    """A member who runs one cohort, or the whole program when `cohort_id` is None; until `ended_at`, which follows `until_on`.

    `head` marks a cohort's outside lead.
    """

    __tablename__ = "facilitators"

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    member_id: Mapped[MemberKey]
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)
    since_on: Mapped[date | None]
    until_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    head: Mapped[bool] = mapped_column(default=False, server_default=false())
    form_key: Mapped[str | None] = mapped_column(unique=True)
