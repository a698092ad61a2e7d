"""A plain Bolt app with Slack's own OAuth flow and its file stores, which any workspace of a sandbox can install, over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox

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


@asynccontextmanager
async def oauth_app(sandbox: Sandbox, folder: Path, port: int) -> AsyncIterator[AsyncApp]:
    """The app at this port, heard over signed HTTP; `sandbox.install_url` leads to it."""
    address = f"http://127.0.0.1:{port}"
    sandbox.workspace.manifest["oauth_config"]["redirect_urls"] = [f"{address}/slack/oauth_redirect"]
    made = distributed_app(sandbox, address, folder)
    runner = web.AppRunner(made.web_app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    sandbox.install_url = f"{address}/slack/install"
    await sandbox.deliver_to(f"{address}/slack/events")
    yield made
    await runner.cleanup()
