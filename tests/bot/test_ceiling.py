"""The daily ceiling: which messages count for it, and for which day. It is two in these tests."""

from datetime import timedelta

from sqlalchemy import update

from storage import outbox
from storage.deliveries import Priority, Terms
from storage.models import Delivery
from tests import cast
from tests.bot.test_delivery import UNASKED, local, owe, texts
from tests.whole import Slack


async def test_what_was_sent_earlier_in_the_day_counts(slack: Slack) -> None:
    for number in range(2):
        await owe(slack, "Ana", f"morning {number}", local(2, 9), UNASKED)
    await slack.turn_to(local(2, 10))
    await owe(slack, "Ana", "noon", local(2, 12), UNASKED)
    await slack.turn_to(local(2, 17))
    assert len(texts(slack, "Ana")) == 2


async def test_what_was_sent_the_day_before_does_not_count(slack: Slack) -> None:
    for number in range(2):
        await owe(slack, "Ana", f"evening {number}", local(1, 17), UNASKED)
    await owe(slack, "Ana", "morning", local(2, 9), UNASKED)
    await slack.turn_to(local(2, 10))
    assert texts(slack, "Ana")[-1] == "About morning."


async def test_what_somebody_asked_for_does_not_count(slack: Slack) -> None:
    for number in range(2):
        await owe(slack, "Ana", f"asked {number}", local(2, 9))
    await owe(slack, "Ana", "nudge", local(2, 10), UNASKED)
    await slack.turn_to(local(2, 11))
    assert texts(slack, "Ana")[-1] == "About nudge."


async def test_what_was_never_sent_does_not_count(slack: Slack) -> None:
    stale = Terms(own_accord=True, priority=Priority.PROMPT, expires_at=local(2, 8))
    for number in range(2):
        await owe(slack, "Ana", f"stale {number}", local(2, 9), stale)
    await owe(slack, "Ana", "nudge", local(2, 10), UNASKED)
    await slack.turn_to(local(2, 11))
    assert texts(slack, "Ana") == ["About nudge."]


async def test_what_another_process_is_sending_counts(slack: Slack) -> None:
    slack.clock.set(local(2, 9))
    for number in range(2):
        await owe(slack, "Ana", f"taken {number}", local(2, 9), UNASKED)
    async with slack.sessions.begin() as session:
        assert len(await outbox.take_due(session, cast.OFFICE, local(2, 9), timedelta(hours=1), 10)) == 2
    await owe(slack, "Ana", "third", local(2, 9), UNASKED)
    await slack.settle()
    assert texts(slack, "Ana") == []

    taken = update(Delivery).where(Delivery.program_id == slack.bot.program_id, Delivery.leased_until.is_not(None))
    async with slack.sessions.begin() as session:
        await session.execute(taken.values(settled_at=local(2, 9), outcome="channel_not_found"))
    await slack.turn_to(local(5, 9))
    assert texts(slack, "Ana") == ["About third."]
