"""A Slack in a process of its own: `python -m tests.bench.slack PORT PEOPLE [MILLISECONDS]`.

Without milliseconds it is the sandbox; with them a stand-in that takes every message and answers that much later.
"""

import asyncio
import sys
from itertools import count

from aiohttp import web

from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Person
from tests import whole
from tests.bench import crowd


def main(port: str, people: str, *milliseconds: str) -> None:
    serving = stand_in(int(port), float(milliseconds[0]) / 1000) if milliseconds else sandbox(int(port), int(people))
    asyncio.run(serving)


async def sandbox(port: int, people: int) -> None:
    """The sandbox with the cast and the crowd."""
    workspace = whole.people_the_workspace()
    for number in range(people):
        user_id, name = crowd.user_id(number), crowd.name(number)
        workspace.people[user_id] = Person(user_id, user_id.lower(), name, f"{user_id}@example.org", crowd.ZONE, "")
    async with Sandbox(workspace, port=port):
        await asyncio.Event().wait()


async def stand_in(port: int, seconds: float) -> None:
    """Answers chat.postMessage, late; it keeps nothing. Its cost is also what a call costs at least with aiohttp."""
    numbers = count(1)

    async def post(request: web.Request) -> web.Response:
        arguments = await request.json()  # that is how chat_postMessage sends them
        await asyncio.sleep(seconds)
        ts = f"1790000000.{next(numbers):06d}"
        return web.json_response({"ok": True, "channel": f"D{arguments['channel']}", "ts": ts, "message": {"ts": ts}})

    application = web.Application()
    application.router.add_post("/api/chat.postMessage", post)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
