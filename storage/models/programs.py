"""A program (an office and its data; the tenant), its Slack workspaces, and which events were taken."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, ProgramKey


class Program(Base):
    """The id of a program that was removed is never given again: nothing that was kept under it may meet another program.

    `practices_version` grows with every change of the program's practices: an index of them knows by it that it is old.

    `homes_event_id` is the last event of a commitment that App Homes were told of.
    """

    __tablename__ = "programs"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Key]
    name: Mapped[str]
    time_zone: Mapped[str]
    daily_ceiling: Mapped[int] = mapped_column(default=2)
    last_commitment_number: Mapped[int] = mapped_column(default=0)
    last_practice_number: Mapped[int] = mapped_column(default=0)
    practices_version: Mapped[int] = mapped_column(default=0)
    last_check_in_number: Mapped[int] = mapped_column(default=0)
    homes_event_id: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]


class Workspace(Base):
    """A Slack workspace; it belongs to one program, and a program may have many: its own, and those `linked_at` a moment by a code."""

    __tablename__ = "workspaces"

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    team_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    bot_user_id: Mapped[str]
    created_at: Mapped[datetime]
    linked_at: Mapped[datetime | None]


class Stranger(Base):
    """Somebody unknown who spoke to the bot: looked up in Slack by e-mail afterwards, answered when found.

    `waits`: they were told to wait a moment, so they hear the outcome whatever it is; and should they be a workspace admin while
    the program has no facilitator, they become its first.
    """

    __tablename__ = "strangers"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[str]
    response_url: Mapped[str | None]
    waits: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    looked_up_at: Mapped[datetime | None]


class SeenEvent(Base):
    """An event of Slack's that took effect; the row commits together with the effect."""

    __tablename__ = "seen_events"

    event_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
