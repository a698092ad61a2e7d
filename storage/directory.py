"""The directory: what can be said of people, read so that a search among thousands of them costs a few milliseconds."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import City, Cohort, Delegate, Facilitator, Identity, Member, Network, Seat, Workspace

# What no name holds: the roster and Slack take both for white space.
FIELD, ROW = "\x1f", "\x1e"
WHOLE_PROGRAM = ("", "", "", None, "", "", None)


class Said(NamedTuple):
    """One place of one person, in words; `expertise` is the column's text (JSON). Without `cohort_id`: the whole program."""

    member_id: int
    name: str
    title: str
    expertise: str
    role: str
    since_on: date | None
    until_on: date | None
    cohort_id: int | None
    cohort: str
    network: str
    ends_on: date | None
    city: str
    state: str
    time_zone: str | None


class Known(NamedTuple):
    """All of it as the database wrote it, one text for each table: read in one go, and equal as long as nothing has changed, so that
    what was made of it can be remembered under it without ever being out of date."""

    delegates: str
    facilitators: str
    places: str

    def said(self) -> Iterator[Said]:
        """What the texts say."""
        seats: dict[str, tuple[Any, ...]] = {}
        cohorts: dict[str, tuple[Any, ...]] = {"": (None, *WHOLE_PROGRAM[1:])}
        for seat_id, cohort_id, cohort, network, ends_on, city, state, zone in _rows(self.places, 8):
            seats[seat_id] = (int(cohort_id), cohort, network, _day(ends_on), city, state, zone or None)
            cohorts[cohort_id] = (int(cohort_id), cohort, network, _day(ends_on), "", "", zone or None)
        for text, places in ((self.delegates, seats), (self.facilitators, cohorts)):
            for key, name, title, expertise, role, since, until, place in _rows(text, 8):
                if place in places:
                    yield Said(int(key), name, title, expertise, role, _day(since), _day(until), *places[place])


async def read(session: AsyncSession, program_id: int, cohort_ids: Collection[int] | None) -> Known:
    """Whoever sits or sat in these cohorts (None: in all), and everybody who facilitates; one statement."""
    delegates = _delegates(program_id)
    if cohort_ids is not None:
        delegates = delegates.join(Seat, Seat.id == Delegate.seat_id).where(Seat.cohort_id.in_(cohort_ids))
    texts = (delegates, _facilitators(program_id), _places(program_id))
    row = (await session.execute(select(*(text.scalar_subquery() for text in texts)))).one()
    return Known(*(text or "" for text in row))


async def of_user(session: AsyncSession, program_id: int, team_id: str, user_id: str) -> int | None:
    """The member who is this user in this workspace of the program; in another one the same id is somebody else."""
    query = select(Identity.member_id).join(Workspace, Workspace.id == Identity.workspace_id)
    query = query.where(Identity.program_id == program_id, Identity.user_id == user_id)
    return await session.scalar(query.where(Workspace.team_id == team_id))


def _delegates(program_id: int) -> Select[Any]:
    told = _written(*_person(), Delegate.role, Delegate.since_on, Delegate.until_on, Delegate.seat_id)
    return (
        select(told)
        .join_from(Delegate, Member, Member.id == Delegate.member_id)
        .where(Delegate.program_id == program_id, Member.deactivated_at.is_(None))
    )


def _facilitators(program_id: int) -> Select[Any]:
    dates = (Facilitator.since_on, Facilitator.until_on)
    told = _written(*_person(), literal("facilitator"), *dates, Facilitator.cohort_id)
    return (
        select(told)
        .join_from(Facilitator, Member, Member.id == Facilitator.member_id)
        .where(Facilitator.program_id == program_id, Facilitator.ended_at.is_(None))
        .where(Member.deactivated_at.is_(None))
    )


def _places(program_id: int) -> Select[Any]:
    """Every cohort with each of its seats; one without seats stands there once."""
    zone = func.coalesce(City.time_zone, Cohort.time_zone)
    told = _written(Seat.id, Cohort.id, Cohort.name, Network.name, Cohort.ends_on, City.name, City.state, zone)
    return (
        select(told)
        .join_from(Cohort, Network, Network.id == Cohort.network_id)
        .outerjoin(Seat, Seat.cohort_id == Cohort.id)
        .outerjoin(City, City.id == Seat.city_id)
        .where(Cohort.program_id == program_id)
    )


def _person() -> tuple[Any, ...]:
    return Member.id, Member.name, Member.title, Member.expertise


def _written(*columns: Any) -> ColumnElement[str]:
    """The columns of a row as one text, and of all rows one text."""
    first, *others = (func.coalesce(cast(column, String), "") for column in columns)
    row: Any = first
    for other in others:
        row = row + FIELD + other
    return func.aggregate_strings(row, ROW)


def _rows(text: str, columns: int) -> Iterator[list[str]]:
    """A row that some strange character tore apart is left out: better one person is not found than nobody."""
    rows = (row.split(FIELD) for row in text.split(ROW))
    return (row for row in rows if len(row) == columns)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
