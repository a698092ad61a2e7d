"""The days that a city does not work beside the holidays: added, shown and removed; and what follows for what is planned."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import insert
from storage.days import Off
from storage.models import Asking, CheckIn, City, CityDay, Cohort, Delegate, Facilitator, Member, Program, Prompt, Seat


@dataclass(frozen=True)
class NewDays:
    """What was filled in; `form_key` makes a form that is submitted twice count once."""

    city_id: int
    off: Off
    form_key: str


@dataclass(frozen=True)
class Held:
    """A seat of a city, with who is asked there: what new days off move is theirs."""

    seat_id: int
    cohort_id: int
    cohort: str
    ends_on: date | None
    zone: str
    member_id: int | None
    name: str | None
    since_on: date | None
    until_on: date | None


@dataclass(frozen=True)
class Planned:
    """A check-in that asks on a seat, the own days of the seat's city, and the phases of the cohort."""

    seat_id: int
    check_in: CheckIn
    off: tuple[Off, ...]
    phases: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True)
class Known:
    """A city whose calendar somebody may see: whether they sit there, and whether they may change it."""

    id: int
    name: str
    state: str
    zone: str
    sits: bool
    may_change: bool

    @property
    def full_name(self) -> str:
        return f"{self.name}, {self.state}" if self.state else self.name


def off_of(row: CityDay) -> Off:
    """The days of a row, as a value."""
    return Off(row.first_on, row.last_on, row.weekday, row.name)


async def of_seats(session: AsyncSession, program_id: int, seat_ids: Collection[int]) -> dict[int, tuple[Off, ...]]:
    """The own days of the cities of these seats, by seat."""
    query = select(Seat.id, CityDay).join(CityDay, CityDay.city_id == Seat.city_id)
    query = query.where(Seat.program_id == program_id, Seat.id.in_(seat_ids)).order_by(CityDay.first_on, CityDay.id)
    found: dict[int, tuple[Off, ...]] = {}
    for seat_id, row in await session.execute(query):
        found[seat_id] = (*found.get(seat_id, ()), off_of(row))
    return found


async def cities_for(session: AsyncSession, member: Member, today: date) -> list[Known]:
    """The cities of the cohorts in which a member sits or which they facilitate; the city's lead and facilitators may change days."""
    program_id = member.program_id
    mine = select(Seat.cohort_id).join(Delegate, Delegate.seat_id == Seat.id)
    mine = mine.where(Delegate.program_id == program_id, Delegate.member_id == member.id)
    mine = mine.where(or_(Delegate.until_on.is_(None), Delegate.until_on >= today))
    runs = select(Facilitator.cohort_id).where(Facilitator.program_id == program_id, Facilitator.member_id == member.id)
    runs = runs.where(Facilitator.ended_at.is_(None))
    everywhere = runs.where(Facilitator.cohort_id.is_(None)).exists()
    seats = select(Seat.id).where(Seat.program_id == program_id, Seat.city_id == City.id)
    facilitated = or_(everywhere, seats.where(Seat.cohort_id.in_(runs)).exists())
    sits = seats.join(Delegate, Delegate.seat_id == Seat.id).where(Delegate.member_id == member.id)
    sits = sits.where(or_(Delegate.until_on.is_(None), Delegate.until_on >= today))
    query = select(City.id, City.name, City.state, func.coalesce(City.time_zone, Program.time_zone), sits.exists())
    query = query.add_columns(or_(facilitated, sits.where(Delegate.role == "lead").exists()))
    query = query.join(Program, Program.id == City.program_id).where(City.program_id == program_id)
    query = query.where(or_(facilitated, seats.where(Seat.cohort_id.in_(mine)).exists()))
    rows: list[Any] = [tuple(row) for row in await session.execute(query.order_by(City.name, City.state))]
    return [Known(*row) for row in rows]


async def of_city(session: AsyncSession, program_id: int, city_id: int) -> list[CityDay]:
    """All days that a city added, past ones too, by their first day."""
    query = select(CityDay).where(CityDay.program_id == program_id, CityDay.city_id == city_id)
    return list(await session.scalars(query.order_by(CityDay.first_on, CityDay.id)))


async def of_id(session: AsyncSession, program_id: int, days_id: int) -> CityDay | None:
    """Days by their id; None when they were removed."""
    return await session.scalar(select(CityDay).where(CityDay.program_id == program_id, CityDay.id == days_id))


