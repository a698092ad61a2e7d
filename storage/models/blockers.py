"""What is in a city's way: raised with an answer to a check-in, looked after by somebody, and gone one day."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, MemberKey, ProgramKey


class Blocker(Base):
    """A blocker of a seat: `topic` is one of the topics of practices ("" when none was chosen), `position` the question it answers.

    `looked_after_by` is the member who takes care of it, said by `looked_after_said_by` at `looked_after_at`. It is open until `closed_at`;
    `still_at` is when its city last said that it still is. `told_of` is the member of whom its raiser was told last that they look
    after it.
    """

    __tablename__ = "blockers"
    __table_args__ = (UniqueConstraint("prompt_id", "position"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), index=True)
    prompt_id: Mapped[int] = mapped_column(ForeignKey("prompts.id"))
    position: Mapped[int]
    member_id: Mapped[MemberKey]
    topic: Mapped[str]
    text: Mapped[str]
    audience: Mapped[str]
    opened_at: Mapped[datetime]
    still_at: Mapped[datetime | None]
    looked_after_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    looked_after_said_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    looked_after_at: Mapped[datetime | None]
    told_of: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
