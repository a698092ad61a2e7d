"""What a tick costs that finds nothing due, with many schedules and few or very many past prompts; beside it a job store of APScheduler."""

import asyncio
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import CTE, String, cast, func, insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession

import handlers
from bot import scheduler
from bot.clients import Clients
from bot.run import MachineClock
from bot.scheduler import Ticker
from bot.sender import Sender
from handlers.types import Services
from storage import database
from storage.columns import Moment
from storage.database import Sessions
from storage.models import Asking, Delivery, Member, Owed, Prompt, Round, Seat
from tests import cast as the_cast
from tests import databases, whole
from tests.bench import blocks, crowd, pulses
from tests.bench.figures import Figure, Section
from tests.bench.sizes import Sizes

MOST, MOST_GROWTH = 5, 2
TICKS = 100
PEOPLE = 500
AT_ONCE = 100_000
PAST = timedelta(days=30)
COUNTED = {"across_programs": "the bench looks at all that there is"}


async def measure(sizes: Sizes, urls: dict[str, str], folder: Path) -> Section:
    """`urls` are empty databases by name. The same database is measured with few past prompts, and then with many."""
    blocked = await _job_store(sizes.due_jobs, folder)
    reference = (f"APScheduler's loop blocked by {sizes.due_jobs:,} due jobs of its store", blocked)
    figures = []
    few, many = sizes.past
    for name, url in urls.items():
        await databases.create_tables(url)
        await whole.fill(url)
        await crowd.enter(url, min(PEOPLE, sizes.schedules))
        sessions = database.connect(url)
        await _schedule(sessions, sizes.schedules)
        ticks = []
        for first, last in ((1, few), (few + 1, many)):
            await _fill(sessions, sizes.schedules, first, last)
            ticks.append(await _tick(sessions, url))
        await sessions.close()
        what = f"a tick with nothing due ({name}), {sizes.schedules:,} schedules"
        figures += [
            Figure(f"{what}, {few:,} past prompts", ticks[0], "ms", *reference, most=MOST),
            Figure(f"{what}, {many:,} past prompts", ticks[1], "ms", *reference, most=MOST),
            Figure(f"{what}: growth", ticks[1], "ms", f"with {few:,} past prompts", ticks[0], most_ratio=MOST_GROWTH),
        ]
    return Section("The cost of the clock", figures)


async def _tick(sessions: Sessions, url: str) -> float:
    """Milliseconds: the middle one of many ticks of everything, the jobs and the sender."""
    settings = whole.settings_for(whole.people_the_workspace(), "http://127.0.0.1:9", url)
    async with aiohttp.ClientSession() as http:
        clients, clock = Clients(settings, sessions, http, the_cast.TEAM), MachineClock()
        services = Services(sessions, clock, clients.of, settings)
        ticker = Ticker(services, Sender(sessions, clock, clients.of, http, settings), handlers.JOBS)
        took = []
        for _ in range(TICKS):
            began = time.perf_counter()
            done = await scheduler.run_due(ticker)
            took.append(time.perf_counter() - began)
            if done:
                raise RuntimeError("something was due")
    return statistics.median(took) * 1000


async def _schedule(sessions: Sessions, count: int) -> None:
    """So many check-ins that are asked next week, each with one round that is over."""
    past = datetime.now(UTC) - PAST
    async with sessions.begin() as session:
        program_id, ids = await pulses.plan(session, count, in_days=7)
        over = {"program_id": program_id, "nominal_on": past.date(), "questions": []}
        over |= {"opened_at": past, "closes_at": past, "closed_at": past, "archived_at": past}
        await session.execute(insert(Round), [{**over, "check_in_id": one} for one in ids])


async def _fill(sessions: Sessions, schedules: int, first: int, last: int) -> None:
    """Past prompts with these numbers, each with the asking, the message and the reason for it, as they are when all is over."""
    server = sessions.write.kw["bind"].dialect.name == "postgresql"
    for begin in range(first, last + 1, AT_ONCE):
        async with sessions.begin() as session:
            if server:
                # Not to look up each of millions of keys that are right.
                await session.execute(text("SET LOCAL session_replication_role = replica"))
            await _fill_some(session, schedules, begin, min(begin + AT_ONCE - 1, last))
    await databases.rested(sessions)


async def _fill_some(session: AsyncSession, schedules: int, first: int, last: int) -> None:
    program_id = (await session.scalars(select(Member.program_id).limit(1).execution_options(**COUNTED))).one()
    seat_id = await session.scalar(select(func.min(Seat.id)).execution_options(**COUNTED))
    people = await session.scalar(select(func.max(Member.id)).execution_options(**COUNTED))
    number, past = _numbers(first, last).c.number, literal(datetime.now(UTC) - PAST, Moment)
    common = {"id": number, "program_id": literal(program_id)}
    member = {"member_id": number % people + 1}
    prompt = {"round_id": number % schedules + 1, "seat_id": literal(seat_id), "due_at": past, "ends_at": past}
    await _copy(session, Prompt, {**common, **prompt, "subject": literal("delegate:") + cast(number, String)})
    await _copy(session, Asking, {**common, **member, "prompt_id": number, "due_at": past, "asked_at": past})
    sent = {"workspace_id": literal(the_cast.OFFICE), "kind": literal("post"), "place": literal("U0ANA")}
    sent |= {"due_at": past, "tries": literal(1), "settled_at": past, "outcome": literal("sent")}
    await _copy(session, Delivery, {**common, **sent, "conversation": literal("D0ANA"), "ts": literal("1.000001")})
    reason = {"delivery_id": number, "key": literal("prompt:") + cast(number, String), "created_at": past}
    reason |= {"own_accord": literal(True), "any_hour": literal(False), "priority": literal(1)}
    await _copy(session, Owed, {**common, **member, **reason, "payload": literal({}, Owed.payload.type)})


def _numbers(first: int, last: int) -> CTE:
    numbers = select(literal(first).label("number")).cte("numbers", recursive=True)
    return numbers.union_all(select(numbers.c.number + 1).where(numbers.c.number < last))


async def _copy(session: AsyncSession, table: Any, columns: dict[str, Any]) -> None:
    """Rows made by the database itself, one for each number: a million of them by INSERT would take minutes."""
    await session.execute(insert(table).from_select(list(columns), select(*columns.values()), include_defaults=False))


async def _job_store(count: int, folder: Path) -> float:
    """For how many milliseconds APScheduler blocks the loop while it takes so many due jobs from its SQLAlchemy store."""
    store = SQLAlchemyJobStore(f"sqlite:///{folder / 'jobs.db'}")
    jobs = AsyncIOScheduler(timezone=UTC, jobstores={"default": store})
    jobs.start(paused=True)
    due = datetime.now(UTC)
    for _ in range(count):
        jobs.add_job(nothing, "interval", hours=1, next_run_time=due, misfire_grace_time=None)
    async with blocks.watched() as longest:
        jobs.resume()
        await asyncio.sleep(0.1)
    jobs.shutdown(wait=False)
    store.engine.dispose()
    return longest.seconds * 1000


async def nothing() -> None:
    """What the jobs do."""
