"""Where a member stands, and which commitments they may therefore see: every list and every look at a single one."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import (
    City,
    Cohort,
    CohortChannel,
    Commitment,
    CommitmentEvent,
    Delegate,
    Facilitator,
    Member,
    Program,
    Seat,
    Workspace,
)

SEAT = ("city_id", "city", "state", "role", "since_on", "until_on")
OPEN = ("open", "at_risk", "needs_owner")
FRESH = {"populate_existing": True}


@dataclass(frozen=True)
class Place:
    """A seat in a cohort, or (without a city) a cohort that somebody facilitates. `here`: the request came from its channel.

    `everywhere` is set for who facilitates the whole program. The days are those of the seat, `ends_on` is the cohort's.
    """

    cohort_id: int
    cohort: str
    network_id: int
    ends_on: date | None
    zone: str
    here: bool
    city_id: int | None = None
    city: str = ""
    state: str | None = None
    role: str = ""
    since_on: date | None = None
    until_on: date | None = None
    facilitates: bool = False
    everywhere: bool = False


@dataclass(frozen=True)
class Item:
    """A commitment with the names that belong to it."""

    commitment: Commitment
    owner: Member | None
    city: str
    cohort: str


async def places_of(session: AsyncSession, member: Member, channel: str = "", team_id: str = "") -> list[Place]:
    """All seats of a member, ended ones too, and the cohorts they facilitate, by name; one statement.

    `channel` is where the request comes from, in the workspace `team_id`: in another one the same id is another channel.
    """
    places: list[Place] = []
    given = {"program": member.program_id, "member": member.id, "channel": channel, "team": team_id}
    for row in (await session.execute(_standing(), given)).mappings():
        cohort = row["Cohort"]
        place = Place(
            cohort.id, cohort.name, cohort.network_id, cohort.ends_on, row["zone"], here=row["here"] is not None
        )
        if row["city_id"] is not None:
            places.append(replace(place, **{name: row[name] for name in SEAT}))
        if row["facilitator_id"] is not None:
            places.append(replace(place, facilitates=True, everywhere=row["runs"] is None))
    return places


async def mine(session: AsyncSession, member: Member) -> list[Item]:
    """The open commitments that a member owns; like all lists the most urgent first."""
    return await _items(session, _open(member).where(Commitment.owner_id == member.id))


async def of_cities(session: AsyncSession, member: Member, places: list[Place], city_ids: set[int]) -> list[Item]:
    return await _items(session, _open(member).where(_visible(member, places), Commitment.city_id.in_(city_ids)))


async def of_cohorts(session: AsyncSession, member: Member, places: list[Place], cohort_ids: set[int]) -> list[Item]:
    return await _items(session, _open(member).where(_visible(member, places), Commitment.cohort_id.in_(cohort_ids)))


async def of_seat(
    session: AsyncSession, member: Member, seat_id: int, also: Collection[int] = ()
) -> list[tuple[Item, str]]:
    """The open commitments of a seat's city in its cohort that a member of it may see, each with the member's role on the seat.

    `also` are numbers of closed ones that they want to see with them.
    """
    query: Any = _select(member).join(
        Seat, (Seat.cohort_id == Commitment.cohort_id) & (Seat.city_id == Commitment.city_id)
    )
    leads = select(Delegate.id).where(Delegate.program_id == Commitment.program_id, Delegate.role == "lead")
    leads = leads.where(Delegate.seat_id == seat_id, Delegate.member_id == member.id)
    query = query.add_columns(case((leads.exists(), "lead"), else_="delegate"))
    seen = or_(Commitment.owner_id == member.id, Commitment.audience != "facilitators")
    wanted = or_(Commitment.state.in_(OPEN), Commitment.number.in_(also))
    rows = await session.execute(query.where(Seat.id == seat_id, seen, wanted), execution_options=FRESH)
    return [(Item(one, owner, city or "", cohort or ""), role) for one, owner, city, cohort, role in rows]


async def overdue(session: AsyncSession, member: Member, places: list[Place], today: date) -> list[Item]:
    return await _items(session, _open(member).where(_visible(member, places), Commitment.due_on < today))


async def needing_owner(session: AsyncSession, member: Member, places: list[Place], owner_id: int) -> list[Item]:
    """What somebody left behind, as far as the member may see it."""
    query = _open(member).where(_visible(member, places), Commitment.owner_id == owner_id)
    return await _items(session, query.where(Commitment.state == "needs_owner"))


async def find(session: AsyncSession, member: Member, places: list[Place], number: int) -> Item | None:
    """The commitment with this number, closed ones too; None when there is none that the member may see."""
    query = _select(member).where(Commitment.number == number, _visible(member, places))
    return next(iter(await _items(session, query)), None)


async def owned(session: AsyncSession, member: Member, numbers: list[int]) -> list[Item]:
    """These commitments of a member, whatever became of them."""
    query = _select(member).where(Commitment.owner_id == member.id, Commitment.number.in_(numbers))
    return await _items(session, query)


async def city_names(session: AsyncSession, member: Member, cohort_ids: set[int]) -> dict[str, int]:
    """The cities with a seat in these cohorts: their ids by name."""
    query = select(City.name, City.id).join(Seat, Seat.city_id == City.id)
    query = query.where(City.program_id == member.program_id, Seat.cohort_id.in_(cohort_ids))
    rows = await session.execute(query.order_by(City.id.desc()))
    return {name: city_id for name, city_id in rows}  # noqa: C416 (mypy takes no Result for pairs)


async def history(session: AsyncSession, commitment: Commitment) -> list[tuple[CommitmentEvent, str | None]]:
    """Each change with the name of who made it (None: the bot), the oldest first."""
    query = (
        select(CommitmentEvent, Member.name)
        .outerjoin(Member, Member.id == CommitmentEvent.member_id)
        .where(CommitmentEvent.program_id == commitment.program_id, CommitmentEvent.commitment_id == commitment.id)
        .order_by(CommitmentEvent.id)
    )
    return [(event, name) for event, name in await session.execute(query)]


async def colleagues(session: AsyncSession, member: Member, commitment: Commitment) -> list[Member]:
    """Who could take a commitment over: the delegates of its city in its cohort, and the cohort's facilitators."""
    seated = (
        select(Delegate.member_id)
        .join(Seat, Seat.id == Delegate.seat_id)
        .where(Delegate.program_id == member.program_id, Seat.city_id == commitment.city_id)
        .where(Seat.cohort_id == commitment.cohort_id, Delegate.until_on.is_(None))
    )
    runs = select(Facilitator.member_id).where(
        Facilitator.program_id == member.program_id,
        Facilitator.ended_at.is_(None),
        or_(Facilitator.cohort_id.is_(None), Facilitator.cohort_id == commitment.cohort_id),
    )
    query = select(Member).where(Member.program_id == member.program_id, Member.deactivated_at.is_(None))
    query = query.where(or_(Member.id.in_(seated), Member.id.in_(runs)))
    return list(await session.scalars(query.order_by(Member.name, Member.id)))


