"""Absences: noted, merged and ended; who is away beside whom; and what waits for somebody until they are back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import homes
from storage.checkins import ASKED_ROLES
from storage.commitment_lists import OPEN
from storage.database import insert
from storage.days import Span
from storage.models import (
    Absence,
    Asking,
    City,
    Cohort,
    Commitment,
    Delegate,
    Delivery,
    Facilitator,
    Identity,
    Member,
    Owed,
    Program,
    Prompt,
    Round,
    Seat,
    Workspace,
)

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Absent:
    """Somebody who is asked on a seat, and days on which they are away."""

    seat_id: int
    member_id: int
    name: str
    span: Span


@dataclass(frozen=True)
class Colleague:
    """Somebody on a seat that a member has, too (the member included), with days on which they are away, if any."""

    seat_id: int
    cohort_id: int
    cohort: str
    ends_on: date | None
    city_id: int
    city: str
    state: str
    zone: str
    member_id: int
    name: str
    role: str
    since_on: date | None
    until_on: date | None
    away: Span | None

    def sits_on(self, day: date) -> bool:
        return (self.since_on is None or self.since_on <= day) and (self.until_on is None or self.until_on >= day)


def span_of(row: Absence) -> Span:
    """The days of a row, as a value."""
    return Span(row.first_on, row.last_on)


async def of_member(session: AsyncSession, member: Member, today: date) -> list[Absence]:
    """The absences of a member that are not over, the nearest first."""
    query = select(Absence).where(Absence.program_id == member.program_id, Absence.member_id == member.id)
    query = query.where(or_(Absence.last_on.is_(None), Absence.last_on >= today), Absence.ended_at.is_(None))
    return list(await session.scalars(query.order_by(Absence.first_on, Absence.id)))


async def on_seats(session: AsyncSession, program_id: int, seat_ids: Collection[int], since: date) -> list[Absent]:
    """Who of these seats is away, or will be, and when; absences that were over before `since` are left out."""
    query = (
        select(Delegate.seat_id, Member.id, Member.name, Absence.first_on, Absence.last_on)
        .join(Member, Member.id == Delegate.member_id)
        .join(Absence, Absence.member_id == Member.id)
        .where(Delegate.program_id == program_id, Delegate.seat_id.in_(seat_ids), Delegate.role.in_(ASKED_ROLES))
        .where(or_(Delegate.until_on.is_(None), Delegate.until_on >= since), Member.deactivated_at.is_(None))
        .where(or_(Absence.last_on.is_(None), Absence.last_on >= since))
        .order_by(Member.name, Absence.first_on)
    )
    rows = await session.execute(query)
    return [Absent(seat_id, member_id, name, Span(first, last)) for seat_id, member_id, name, first, last in rows]


async def colleagues(session: AsyncSession, member: Member, since: date) -> list[Colleague]:
    """Everybody on the seats of a member, the member included, with their absences (one row for each); one statement."""
    mine = select(Delegate.seat_id).where(Delegate.program_id == member.program_id, Delegate.member_id == member.id)
    lasts = or_(Absence.last_on.is_(None), (Absence.last_on >= since) & (Absence.last_on >= Absence.first_on))
    query = (
        select(Seat.id, Cohort.id, Cohort.name, Cohort.ends_on, Seat.city_id, City.name, City.state)
        .add_columns(func.coalesce(City.time_zone, Cohort.time_zone, Program.time_zone))
        .add_columns(Member.id, Member.name, Delegate.role, Delegate.since_on, Delegate.until_on)
        .add_columns(Absence.first_on, Absence.last_on)
        .select_from(Delegate)
        .join(Seat, Seat.id == Delegate.seat_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .join(City, City.id == Seat.city_id)
        .join(Program, Program.id == Delegate.program_id)
        .join(Member, Member.id == Delegate.member_id)
        .outerjoin(Absence, (Absence.member_id == Member.id) & lasts)
        .where(Delegate.program_id == member.program_id, Delegate.seat_id.in_(mine), Member.deactivated_at.is_(None))
        .order_by(Cohort.name, Member.name, Delegate.id, Absence.first_on)
    )
    rows: list[Any] = [tuple(row) for row in await session.execute(query)]
    return [Colleague(*[*row[:-2], Span(row[-2], row[-1]) if row[-2] else None]) for row in rows]


async def reminders_within(session: AsyncSession, member: Member, span: tuple[datetime, datetime | None]) -> list[int]:
    """The numbers of the member's commitments whose next reminder falls between two moments."""
    query = select(Commitment.number).where(
        Commitment.program_id == member.program_id, Commitment.owner_id == member.id, Commitment.state.in_(OPEN)
    )
    query = query.where(Commitment.nudge_at >= span[0])
    if span[1] is not None:
        query = query.where(Commitment.nudge_at < span[1])
    return list(await session.scalars(query.order_by(Commitment.number)))


