"""Reads a roster or practices for the command line, all of it or nothing, and writes the roster as a file."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackApiError

from bot import clients
from bot.config import Settings
from bot.run import MachineClock
from handlers.types import Sessions
from storage import database, practices, programs, roster
from storage.models import Workspace
from storage.roster import export

Act = Callable[[Sessions, Workspace, datetime], Awaitable[tuple[bool, list[str]]]]


async def from_bytes(
    settings: Settings, kind: str, data: bytes, *, dry_run: bool = False, name: str = "a file"
) -> tuple[bool, list[str]]:
    """Import `kind` (roster or practices): whether all was read, and the lines that tell what came of it."""

    async def read(sessions: Sessions, here: Workspace, at: datetime) -> tuple[bool, list[str]]:
        if kind == "roster":
            source = roster.Source(here.id, name)
            done = await roster.import_roster(sessions, here.program_id, data, dry_run=dry_run, at=at, source=source)
            return done.ok, done.lines
        report = await practices.import_practices(sessions, here.program_id, data, at)
        return report.ok, report.lines

    return await _with_program(settings, read, "imported")


async def undo(settings: Settings, *, dry_run: bool = False) -> tuple[bool, list[str]]:
    """Take the last import of a roster back, when it came from the command line; as `from_bytes`."""

    async def back(sessions: Sessions, here: Workspace, at: datetime) -> tuple[bool, list[str]]:
        done = await roster.take_back(sessions, here.program_id, dry_run=dry_run, at=at)
        return done.ok, done.lines

    return await _with_program(settings, back, "undone")


async def roster_file(settings: Settings) -> tuple[bytes, int]:
    """The whole roster as an import takes it again, and how many lines it has; raises what Slack or the network raise."""
    sessions = database.connect(settings.database_url)
    try:
        program_id = (await _workspace(settings, sessions, MachineClock().now())).program_id
        async with sessions() as session:
            return await export.of(session, program_id, None)
    finally:
        await sessions.close()


async def _with_program(settings: Settings, act: Act, what: str) -> tuple[bool, list[str]]:
    """Do something in the workspace whose token stands in the settings; when Slack does not say which it is, nothing was `what`."""
    sessions, at = database.connect(settings.database_url), MachineClock().now()
    try:
        return await act(sessions, await _workspace(settings, sessions, at), at)
    except (SlackApiError, aiohttp.ClientError) as error:
        return False, [
            f"Slack did not say which workspace this is ({error}). Nothing was {what}; `cohort doctor` says what to do."
        ]
    finally:
        await sessions.close()


async def _workspace(settings: Settings, sessions: Sessions, at: datetime) -> Workspace:
    """Made, with its program, when it is not known yet."""
    async with aiohttp.ClientSession() as http:
        who = await clients.raw(settings, http, settings.slack_bot_token).auth_test()
    names = {"team_id": who["team_id"], "name": who["team"], "bot_user_id": who["user_id"]}
    async with sessions.begin() as session:
        return await programs.ensure(session, **names, time_zone=settings.time_zone, at=at)
