"""`python -m tests.chaos [--seed N]`: two hundred prompts and two hundred kills on each database, then everything else that may happen."""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests import databases
from tests.chaos import counting, scenarios
from tests.chaos.counting import Count
from tests.chaos.scenarios import IN_STORMS, IN_TRANSACTIONS, KILLED, TWO_BOTS, Scenario

ROUNDS = 2
A_LIFE = 8
FEW = 20
MINUTES = 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Nothing lost, nothing twice.")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="repeats the same kills")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--people", type=int, default=200, help="how many are prompted in each round, five at least")
    parser.add_argument("--on", choices=("sqlite", "postgresql"), nargs="+", default=("sqlite", "postgresql"))
    given = parser.parse_args()
    print(f"Seed {given.seed} (--seed {given.seed} repeats it).", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="chaos") as folder, databases.postgres_server() as postgres:
        wrong = asyncio.run(_everything(given, Path(folder), postgres))
    print(f"Took {time.monotonic() - started:.0f} seconds. {wrong or 'Nothing'} went wrong.")
    return 1 if wrong else 0


async def _everything(given: argparse.Namespace, folder: Path, postgres: str) -> int:
    """How many scenarios went wrong on all databases."""
    wrong = 0
    async with asyncio.timeout(MINUTES * 60):
        for database in given.on:
            many: dict[str, Scenario] = {"random": _random(given, _telling(database))}
            others = {**KILLED, **IN_STORMS, **(TWO_BOTS | IN_TRANSACTIONS if database == "postgresql" else {})}
            found = await scenarios.run_all(database, many, _new(folder), postgres, people=given.people)
            found |= await scenarios.run_all(database, others, _new(folder), postgres, people=FEW)
            wrong += _print(database, found)
    return wrong


def _random(given: argparse.Namespace, tell: Callable[[str], None]) -> Scenario:
    return scenarios.at_random(given.seed, given.kills, rounds=ROUNDS, most=A_LIFE, tell=tell)


def _new(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder))


def _telling(database: str) -> Callable[[str], None]:
    return lambda words: print(f"{database}: {words}", flush=True)


def _print(database: str, found: dict[str, Count | Exception]) -> int:
    counts = [one for one in found.values() if isinstance(one, Count)]
    print(f"\n{database}\n{counting.table(counts)}")
    for name, failure in found.items():
        if isinstance(failure, Exception):
            print(f"{name}: {failure!r}")
    print(flush=True)
    return sum(not (isinstance(one, Count) and one.is_well) for one in found.values())


if __name__ == "__main__":
    sys.exit(main())
