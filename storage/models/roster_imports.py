"""Roster files: what they would do, whether they may, and what they did."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, ProgramKey


class RosterImport(Base):
    """One file on its way into the roster; `storage/roster_imports.py` names the states. Without `member_id` it came from the command line.

    `content` is kept while it may still be imported. `shown` is what its maker was shown, `digest` the plan behind it. `done` is what
    was changed, for taking it back. `due_at` is when the next step is to be taken, None while it is the maker's turn.
    """

    __tablename__ = "roster_imports"
    __table_args__ = (
        UniqueConstraint("program_id", "form_key"),
        Index(
            "ix_roster_imports_due_at",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    form_key: Mapped[str]
    file_id: Mapped[str]
    file_name: Mapped[str]
    state: Mapped[str]
    content: Mapped[bytes | None]
    shown: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest: Mapped[str] = mapped_column(default="")
    done: Mapped[list[Any]] = mapped_column(default=list)
    cursor: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
