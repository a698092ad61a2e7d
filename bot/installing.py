"""Taking in a workspace: Slack's consent in the browser, its program with the starter practices, and the token that speaks there."""

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from slack_bolt import BoltResponse
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import clients, install_pages
from bot.clients import Clients
from bot.config import Settings
from handlers.types import Clock, Sessions
from storage import identities, installations, practices, programs
from storage.installations import Grant
from storage.models import Workspace

log = logging.getLogger(__name__)
MANIFEST = Path(__file__).parent / "manifest.json"
WITHIN = timedelta(minutes=10)  # as long as Slack's own permission is good
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the address carries Slack's permission
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}


@dataclass(frozen=True)
class Names:
    """A workspace and the app in it, as Slack calls them."""

    team_id: str
    team: str
    bot_user_id: str


async def take_in(session: AsyncSession, settings: Settings, names: Names, grant: Grant, at: datetime) -> Workspace:
    """The app is in this workspace from now on. One that was never seen gets a program of its own, with the starter practices.

    Where it was not installed until now, its program's people who are not in Slack are looked for again.
    """
    before = await installations.of(session, names.team_id)
    workspace = await programs.ensure(
        session,
        team_id=names.team_id,
        name=names.team,
        bot_user_id=names.bot_user_id,
        time_zone=settings.time_zone,
        at=at,
    )
    await practices.load_starter(session, workspace.program_id, at)
    await installations.save(session, workspace, grant, at)
    if before is None:
        await identities.look_again(session, workspace.program_id)
    return workspace


def flow(sessions: Sessions, clock: Clock, everywhere: Clients) -> AsyncOAuthFlow | None:
    """Slack's consent in the browser, at `/slack/install` and `/slack/oauth_redirect`; None when the settings have no address for it."""
    settings = everywhere.settings
    if not settings.installs:
        return None
    return AsyncOAuthFlow(
        client=clients.raw(settings, everywhere.http),
        logger=log,
        settings=AsyncOAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret,
            scopes=json.loads(MANIFEST.read_text())["oauth_config"]["scopes"]["bot"],
            user_scopes=[],
            redirect_uri=redirect(settings),
            install_page_rendering_enabled=False,  # Slack's own page says what is asked for
            authorization_url=f"{slack_root(settings)}/oauth/v2/authorize",
            callback_options=AsyncCallbackOptions(success=_installed(settings), failure=_failed(settings)),
            installation_store=Store(sessions, clock, everywhere),
            state_store=States(sessions),
            state_expiration_seconds=int(WITHIN.total_seconds()),
        ),
    )


def install_url(settings: Settings) -> str:
    """Where somebody begins to install the app."""
    return settings.install_url


def redirect(settings: Settings) -> str:
    """Where Slack sends people back to; it stands among the app's redirect URLs."""
    return f"{settings.public_url}/slack/oauth_redirect"


def slack_root(settings: Settings) -> str:
    parts = urlsplit(settings.slack_api_url)
    return f"{parts.scheme}://{parts.netloc}"


class OrganizationWideError(BoltError):
    """The app was installed for all workspaces of an organization at once."""


class States(AsyncOAuthStateStore):
    """The words with which people come back from Slack, each good once."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions

    @property
    def logger(self) -> logging.Logger:
        return log

    async def async_issue(self, *_args: object, **_kwargs: object) -> str:
        async with self.sessions.begin() as session:
            return await installations.begin(session, within=WITHIN, at=datetime.now(UTC))

    async def async_consume(self, state: str) -> bool:
        async with self.sessions.begin() as session:
            return await installations.come_back(session, state, datetime.now(UTC))


class Store(AsyncInstallationStore):
    """Writes down what Slack gave; who is authorized by it is looked up in `clients`."""

    def __init__(self, sessions: Sessions, clock: Clock, everywhere: Clients) -> None:
        self.sessions, self.clock, self.everywhere = sessions, clock, everywhere

    @property
    def logger(self) -> logging.Logger:
        return log

    async def async_save(self, installation: Installation) -> None:
        """Raises BoltError, which becomes a page, when it cannot be kept."""
        if installation.is_enterprise_install or not installation.team_id:
            raise OrganizationWideError("installed for a whole organization")
        scopes = ",".join(installation.bot_scopes or [])
        names = Names(installation.team_id, installation.team_name or "Slack", installation.bot_user_id or "")
        grant = Grant(installation.bot_token, installation.bot_id, scopes, installation.user_id)
        await practices.starter()  # read before the transaction, which others wait for
        try:
            async with self.sessions.begin() as session:
                await take_in(session, self.everywhere.settings, names, grant, self.clock.now())
        except (SQLAlchemyError, OSError) as error:
            log.error("The installation in %s could not be written (%s)", names.team_id, type(error).__name__)
            raise BoltError("the installation could not be written") from error
        self.everywhere.forget(names.team_id)
        log.info("Installed in %s (%s)", names.team_id, names.team)
        if names.team_id == self.everywhere.home:
            log.warning(
                "Copy the new Bot User OAuth Token into SLACK_BOT_TOKEN: the old one may not be good after a restart."
            )


def _installed(settings: Settings) -> Callable[[AsyncSuccessArgs], Awaitable[BoltResponse]]:
    async def answer(args: AsyncSuccessArgs) -> BoltResponse:
        root, team = slack_root(settings), args.installation.team_id
        slack = (
            f"https://app.slack.com/client/{team}" if root.endswith("//slack.com") else f"{root}/#/{team}"
        )  # the sandbox
        body = install_pages.installed(args.installation.team_name or "your workspace", settings.command_cohort, slack)
        return BoltResponse(status=200, body=body, headers=dict(HEADERS))

    return answer


def _failed(settings: Settings) -> Callable[[AsyncFailureArgs], Awaitable[BoltResponse]]:
    async def answer(args: AsyncFailureArgs) -> BoltResponse:
        reason = "organization" if isinstance(args.error, OrganizationWideError) else args.reason
        log.warning("Somebody did not install the app: %s", reason)
        body = install_pages.failed(reason, install_url(settings))
        return BoltResponse(status=args.suggested_status_code, body=body, headers=dict(HEADERS))

    return answer
