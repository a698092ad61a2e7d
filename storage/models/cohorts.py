"""Networks, cohorts, cities, the seats of cities in cohorts, and the delegates on them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, MemberKey, ProgramKey


class Network(Base):
    __tablename__ = "networks"
    __table_args__ = (UniqueConstraint("program_id", "name"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    name: Mapped[str]


class Cohort(Base):
    """A group of cities that learn together. `ends_on` in the past: it stays readable and sends nothing.

    `phases` are dicts with name and on (the first day, as 2027-01-15), in order; `changed_by` is who edited last.
    """

    __tablename__ = "cohorts"
    __table_args__ = (UniqueConstraint("program_id", "network_id", "name"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    network_id: Mapped[int] = mapped_column(ForeignKey("networks.id"))
    name: Mapped[str]
    theme: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]
    phases: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    form_key: Mapped[str | None] = mapped_column(unique=True)


class CohortChannel(Base):
    """The channel of a cohort in one workspace. `check_for` is who is to be told when the bot is not in it; None: looked at."""

    __tablename__ = "cohort_channels"
    __table_args__ = (UniqueConstraint("cohort_id", "workspace_id"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    channel: Mapped[str]
    check_for: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class City(Base):
    __tablename__ = "cities"
    __table_args__ = (UniqueConstraint("program_id", "name", "state"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    name: Mapped[str]
    state: Mapped[str]
    time_zone: Mapped[str | None]


class Seat(Base):
    """A city's place in a cohort."""

    __tablename__ = "seats"
    __table_args__ = (UniqueConstraint("cohort_id", "city_id"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), index=True)


class Delegate(Base):
    """A member on a seat, with a role (lead, delegate or sponsor). `until_on` is inclusive, the city's date; history stays.

    `ended_by` and `why` tell who set the last day; `ended_at` is when what follows from it was done. `successor_id` is the row of who came
    after, `takes` are the ids of the commitments that go along, `note` is what the successor is to know. `greeting` is what the
    member is still to be told: welcome or brief.
    """

    __tablename__ = "delegates"

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), index=True)
    member_id: Mapped[MemberKey]
    role: Mapped[str]
    since_on: Mapped[date | None]
    until_on: Mapped[date | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    why: Mapped[str] = mapped_column(default="", server_default="")
    ended_at: Mapped[datetime | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("delegates.id"))
    takes: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    note: Mapped[str] = mapped_column(default="", server_default="")
    greeting: Mapped[str | None] = mapped_column(index=True)
    form_key: Mapped[str | None] = mapped_column(unique=True)