@cache
def _standing() -> Select[Any]:
    """A row for each cohort in which the member has a seat or which they facilitate; built once, every `/commit` asks it."""
    program: BindParameter[int] = bindparam("program")
    member: BindParameter[int] = bindparam("member")
    seat = (
        select(Seat.cohort_id, City.id.label("city_id"), City.name.label("city"), City.state, City.time_zone)
        .add_columns(Delegate.id.label("delegate_id"), Delegate.role, Delegate.since_on, Delegate.until_on)
        .join_from(Delegate, Seat, Seat.id == Delegate.seat_id)
        .join(City, City.id == Seat.city_id)
        .where(Delegate.program_id == program, Delegate.member_id == member)
        .subquery()
    )
    runs = and_(
        Facilitator.program_id == Cohort.program_id,
        Facilitator.member_id == member,
        Facilitator.ended_at.is_(None),
        or_(Facilitator.cohort_id.is_(None), Facilitator.cohort_id == Cohort.id),
    )
    here = select(Workspace.id).where(Workspace.program_id == program, Workspace.team_id == bindparam("team"))
    of_channel = and_(
        CohortChannel.cohort_id == Cohort.id,
        CohortChannel.channel == bindparam("channel"),
        CohortChannel.workspace_id == here.scalar_subquery(),
    )
    zone = func.coalesce(seat.c.time_zone, Cohort.time_zone, Program.time_zone).label("zone")
    facilitates = (Facilitator.id.label("facilitator_id"), Facilitator.cohort_id.label("runs"))
    return (
        select(Cohort, *(seat.c[name] for name in SEAT), *facilitates, CohortChannel.id.label("here"), zone)
        .join(Program, Program.id == Cohort.program_id)
        .outerjoin(seat, seat.c.cohort_id == Cohort.id)
        .outerjoin(Facilitator, runs)
        .outerjoin(CohortChannel, of_channel)
        .where(Cohort.program_id == program)
        .where(or_(seat.c.delegate_id.is_not(None), Facilitator.id.is_not(None)))
        .order_by(Cohort.name, Cohort.id, seat.c.city, seat.c.delegate_id, Facilitator.cohort_id.is_not(None))
    )


def _visible(member: Member, places: list[Place]) -> ColumnElement[bool]:
    """The owner and the facilitators see a commitment always, the others as far as its audience reaches."""
    if any(place.everywhere for place in places):
        return Commitment.program_id == member.program_id
    seats = [place for place in places if place.city_id]
    cohorts = {place.cohort_id for place in seats}
    network = select(Cohort.id).where(
        Cohort.program_id == member.program_id, Cohort.network_id.in_({place.network_id for place in places})
    )
    return or_(
        Commitment.owner_id == member.id,
        Commitment.cohort_id.in_({place.cohort_id for place in places if place.facilitates}),
        and_(Commitment.audience != "facilitators", Commitment.city_id.in_({place.city_id for place in seats})),
        and_(Commitment.audience.in_(("cohort", "network")), Commitment.cohort_id.in_(cohorts)),
        and_(Commitment.audience == "network", Commitment.cohort_id.in_(network)),
    )


def _select(member: Member) -> Select[Commitment, Member, str, str]:
    return (
        select(Commitment, Member, City.name, Cohort.name)
        .outerjoin(Member, Member.id == Commitment.owner_id)
        .outerjoin(City, City.id == Commitment.city_id)
        .outerjoin(Cohort, Cohort.id == Commitment.cohort_id)
        .where(Commitment.program_id == member.program_id)
        .order_by(Commitment.due_on, Commitment.number)
    )


def _open(member: Member) -> Select[Commitment, Member, str, str]:
    return _select(member).where(Commitment.state.in_(OPEN))


async def _items(session: AsyncSession, query: Select[Commitment, Member, str, str]) -> list[Item]:
    rows = await session.execute(query.execution_options(populate_existing=True))
    return [Item(commitment, owner, city or "", cohort or "") for commitment, owner, city, cohort in rows]
