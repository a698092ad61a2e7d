"""What bots live through: killed, stopped and refused, until everything owed is in Slack; and what came of it."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random

from tests.chaos import counting, points
from tests.chaos import office as offices
from tests.chaos.counting import Count
from tests.chaos.nursery import Bot, Nursery
from tests.chaos.office import Office
from tests.chaos.points import Point

PATIENCE = 40.0
LOOK_EVERY = 0.05
LONGEST_LIFE = 2.0


async def killed_once(nursery: Nursery, office: Office, point: Point) -> Count:
    """A bot is killed at the point, while it asks or closes a round; another one comes after it."""
    began = time.monotonic()
    await offices.make_due(office)
    async with _driven(_one_round(office)) as done:
        async with nursery.bot(office.settings, point.strike) as first:
            points.arm(point, office.sandbox, points.traps_in(office.sandbox), first.kill)
            await _within(first.ended.wait(), "nobody was killed")
        async with nursery.bot(office.settings):
            await _within(done, "not all was done afterwards")
    return await _counted(office, point.name, began, kills=int(first.killed))


async def killed_at_random(
    nursery: Nursery,
    office: Office,
    seed: int,
    kills: int,
    *,
    rounds: int = 1,
    most: int = 3,
    tell: Callable[[str], None] = print,
) -> Count:
    """One short life after the other, each ended at a random point; then one that may live on.

    A life sends `most` messages at most, so that there is something to do for all of them.
    """
    began, chance, traps = time.monotonic(), Random(seed), points.traps_in(office.sandbox)
    async with _driven(_rounds(office, rounds)) as done:
        for number in range(1, kills + 1):
            a_few = {"MESSAGES_A_MINUTE": str(chance.randint(1, most))}
            point = points.at_random(chance)
            async with nursery.bot(office.settings | a_few, point.strike) as bot:
                traps.set_up.clear()
                office.sandbox.faults.cancel()
                points.arm(point, office.sandbox, traps, bot.kill)
                await _ended(bot, LONGEST_LIFE * chance.random())
            if number % 20 == 0:
                there = len(offices.keys_in_slack(office.sandbox))
                await offices.pass_time(office)
                tell(f"{number} of {kills} kills after {time.monotonic() - began:.0f} s, {there} messages in Slack")
        traps.set_up.clear()
        office.sandbox.faults.cancel()
        await offices.pass_time(office)
        async with nursery.bot(office.settings):
            await _within(done, "not all was done afterwards", PATIENCE * rounds)
    name = f"{kills} kills at random (seed {seed})"
    return await _counted(office, name, began, kills=kills, rounds=rounds)


async def side_by_side(nursery: Nursery, office: Office, name: str = "two bots side by side") -> Count:
    """Two bots on one database, and nobody is killed."""
    began = time.monotonic()
    async with nursery.bot(office.settings), nursery.bot(office.settings), _driven(_one_round(office)) as done:
        await offices.make_due(office)
        await _within(done, "not all was done")
    return await _counted(office, name, began)


async def stopped_too_long(nursery: Nursery, office: Office, point: Point) -> Count:
    """A bot stands still at the point for longer than its lease, another one takes over; then it goes on, alone, with a new round."""
    began = time.monotonic()
    await offices.make_due(office)
    async with nursery.bot(office.settings, point.strike) as first:
        stop = signal.SIGSTOP
        points.arm(point, office.sandbox, points.traps_in(office.sandbox), lambda: first.strike(stop))
        async with _driven(_one_round(office)) as done:
            await _within(first.stopped.wait(), "nobody was stopped")
            async with _kept_running(nursery, office):
                await _within(done, "the other one did not take over")
        first.go_on()
        await offices.make_due(office, days_ago=2)
        await _within(_one_round(office, 1), "the one that had stood still did not go on")
    return await _counted(office, f"stopped: {point.name}", began, rounds=2)


async def in_a_storm(nursery: Nursery, office: Office, name: str, orders: list[tuple[str, dict[str, object]]]) -> Count:
    """Slack misbehaves as ordered, and nobody is killed."""
    began = time.monotonic()
    for method, how in orders:
        office.sandbox.faults.order(method, **how)
    await offices.make_due(office)
    async with nursery.bot(office.settings):
        await _within(_one_round(office), "not all was done")
    return await _counted(office, name, began)


async def cut_off_from_events(nursery: Nursery, office: Office, name: str = "dropped sockets") -> Count:
    """The sockets are cut twice while the bot posts; it comes back each time."""
    began, links = time.monotonic(), office.sandbox.links
    traps, dropping = points.traps_in(office.sandbox), list[asyncio.Task[None]]()
    for post in (1, 10):
        traps.add("done", post, lambda: dropping.append(asyncio.create_task(links.drop())))
    async with nursery.bot(office.settings):
        await _within(links.connected(), "it did not connect")
        await offices.make_due(office)
        await _within(_one_round(office), "not all was done")
        await asyncio.gather(*dropping)
        await _within(links.connected(), "it did not come back")
    assert len(dropping) == 2
    return await _counted(office, name, began)


async def _counted(office: Office, name: str, began: float, *, kills: int = 0, rounds: int = 1) -> Count:
    seconds = time.monotonic() - began
    return await counting.count(office, name, kills=kills, rounds=rounds, closed=rounds, seconds=seconds)


async def _rounds(office: Office, rounds: int) -> None:
    for number in range(rounds):
        await offices.make_due(office, days_ago=number + 1)
        await _one_round(office, number)


async def _one_round(office: Office, before: int = 0) -> None:
    """Return when everybody was asked once more and the round was closed; `before` rounds were before."""
    await _until(lambda: offices.is_done(office, before + 1, closed=before))
    await offices.end_windows(office)
    await _until(lambda: offices.is_done(office, before + 1, closed=before + 1))


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Return when the condition holds. Other processes make it hold, so it is looked at again and again."""
    while not await condition():
        await asyncio.sleep(LOOK_EVERY)


async def _ended(bot: Bot, seconds: float) -> None:
    """Return when it ended; when its point does not come in time, it is killed wherever it is."""
    try:
        async with asyncio.timeout(seconds):
            await bot.ended.wait()
    except TimeoutError:
        bot.kill()


async def _within(work: Awaitable[object], what: str, seconds: float = PATIENCE) -> None:
    try:
        async with asyncio.timeout(seconds):
            await work
    except TimeoutError:
        raise AssertionError(f"{what} within {seconds:g} seconds") from None


@asynccontextmanager
async def _kept_running(nursery: Nursery, office: Office) -> AsyncIterator[None]:
    """A bot that is started again whenever it ends: it cannot start while another one has locked what it needs."""

    async def again_and_again() -> None:
        while True:
            async with nursery.bot(office.settings) as bot:
                await bot.ended.wait()

    async with _driven(again_and_again()):
        yield


@asynccontextmanager
async def _driven(work: Awaitable[None]) -> AsyncIterator[asyncio.Task[None]]:
    """Work beside the block, given up when the block fails."""
    task = asyncio.ensure_future(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
