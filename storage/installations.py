"""Where the app is installed: with which token it speaks in a workspace, when that ended, and who is on the way to install it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import OWES, insert
from storage.models import Identity, Installation, InstallState, Workspace


@dataclass(frozen=True)
class Grant:
    """What Slack gives for an installation; without a `bot_token` the settings have it."""

    bot_token: str | None
    bot_id: str | None
    scopes: str = ""
    installed_by: str | None = None


async def save(session: AsyncSession, workspace: Workspace, grant: Grant, at: datetime) -> None:
    """The app is installed in this workspace from now on; an earlier installation, ended or not, is replaced."""
    values: dict[str, Any] = {"bot_token": grant.bot_token, "bot_id": grant.bot_id, "scopes": grant.scopes}
    values |= {"installed_by": grant.installed_by, "installed_at": at, "ended_at": None}
    query = insert(session, Installation).values(workspace_id=workspace.id, **values)
    await session.execute(query.on_conflict_do_update(index_elements=["workspace_id"], set_=values))


async def of(session: AsyncSession, team_id: str) -> tuple[Workspace, Installation] | None:
    """The workspace of this team and the app in it; None when it is not installed there, or not any more."""
    query = select(Workspace, Installation).join(Installation, Installation.workspace_id == Workspace.id)
    query = query.where(Workspace.team_id == team_id, Installation.ended_at.is_(None))
    found = (await session.execute(query.execution_options(across_programs="a team id names its program"))).first()
    return (found[0], found[1]) if found else None


async def everywhere(session: AsyncSession) -> list[tuple[Workspace, Installation]]:
    """Every workspace in which the app is installed, of all programs."""
    query = select(Workspace, Installation).join(Installation, Installation.workspace_id == Workspace.id)
    query = query.where(Installation.ended_at.is_(None)).order_by(Workspace.id)
    rows = await session.execute(query.execution_options(across_programs="every workspace is looked at"))
    return [(workspace, installation) for workspace, installation in rows]


async def reached(session: AsyncSession, program_id: int) -> list[Workspace]:
    """The workspaces of a program in which the app was not removed, the oldest first."""
    query = select(Workspace).where(Workspace.program_id == program_id, Workspace.id.not_in(_ended()))
    return list(await session.scalars(query.order_by(Workspace.id)))


async def end(session: AsyncSession, workspace: Workspace, happened_at: datetime, at: datetime) -> bool:
    """The app was removed from a workspace. False when that is known, or when it was installed again since it happened.

    `happened_at` is Slack's, in whole seconds.
    """
    query = update(Installation).where(Installation.workspace_id == workspace.id, Installation.ended_at.is_(None))
    query = query.where(Installation.installed_at < happened_at + timedelta(seconds=1)).values(ended_at=at)
    ended = await session.scalar(query.returning(Installation.id)) is not None
    session.info[OWES] = ended or session.info.get(OWES)  # what waits for this workspace is given up at once
    return ended


def in_reach() -> ColumnElement[bool]:
    """Whether somebody's identity is in a workspace from which the app was not removed."""
    return Identity.workspace_id.not_in(_ended())


async def begin(session: AsyncSession, *, within: timedelta, at: datetime) -> str:
    """A word for somebody who is sent to Slack to install the app; with it they come back within this time. Old ones go."""
    await session.execute(delete(InstallState).where(InstallState.expires_at <= at))
    state = secrets.token_urlsafe(24)
    session.add(InstallState(state=state, expires_at=at + within))
    await session.flush()
    return state


async def come_back(session: AsyncSession, state: str, at: datetime) -> bool:
    """Whether somebody was sent with this word, and in time; of two who come with the same one, only the first."""
    query = delete(InstallState).where(InstallState.state == state, InstallState.expires_at > at)
    return await session.scalar(query.returning(InstallState.state)) is not None


def _ended() -> Select[int]:
    return select(Installation.workspace_id).where(Installation.ended_at.is_not(None))
