"""The sandbox with a crowd, in a process of its own: `python -m tests.bench.slack PORT PEOPLE`."""

import asyncio
import sys

from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Person
from tests import whole
from tests.bench import crowd


async def serve(port: int, people: int) -> None:
    workspace = whole.people_the_workspace()
    for number in range(people):
        user_id, name = crowd.user_id(number), crowd.name(number)
        workspace.people[user_id] = Person(user_id, user_id.lower(), name, f"{user_id}@example.org", crowd.ZONE, "")
    async with Sandbox(workspace, port=port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
