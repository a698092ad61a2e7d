"""Forms that were begun and not sent yet."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, ProgramKey


class Draft(Base):
    """What somebody typed into a form so far; `about` names the form: `answer:5` (the prompt), `check-in:new`, `check-in:7`."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("member_id", "about"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    about: Mapped[str]
    values: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
