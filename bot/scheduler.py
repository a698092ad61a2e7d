"""The table of what the clock does. APScheduler only ticks; the database knows what is due."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import SQLAlchemyError

from bot import delivery
from bot.sender import Sender
from handlers.types import Job, Services
from storage import database, events, moments
from storage.moments import Next, NextDay
from storage.outbox import Queue

log = logging.getLogger(__name__)
logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of every tick that a long one swallows
EVENTS_KEPT = timedelta(days=2)
TURN_SECONDS = 0.5
DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


@dataclass
class Ticker:
    """What runs: the features' jobs, the sender, and one lock for each so that a tick never meets itself.

    `sending` are the teams in whose workspaces messages are going out, `again` those of them that have new ones meanwhile; `unfinished`
    are jobs whose turn ended while they still found something to do.
    """

    services: Services
    sender: Sender
    jobs: Sequence[Job]
    scheduler: AsyncIOScheduler = field(default_factory=lambda: AsyncIOScheduler(timezone=UTC, job_defaults=DEFAULTS))
    locks: dict[str, asyncio.Lock] = field(default_factory=dict)
    at_once: tuple[asyncio.Task[None], ...] = ()
    sending: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)
    unfinished: set[str] = field(default_factory=set)
    stopped: bool = False


def start(ticker: Ticker, every: float) -> None:
    """Begin to tick: the jobs and the sender every so many seconds, house-keeping every hour."""
    table = (
        ("jobs", lambda: _tick(ticker), every),
        ("send", lambda: _begin_sending(ticker), every),
        ("forget", lambda: _forget(ticker), 3600),
    )
    for name, run, seconds in table:
        ticker.scheduler.add_job(_ticks, "interval", args=[ticker, name, run], seconds=seconds, id=name)
    ticker.scheduler.start()
    events = ticker.services.sessions
    watched = (("send", events.owed, lambda: _begin_sending(ticker)), ("jobs", events.due, lambda: _woken(ticker)))
    ticker.at_once = tuple(asyncio.create_task(_when_set(*one)) for one in watched)


async def stop(ticker: Ticker) -> None:
    """Stop ticking, wait for what runs, then close; APScheduler itself would cancel it. Whoever asks later finds nothing due."""
    ticker.stopped = True
    if ticker.scheduler.running:
        ticker.scheduler.pause()
    await asyncio.sleep(0)  # what was handed out already takes its lock
    while busy := [lock for lock in ticker.locks.values() if lock.locked()]:
        async with busy[0]:
            pass
    await asyncio.gather(*ticker.sending.values())
    for task in ticker.at_once:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    if ticker.scheduler.running:
        ticker.scheduler.shutdown(wait=False)


async def run_due(ticker: Ticker) -> int:
    """Do everything that is due now, then send what is owed; how much was done."""
    done = 0
    for job in await _due(ticker):
        done += await _run(ticker, job)
    return done + await send(ticker)


async def send(ticker: Ticker) -> int:
    """Send all that is due, in every workspace by itself, and wait for what is going out already; how much was begun."""
    await asyncio.gather(*ticker.sending.values())
    return sum(await asyncio.gather(*(_send_in(ticker, queue) for queue in await _waiting(ticker))))


async def next_due(ticker: Ticker) -> datetime | None:
    """The moment at which something is due next, of all jobs and the outbox."""
    known = [moment for _, moment in await _look(ticker)]
    async with ticker.locks.setdefault("look", asyncio.Lock()):
        known += [] if ticker.stopped else [await delivery.next_due(ticker.sender)]
    return min((moment for moment in known if moment), default=None)


async def _tick(ticker: Ticker) -> int:
    """Run the jobs that have something due, in turns until all have done; one that fails keeps no other from its turn."""
    done, due = 0, await _due(ticker)
    while due:
        ticker.unfinished.clear()
        for job in due:
            await _quietly(job.name, lambda job=job: _run(ticker, job))  # type: ignore[misc]
        done += len(due)
        due = await _due(ticker) if ticker.unfinished else []
    return done


async def _woken(ticker: Ticker) -> int:
    """Run the jobs that a commit woke. No look at what all the others have due: they, and what fails here, are the next tick's."""
    woken = ticker.services.sessions.woken.copy()
    ticker.services.sessions.woken.clear()
    done = 0
    for job in ticker.jobs:
        if job.woken_by in woken:
            done += await _run(ticker, job)
    return done


