"""Members: who somebody in Slack is, where to reach a member, and in which time zone they live."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import installations
from storage.days import EVERYWHERE, Days, Off, Span
from storage.models import (
    Absence,
    City,
    CityDay,
    Cohort,
    Delegate,
    Facilitator,
    Identity,
    Member,
    Program,
    Seat,
    Workspace,
)

# Built once: it stands at the start of every request.
BY_IDENTITY = (
    select(Member)
    .join(Identity, Identity.member_id == Member.id)
    .join(Workspace, Workspace.id == Identity.workspace_id)
    .where(Workspace.team_id == bindparam("team"), Identity.user_id == bindparam("user"))
    .where(Member.deactivated_at.is_(None))
    .execution_options(across_programs="a Slack user names a member, and the member its program")
)

# Of several identities: the one that the member chose last, else the oldest.
PREFERRED = (Identity.chosen_at.desc().nulls_last(), Identity.id)
ASKER = (
    BY_IDENTITY.add_columns(Workspace, Facilitator.id, Facilitator.cohort_id)
    .outerjoin(
        Facilitator,
        and_(
            Facilitator.program_id == Member.program_id,
            Facilitator.member_id == Member.id,
            Facilitator.ended_at.is_(None),
        ),
    )
    .execution_options(across_programs="a Slack user names a member, and the member its program")
)


@dataclass(frozen=True)
class Asker:
    """Who asks: the member, the workspace in which they do, and the cohorts that they facilitate (None: the whole program)."""

    member: Member
    workspace: Workspace
    facilitates: frozenset[int | None]

    def runs(self, cohort_id: int | None = None) -> set[str]:
        """What they facilitate: the "program", this "cohort" (without one: any)."""
        return _runs(self.facilitates, cohort_id)


async def by_identity(session: AsyncSession, team_id: str, user_id: str) -> Member | None:
    """The member behind a Slack user, or None. Every request starts here: from the member on, its program is known."""
    return await session.scalar(BY_IDENTITY, {"team": team_id, "user": user_id})


async def asker(session: AsyncSession, team_id: str, user_id: str) -> Asker | None:
    """The same with what is needed to say what they may do, in one statement."""
    rows = (await session.execute(ASKER, {"team": team_id, "user": user_id})).all()
    if not rows:
        return None
    return Asker(rows[0][0], rows[0][1], frozenset(row[3] for row in rows if row[2] is not None))


async def of_id(session: AsyncSession, program_id: int, member_id: int) -> Member:
    query = select(Member).where(Member.program_id == program_id, Member.id == member_id)
    return (await session.scalars(query)).one()


async def identity_of(session: AsyncSession, member: Member) -> Identity | None:
    """Where in Slack a member is reached; None while they are not in Slack yet, or the app was removed where they are."""
    query = select(Identity).where(Identity.program_id == member.program_id, Identity.member_id == member.id)
    return await session.scalar(query.where(installations.in_reach()).order_by(*PREFERRED).limit(1))


async def reached_in(session: AsyncSession, member: Member) -> str | None:
    """The Slack id of the workspace in which a member is written to; None while they are not in Slack yet."""
    identity = await identity_of(session, member)
    if identity is None:
        return None
    query = select(Workspace.team_id).where(Workspace.program_id == member.program_id)
    return await session.scalar(query.where(Workspace.id == identity.workspace_id))


async def in_slack(session: AsyncSession, member: Member) -> bool:
    """Whether a member is known in Slack, even where the app was removed and does not reach them."""
    query = select(Identity.id).where(Identity.program_id == member.program_id, Identity.member_id == member.id)
    return await session.scalar(query.limit(1)) is not None


async def somebody_seated(session: AsyncSession, program_id: int) -> Member | None:
    """A delegate of the program, whoever that is."""
    query = select(Member).join(Delegate, Delegate.member_id == Member.id)
    query = query.where(Member.program_id == program_id, Member.deactivated_at.is_(None), Delegate.ended_at.is_(None))
    return await session.scalar(query.order_by(Delegate.id.desc()).limit(1))


async def facilitators(session: AsyncSession, program_id: int, cohort_id: int | None = None) -> list[Member]:
    """Who facilitates the whole program and, when one is given, this cohort."""
    runs = select(Facilitator.member_id).where(Facilitator.program_id == program_id, Facilitator.ended_at.is_(None))
    runs = runs.where(or_(Facilitator.cohort_id.is_(None), Facilitator.cohort_id == cohort_id))
    query = select(Member).where(Member.program_id == program_id, Member.deactivated_at.is_(None), Member.id.in_(runs))
    return list(await session.scalars(query.order_by(Member.name, Member.id)))


async def facilitators_anywhere(session: AsyncSession, program_id: int) -> list[Member]:
    """Who facilitates anything in the program."""
    runs = select(Facilitator.member_id).where(Facilitator.program_id == program_id, Facilitator.ended_at.is_(None))
    query = select(Member).where(Member.program_id == program_id, Member.deactivated_at.is_(None), Member.id.in_(runs))
    return list(await session.scalars(query.order_by(Member.name, Member.id)))


async def facilitates(session: AsyncSession, member: Member, cohort_id: int | None = None) -> bool:
    """Whether a member facilitates this cohort (or the whole program); without a cohort: anything at all."""
    query = select(Facilitator.id).where(
        Facilitator.program_id == member.program_id, Facilitator.member_id == member.id
    )
    query = query.where(Facilitator.ended_at.is_(None))
    if cohort_id is not None:
        query = query.where(or_(Facilitator.cohort_id.is_(None), Facilitator.cohort_id == cohort_id))
    return await session.scalar(query.limit(1)) is not None


async def facilitated(session: AsyncSession, member: Member) -> set[int | None]:
    """The cohorts that a member facilitates; None among them stands for the whole program."""
    query = select(Facilitator.cohort_id).where(
        Facilitator.program_id == member.program_id, Facilitator.member_id == member.id
    )
    return set(await session.scalars(query.where(Facilitator.ended_at.is_(None))))


async def runs(session: AsyncSession, member: Member, cohort_id: int | None = None) -> set[str]:
    """What a member facilitates: the "program", this "cohort" (without one: any)."""
    return _runs(await facilitated(session, member), cohort_id)


async def own_facilitators(session: AsyncSession, member: Member) -> list[Member]:
    """Who facilitates the cohorts in which the member has a seat that was not ended."""
    seats = select(Seat.cohort_id).join(Delegate, Delegate.seat_id == Seat.id)
    seats = seats.where(Delegate.program_id == member.program_id, Delegate.member_id == member.id)
    runs = select(Facilitator.member_id).where(Facilitator.program_id == member.program_id)
    runs = runs.where(
        Facilitator.ended_at.is_(None), Facilitator.cohort_id.in_(seats.where(Delegate.ended_at.is_(None)))
    )
    query = select(Member).where(Member.program_id == member.program_id, Member.deactivated_at.is_(None))
    return list(await session.scalars(query.where(Member.id.in_(runs)).order_by(Member.name, Member.id)))


@dataclass(frozen=True)
class Whereabouts:
    """Where a member lives and when they are away, as far as it rules when they are written to."""

    time_zone: str
    days: Days = EVERYWHERE
    away: tuple[Span, ...] = ()


async def zone_of(session: AsyncSession, member: Member) -> str:
    """The first time zone that is known: the person's own, for which no statement is needed, then of a city, a cohort, the program."""
    own = member.app_time_zone or member.slack_time_zone or member.roster_time_zone
    if own:
        return own
    rows = (await session.execute(_zones(member.program_id, [member.id]))).all()
    return _first_zone([row[1:] for row in rows])


