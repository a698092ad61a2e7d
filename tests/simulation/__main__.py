"""`python -m tests.simulation [--seed N] [--days N] …`: the simulated year; ends with 1 as soon as something that always holds does not."""

import argparse
import asyncio
import gc
import sys
import tempfile
import time
from pathlib import Path

from bot.run import COLLECTED_AFTER
from tests import databases
from tests.simulation import invariants, life, world
from tests.simulation.life import Broken

PACES = (1, 2, 2, 4)  # most programs ask every two weeks


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description="A year of many cohorts, watched.")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--networks", type=int, default=12)
    parser.add_argument("--cohorts", type=int, default=40)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--restarts", type=int, help="one in three days when not given")
    parser.add_argument("--faults", type=int, help="one in two days when not given")
    given = parser.parse_args()
    print(f"Seed {given.seed} (--seed {given.seed} repeats it). Checked: {', '.join(_checked())}.", flush=True)
    gc.set_threshold(*COLLECTED_AFTER)  # as the bot by itself does
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="year") as folder:
        try:
            lived = asyncio.run(_live(given, Path(folder)))
        except Broken as broken:
            print(f"\n{broken}")
            return 1
    print("\n".join(f"{count:>9,} {what}" for what, count in sorted(lived.counts.items())))
    print(f"Took {time.monotonic() - started:.0f} seconds. Everything held.")
    return 0


async def _live(given: argparse.Namespace, folder: Path) -> life.Life:
    sizes = {"networks": given.networks, "cohorts": given.cohorts, "people": given.people}
    people = world.made(given.seed, **sizes, paces=PACES)
    restarts = given.days // 3 if given.restarts is None else given.restarts
    faults = given.days // 2 if given.faults is None else given.faults
    url = databases.sqlite_url(folder)
    async with life.begun(people, url, given.days, restarts, faults) as lived:
        await life.live(lived, given.days, _tell)
    return lived


def _tell(words: str) -> None:
    """Week by week. What is there by then stays: to look through a year of it for garbage takes longer than Slack waits for an answer."""
    gc.freeze()
    print(words, flush=True)


def _checked() -> list[str]:
    return [*invariants.INVARIANTS, *invariants.IN_FULL]


if __name__ == "__main__":
    sys.exit(main())
