"""What is left to write of a large round that is being opened."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, ProgramKey


class Filling(Base):
    """Some of the people of a round who have no prompt yet: `places` are theirs, each as it will be written.

    All are kept together with the round itself; a few hundred prompts are written at a time, so that nobody else waits for long.
    """

    __tablename__ = "fillings"

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    places: Mapped[list[Any]]
    since: Mapped[datetime]