async def _due(ticker: Ticker) -> list[Job]:
    """The jobs with something due: a moment without costs one look, and no transaction that writes."""
    now = ticker.services.clock.now()
    return [job for job, moment in await _look(ticker) if moment and moment <= now]


async def _look(ticker: Ticker) -> list[tuple[Job, datetime | None]]:
    """When each job is due next; nothing once the ticker stopped, whose database may be closed."""
    async with ticker.locks.setdefault("look", asyncio.Lock()):
        if ticker.stopped:
            return []
        alike = tuple(job.next_due for job in ticker.jobs if isinstance(job.next_due, Next | NextDay))
        async with ticker.services.sessions() as session:
            found = await moments.of_all(session, alike)
            return [
                (job, found[job.next_due] if isinstance(job.next_due, Next | NextDay) else await job.next_due(session))
                for job in ticker.jobs
            ]


async def _run(ticker: Ticker, job: Job) -> int:
    """Do what a job has due, batch by batch. One that always finds more goes on with its next turn, so that the others have theirs."""

    async def its_turn() -> int:
        done, until = 0, monotonic() + TURN_SECONDS
        while batch := await job.run(ticker.services):
            done += batch
            if batch < job.batch:
                break
            if monotonic() >= until:
                ticker.unfinished.add(job.name)
                break
        return done

    return await _locked(ticker, job.name, its_turn)


async def _locked(ticker: Ticker, name: str, run: Callable[[], Awaitable[int]]) -> int:
    async with ticker.locks.setdefault(name, asyncio.Lock()):
        return 0 if ticker.stopped else await run()


async def _begin_sending(ticker: Ticker) -> int:
    """Begin to send wherever something is due, and come back at once: a workspace that is slow, or must wait, holds up no other."""
    waiting = await _waiting(ticker)
    for queue in waiting:
        if queue.team_id in ticker.sending:
            ticker.again.add(queue.team_id)
        else:
            ticker.sending[queue.team_id] = asyncio.create_task(_keep_sending(ticker, queue))
    return len(waiting)


async def _keep_sending(ticker: Ticker, queue: Queue) -> None:
    """Send what is due in a workspace, and what came while it was being sent."""
    ticker.again.add(queue.team_id)
    while queue.team_id in ticker.again:
        ticker.again.discard(queue.team_id)
        await _quietly(f"send to {queue.team_id}", lambda: _send_in(ticker, queue))
    del ticker.sending[queue.team_id]


async def _waiting(ticker: Ticker) -> list[Queue]:
    """Where something is due; nowhere once the ticker stopped, whose database may be closed."""
    async with ticker.locks.setdefault("look", asyncio.Lock()):
        return [] if ticker.stopped else await delivery.due(ticker.sender)


async def _send_in(ticker: Ticker, queue: Queue) -> int:
    return await _locked(ticker, f"send to {queue.team_id}", lambda: delivery.send_due(ticker.sender, queue))


async def _ticks(ticker: Ticker, name: str, run: Callable[[], Awaitable[int]]) -> None:
    """A tick of the scheduler, under a lock of its own: stopping waits for it, with its looks at the database."""
    async with ticker.locks.setdefault(f"tick {name}", asyncio.Lock()):
        await _quietly(name, run)


async def _quietly(name: str, run: Callable[[], Awaitable[int]]) -> None:
    """A database that is locked or gone is no reason to stop ticking: the next tick finds the same work."""
    try:
        await run()
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("%s: the database did not answer (%s); next tick again", name, type(error).__name__)
    except Exception:
        log.exception("%s failed; next tick again", name)


async def _when_set(name: str, event: asyncio.Event, run: Callable[[], Awaitable[int]]) -> None:
    """What cannot wait for the next tick."""
    while True:
        await event.wait()
        event.clear()
        await _quietly(name, run)


async def _forget(ticker: Ticker) -> int:
    await database.analyze(ticker.services.sessions)
    async with ticker.services.sessions.begin() as session:
        return await events.forget(session, ticker.services.clock.now() - EVENTS_KEPT)
