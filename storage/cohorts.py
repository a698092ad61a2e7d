"""Cohorts and who is in them: the seats with their people, who facilitates, and what comes next for a member."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from sqlalchemy import Select, false, func, literal, null, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from storage import members
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
    Program,
    Seat,
    Workspace,
)

RANKS = {"lead": 0, "delegate": 1}
_PERSON = (Member.id, Member.name, Member.title, Member.expertise, Member.email, Member.deactivated_at)


@dataclass(frozen=True)
class Listed:
    """A cohort of the program, with its network and the channel it talks in where the reader is; `phases` are names with the first day."""

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
    """A member as others read of them; `user_id` is None unless they are in the reader's workspace, `elsewhere` names another."""

    id: int
    name: str
    title: str
    expertise: tuple[str, ...]
    email: str | None
    user_id: str | None
    elsewhere: str | None = None


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


async def listed(session: AsyncSession, program_id: int, team_id: str | None = None) -> list[Listed]:
    """All cohorts of the program, by network and name, with their channels in the workspace of the reader."""
    channel = (
        select(func.min(CohortChannel.channel))
        .join(Workspace, Workspace.id == CohortChannel.workspace_id)
        .where(CohortChannel.program_id == program_id, CohortChannel.cohort_id == Cohort.id)
        .where(Workspace.team_id == team_id)
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


@dataclass(frozen=True)
class Own:
    """A member's own places, ended ones too, and the time zone they live in."""

    places: list[Place]
    zone: str


async def own(session: AsyncSession, member: Member) -> Own:
    """Where a member stands, in one statement (a second one for somebody without any place and time zone)."""
    program_id = member.program_id
    seats = _seats(program_id).where(Delegate.member_id == member.id)
    runs = _facilitators(program_id).where(Facilitator.member_id == member.id)
    cohort_zone, zone = Cohort.time_zone, select(Program.time_zone).where(Program.id == program_id).scalar_subquery()
    query = union_all(seats.add_columns(cohort_zone, zone), runs.add_columns(cohort_zone, zone))
    found = _sorted(await session.execute(query))
    known = [member.app_time_zone or member.slack_time_zone or member.roster_time_zone]
    known += [place.time_zone for place, _ in found if place.city]
    known += [row[column] for column in (-2, -1) for _, row in found]
    living = next((one for one in known if one), None)
    return Own([place for place, _ in found], living or await members.zone_of(session, member))


async def places(
    session: AsyncSession,
    program_id: int,
    *,
    cohort_ids: Collection[int] | None = None,
    member_ids: Collection[int] | None = None,
    team_id: str | None = None,
) -> list[Place]:
    """The seats by city, ended ones too, then who facilitates; of these cohorts (and the whole program), or of these people.

    One statement. `team_id` is the reader's workspace; without one nothing is said of where people are in Slack. Whoever wants
    everybody asks the directory.
    """
    seats, runs = _seats(program_id, team_id), _facilitators(program_id, team_id)
    if cohort_ids is not None:
        seats = seats.where(Seat.cohort_id.in_(cohort_ids))
        runs = runs.where(or_(Facilitator.cohort_id.is_(None), Facilitator.cohort_id.in_(cohort_ids)))
    if member_ids is not None:
        seats = seats.where(Delegate.member_id.in_(member_ids))
        runs = runs.where(Facilitator.member_id.in_(member_ids))
    return [place for place, _ in _sorted(await session.execute(union_all(seats, runs)))]


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


async def themes(session: AsyncSession, program_id: int, cohort_ids: Collection[int]) -> list[str]:
    """What these cohorts are about: the theme, or the name where none is given."""
    theme = func.coalesce(func.nullif(Cohort.theme, ""), Cohort.name)
    query = select(theme).where(Cohort.program_id == program_id, Cohort.id.in_(cohort_ids)).order_by(Cohort.name)
    return list(await session.scalars(query))


def _in_slack(program_id: int, team_id: str | None) -> tuple[Any, Any]:
    """Who a member is in this workspace, and the name of another one where they are somebody."""
    if team_id is None:
        return null(), null()
    known = select(func.min(Identity.user_id)).join(Workspace, Workspace.id == Identity.workspace_id)
    known = known.where(Identity.program_id == program_id, Identity.member_id == Member.id)
    elsewhere = known.with_only_columns(func.min(Workspace.name), maintain_column_froms=True)
    here, there = known.where(Workspace.team_id == team_id), elsewhere.where(Workspace.team_id != team_id)
    return here.scalar_subquery(), there.scalar_subquery()


def _seats(program_id: int, team_id: str | None = None) -> Select[Any]:
    """Each delegate of each seat, and a row without a member for an empty seat."""
    return (
        select(Delegate.id, *_PERSON, *_in_slack(program_id, team_id), Delegate.role, Seat.cohort_id)
        .add_columns(Cohort.name, Network.name)
        .add_columns(Cohort.ends_on, City.name, City.state, City.time_zone, Delegate.since_on, Delegate.until_on)
        .add_columns(false())
        .select_from(Seat)
        .join(City, City.id == Seat.city_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .join(Network, Network.id == Cohort.network_id)
        .outerjoin(Delegate, Delegate.seat_id == Seat.id)
        .outerjoin(Member, Member.id == Delegate.member_id)
        .where(Seat.program_id == program_id)
    )


def _facilitators(program_id: int, team_id: str | None = None) -> Select[Any]:
    return (
        select(Facilitator.id, *_PERSON, *_in_slack(program_id, team_id), literal("facilitator"), Facilitator.cohort_id)
        .add_columns(func.coalesce(Cohort.name, ""), func.coalesce(Network.name, ""), Cohort.ends_on)
        .add_columns(literal(""), literal(""), Cohort.time_zone, Facilitator.since_on, Facilitator.until_on)
        .add_columns(Facilitator.head)
        .join(Member, Member.id == Facilitator.member_id)
        .outerjoin(Cohort, Cohort.id == Facilitator.cohort_id)
        .outerjoin(Network, Network.id == Cohort.network_id)
        .where(Facilitator.program_id == program_id, Facilitator.ended_at.is_(None))
    )


def _sorted(rows: Iterable[Any]) -> list[tuple[Place, tuple[Any, ...]]]:
    """Seats by city, the lead first, empty ones last; then who facilitates, heads first. In Python, so that both databases sort alike."""

    def order(found: tuple[Place, tuple[Any, ...]]) -> tuple[Any, ...]:
        place, row = found
        name = place.person.name if place.person else ""
        return not place.city, place.city, place.state, RANKS.get(place.role, 2), not place.head, name, row[0] or 0

    return sorted(((_place(row), tuple(row)) for row in rows), key=order)


def _place(row: Sequence[Any]) -> Place:
    """From a row of `_seats` or `_facilitators`; more columns at its end do not matter."""
    member_id, name, title, expertise, email, deactivated_at, *in_slack = row[1:9]
    role, rest = row[9], row[10:20]
    if member_id is None or deactivated_at is not None:
        return Place(None, "", *rest)
    return Place(Person(member_id, name, title, tuple(expertise), email, *in_slack), role or "", *rest)


def _phases(kept: Sequence[dict[str, str]]) -> tuple[tuple[str, date], ...]:
    return tuple((one["name"], date.fromisoformat(one["on"])) for one in kept)
