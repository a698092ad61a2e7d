"""Members: who somebody in Slack is, where to reach a member, and in which time zone they live."""

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import City, Cohort, Delegate, Facilitator, Identity, Member, Program, Seat, Workspace


async def by_identity(session: AsyncSession, team_id: str, user_id: str) -> Member | None:
    """The member behind a Slack user, or None. Every request starts here: from the member on, its program is known."""
    query = (
        select(Member)
        .join(Identity, Identity.member_id == Member.id)
        .join(Workspace, Workspace.id == Identity.workspace_id)
        .where(Workspace.team_id == team_id, Identity.user_id == user_id, Member.deactivated_at.is_(None))
        .execution_options(across_programs="a Slack user names a member, and the member its program")
    )
    return await session.scalar(query)


async def identity_of(session: AsyncSession, member: Member) -> Identity | None:
    """Where in Slack a member is reached; None while they are not in Slack yet."""
    query = select(Identity).where(Identity.program_id == member.program_id, Identity.member_id == member.id)
    return await session.scalar(query.order_by(Identity.id).limit(1))


async def facilitators(session: AsyncSession, program_id: int, cohort_id: int | None = None) -> list[Member]:
    """Who facilitates the whole program and, when one is given, this cohort."""
    query = (
        select(Member)
        .distinct()
        .join(Facilitator, Facilitator.member_id == Member.id)
        .where(Member.program_id == program_id, Member.deactivated_at.is_(None), Facilitator.until_on.is_(None))
        .where(or_(Facilitator.cohort_id.is_(None), Facilitator.cohort_id == cohort_id))
        .order_by(Member.name, Member.id)
    )
    return list(await session.scalars(query))


async def facilitates(session: AsyncSession, member: Member, cohort_id: int | None = None) -> bool:
    """Whether a member facilitates this cohort (or the whole program); without a cohort: anything at all."""
    query = select(Facilitator.id).where(
        Facilitator.program_id == member.program_id, Facilitator.member_id == member.id
    )
    query = query.where(Facilitator.until_on.is_(None))
    if cohort_id is not None:
        query = query.where(or_(Facilitator.cohort_id.is_(None), Facilitator.cohort_id == cohort_id))
    return await session.scalar(query.limit(1)) is not None


async def zone_of(session: AsyncSession, member: Member) -> str:
    """The first time zone that is known: the person's own, then of a city, a cohort, the program."""
    own = member.app_time_zone or member.slack_time_zone or member.roster_time_zone
    if own:
        return own
    query = (
        select(func.coalesce(City.time_zone, Cohort.time_zone, Program.time_zone))
        .select_from(Program)
        .outerjoin(Delegate, (Delegate.program_id == Program.id) & (Delegate.member_id == member.id))
        .outerjoin(Seat, Seat.id == Delegate.seat_id)
        .outerjoin(City, City.id == Seat.city_id)
        .outerjoin(Cohort, Cohort.id == Seat.cohort_id)
        .where(Program.id == member.program_id)
        .order_by(City.time_zone.is_(None), Cohort.time_zone.is_(None), Delegate.id)
        .limit(1)
    )
    return str(await session.scalar(query))
