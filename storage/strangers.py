"""Strangers: somebody unknown who spoke to the bot, to be looked up in Slack."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import programs
from storage.database import insert
from storage.models import Stranger, Workspace
from storage.moments import Next


async def note(
    session: AsyncSession, team_id: str, user_id: str, *, response_url: str | None, at: datetime, waits: bool = False
) -> None:
    """Remember that a stranger spoke; whoever speaks again is looked up again, and answered at the newest response_url."""
    workspace = await programs.by_team(session, team_id)
    if workspace is None:
        return
    asked = {"response_url": response_url, "asked_at": at, "looked_up_at": None, "waits": waits}
    query = insert(session, Stranger).values(workspace_id=workspace.id, user_id=user_id, **asked)
    await session.execute(query.on_conflict_do_update(index_elements=["workspace_id", "user_id"], set_=asked))


async def to_look_up(session: AsyncSession) -> list[tuple[Stranger, Workspace]]:
    """Who has not been looked up since they spoke, the longest waiting first."""
    query = select(Stranger, Workspace).join(Workspace, Workspace.id == Stranger.workspace_id)
    query = query.where(Stranger.looked_up_at.is_(None)).order_by(Stranger.asked_at, Stranger.id)
    rows = await session.execute(query.execution_options(across_programs="what is due"))
    return [(stranger, workspace) for stranger, workspace in rows]


# Since when somebody waits.
first_to_look_up = Next(select(func.min(Stranger.asked_at)).where(Stranger.looked_up_at.is_(None)))


async def looked_up(session: AsyncSession, stranger: Stranger, at: datetime) -> bool:
    """Settle what they asked; False when somebody else did, or they spoke again meanwhile."""
    query = update(Stranger).where(Stranger.id == stranger.id, Stranger.looked_up_at.is_(None))
    query = query.where(Stranger.asked_at == stranger.asked_at).values(looked_up_at=at).returning(Stranger.id)
    return await session.scalar(query) is not None
