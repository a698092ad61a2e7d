"""The next rounds in which somebody is asked, and whether they were answered early."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import askings, city_days
from storage.checkins import ASKED_ROLES, Person
from storage.days import Days
from storage.models import Answer, CheckIn, City, Cohort, Delegate, Member, Program, Prompt, Round, Seat


@dataclass(frozen=True)
class Coming:
    """The next round of a check-in as somebody on a seat sees it; `answered_by` (a member and their name) answered it already."""

    check_in: CheckIn
    on: date
    cohort: str
    cohort_zone: str
    phases: list[dict[str, str]]
    person: Person
    answered_at: datetime | None
    answered_by: tuple[int, str] | None


async def of_member(session: AsyncSession, member: Member) -> list[Coming]:
    """The next round of each check-in that will ask this member, whichever comes first first."""
    own = literal(member.app_time_zone or member.slack_time_zone or member.roster_time_zone, String)
    by = Member.__table__.alias("by")
    subjects = (
        literal("seat:") + cast(Seat.id, String),
        literal("delegate:") + cast(Delegate.id, String),
    )
    query = (
        select(CheckIn, CheckIn.next_on, Cohort.name, askings.COHORT_ZONE, Delegate, Seat.id, City.name, City.state)
        .add_columns(func.coalesce(own, City.time_zone, askings.COHORT_ZONE))
        .add_columns(Prompt.answered_at, by.c.id, by.c.name, Cohort.phases)
        .select_from(Delegate)
        .join(Seat, Seat.id == Delegate.seat_id)
        .join(City, City.id == Seat.city_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .join(Program, Program.id == Cohort.program_id)
        .join(CheckIn, CheckIn.cohort_id == Cohort.id)
        .outerjoin(Round, (Round.check_in_id == CheckIn.id) & (Round.nominal_on == CheckIn.next_on))
        .outerjoin(Prompt, (Prompt.round_id == Round.id) & Prompt.subject.in_(subjects))
        .outerjoin(Answer, Answer.prompt_id == Prompt.id)
        .outerjoin(by, by.c.id == Answer.member_id)
        .where(Delegate.program_id == member.program_id, Delegate.member_id == member.id)
        .where(Delegate.role.in_(ASKED_ROLES), CheckIn.next_on.is_not(None))
        .where(CheckIn.paused_at.is_(None), CheckIn.ended_at.is_(None))
        .where(or_(Delegate.since_on.is_(None), Delegate.since_on <= CheckIn.next_on))
        .where(or_(Delegate.until_on.is_(None), Delegate.until_on >= CheckIn.next_on))
        .where(or_(Cohort.ends_on.is_(None), Cohort.ends_on >= CheckIn.next_on))
        .order_by(CheckIn.next_at, CheckIn.id, Delegate.id)
        .execution_options(populate_existing=True)  # the check-in may have been moved on before, in this session
    )
    rows: list[Any] = [tuple(row) for row in await session.execute(query)]
    off = await city_days.of_seats(session, member.program_id, {row[5] for row in rows}) if rows else {}
    # Somebody may be named twice for one seat.
    once = {(row[0].id, row[5]): row for row in reversed(rows)}
    found = [_coming(member, row, Days(row[7], off.get(row[5], ()))) for row in once.values()]
    return list(reversed(found))


def _coming(member: Member, row: Any, days: Days) -> Coming:
    check_in, on, cohort, cohort_zone, place, seat_id, city, _, zone, answered_at, by_id, by_name, phases = row
    since, until = place.since_on, place.until_on
    person = Person(place.id, member.id, member.name, seat_id, city, days, zone, since, until)
    return Coming(check_in, on, cohort, cohort_zone, phases, person, answered_at, (by_id, by_name) if by_id else None)
