"""Days on which nobody is asked: a city's own days off, and the absences of members."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, MemberKey, ProgramKey


class CityDay(Base):
    """Days that a city does not work beside the holidays: all from `first_on` to `last_on` (inclusive), or one `weekday` of them.

    0 is Monday.
    """

    __tablename__ = "city_days"

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), index=True)
    name: Mapped[str]
    first_on: Mapped[date]
    last_on: Mapped[date]
    weekday: Mapped[int | None]
    added_by: Mapped[MemberKey]
    created_at: Mapped[datetime]
    form_key: Mapped[str] = mapped_column(unique=True)


class Absence(Base):
    """The local days on which a member is away (inclusive); without `last_on` until they say that they are back.

    The absences of one member neither overlap nor touch. One that was ended or replaced has `ended_at`, and covers what had passed of it
    by then: nothing when it had not begun (then `last_on` lies before `first_on`).
    """

    __tablename__ = "absences"

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    member_id: Mapped[MemberKey]
    first_on: Mapped[date]
    last_on: Mapped[date | None]
    noted_by: Mapped[int] = mapped_column(ForeignKey("members.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    form_key: Mapped[str] = mapped_column(unique=True)
