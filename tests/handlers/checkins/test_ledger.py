"""The ledger of a round as a conversation: what was sent, waits, failed or was never asked, and why; for facilitators alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from bot.sandbox.form import Form
from storage import deliveries
from storage.models import Asking, Cohort, Delivery, Facilitator, Identity, Member, Owed, Prompt
from tests.handlers.checkins import steps
from tests.whole import Slack

Json = dict[str, Any]
AFTER_REMINDERS = datetime(2026, 10, 7, 15, 0, tzinfo=UTC)


async def opened(slack: Slack, who: str = "Renee") -> Form:
    """The ledger of the newest round, by the button in `/checkin show`."""
    person = slack.person(who)
    form = await person.clicks(await person.types("/checkin", "show 1"), "Deliveries")
    assert isinstance(form, Form), form
    return form


async def not_in_slack(slack: Slack, name: str) -> None:
    member = await slack.member(name)
    async with slack.sessions.begin() as session:
        everybody_was_looked_up = update(Member).where(Member.program_id == 1).values(looked_up_at=slack.clock.now())
        await session.execute(everybody_was_looked_up)
        await session.execute(delete(Identity).where(Identity.program_id == 1, Identity.member_id == member.id))


async def delivery_of(slack: Slack, key: str) -> Delivery:
    async with slack.sessions() as session:
        found = await deliveries.find(session, 1, key)
    assert found is not None
    return found


async def changed(slack: Slack, key: str, **values: Any) -> None:
    """The row in the outbox as a sender leaves it in a case that takes long to come about."""
    found = await delivery_of(slack, key)
    async with slack.sessions.begin() as session:
        query = update(Delivery).where(Delivery.program_id == 1, Delivery.id == found.id)
        await session.execute(query.values(**values))


async def test_it_says_of_everybody_what_was_sent_with_its_link_and_what_they_did(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    await steps.answers(slack, "Ana", answer_0="Moved")
    await slack.turn_to(steps.MONDAY_IN_PHOENIX)
    await slack.person("Tomas").clicks(steps.prompt_of(slack, "Tomas"), "Not this time")
    text = (await opened(slack)).text
    assert "Inclusive procurement · Weekly pulse, Monday, October 5" in text
    assert "Prompts: 3 sent, 1 still to come." in text
    assert "Answers: 1; 1 passed." in text
    sent = await delivery_of(slack, "prompt:2")
    address = (
        f"https://{slack.workspace.domain}.slack.com/archives/{sent.conversation}/p{str(sent.ts).replace('.', '')}"
    )
    assert f"*Memphis, TN* · Ana Diaz\nPrompt: sent Monday, October 5, 9:00 AM. <{address}|Its link>" in text
    assert "Answered Monday, October 5, 9:00 AM." in text
    assert "*Honolulu, HI* · Keola Akana\nPrompt: to be asked Monday, October 5, 9:00 AM." in text
    assert "Passed Monday, October 5, 9:00 AM." in text
    assert "Rosa Kim\nPrompt: sent Monday, October 5, 9:00 AM." in text
    assert "Reminder: to be reminded Wednesday, October 7, 8:00 AM." in text


async def test_what_failed_says_why_and_what_to_do_and_can_be_looked_at_alone(slack: Slack) -> None:
    await steps.unknown_to_slack(slack, "Keola")
    await not_in_slack(slack, "Tomas")
    await steps.made(slack)
    await slack.turn_to(AFTER_REMINDERS)
    renee = slack.person("Renee")
    form = await opened(slack)
    assert "Prompts: 2 sent, 2 not delivered." in form.text
    assert "Reminders: 2 sent." in form.text
    await renee.clicks(form, "Only what failed or waits (2)")
    assert "Ana Diaz" not in form.text
    assert (
        "not delivered Monday, October 5, 9:00 AM. Slack finds no direct message with this person. If they left,"
        in form.text
    )
    assert "not delivered: I cannot reach them in Slack yet. Invite them with the address of the roster." in form.text
    await renee.clicks(form, "Show everybody")
    assert "Ana Diaz" in form.text


async def test_what_waits_is_held_or_merged_says_why_and_until_when(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    morning = datetime(2026, 10, 6, 13, 0, tzinfo=UTC)
    waiting = {"settled_at": None, "outcome": None, "due_at": morning, "tries": 0}
    await changed(slack, "prompt:2", **waiting, held_because="ceiling")
    await changed(slack, "prompt:3", **(waiting | {"tries": 5}), held_because=None)
    text = (await opened(slack)).text
    assert "held until Tuesday, October 6, 8:00 AM: they had as many messages from me as one gets in a day." in text
    assert "tried 5 times, and not through yet. I keep trying, next Tuesday, October 6, 8:00 AM." in text
    assert "Prompts: 2 waiting or held, 2 still to come." in text
    await changed(slack, "prompt:2", held_because="night")
    assert "8:00 AM: it is outside their working hours." in (await opened(slack)).text
    await changed(slack, "prompt:2", settled_at=steps.MONDAY_IN_MEMPHIS, outcome="expired")
    assert "not sent: it could only have gone when it was too late to be of use." in (await opened(slack)).text


async def test_a_message_that_carries_several_says_so_on_both(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    lead = await delivery_of(slack, "prompt:2")
    async with slack.sessions.begin() as session:
        common = {"program_id": 1, "delivery_id": lead.id, "own_accord": True, "payload": {}}
        at = slack.clock.now()
        session.add(Owed(**common, key="nudge:1:2026-10-05", priority=3, created_at=at))
        merged = update(Owed).where(Owed.program_id == 1, Owed.key == "prompt:3")
        await session.execute(merged.values(delivery_id=lead.id, priority=2))
    text = (await opened(slack)).text
    assert "sent in one message with another check-in and their commitments Monday, October 5, 9:00 AM." in text
    assert "merged into the message with another check-in, sent Monday, October 5, 9:00 AM." in text


async def test_a_button_that_others_come_by_opens_nothing_for_them(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    assert "Deliveries" not in str(await slack.person("Ana").types("/checkin", "show 1"))
    shown = await slack.person("Renee").types("/checkin", "show 1")
    assert isinstance(shown, dict)
    slack.workspace.post(slack.channel("#cohort").id, {"user": "U0BOT", "text": "forwarded", "blocks": shown["blocks"]})
    refused = await slack.person("Ana").clicks(slack.person("Ana").sees("#cohort")[-1], "Deliveries")
    assert "Only facilitators can do this. Please ask Renee Okonjo." in str(refused)


async def test_a_facilitator_of_another_cohort_opens_neither_the_ledger_nor_the_report(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.CLOSED + timedelta(hours=1))
    async with slack.sessions.begin() as session:
        other = Cohort(program_id=1, network_id=1, name="Advisory group", created_at=slack.clock.now())
        session.add(other)
        await session.flush()
        tomas = await slack.member("Tomas")
        session.add(Facilitator(program_id=1, member_id=tomas.id, cohort_id=other.id))
    renee, tomas_himself = slack.person("Renee"), slack.person("Tomas")
    for message, label in (
        (await renee.types("/checkin", "show 1"), "Deliveries"),
        (await renee.types("/checkin", "report"), "Send me the CSV"),
        (await renee.types("/checkin", "report"), "Show deliveries"),
    ):
        assert isinstance(message, dict)
        posted = {"user": "U0BOT", "text": "forwarded", "blocks": message["blocks"]}
        slack.workspace.post(slack.channel("#cohort").id, posted)
        refused = await tomas_himself.clicks(tomas_himself.sees("#cohort")[-1], label)
        assert "Only facilitators can do this. Please ask" in str(refused), label


async def test_pages_of_twenty_five_and_the_way_back(slack: Slack) -> None:
    lines = "".join(
        f"City Accelerator,Inclusive procurement,Austin,TX,Person {number:02},p{number}@austin.gov,,delegate,,,,,\n"
        for number in range(30)
    )
    await steps.imported(slack, lines)
    await steps.made(slack)
    await slack.turn_to(steps.CLOSED + timedelta(hours=1))
    form = await opened(slack)
    assert "Page 1 of 2" in form.text
    assert "Person 24" in form.text
    assert "Ana Diaz" not in form.text
    await slack.person("Renee").clicks(form, "Show more")
    assert "Page 2 of 2" in form.text
    assert "Ana Diaz" in form.text
    await slack.person("Renee").clicks(form, "Earlier")
    assert "Page 1 of 2" in form.text


async def test_the_private_summary_has_the_button_and_a_gone_round_is_said_kindly(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.CLOSED + timedelta(hours=20))
    renee = slack.person("Renee")
    summary = next(one for one in renee.messages if "for facilitators" in one["text"])
    form = await renee.clicks(summary, "Deliveries")
    assert isinstance(form, Form)
    assert "Prompts: 4 sent." in form.text
    forged = {"type": "button", "text": {"type": "plain_text", "text": "Deliveries"}, "action_id": "checkin_deliveries"}
    blocks = [{"type": "actions", "block_id": "forged", "elements": [forged | {"value": "4711"}]}]
    slack.workspace.post(slack.channel("#cohort").id, {"user": "U0BOT", "text": "forged", "blocks": blocks})
    refused = await renee.clicks(renee.sees("#cohort")[-1], "Deliveries")
    assert "That round is gone." in str(refused)


async def test_where_one_answer_counts_for_a_city_it_says_who_answered(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    await steps.answers(slack, "Ana", answer_0="For all of us")
    async with slack.sessions.begin() as session:
        query = select(Prompt.id).where(Prompt.program_id == 1, Prompt.answered_at.is_not(None))
        prompt_id = (await session.scalars(query)).one()
        rosa = await slack.member("Rosa")
        together = update(Asking).where(Asking.program_id == 1, Asking.member_id == rosa.id)
        await session.execute(together.values(prompt_id=prompt_id))
    text = (await opened(slack)).text
    assert "Ana Diaz answered for the city Monday, October 5, 9:00 AM." in text
    assert "Answers: 1." in text
