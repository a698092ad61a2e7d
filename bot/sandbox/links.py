"""All that Slack sends to the app, over its sockets or to its request URL: once, or again until it is acknowledged."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.calls import Calls
from bot.sandbox.clock import Clock
from bot.sandbox.faults import Faults
from bot.sandbox.http_mode import HttpMode
from bot.sandbox.socket_mode import Reason, Sockets
from bot.sandbox.transport import EVENTS, Ack, Failure, Parcel, Timing

Json = dict[str, Any]


@dataclass
class Links:
    """The ways to the app, and the events that are under way. With a request URL (`http`) nothing goes over sockets.

    An event that is not `wanted` any more, its workspace having lost the app, is not tried (again).
    """

    calls: Calls
    timing: Timing
    clock: Clock
    faults: Faults
    door: Sockets
    http: HttpMode | None = None
    delivered: int = 0
    wanted: Callable[[Json], bool] = lambda _payload: True
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _under_way: set[int] = field(default_factory=set)
    _later: dict[int, datetime] = field(default_factory=dict)

    @property
    def sockets(self) -> list[web.WebSocketResponse]:
        return self.door.sockets

    async def ask(self, kind: str, payload: Json, name: str = "") -> Ack | Failure:
        """Send a command or an interaction, once."""
        parcel = Parcel(kind, name or kind, payload, unheard=bool(self.faults.take_event("unheard", name or kind)))
        call = self.calls.sent(parcel.name, payload)
        answer = await self._try(parcel)
        self.calls.judge(call, "acknowledged" if isinstance(answer, Ack) else answer.words)
        return answer

    async def request(self, kind: str, payload: Json, name: str = "") -> Ack | None:
        """As `ask`; None when nobody acknowledged it in time."""
        answer = await self.ask(kind, payload, name)
        return answer if isinstance(answer, Ack) else None

    def deliver(self, payload: Json) -> None:
        """Send an event in the background, again and again until it is acknowledged or the retries are used up."""
        name = payload["event"]["type"]
        late = self.faults.take_event("late", name)
        for _ in range(2 if self.faults.take_event("duplicate", name) else 1):
            self.delivered += 1
            self._under_way.add(self.delivered)
            self._keep(self._deliver(self.delivered, payload, late.seconds if late else 0))

    async def quiet(self) -> None:
        """Return when no event is on its way; one that waits for a later redelivery does not count."""
        async with self.door.changed:
            await self.door.changed.wait_for(self._all_landed)

    def next_redelivery(self) -> datetime | None:
        """When the next event is tried again, or a late one comes."""
        return min(self._later.values(), default=None)

    async def connected(self, sockets: int = 1) -> None:
        """Return when so many sockets are open."""
        await self.door.connected(sockets)

    async def gone(self, socket: web.WebSocketResponse | None = None) -> None:
        """Return when this socket, or every socket, is closed."""
        await self.door.gone(socket)

    async def disconnect(self, reason: Reason, sockets: list[web.WebSocketResponse] | None = None) -> None:
        """Tell the app to go; whoever has not gone after the grace that Slack gives is closed."""
        await self.door.disconnect(reason, sockets)

    async def drop(self, sockets: list[web.WebSocketResponse] | None = None) -> None:
        """Cut connections without a word, as a broken network does."""
        await self.door.drop(sockets)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.door.close()
        if self.http:
            await self.http.close()

    async def _deliver(self, key: int, payload: Json, late: float) -> None:
        name = payload["event"]["type"]
        try:
            if late:
                await self._wait(key, late)
            await self._until_heard(key, name, payload)
        finally:
            self._under_way.discard(key)
            await self.door.notify()

    async def _until_heard(self, key: int, name: str, payload: Json) -> None:
        call, reason = self.calls.sent(name, payload), ""
        for attempt, pause in enumerate((0.0, *self.timing.retry_after)):
            if pause:
                await self._wait(key, pause)
            if not self.wanted(payload):
                self.calls.judge(call, "not delivered: the app is not installed any more")
                return
            unheard = bool(self.faults.take_event("unheard", name))
            answer = await self._try(Parcel(EVENTS, name, payload, attempt, reason, unheard))
            if isinstance(answer, Ack):
                self.calls.judge(call, "acknowledged" if not attempt else f"acknowledged at redelivery {attempt}")
                return
            self.calls.judge(call, f"{answer.words}, try {attempt + 1}")
            if answer.no_retry:
                return
            reason = answer.reason

    async def _try(self, parcel: Parcel) -> Ack | Failure:
        return await (self.http or self.door).send(parcel)

    async def _wait(self, key: int, seconds: float) -> None:
        """Stand back until the next delivery is due on the sandbox's clock."""
        self._later[key] = self.clock.now() + timedelta(seconds=seconds)
        self._under_way.discard(key)
        await self.door.notify()
        try:
            await self.clock.sleep(seconds)
        finally:
            self._under_way.add(key)
            del self._later[key]

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._tasks.discard)

    def _all_landed(self) -> bool:
        now = self.clock.now()
        return not self._under_way and not any(due <= now for due in self._later.values())
