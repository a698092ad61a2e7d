"""Check-ins: made by facilitators, listed, and those whose next round is due; `checkin_changes` has what becomes of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy import insert as bulk_insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage import city_days, programs
from storage.cadences import Cadence
from storage.database import insert
from storage.days import Days
from storage.models import (
    CheckIn,
    City,
    Cohort,
    CohortChannel,
    Delegate,
    Facilitator,
    Member,
    Program,
    Question,
    Round,
    Seat,
    Workspace,
)
from storage.moments import Next

ASKED_ROLES = ("lead", "delegate")
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class NewCheckIn:
    """What a facilitator filled in; `questions` are dicts with kind, text and audience, and may have options, required and anonymous."""

    cohort_id: int
    channel: str
    name: str
    cadence: Cadence
    at: time
    window_hours: int
    any_hour: bool
    questions: tuple[dict[str, Any], ...]
    form_key: str
    one_per_city: bool = False
    reminds: bool = True
    quiet_from: time = time(18)
    quiet_until: time = time(8)


@dataclass(frozen=True)
class Listed:
    """A check-in with its cohort and the zone in which the cohort's own times are said."""

    check_in: CheckIn
    cohort: Cohort
    zone: str


@dataclass(frozen=True)
class Person:
    """Somebody on a seat who is asked, with the days on which the seat is theirs (inclusive)."""

    delegate_id: int
    member_id: int
    name: str
    seat_id: int
    city: str
    days: Days
    zone: str
    since_on: date | None
    until_on: date | None

    def sits_on(self, day: date) -> bool:
        return (self.since_on is None or self.since_on <= day) and (self.until_on is None or self.until_on >= day)


async def by_form(session: AsyncSession, member: Member, form_key: str) -> CheckIn | None:
    """What was made from this form already."""
    query = select(CheckIn).where(CheckIn.program_id == member.program_id, CheckIn.form_key == form_key)
    return await session.scalar(query)


async def add(
    session: AsyncSession,
    member: Member,
    workspace: Workspace,
    new: NewCheckIn,
    turn: tuple[date, datetime] | None,
    at: datetime,
) -> CheckIn | None:
    """Make a check-in whose first round is on the date, and at the moment, of `turn` (None: it has no date yet).

    None when this form was saved before. Its channel becomes the cohort's when that has none.
    """
    program_id = member.program_id
    next_on, next_at = turn or (None, None)
    # Taking the number locks the program: of two submits of one form, the second waits here and then sees the first.
    number = await programs.next_check_in_number(session, program_id)
    if await by_form(session, member, new.form_key):
        return None
    check_in = CheckIn(
        program_id=program_id,
        number=number,
        cohort_id=new.cohort_id,
        name=new.name,
        workspace_id=workspace.id,
        channel=new.channel,
        **asdict(new.cadence),
        at=new.at,
        window_hours=new.window_hours,
        any_hour=new.any_hour,
        one_per_city=new.one_per_city,
        reminds=new.reminds,
        quiet_from=new.quiet_from,
        quiet_until=new.quiet_until,
        next_on=next_on,
        next_at=next_at,
        channel_check_at=at,
        form_key=new.form_key,
        created_by=member.id,
        created_at=at,
    )
    session.add(check_in)
    await session.flush()
    await ask_these(session, check_in, new.questions)
    channel = {"cohort_id": new.cohort_id, "workspace_id": workspace.id, "channel": new.channel}
    await session.execute(
        insert(session, CohortChannel).values(program_id=program_id, **channel).on_conflict_do_nothing()
    )
    return check_in


async def ask_these(session: AsyncSession, check_in: CheckIn, questions: Sequence[dict[str, Any]]) -> None:
    """Give a check-in its questions, in their order; those that it had must be gone."""
    common = {"program_id": check_in.program_id, "check_in_id": check_in.id}
    usual = {"options": {}, "required": False, "anonymous": False}
    rows = [{**common, "position": position, **usual, **one} for position, one in enumerate(questions)]
    await session.execute(bulk_insert(Question), rows)


async def listed_for(session: AsyncSession, member: Member, today: date, *, ended: bool = False) -> list[Listed]:
    """The running check-ins of the cohorts that a member facilitates or sits in, by number; with `ended` those that are over as well."""
    facilitated = select(Facilitator.cohort_id).where(
        Facilitator.program_id == member.program_id, Facilitator.member_id == member.id
    )
    facilitated = facilitated.where(Facilitator.ended_at.is_(None))
    seated = select(Seat.cohort_id).join(Delegate, Delegate.seat_id == Seat.id)
    seated = seated.where(Delegate.program_id == member.program_id, Delegate.member_id == member.id)
    seated = seated.where(or_(Delegate.until_on.is_(None), Delegate.until_on >= today))
    everywhere = facilitated.where(Facilitator.cohort_id.is_(None)).exists()
    mine = or_(everywhere, CheckIn.cohort_id.in_(facilitated), CheckIn.cohort_id.in_(seated))
    return await _listed(session, member.program_id, mine if ended else mine & CheckIn.ended_at.is_(None))


async def of_id(session: AsyncSession, program_id: int, check_in_id: int) -> Listed:
    return (await _listed(session, program_id, CheckIn.id == check_in_id))[0]


