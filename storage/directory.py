"""The directory: what can be said of people, in as few columns as a search needs, for thousands of them at once."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, String, cast, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import City, Cohort, Delegate, Facilitator, Identity, Member, Network, Seat


class Said(NamedTuple):
    """One place of one person, in words; `expertise` is the column's text (JSON). Without `cohort_id`: the whole program.

    A tuple, because all of them together are the key under which what was made of them is remembered.
    """

    member_id: int
    name: str
    title: str
    expertise: str
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


async def said(session: AsyncSession, program_id: int, cohort_ids: Collection[int] | None) -> list[Said]:
    """Whoever sits or sat in these cohorts (None: in all), and everybody who facilitates; one statement."""
    seats = _seats(program_id)
    if cohort_ids is not None:
        seats = seats.where(Seat.cohort_id.in_(cohort_ids))
    rows = await session.execute(union_all(seats, _facilitators(program_id)))
    return [Said._make(row) for row in rows]


async def of_user(session: AsyncSession, program_id: int, user_id: str) -> int | None:
    """The member who is this user in one of the program's workspaces."""
    query = select(func.min(Identity.member_id)).where(Identity.program_id == program_id, Identity.user_id == user_id)
    return await session.scalar(query)


def _seats(program_id: int) -> Select[Any]:
    return (
        select(*_person(), Delegate.role, Seat.cohort_id, Cohort.name, Network.name, Cohort.ends_on)
        .add_columns(City.name, City.state, City.time_zone, Delegate.since_on, Delegate.until_on)
        .select_from(Delegate)
        .join(Member, Member.id == Delegate.member_id)
        .join(Seat, Seat.id == Delegate.seat_id)
        .join(City, City.id == Seat.city_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .join(Network, Network.id == Cohort.network_id)
        .where(Delegate.program_id == program_id, Member.deactivated_at.is_(None))
    )


def _facilitators(program_id: int) -> Select[Any]:
    return (
        select(*_person(), literal("facilitator"), Facilitator.cohort_id)
        .add_columns(func.coalesce(Cohort.name, ""), func.coalesce(Network.name, ""), Cohort.ends_on)
        .add_columns(literal(""), literal(""), Cohort.time_zone, Facilitator.since_on, Facilitator.until_on)
        .select_from(Facilitator)
        .join(Member, Member.id == Facilitator.member_id)
        .outerjoin(Cohort, Cohort.id == Facilitator.cohort_id)
        .outerjoin(Network, Network.id == Cohort.network_id)
        .where(Facilitator.program_id == program_id, Facilitator.ended_at.is_(None))
        .where(Member.deactivated_at.is_(None))
    )


def _person() -> tuple[Any, ...]:
    # The text of the JSON as it stands: reading it for thousands of people would cost more than the search.
    return Member.id, Member.name, Member.title, cast(Member.expertise, String)