async def whereabouts(
    session: AsyncSession, program_id: int, member_ids: Sequence[int], *, since: datetime
) -> dict[int, Whereabouts]:
    """Time zone, working days and absences of several members at once, by member id; of several seats the first counts.

    One statement. Days off and absences that were over before `since` are left out.
    """
    day = since.date() - timedelta(days=1)  # the day may still go on in a zone of the west
    own_days = (CityDay.city_id == City.id) & (CityDay.last_on >= day)
    away = (Absence.member_id == Member.id) & or_(Absence.last_on.is_(None), Absence.last_on >= day)
    query = _zones(program_id, member_ids).outerjoin(CityDay, own_days).outerjoin(Absence, away)
    query = query.add_columns(City.id, City.state, CityDay, Absence.first_on, Absence.last_on)
    rows: dict[int, list[Any]] = {}
    for row in await session.execute(query):
        rows.setdefault(row[0], []).append(row[1:])
    return {member_id: _where(found) for member_id, found in rows.items()}


def _runs(facilitated: Collection[int | None], cohort_id: int | None) -> set[str]:
    return {"program" if one is None else "cohort" for one in facilitated if one is None or cohort_id in (None, one)}


def _zones(program_id: int, member_ids: Sequence[int]) -> Any:
    """A row for each seat of each member: the member's own zone, then those of city, cohort and program."""
    own = func.coalesce(Member.app_time_zone, Member.slack_time_zone, Member.roster_time_zone)
    return (
        select(Member.id, own, City.time_zone, Cohort.time_zone, Program.time_zone)
        .join(Program, Program.id == Member.program_id)
        .outerjoin(Delegate, Delegate.member_id == Member.id)
        .outerjoin(Seat, Seat.id == Delegate.seat_id)
        .outerjoin(City, City.id == Seat.city_id)
        .outerjoin(Cohort, Cohort.id == Seat.cohort_id)
        .where(Member.program_id == program_id, Member.id.in_(member_ids))
        .order_by(Delegate.id)
    )


def _first_zone(rows: Sequence[Any]) -> str:
    """Out of (own, city, cohort, program) of each seat: any city's zone goes before any cohort's."""
    zones: list[str | None] = [row[column] for column in range(4) for row in rows]
    return next(zone for zone in zones if zone)


def _where(rows: Sequence[Any]) -> Whereabouts:
    """Out of the zones, a city with its state, a day off and an absence (its first and last day), in every combination."""
    city_id, state = next(((row[4], row[5]) for row in rows if row[5]), (None, None))
    off = {row[6].id: row[6] for row in rows if row[6] and row[4] == city_id}
    days = Days(state, tuple(Off(one.first_on, one.last_on, one.weekday, one.name) for one in off.values()))
    return Whereabouts(_first_zone(rows), days, tuple(dict.fromkeys(Span(*row[7:]) for row in rows if row[7])))
