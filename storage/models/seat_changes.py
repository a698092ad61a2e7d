"""Changes of seats by hand: what a form said, and what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, MemberKey, ProgramKey


class SeatChange(Base):
    """What a facilitator asked for by a form about places; `storage/seat_changes.py` names the kinds and states.

    `said` is what the form says, `done` what came of it, for taking it back. `due_at` is when a job goes on with it, None when nothing
    is left to do.
    """

    __tablename__ = "seat_changes"
    __table_args__ = (
        UniqueConstraint("program_id", "form_key"),
        Index(
            "ix_seat_changes_due_at",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    member_id: Mapped[MemberKey]
    form_key: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    said: Mapped[dict[str, Any]] = mapped_column(default=dict)
    done: Mapped[dict[str, Any]] = mapped_column(default=dict)
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
