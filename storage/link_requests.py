"""Who entered a link code in a workspace: looked at, offered, confirmed, settled, each step once."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import programs
from storage.database import insert, wake
from storage.models import LinkRequest, Workspace
from storage.moments import Next

ASKED = "asked"
OFFERED = "offered"
CONFIRMED = "confirmed"
SETTLED = "settled"
WOKEN = "codes"  # what is noted when a code is to be looked at at once


async def ask(session: AsyncSession, team_id: str, user_id: str, code: str, response_url: str, at: datetime) -> bool:
    """Somebody entered a code; what they entered before counts no more. False when the workspace is not known."""
    workspace = await programs.by_team(session, team_id)
    if workspace is None:
        return False
    asked: dict[str, Any] = {
        "code": code,
        "key": secrets.token_urlsafe(12),
        "response_url": response_url,
        "state": ASKED,
    }
    asked |= {"asked_at": at, "due_at": at, "tries": 0}
    query = insert(session, LinkRequest).values(workspace_id=workspace.id, user_id=user_id, **asked)
    await session.execute(query.on_conflict_do_update(index_elements=["workspace_id", "user_id"], set_=asked))
    wake(session, WOKEN)
    return True


async def due(session: AsyncSession, now: datetime) -> list[tuple[LinkRequest, str]]:
    """Requests that wait for their next step, with the Slack id of their workspace, the longest waiting first."""
    query = select(LinkRequest, Workspace.team_id).join(Workspace, Workspace.id == LinkRequest.workspace_id)
    query = query.where(LinkRequest.due_at <= now).order_by(LinkRequest.due_at, LinkRequest.id)
    known = {"across_programs": "what is due", "populate_existing": True}
    rows = await session.execute(query.execution_options(**known))
    return [(request, team_id) for request, team_id in rows]


next_due = Next(select(func.min(LinkRequest.due_at)))


async def confirm(
    session: AsyncSession, team_id: str, user_id: str, key: str, response_url: str, *, since: datetime, at: datetime
) -> bool:
    """Whoever entered the code wants it, too. False for anybody else, a second time, or when it was entered before `since`."""
    workspace = await programs.by_team(session, team_id)
    if workspace is None:
        return False
    query = update(LinkRequest).where(LinkRequest.workspace_id == workspace.id, LinkRequest.user_id == user_id)
    query = query.where(LinkRequest.key == key, LinkRequest.state == OFFERED, LinkRequest.asked_at >= since)
    query = query.values(state=CONFIRMED, response_url=response_url, due_at=at, tries=0)
    wake(session, WOKEN)
    return await session.scalar(query.returning(LinkRequest.id)) is not None


async def step(session: AsyncSession, seen: LinkRequest, state: str) -> bool:
    """Go on to a state in which nothing is due. False when somebody else did, or another code was entered meanwhile."""
    query = _as_seen(seen).values(state=state, due_at=None)
    return await session.scalar(query.returning(LinkRequest.id)) is not None


async def postpone(session: AsyncSession, seen: LinkRequest, due_at: datetime) -> None:
    """Slack did not answer: try again then."""
    await session.execute(_as_seen(seen).values(due_at=due_at, tries=LinkRequest.tries + 1))


def _as_seen(seen: LinkRequest) -> Any:
    query = update(LinkRequest).where(LinkRequest.key == seen.key, LinkRequest.state == seen.state)
    return query.where(LinkRequest.due_at.is_not(None)).execution_options(synchronize_session=False)
