"""Looks at everything a running bot needs and says, line by line, what is well and what to do."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import clients, config
from bot.config import Settings, WrongSettingsError
from storage import migrations

MANIFEST = Path(__file__).parent / "manifest.json"


@dataclass(frozen=True)
class Finding:
    """One line of the examination; `advice` says what to do when it is not well."""

    ok: bool
    what: str
    advice: str = ""

    def __str__(self) -> str:
        return f"ok        {self.what}" if self.ok else f"to do     {self.what}\n          {self.advice}"


async def examine(load: Callable[[], Settings] = config.load) -> AsyncIterator[Finding]:
    """Settings, time zone data, database and migrations, token, each scope of the manifest against what Slack grants."""
    try:
        settings = load()
    except WrongSettingsError as error:
        for problem in error.problems:
            yield Finding(ok=False, what="settings", advice=problem)
        yield zones()
        return
    yield Finding(ok=True, what="settings: every one is readable")
    yield zones()
    yield await database(settings)
    async with aiohttp.ClientSession() as http:
        async for finding in slack(settings, http):
            yield finding


def zones() -> Finding:
    try:
        ZoneInfo("Pacific/Honolulu")
    except ZoneInfoNotFoundError:
        return Finding(ok=False, what="time zone data", advice="Install it again: pip install tzdata.")
    return Finding(ok=True, what="time zone data")


async def database(settings: Settings) -> Finding:
    try:
        current, wanted = await migrations.pending(settings.database_url)
    except Exception as error:
        kind = type(error).__name__
        advice = f"It did not answer ({kind}). Check DATABASE_URL in .env, that the server runs, and that the folder can be written to."
        return Finding(ok=False, what="database", advice=advice)
    if current == wanted:
        return Finding(ok=True, what=f"database: its tables are up to date ({current})")
    return Finding(
        ok=False,
        what=f"database: at {current or 'nothing yet'}, should be at {wanted}",
        advice="Run: cohort db upgrade.",
    )


async def slack(settings: Settings, http: aiohttp.ClientSession) -> AsyncIterator[Finding]:
    """The tokens, and each scope."""
    client = clients.raw(settings, http, settings.slack_bot_token)
    try:
        who = await client.auth_test()
    except SlackApiError as error:
        advice = "Copy the Bot User OAuth Token again from OAuth & Permissions into SLACK_BOT_TOKEN, and install the app to the workspace."
        yield Finding(ok=False, what=f"bot token: Slack says {error.response['error']}", advice=advice)
        return
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        advice = "Check the network and any proxy between this machine and Slack."
        yield Finding(ok=False, what=f"Slack could not be reached ({type(error).__name__})", advice=advice)
        return
    yield Finding(ok=True, what=f"bot token: {who['user']} in {who['team']}")
    granted = {scope.strip() for scope in clients.scopes(who).split(",")}
    for scope in json.loads(MANIFEST.read_text())["oauth_config"]["scopes"]["bot"]:
        advice = "Add it under OAuth & Permissions (or paste bot/manifest.json under App Manifest), then install the app again."
        yield Finding(ok=scope in granted, what=f"scope {scope}", advice=advice)
    if settings.slack_app_token:
        yield await socket_mode(settings, client)


async def socket_mode(settings: Settings, client: AsyncWebClient) -> Finding:
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token)
    except SlackApiError as error:
        advice = "Make an app-level token with connections:write under Basic Information, and switch Socket Mode on."
        return Finding(ok=False, what=f"app-level token: Slack says {error.response['error']}", advice=advice)
    return Finding(ok=True, what="app-level token: Socket Mode can be opened")
