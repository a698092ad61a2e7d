"""A stand-in for Slack that takes every message and answers late: `python -m tests.bench.late PORT MILLISECONDS`.

With 0 milliseconds it shows what a call costs at least with aiohttp.
"""

import asyncio
import sys
from itertools import count

from aiohttp import web

from tests import cast


async def serve(port: int, seconds: float) -> None:
    numbers = count(1)

    async def post(request: web.Request) -> web.Response:
        arguments = await request.json()  # that is how chat_postMessage sends them
        await asyncio.sleep(seconds)
        ts = f"1790000000.{next(numbers):06d}"
        return web.json_response({"ok": True, "channel": f"D{arguments['channel']}", "ts": ts, "message": {"ts": ts}})

    async def who(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "team_id": cast.TEAM, "team": "Late", "user_id": cast.BOT_USER})

    application = web.Application()
    application.router.add_post("/api/chat.postMessage", post)
    application.router.add_route("*", "/api/auth.test", who)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
