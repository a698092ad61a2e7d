"""Who is away today, each by their own date: what facilitators see of their cohorts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.days import Span
from storage.models import Absence, City, Cohort, Delegate, Member, Program, Seat

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Away:
    """Somebody on a seat who is away today, which is `today` where they are; of several seats the first."""

    absence_id: int
    member_id: int
    name: str
    cohort: str
    city: str
    state: str
    span: Span
    today: date


async def today(session: AsyncSession, program_id: int, cohort_ids: Collection[int] | None, at: datetime) -> list[Away]:
    """Who of those on seats of these cohorts (None: of all) is away today, by their own date; by cohort, city and name."""
    day = at.date()
    zone = func.coalesce(Member.app_time_zone, Member.slack_time_zone, Member.roster_time_zone)
    query = (
        select(
            Absence.id, Member.id, Member.name, Cohort.name, City.name, City.state, Absence.first_on, Absence.last_on
        )
        .add_columns(func.coalesce(zone, City.time_zone, Cohort.time_zone, Program.time_zone))
        .add_columns(Delegate.since_on, Delegate.until_on)
        .join(Member, Member.id == Absence.member_id)
        .join(Program, Program.id == Absence.program_id)
        .join(Delegate, Delegate.member_id == Member.id)
        .join(Seat, Seat.id == Delegate.seat_id)
        .join(City, City.id == Seat.city_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .where(Absence.program_id == program_id, Absence.ended_at.is_(None), Member.deactivated_at.is_(None))
        .where(Absence.first_on <= day + ONE_DAY, or_(Absence.last_on.is_(None), Absence.last_on >= day - ONE_DAY))
        .order_by(Cohort.name, City.name, Member.name, Delegate.id)
    )
    if cohort_ids is not None:
        query = query.where(Seat.cohort_id.in_(cohort_ids))
    found: dict[int, Away] = {}
    for row in await session.execute(query):
        values: Any = tuple(row)
        absence_id, member_id, name, cohort, city, state, first, last, its_zone, since, until = values
        local, span = at.astimezone(ZoneInfo(its_zone)).date(), Span(first, last)
        if span.covers(local) and (since or local) <= local <= (until or local):
            found.setdefault(member_id, Away(absence_id, member_id, name, cohort, city, state, span, local))
    return list(found.values())
