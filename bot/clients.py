"""A web client for each workspace, on one connection pool: which token speaks where, and that a new one takes the old one's place."""

from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.config import Settings
from handlers.errors import NotInstalled
from handlers.types import Client, Sessions
from storage import installations

REFUSED = frozenset({"account_inactive", "invalid_auth", "token_expired", "token_revoked"})
"""What Slack says to a token that is good no longer: the app was removed, or installed again with another one."""


def raw(settings: Settings, http: aiohttp.ClientSession, token: str | None = None) -> Client:
    """Slack's Web API on one connection pool. Nothing is repeated behind our back: a repeated post may be a second message."""
    return AsyncWebClient(token, **_how(settings, http))


def scopes(who: AsyncSlackResponse) -> str:
    """What the token of a call may do, with commas between."""
    return who.headers.get("X-OAuth-Scopes") or who.headers.get("x-oauth-scopes") or ""


@dataclass(frozen=True)
class Clients:
    """What is needed to speak in any workspace. `home` is the team whose token stands in the settings; `known` is filled with use."""

    settings: Settings
    sessions: Sessions
    http: aiohttp.ClientSession
    home: str
    known: dict[str, "WorkspaceClient"] = field(default_factory=dict)

    async def of(self, team_id: str) -> "WorkspaceClient":
        """The client of a workspace; raises NotInstalled. It costs one statement, and none once it is known."""
        client = self.known.get(team_id) or WorkspaceClient(self, await self._who(team_id))
        return self.known.setdefault(team_id, client)

    async def authorize(self, team_id: str | None) -> AuthorizeResult | None:
        """Who the app is in the workspace that a request comes from; None where it is not installed. Asks Slack nothing."""
        try:
            return (await self.of(team_id or "")).who
        except NotInstalled:
            return None

    def forget(self, team_id: str) -> None:
        """Look the workspace up again with its next use: it was installed anew, or the app was removed."""
        self.known.pop(team_id, None)

    async def instead_of(self, refused: AuthorizeResult) -> AuthorizeResult | None:
        """What is good now that Slack refuses a token; None when nobody knows a newer one. Raises NotInstalled."""
        team_id = str(refused.team_id)
        self.forget(team_id)
        who = await self._who(team_id)
        return who if who.bot_token != refused.bot_token else None

    async def _who(self, team_id: str) -> AuthorizeResult:
        async with self.sessions() as session:
            found = await installations.of(session, team_id)
        if found is None:
            raise NotInstalled(team_id)
        workspace, installation = found
        token = installation.bot_token or (self.settings.slack_bot_token if team_id == self.home else None)
        if token is None:
            raise NotInstalled(team_id)
        return AuthorizeResult(
            enterprise_id=None,
            team_id=team_id,
            team=workspace.name,
            bot_id=installation.bot_id,
            bot_user_id=workspace.bot_user_id,
            bot_token=token,
            bot_scopes=installation.scopes,
        )


class WorkspaceClient(AsyncWebClient):
    """Slack's client that looks for a newer token, once, when its own is refused: another process may have taken one."""

    def __init__(self, clients: Clients, who: AuthorizeResult) -> None:
        super().__init__(who.bot_token, **_how(clients.settings, clients.http))
        self.clients = clients
        self.who = who

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        used = self.who
        try:
            return await super().api_call(api_method, **arguments)
        except SlackApiError as error:
            if error.response.get("error") not in REFUSED or not await self._renewed(used):
                raise
        return await super().api_call(api_method, **arguments)

    async def _renewed(self, used: AuthorizeResult) -> bool:
        """Whether there is another token than the one that was used; of several calls that are refused at once the first one looks."""
        if self.who is used:
            who = await self.clients.instead_of(used)
            if who is None:
                return False
            self.who, self.token = who, who.bot_token
            self.clients.known.setdefault(str(who.team_id), self)
        return True


def _how(settings: Settings, http: aiohttp.ClientSession) -> dict[str, Any]:
    return {"base_url": settings.slack_api_url, "session": http, "timeout": 10, "retry_handlers": []}
