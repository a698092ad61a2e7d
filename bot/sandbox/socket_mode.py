"""Socket Mode: tickets, open sockets, envelopes, acknowledgements, redelivery of events, and disconnects on order."""

import asyncio
import secrets
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from aiohttp import WSMsgType, web

from bot.sandbox.calls import Calls
from bot.sandbox.clock import Clock

Json = dict[str, Any]
Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]

MOST_SOCKETS = 10
TAKES_A_BODY = {"slash_commands", "view_submission", "block_suggestion"}


@dataclass(frozen=True)
class Timing:
    """How long Slack waits, in seconds. For Socket Mode Slack publishes neither figure for events, so both are ours to set.

    `ack` and `event_ack` are machine time; `retry_after` (one pause before each redelivery) is time of the sandbox's clock.
    """

    ack: float = 3.0
    event_ack: float = 3.0
    retry_after: tuple[float, ...] = (0, 60, 300)
    warning_close: float = 10.0
    refresh_close: float = 3.0


@dataclass(frozen=True)
class Ack:
    """What the app answered; `body` is None when it sent no payload."""

    body: Json | None


@dataclass
class Links:
    """All open sockets of the app, and what was sent over them and not acknowledged yet."""

    app_id: str
    calls: Calls
    timing: Timing
    clock: Clock
    tickets: set[str]
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    delivered: int = 0
    _waiting: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)
    _bodies_welcome: dict[str, bool] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _under_way: set[int] = field(default_factory=set)
    _later: dict[int, datetime] = field(default_factory=dict)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The life of one socket: hello, then acknowledgements until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=403)
        self.tickets.remove(ticket)
        socket = web.WebSocketResponse(heartbeat=30, timeout=2)
        await socket.prepare(request)
        if len(self.sockets) >= MOST_SOCKETS:
            await socket.send_json(self._disconnect("too_many_websockets"))
            await socket.close()
            return socket
        self.sockets.append(socket)
        try:
            await socket.send_json(self._hello())
            await self._notify()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(message.json())
        finally:
            self.sockets.remove(socket)
            await self._notify()
        return socket

    async def request(self, kind: str, payload: Json, name: str = "") -> Ack | None:
        """Send a command or an interaction, once; None when nobody acknowledged it in time."""
        call = self.calls.sent(name or kind, payload)
        answer = await self._send(kind, payload, {}, accepts=(name or kind) in TAKES_A_BODY, within=self.timing.ack)
        self.calls.judge(call, "acknowledged" if answer else "not acknowledged")
        return answer

    def deliver(self, payload: Json) -> None:
        """Send an event in the background, again and again until it is acknowledged or the retries are used up."""
        self.delivered += 1
        key = self.delivered
        self._under_way.add(key)
        self._keep(self._deliver(key, payload))

    async def quiet(self) -> None:
        """Return when no event is on its way; one that waits for a later redelivery does not count."""
        async with self._changed:
            await self._changed.wait_for(self._all_landed)

    def next_redelivery(self) -> datetime | None:
        """When the next event is tried again."""
        return min(self._later.values(), default=None)

    async def connected(self, sockets: int = 1) -> None:
        """Return when so many sockets are open."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.sockets) >= sockets)

    async def gone(self, socket: web.WebSocketResponse | None = None) -> None:
        """Return when this socket, or every socket, is closed."""
        async with self._changed:
            await self._changed.wait_for(lambda: socket not in self.sockets if socket else not self.sockets)

    async def disconnect(self, reason: Reason, sockets: list[web.WebSocketResponse] | None = None) -> None:
        """Tell the app to go; whoever has not gone after the grace that Slack gives is closed."""
        grace = self.timing.warning_close if reason == "warning" else self.timing.refresh_close
        for socket in list(self.sockets if sockets is None else sockets):
            await socket.send_json(self._disconnect(reason))
            self._keep(_close_after(socket, grace))

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for socket in list(self.sockets):
            await socket.close()

    async def _deliver(self, key: int, payload: Json) -> None:
        call = self.calls.sent(payload["event"]["type"], payload)
        try:
            for attempt, pause in enumerate((0.0, *self.timing.retry_after)):
                if pause:
                    await self._wait(key, pause)
                extra = {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
                if await self._send("events_api", payload, extra, accepts=False, within=self.timing.event_ack):
                    self.calls.judge(call, "acknowledged" if not attempt else f"acknowledged at redelivery {attempt}")
                    return
                self.calls.judge(call, f"not acknowledged, try {attempt + 1}")
        finally:
            self._under_way.discard(key)
            await self._notify()

    async def _wait(self, key: int, seconds: float) -> None:
        """Stand back until the next redelivery is due on the sandbox's clock."""
        self._later[key] = self.clock.now() + timedelta(seconds=seconds)
        self._under_way.discard(key)
        await self._notify()
        try:
            await self.clock.sleep(seconds)
        finally:
            self._under_way.add(key)
            del self._later[key]

    async def _send(self, kind: str, payload: Json, extra: Json, accepts: bool, within: float) -> Ack | None:
        envelope_id = str(uuid.uuid4())
        envelope = {"envelope_id": envelope_id, "type": kind, "payload": payload, "accepts_response_payload": accepts}
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = answer
        self._bodies_welcome[envelope_id] = accepts
        try:
            async with asyncio.timeout(within):
                await self._send_to_one(envelope | extra)
                return Ack(await answer)
        except TimeoutError:
            return None
        finally:
            del self._waiting[envelope_id], self._bodies_welcome[envelope_id]

    async def _send_to_one(self, envelope: Json) -> None:
        while True:
            await self.connected()
            socket = secrets.choice(self.sockets)
            try:
                await socket.send_json(envelope)
            except (ConnectionError, RuntimeError):  # it closed between the choice and the sending
                await asyncio.sleep(0)
                continue
            return

    def _acknowledged(self, message: Json) -> None:
        envelope_id, body = str(message.get("envelope_id")), message.get("payload")
        answer = self._waiting.get(envelope_id)
        if answer is None or answer.done():
            self.calls.said("ack", body, 200, None, "nobody waits for this acknowledgement (late, repeated or unknown)")
            return
        if body and not self._bodies_welcome[envelope_id]:
            self.calls.said("ack", body, 200, None, "ignored: this kind of request takes no answer body")
            body = None
        answer.set_result(body)

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._tasks.discard)

    def _all_landed(self) -> bool:
        return not self._under_way and all(due > self.clock.now() for due in self._later.values())

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _hello(self) -> Json:
        info = {"connection_info": {"app_id": self.app_id}, "debug_info": _debug_info()}
        return {"type": "hello", "num_connections": len(self.sockets)} | info

    def _disconnect(self, reason: Reason) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": _debug_info()}


async def _close_after(socket: web.WebSocketResponse, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await socket.close()


def _debug_info() -> Json:
    return {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060}
