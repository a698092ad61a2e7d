"""Changing a check-in: what will change for whom, what stays as it is, and two people who change one at once."""

from datetime import timedelta
from typing import Any

from bot.sandbox import elements
from bot.sandbox.form import Form
from storage import check_in_edits, checkin_changes, rounds
from storage.models import CheckIn, Round
from tests.handlers.checkins import making, steps
from tests.handlers.checkins.making import onward
from tests.handlers.checkins.steps import read
from tests.whole import Slack, program_of


async def edited(slack: Slack, who: str = "Renee", **fields: Any) -> Form:
    """The last step of changing check-in 1, with these fields (as in `making.LABELS`) filled in otherwise."""
    form = await slack.person(who).types("/checkin", "edit 1")
    assert isinstance(form, Form), form
    for step in (1, 2, 3, 4):
        if step == 2:
            await making.rewrite(slack, who, form, fields)
        for name, (place, label) in making.LABELS.items():
            if place == step and name in fields:
                await form.put(label, fields[name])
        form = await onward(form)
    return form


async def check_in(slack: Slack) -> tuple[CheckIn, Round | None]:
    async with slack.sessions() as session:
        program_id = await program_of(slack.sessions)
        found = await check_in_edits.of_id(session, program_id, 1)
        assert found is not None
        return found, await rounds.newest_of(session, program_id, 1)


async def test_before_saving_it_says_what_changes_for_whom_and_what_stays(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_HONOLULU)
    form = await edited(slack, at="10:00", window="Four days", question_2="How sure are you?")
    assert (
        "*From the round of Monday, October 12 on, for four people in three time zones:*\n"
        "• Asked at 10:00 AM instead of 9:00 AM, each in their own zone.\n"
        "• Open for four days instead of two days.\n"
        "• New question: “How sure are you?”\n"
        "• Asked no more: “How sure are you that you will reach your goal in time?”\n"
        "The round of Monday, October 5, which is open now, stays as it is."
    ) in form.text
    assert await form.submit() is None
    said = slack.person("Renee").messages[-1]["text"]
    assert said.startswith(
        "Saved Weekly pulse (number 1) of Inclusive procurement. From the round of Monday, October 12 on:"
    )
    found, _ = await check_in(slack)
    assert (f"{found.at:%H:%M}", found.window_hours, str(found.next_on), found.changes) == (
        "10:00",
        96,
        "2026-10-12",
        1,
    )


async def test_the_round_that_is_open_keeps_its_time_questions_and_window(slack: Slack) -> None:
    """Honolulu is not asked yet when the time is changed: it is asked at nine all the same, and the new time counts next week."""
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    form = await edited(slack, at="11:00", window="One day", reminder="Never", question_1="What is new?")
    assert await form.submit() is None
    await slack.turn_to(steps.MONDAY_IN_HONOLULU + timedelta(minutes=1))
    prompt = steps.prompt_of(slack, "Keola")
    assert float(prompt["ts"]) // 1 == steps.MONDAY_IN_HONOLULU.timestamp()
    opened = await slack.person("Keola").clicks(prompt, "Answer now")
    assert isinstance(opened, Form)
    assert "What moved forward since last time?" in opened.labels
    await opened.close()
    await slack.turn_to(steps.CLOSED - timedelta(minutes=1))
    assert "You have not answered" in str(slack.person("Rosa").messages)
    assert slack.person("Ana").sees("#cohort") == []
    _, this = await check_in(slack)
    assert this is not None
    assert this.closed_at is None
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(days=8, hours=2))  # Columbus Day moves it
    prompt = steps.prompt_of(slack, "Ana")
    assert float(prompt["ts"]) // 1 == (steps.MONDAY_IN_MEMPHIS + timedelta(days=8, hours=2)).timestamp()


async def test_when_nothing_is_different_nothing_is_saved(slack: Slack) -> None:
    await steps.made(slack)
    before = len(slack.person("Renee").messages)
    form = await edited(slack)
    assert "*Nothing is different yet.*" in form.text
    assert await form.submit() is None
    assert len(slack.person("Renee").messages) == before
    assert (await check_in(slack))[0].changes == 0


async def test_of_two_who_change_it_the_second_is_told_and_keeps_what_they_typed(slack: Slack) -> None:
    await steps.made(slack)
    hers, his = await edited(slack, at="10:00"), await edited(slack, "Dana", name="Monday pulse", at="11:00")
    assert await hers.submit() is None
    told = await his.submit()
    assert told is not None
    assert "*Renee Okonjo changed Weekly pulse meanwhile, so nothing of yours is saved yet.*" in told.text
    assert "Asked at 11:00 AM instead of 10:00 AM" in told.text
    assert "It is called *Monday pulse* instead of *Weekly pulse*." in told.text
    assert f"{(await check_in(slack))[0].at:%H:%M}" == "10:00"
    assert await told.submit() is None
    found, _ = await check_in(slack)
    assert (found.name, f"{found.at:%H:%M}", found.changes) == ("Monday pulse", "11:00", 2)


