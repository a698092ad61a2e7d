"""Who sits where: people put on seats, their last days, and who comes after; nothing is removed, the history stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import insert
from storage.models import City, Cohort, Delegate, Facilitator, Identity, Member, Program, Seat, Workspace


@dataclass(frozen=True)
class Seated:
    """A member on a seat, with the names that belong to it and the zone in which its days are counted."""

    delegate: Delegate
    member: Member
    seat: Seat
    city: str
    cohort: str
    zone: str
    ends_on: date | None


@dataclass(frozen=True)
class Putting:
    """A place to be given: on a seat in a role, from a day until a last one (None: open)."""

    seat_id: int
    role: str
    since_on: date
    until_on: date | None = None
    takes: Sequence[int] = ()
    note: str = ""
    form_key: str | None = None


async def seated(session: AsyncSession, program_id: int, cohort_id: int) -> list[Seated]:
    """Everybody on the seats of a cohort, also those whose days are over or still to come, by city and name."""
    query = _seated().where(Delegate.program_id == program_id, Seat.cohort_id == cohort_id)
    return [Seated(*row) for row in await session.execute(query)]


async def place(session: AsyncSession, program_id: int, delegate_id: int, *, lock: bool = False) -> Seated | None:
    """One place. With `lock` nobody else changes it until the commit."""
    query = _seated().where(Delegate.program_id == program_id, Delegate.id == delegate_id)
    row = (await session.execute(query.with_for_update(of=Delegate) if lock else query)).one_or_none()
    return Seated(*row) if row else None


async def cities(session: AsyncSession, program_id: int) -> list[City]:
    query = select(City).where(City.program_id == program_id).order_by(City.name, City.state)
    return list(await session.scalars(query))


async def city(session: AsyncSession, program_id: int, name: str, state: str) -> int:
    """The city of this name, in whatever letters; made when there is none."""
    query = _named(program_id, name, state).order_by(City.id).limit(1)
    known = await session.scalar(query)
    if known is not None:
        return known
    new = insert(session, City).values(program_id=program_id, name=name, state=state)
    await session.execute(new.on_conflict_do_nothing())
    return (await session.scalars(query)).one()


async def seat(session: AsyncSession, program_id: int, cohort_id: int, city_id: int) -> int:
    """The seat of a city in a cohort; made when there is none."""
    new = insert(session, Seat).values(program_id=program_id, cohort_id=cohort_id, city_id=city_id)
    await session.execute(new.on_conflict_do_nothing())
    query = select(Seat.id).where(Seat.program_id == program_id, Seat.cohort_id == cohort_id, Seat.city_id == city_id)
    return (await session.scalars(query)).one()


async def people(session: AsyncSession, workspace: Workspace, user_id: str | None, email: str | None) -> list[Member]:
    """The members behind a Slack user of the workspace and an e-mail address: none, one, or two different ones."""
    same = _same(workspace, user_id, email)
    query = select(Member).where(Member.program_id == workspace.program_id, or_(*same)).order_by(Member.id)
    return list(await session.scalars(query)) if same else []


async def meant(
    session: AsyncSession,
    workspace: Workspace,
    user_id: str | None,
    email: str | None,
    *,
    cohort_id: int,
    city: int | tuple[str, str],
) -> list[tuple[Member, list[Delegate]]]:
    """The same, each with their places, of all days, on the seat of a city in a cohort; the city by its id, or by name and state."""
    same = _same(workspace, user_id, email)
    if not same:
        return []
    which = Seat.city_id == city if isinstance(city, int) else Seat.city_id.in_(_named(workspace.program_id, *city))
    here = select(Seat.id).where(Seat.program_id == workspace.program_id, Seat.cohort_id == cohort_id, which)
    query = select(Member, Delegate).outerjoin(Delegate, (Delegate.member_id == Member.id) & Delegate.seat_id.in_(here))
    query = query.where(Member.program_id == workspace.program_id, or_(*same)).order_by(Member.id, Delegate.id)
    found: dict[int, tuple[Member, list[Delegate]]] = {}
    for member, delegate in await session.execute(query):
        places = found.setdefault(member.id, (member, []))[1]
        places += [delegate] if delegate else []
    return list(found.values())


async def add_person(
    session: AsyncSession, workspace: Workspace, name: str, email: str | None, user_id: str | None, at: datetime
) -> Member:
    """A new member, to be looked for in Slack; one who was chosen among the users of a linked workspace is found with that."""
    program_id, linked = workspace.program_id, workspace.linked_at is not None
    member = Member(program_id=program_id, name=name, email=email, created_at=at)
    member.roster_slack_id = None if linked else user_id
    member.looked_up_at = at if user_id and linked else None
    session.add(member)
    await session.flush()
    if user_id and linked:
        who = {"program_id": program_id, "workspace_id": workspace.id, "member_id": member.id}
        session.add(Identity(**who, user_id=user_id, created_at=at))
        await session.flush()
    return member


async def sits(session: AsyncSession, member: Member, putting: Putting) -> bool:
    """Whether the member has the seat already on one of these days."""
    query = select(Delegate.id).where(Delegate.program_id == member.program_id, Delegate.member_id == member.id)
    query = query.where(Delegate.seat_id == putting.seat_id)
    query = query.where(or_(Delegate.until_on.is_(None), Delegate.until_on >= putting.since_on))
    if putting.until_on:
        query = query.where(or_(Delegate.since_on.is_(None), Delegate.since_on <= putting.until_on))
    return await session.scalar(query.limit(1)) is not None


async def put(session: AsyncSession, member: Member, putting: Putting) -> int | None:
    """Put a member on a seat; the id of the place. None when this form was saved before.

    Whoever left the seat without a successor has one now, who is to get a brief; a sponsor, who only reads, comes after nobody.
    """
    program_id = member.program_id
    query = insert(session, Delegate).values(
        program_id=program_id,
        seat_id=putting.seat_id,
        member_id=member.id,
        role=putting.role,
        since_on=putting.since_on,
        until_on=putting.until_on,
        why="",
        takes=[],
        note="",
        greeting="welcome",
        form_key=putting.form_key,
    )
    placed: int | None = await session.scalar(query.on_conflict_do_nothing().returning(Delegate.id))
    if placed is None or putting.role == "sponsor":
        return placed
    gone = select(Member.id).where(Member.program_id == program_id, Member.deactivated_at.is_not(None))
    before = update(Delegate).where(Delegate.program_id == program_id, Delegate.seat_id == putting.seat_id)
    before = before.where(Delegate.role != "sponsor", Delegate.successor_id.is_(None), Delegate.id != placed)
    before = before.where(Delegate.member_id != member.id)
    before = before.where(or_(Delegate.until_on < putting.since_on, Delegate.member_id.in_(gone)))
    before = before.values(successor_id=placed).returning(Delegate.id)
    if (await session.scalars(before.execution_options(synchronize_session=False))).all():
        await session.execute(_place(program_id, placed).values(greeting="brief"))
    return placed


async def facilitate(
    session: AsyncSession,
    member: Member,
    cohort_id: int | None,
    *,
    head: bool,
    days: tuple[date, date | None],
    key: str,
) -> bool:
    """The member facilitates a cohort, or the whole program, from a day until a last one. False when this form was saved before."""
    query = insert(session, Facilitator).values(
        program_id=member.program_id,
        member_id=member.id,
        cohort_id=cohort_id,
        since_on=days[0],
        until_on=days[1],
        head=head,
        form_key=key,
    )
    return await session.scalar(query.on_conflict_do_nothing().returning(Facilitator.id)) is not None


async def end(session: AsyncSession, by: Member, seen: Seated, last_day: date, why: str) -> bool:
    """Set the last day of a place. False when it was ended, or its last day was changed, meanwhile."""
    before = seen.delegate.until_on
    query = _place(by.program_id, seen.delegate.id).where(Delegate.ended_at.is_(None))
    query = query.where(Delegate.until_on.is_(None) if before is None else Delegate.until_on == before)
    query = query.values(until_on=last_day, ended_by=by.id, why=why).returning(Delegate.id)
    return await session.scalar(query) is not None


async def follow(session: AsyncSession, by: Member, seen: Seated, after: int, takes: Sequence[int], note: str) -> None:
    """Who was just ended is followed by the place `after`, and these commitments go along."""
    query = _place(by.program_id, seen.delegate.id)
    await session.execute(query.values(successor_id=after, takes=list(takes), note=note))
    await session.execute(_place(by.program_id, after).values(greeting="brief"))


async def take_back(
    session: AsyncSession, by: Member, delegate_id: int, last_day: date, before: date | None
) -> tuple[Seated, datetime | None] | None:
    """Undo `end` by the same member: the place as it was, and when its end had taken effect (None: not yet).

    None when it was changed since, or somebody came after.
    """
    found = await place(session, by.program_id, delegate_id, lock=True)
    if found is None:
        return None
    one = found.delegate
    ended_at = one.ended_at
    if (one.ended_by, one.until_on, one.successor_id) != (by.id, last_day, None):
        return None
    query = _place(by.program_id, delegate_id).values(until_on=before, ended_by=None, why="", ended_at=None)
    await session.execute(query)
    return found, ended_at


def _same(workspace: Workspace, user_id: str | None, email: str | None) -> list[ColumnElement[bool]]:
    """What makes somebody the one who is meant."""
    here = (
        select(Identity.member_id)
        .where(Identity.program_id == workspace.program_id, Identity.workspace_id == workspace.id)
        .where(Identity.user_id == user_id)
    )
    same: list[ColumnElement[bool]] = [Member.id.in_(here)] if user_id else []
    # The ids of the roster are those of the program's own workspace.
    same += [Member.roster_slack_id == user_id] if user_id and workspace.linked_at is None else []
    return [*same, Member.email == email] if email else same


def _named(program_id: int, name: str, state: str) -> Select[int]:
    query = select(City.id).where(City.program_id == program_id, func.lower(City.name) == name.lower())
    return query.where(City.state == state)


def _place(program_id: int, delegate_id: int) -> Any:
    query = update(Delegate).where(Delegate.program_id == program_id, Delegate.id == delegate_id)
    return query.execution_options(synchronize_session=False)


def _seated() -> Select[*tuple[Any, ...]]:
    city_name = City.name + func.coalesce(", " + func.nullif(City.state, ""), "")
    zone = func.coalesce(City.time_zone, Cohort.time_zone, Program.time_zone)
    return (
        select(Delegate, Member, Seat, city_name, Cohort.name, zone, Cohort.ends_on)
        .join(Member, Member.id == Delegate.member_id)
        .join(Seat, Seat.id == Delegate.seat_id)
        .join(City, City.id == Seat.city_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .join(Program, Program.id == Delegate.program_id)
        .order_by(City.name, City.state, Member.name, Delegate.id)
        .execution_options(populate_existing=True)
    )
