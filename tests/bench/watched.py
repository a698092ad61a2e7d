"""The bot in a process that watches its own loop: `python -m tests.bench.watched`, with its settings in the environment.

For each line that comes in, the longest block since the last one goes out, in milliseconds.
"""

import asyncio
import os
import sys

from bot import config, run
from tests.bench import blocks
from tests.bench.blocks import Longest


async def main() -> None:
    async with blocks.watched() as longest:
        answering = asyncio.create_task(_answer(longest))
        await run.until_stopped(config.load(None, os.environ))
        answering.cancel()


async def _answer(longest: Longest) -> None:
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while await lines.readline():
        print(longest.seconds * 1000, flush=True)
        longest.seconds = 0.0


if __name__ == "__main__":
    asyncio.run(main())
