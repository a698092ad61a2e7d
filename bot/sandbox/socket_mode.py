"""Socket Mode: tickets, open sockets, envelopes and their acknowledgements, and disconnects on order."""

import asyncio
import secrets
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import WSMsgType, web

from bot.sandbox.calls import Calls
from bot.sandbox.transport import EVENTS, TIMEOUT, Ack, Failure, Parcel, Timing
from bot.sandbox.workspace import Workspace

__all__ = ["Ack", "Reason", "Sockets", "Timing"]

Json = dict[str, Any]
Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]

MOST_SOCKETS = 10


@dataclass
class Sockets:
    """All open sockets of the app, and what was sent over them and not acknowledged yet. `on_link` hears when one comes or goes."""

    workspace: Workspace
    calls: Calls
    timing: Timing
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    on_link: Callable[[], None] = lambda: None
    _requests: dict[web.WebSocketResponse, web.Request] = field(default_factory=dict)
    _waiting: dict[str, tuple[Parcel, asyncio.Future[Json | None]]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The life of one socket: hello, then acknowledgements until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.workspace.tickets or not self.workspace.socket_mode:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=403)
        self.workspace.tickets.remove(ticket)
        socket = web.WebSocketResponse(heartbeat=30, timeout=2)
        await socket.prepare(request)
        if len(self.sockets) >= MOST_SOCKETS:
            await socket.send_json(self._disconnect("too_many_websockets"))
            await socket.close()
            return socket
        self.sockets.append(socket)
        self._requests[socket] = request
        self.on_link()
        if request.query.get("debug_reconnects") == "true":
            self._keep(self._refresh(socket))
        try:
            await socket.send_json(self._hello())
            await self.notify()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(message.json())
        finally:
            self.sockets.remove(socket)
            del self._requests[socket]
            self.on_link()
            await self.notify()
        return socket

    async def send(self, parcel: Parcel) -> Ack | Failure:
        """Send a payload over one of the sockets, as soon as one is open, and wait for its acknowledgement."""
        envelope = _envelope(parcel)
        envelope_id = envelope["envelope_id"]
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = parcel, answer
        try:
            async with asyncio.timeout(parcel.seconds(self.timing)):
                socket = await self._send_to_one(envelope)
                body = await answer
        except TimeoutError:
            return Failure(TIMEOUT, "not acknowledged")
        finally:
            del self._waiting[envelope_id]
        if parcel.unheard:
            await self.drop([socket])
            return Failure(TIMEOUT, "the socket broke before the acknowledgement was heard")
        return Ack(body)

    async def connected(self, sockets: int = 1) -> None:
        """Return when so many sockets are open."""
        async with self.changed:
            await self.changed.wait_for(lambda: len(self.sockets) >= sockets)

    async def gone(self, socket: web.WebSocketResponse | None = None) -> None:
        """Return when this socket, or every socket, is closed."""
        async with self.changed:
            await self.changed.wait_for(lambda: socket not in self.sockets if socket else not self.sockets)

    async def disconnect(self, reason: Reason, sockets: list[web.WebSocketResponse] | None = None) -> None:
        """Tell the app to go; whoever has not gone after the grace that Slack gives is closed.

        After `link_disabled` Socket Mode is off, until `workspace.socket_mode` is set again: no address, no new socket.
        """
        if reason == "link_disabled":
            self.workspace.socket_mode = False
            self.workspace.tickets.clear()
        grace = self.timing.warning_close if reason == "warning" else self.timing.refresh_close
        for socket in list(self.sockets if sockets is None else sockets):
            await socket.send_json(self._disconnect(reason))
            self._keep(_close_after(socket, grace))

    async def drop(self, sockets: list[web.WebSocketResponse] | None = None) -> None:
        """Cut connections without a word, as a broken network does."""
        for socket in list(self.sockets if sockets is None else sockets):
            request = self._requests.get(socket)
            if request is not None and request.transport is not None:
                request.transport.abort()
            await self.gone(socket)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for socket in list(self.sockets):
            await socket.close()

    async def notify(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def _send_to_one(self, envelope: Json) -> web.WebSocketResponse:
        while True:
            await self.connected()
            socket = secrets.choice(self.sockets)
            try:
                await socket.send_json(envelope)
            except (ConnectionError, RuntimeError):  # it closed between the choice and the sending
                await asyncio.sleep(0)
                continue
            return socket

    def _acknowledged(self, message: Json) -> None:
        envelope_id, body = str(message.get("envelope_id")), message.get("payload")
        parcel, answer = self._waiting.get(envelope_id, (None, None))
        if parcel is None or answer is None or answer.done():
            self.calls.said("ack", body, 200, None, "nobody waits for this acknowledgement (late, repeated or unknown)")
            return
        if body and not parcel.takes_a_body:
            why = "ignored: this kind of request takes no answer body"
            self.calls.said("ack", body, 200, None, why, team=parcel.team_id)
            body = None
        answer.set_result(body)

    async def _refresh(self, socket: web.WebSocketResponse) -> None:
        await asyncio.sleep(self.timing.debug_reconnect)
        if socket in self.sockets:
            await self.disconnect("refresh_requested", [socket])

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._tasks.discard)

    def _hello(self) -> Json:
        return {"type": "hello", "num_connections": len(self.sockets), **_debug_info(), **self._connection_info()}

    def _disconnect(self, reason: Reason) -> Json:
        notice: Json = {"type": "disconnect", "reason": reason, **_debug_info()}
        if reason == "too_many_websockets":
            notice |= {"num_connections": len(self.sockets), **self._connection_info()}
        return notice

    def _connection_info(self) -> Json:
        return {"connection_info": {"app_id": self.workspace.app_id}}


def _envelope(parcel: Parcel) -> Json:
    envelope: Json = {"envelope_id": str(uuid.uuid4()), "type": parcel.kind, "payload": parcel.payload}
    envelope["accepts_response_payload"] = parcel.takes_a_body
    if parcel.kind == EVENTS:
        envelope |= {"retry_attempt": parcel.attempt, "retry_reason": "timeout" if parcel.attempt else ""}
    return envelope


async def _close_after(socket: web.WebSocketResponse, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await socket.close()


def _debug_info() -> Json:
    return {"debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060}}
