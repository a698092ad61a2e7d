"""Check-ins: made, listed, paused and resumed by facilitators; taken when their next round is due."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy import insert as bulk_insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage import city_days, programs
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
    Seat,
    Workspace,
)
from storage.moments import Next

ASKED_ROLES = ("lead", "delegate")
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class NewCheckIn:
    """What a facilitator filled in; `questions` are dicts with kind, text and audience."""

    cohort_id: int
    channel: str
    name: str
    weekday: int
    at: time
    window_hours: int
    any_hour: bool
    questions: tuple[dict[str, str], ...]
    form_key: str


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


async def cohorts_for(session: AsyncSession, member: Member, today: date) -> list[Cohort]:
    """The running cohorts that a member facilitates."""
    mine = select(Facilitator).where(Facilitator.program_id == member.program_id, Facilitator.member_id == member.id)
    rows = list(await session.scalars(mine.where(Facilitator.ended_at.is_(None))))
    query = select(Cohort).where(Cohort.program_id == member.program_id)
    query = query.where(or_(Cohort.ends_on.is_(None), Cohort.ends_on >= today))
    if not any(row.cohort_id is None for row in rows):
        query = query.where(Cohort.id.in_([row.cohort_id for row in rows]))
    return list(await session.scalars(query.order_by(Cohort.name, Cohort.id)))


async def channel_of(session: AsyncSession, cohort: Cohort, workspace_id: int) -> str | None:
    """The channel of a cohort in a workspace, when it has one."""
    query = select(CohortChannel.channel).where(
        CohortChannel.program_id == cohort.program_id, CohortChannel.cohort_id == cohort.id
    )
    return await session.scalar(query.where(CohortChannel.workspace_id == workspace_id))


async def by_form(session: AsyncSession, member: Member, form_key: str) -> CheckIn | None:
    """What was made from this form already."""
    query = select(CheckIn).where(CheckIn.program_id == member.program_id, CheckIn.form_key == form_key)
    return await session.scalar(query)


async def name_taken(session: AsyncSession, member: Member, cohort_id: int, name: str) -> bool:
    """Whether a check-in of this name runs in the cohort."""
    query = select(CheckIn.id).where(CheckIn.program_id == member.program_id, CheckIn.cohort_id == cohort_id)
    query = query.where(func.lower(CheckIn.name) == name.lower(), CheckIn.ended_at.is_(None))
    return await session.scalar(query.limit(1)) is not None


async def zone_of_cohort(session: AsyncSession, program_id: int, cohort_id: int) -> str:
    """The zone in which a cohort's own times are said."""
    query = select(func.coalesce(Cohort.time_zone, Program.time_zone)).join(Program, Program.id == Cohort.program_id)
    query = query.where(Cohort.program_id == program_id, Cohort.id == cohort_id)
    return (await session.scalars(query)).one()


async def add(
    session: AsyncSession,
    member: Member,
    workspace: Workspace,
    new: NewCheckIn,
    turn: tuple[date, datetime],
    at: datetime,
) -> CheckIn | None:
    """Make a check-in whose first round is on the date, and at the moment, of `turn`. None when this form was saved before.

    Its channel becomes the cohort's when that has none.
    """
    program_id = member.program_id
    next_on, next_at = turn
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
        cadence={"kind": "weekly", "every": 1, "weekdays": [new.weekday]},
        at=new.at,
        window_hours=new.window_hours,
        any_hour=new.any_hour,
        next_on=next_on,
        next_at=next_at,
        channel_check_at=at,
        form_key=new.form_key,
        created_by=member.id,
        created_at=at,
    )
    session.add(check_in)
    await session.flush()
    common = {"program_id": program_id, "check_in_id": check_in.id}
    rows = [{**common, "position": position, **question} for position, question in enumerate(new.questions)]
    await session.execute(bulk_insert(Question), rows)
    channel = {"cohort_id": new.cohort_id, "workspace_id": workspace.id, "channel": new.channel}
    await session.execute(
        insert(session, CohortChannel).values(program_id=program_id, **channel).on_conflict_do_nothing()
    )
    return check_in


