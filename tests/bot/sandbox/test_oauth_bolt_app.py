"""Bolt's own OAuth flow, with its installation and state stores, installed into two workspaces of the sandbox over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace

Json = dict[str, Any]


def distributed_app(sandbox: Sandbox, address: str, folder: Path) -> AsyncApp:
    """As Slack's documentation has it; only the two addresses lead to the sandbox."""
    home = sandbox.workspace
    settings = AsyncOAuthSettings(
        client_id=home.client_id,
        client_secret=home.client_secret,
        scopes=["app_mentions:read", "chat:write", "commands", "im:history", "im:write"],
        redirect_uri=f"{address}/slack/oauth_redirect",
        authorization_url=f"{sandbox.url}/oauth/v2/authorize",
        installation_store=FileInstallationStore(base_dir=str(folder / "installations"), client_id=home.client_id),
        state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=str(folder / "states")),
    )
    client = AsyncWebClient(base_url=f"{sandbox.url}/api/")
    app = AsyncApp(
        signing_secret=home.signing_secret, client=client, oauth_settings=settings, process_before_response=True
    )

    @app.command("/echo")
    async def echo(ack: Any, command: Json, client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel=command["user_id"], text=f"You said: {command['text']}")
        await ack()

    @app.event("message")
    async def message(event: Json, say: Any) -> None:
        await say("Hello to you")

    app.enable_token_revocation_listeners()
    return app


@pytest.fixture
async def app(
    sandbox: Sandbox, tmp_path: Path, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncApp]:
    address = f"http://127.0.0.1:{unused_tcp_port}"
    monkeypatch.setitem(
        sandbox.workspace.manifest["oauth_config"], "redirect_urls", [f"{address}/slack/oauth_redirect"]
    )
    made = distributed_app(sandbox, address, tmp_path)
    runner = web.AppRunner(made.web_app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    sandbox.install_url = f"{address}/slack/install"
    await sandbox.deliver_to(f"{address}/slack/events")
    yield made
    await runner.cleanup()


def test_nobody_has_installed_it_yet(sandbox: Sandbox, memphis: Workspace) -> None:
    assert [one.installed for one in sandbox.workspaces.values()] == [True, False]


async def test_each_workspace_is_answered_with_its_own_token(
    sandbox: Sandbox, memphis: Workspace, app: AsyncApp
) -> None:
    ana, cleo = sandbox.person("Ana"), sandbox.person("Cleo", memphis)
    for person in (ana, cleo):
        status, text = await person.installs(sandbox.install_url)
        assert (status, "Thank you" in text) == (200, True)
    await ana.types("/echo", "from home")
    await cleo.types("/echo", "from Memphis")
    await cleo.says("hello")
    assert [one["text"] for one in ana.messages] == ["You said: from home"]
    assert [one["text"] for one in cleo.messages] == ["You said: from Memphis", "Hello to you"]


async def test_who_cancels_installs_nothing(sandbox: Sandbox, memphis: Workspace, app: AsyncApp) -> None:
    status, text = await sandbox.person("Cleo", memphis).installs(sandbox.install_url, answer="cancel")
    assert (status, "access_denied" in text) == (200, True)
    assert memphis.installed is False


async def test_an_uninstalled_workspace_is_forgotten_and_can_come_back(
    sandbox: Sandbox, memphis: Workspace, app: AsyncApp
) -> None:
    cleo, store = sandbox.person("Cleo", memphis), app.installation_store
    assert store is not None

    async def known() -> bool:
        return await store.async_find_bot(enterprise_id=None, team_id=memphis.team_id) is not None

    await cleo.installs(sandbox.install_url)
    assert await known()
    sandbox.uninstall(memphis)
    await sandbox.settled()
    assert not await known()
    await cleo.installs(sandbox.install_url)
    await cleo.types("/echo", "again")
    assert [one["text"] for one in cleo.messages] == ["You said: again"]


async def test_an_address_that_does_not_lead_to_slack_is_said_so(sandbox: Sandbox, memphis: Workspace) -> None:
    with pytest.raises(LookupError, match="does not lead to Slack's question: it answered 200"):
        await sandbox.person("Cleo", memphis).installs(f"{sandbox.url}/")