async def note(
    session: AsyncSession,
    member: Member,
    by: Member,
    span: Span,
    replaced: Sequence[Absence],
    form_key: str,
    at: datetime,
) -> int | None:
    """Note that a member is away, in place of the absences that it is merged with; its id. None when this form was saved before."""
    query = insert(session, Absence).values(
        program_id=member.program_id,
        member_id=member.id,
        first_on=span.first,
        last_on=span.last,
        noted_by=by.id,
        created_at=at,
        form_key=form_key,
    )
    absence_id: int | None = await session.scalar(query.on_conflict_do_nothing().returning(Absence.id))
    if absence_id is None:
        return None
    for old in replaced:
        # The new one begins no later than they did, and covers what they covered.
        await _end(session, old, old.first_on - ONE_DAY, at)
    await look_again(session, member, at)
    await homes.want_around(session, member, at)
    return absence_id


async def whom_for(
    session: AsyncSession, by: Member, *, user: tuple[str, str] | None = None, member_id: int | None = None
) -> Member | None:
    """A member by their Slack user (with the workspace) or id, when `by` facilitates one of their cohorts or the program; else None."""
    query = select(Member).join(Identity, Identity.member_id == Member.id)
    query = query.join(Workspace, Workspace.id == Identity.workspace_id).where(Member.program_id == by.program_id)
    team_id, user_id = user or (None, None)
    in_slack = (Workspace.team_id == team_id) & (Identity.user_id == user_id)
    query = query.where(in_slack if user else Member.id == member_id)
    query = query.where(_facilitated_by(by))
    return await session.scalar(query.where(Member.deactivated_at.is_(None)).limit(1))


async def of_others(session: AsyncSession, by: Member, today: date) -> list[tuple[Absence, Member]]:
    """Who is away, or will be, of those whose cohorts a member facilitates, by name."""
    query = select(Absence, Member).join(Member, Member.id == Absence.member_id)
    query = query.where(Absence.program_id == by.program_id, Absence.ended_at.is_(None), _facilitated_by(by))
    query = query.where(or_(Absence.last_on.is_(None), Absence.last_on >= today), Member.deactivated_at.is_(None))
    rows = await session.execute(query.order_by(Member.name, Absence.first_on, Absence.id))
    return [(absence, member) for absence, member in rows]


async def lock(session: AsyncSession, member: Member) -> None:
    """Let nobody else note an absence of this member until the transaction ends."""
    query = select(Member.id).where(Member.program_id == member.program_id, Member.id == member.id)
    await session.execute(query.with_for_update(key_share=True))


async def of_id(session: AsyncSession, program_id: int, absence_id: int) -> tuple[Absence, Member] | None:
    query = select(Absence, Member).join(Member, Member.id == Absence.member_id)
    row = (await session.execute(query.where(Absence.program_id == program_id, Absence.id == absence_id))).one_or_none()
    return (row[0], row[1]) if row else None


