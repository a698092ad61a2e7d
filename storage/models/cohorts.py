"""Networks, cohorts, cities, the seats of cities in cohorts, and the delegates on them."""

from datetime import date, datetime

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
    """A group of cities that learn together. `ended_on` in the past: it stays readable and sends nothing."""

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


class CohortChannel(Base):
    """The channel of a cohort in one workspace."""

    __tablename__ = "cohort_channels"
    __table_args__ = (UniqueConstraint("cohort_id", "workspace_id"),)

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    channel: Mapped[str]


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
    """A member on a seat, with a role (lead, delegate or sponsor). `until_on` is inclusive, the city's date; history stays."""

    __tablename__ = "delegates"

    id: Mapped[Key]
    program_id: Mapped[ProgramKey]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), index=True)
    member_id: Mapped[MemberKey]
    role: Mapped[str]
    since_on: Mapped[date | None]
    until_on: Mapped[date | None]
