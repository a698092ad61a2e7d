"""Cohorts and who is in them: the seats with their people, who facilitates, and what comes next for a member."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import members, place_queries
from storage.days import Span
from storage.models import (
    CheckIn,
    Cohort,
    CohortChannel,
    Member,
    Network,
    Workspace,
)

ONE_DAY = timedelta(days=1)
RANKS = {"lead": 0, "delegate": 1}
MANY = 2000


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

    `person` is None for a seat on which nobody sits. `head` marks the head facilitator of a cohort. `away` are absences around the day
    that was asked for.
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
    away: tuple[Span, ...] = ()

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
    found = _sorted(await session.execute(place_queries.own(), {"program": member.program_id, "member": member.id}))
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
    away_on: date | None = None,
) -> list[Place]:
    """The seats by city, ended ones too, then who facilitates; of these cohorts (and the whole program), or of these people.

    One statement. `team_id` is the reader's workspace; without one nothing is said of where people are in Slack. Whoever wants
    everybody asks the directory. With `away_on` (a day in UTC) those on seats come with their absences that may cover that day in one
    zone or other.
    """
    given: dict[str, Any] = {"program": program_id}
    given |= {} if cohort_ids is None else {"cohorts": list(cohort_ids)}
    given |= {} if member_ids is None else {"members": list(member_ids)}
    given |= {} if team_id is None else {"team": team_id}
    given |= {} if away_on is None else {"earliest": away_on - ONE_DAY, "latest": away_on + ONE_DAY}
    query = place_queries.places(
        of_cohorts=cohort_ids is not None,
        of_members=member_ids is not None,
        in_slack=team_id is not None,
        away=away_on is not None,
    )
    rows = (await session.execute(query, given)).all()
    # So many in one go would hold everything up for a tenth of a second.
    found = await asyncio.to_thread(_sorted, rows) if len(rows) > MANY else _sorted(rows)
    return [place for place, _ in found] if away_on is None else _with_absences(found)


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


def _sorted(rows: Iterable[Any]) -> list[tuple[Place, tuple[Any, ...]]]:
    """Seats by city, the lead first, empty ones last; then who facilitates, heads first. In Python, so that both databases sort alike."""

    def order(found: tuple[Place, tuple[Any, ...]]) -> tuple[Any, ...]:
        place, row = found
        name = place.person.name if place.person else ""
        return not place.city, place.city, place.state, RANKS.get(place.role, 2), not place.head, name, row[0] or 0

    return sorted(((_place(row), tuple(row)) for row in rows), key=order)


def _place(row: Sequence[Any]) -> Place:
    """From a row of a query for places; more columns at its end do not matter."""
    member_id, name, title, expertise, email, deactivated_at, *in_slack = row[1:9]
    role, rest = row[9], row[10:20]
    if member_id is None or deactivated_at is not None:
        return Place(None, "", *rest)
    return Place(Person(member_id, name, title, tuple(expertise), email, *in_slack), role or "", *rest)


def _with_absences(found: Iterable[tuple[Place, tuple[Any, ...]]]) -> list[Place]:
    """Each place once, although there is a row for each absence."""
    places: dict[Any, Place] = {}
    for number, (place, row) in enumerate(found):
        key = (bool(place.city), row[0]) if row[0] else number
        spans = (Span(row[-2], row[-1]),) if row[-2] else ()
        known = places.get(key, place)
        places[key] = replace(known, away=known.away + spans)
    return list(places.values())


def _phases(kept: Sequence[dict[str, str]]) -> tuple[tuple[str, date], ...]:
    return tuple((one["name"], date.fromisoformat(one["on"])) for one in kept)
