"""A large round: how fast everybody is asked, whether others wait meanwhile, and what is left of it when Slack has its limits."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Select, func, select, update

from bot.sandbox.rate_limits import Limits
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from storage import database
from storage.database import Sessions
from storage.models import Asking, Delivery, Program
from tests import databases, whole
from tests.bench import commands, crowd, load, processes, pulses, sending
from tests.bench.figures import Figure, Section
from tests.bench.load import Timing
from tests.bench.processes import Process
from tests.bench.sizes import Sizes

LEAST_A_SECOND = {"SQLite": 200, "PostgreSQL": 300}
LONGEST_BLOCK, P99_MOST = 100, 500
LEAST_OF_PERMITTED, MOST_REFUSED = 95, 1
PATIENCE = 300
BETWEEN_COMMANDS = 0.2
LOOK_EVERY = 0.25
ENOUGH_TO_JUDGE = 1000
"""A round of fewer prompts is over before it has a speed."""
ANY_NUMBER = {"MESSAGES_A_MINUTE": "0", "SECONDS_BETWEEN_MESSAGES": "0"}
COUNTED = {"across_programs": "the bench counts all"}
ASKED = select(func.count(Asking.id)).where(Asking.asked_at.is_not(None))
SENT = select(func.count(Delivery.id)).where(Delivery.outcome == "sent", Delivery.kind == "post")
LINE = "publish list {} by 2027-11-30"
SAVED = b'"text": "Saved #'


async def measure(sizes: Sizes, urls: dict[str, str]) -> Section:
    """`urls` are empty databases by name."""
    figures = []
    for name, url in urls.items():
        await databases.create_tables(url)
        await whole.fill(url)
        await crowd.enter(url, sizes.prompts, a_seat=2)
        late = f"every call takes {sizes.slow_milliseconds} ms"
        for how, served_by in (("at once", ("slack", sizes.prompts)), (late, ("late", sizes.slow_milliseconds))):
            figures += await _whole_round(sizes, name, url, how, served_by)
    for name, url in urls.items():
        figures += await _limited(sizes, name, url)
    return Section(f"A round of {sizes.prompts:,} prompts", figures)


async def _whole_round(sizes: Sizes, name: str, url: str, how: str, served_by: tuple[str, int]) -> list[Figure]:
    workspace, port = whole.people_the_workspace(), processes.free_port()
    sessions = database.connect(url)
    async with sending.slack(*served_by) as address, _bot(workspace, address, url, port, ANY_NUMBER) as bot:
        await _longest_block(bot)  # that of starting
        before, began = [await _count(sessions, query) for query in (ASKED, SENT)], time.perf_counter()
        everybody = await _make_due(sessions, sizes.prompts)
        over = asyncio.Event()
        commanding = asyncio.create_task(_command(workspace, port, over))
        asked, seconds = [
            await _until(sessions, query, known + everybody, began)
            for query, known in zip((ASKED, SENT), before, strict=True)
        ]
        over.set()
        answered = await commanding
        block = await _longest_block(bot)
    await sessions.close()
    what = f"{how} ({name})"
    judged = sizes.prompts >= ENOUGH_TO_JUDGE
    return [
        Figure(f"{what}: prompts", everybody / seconds, "/s", least=LEAST_A_SECOND[name] if judged else None),
        Figure(f"{what}: until all are owed", asked, "s"),
        Figure(f"{what}: longest block of the loop", block, "ms", most=LONGEST_BLOCK if judged else None),
        Figure(f"{what}: a command meanwhile, p50", answered.p50, "ms"),
        Figure(f"{what}: a command meanwhile, p99", answered.p99, "ms", most=P99_MOST),
        Figure(f"{what}: longest of {len(answered.latencies)} commands", max(answered.latencies) * 1000, "ms"),
        Figure(f"{what}: commands failed", answered.failed, "", most=0),
    ]


async def _limited(sizes: Sizes, name: str, url: str) -> list[Figure]:
    """As many prompts as fill two minutes of what Slack permits: the first minute's go at once, the second's when it begins."""
    sessions, workspace, port = database.connect(url), whole.people_the_workspace(), processes.free_port()
    crowd.bring(workspace, sizes.limited)
    limits = Limits(messages_a_minute=sizes.a_minute, burst=1)
    async with Sandbox(workspace, limits=limits) as sandbox:
        paced = {"MESSAGES_A_MINUTE": str(sizes.a_minute), "SECONDS_BETWEEN_MESSAGES": "1"}
        async with _bot(workspace, sandbox.url, url, port, paced):
            await crowd.leave(url, sizes.limited)
            before, began = await _count(sessions, SENT), time.perf_counter()
            everybody = await _make_due(sessions, sizes.limited)
            await _until(sessions, SENT, before + everybody, began)
        posts = [call for call in sandbox.calls if call["method"] == "chat.postMessage"]
    await sessions.close()
    refused = sum(call["status"] == 429 for call in posts)
    moments = [datetime.fromisoformat(call["at"]) for call in posts if call["status"] == 200]
    took = (max(moments) - min(moments)).total_seconds()
    what = f"{everybody} prompts, {sizes.a_minute} a minute permitted ({name})"
    permitted = max(0, everybody - 1) // sizes.a_minute * 60
    share = (
        [Figure(f"{what}: of that rate", 100 * permitted / took, "%", least=LEAST_OF_PERMITTED)] if permitted else []
    )
    return [*share, Figure(f"{what}: answered 429", 100 * refused / len(posts), "%", most=MOST_REFUSED)]


@asynccontextmanager
async def _bot(workspace: Workspace, address: str, url: str, port: int, pace: dict[str, str]) -> AsyncIterator[Process]:
    settings = commands.environment(workspace, address, url, port) | pace
    async with processes.python("-m", "tests.bench.watched", settings=settings) as process:
        await processes.listening(process, port)
        yield process


async def _make_due(sessions: Sessions, people: int) -> int:
    """A check-in that asks everybody now; how many these are: the crowd, and those of the cast who have a seat."""
    async with sessions.begin() as session:
        await session.execute(update(Program).values(daily_ceiling=1000).execution_options(**COUNTED))
        await pulses.plan(session, 1, in_days=-1)
    return people + crowd.OF_THE_CAST


async def _command(workspace: Workspace, port: int, over: asyncio.Event) -> Timing:
    """Commands that write, one after the other, until it is over."""
    timing = Timing()
    for number in count():
        line = LINE.format(f"{number} {time.monotonic()}")
        timing.add(await load.run(port, commands.requests(workspace, "/commit", [line]), 1, SAVED))
        if over.is_set():
            break
        await asyncio.sleep(BETWEEN_COMMANDS)
    return timing


async def _longest_block(bot: Process) -> float:
    """Since it was asked last."""
    assert bot.running.stdin
    assert bot.running.stdout
    bot.running.stdin.write(b"\n")
    await bot.running.stdin.drain()
    return float(await bot.running.stdout.readline())


async def _until(sessions: Sessions, query: Select[Any], wanted: int, began: float) -> float:
    """Seconds until there are so many."""
    async with asyncio.timeout(PATIENCE):
        while await _count(sessions, query) < wanted:
            await asyncio.sleep(LOOK_EVERY)
    return time.perf_counter() - began


async def _count(sessions: Sessions, query: Select[Any]) -> int:
    async with sessions() as session:
        return int(await session.scalar(query.execution_options(**COUNTED)) or 0)
