"""Thousands of owed messages, each to somebody else, with answers at once and late ones: how fast, and is the loop ever blocked."""

import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from sqlalchemy import select

from bot import delivery, run
from bot.clients import Clients
from bot.run import MachineClock
from bot.sender import Sender
from handlers.types import Json
from storage import database, deliveries
from storage.database import Sessions
from storage.deliveries import Letter, Priority, Terms
from storage.models import Delivery, Identity
from tests import cast, databases, whole
from tests.bench import blocks, crowd, processes
from tests.bench.figures import Figure, Section
from tests.bench.sizes import Sizes

LEAST_A_SECOND = 150
LONGEST_BLOCK = 100
PROMPT = Terms(own_accord=True, any_hour=True, priority=Priority.PROMPT)
COUNTED = {"across_programs": "the bench counts all"}


async def measure(sizes: Sizes, urls: dict[str, str]) -> Section:
    """`urls` are empty databases by name."""
    figures, late = [], f"after {sizes.slow_milliseconds} ms"
    gc.freeze()  # as the `cohort` command does
    gc.set_threshold(*run.COLLECTED_AFTER)
    for name, url in urls.items():
        await databases.create_tables(url)
        await whole.fill(url)
        await crowd.enter(url, sizes.messages)
        for how, served_by in (("at once", ("slack", sizes.messages)), (late, ("late", sizes.slow_milliseconds))):
            async with slack(*served_by) as address:
                rate, block, unsent = await _send_all(url, address, how)
            what = f"{sizes.messages:,} messages, answers {how} ({name})"
            figures += [
                Figure(f"{what}: rate", rate, "/s", least=LEAST_A_SECOND),
                Figure(f"{what}: longest block of the loop", block, "ms", most=LONGEST_BLOCK),
                Figure(f"{what}: not sent", unsent, "", most=0),
            ]
    return Section("The sender", figures)


@asynccontextmanager
async def slack(module: str, argument: int) -> AsyncIterator[str]:
    """The address of the sandbox, or of the stand-in that answers late, in a process of its own."""
    port = processes.free_port()
    async with processes.python("-m", f"tests.bench.{module}", str(port), str(argument)) as process:
        await processes.listening(process, port)
        yield f"http://127.0.0.1:{port}"


async def _send_all(url: str, address: str, round_: str) -> tuple[float, float, int]:
    """Messages a second, the longest block in milliseconds, and how many did not go."""
    sessions, clock = database.connect(url), MachineClock()
    settings = whole.settings_for(whole.people_the_workspace(), address, url)
    async with aiohttp.ClientSession() as http:
        count = await _owe(sessions, round_)
        everywhere = Clients(settings, sessions, http, cast.TEAM)
        sender = Sender(sessions, clock, everywhere.of, http, settings)
        async with blocks.watched() as longest:
            started = time.perf_counter()
            [queue] = await delivery.due(sender)
            while await delivery.send_due(sender, queue):
                pass
            seconds = time.perf_counter() - started
    async with sessions() as session:
        query = select(Delivery.id).where(Delivery.outcome.is_distinct_from("sent"))
        unsent = len((await session.scalars(query.execution_options(**COUNTED))).all())
    await sessions.close()
    return count / seconds, longest.seconds * 1000, unsent


async def _owe(sessions: Sessions, round_: str) -> int:
    """Owe a prompt-sized message to each of the crowd; how many."""
    async with sessions.begin() as session:
        query = select(Identity).where(Identity.user_id.startswith("U1")).execution_options(**COUNTED)
        crowd = (await session.scalars(query)).all()
        message = {"text": "The check-in is open.", "blocks": _blocks()}
        letters = [Letter(one.member_id, f"bench:{round_}:{one.member_id}", message, PROMPT) for one in crowd]
        await deliveries.owe_all(session, crowd[0].program_id, letters, at=MachineClock().now())
    return len(letters)


def _blocks() -> list[Json]:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*Weekly pulse* is open until Wednesday, 9 am."}}
    button = {"type": "button", "text": {"type": "plain_text", "text": "Answer"}, "action_id": "answer", "value": "1"}
    return [section, {"type": "actions", "elements": [button]}]