async def seats_of(session: AsyncSession, program_id: int, city_id: int) -> list[Held]:
    """The seats of a city with everybody who is asked there; a seat without anybody has one row without a member."""
    own = func.coalesce(City.time_zone, Cohort.time_zone, Program.time_zone)
    query = (
        select(Seat.id, Cohort.id, Cohort.name, Cohort.ends_on, own, Member.id, Member.name)
        .add_columns(Delegate.since_on, Delegate.until_on)
        .select_from(Seat)
        .join(City, City.id == Seat.city_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .join(Program, Program.id == Seat.program_id)
        .outerjoin(Delegate, (Delegate.seat_id == Seat.id) & Delegate.role.in_(("lead", "delegate")))
        .outerjoin(Member, (Member.id == Delegate.member_id) & Member.deactivated_at.is_(None))
        .where(Seat.program_id == program_id, Seat.city_id == city_id)
        .order_by(Cohort.name, Member.name, Delegate.id)
    )
    return [Held(*row) for row in await session.execute(query)]


async def planned(session: AsyncSession, program_id: int, seat_ids: Collection[int]) -> list[Planned]:
    """The check-ins that have a next round for these seats, the earliest first, each with the own days of the seat's city."""
    query = (
        select(Seat.id, CheckIn, CityDay, Cohort.phases)
        .join(CheckIn, CheckIn.cohort_id == Seat.cohort_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .outerjoin(CityDay, CityDay.city_id == Seat.city_id)
        .where(Seat.program_id == program_id, Seat.id.in_(seat_ids), CheckIn.next_on.is_not(None))
        .where(CheckIn.paused_at.is_(None), CheckIn.ended_at.is_(None))
        .order_by(CheckIn.next_at, CheckIn.id, Seat.id, CityDay.first_on)
    )
    found: dict[tuple[int, int], Planned] = {}
    for seat_id, check_in, row, phases in await session.execute(query):
        before = found.get((seat_id, check_in.id), Planned(seat_id, check_in, (), phases))
        off = (*before.off, off_of(row)) if row else before.off
        found[seat_id, check_in.id] = Planned(seat_id, check_in, off, phases)
    return list(found.values())


async def add(session: AsyncSession, member: Member, new: NewDays, at: datetime) -> bool:
    """Add days to a city's calendar, and look again at what is planned. False when this form was saved before."""
    values = {"first_on": new.off.first, "last_on": new.off.last, "weekday": new.off.weekday, "name": new.off.name}
    query = insert(session, CityDay).values(
        program_id=member.program_id,
        city_id=new.city_id,
        added_by=member.id,
        created_at=at,
        form_key=new.form_key,
        **values,
    )
    if await session.scalar(query.on_conflict_do_nothing().returning(CityDay.id)) is None:
        return False
    await look_again(session, member.program_id, [new.city_id], at)
    return True


async def remove(session: AsyncSession, member: Member, days_id: int, at: datetime) -> bool:
    """Take days out of a city's calendar, and look again at what is planned. False when somebody else did before."""
    query = delete(CityDay).where(CityDay.program_id == member.program_id, CityDay.id == days_id)
    city_id = await session.scalar(query.returning(CityDay.city_id), execution_options={"synchronize_session": False})
    if city_id is None:
        return False
    await look_again(session, member.program_id, [city_id], at)
    return True


async def look_again(session: AsyncSession, program_id: int, city_ids: Sequence[int], at: datetime) -> None:
    """Make everything planned for these cities due, so that the clock's next look sets its moment anew from the calendar."""
    seats = select(Seat.id).where(Seat.program_id == program_id, Seat.city_id.in_(city_ids))
    cohorts = select(Seat.cohort_id).where(Seat.program_id == program_id, Seat.city_id.in_(city_ids))
    rounds = update(CheckIn).where(CheckIn.program_id == program_id, CheckIn.cohort_id.in_(cohorts))
    await session.execute(_quietly(rounds.where(CheckIn.next_at > at).values(next_at=at)))
    prompts = select(Prompt.id).where(Prompt.program_id == program_id, Prompt.seat_id.in_(seats))
    askings = update(Asking).where(Asking.program_id == program_id, Asking.prompt_id.in_(prompts))
    askings = askings.where(Asking.due_at > at, Asking.asked_at.is_(None), Asking.skipped.is_(None))
    await session.execute(_quietly(askings.values(due_at=at)))


def _quietly(query: Any) -> Any:
    return query.execution_options(synchronize_session=False)
