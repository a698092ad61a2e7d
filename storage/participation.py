"""How a facilitator's cohorts take part: who answered the last rounds, who has gone quiet, and which messages did not arrive."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import (
    Asking,
    CheckIn,
    City,
    Cohort,
    CohortChannel,
    Delegate,
    Delivery,
    Home,
    Member,
    Owed,
    Prompt,
    Round,
    Seat,
    Workspace,
)
from storage.models.deliveries import FAILED

ROUNDS = 5
QUIET_ROUNDS = 3
QUIET_FROM = 2
STUBBORN = 4
MOST = 200


@dataclass(frozen=True)
class Turn:
    """A city in a round that is closed: it answered, passed, or neither."""

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


async def turns(session: AsyncSession, program_id: int, cohort_ids: Collection[int] | None) -> list[Turn]:
    """The last five closed rounds of each of these cohorts (None: of all), by cohort, city and day. Nobody who was not asked counts."""
    recent = await _recent(session, program_id, cohort_ids, ROUNDS)
    asked, answered, declined = (
        func.max(case((column.is_not(None), 1), else_=0)) for column in (Asking.asked_at, *_REACTIONS)
    )
    query = (
        select(Prompt.seat_id, Prompt.round_id, answered, declined)
        .join_from(Prompt, Asking, Asking.prompt_id == Prompt.id)
        .where(Prompt.program_id == program_id, Prompt.round_id.in_(recent))
        .group_by(Prompt.seat_id, Prompt.round_id)
        .having(or_(asked == 1, answered == 1))
    )
    rows = list(await session.execute(query))
    seats = await _seats(session, program_id, {row[0] for row in rows})
    found = [
        Turn(*seats[seat_id], recent[round_id], bool(did), bool(passed)) for seat_id, round_id, did, passed in rows
    ]
    return sorted(found, key=lambda one: (one.cohort, one.cohort_id, one.city, one.on))


async def quiet(session: AsyncSession, program_id: int, cohort_ids: Collection[int] | None, today: date) -> list[Quiet]:
    """Who still sits there and answered none of the last three rounds, of two or more in which they were asked; the longest first."""
    recent = await _recent(session, program_id, cohort_ids, QUIET_ROUNDS)
    reacted = func.sum(case((or_(*(column.is_not(None) for column in _REACTIONS)), 1), else_=0))
    silent = (
        select(Asking.member_id, Prompt.seat_id, func.count())
        .join_from(Prompt, Asking, Asking.prompt_id == Prompt.id)
        .where(Prompt.program_id == program_id, Prompt.round_id.in_(recent), Asking.asked_at.is_not(None))
        .group_by(Asking.member_id, Prompt.seat_id)
        .having(func.count() >= QUIET_FROM, reacted == 0)
    )
    missed = {(member_id, seat_id): count for member_id, seat_id, count in await session.execute(silent)}
    seats = await _seats(session, program_id, {seat_id for _, seat_id in missed})
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


async def failures(
    session: AsyncSession, program_id: int, cohort_ids: Collection[int] | None, since: datetime
) -> list[Failure]:
    """Messages of these cohorts (None: of the program) that were given up since, or tried in vain several times; the newest first."""
    common = (
        select(Delivery.place, Member.name, Delivery.outcome, func.count(), Workspace.team_id, Workspace.name)
        .join(Owed, Owed.delivery_id == Delivery.id)
        .join(Workspace, Workspace.id == Delivery.workspace_id)
        .outerjoin(Member, Member.id == Owed.member_id)
        .where(Delivery.program_id == program_id, Delivery.kind.in_(("post", "update")))
        .group_by(Delivery.place, Member.name, Delivery.outcome, Workspace.team_id, Workspace.name)
    )
    given_up = common.add_columns(func.max(Delivery.settled_at))
    given_up = given_up.where(text(FAILED), Delivery.settled_at >= since)
    tried = common.add_columns(func.max(Delivery.first_tried_at))
    tried = tried.where(Delivery.settled_at.is_(None), Delivery.tries >= STUBBORN)
    found = []
    for query in (given_up, tried):
        own = query if cohort_ids is None else query.where(_of_cohorts(program_id, cohort_ids))
        found += [
            Failure(place, person, reason, count, at, team_id, workspace)
            for place, person, reason, count, team_id, workspace, at in await session.execute(own.limit(MOST))
        ]
    return sorted(found, key=lambda one: (one.at, one.place), reverse=True)


_REACTIONS = (Prompt.answered_at, Prompt.declined_at)


async def _recent(
    session: AsyncSession, program_id: int, cohort_ids: Collection[int] | None, count: int
) -> dict[int, date]:
    """The last closed rounds of each cohort with their days. Read first, as are the names last: joined with all prompts, both databases
    take hundreds of times as long."""
    newest = func.row_number().over(partition_by=CheckIn.cohort_id, order_by=(Round.opened_at.desc(), Round.id.desc()))
    query = (
        select(Round.id, Round.nominal_on, newest.label("place"))
        .join(CheckIn, CheckIn.id == Round.check_in_id)
        .where(Round.program_id == program_id, Round.closed_at.is_not(None))
    )
    closed = (query if cohort_ids is None else query.where(CheckIn.cohort_id.in_(cohort_ids))).subquery()
    rows = await session.execute(select(closed.c.id, closed.c.nominal_on).where(closed.c.place <= count))
    return {round_id: on for round_id, on in rows}  # noqa: C416 (mypy takes no Result for pairs)


async def _seats(session: AsyncSession, program_id: int, seat_ids: Collection[int]) -> dict[int, tuple[int, str, str]]:
    """(cohort's id, cohort, city) of these seats."""
    query = (
        select(Seat.id, Cohort.id, Cohort.name, City.name, City.state)
        .join(City, City.id == Seat.city_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .where(Seat.program_id == program_id, Seat.id.in_(seat_ids))
    )
    return {
        seat_id: (cohort_id, cohort, f"{city}, {state}" if state else city)
        for seat_id, cohort_id, cohort, city, state in await session.execute(query)
    }


def _of_cohorts(program_id: int, cohort_ids: Collection[int]) -> Any:
    """Messages to their delegates and to their channels."""
    people = select(Delegate.member_id).join(Seat, Seat.id == Delegate.seat_id)
    people = people.where(Delegate.program_id == program_id, Seat.cohort_id.in_(cohort_ids))
    channels = select(CohortChannel.workspace_id, CohortChannel.channel).where(
        CohortChannel.program_id == program_id, CohortChannel.cohort_id.in_(cohort_ids)
    )
    told = select(CheckIn.workspace_id, CheckIn.channel).where(CheckIn.program_id == program_id)
    told = told.where(CheckIn.cohort_id.in_(cohort_ids))
    place = tuple_(Delivery.workspace_id, Delivery.place)  # another workspace may have another channel with the same id
    return or_(Owed.member_id.in_(people), place.in_(channels), place.in_(told))
