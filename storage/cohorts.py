"""Cohorts and who is in them: the seats with their people, who facilitates, and what comes next for a member."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from sqlalchemy import Select, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import (
    CheckIn,
    City,
    Cohort,
    CohortChannel,
    Delegate,
    Facilitator,
    Identity,
    Member,
    Network,
    Seat,
)

_PERSON = (Member.id, Member.name, Member.title, Member.expertise, Member.email, Member.deactivated_at)


@dataclass(frozen=True)
class Listed:
    """A cohort of the program, with its network and the channel it talks in; `phases` are names with the first day, in order."""

    id: int
    name: str
    network: str
    theme: str
    time_zone: str | None
    starts_on: date | None
    ends_on: date | None
    channel: str | None
    phases: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True)
class Person:
    """A member as others read of them; `user_id` is None while they are not in Slack."""

    id: int
    name: str
    title: str
    expertise: tuple[str, ...]
    email: str | None
    user_id: str | None


@dataclass(frozen=True)
class Place:
    """A seat's delegate, or somebody who facilitates (then without city; without `cohort_id` the whole program).

    `person` is None for a seat on which nobody sits. `head` marks the head facilitator of a cohort.
    """

    person: Person | None
    role: str
    cohort_id: int | None
    cohort: str
    network: str
    ends_on: date | None
    city: str
    state: str
    time_zone: str | None
    since_on: date | None
    until_on: date | None
    head: bool = False

    @property
    def city_name(self) -> str:
        return f"{self.city}, {self.state}" if self.state else self.city


@dataclass(frozen=True)
class NextCheckIn:
    """The round that comes next, at this local date and time of each person."""

    cohort_id: int
    cohort: str
    name: str
    on: date
    at: time


async def listed(session: AsyncSession, program_id: int) -> list[Listed]:
    """All cohorts of the program, by network and name."""
    channel = (
        select(func.min(CohortChannel.channel))
        .where(CohortChannel.program_id == program_id, CohortChannel.cohort_id == Cohort.id)
        .scalar_subquery()
    )
    query = (
        select(
            Cohort.id,
            Cohort.name,
            Network.name,
            Cohort.theme,
            Cohort.time_zone,
            Cohort.starts_on,
            Cohort.ends_on,
            channel,
            Cohort.phases,
        )
        .join(Network, Network.id == Cohort.network_id)
        .where(Cohort.program_id == program_id)
        .order_by(Network.name, Cohort.name)
    )
    rows: Sequence[Sequence[Any]] = (await session.execute(query)).all()
    return [replace(Listed(*columns), phases=_phases(phases)) for *columns, phases in rows]


async def places(session: AsyncSession, program_id: int, *, member_id: int | None = None) -> list[Place]:
    """The seats, by city, of everybody or one member, ended ones too; then who facilitates, always all. Two statements."""
    rank = case({"lead": 0, "delegate": 1}, value=Delegate.role, else_=2)
    seats = _seats(program_id).order_by(City.name, City.state, rank, Member.name, Delegate.id)
    facilitators = _facilitators(program_id).order_by(Facilitator.head.desc(), Member.name, Facilitator.id)
    if member_id is not None:
        seats = seats.where(Delegate.member_id == member_id)
    found = [*(await session.execute(seats)), *(await session.execute(facilitators))]
    return [_place(row[:7], *row[7:]) for row in found]


async def next_check_ins(
    session: AsyncSession, program_id: int, cohort_ids: Collection[int] | None
) -> list[NextCheckIn]:
    """The next round of each running check-in of these cohorts (None: of all), the earliest first."""
    query = (
        select(CheckIn.cohort_id, Cohort.name, CheckIn.name, CheckIn.next_on, CheckIn.at)
        .join(Cohort, Cohort.id == CheckIn.cohort_id)
        .where(CheckIn.program_id == program_id, CheckIn.next_on.is_not(None))
        .where(CheckIn.paused_at.is_(None), CheckIn.ended_at.is_(None))
        .order_by(CheckIn.next_at, CheckIn.id)
    )
    if cohort_ids is not None:
        query = query.where(CheckIn.cohort_id.in_(cohort_ids))
    rows = await session.execute(query)
    return [NextCheckIn(cohort_id, cohort, name, on, at) for cohort_id, cohort, name, on, at in rows if on is not None]


def _user_id(program_id: int) -> Any:
    """Where in Slack a member is; of several workspaces the first."""
    query = select(func.min(Identity.user_id)).where(Identity.program_id == program_id, Identity.member_id == Member.id)
    return query.scalar_subquery()


def _seats(program_id: int) -> Select[Any]:
    """Each delegate of each seat, and a row without a member for an empty seat."""
    return (
        select(*_PERSON, _user_id(program_id), Delegate.role, Seat.cohort_id, Cohort.name, Network.name, Cohort.ends_on)
        .add_columns(City.name, City.state, City.time_zone, Delegate.since_on, Delegate.until_on)
        .select_from(Seat)
        .join(City, City.id == Seat.city_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .join(Network, Network.id == Cohort.network_id)
        .outerjoin(Delegate, Delegate.seat_id == Seat.id)
        .outerjoin(Member, Member.id == Delegate.member_id)
        .where(Seat.program_id == program_id)
    )


def _facilitators(program_id: int) -> Select[Any]:
    return (
        select(*_PERSON, _user_id(program_id), literal("facilitator"), Facilitator.cohort_id)
        .add_columns(func.coalesce(Cohort.name, ""), func.coalesce(Network.name, ""), Cohort.ends_on)
        .add_columns(literal(""), literal(""), Cohort.time_zone, Facilitator.since_on, Facilitator.until_on)
        .add_columns(Facilitator.head)
        .join(Member, Member.id == Facilitator.member_id)
        .outerjoin(Cohort, Cohort.id == Facilitator.cohort_id)
        .outerjoin(Network, Network.id == Cohort.network_id)
        .where(Facilitator.program_id == program_id, Facilitator.ended_at.is_(None))
    )


def _place(person: Sequence[Any], role: str | None, *rest: Any) -> Place:
    member_id, name, title, expertise, email, deactivated_at, user_id = person
    if member_id is None or deactivated_at is not None:
        return Place(None, "", *rest)
    return Place(Person(member_id, name, title, tuple(expertise), email, user_id), role or "", *rest)


def _phases(kept: Sequence[dict[str, str]]) -> tuple[tuple[str, date], ...]:
    return tuple((one["name"], date.fromisoformat(one["on"])) for one in kept)
