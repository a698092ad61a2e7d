"""The four Socket Mode clients of slack_sdk, two in threads and two on the event loop, each told to hear and answer the same way."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode import aiohttp, builtin, websocket_client, websockets
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.bot.sandbox import documented_app
from tests.bot.sandbox.documented_app import leaves_sockets_open

Json = dict[str, Any]
Kind = type[BaseSocketModeClient] | type[AsyncBaseSocketModeClient]

KINDS = [
    pytest.param(builtin.SocketModeClient, id="builtin", marks=leaves_sockets_open),
    pytest.param(websocket_client.SocketModeClient, id="websocket_client", marks=leaves_sockets_open),
    pytest.param(aiohttp.SocketModeClient, id="aiohttp"),
    pytest.param(websockets.SocketModeClient, id="websockets"),
]


class Listener:
    """One client; it acknowledges all it hears, commands with how many it heard, forms with a fault in them."""

    def __init__(self, sandbox: Sandbox, kind: Kind) -> None:
        self.greetings: asyncio.Queue[Json] = asyncio.Queue()
        self.loop = asyncio.get_running_loop()
        self.heard: list[SocketModeRequest] = []
        on_loop = issubclass(kind, AsyncBaseSocketModeClient)
        web_kind = AsyncWebClient if on_loop else WebClient
        web = web_kind(token=sandbox.workspace.bot_token, base_url=f"{sandbox.url}/api/")
        self.client = kind(sandbox.workspace.app_token, web_client=web, ping_interval=_look_every(kind))
        self.client.message_listeners.append(_awaited(self._greeted) if on_loop else self._greeted)
        self.client.socket_mode_request_listeners.append(_awaited(self._hear) if on_loop else self._hear)

    @property
    def texts(self) -> list[str]:
        """What was typed behind the commands that it heard."""
        return [request.payload["text"] for request in self.heard if request.type == "slash_commands"]

    async def connect(self) -> None:
        connect = self.client.connect
        await (connect() if inspect.iscoroutinefunction(connect) else asyncio.to_thread(connect))

    async def close(self) -> None:
        """Close the client for good, once its socket is cut."""
        if isinstance(self.client, AsyncBaseSocketModeClient):
            await self.client.close()
            return
        if isinstance(self.client, websocket_client.SocketModeClient):
            # Its reading thread ends by itself; closed under it, it would wait ten seconds for a socket that is gone.
            await asyncio.to_thread(self.client.current_session_runner.shutdown)
        await asyncio.to_thread(documented_app.shut, self.client)

    def _greeted(self, _client: object, message: Json, _raw: str | None) -> None:
        if message["type"] == "hello":
            self.loop.call_soon_threadsafe(self.greetings.put_nowait, message)

    def _hear(self, client: Any, request: SocketModeRequest) -> Any:
        self.heard.append(request)
        bodies: Json = {
            "slash_commands": {"text": f"{len(self.heard)} heard"},
            "view_submission": {"response_action": "errors", "errors": {"text": "Not so"}},
        }
        body = bodies.get(request.payload.get("type") or request.type)
        return client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=body))


@asynccontextmanager
async def listening(sandbox: Sandbox, kind: Kind, clients: int = 1) -> AsyncIterator[list[Listener]]:
    """So many clients of one kind, connected."""
    listeners = [Listener(sandbox, kind) for _ in range(clients)]
    for listener in listeners:
        await listener.connect()
    await sandbox.links.connected(clients)
    yield listeners
    for listener in listeners:
        listener.client.default_auto_reconnect_enabled = listener.client.auto_reconnect_enabled = False
    # Told of the end, those in threads would read on for three seconds before they notice.
    await sandbox.links.drop()
    for listener in listeners:
        await listener.close()


def _look_every(kind: Kind) -> float:
    """Seconds after which a client looks whether its connection is still there; most notice only then that it was cut.

    The one on websocket-client notices by itself, and must not look during a test: it replaces a connection that it finds
    closed, and when another of its threads opens that one at the same moment, neither is used.
    """
    return 60 if kind is websocket_client.SocketModeClient else 1


def _awaited(hear: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a client on the event loop, whose sending has to be awaited."""

    async def listen(*heard: Any) -> None:
        sending = hear(*heard)
        if sending is not None:
            await sending

    return listen
