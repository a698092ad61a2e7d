"""A second workspace of the same bot, with the same cast under the same ids, in a program of its own."""

from sqlalchemy.ext.asyncio import AsyncSession

import storage.models
from bot import installing
from bot.installing import Names
from bot.sandbox.person import Actor
from bot.sandbox.workspace import Workspace
from storage import installations, members, programs
from storage.installations import Grant
from storage.models import Member
from tests import cast, whole
from tests.whole import Slack

NAME = "Memphis city hall"


async def open_memphis(slack: Slack, *, installed: bool = True) -> Workspace:
    """The workspace with its people and, when the app is `installed`, its program with all of them on their seats."""
    memphis = slack.sandbox.add_workspace(NAME, "memphis")
    whole.bring_people(memphis)
    if installed:
        async with slack.sessions.begin() as session:
            await cast.enter(session, team_id=memphis.team_id, channel="C0COHORT", at=slack.clock.now())
        await let_in(slack, memphis)
        memphis.join("C0COHORT", memphis.bot_user_id)
    return memphis


async def let_in(slack: Slack, workspace: Workspace) -> str:
    """The app is installed, and another process wrote down with which token: this one is not told."""
    token = slack.sandbox.install(workspace)
    names = Names(workspace.team_id, workspace.team_name, workspace.bot_user_id)
    grant = Grant(token, workspace.bot_id, ",".join(sorted(workspace.scopes)), cast.user_id("Dana"))
    async with slack.sessions.begin() as session:
        await installing.take_in(session, slack.bot.app.settings, names, grant, slack.clock.now())
    return token


def person(slack: Slack, workspace: Workspace, name: str) -> Actor:
    """Somebody of the cast in this workspace, or anybody else there."""
    return slack.sandbox.person(cast.user_id(name) if cast.user_id(name) in workspace.people else name, workspace)


async def member(slack: Slack, workspace: Workspace, name: str) -> Member:
    """The member behind a person of this workspace."""
    async with slack.sessions() as session:
        found = await members.by_identity(session, workspace.team_id, person(slack, workspace, name).id)
    assert found is not None
    return found


def calls(slack: Slack, workspace: Workspace, method: str) -> int:
    """How often a method was called in this workspace."""
    return len([one for one in slack.sandbox.calls if (one["team"], one["method"]) == (workspace.team_id, method)])


async def is_installed(slack: Slack, workspace: Workspace) -> bool:
    """Whether the bot thinks so."""
    async with slack.sessions() as session:
        return await installations.of(session, workspace.team_id) is not None


async def workspace_of(session: AsyncSession, workspace: Workspace) -> storage.models.Workspace:
    """What is remembered of it."""
    found = await programs.by_team(session, workspace.team_id)
    assert found is not None
    return found


async def program_of(slack: Slack, workspace: Workspace) -> int:
    async with slack.sessions() as session:
        found = await programs.by_team(session, workspace.team_id)
    assert found is not None
    return found.program_id
