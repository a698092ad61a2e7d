"""How long the event loop was kept from coming round: what everybody else waited for."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

LOOK_EVERY = 0.002


@dataclass
class Longest:
    """The longest so far."""

    seconds: float = 0.0


@asynccontextmanager
async def watched() -> AsyncIterator[Longest]:
    """Watch the loop during the block; the value is right when it has ended."""
    longest = Longest()
    watch = asyncio.create_task(_watch(longest))
    await asyncio.sleep(0)
    try:
        yield longest
    finally:
        await asyncio.sleep(0)
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)


async def _watch(longest: Longest) -> None:
    """By how much the loop came back late at most."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(LOOK_EVERY)
        longest.seconds = max(longest.seconds, time.perf_counter() - before - LOOK_EVERY)