async def end(session: AsyncSession, member: Member, absence: Absence, today: date, at: datetime) -> bool:
    """The member is back today: the absence ends with yesterday. False when it had ended before."""
    last = max(today, absence.first_on) - ONE_DAY
    ended = await _end(session, absence, last, at)
    if ended:
        await look_again(session, member, at)
        await homes.want_around(session, member, at)
    return ended


async def ask_when_back(session: AsyncSession, asking: Asking, due_at: datetime, remind_at: datetime | None) -> None:
    """Ask somebody who is away later, within the same window."""
    query = update(Asking).where(Asking.program_id == asking.program_id, Asking.id == asking.id)
    query = query.where(Asking.asked_at.is_(None)).values(due_at=due_at, remind_at=remind_at)
    await session.execute(_quietly(query))


async def put_off_reminders(session: AsyncSession, owner: Member, until: datetime, nudge_at: datetime) -> None:
    """Remind somebody who is away later of the commitments of which they would be reminded before `until`."""
    query = update(Commitment).where(Commitment.program_id == owner.program_id, Commitment.owner_id == owner.id)
    query = query.where(Commitment.nudge_at < until, Commitment.state.in_(OPEN))
    await session.execute(_quietly(query.values(nudge_at=nudge_at)))


async def look_again(session: AsyncSession, member: Member, at: datetime) -> None:
    """Make due what waits for a member, so that the clock's next look decides it anew: askings, and messages held back."""
    program_id = member.program_id
    in_time = select(Prompt.id).join(Round, Round.id == Prompt.round_id)
    in_time = in_time.where(Prompt.program_id == program_id, Prompt.ends_at > at, Prompt.answered_at.is_(None))
    in_time = in_time.where(Round.archived_at.is_(None))
    askings = update(Asking).where(Asking.program_id == program_id, Asking.member_id == member.id)
    askings = askings.where(Asking.asked_at.is_(None), or_(Asking.skipped.is_(None), Asking.skipped == "away"))
    askings = askings.where(or_(Asking.due_at > at, Asking.skipped == "away"), Asking.prompt_id.in_(in_time))
    askings = askings.where(or_(Asking.ends_at.is_(None), Asking.ends_at > at))
    await session.execute(_quietly(askings.values(due_at=at, skipped=None)))
    held = select(Owed.delivery_id).where(Owed.program_id == program_id, Owed.member_id == member.id, Owed.own_accord)
    deliveries = update(Delivery).where(Delivery.program_id == program_id, Delivery.id.in_(held))
    deliveries = deliveries.where(Delivery.settled_at.is_(None), Delivery.tries == 0, Delivery.due_at > at)
    await session.execute(_quietly(deliveries.values(due_at=at)))


async def _end(session: AsyncSession, absence: Absence, last_on: date, at: datetime) -> bool:
    query = update(Absence).where(Absence.program_id == absence.program_id, Absence.id == absence.id)
    query = query.where(Absence.ended_at.is_(None)).values(last_on=last_on, ended_at=at).returning(Absence.id)
    return await session.scalar(_quietly(query)) is not None


def _facilitated_by(by: Member) -> ColumnElement[bool]:
    """Whether `by` facilitates the program, or a cohort in which the member of the statement around it has a seat."""
    seats = select(Seat.cohort_id).join(Delegate, Delegate.seat_id == Seat.id).correlate(Member)
    seats = seats.where(Delegate.program_id == by.program_id, Delegate.member_id == Member.id)
    runs = select(Facilitator.id).where(Facilitator.program_id == by.program_id, Facilitator.member_id == by.id)
    runs = runs.where(Facilitator.ended_at.is_(None))
    return runs.where(or_(Facilitator.cohort_id.is_(None), Facilitator.cohort_id.in_(seats))).correlate(Member).exists()


def _quietly(query: Any) -> Any:
    return query.execution_options(synchronize_session=False)
