"""Looks at everything a running bot needs and says, line by line, what is well and what to do."""

import json
from collections.abc import AsyncIterator, Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import clients, config, doctor_installing
from bot.config import Settings, WrongSettingsError
from bot.findings import Finding
from bot.installing import MANIFEST
from storage import migrations


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
    """The tokens, each scope, and the other workspaces."""
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
    scopes = json.loads(MANIFEST.read_text())["oauth_config"]["scopes"]["bot"]
    for scope in scopes:
        advice = "Add it under OAuth & Permissions (or paste bot/manifest.json under App Manifest), then install the app again."
        yield Finding(ok=scope in granted, what=f"scope {scope}", advice=advice)
    if settings.slack_app_token:
        yield await socket_mode(settings, client)
    async for finding in doctor_installing.examine(settings, http, who["team_id"], scopes):
        yield finding


async def socket_mode(settings: Settings, client: AsyncWebClient) -> Finding:
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token)
    except SlackApiError as error:
        advice = "Make an app-level token with connections:write under Basic Information, and switch Socket Mode on."
        return Finding(ok=False, what=f"app-level token: Slack says {error.response['error']}", advice=advice)
    return Finding(ok=True, what="app-level token: Socket Mode can be opened")
