"""The clock: where it is turned to, and what happens at the due moments on the way."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.clock import Clock
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.conftest import START
from tests.bot.sandbox.page import Page
from tests.bot.sandbox.raw_app import RawApp


@pytest.mark.parametrize(
    ("now", "move", "expected"),
    [
        (datetime(2026, 10, 2, 13, 59, tzinfo=UTC), "next_morning", datetime(2026, 10, 2, 14, 0, tzinfo=UTC)),
        (datetime(2026, 10, 2, 14, 0, tzinfo=UTC), "next_morning", datetime(2026, 10, 3, 14, 0, tzinfo=UTC)),
        (datetime(2026, 10, 2, 14, 0, tzinfo=UTC), "next_monday", datetime(2026, 10, 5, 14, 0, tzinfo=UTC)),
        (datetime(2026, 10, 5, 13, 0, tzinfo=UTC), "next_monday", datetime(2026, 10, 5, 14, 0, tzinfo=UTC)),
        (datetime(2026, 10, 5, 14, 0, tzinfo=UTC), "next_monday", datetime(2026, 10, 12, 14, 0, tzinfo=UTC)),
        (datetime(2026, 10, 31, 20, 0, tzinfo=UTC), "next_monday", datetime(2026, 11, 2, 15, 0, tzinfo=UTC)),
        (datetime(2026, 10, 2, 13, 59, tzinfo=UTC), "hour", datetime(2026, 10, 2, 14, 59, tzinfo=UTC)),
    ],
)
async def test_the_clock_moves_to_the_morning_of_a_person(
    sandbox: Sandbox, page: Page, ana: str, now: datetime, move: str, expected: datetime
) -> None:
    sandbox.clock.set(now)
    answer = await page.send("clock", move=move, **{"as": ana})
    assert datetime.fromisoformat(answer["now"]) == expected
    assert answer["visited"] == []


async def test_the_clock_stops_at_each_due_moment_until_the_app_has_settled(sandbox: Sandbox) -> None:
    due = [START + timedelta(hours=hours) for hours in (1, 2, 2, 5)]
    done: list[tuple[datetime, datetime]] = []

    async def next_due() -> datetime | None:
        return due[0] if due else None

    async def settle() -> None:
        while due and due[0] <= sandbox.clock.now():
            done.append((due.pop(0), sandbox.clock.now()))

    sandbox.app_next_due, sandbox.app_settle = next_due, settle
    visited = await sandbox.turn_to(START + timedelta(hours=3))
    assert visited == [START + timedelta(hours=1), START + timedelta(hours=2)]
    assert all(moment == now for moment, now in done)
    assert len(done) == 3
    assert sandbox.clock.now() == START + timedelta(hours=3)


async def test_work_that_is_never_done_stops_the_clock(sandbox: Sandbox) -> None:
    async def next_due() -> datetime | None:
        return START + timedelta(hours=1)

    sandbox.app_next_due = next_due
    with pytest.raises(RuntimeError, match="does not do what has been due since"):
        await sandbox.turn_to(START + timedelta(days=1))
    assert sandbox.clock.now() == START + timedelta(hours=1)


async def test_a_sleeper_wakes_when_the_clock_is_turned_far_enough() -> None:
    clock = Clock(START, frozen=True)
    sleeper = asyncio.create_task(clock.sleep(60))
    await asyncio.sleep(0)
    clock.set(START + timedelta(seconds=59))
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.set(START + timedelta(seconds=60))
    async with asyncio.timeout(20):
        await sleeper


async def test_a_running_clock_runs_on_from_where_it_was_set() -> None:
    clock = Clock(START)
    first = clock.now()
    await clock.sleep(0.02)
    assert clock.now() - first >= timedelta(seconds=0.02)
    clock.set(START + timedelta(days=30))
    async with asyncio.timeout(20):
        await clock.sleep(0.01)
    assert START + timedelta(days=30) < clock.now() < START + timedelta(days=30, minutes=1)


async def test_a_scheduled_message_goes_out_when_its_time_comes(sandbox: Sandbox, app: RawApp, ana: str) -> None:
    at = int((START + timedelta(hours=2)).timestamp())
    channel = sandbox.person("Ana").channel(None).id
    assert (await app.calls("chat.scheduleMessage", channel=channel, text="Later", post_at=at))["ok"]
    assert await sandbox.next_due() == START + timedelta(hours=2)
    await sandbox.turn_to(START + timedelta(hours=3))
    [message] = sandbox.person("Ana").messages
    assert (message["text"], message["ts"].split(".")[0]) == ("Later", str(at))
