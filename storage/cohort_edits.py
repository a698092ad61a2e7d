"""Cohorts made and edited by hand, with their network and channel."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import checkin_changes
from storage.database import insert
from storage.models import Cohort, CohortChannel, Facilitator, Member, Network, Workspace
from storage.moments import Next


@dataclass(frozen=True)
class Said:
    """What a form says of a cohort. `phases` are (name, first day as 2027-01-15), in order."""

    network: str
    name: str
    theme: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    phases: tuple[tuple[str, str], ...] = ()
    time_zone: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class Present:
    """A cohort as it stands, and who edited it last (None: nobody yet, or a roster file)."""

    cohort_id: int
    said: Said
    changed_by: str | None


async def network_names(session: AsyncSession, program_id: int) -> list[str]:
    query = select(Network.name).where(Network.program_id == program_id).order_by(Network.name)
    return list(await session.scalars(query))


async def present(session: AsyncSession, workspace: Workspace, cohort_id: int, *, lock: bool = False) -> Present | None:
    """The cohort, with its channel in this workspace. With `lock` nobody else changes it until the commit."""
    query = (
        select(Cohort, Network.name, CohortChannel.channel, Member.name)
        .join(Network, Network.id == Cohort.network_id)
        .outerjoin(CohortChannel, (CohortChannel.cohort_id == Cohort.id) & (CohortChannel.workspace_id == workspace.id))
        .outerjoin(Member, Member.id == Cohort.changed_by)
        .where(Cohort.program_id == workspace.program_id, Cohort.id == cohort_id)
        .execution_options(populate_existing=True)
    )
    row = (await session.execute(query.with_for_update(of=Cohort) if lock else query)).one_or_none()
    if row is None:
        return None
    cohort, network, channel, changed_by = row
    phases = tuple((one["name"], one["on"]) for one in cohort.phases)
    said = Said(network, cohort.name, cohort.theme, cohort.starts_on, cohort.ends_on, phases, cohort.time_zone, channel)
    return Present(cohort.id, said, changed_by)


async def name_of(session: AsyncSession, program_id: int, cohort_id: int) -> str | None:
    return await session.scalar(select(Cohort.name).where(Cohort.program_id == program_id, Cohort.id == cohort_id))


async def by_form(session: AsyncSession, program_id: int, form_key: str) -> int | None:
    """The cohort that was made from this form already."""
    return await session.scalar(select(Cohort.id).where(Cohort.program_id == program_id, Cohort.form_key == form_key))


async def name_taken(session: AsyncSession, program_id: int, said: Said, *, but: int | None = None) -> bool:
    """Whether another cohort of the network has this name, in whatever letters."""
    query = select(Cohort.id).join(Network, Network.id == Cohort.network_id).where(Cohort.program_id == program_id)
    query = query.where(func.lower(Cohort.name) == said.name.lower(), func.lower(Network.name) == said.network.lower())
    return await session.scalar(query.where(Cohort.id != but) if but else query) is not None


async def add(
    session: AsyncSession, member: Member, workspace: Workspace, said: Said, form_key: str, at: datetime, *, runs: bool
) -> int | None:
    """Make a cohort; its id. None when this form was saved before, or somebody took the name just now.

    With `runs` the member facilitates it.
    """
    values = _values(said) | {"network_id": await _network(session, member.program_id, said.network)}
    values |= {"program_id": member.program_id, "form_key": form_key, "created_at": at}
    query = insert(session, Cohort).values(**values).on_conflict_do_nothing().returning(Cohort.id)
    cohort_id: int | None = await session.scalar(query)
    if cohort_id is None:
        return None
    if said.channel:
        await _set_channel(session, member, workspace, cohort_id, said.channel)
    if runs:
        session.add(Facilitator(program_id=member.program_id, member_id=member.id, cohort_id=cohort_id))
        await session.flush()
    return cohort_id


async def edit(
    session: AsyncSession, member: Member, workspace: Workspace, seen: Present, said: Said, at: datetime
) -> bool:
    """Put `said` in place of what was seen; check-ins around a phase follow it. False when somebody changed the cohort meanwhile."""
    now = await present(session, workspace, seen.cohort_id, lock=True)
    if now is None or now.said != seen.said:
        return False
    values = _values(said) | {"changed_by": member.id}
    if said.network != seen.said.network:
        values["network_id"] = await _network(session, member.program_id, said.network)
    query = update(Cohort).where(Cohort.program_id == member.program_id, Cohort.id == seen.cohort_id)
    await session.execute(query.values(**values).execution_options(synchronize_session=False))
    if said.phases != seen.said.phases:
        await checkin_changes.look_again(session, member.program_id, seen.cohort_id, at)
    if said.channel and said.channel != seen.said.channel:
        await _set_channel(session, member, workspace, seen.cohort_id, said.channel)
    return True


async def channels_to_check(session: AsyncSession) -> list[tuple[CohortChannel, str, str]]:
    """Channels of which nobody knows yet whether the bot is in them, with the cohort's name and the team."""
    query = select(CohortChannel, Cohort.name, Workspace.team_id).join(Cohort, Cohort.id == CohortChannel.cohort_id)
    query = query.join(Workspace, Workspace.id == CohortChannel.workspace_id)
    query = query.where(CohortChannel.check_for.is_not(None)).order_by(CohortChannel.id)
    rows = await session.execute(query.execution_options(across_programs="what is due"))
    return [(channel, name, team_id) for channel, name, team_id in rows]


async def channel_checked(session: AsyncSession, seen: CohortChannel) -> bool:
    """False when somebody else looked, or another channel was chosen meanwhile."""
    query = update(CohortChannel).where(CohortChannel.program_id == seen.program_id, CohortChannel.id == seen.id)
    query = query.where(CohortChannel.channel == seen.channel, CohortChannel.check_for == seen.check_for)
    return await session.scalar(query.values(check_for=None).returning(CohortChannel.id)) is not None


# Since when a channel waits to be looked at.
first_channel_check = Next(
    select(func.min(Cohort.created_at))
    .join(CohortChannel, CohortChannel.cohort_id == Cohort.id)
    .where(CohortChannel.check_for.is_not(None))
)


def _values(said: Said) -> dict[str, Any]:
    return {
        "name": said.name,
        "theme": said.theme,
        "starts_on": said.starts_on,
        "ends_on": said.ends_on,
        "phases": [{"name": name, "on": on} for name, on in said.phases],
        "time_zone": said.time_zone,
    }


async def _network(session: AsyncSession, program_id: int, name: str) -> int:
    """The network of this name, in whatever letters; made when there is none."""
    query = select(Network.id).where(Network.program_id == program_id, func.lower(Network.name) == name.lower())
    known = await session.scalar(query.order_by(Network.id).limit(1))
    if known is not None:
        return known
    await session.execute(insert(session, Network).values(program_id=program_id, name=name).on_conflict_do_nothing())
    return (await session.scalars(query)).one()


async def _set_channel(
    session: AsyncSession, member: Member, workspace: Workspace, cohort_id: int, channel: str
) -> None:
    chosen = {"channel": channel, "check_for": member.id}
    query = insert(session, CohortChannel).values(
        program_id=member.program_id, cohort_id=cohort_id, workspace_id=workspace.id, **chosen
    )
    await session.execute(query.on_conflict_do_update(index_elements=["cohort_id", "workspace_id"], set_=chosen))
