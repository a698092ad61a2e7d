"""Stopping lets everything under way come to its end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot import scheduler
from handlers.types import Job, Services
from storage.database import wake
from tests.bench.statements import counted
from tests.whole import Slack


async def test_stopping_waits_for_a_look_at_the_database(slack: Slack) -> None:
    looking, go_on = asyncio.Event(), asyncio.Event()
    looks: list[str] = []

    async def look(session: AsyncSession) -> datetime | None:
        await session.execute(text("select 1"))
        looking.set()
        await go_on.wait()
        looks.append("to its end")
        return None

    async def nothing(_services: Services) -> int:
        return 0

    ticker = slack.bot.ticker
    ticker.jobs = [Job("slow", nothing, look)]
    scheduler.start(ticker, 0.01)
    await looking.wait()
    stopping = asyncio.create_task(scheduler.stop(ticker))
    done, _ = await asyncio.wait([stopping], timeout=0.1)
    assert not done

    go_on.set()
    await stopping
    assert looks == ["to its end"]


async def test_after_stopping_nothing_is_due_and_nothing_is_looked_up(slack: Slack) -> None:
    ticker = slack.bot.ticker
    await scheduler.stop(ticker)
    await slack.sessions.close()

    assert await slack.bot.next_due() is None
    await slack.bot.settle()
    assert [engine.sync_engine.pool.checkedin() for engine in slack.sessions.engines] == [0, 0]


async def test_a_commit_wakes_its_job_and_nobody_looks_at_the_others(slack: Slack) -> None:
    looked: list[str] = []
    ran = asyncio.Event()

    async def look(_session: AsyncSession) -> datetime | None:
        looked.append("looked")
        return None

    async def run(_services: Services) -> int:
        ran.set()
        return 0

    async def other(_services: Services) -> int:
        raise AssertionError("nobody woke this job")

    ticker = slack.bot.ticker
    ticker.jobs = [Job("other", other, look, woken_by="something else"), Job("woken", run, look, woken_by="homes")]
    scheduler.start(ticker, 3600)
    async with slack.sessions.begin() as session:
        await session.execute(text("select 1"))
        wake(session, "homes")
    async with asyncio.timeout(20):
        await ran.wait()
    assert looked == []


async def test_what_all_jobs_have_due_is_asked_in_a_few_statements(slack: Slack) -> None:
    await slack.person("Ana").types("/commit", "publish the list by Friday")
    with counted() as statements:
        due = await slack.bot.next_due()
    async with slack.sessions() as session:
        alone = [await job.next_due(session) for job in slack.bot.ticker.jobs]
    assert due == min(moment for moment in alone if moment)
    assert len(statements) <= 5, statements


async def test_a_job_that_always_finds_more_keeps_no_other_from_its_turn(slack: Slack) -> None:
    now = slack.clock.now()
    ran = asyncio.Event()

    async def due(_session: AsyncSession) -> datetime | None:
        return now

    async def busy(_services: Services) -> int:
        await asyncio.sleep(0.001)
        return 0 if ticker.stopped else 1

    async def patient(_services: Services) -> int:
        ran.set()
        return 0

    ticker = slack.bot.ticker
    ticker.jobs = [Job("busy", busy, due, woken_by="busy"), Job("patient", patient, due)]
    scheduler.start(ticker, 0.01)
    async with slack.sessions.begin() as session:
        wake(session, "busy")
    async with asyncio.timeout(5):
        await ran.wait()


async def test_less_than_a_batch_was_the_last_and_a_whole_one_is_not(slack: Slack) -> None:
    """Who waits for one message is spared another look; without a batch a job is asked until it finds nothing."""
    now = slack.clock.now()
    found = {"small": [3, 3, 1, 0], "single": [1, 1, 0]}

    async def due(_session: AsyncSession) -> datetime | None:
        return now

    def next_of(name: str) -> Callable[[Services], Awaitable[int]]:
        async def run(_services: Services) -> int:
            return found[name].pop(0)

        return run

    ticker = slack.bot.ticker
    ticker.jobs = [Job("small", next_of("small"), due, batch=3), Job("single", next_of("single"), due)]
    await scheduler.run_due(ticker)
    assert found == {"small": [0], "single": []}
