"""The part of the examination that looks at several workspaces: the app's own credentials, and each workspace's token."""

from collections.abc import AsyncIterator, Collection

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot import clients, installing
from bot.config import Settings
from bot.findings import Finding
from storage import database, installations
from storage.models import Installation, Workspace

CREDENTIALS = {
    "invalid_client_id": "Copy the Client ID again from Basic Information into SLACK_CLIENT_ID.",
    "bad_client_secret": "Copy the Client Secret again from Basic Information into SLACK_CLIENT_SECRET.",
}
COMPARE = "Compare SLACK_CLIENT_ID and SLACK_CLIENT_SECRET with your app's Basic Information."


async def examine(
    settings: Settings, http: aiohttp.ClientSession, home: str, scopes: Collection[str]
) -> AsyncIterator[Finding]:
    """`home` is the team whose token was looked at already, `scopes` are those that the app needs."""
    if settings.installs:
        yield await credentials(settings, http)
    for workspace, installation in await _installed(settings):
        if workspace.team_id != home:
            yield await token(settings, http, workspace, installation, scopes)


async def credentials(settings: Settings, http: aiohttp.ClientSession) -> Finding:
    """Slack looks at the app's credentials first: a permission that it never gave shows whether they are right."""
    asked = {"client_id": settings.slack_client_id, "client_secret": settings.slack_client_secret}
    try:
        await clients.raw(settings, http).oauth_v2_access(code="never-given", **asked)
    except SlackApiError as error:
        said = error.response["error"]
        if said != "invalid_code":
            return Finding(ok=False, what=f"installing: Slack says {said}", advice=CREDENTIALS.get(said, COMPARE))
    where = f"other workspaces begin at {installing.install_url(settings)}"
    return Finding(ok=True, what=f"installing: {where}, and Slack sends them back to {installing.redirect(settings)}")


async def token(
    settings: Settings,
    http: aiohttp.ClientSession,
    workspace: Workspace,
    installation: Installation,
    scopes: Collection[str],
) -> Finding:
    """Whether the app still gets into a workspace, and may do there what it needs."""
    what = f"token of {workspace.name}"
    if not settings.installs:
        advice = "It was installed with SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and PUBLIC_URL, which are gone from the settings."
        return Finding(ok=False, what=f"{what}: it cannot be installed again", advice=advice)
    advice = f"Somebody who may install apps there should open {installing.install_url(settings)} again."
    try:
        who = await clients.raw(settings, http, installation.bot_token).auth_test()
    except SlackApiError as error:
        return Finding(ok=False, what=f"{what}: Slack says {error.response['error']}", advice=advice)
    lacking = [scope for scope in scopes if scope not in clients.scopes(who).split(",")]
    return Finding(ok=not lacking, what=f"{what}: lacks {', '.join(lacking)}" if lacking else what, advice=advice)


async def _installed(settings: Settings) -> list[tuple[Workspace, Installation]]:
    """Empty while the database does not answer, or has no such table yet: that was said already."""
    sessions = database.connect(settings.database_url)
    try:
        async with sessions() as session:
            return await installations.everywhere(session)
    except (SQLAlchemyError, OSError):
        return []
    finally:
        await sessions.close()
