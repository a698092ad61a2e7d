"""A whole bot with the cast in a Slack workspace of its own: what conversations and journeys run against."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot import installing, run
from bot.config import Settings
from bot.run import Bot
from bot.sandbox.clock import Clock
from bot.sandbox.person import Actor
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Channel, Person, Workspace
from storage import database, members, practices, programs
from storage.database import Sessions
from storage.models import Member
from tests import cast, databases

FILLED = "FILLED_DATABASE"
MANIFEST = json.loads((Path(run.__file__).parent / "manifest.json").read_text())


@dataclass(frozen=True)
class Slack:
    """The workspace, the bot in it, and the database behind it."""

    sandbox: Sandbox
    bot: Bot

    @property
    def sessions(self) -> Sessions:
        return self.bot.sessions

    @property
    def clock(self) -> Clock:
        return self.sandbox.clock

    @property
    def workspace(self) -> Workspace:
        return self.sandbox.workspace

    def person(self, name: str) -> Actor:
        """Somebody of the cast by first name, or anybody else of the workspace by real name, handle or id."""
        return self.sandbox.person(cast.user_id(name) if cast.user_id(name) in self.workspace.people else name)

    def channel(self, name: str) -> Channel:
        return next(channel for channel in self.workspace.channels.values() if channel.name == name.removeprefix("#"))

    async def member(self, name: str) -> Member:
        """The member behind a person."""
        async with self.sessions() as session:
            found = await members.by_identity(session, self.workspace.team_id, self.person(name).id)
        assert found is not None
        return found

    async def turn_to(self, moment: datetime) -> list[datetime]:
        return await self.sandbox.turn_to(moment)

    async def next_due(self) -> datetime | None:
        return await self.sandbox.next_due()

    async def settle(self) -> None:
        await self.sandbox.settled()


async def fill(url: str, *, channel: str = "C0COHORT") -> None:
    """The tables, the cast and the starter practices."""
    await databases.create_tables(url)
    sessions = database.connect(url)
    async with sessions.begin() as session:
        people = await cast.enter(session, channel=channel)
        await practices.load_starter(session, people.workspace.program_id, cast.START)
    await sessions.close()


def people_the_workspace() -> Workspace:
    """A workspace with the cast, #cohort (where the bot is) and #elsewhere (where it is not)."""
    workspace = Workspace(manifest=MANIFEST, team_id=cast.TEAM, team_name="Programme Office", bot_user_id=cast.BOT_USER)
    bring_people(workspace)
    workspace.channels["C0COHORT"].members.append(cast.BOT_USER)
    return workspace


def bring_people(workspace: Workspace) -> None:
    """The cast, #cohort and #elsewhere, always with the same ids."""
    ids = [cast.user_id(name.split()[0]) for name, *_ in cast.PEOPLE]
    for user_id, (name, zone, title, *_) in zip(ids, cast.PEOPLE, strict=True):
        first = name.split()[0].lower()
        workspace.people[user_id] = Person(user_id, first, name, f"{first}@example.org", zone, title)
    workspace.channels["C0COHORT"] = Channel("C0COHORT", "cohort", members=list(ids))
    workspace.channels["C0ELSEWHERE"] = Channel("C0ELSEWHERE", "elsewhere", members=list(ids))
    for channel in workspace.channels.values():
        if channel.name == "general":
            channel.members += ids


def settings_for(workspace: Workspace, url: str, database_url: str) -> Settings:
    return Settings(
        slack_bot_token=workspace.bot_token,
        slack_app_token=workspace.app_token,
        slack_api_url=f"{url}/api/",
        database_url=database_url,
        messages_a_minute=0,
        seconds_between_messages=0,
        look_up_seconds=0.1,
    )


def installing_at(settings: Settings, workspace: Workspace, port: int) -> Settings:
    """Settings with which other workspaces can install the app, at a port of this machine; its manifest says so."""
    address = f"http://127.0.0.1:{port}"
    workspace.manifest = deepcopy(workspace.manifest)
    workspace.manifest["oauth_config"]["redirect_urls"] = [f"{address}/slack/oauth_redirect"]
    app = {"slack_client_id": workspace.client_id, "slack_client_secret": workspace.client_secret}
    return replace(settings, port=port, public_url=address, **app)


@asynccontextmanager
async def slack(
    database_url: str,
    log: Path,
    *,
    at: datetime = cast.START,
    ticking: bool = False,
    http_port: int | None = None,
    install_port: int | None = None,
) -> AsyncIterator[Slack]:
    """A bot on a filled database, in a workspace whose clock stands still until it is turned.

    It hears Slack by Socket Mode, or over signed HTTP at `http_port`. With an `install_port` other workspaces can install it there.
    """
    clock = Clock(at, frozen=True)
    workspace = people_the_workspace()
    async with Sandbox(workspace, clock=clock, log=log) as sandbox:
        settings = settings_for(workspace, sandbox.url, database_url)
        if http_port:
            secret = workspace.signing_secret
            settings = replace(settings, slack_app_token="", slack_signing_secret=secret, port=http_port)
        if install_port:
            settings = installing_at(settings, workspace, install_port)
            sandbox.install_url = installing.install_url(settings)
        async with run.running(settings, clock, ticking=ticking) as bot:
            if http_port:
                await sandbox.deliver_to(f"http://127.0.0.1:{http_port}/slack/events")
            sandbox.app_next_due, sandbox.app_settle = bot.next_due, bot.settle
            yield Slack(sandbox, bot)


async def program_of(sessions: Sessions) -> int:
    async with sessions() as session:
        workspace = await programs.by_team(session, cast.TEAM)
    assert workspace is not None
    return workspace.program_id
