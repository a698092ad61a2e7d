"""The promises of an acknowledgement: each event and form counts once, what failed is done later, a stall is answered in words."""

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import func, select

from bot.sandbox import interaction
from storage import members
from storage.models import Commitment, SeenEvent
from tests import databases, whole
from tests.whole import Slack

LINE = "publish the dashboard by 2026-10-30"
COUNTED = {"across_programs": "the test counts all"}


@asynccontextmanager
async def stalled(database: str) -> AsyncIterator[None]:
    """Another connection holds the lock that every writer needs, until the block ends."""
    if database.startswith("sqlite"):
        connection = sqlite3.connect(database.split("///")[1], isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
        connection.close()
        return
    other = await asyncpg.connect(database.replace("+asyncpg", ""))
    async with other.transaction():
        await other.execute("LOCK TABLE programs, commitments, members, seen_events IN ACCESS EXCLUSIVE MODE")
        yield
    await other.close()


@asynccontextmanager
async def standing_still(database: str) -> AsyncIterator[None]:
    """The server's processes for this database do nothing at all until the block ends."""
    other = await asyncpg.connect(database.replace("+asyncpg", ""))
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    processes = [row["pid"] for row in await other.fetch(query)]
    assert processes
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
        await other.close()


@pytest.fixture
async def either(database_url: str, filled: Path, tmp_path: Path) -> AsyncIterator[tuple[Slack, str]]:
    """The whole bot once on SQLite and once on PostgreSQL, and the address of its database."""
    if database_url.startswith("sqlite"):
        (tmp_path / "civic.db").unlink()
        database_url = databases.copy_of(filled, tmp_path)
    else:
        await whole.fill(database_url)
    async with whole.slack(database_url, tmp_path / "calls.jsonl") as slack:
        yield slack, database_url


async def count(slack: Slack, table: type) -> int:
    async with slack.sessions() as session:
        return int(await session.scalar(select(func.count()).select_from(table).execution_options(**COUNTED)) or 0)


async def zone_of(slack: Slack, name: str) -> str | None:
    async with slack.sessions() as session:
        member = await members.by_identity(session, slack.workspace.team_id, slack.person(name).id)
    return member.slack_time_zone if member else None


def moved(slack: Slack, name: str, zone: str) -> dict[str, object]:
    """The event that tells that somebody's time zone changed."""
    person = slack.workspace.people[slack.person(name).id]
    person.tz = zone
    return interaction.event(
        slack.workspace, {"type": "user_change", "user": slack.workspace.user(person.id), "cache_ts": 1}
    )


async def test_an_event_delivered_three_times_takes_effect_once(slack: Slack) -> None:
    event = moved(slack, "Ana", "America/Denver")
    for _ in range(3):
        slack.sandbox.links.deliver(event)
    await slack.settle()

    assert await zone_of(slack, "Ana") == "America/Denver"
    assert await count(slack, SeenEvent) == 1


async def test_an_event_whose_listener_failed_takes_effect_later(either: tuple[Slack, str]) -> None:
    slack, url = either
    async with stalled(url):
        slack.sandbox.links.deliver(moved(slack, "Ana", "America/Denver"))
        await until(lambda: bool(slack.bot.app.second_chances))
    assert await zone_of(slack, "Ana") == "America/Chicago"

    async with asyncio.timeout(15):
        while await zone_of(slack, "Ana") != "America/Denver":
            await asyncio.sleep(0.05)
    assert await count(slack, SeenEvent) == 1


async def test_a_stalled_database_is_answered_in_words_within_three_seconds(either: tuple[Slack, str]) -> None:
    slack, url = either
    async with stalled(url):
        started = time.monotonic()
        answer = await exchange(slack, "Ana", "/commit", LINE)
        took = time.monotonic() - started

    assert took < 3
    assert "nothing was recorded" in answer
    assert LINE in answer
    assert await count(slack, Commitment) == 0


async def test_a_server_that_stands_still_for_four_seconds_is_answered_in_time(
    postgres_url: str, tmp_path: Path
) -> None:
    """Not a lock but no answer at all: nobody knows what was saved, and the answer says so."""
    await databases.empty_tables(postgres_url)
    await whole.fill(postgres_url)
    async with whole.slack(postgres_url, tmp_path / "calls.jsonl") as slack:
        await slack.person("Rosa").types("/commit", LINE)
        async with standing_still(postgres_url):
            started = time.monotonic()
            answer = await exchange(slack, "Ana", "/commit", LINE)
            took = time.monotonic() - started
            await asyncio.sleep(4 - took)  # the rest of the stall itself
        assert took < 3
        assert answer.startswith("I am not sure that was saved")
        await slack.person("Keola").types("/commit", LINE)
        assert await count(slack, Commitment) in (2, 3)


async def test_after_a_stall_everything_works_again(either: tuple[Slack, str]) -> None:
    slack, url = either
    async with stalled(url):
        await asyncio.gather(*(exchange(slack, name, "/commit", LINE) for name in ("Ana", "Rosa", "Keola", "Tomas")))
    await slack.person("Ana").types("/commit", LINE)
    assert await count(slack, Commitment) == 1


async def test_twenty_commitments_at_once_get_twenty_numbers(either: tuple[Slack, str]) -> None:
    slack, _ = either
    names = ("Ana", "Rosa", "Keola", "Tomas")
    lines = [(name, f"step {number} by 2026-10-30") for number in range(5) for name in names]
    await asyncio.gather(*(exchange(slack, name, "/commit", line) for name, line in lines))

    async with slack.sessions() as session:
        numbers = list(await session.scalars(select(Commitment.number).execution_options(**COUNTED)))
    assert sorted(numbers) == list(range(1, 21))


async def exchange(slack: Slack, name: str, command: str, text: str) -> str:
    """What the acknowledgement of a command says, without waiting for the rest to settle."""
    person = slack.person(name)
    payload = interaction.command(
        slack.workspace,
        person.id,
        slack.workspace.direct_channel(person.id),
        command,
        text,
        {"response_url": "http://127.0.0.1:9/", "trigger_id": slack.workspace.triggers.issue(person.id)},
    )
    ack = await slack.sandbox.links.request("slash_commands", payload)
    assert ack is not None
    assert ack.body is not None
    return str(ack.body["text"])


async def until(condition: object) -> None:
    async with asyncio.timeout(10):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.02)


async def test_a_button_that_nobody_wants_is_acknowledged(slack: Slack) -> None:
    """One that opens a page, or stands in a message from last year."""
    ana = slack.person("Ana")
    await ana.types("/commit", LINE)
    message = {"ts": "1.0", "blocks": [], "text": "From last year"}
    action = {"type": "button", "block_id": "b", "action_id": "of_last_year", "value": "1"}
    place = slack.workspace.direct_channel(ana.id)
    payload = interaction.message_actions(slack.workspace, ana.id, place, message, action)
    ack = await slack.sandbox.links.request("interactive", payload)
    assert ack is not None
    assert await count(slack, Commitment) == 1
