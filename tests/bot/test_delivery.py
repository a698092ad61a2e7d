"""The sender: what is owed reaches Slack once, at a decent hour, and what fails is tried again or given up with its reason."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from bot.pace import BATCH
from storage import deliveries
from storage.deliveries import Letter, Priority, Terms
from storage.models import Delivery, Owed
from tests.whole import Slack

UNASKED = Terms(own_accord=True, priority=Priority.NUDGE)


def local(day: int, hour: int, zone: str = "America/Chicago") -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=ZoneInfo(zone))


async def owe(slack: Slack, name: str, key: str, at: datetime, terms: Terms = deliveries.ASKED_FOR) -> None:
    member = await slack.member(name)
    async with slack.sessions.begin() as session:
        assert await deliveries.owe(session, member, key, {"text": f"About {key}."}, at=at, terms=terms)


async def found(slack: Slack, key: str) -> Delivery:
    async with slack.sessions() as session:
        delivery = await deliveries.find(session, slack.bot.program_id, key)
    assert delivery is not None
    return delivery


def texts(slack: Slack, name: str) -> list[str]:
    return [message["text"] for message in slack.person(name).messages]


async def test_a_message_arrives_and_is_settled_with_its_place(slack: Slack) -> None:
    await owe(slack, "Ana", "news", slack.clock.now())
    await slack.settle()

    [message] = slack.person("Ana").messages
    delivery = await found(slack, "news")
    assert message["text"] == "About news."
    assert (delivery.outcome, delivery.ts) == ("sent", message["ts"])
    assert message["metadata"]["event_payload"] == {"key": "news"}


async def test_to_one_place_goes_one_message_after_the_other_however_many_are_taken(slack: Slack) -> None:
    ana, count = await slack.member("Ana"), BATCH + 20
    letters = [Letter(ana.id, str(number), {"text": f"Number {number}."}) for number in range(count)]
    async with slack.sessions.begin() as session:
        await deliveries.owe_all(session, slack.bot.program_id, letters, at=slack.clock.now())
        owed = select(Owed.key).join(Delivery).where(Owed.program_id == slack.bot.program_id).order_by(Delivery.id)
        keys = list(await session.scalars(owed))
    await slack.settle()
    assert texts(slack, "Ana") == [f"Number {key}." for key in keys]


async def test_a_message_for_later_waits_for_its_moment(slack: Slack) -> None:
    await owe(slack, "Ana", "later", slack.clock.now() + timedelta(hours=1))
    await slack.settle()
    assert texts(slack, "Ana") == []

    assert await slack.turn_to(slack.clock.now() + timedelta(hours=2)) == [datetime(2026, 10, 1, 16, tzinfo=UTC)]
    assert texts(slack, "Ana") == ["About later."]


async def test_what_nobody_asked_for_waits_for_the_morning(slack: Slack) -> None:
    await owe(slack, "Ana", "night", local(1, 22), UNASKED)
    await slack.turn_to(local(2, 7))
    assert texts(slack, "Ana") == []
    assert (await found(slack, "night")).held_because == "night"

    await slack.turn_to(local(2, 8))
    assert texts(slack, "Ana") == ["About night."]


async def test_what_somebody_asked_for_comes_at_night_too(slack: Slack) -> None:
    await owe(slack, "Ana", "asked", local(1, 22))
    await slack.turn_to(local(1, 22))
    assert texts(slack, "Ana") == ["About asked."]


async def test_over_the_ceiling_a_message_waits_for_the_next_working_morning(slack: Slack) -> None:
    for hour in (9, 10, 11):
        await owe(slack, "Ana", f"nudge at {hour}", local(2, hour), UNASKED)
    await slack.turn_to(local(2, 17))
    assert len(texts(slack, "Ana")) == 2  # October 2 is a Friday
    assert (await found(slack, "nudge at 11")).held_because == "ceiling"

    await slack.turn_to(local(5, 8))
    assert len(texts(slack, "Ana")) == 2
    await slack.turn_to(local(5, 9))
    assert len(texts(slack, "Ana")) == 3
    assert (await found(slack, "nudge at 11")).held_because is None


async def test_prompts_go_before_nudges_and_the_last_message_of_a_day_carries_the_rest(slack: Slack) -> None:
    await owe(slack, "Ana", "nudge 1", local(2, 9), UNASKED)
    await owe(slack, "Ana", "nudge 2", local(2, 9), UNASKED)
    await owe(slack, "Ana", "prompt", local(2, 9), Terms(own_accord=True, priority=Priority.PROMPT))
    await slack.turn_to(local(2, 17))
    assert texts(slack, "Ana") == ["About prompt.", "About nudge 1. About nudge 2."]


async def test_what_is_too_late_to_be_of_use_is_not_sent(slack: Slack) -> None:
    terms = Terms(own_accord=True, priority=Priority.PROMPT, expires_at=local(2, 7))
    await owe(slack, "Ana", "stale", local(1, 20), terms)
    await slack.turn_to(local(2, 12))

    assert texts(slack, "Ana") == []
    assert (await found(slack, "stale")).outcome == "expired"


async def test_a_withdrawn_message_is_not_sent(slack: Slack) -> None:
    at = slack.clock.now()
    await owe(slack, "Ana", "moot", at + timedelta(hours=1))
    async with slack.sessions.begin() as session:
        assert await deliveries.withdraw(session, slack.bot.program_id, "moot", at)
    await slack.turn_to(at + timedelta(hours=2))
    assert texts(slack, "Ana") == []


async def test_of_several_changes_the_last_one_stands(slack: Slack) -> None:
    await owe(slack, "Ana", "news", slack.clock.now())
    await slack.settle()
    for text in ("First.", "Second."):
        async with slack.sessions.begin() as session:
            await deliveries.owe_update(session, slack.bot.program_id, "news", {"text": text}, at=slack.clock.now())
    await slack.settle()

    assert texts(slack, "Ana") == ["Second."]
    assert [call["method"] for call in slack.sandbox.calls if call["method"] == "chat.update"] == ["chat.update"]


async def test_a_change_before_the_message_was_sent_changes_what_waits(slack: Slack) -> None:
    at = slack.clock.now()
    await owe(slack, "Ana", "news", at + timedelta(hours=1))
    async with slack.sessions.begin() as session:
        await deliveries.owe_update(session, slack.bot.program_id, "news", {"text": "Newer."}, at=at)
    await slack.turn_to(at + timedelta(hours=1))
    assert texts(slack, "Ana") == ["Newer."]


async def test_a_channel_without_the_bot_is_tried_again_until_it_is_invited(slack: Slack) -> None:
    async with slack.sessions.begin() as session:
        place = (slack.bot.program_id, 1, "C0ELSEWHERE")
        await deliveries.owe_channel(session, *place, "summary", {"text": "Summary."}, at=slack.clock.now())
    await slack.settle()
    assert (await found(slack, "summary")).outcome is None

    slack.workspace.join("C0ELSEWHERE", slack.workspace.bot_user_id)
    await slack.turn_to(slack.clock.now() + timedelta(minutes=1))
    assert (await found(slack, "summary")).outcome == "sent"


async def test_what_slack_never_takes_is_given_up_with_its_reason(slack: Slack) -> None:
    async with slack.sessions.begin() as session:
        place = (slack.bot.program_id, 1, "C0NOWHERE")
        await deliveries.owe_channel(session, *place, "lost", {"text": "Lost."}, at=slack.clock.now())
    await slack.settle()
    assert (await found(slack, "lost")).outcome == "channel_not_found"


async def test_after_an_unclear_try_a_message_that_stands_in_slack_is_not_sent_again(slack: Slack) -> None:
    await owe(slack, "Ana", "once", slack.clock.now())
    await slack.settle()
    await forget_the_answer(slack, "once")
    await slack.settle()

    assert texts(slack, "Ana") == ["About once."]
    assert (await found(slack, "once")).outcome == "sent"


async def test_after_an_unclear_try_a_message_that_is_not_in_slack_is_sent(slack: Slack) -> None:
    await owe(slack, "Ana", "once", slack.clock.now())
    await slack.settle()
    [message] = slack.person("Ana").messages
    slack.workspace.delete(slack.workspace.direct_channel(slack.person("Ana").id).id, message["ts"])
    await forget_the_answer(slack, "once")
    await slack.settle()

    assert texts(slack, "Ana") == ["About once."]


async def forget_the_answer(slack: Slack, key: str) -> None:
    """What the database looks like when the process died between Slack's effect and settling."""
    delivery = await found(slack, key)
    unknown = {"settled_at": None, "outcome": None, "ts": None, "conversation": None}
    query = update(Delivery).where(Delivery.program_id == delivery.program_id, Delivery.id == delivery.id)
    async with slack.sessions.begin() as session:
        await session.execute(query.values(**unknown, leased_until=datetime.now(UTC) - timedelta(seconds=1)))


async def test_what_became_of_a_message_is_written_when_the_database_is_free_again(slack: Slack) -> None:
    """Somebody writes for longer than a transaction waits: nothing is sent twice, and nothing has to be looked for."""
    path = slack.sessions.write.kw["bind"].url.database
    somebody_else = sqlite3.connect(path, isolation_level=None)
    posted: list[str] = []

    def meanwhile(call: dict[str, Any]) -> None:
        if call["method"] == "chat.postMessage" and not posted:
            somebody_else.execute("BEGIN IMMEDIATE")
            asyncio.get_running_loop().call_later(1.3, somebody_else.rollback)
        if "." in call["method"]:
            posted.append(call["method"])

    await owe(slack, "Ana", "news", slack.clock.now())
    slack.sandbox.calls.on_call = meanwhile
    await slack.settle()
    somebody_else.close()
    assert (await found(slack, "news")).outcome == "sent"
    assert posted == ["chat.postMessage"]