async def listed_for(session: AsyncSession, member: Member, today: date) -> list[Listed]:
    """The running check-ins of the cohorts that a member facilitates or sits in, by number."""
    facilitated = select(Facilitator.cohort_id).where(
        Facilitator.program_id == member.program_id, Facilitator.member_id == member.id
    )
    facilitated = facilitated.where(Facilitator.ended_at.is_(None))
    seated = select(Seat.cohort_id).join(Delegate, Delegate.seat_id == Seat.id)
    seated = seated.where(Delegate.program_id == member.program_id, Delegate.member_id == member.id)
    seated = seated.where(or_(Delegate.until_on.is_(None), Delegate.until_on >= today))
    everywhere = facilitated.where(Facilitator.cohort_id.is_(None)).exists()
    mine = or_(everywhere, CheckIn.cohort_id.in_(facilitated), CheckIn.cohort_id.in_(seated))
    return await _listed(session, member.program_id, mine & CheckIn.ended_at.is_(None))


async def of_id(session: AsyncSession, program_id: int, check_in_id: int) -> Listed:
    return (await _listed(session, program_id, CheckIn.id == check_in_id))[0]


async def questions_of(session: AsyncSession, check_in: CheckIn) -> list[dict[str, Any]]:
    """The questions as a round freezes them: position, kind, text and audience."""
    query = select(Question).where(Question.program_id == check_in.program_id, Question.check_in_id == check_in.id)
    rows = await session.scalars(query.order_by(Question.position))
    return [{"position": row.position, "kind": row.kind, "text": row.text, "audience": row.audience} for row in rows]


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


async def pause(session: AsyncSession, member: Member, check_in_id: int, at: datetime) -> bool:
    """Ask no more until it is resumed. False when it was paused already."""
    query = _running(member.program_id, check_in_id).where(CheckIn.paused_at.is_(None))
    query = query.values(paused_at=at, next_on=None, next_at=None).returning(CheckIn.id)
    return await session.scalar(query) is not None


async def resume(session: AsyncSession, member: Member, check_in_id: int, turn: tuple[date, datetime]) -> bool:
    """Ask again from the date and moment of `turn` on. False when it was not paused."""
    query = _running(member.program_id, check_in_id).where(CheckIn.paused_at.is_not(None))
    query = query.values(paused_at=None, next_on=turn[0], next_at=turn[1]).returning(CheckIn.id)
    return await session.scalar(query) is not None


async def due(session: AsyncSession, now: datetime, limit: int) -> list[CheckIn]:
    """Check-ins whose next round is to be opened."""
    query = select(CheckIn).where(CheckIn.next_at <= now, CheckIn.paused_at.is_(None), CheckIn.ended_at.is_(None))
    query = query.order_by(CheckIn.next_at, CheckIn.id).limit(limit)
    return list(await session.scalars(query.execution_options(across_programs="rounds that are due, of all programs")))


async def move_on(session: AsyncSession, check_in: CheckIn, next_on: date, next_at: datetime, at: datetime) -> bool:
    """Set the next round, and look at the channel again. False when somebody else moved the check-in on before."""
    query = _running(check_in.program_id, check_in.id).where(CheckIn.next_on == check_in.next_on)
    query = query.where(CheckIn.next_at <= at)  # read again meanwhile, it may name the round after the one that was due
    query = query.values(next_on=next_on, next_at=next_at, channel_check_at=at).returning(CheckIn.id)
    return await session.scalar(query) is not None


async def plan_again(session: AsyncSession, check_in: CheckIn, next_at: datetime) -> None:
    """The round that comes next opens at another moment than planned, because somebody's calendar changed."""
    query = _running(check_in.program_id, check_in.id).where(CheckIn.next_at == check_in.next_at)
    await session.execute(query.values(next_at=next_at))


async def end(session: AsyncSession, check_in: CheckIn, at: datetime) -> None:
    """Ask never again: its cohort is over."""
    query = _running(check_in.program_id, check_in.id)
    await session.execute(query.values(ended_at=at, next_on=None, next_at=None))


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


def _running(program_id: int, check_in_id: int) -> Any:
    query = update(CheckIn).where(CheckIn.program_id == program_id, CheckIn.id == check_in_id)
    return query.where(CheckIn.ended_at.is_(None)).execution_options(synchronize_session=False)
