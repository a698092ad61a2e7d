"""The page without a browser: JSON out, JSON in."""

from typing import Any

from aiohttp import ClientSession

from bot.sandbox.server import Sandbox

Json = dict[str, Any]


class Page:
    """What the page asks and orders, each answer with its HTTP `status`."""

    def __init__(self, session: ClientSession, sandbox: Sandbox) -> None:
        self.session, self.url = session, f"{sandbox.url}/sandbox"

    async def get(self, path: str, **query: Any) -> Json:
        async with self.session.get(f"{self.url}/{path}", params=query) as response:
            return {"status": response.status, **(await response.json())}

    async def send(self, path: str, verb: str = "POST", **order: Any) -> Json:
        async with self.session.request(verb, f"{self.url}/{path}", json=order) as response:
            return {"status": response.status, **(await response.json())}