async def test_a_change_that_was_begun_is_offered_again(slack: Slack) -> None:
    await steps.made(slack)
    await (await edited(slack, at="10:00")).close()
    offered = await slack.person("Renee").types("/checkin", "edit 1")
    assert isinstance(offered, Form)
    assert "You began changing *Weekly pulse* for Inclusive procurement today." in offered.text
    await slack.person("Renee").clicks(offered, "Go on with what you began today")
    assert "Asked at 10:00 AM instead of 9:00 AM" in offered.text


async def test_the_cadence_of_a_check_in_stands_in_the_form_and_is_changed(slack: Slack) -> None:
    await steps.made(slack, every="Every second week", weekday="Wednesday")
    form = await slack.person("Renee").types("/checkin", "edit 1")
    assert isinstance(form, Form)
    form = await onward(await onward(form))
    assert (form["How often"], form["Weeks"], form["On"], form["Not before"]) == ("weekly", "2", ["2"], "2026-10-07")
    await form.put("How often", "Every month, on a weekday")
    await form.put("On the", "Last")
    await form.put("Weekday", "Friday")
    form = await onward(await onward(form))
    assert "• Asked: On the last Friday of each month. Until now: Every second Wednesday." in form.text
    assert await form.submit() is None
    found, _ = await check_in(slack)
    assert str(found.next_on) == "2026-10-30"


async def test_a_paused_check_in_is_changed_and_stays_paused(slack: Slack) -> None:
    await steps.made(slack)
    async with slack.sessions.begin() as session:
        assert await checkin_changes.pause(session, await slack.member("Renee"), 1, slack.clock.now())
    form = await edited(slack, name="Monday pulse")
    assert await form.submit() is None
    found, _ = await check_in(slack)
    assert (found.name, found.next_on, found.next_at) == ("Monday pulse", None, None)
    assert found.paused_at is not None


async def test_a_check_in_that_ended_meanwhile_is_not_changed(slack: Slack) -> None:
    await steps.made(slack)
    form = await edited(slack, name="Monday pulse")
    async with slack.sessions.begin() as session:
        found = await check_in_edits.of_id(session, await program_of(slack.sessions), 1)
        assert found is not None
        await checkin_changes.end(session, found.program_id, found.id, slack.clock.now())
    shown = await form.submit()
    assert shown is not None
    assert "has ended, so nothing was changed" in shown.text


async def test_whoever_does_not_facilitate_the_cohort_may_not_change_it(slack: Slack) -> None:
    await steps.made(slack)
    said = read(await slack.person("Ana").types("/checkin", "edit 1"))
    assert "Only facilitators can do this." in said
    form = await edited(slack, name="Monday pulse")
    ana = slack.person("Ana")
    await ana.exchange.submit(ana.id, form.view)
    assert (await check_in(slack))[0].name == "Weekly pulse"


async def test_the_forms_open_by_buttons_as_well(slack: Slack) -> None:
    renee = slack.person("Renee")
    await renee.types("/checkin", "list")
    form = await renee.clicks(renee.messages[-1], "New check-in")
    assert isinstance(form, Form)
    assert "Step 1 of 5" in form.text
    await form.close()
    await steps.made(slack)
    await renee.types("/checkin", "show 1")
    form = await renee.clicks(renee.messages[-1], "Edit the check-in")
    assert isinstance(form, Form)
    assert form["Name"] == "Weekly pulse"
    await slack.person("Ana").types("/checkin", "show 1")
    assert "Edit the check-in" not in str(slack.person("Ana").messages[-1])


async def test_a_check_in_of_another_program_opens_no_form(slack: Slack) -> None:
    """A forged button: there is no check-in of this number here."""
    await steps.made(slack)
    renee = slack.person("Renee")
    await renee.types("/checkin", "show 1")
    channel, stored = renee.find_message(renee.messages[-1]["ts"])
    found = elements.find(stored["blocks"], "Edit the check-in", ("button",))
    forged = elements.Found(found.block, {**found.element, "value": "99"})
    reply = await renee.exchange.act_in_message(renee.id, channel, stored, forged, {})
    assert "I do not know this check-in any more." in str(reply or channel.ephemeral[-1])
