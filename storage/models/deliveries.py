"""The outbox: what the bot owes, and the messages in Slack that pay it."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, ProgramOfMany

FAILED = "outcome NOT IN ('sent', 'withdrawn', 'expired', 'superseded', 'merged')"


class Delivery(Base):
    """One call to Slack: where it goes, when it is due, who is sending it, what became of it.

    `kind` is post, file (a post with a file), update, home or response_url. `place` is a user id, a channel id or a response_url;
    `conversation` and `ts` are what Slack returned. It goes into the thread `thread_ts`, or into that of the delivery `thread_of_id` when
    that is sent (no foreign key: SQLite could only add one by copying the table). `unclear_since` (machine time) is set while nobody
    knows whether a try took effect.
    `held_because` says why it waits: night, day_off, ceiling or away. `outcome` is sent, withdrawn, expired, superseded, merged (its
    reasons belong to another delivery now), or why it was given up (Slack's word, or not_installed).
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "ix_deliveries_due",
            "workspace_id",
            "due_at",
            "id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index(
            "ix_deliveries_failed", "program_id", "settled_at", sqlite_where=text(FAILED), postgresql_where=text(FAILED)
        ),
    )

    id: Mapped[Key]
    program_id: Mapped[ProgramOfMany]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[str]
    place: Mapped[str]
    thread_ts: Mapped[str | None]
    thread_of_id: Mapped[int | None] = mapped_column(index=True)
    updates_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"), index=True)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[datetime | None]
    unclear_since: Mapped[datetime | None]
    conversation: Mapped[str | None]
    ts: Mapped[str | None]
    held_because: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class Owed(Base):
    """A reason to write to somebody. `key` names the reason and is unique in the program; several may be paid by one delivery.

    `asked_for` answers a person's own act: never held back, never counted. `own_accord` is the opposite: only in working hours (unless
    `any_hour`), counted against the person's daily ceiling, and dropped when later than `expires_at`. `quiet_from` and `quiet_until` are
    the local hours in between which it waits; None: the usual ones. `payload` is the newest of this reason: of a message that pays several,
    the part that is `in_full` is shown whole, the others in short; where none is, the first.
    """

    __tablename__ = "owed"
    __table_args__ = (
        UniqueConstraint("program_id", "key"),
        # Both, or SQLite looks through all that the program ever owed for what a few people got today.
        Index("ix_owed_member", "program_id", "member_id"),
    )

    id: Mapped[Key]
    program_id: Mapped[ProgramOfMany]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), index=True)
    key: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    own_accord: Mapped[bool]
    any_hour: Mapped[bool] = mapped_column(default=False)
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    priority: Mapped[int]
    payload: Mapped[dict[str, Any]]
    in_full: Mapped[bool] = mapped_column(default=False, server_default=false())
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
