"""All that bots are put through, by name, and running many at a time, each with a Slack and a database of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from tests import databases
from tests.chaos import lives, nursery, points
from tests.chaos import office as offices
from tests.chaos.counting import Count
from tests.chaos.nursery import Nursery
from tests.chaos.office import Office
from tests.chaos.points import CLOSED, OPENED, POST, SETTLED, TAKEN, Point
from tests.chaos.strikes import Strike

Scenario = Callable[[Nursery, Office], Awaitable[Count]]
Order = tuple[str, dict[str, object]]
HISTORY = "conversations.history"
STORMS: dict[str, list[Order]] = {
    "a storm of 429": [(POST, {"status": 429, "retry_after": 1, "times": 25})],
    "server errors": [(POST, {"status": 500, "times": 8})],
    "answers cut off": [(POST, {"lost": True, "times": 8})],
    "answers cut off, and looking refused": [
        (POST, {"lost": True, "times": 8}),
        (HISTORY, {"status": 429, "retry_after": 1, "times": 8}),
    ],
    "slow answers": [(POST, {"seconds": 1.5, "times": 8})],
}
STOPS = (
    Point("after the lease, before the call", Strike("after", TAKEN, with_signal="STOP")),
    Point("after Slack's effect, before its answer", at="done", post=7),
)
LOCKED = (
    Point("before the lease", Strike("before", TAKEN, with_signal="STOP")),
    Point("before settling", Strike("before", SETTLED, with_signal="STOP")),
    Point("while opening a round", Strike("before", OPENED, with_signal="STOP")),
    Point("while closing a round", Strike("before", CLOSED, with_signal="STOP")),
)
"""A bot that stands still inside a transaction; the database lets it go only after a while."""


def killed(at: Point) -> Scenario:
    return lambda nest, office: lives.killed_once(nest, office, at)


def at_random(
    seed: int, kills: int, *, rounds: int = 1, most: int = 3, tell: Callable[[str], None] = print
) -> Scenario:
    return lambda nest, office: lives.killed_at_random(nest, office, seed, kills, rounds=rounds, most=most, tell=tell)


def storm(name: str) -> Scenario:
    return lambda nest, office: lives.in_a_storm(nest, office, name, STORMS[name])


def stopped(at: Point) -> Scenario:
    return lambda nest, office: lives.stopped_too_long(nest, office, at)


KILLED = {f"killed {point.name}": killed(point) for point in points.NAMED}
IN_STORMS: dict[str, Scenario] = {
    **{name: storm(name) for name in STORMS},
    "dropped sockets": lives.cut_off_from_events,
}
IN_TRANSACTIONS = {f"stopped {point.name}": stopped(point) for point in LOCKED}
TWO_BOTS: dict[str, Scenario] = {
    "two bots side by side": lives.side_by_side,
    **{f"stopped {point.name}": stopped(point) for point in STOPS},
}


async def run_all(
    database: str, scenarios: Mapping[str, Scenario], folder: Path, postgres: str, *, people: int, at_once: int = 3
) -> dict[str, Count | Exception]:
    """What came of each scenario on that kind of database; `postgres` is the address of a server with `{name}` in it."""
    room = asyncio.Semaphore(at_once)

    async def one(number: int, scenario: Scenario) -> Count:
        async with room, offices.opened(await _new(database, folder, postgres, number), people) as office:
            return await scenario(nest, office)

    async with nursery.opened(folder) as nest:
        lived = (one(number, scenario) for number, scenario in enumerate(scenarios.values()))
        results = await asyncio.gather(*lived, return_exceptions=True)
    return {name: _came_of(result) for name, result in zip(scenarios, results, strict=True)}


def _came_of(result: Count | BaseException) -> Count | Exception:
    """What is neither a count nor an ordinary exception goes up."""
    if isinstance(result, Count | Exception):
        return result
    raise result


async def _new(database: str, folder: Path, postgres: str, number: int) -> str:
    if database == "postgresql":
        return await databases.new_postgres(postgres, f"chaos_{number}")
    (folder / str(number)).mkdir()
    return databases.sqlite_url(folder / str(number))