async def questions_of(session: AsyncSession, check_in: CheckIn) -> list[dict[str, Any]]:
    """The questions as a round freezes them: position, kind, text, audience, options, required and anonymous."""
    query = select(Question).where(Question.program_id == check_in.program_id, Question.check_in_id == check_in.id)
    rows = await session.scalars(query.order_by(Question.position))
    names = ("position", "kind", "text", "audience", "options", "required", "anonymous")
    return [{name: getattr(row, name) for name in names} for row in rows]


def terms_of(check_in: CheckIn) -> dict[str, Any]:
    """How a round asks, as it is frozen into it: a change of the check-in meanwhile is for the rounds after it."""
    at, quiet_from, quiet_until = (f"{one:%H:%M}" for one in (check_in.at, check_in.quiet_from, check_in.quiet_until))
    return {
        "at": at,
        "any_hour": check_in.any_hour,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "window_hours": check_in.window_hours,
        "reminds": check_in.reminds,
        "one_per_city": check_in.one_per_city,
    }


def as_asked(check_in: CheckIn, this: Round) -> CheckIn:
    """The check-in as it was when a round opened; to be read only. Its name and its place are those of today."""
    clocks = {name: time.fromisoformat(text) for name, text in this.terms.items() if isinstance(text, str)}
    values = {column.name: getattr(check_in, column.name) for column in CheckIn.__table__.columns}
    return CheckIn(**values | this.terms | clocks)


async def people_of(session: AsyncSession, program_id: int, cohort_id: int) -> list[Person]:
    """Everybody on a seat of the cohort who is asked (sponsors read), also those whose days are over or still to come."""
    own = func.coalesce(Member.app_time_zone, Member.slack_time_zone, Member.roster_time_zone)
    zone = func.coalesce(own, City.time_zone, Cohort.time_zone, Program.time_zone)
    query = (
        select(
            Delegate.id,
            Member.id,
            Member.name,
            Seat.id,
            City.name,
            City.state,
            zone,
            Delegate.since_on,
            Delegate.until_on,
        )
        .join(Seat, Seat.id == Delegate.seat_id)
        .join(City, City.id == Seat.city_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .join(Program, Program.id == Cohort.program_id)
        .join(Member, Member.id == Delegate.member_id)
        .where(Delegate.program_id == program_id, Seat.cohort_id == cohort_id)
        .where(Delegate.role.in_(ASKED_ROLES), Member.deactivated_at.is_(None))
        .order_by(City.name, Member.name, Delegate.id)
    )
    rows: list[Any] = []
    for some in (await session.execute(query)).partitions(ROWS_AT_ONCE):
        rows += map(tuple, some)
        await asyncio.sleep(0)  # thousands of people keep nobody else waiting
    off = await city_days.of_seats(session, program_id, {row[3] for row in rows})
    return [Person(*[*row[:5], Days(row[5], off.get(row[3], ())), *row[6:]]) for row in rows]


async def due(session: AsyncSession, now: datetime, limit: int) -> list[CheckIn]:
    """Check-ins whose next round is to be opened, or for which the clock is to look for a date."""
    query = select(CheckIn).where(CheckIn.next_at <= now, CheckIn.paused_at.is_(None), CheckIn.ended_at.is_(None))
    query = query.order_by(CheckIn.next_at, CheckIn.id).limit(limit)
    return list(await session.scalars(query.execution_options(across_programs="rounds that are due, of all programs")))


next_due = Next(select(func.min(CheckIn.next_at)).where(CheckIn.paused_at.is_(None), CheckIn.ended_at.is_(None)))


async def channels_to_check(session: AsyncSession, now: datetime) -> list[tuple[CheckIn, str | None]]:
    """Check-ins of which nobody knows yet whether the bot may write in their channel, and the team in which that is."""
    query = select(CheckIn, Workspace.team_id).outerjoin(Workspace, Workspace.id == CheckIn.workspace_id)
    query = query.where(CheckIn.channel_check_at <= now).order_by(CheckIn.channel_check_at, CheckIn.id)
    rows = await session.execute(query.execution_options(across_programs="channels to look at, of all programs"))
    return [(check_in, team_id) for check_in, team_id in rows]


async def channel_checked(session: AsyncSession, check_in: CheckIn, again_at: datetime | None = None) -> bool:
    """Note that the channel was looked at. False when somebody else did."""
    query = update(CheckIn).where(CheckIn.program_id == check_in.program_id, CheckIn.id == check_in.id)
    query = query.where(CheckIn.channel_check_at == check_in.channel_check_at)
    return await session.scalar(query.values(channel_check_at=again_at).returning(CheckIn.id)) is not None


next_channel_check = Next(select(func.min(CheckIn.channel_check_at)))


async def _listed(session: AsyncSession, program_id: int, which: ColumnElement[bool]) -> list[Listed]:
    query = (
        select(CheckIn, Cohort, func.coalesce(Cohort.time_zone, Program.time_zone))
        .join(Cohort, Cohort.id == CheckIn.cohort_id)
        .join(Program, Program.id == CheckIn.program_id)
        .where(CheckIn.program_id == program_id, which)
        .order_by(CheckIn.number)
        .execution_options(populate_existing=True)  # it may have been changed by an UPDATE before, in this session
    )
    return [Listed(*row) for row in await session.execute(query)]
