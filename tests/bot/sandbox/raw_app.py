"""An app of bare sockets: it shows each envelope exactly as it came, and answers, or stays silent, as a test orders."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from bot.sandbox import methods
from bot.sandbox.form import Form
from bot.sandbox.server import Sandbox

Json = dict[str, Any]


class RawApp:
    """`answers` by the type of the payload (a body, None for a bare acknowledgement); `silent` for what is not acknowledged."""

    def __init__(self, session: ClientSession, sandbox: Sandbox) -> None:
        self.session, self.sandbox = session, sandbox
        self.sockets: list[ClientWebSocketResponse] = []
        self.notices: list[list[Json]] = []
        self.envelopes: list[Json] = []
        self.heard_by: list[int] = []
        self.answers: dict[str, Json] = {}
        self.silent: set[str] = set()
        self.before_answer: Callable[[Json], Awaitable[object]] | None = None
        self._news = asyncio.Condition()
        self._tasks: list[asyncio.Task[None]] = []

    async def ticket_url(self) -> str:
        headers = {"Authorization": f"Bearer {self.sandbox.workspace.app_token}"}
        async with self.session.post(f"{self.sandbox.url}/api/apps.connections.open", headers=headers) as response:
            return str((await response.json())["url"])

    async def connect(self, url: str | None = None) -> ClientWebSocketResponse:
        socket = await self.session.ws_connect(url or await self.ticket_url())
        self.sockets.append(socket)
        self.notices.append([])
        self._tasks.append(asyncio.create_task(self._listen(len(self.sockets) - 1)))
        return socket

    async def close(self) -> None:
        for socket in self.sockets:
            await socket.close()
        await asyncio.gather(*self._tasks)

    async def calls(self, method: str, **args: Any) -> Json:
        """Call the Web API with the bot's token in the home workspace."""
        return await self.calls_with(self.sandbox.workspace.bot_token, method, **args)

    async def calls_with(self, bearer: str, method: str, **args: Any) -> Json:
        headers = {"Authorization": f"Bearer {bearer}"}
        how = {"json" if methods.REFERENCE.get(method, {}).get("json", True) else "data": args}
        async with self.session.post(f"{self.sandbox.url}/api/{method}", **how, headers=headers) as response:  # type: ignore[arg-type]
            return dict(await response.json())

    async def responds(self, url: str, **body: Any) -> tuple[int, Json]:
        """Post to a response_url."""
        async with self.session.post(url, json=body) as response:
            return response.status, dict(await response.json())

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return when something came over a socket and the condition holds."""
        async with asyncio.timeout(20), self._news:
            await self._news.wait_for(condition)

    @property
    def payloads(self) -> list[Json]:
        return [envelope["payload"] for envelope in self.envelopes]

    async def _listen(self, number: int) -> None:
        socket = self.sockets[number]
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            received = message.json()
            if "envelope_id" in received:
                await self._take(number, received)
            else:
                self.notices[number].append(received)
            async with self._news:
                self._news.notify_all()

    async def _take(self, number: int, envelope: Json) -> None:
        self.envelopes.append(envelope)
        self.heard_by.append(number)
        kind = envelope["payload"].get("type") or envelope["payload"]["command"]
        if kind in self.silent:
            return
        if self.before_answer:
            await self.before_answer(envelope["payload"])
        answer = {"envelope_id": envelope["envelope_id"]}
        if kind in self.answers:
            answer["payload"] = self.answers[kind]
        await self.sockets[number].send_json(answer)


@asynccontextmanager
async def raw_app(sandbox: Sandbox, sockets: int = 1) -> AsyncIterator[RawApp]:
    async with ClientSession() as session:
        app = RawApp(session, sandbox)
        for _ in range(sockets):
            await app.connect()
        await sandbox.links.connected(sockets)
        yield app
        await app.close()


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*texts: str) -> list[Json]:
    return [{"text": plain(text), "value": text.lower()} for text in texts]


def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element | {"action_id": "a"},
        **more,
    }


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("A form"), "submit": plain("Send"), "blocks": list(blocks), **more}


TEXT = field("text", "Text", {"type": "plain_text_input"})
WORD = modal(TEXT, callback_id="word", private_metadata="key")


async def opened(app: RawApp, view: Json, name: str = "Ana") -> Form:
    """The form that the app opens with the trigger of a shortcut."""
    actor = app.sandbox.person(name)
    await actor.opens("New note")
    answer = await app.calls("views.open", trigger_id=app.payloads[-1]["trigger_id"], view=view)
    assert answer["ok"], answer
    assert actor.form is not None
    return actor.form
