"""How a facilitator's cohorts take part: who answered the last rounds, who has gone quiet, and which messages did not arrive."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from storage import turnout
from storage.models import (
    CheckIn,
    City,
    Cohort,
    CohortChannel,
    Delegate,
    Delivery,
    Home,
    Member,
    Owed,
    Round,
    Seat,
    Workspace,
)
from storage.models.deliveries import FAILED
from storage.turnout import Closed, Turnout, Who

ROUNDS = 5
QUIET_ROUNDS = 3
QUIET_FROM = 2
STUBBORN = 4
MOST = 200
this_program: Any = bindparam("program")
these_cohorts: Any = bindparam("cohorts", expanding=True)
Rounds = list[tuple[Closed, Turnout]]
Seats = dict[int, tuple[int, str, str]]
Places = tuple[tuple[int, tuple[int, str, str]], ...]


class Turn(NamedTuple):
    """A city in a round that is closed: it answered, passed, or neither. Thousands are made at a time."""

    cohort_id: int
    cohort: str
    city: str
    on: date
    answered: bool
    declined: bool


@dataclass(frozen=True)
class Quiet:
    """Somebody who answered none of the last rounds in which they were asked; `read_at` is when they last opened their Home."""

    member_id: int
    name: str
    cohort: str
    city: str
    missed: int
    read_at: datetime | None


@dataclass(frozen=True)
class Failure:
    """Messages to one place that did not arrive, the last one at `at`; without `reason` they are still being tried.

    `person` is None when the place is a channel; `team_id` and `workspace` say where that is.
    """

    place: str
    person: str | None
    reason: str | None
    count: int
    at: datetime
    team_id: str = ""
    workspace: str = ""


async def of(
    session: AsyncSession, program_id: int, cohort_ids: Collection[int] | None, today: date, now: datetime
) -> tuple[list[Turn], list[Quiet]]:
    """How the last closed rounds of each of these cohorts (None: of all) went: each city's turns, and who has gone quiet."""
    recent = await _recent(session, program_id, cohort_ids)
    told = await turnout.of(session, program_id, recent, now)
    by_cohort: dict[int, Rounds] = {}
    for one in sorted(recent, key=lambda one: (one.on, one.id)):
        by_cohort.setdefault(one.cohort_id, []).append((one, told[one.id]))
    rows = tuple(await session.execute(_seated(of_all=cohort_ids is None), _given(program_id, cohort_ids)))
    seats, by_cohort_seats = _seats(rows)
    turns: list[Turn] = []
    for cohort_id, some in by_cohort_seats.items():
        turns += _turns_of(some, tuple(by_cohort.get(cohort_id, ())))
    return turns, await _quiet(session, program_id, _missed(by_cohort), seats, today)


async def failures(
    session: AsyncSession, program_id: int, cohort_ids: Collection[int] | None, since: datetime
) -> list[Failure]:
    """Messages of these cohorts (None: of the program) that were given up since, or tried in vain several times; the newest first."""
    given = _given(program_id, cohort_ids) | {"since": since}
    found = []
    for query in _failing(of_all=cohort_ids is None):
        found += [
            Failure(place, person, reason, count, at, team_id, workspace)
            for place, person, reason, count, team_id, workspace, at in await session.execute(query, given)
        ]
    return sorted(found, key=lambda one: (one.at, one.place), reverse=True)


async def _recent(session: AsyncSession, program_id: int, cohort_ids: Collection[int] | None) -> list[Closed]:
    """The last closed rounds of each cohort."""
    rows = await session.execute(_newest(of_all=cohort_ids is None), _given(program_id, cohort_ids))
    return [Closed(*row) for row in rows]


@lru_cache(maxsize=256)
def _seats(rows: tuple[Any, ...]) -> tuple[Seats, dict[int, Places]]:
    """(cohort's id, cohort, city) of each seat, and the seats of each cohort, by cohort and city; the same for the same rows."""
    seats = {
        seat_id: (cohort_id, cohort, f"{city}, {state}" if state else city)
        for seat_id, cohort_id, cohort, city, state in rows
    }
    places: dict[int, list[tuple[int, tuple[int, str, str]]]] = {}
    for seat_id, where in sorted(seats.items(), key=lambda one: (one[1][1], one[1][0], one[1][2])):
        places.setdefault(where[0], []).append((seat_id, where))
    return seats, {cohort_id: tuple(some) for cohort_id, some in places.items()}


@lru_cache(maxsize=4096)
def _turns_of(seats: Places, rounds: tuple[tuple[Closed, Turnout], ...]) -> list[Turn]:
    """By city and day. Nobody who was not asked counts."""
    return [
        Turn(*where, one.on, *told.seats[seat_id])
        for seat_id, where in seats
        for one, told in rounds
        if seat_id in told.seats
    ]


