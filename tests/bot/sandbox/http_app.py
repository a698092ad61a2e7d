"""An app behind a request URL: it keeps each request exactly as it came, and answers as a test orders."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from bot.sandbox.server import Sandbox

Answer = Callable[[], web.StreamResponse]


@dataclass(frozen=True)
class Heard:
    headers: dict[str, str]
    body: str


@dataclass
class HttpApp:
    """`answer` makes the response; `asleep` lets it wait, until it is set."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    answer: Answer = web.Response
    awake: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        if "url_verification" in body:
            return web.Response(text=(await request.json())["challenge"])
        self.heard.append(Heard(dict(request.headers), body))
        await self.awake.wait()
        return self.answer()

    async def elsewhere(self, request: web.Request) -> web.StreamResponse:
        """Redirect so many times until it leads to the app."""
        left = int(request.match_info["times"])
        raise web.HTTPTemporaryRedirect(f"/again/{left - 1}" if left > 1 else "/slack")


@asynccontextmanager
async def http_app(sandbox: Sandbox, path: str = "/slack") -> AsyncIterator[HttpApp]:
    app = HttpApp()
    app.awake.set()
    served = web.Application()
    served.add_routes([web.post("/slack", app.serve), web.post("/again/{times}", app.elsewhere)])
    runner = web.AppRunner(served, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await sandbox.deliver_to(f"{app.url}{path}", verify=path == "/slack")
    yield app
    app.awake.set()
    await runner.cleanup()
