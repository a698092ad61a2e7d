"""Reads a roster or practices for the command line, all of it or nothing, and writes the roster as a file."""

from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackApiError

from bot import clients
from bot.config import Settings
from bot.run import MachineClock
from handlers.types import Sessions
from storage import database, practices, programs, roster
from storage.roster import export


async def from_bytes(settings: Settings, kind: str, data: bytes, *, dry_run: bool = False) -> tuple[bool, list[str]]:
    """Import `kind` (roster or practices): whether all was read, and the lines that tell what came of it."""
    sessions, at = database.connect(settings.database_url), MachineClock().now()
    try:
        program_id = await _program(settings, sessions, at)
        if kind == "roster":
            roster_report = await roster.import_roster(sessions, program_id, data, dry_run=dry_run, at=at)
            return roster_report.ok, roster_report.lines
        report = await practices.import_practices(sessions, program_id, data, at)
        return report.ok, report.lines
    except (SlackApiError, aiohttp.ClientError) as error:
        return False, [
            f"Slack did not say which workspace this is ({error}). Nothing was imported; `cohort doctor` says what to do."
        ]
    finally:
        await sessions.close()


async def roster_file(settings: Settings) -> tuple[bytes, int]:
    """The whole roster as an import takes it again, and how many lines it has; raises what Slack or the network raise."""
    sessions = database.connect(settings.database_url)
    try:
        program_id = await _program(settings, sessions, MachineClock().now())
        async with sessions() as session:
            return await export.of(session, program_id, None)
    finally:
        await sessions.close()


async def _program(settings: Settings, sessions: Sessions, at: datetime) -> int:
    """The program of the workspace whose token stands in the settings; made when it is not known yet."""
    async with aiohttp.ClientSession() as http:
        who = await clients.raw(settings, http, settings.slack_bot_token).auth_test()
    names = {"team_id": who["team_id"], "name": who["team"], "bot_user_id": who["user_id"]}
    async with sessions.begin() as session:
        workspace = await programs.ensure(session, **names, time_zone=settings.time_zone, at=at)
        return workspace.program_id
