"""Three rounds without an answer: the person is asked no more, everybody concerned reads so once, and there is a way back."""

from datetime import timedelta

from bot.sandbox.form import Form
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack

MONDAY = steps.MONDAY_IN_MEMPHIS
WEEK = timedelta(days=7)
AFTER_THREE = MONDAY + 2 * WEEK + timedelta(days=4)


def prompts(slack: Slack, who: str) -> list[str]:
    return [one["text"] for one in slack.person(who).messages if "three questions" in one["text"]]


def said(slack: Slack, who: str, words: str) -> list[str]:
    return [read(one) for one in slack.person(who).messages if words in read(one)]


async def test_after_three_silent_rounds_nobody_is_asked_any_more_and_all_read_so_once(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(MONDAY)
    await steps.answers(slack, "Rosa", answer_0="I am here")
    await slack.turn_to(MONDAY + WEEK + timedelta(days=3))
    assert said(slack, "Ana", "I no longer ask you") == []
    await slack.turn_to(AFTER_THREE + 4 * WEEK)
    assert (len(prompts(slack, "Ana")), len(prompts(slack, "Keola"))) == (3, 3)
    [told] = said(slack, "Ana", "I no longer ask you")
    assert "*Weekly pulse (Inclusive procurement)*: three rounds went by without an answer" in told
    [keola] = said(
        slack, "Renee", "no longer asks Keola Akana (Honolulu), Ana Diaz (Memphis) and Tomas Reyes (Phoenix)"
    )
    assert "three rounds in a row were read and not answered" in keola
    assert len(said(slack, "Renee", "no longer asks Rosa Kim (Memphis)")) == 1, "a week later, after her own three"
    assert len(said(slack, "Dana", "no longer asks")) == 2, "who runs the program reads it, too"


async def test_ask_me_again_ends_the_rest_and_facilitators_see_who_rests(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(AFTER_THREE)
    renee, ana = slack.person("Renee"), slack.person("Ana")
    await renee.types("/checkin", "show 1")
    assert (
        "No longer asked, after three rounds without an answer: Ana Diaz, Keola Akana, Rosa Kim and Tomas Reyes."
        in read(renee.messages[-1])
    )
    await ana.types("/checkin", "show 1")
    assert "No longer asked" not in read(ana.messages[-1]), "of others only facilitators see it"
    message = next(one for one in ana.messages if "I no longer ask you" in one["text"])
    await ana.clicks(message, "Ask me again")
    assert said(
        slack, "Ana", "I ask you Weekly pulse (Inclusive procurement) again. The next round is Monday, October 26."
    )
    await slack.turn_to(MONDAY + 3 * WEEK)
    assert len(prompts(slack, "Ana")) == 4
    assert len(prompts(slack, "Rosa")) == 3
    await renee.types("/checkin", "show 1")
    assert "No longer asked, after three rounds without an answer: Keola Akana, Rosa Kim and Tomas Reyes." in read(
        renee.messages[-1]
    )


async def test_checkin_offers_the_way_back_and_any_answer_is_one(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(AFTER_THREE + 2 * WEEK)
    ana = slack.person("Ana")
    offered = await ana.types("/checkin")
    assert isinstance(offered, dict)
    assert "I no longer ask you *Weekly pulse* (Inclusive procurement), after three rounds" in read(offered)
    assert "Answer the next one now" in read(offered)
    form = await ana.clicks(ana.messages[-1], "Answer now")
    assert isinstance(form, Form)
    await form.submit(answer_0="Back again")
    assert [one for one in ana.messages if "I no longer ask you" in one["text"]] == []
    assert len(said(slack, "Ana", "I ask you Weekly pulse (Inclusive procurement) again")) == 1
    await slack.turn_to(MONDAY + 5 * WEEK + timedelta(hours=2))
    assert len(prompts(slack, "Ana")) == 4


async def test_the_way_back_in_the_answer_of_a_command_says_what_it_did(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(AFTER_THREE)
    tomas = slack.person("Tomas")
    await tomas.types("/checkin")
    await tomas.clicks(tomas.messages[-1], "Ask me again")
    again = "I ask you Weekly pulse (Inclusive procurement) again. The next round is Monday, October 26."
    assert len(said(slack, "Tomas", again)) == 2, "where it was asked for, and where it was said before"
    await slack.turn_to(MONDAY + 3 * WEEK + timedelta(hours=3))
    assert len(prompts(slack, "Tomas")) == 4


async def test_a_pass_an_answer_a_holiday_and_an_absence_are_no_strikes(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(MONDAY)
    await slack.person("Ana").clicks(steps.prompt_of(slack, "Ana"), "Not this time")
    await slack.turn_to(MONDAY + timedelta(days=3))
    page = await slack.person("Keola").types("/cohort", "away until next Friday")
    assert isinstance(page, Form)
    await page.submit()
    await slack.turn_to(AFTER_THREE)
    assert said(slack, "Ana", "I no longer ask you") == []
    assert said(slack, "Keola", "I no longer ask you") == []
    assert len(said(slack, "Tomas", "I no longer ask you")) == 1
    await slack.turn_to(AFTER_THREE + WEEK)
    assert len(said(slack, "Ana", "I no longer ask you")) == 1, "three in a row after the pass"
    assert len(said(slack, "Keola", "I no longer ask you")) == 1, "the week away counts neither way"


async def test_rounds_that_did_not_reach_anybody_are_no_strikes(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(MONDAY + timedelta(days=3))
    for week in (1, 2, 3):
        slack.clock.set(MONDAY + week * WEEK + timedelta(days=4))
        await slack.settle()
    for who in ("Ana", "Rosa", "Tomas", "Keola"):
        assert said(slack, who, "I no longer ask you") == []
    assert said(slack, "Renee", "no longer asks") == []


async def test_for_a_city_whoever_answers_keeps_the_others_from_a_rest(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    for week in range(3):
        await slack.turn_to(MONDAY + week * WEEK + timedelta(days=1, minutes=5))  # a holiday moves the second one
        await steps.answers(slack, "Rosa", answer_0=f"Week {week}")
    assert said(slack, "Ana", "I no longer ask you") == []
    await slack.turn_to(AFTER_THREE)
    assert len(said(slack, "Keola", "I no longer ask you")) == 1
