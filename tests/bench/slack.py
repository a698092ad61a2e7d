"""The sandbox with the cast and a crowd, in a process of its own: `python -m tests.bench.slack PORT PEOPLE`."""

import asyncio
import sys

from bot.sandbox.server import Sandbox
from tests import whole
from tests.bench import crowd


async def serve(port: int, people: int) -> None:
    workspace = whole.people_the_workspace()
    settings = {**workspace.manifest["settings"], "event_subscriptions": {}}  # nobody listens for events here
    workspace.manifest = {**workspace.manifest, "settings": settings}
    crowd.bring(workspace, people)
    async with Sandbox(workspace, port=port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