def _missed(by_cohort: dict[int, Rounds]) -> dict[Who, int]:
    """Who answered none of the last three rounds, of two or more in which they were asked; how many."""
    found: dict[Who, int] = {}
    for rounds in by_cohort.values():
        found |= _missed_of(tuple(told for one, told in rounds if one.place <= QUIET_ROUNDS))
    return found


@lru_cache(maxsize=4096)
def _missed_of(last: tuple[Turnout, ...]) -> dict[Who, int]:
    heard: set[Who] = set().union(*(told.heard for told in last))
    missed: Counter[Who] = Counter()
    for told in last:
        for who in told.silent.keys() - heard:
            missed[who] += told.silent[who]
    return {who: count for who, count in missed.items() if count >= QUIET_FROM}


async def _quiet(
    session: AsyncSession, program_id: int, missed: dict[Who, int], seats: Seats, today: date
) -> list[Quiet]:
    """Those of them who still sit there; the longest first."""
    if not missed:
        return []
    read_at = select(func.max(Home.opened_at)).where(Home.program_id == program_id, Home.member_id == Member.id)
    query = (
        select(Member.id, Member.name, Delegate.seat_id, read_at.scalar_subquery())
        .join_from(Delegate, Member, Member.id == Delegate.member_id)
        .where(Delegate.program_id == program_id, Delegate.member_id.in_({member_id for member_id, _ in missed}))
        .where(Member.deactivated_at.is_(None), or_(Delegate.until_on.is_(None), Delegate.until_on >= today))
        .distinct()
    )
    found = [
        Quiet(member_id, name, *seats[seat_id][1:], missed[member_id, seat_id], at)
        for member_id, name, seat_id, at in await session.execute(query)
        if (member_id, seat_id) in missed
    ]
    return sorted(found, key=lambda one: (-one.missed, one.cohort, one.city, one.name))


def _given(program_id: int, cohort_ids: Collection[int] | None) -> dict[str, Any]:
    return {"program": program_id} | ({} if cohort_ids is None else {"cohorts": list(cohort_ids)})


# The statements are made once for all cohorts and once for some `cohorts`: every Home of a facilitator asks them.


@cache
def _newest(*, of_all: bool) -> Select[Any]:
    newest = func.row_number().over(partition_by=CheckIn.cohort_id, order_by=(Round.opened_at.desc(), Round.id.desc()))
    query = (
        select(Round.id, CheckIn.cohort_id, Round.nominal_on, Round.changes, Round.closed_at, newest.label("place"))
        .join(CheckIn, CheckIn.id == Round.check_in_id)
        .where(Round.program_id == this_program, Round.closed_at.is_not(None))
    )
    closed = (query if of_all else query.where(CheckIn.cohort_id.in_(these_cohorts))).subquery()
    return select(closed).where(closed.c.place <= ROUNDS)


@cache
def _seated(*, of_all: bool) -> Any:
    query = (
        select(Seat.id, Cohort.id, Cohort.name, City.name, City.state)
        .join(City, City.id == Seat.city_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .where(Seat.program_id == this_program)
    )
    return query if of_all else query.where(Seat.cohort_id.in_(these_cohorts))


@cache
def _failing(*, of_all: bool) -> tuple[Select[Any], Select[Any]]:
    """What was given up `since`, and what is still tried again and again."""
    common = (
        select(Delivery.place, Member.name, Delivery.outcome, func.count(), Workspace.team_id, Workspace.name)
        .join(Owed, Owed.delivery_id == Delivery.id)
        .join(Workspace, Workspace.id == Delivery.workspace_id)
        .outerjoin(Member, Member.id == Owed.member_id)
        .where(Delivery.program_id == this_program, Delivery.kind.in_(("post", "update")))
        .group_by(Delivery.place, Member.name, Delivery.outcome, Workspace.team_id, Workspace.name)
        .limit(MOST)
    )
    common = common if of_all else common.where(_of_cohorts())
    given_up = common.add_columns(func.max(Delivery.settled_at))
    given_up = given_up.where(text(FAILED), Delivery.settled_at >= bindparam("since"))
    tried = common.add_columns(func.max(Delivery.first_tried_at))
    return given_up, tried.where(Delivery.settled_at.is_(None), Delivery.tries >= STUBBORN)


def _of_cohorts() -> Any:
    """Messages to their delegates and to their channels."""
    people = select(Delegate.member_id).join(Seat, Seat.id == Delegate.seat_id)
    people = people.where(Delegate.program_id == this_program, Seat.cohort_id.in_(these_cohorts))
    channels = select(CohortChannel.workspace_id, CohortChannel.channel).where(
        CohortChannel.program_id == this_program, CohortChannel.cohort_id.in_(these_cohorts)
    )
    told = select(CheckIn.workspace_id, CheckIn.channel).where(CheckIn.program_id == this_program)
    told = told.where(CheckIn.cohort_id.in_(these_cohorts))
    place = tuple_(Delivery.workspace_id, Delivery.place)  # another workspace may have another channel with the same id
    return or_(Owed.member_id.in_(people), place.in_(channels), place.in_(told))
