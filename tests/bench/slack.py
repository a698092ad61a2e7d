"""The sandbox with a crowd, in a process of its own: `python -m tests.bench.slack PORT PEOPLE`."""

import asyncio
import json
import sys
from pathlib import Path

import bot
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Person, Workspace
from tests.bench import names

MANIFEST = Path(bot.__file__).parent / "manifest.json"


async def serve(port: int, people: int) -> None:
    workspace = Workspace(manifest=json.loads(MANIFEST.read_bytes()))
    for number in range(people):
        user_id, name = names.user_id(number), names.name(number)
        workspace.people[user_id] = Person(user_id, user_id.lower(), name, f"{user_id}@example.org", names.ZONE, "")
    async with Sandbox(workspace, port=port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
