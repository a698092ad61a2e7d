"""The sender when Slack fails: an answer that is cut off, a limit, a look that fails, a change that overtakes its message."""

import asyncio
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver
from sqlalchemy import update

from bot import delivery
from bot.clients import Clients
from bot.lateness import Request
from storage import deliveries, outbox
from storage.models import Delivery
from tests import cast
from tests.bot.test_delivery import forget_the_answer, found, owe, texts
from tests.whole import Slack

LEASE = timedelta(minutes=1)


def calls(slack: Slack, method: str) -> int:
    return len([call for call in slack.sandbox.calls if call["method"] == method])


async def settled(slack: Slack, key: str) -> Delivery:
    """The delivery when it is settled; the pauses of the sender are real ones."""
    async with asyncio.timeout(15):
        while (one := await found(slack, key)).settled_at is None:
            await asyncio.sleep(0.05)
            await slack.settle()
    return one


async def change(slack: Slack, text: str) -> None:
    async with slack.sessions.begin() as session:
        assert await deliveries.owe_update(session, slack.bot.program_id, "news", {"text": text}, at=slack.clock.now())


async def take_elsewhere(slack: Slack, lease: timedelta) -> None:
    """Another process takes what is due."""
    async with slack.sessions.begin() as session:
        assert len(await outbox.take_due(session, cast.OFFICE, slack.clock.now(), lease, 10)) == 1


async def test_a_message_whose_answer_is_cut_off_stands_there_once(slack: Slack) -> None:
    slack.sandbox.faults.order("chat.postMessage", lost=True)
    await owe(slack, "Ana", "news", slack.clock.now())
    assert (await settled(slack, "news")).outcome == "sent"
    assert texts(slack, "Ana") == ["About news."]


async def test_a_message_is_not_taken_for_another_one(slack: Slack) -> None:
    for key in ("first", "second"):
        await owe(slack, "Ana", key, slack.clock.now())
    await slack.settle()
    place = slack.workspace.direct_channel(slack.person("Ana").id).id
    second = next(one for one in slack.person("Ana").messages if one["text"] == "About second.")
    slack.workspace.delete(place, second["ts"])
    await forget_the_answer(slack, "second")
    await settled(slack, "second")
    assert sorted(texts(slack, "Ana")) == ["About first.", "About second."]


async def test_when_the_look_fails_nothing_is_sent(slack: Slack) -> None:
    await owe(slack, "Ana", "news", slack.clock.now())
    await slack.settle()
    await forget_the_answer(slack, "news")
    slack.sandbox.faults.order("conversations.history", status=500)
    await slack.settle()
    assert (calls(slack, "conversations.history"), calls(slack, "chat.postMessage")) == (1, 1)
    assert (await found(slack, "news")).outcome is None


async def test_where_nothing_may_be_read_a_possible_repeat_is_better_than_a_loss(slack: Slack) -> None:
    await owe(slack, "Ana", "news", slack.clock.now())
    await slack.settle()
    await forget_the_answer(slack, "news")
    slack.sandbox.faults.order("conversations.history", error="missing_scope")
    await settled(slack, "news")
    assert texts(slack, "Ana") == ["About news.", "About news."]


async def test_a_limit_is_waited_for_as_long_as_slack_says(slack: Slack) -> None:
    now = slack.clock.now()
    slack.sandbox.faults.order("chat.postMessage", status=429, retry_after=45)
    await owe(slack, "Ana", "news", now)
    await slack.settle()
    assert await slack.turn_to(now + timedelta(seconds=44)) == []
    await slack.turn_to(now + timedelta(seconds=45))
    assert (texts(slack, "Ana"), calls(slack, "chat.postMessage")) == (["About news."], 2)


async def test_nothing_is_begun_when_the_lease_may_be_over(slack: Slack) -> None:
    await owe(slack, "Ana", "news", slack.clock.now())
    at_once = replace(slack.bot.ticker.sender.settings, lease_seconds=0, look_up_seconds=0)
    hasty = replace(slack.bot.ticker.sender, settings=at_once)
    [queue] = await delivery.due(hasty)
    assert await delivery.send_due(hasty, queue) == 1
    assert calls(slack, "chat.postMessage") == 0

    await slack.settle()
    assert texts(slack, "Ana") == ["About news."]


class SlowNames(AbstractResolver):
    """It takes a while to find out where Slack is."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.asked = 0

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[Any]:
        self.asked += 1
        await asyncio.sleep(self.seconds)
        found = {"hostname": host, "host": "127.0.0.1", "port": port, "family": family, "proto": 0, "flags": 0}
        return [found]

    async def close(self) -> None:
        pass


async def test_nothing_is_sent_when_the_lease_may_be_over_by_the_time_a_connection_stands(slack: Slack) -> None:
    await owe(slack, "Ana", "news", slack.clock.now())
    sender, names = slack.bot.ticker.sender, SlowNames(seconds=1.0)
    url = sender.settings.slack_api_url.replace("127.0.0.1", "slack.test")
    brief = replace(sender.settings, slack_api_url=url, lease_seconds=2.0, look_up_seconds=0)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=names), request_class=Request) as http:
        clients = Clients(brief, slack.sessions, http, cast.TEAM)
        hasty = replace(sender, settings=brief, slack=clients.of, http=http)
        [queue] = await delivery.due(hasty)
        assert await delivery.send_due(hasty, queue) == 1
        assert (names.asked, calls(slack, "chat.postMessage")) == (1, 0)
    await slack.settle()
    assert texts(slack, "Ana") == ["About news."]


async def test_a_change_waits_for_its_message(slack: Slack) -> None:
    await owe(slack, "Ana", "news", slack.clock.now())
    await take_elsewhere(slack, LEASE)
    await change(slack, "Changed.")
    await slack.settle()
    assert (texts(slack, "Ana"), calls(slack, "chat.update")) == ([], 0)

    await let_go(slack)
    await slack.turn_to(slack.clock.now() + timedelta(minutes=1))
    await settled(slack, "news")
    await slack.turn_to(slack.clock.now() + timedelta(minutes=1))
    assert texts(slack, "Ana") == ["Changed."]


async def test_a_change_that_a_later_one_overtook_is_not_sent(slack: Slack) -> None:
    await owe(slack, "Ana", "news", slack.clock.now())
    await slack.settle()
    await change(slack, "First.")
    await take_elsewhere(slack, timedelta(seconds=-1))
    await change(slack, "Second.")
    await slack.settle()
    assert (texts(slack, "Ana"), calls(slack, "chat.update")) == (["Second."], 1)


async def let_go(slack: Slack) -> None:
    """The process that took it died: its lease runs out."""
    over = datetime.now(UTC) - timedelta(seconds=1)
    query = update(Delivery).where(Delivery.program_id == slack.bot.program_id, Delivery.leased_until.is_not(None))
    async with slack.sessions.begin() as session:
        await session.execute(query.values(leased_until=over))
