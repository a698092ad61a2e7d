"""What follows when somebody leaves a seat or Slack, comes back, or takes a seat: what is due, each taken once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import installations, seats
from storage.models import City, Cohort, Delegate, Identity, Member, Program, Seat
from storage.moments import ONE_DAY, Next, NextDay, begins
from storage.seats import Seated


@dataclass(frozen=True)
class Ended:
    """A place whose last day has passed."""

    place: Seated
    stays: bool  # the same member has the seat from the next day on, as after a change of roles


async def due_ends(session: AsyncSession, now: datetime, limit: int) -> list[Ended]:
    """Places whose last day has passed (the city's date) and of which nothing followed yet, the oldest first."""
    rows = await _due(session, _unsettled(), Delegate.until_on, now, limit, ONE_DAY)
    ended = []
    for program_id, delegate_id in rows:
        place = await seats.place(session, program_id, delegate_id)
        if place is not None:
            ended.append(Ended(place, stays=await stays(session, place)))
    return ended


async def stays(session: AsyncSession, place: Seated) -> bool:
    """Whether the same member has the seat from the day after the last one on, as after a change of roles."""
    one = place.delegate
    query = select(Delegate.id).where(Delegate.program_id == one.program_id, Delegate.seat_id == one.seat_id)
    query = query.where(Delegate.member_id == one.member_id, Delegate.id != one.id)
    following = (one.until_on or date.max) + ONE_DAY
    query = query.where(or_(Delegate.since_on.is_(None), Delegate.since_on <= following))
    query = query.where(or_(Delegate.until_on.is_(None), Delegate.until_on >= following))
    return await session.scalar(query.limit(1)) is not None


async def settle(session: AsyncSession, place: Seated, at: datetime) -> bool:
    """Note that what follows is done in this transaction. False when somebody else did it, or the place was given back."""
    one = place.delegate
    query = update(Delegate).where(Delegate.program_id == one.program_id, Delegate.id == one.id)
    query = query.where(Delegate.ended_at.is_(None), Delegate.until_on == one.until_on).values(ended_at=at)
    return await session.scalar(query.returning(Delegate.id)) is not None


async def due_greetings(session: AsyncSession, now: datetime, limit: int) -> list[Seated]:
    """Who has a seat from today on, is in Slack, and was not told yet."""
    rows = await _due(session, _ungreeted(), Delegate.since_on, now, limit, timedelta())
    found = [await seats.place(session, program_id, delegate_id) for program_id, delegate_id in rows]
    return [place for place in found if place is not None]


async def greet(session: AsyncSession, place: Seated) -> bool:
    """Note that they are told in this transaction. False when somebody else did."""
    one = place.delegate
    query = update(Delegate).where(Delegate.program_id == one.program_id, Delegate.id == one.id)
    query = query.where(Delegate.greeting == one.greeting).values(greeting=None)
    query = query.execution_options(synchronize_session=False)  # the caller reads which greeting it was
    return await session.scalar(query.returning(Delegate.id)) is not None


async def before(session: AsyncSession, place: Seated) -> list[Seated]:
    """Whom somebody came after on a seat, who left last at the end."""
    query = select(Delegate.id).where(Delegate.program_id == place.delegate.program_id)
    ids = list(await session.scalars(query.where(Delegate.successor_id == place.delegate.id)))
    places = [await seats.place(session, place.delegate.program_id, one) for one in ids]
    found = [one for one in places if one is not None]
    return sorted(found, key=lambda one: (one.delegate.until_on or date.max, one.delegate.id))


async def places_of(session: AsyncSession, member: Member) -> list[Seated]:
    """All places of a member, ended ones too."""
    query = select(Delegate.id).where(Delegate.program_id == member.program_id, Delegate.member_id == member.id)
    found = [await seats.place(session, member.program_id, one) for one in await session.scalars(query)]
    return [one for one in found if one is not None]


async def news(session: AsyncSession, limit: int) -> list[Member]:
    """Who left Slack, or came back, and of whom nothing followed yet."""
    query = select(Member).where(Member.turnover_since.is_not(None)).order_by(Member.turnover_since, Member.id)
    return list(await session.scalars(query.limit(limit).execution_options(across_programs="what is due")))


async def take_news(session: AsyncSession, member: Member) -> bool:
    """Note that what follows is done in this transaction. False when somebody else did it, or there is newer news."""
    query = update(Member).where(Member.program_id == member.program_id, Member.id == member.id)
    query = query.where(Member.turnover_since == member.turnover_since)
    same = Member.deactivated_at.is_(None) if member.deactivated_at is None else Member.deactivated_at.is_not(None)
    query = query.where(same).values(turnover_since=None).execution_options(synchronize_session=False)
    return await session.scalar(query.returning(Member.id)) is not None


first_news = Next(select(func.min(Member.turnover_since)))


async def beside(session: AsyncSession, place: Seated, today: date, roles: Sequence[str] = ()) -> list[Member]:
    """Who else is on the seat today, in one of these roles (none: in any)."""
    query = select(Member).join(Delegate, Delegate.member_id == Member.id)
    query = query.where(Delegate.program_id == place.delegate.program_id, Delegate.seat_id == place.seat.id)
    query = query.where(Member.deactivated_at.is_(None), Member.id != place.member.id)
    query = query.where(or_(Delegate.since_on.is_(None), Delegate.since_on <= today))
    query = query.where(or_(Delegate.until_on.is_(None), Delegate.until_on >= today))
    if roles:
        query = query.where(Delegate.role.in_(roles))
    return list(dict.fromkeys(await session.scalars(query.order_by(Member.name, Member.id))))


def _unsettled() -> ColumnElement[bool]:
    return and_(Delegate.ended_at.is_(None), Delegate.until_on.is_not(None))


def _ungreeted() -> ColumnElement[bool]:
    """Whoever comes after somebody is told when that one has left, and what goes along was handed over."""
    earlier = aliased(Delegate)
    waits = exists().where(
        earlier.program_id == Delegate.program_id, earlier.successor_id == Delegate.id, earlier.ended_at.is_(None)
    )
    waits = waits.where(earlier.until_on < Delegate.since_on)
    in_slack = exists().where(Identity.program_id == Delegate.program_id, Identity.member_id == Delegate.member_id)
    in_slack = in_slack.where(installations.in_reach())
    gone = exists().where(Member.program_id == Delegate.program_id, Member.id == Delegate.member_id)
    gone = gone.where(Member.deactivated_at.is_not(None))
    return and_(Delegate.greeting.is_not(None), Delegate.since_on.is_not(None), in_slack, ~waits, ~gone)


async def _due(
    session: AsyncSession, which: ColumnElement[bool], day: Any, now: datetime, limit: int, later: timedelta
) -> list[tuple[int, int]]:
    """(program, delegate) of those whose day, moved `later`, has begun in the zone of their city."""
    query = _zoned(Delegate.program_id, Delegate.id, day).where(which)
    # No zone is more than a day ahead of UTC: the others are not looked at.
    query = query.where(day <= now.astimezone(UTC).date() + ONE_DAY).order_by(day, Delegate.id)
    rows = await session.execute(query.execution_options(across_programs="what is due"))
    due = [(program, id_) for program, id_, on, zone in rows if begins(on + later, zone) <= now]
    return due[:limit]


def _days(which: ColumnElement[bool], day: Any) -> Any:
    return _zoned(func.min(day)).where(which).group_by(_zone())


def _zoned(*columns: Any) -> Any:
    return (
        select(*columns, _zone())
        .select_from(Delegate)
        .join(Seat, Seat.id == Delegate.seat_id)
        .join(City, City.id == Seat.city_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .join(Program, Program.id == Delegate.program_id)
    )


def _zone() -> Any:
    return func.coalesce(City.time_zone, Cohort.time_zone, Program.time_zone)


# The first moment after a last day of which nothing followed yet, and that of the first day of somebody who was not greeted yet.
next_end = NextDay(_days(_unsettled(), Delegate.until_on), over=True)
next_greeting = NextDay(_days(_ungreeted(), Delegate.since_on))
