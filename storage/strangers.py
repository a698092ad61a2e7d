"""Strangers: somebody unknown who spoke to the bot, to be looked up in Slack."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage import programs
from storage.database import insert
from storage.models import Stranger


async def note(session: AsyncSession, team_id: str, user_id: str, *, response_url: str | None, at: datetime) -> None:
    """Remember that a stranger spoke; whoever speaks again is looked up again, and answered at the newest response_url."""
    workspace = await programs.by_team(session, team_id)
    if workspace is None:
        return
    asked = {"response_url": response_url, "asked_at": at, "looked_up_at": None}
    query = insert(session, Stranger).values(workspace_id=workspace.id, user_id=user_id, **asked)
    await session.execute(query.on_conflict_do_update(index_elements=["workspace_id", "user_id"], set_=asked))
