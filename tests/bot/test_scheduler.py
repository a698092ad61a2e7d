"""Stopping lets everything under way come to its end."""

import asyncio
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot import scheduler
from handlers.types import Job, Services
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
