"""Answering before one is asked: from `/checkin`, or from the confirmation of the last round."""

from datetime import UTC, datetime, timedelta

from bot.sandbox.form import Form
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack

MONDAY = steps.MONDAY_IN_MEMPHIS
THURSDAY = datetime(2026, 10, 1, 16, tzinfo=UTC)


def prompts(slack: Slack, who: str) -> list[str]:
    return [one["text"] for one in slack.person(who).messages if "three questions" in one["text"]]


async def opens_early(slack: Slack, who: str, label: str = "Answer the next one now") -> Form:
    person = slack.person(who)
    await person.types("/checkin")
    form = await person.clicks(person.messages[-1], label)
    assert isinstance(form, Form), form
    return form


async def test_who_answers_early_is_not_asked_and_the_others_keep_their_windows(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(THURSDAY)
    form = await opens_early(slack, "Ana")
    assert "You would be asked on Monday, October 5, 9:00 AM; once it is answered, you will not be." in form.text
    assert await form.submit(answer_0="Off to a convening on Monday") is None
    ana = slack.person("Ana")
    assert "Answered for Memphis on Thursday, October 1, 11:00 AM." in ana.messages[-1]["text"]
    assert "once it is answered, you will not be" in read(ana.messages[-1])
    await ana.types("/checkin")
    assert "You have answered it for Memphis already, on Thursday, October 1, 11:00 AM" in read(ana.messages[-1])

    await slack.turn_to(steps.MONDAY_IN_HONOLULU)
    assert prompts(slack, "Ana") == []
    assert "Open until Wednesday, October 7, 9:00 AM CDT" in prompts(slack, "Rosa")[0]
    assert "Open until Wednesday, October 7, 9:00 AM HST" in prompts(slack, "Keola")[0]
    await slack.turn_to(steps.CLOSED)
    [summary] = slack.person("Ana").sees("#cohort")
    assert "Off to a convening on Monday" in read(summary)
    assert "1 of 4 answered." in read(slack.person("Renee").messages[-1])


async def test_the_confirmation_of_a_round_leads_to_the_next_one(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(MONDAY)
    await steps.answers(slack, "Ana", answer_0="This week")
    ana = slack.person("Ana")
    confirmation = ana.messages[-1]
    assert "The next one is Monday, October 12." in read(confirmation)
    early = await ana.clicks(confirmation, "Answer the next one now")
    assert isinstance(early, Form)
    assert "You would be asked on Tuesday, October 13, 9:00 AM" in early.text, "Monday is a holiday"
    assert "This week" in early.text, "what was said last time"
    await early.submit(answer_0="Next week")
    edited = await ana.clicks(ana.messages[-1], "See or edit the answer")
    assert isinstance(edited, Form)
    assert edited["answer_0"] == "Next week"
    assert "Answer the next one now" not in str(ana.messages[-1]["blocks"])

    await slack.turn_to(MONDAY + timedelta(days=12))
    assert len(prompts(slack, "Ana")) == 0, "the first one became its confirmation, the second was not sent"
    assert len(prompts(slack, "Rosa")) == 2
    [first, second] = slack.person("Ana").sees("#cohort")
    assert "This week" in read(first)
    assert "Next week" in read(second)


async def test_who_only_looks_is_asked_as_always(slack: Slack) -> None:
    await steps.made(slack)
    form = await opens_early(slack, "Ana")
    await slack.turn_to(MONDAY)
    assert len(prompts(slack, "Ana")) == 1
    assert await form.submit(answer_0="The form was still open") is None
    assert "Answered for Memphis on Monday, October 5" in slack.person("Ana").messages[-1]["text"]


async def test_an_early_answer_for_a_city_is_read_by_the_other_who_may_change_it(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    form = await opens_early(slack, "Ana")
    await form.submit(answer_0="For Memphis")
    rosa = slack.person("Rosa")
    await rosa.types("/checkin")
    assert "Ana Diaz has answered it for Memphis already" in read(rosa.messages[-1])
    form = await rosa.clicks(rosa.messages[-1], "See or edit the answer")
    assert isinstance(form, Form)
    assert form["answer_0"] == "For Memphis"
    await form.submit(answer_0="For all of Memphis")
    assert "Rosa Kim changed it" in read(slack.person("Ana").messages[-1])
    await slack.turn_to(steps.MONDAY_IN_HONOLULU)
    assert (prompts(slack, "Ana"), prompts(slack, "Rosa")) == ([], [])
    assert len(prompts(slack, "Keola")) == 1


async def test_an_old_button_leads_to_what_is_open_now(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(MONDAY)
    await steps.answers(slack, "Ana", answer_0="This week")
    await slack.turn_to(MONDAY + timedelta(days=8, hours=1))
    ana = slack.person("Ana")
    confirmation = next(one for one in ana.messages if "Answered for" in one["text"])
    form = await ana.clicks(confirmation, "Answer the next one now")
    assert isinstance(form, Form)
    assert "Open until Thursday, October 15" in form.text
    await form.submit(answer_0="Now")
    assert prompts(slack, "Ana") == [], "the prompt became the confirmation"


async def test_a_paused_check_in_has_no_next_round_and_sums_up_what_came_early(slack: Slack) -> None:
    await steps.made(slack)
    form = await opens_early(slack, "Ana")
    await form.submit(answer_0="Ahead of time")
    await steps.pauses(slack)
    await slack.turn_to(steps.CLOSED)
    for who in ("Ana", "Rosa", "Keola"):
        assert prompts(slack, who) == []
    [summary] = slack.person("Ana").sees("#cohort")
    assert "Ahead of time" in read(summary)
    assert "Nobody was asked this time, because the check-in was paused or moved; this came early." in read(summary)
    rosa = slack.person("Rosa")
    await rosa.types("/checkin")
    assert "Answer the next one now" not in str(rosa.messages[-1])


async def test_a_button_of_a_check_in_that_was_paused_says_so(slack: Slack) -> None:
    await steps.made(slack)
    ana = slack.person("Ana")
    await ana.types("/checkin")
    offered = ana.messages[-1]
    await steps.pauses(slack)
    await ana.clicks(offered, "Answer the next one now")
    assert "No next round of this check-in is planned" in read(ana.messages[-1])


async def test_a_stop_over_the_opening_keeps_the_early_answer(slack: Slack) -> None:
    await steps.made(slack)
    form = await opens_early(slack, "Ana")
    await form.submit(answer_0="Before the stop")
    slack.clock.set(MONDAY + timedelta(days=4))
    await slack.settle()
    assert prompts(slack, "Rosa") == []
    [summary] = slack.person("Ana").sees("#cohort")
    assert "Before the stop" in read(summary)
    assert "I was not running when it was their turn" in read(slack.person("Renee").messages[-1])
