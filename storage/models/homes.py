"""App Homes: for whom one is drawn, what was published last, and which practices somebody does not want to see there again."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, MemberKey, ProgramKey


class Home(Base):
    """The Home of a Slack user who opened it once; `member_id` is None while they are in no roster.

    `wanted_at` is set while it is to be drawn anew, and `wants` grows with each reason, so that one that comes while it is being drawn
    is not lost. `digest` tells what was published last, `owed_key` under which key.
    """

    __tablename__ = "homes"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    opened_at: Mapped[datetime]
    wanted_at: Mapped[datetime | None] = mapped_column(index=True)
    wants: Mapped[int] = mapped_column(default=1)
    digest: Mapped[str | None]
    owed_key: Mapped[str | None]


class SetAside(Base):
    """A suggested practice that a member put away."""

    __tablename__ = "set_aside_practices"
    __table_args__ = (UniqueConstraint("member_id", "practice_id"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    member_id: Mapped[MemberKey]
    practice_id: Mapped[int] = mapped_column(ForeignKey("practices.id"))
    at: Mapped[datetime]
