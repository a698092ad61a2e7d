"""Where a cohort is spoken to: a channel in each workspace of the program that has one for it."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import CheckIn, CohortChannel, Workspace


@dataclass(frozen=True)
class Spot:
    """A channel in a workspace. Its id says nothing in another workspace, where another channel may have the same."""

    workspace_id: int
    team_id: str
    workspace: str
    channel: str


async def of_check_in(session: AsyncSession, check_in: CheckIn) -> list[Spot]:
    """Where a check-in's summary goes: into its own channel first, and into the cohort's in each other workspace."""
    of_cohort = (CohortChannel.workspace_id == Workspace.id) & (CohortChannel.cohort_id == check_in.cohort_id)
    query = (
        select(Workspace.id, Workspace.team_id, Workspace.name, CohortChannel.channel)
        .outerjoin(CohortChannel, of_cohort)
        .where(Workspace.program_id == check_in.program_id)
        .where(or_(CohortChannel.id.is_not(None), Workspace.id == check_in.workspace_id))
        .order_by(Workspace.id)
    )
    spots = []
    for workspace_id, team_id, name, of_workspace in await session.execute(query):
        channel = check_in.channel if workspace_id == check_in.workspace_id else of_workspace
        if channel:
            spots.append(Spot(workspace_id, team_id, name, channel))
    return sorted(spots, key=lambda one: one.workspace_id != check_in.workspace_id)
