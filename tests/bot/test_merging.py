"""The last message of a day carries the rest: as people meet it, part by part, in Slack."""

from datetime import time, timedelta

from sqlalchemy import select, update

from bot import delivery
from bot.pace import Pace
from bot.sandbox import elements
from bot.sandbox.form import Form
from bot.sandbox.person import Actor
from storage import deliveries
from storage.deliveries import Priority, Terms
from storage.models import Asking, CheckIn, Delivery, Owed, Program
from tests.bot.test_delivery import UNASKED, forget_the_answer, found, local, owe, texts
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import Json, read
from tests.whole import Slack

PROMPTS = ("Weekly pulse", "Coaching call")


async def one_a_day(slack: Slack) -> None:
    query = update(Program).where(Program.id == slack.bot.program_id).values(daily_ceiling=1)
    async with slack.sessions.begin() as session:
        await session.execute(query)


async def merged(slack: Slack) -> Json:
    """On Monday at nine Ana gets the prompts of two check-ins in one message."""
    for name in PROMPTS:
        await steps.made(slack, name=name)
    await one_a_day(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    [message] = slack.person("Ana").messages
    return message


def labels(message: Json) -> list[str]:
    return [
        one["text"]["text"] for block in message["blocks"] for one in block.get("elements", ()) if "action_id" in one
    ]


async def presses(actor: Actor, message: Json, label: str) -> object:
    """Press the first button of that label; there may be one in each part."""
    first = next(one for one in elements.within(actor.blocks(message)) if label in one.names)
    return await actor.act(message, first, {})


async def test_two_prompts_over_the_ceiling_are_one_message_with_all_buttons(slack: Slack) -> None:
    message = await merged(slack)
    assert all(name in message["text"] for name in PROMPTS)
    assert labels(message) == ["Answer now", "Not this time"] * 2
    assert "So that I write to you less often, one more comes with it:" in read(message)


async def test_after_one_part_is_answered_the_other_keeps_its_buttons(slack: Slack) -> None:
    ana, message = slack.person("Ana"), await merged(slack)
    form = await presses(ana, message, "Answer now")
    assert isinstance(form, Form)
    await form.submit(answer_0="The portal is live.")
    await slack.settle()
    [message] = ana.messages
    assert "Weekly pulse: Answered for Memphis" in message["text"]
    assert labels(message) == ["See or edit the answer", "Answer the next one now", "Answer now", "Not this time"]

    await ana.clicks(message, "Not this time")
    await slack.settle()
    [message] = ana.messages
    assert labels(message) == ["See or edit the answer", "Answer the next one now", "Answer after all"]
    assert "Coaching call: You pass on this round" in message["text"]


async def test_each_part_counts_as_delivered_so_that_both_are_reminded_of(slack: Slack) -> None:
    await merged(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(days=2) - timedelta(minutes=1))
    reminders = slack.person("Ana").messages[-1]["text"]
    assert all(f"You have not answered {name}" in reminders for name in PROMPTS)


async def test_a_part_that_is_withdrawn_before_it_goes_is_left_out(slack: Slack) -> None:
    await one_a_day(slack)
    for key in ("first", "second", "third"):
        await owe(slack, "Ana", key, local(1, 20), UNASKED)
    await slack.turn_to(local(2, 7))
    async with slack.sessions.begin() as session:
        assert await deliveries.withdraw(session, slack.bot.program_id, "second", slack.clock.now())
    await slack.turn_to(local(2, 9))
    assert texts(slack, "Ana") == ["About first. About third."]


async def test_a_part_that_came_too_late_is_left_out_and_the_rest_goes(slack: Slack) -> None:
    """They had been merged, then Slack asked to wait until the evening."""
    await one_a_day(slack)
    soon = Terms(own_accord=True, priority=Priority.PROMPT, expires_at=local(2, 17))
    await owe(slack, "Ana", "prompt", local(2, 9), soon)
    await owe(slack, "Ana", "nudge", local(2, 9), UNASKED)
    slack.sandbox.faults.order("chat.postMessage", status=429, retry_after=9 * 3600)
    await slack.turn_to(local(2, 9))
    assert (await found(slack, "prompt")).id == (await found(slack, "nudge")).id
    await slack.turn_to(local(5, 9))
    assert texts(slack, "Ana") == ["About nudge."]
    assert (await found(slack, "prompt")).outcome == "expired"


async def test_more_than_fits_into_one_message_waits_and_is_merged_again(slack: Slack) -> None:
    await one_a_day(slack)
    for number in range(8):
        await owe(slack, "Ana", f"nudge {number}", local(2, 9), UNASKED)
    await slack.turn_to(local(2, 17))
    assert texts(slack, "Ana") == [" ".join(f"About nudge {number}." for number in range(6))]
    await slack.turn_to(local(5, 17))
    assert texts(slack, "Ana")[1:] == ["About nudge 6. About nudge 7."]


async def test_what_a_small_batch_leaves_waiting_is_merged_too(slack: Slack) -> None:
    """The pace lets one message a time be taken; the last one still finds the rest."""
    for number in range(5):
        await owe(slack, "Ana", f"nudge {number}", local(2, 9), UNASKED)
    slack.clock.set(local(2, 9))
    sender = slack.bot.ticker.sender
    sender.paces[slack.workspace.team_id] = Pace(1, timedelta(0))
    for minute in range(3):
        slack.clock.set(local(2, 9) + timedelta(minutes=minute))
        for queue in await delivery.due(sender):
            await delivery.send_due(sender, queue)
    assert texts(slack, "Ana") == [
        "About nudge 0.",
        " ".join(f"About nudge {number}." for number in range(1, 5)),
    ]


async def test_what_somebody_asked_for_is_never_merged(slack: Slack) -> None:
    await one_a_day(slack)
    for number in range(2):
        await owe(slack, "Ana", f"nudge {number}", local(2, 9), UNASKED)
        await owe(slack, "Ana", f"answer {number}", local(2, 9))
    await slack.turn_to(local(2, 10))
    assert sorted(texts(slack, "Ana")) == ["About answer 0.", "About answer 1.", "About nudge 0. About nudge 1."]


async def test_a_merged_message_whose_answer_was_lost_is_found_and_not_repeated(slack: Slack) -> None:
    await one_a_day(slack)
    for number in range(3):
        await owe(slack, "Ana", f"nudge {number}", local(2, 9), UNASKED)
    await slack.turn_to(local(2, 9))
    await forget_the_answer(slack, "nudge 2")
    await slack.settle()
    assert texts(slack, "Ana") == ["About nudge 0. About nudge 1. About nudge 2."]
    assert (await found(slack, "nudge 2")).outcome == "sent"


async def test_a_part_in_short_is_shown_in_full_where_it_stands(slack: Slack) -> None:
    ana = slack.person("Ana")
    for number in range(4):
        await ana.types("/commit", f"publish list {number} by October 3")
    await one_a_day(slack)
    await owe(slack, "Ana", "word", local(5, 8), Terms(own_accord=True, priority=Priority.REMINDER))
    await slack.turn_to(local(5, 9))
    message = ana.messages[-1]
    assert message["text"].startswith("About word. Four of your commitments are due")
    assert labels(message).count("Mark done") == 2

    await presses(ana, message, "Show in full")
    await slack.settle()
    message = ana.messages[-1]
    assert labels(message).count("Mark done") == 4
    await presses(ana, message, "Mark done")
    await slack.settle()
    message = ana.messages[-1]
    assert "Done: #1 publish list 0." in message["text"]
    assert "About word." in message["text"]
    assert labels(message).count("Mark done") == 3


async def test_quiet_hours_of_a_check_in_hold_its_prompts_and_a_check_in_may_remind_nobody(slack: Slack) -> None:
    await steps.made(slack)
    async with slack.sessions.begin() as session:
        query = update(CheckIn).where(CheckIn.program_id == slack.bot.program_id)
        await session.execute(query.values(quiet_from=time(16), quiet_until=time(10), reminds=False))
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(minutes=59))
    assert len(slack.person("Ana").messages) == 0
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(hours=1))
    assert len(slack.person("Ana").messages) == 1
    async with slack.sessions() as session:
        terms = select(Owed.quiet_from, Owed.quiet_until).join(Delivery, Delivery.id == Owed.delivery_id)
        terms = terms.where(Owed.program_id == slack.bot.program_id, Owed.key.startswith("prompt:"))
        assert set(map(tuple, await session.execute(terms))) == {(time(16), time(10))}
        reminders = select(Asking.remind_at).where(Asking.program_id == slack.bot.program_id)
        assert set(await session.scalars(reminders)) == {None}
