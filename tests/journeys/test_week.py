"""A cohort's first week as a conversation: asked at nine everywhere, answered, summed up, promised and reminded."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.form import Form
from tests import conformity, databases, whole
from tests.journeys import telling
from tests.journeys.telling import Json, Said, moment
from tests.whole import Slack

MADE = "Made Weekly pulse (number 1) for Inclusive procurement."
MEMPHIS_NINE = moment("UTC", 2026, 10, 6, 14)
PHOENIX_NINE = moment("UTC", 2026, 10, 6, 16)
HONOLULU_NINE = moment("UTC", 2026, 10, 6, 19)
MEMPHIS_REMINDED = moment("UTC", 2026, 10, 8, 13)
HONOLULU_REMINDED = moment("UTC", 2026, 10, 8, 18)
SUMMED_UP = moment("UTC", 2026, 10, 8, 19)
DUE_DAY = moment("UTC", 2026, 10, 9, 14)
A_WEEK = timedelta(days=7)
ASKED = [
    Said(MEMPHIS_NINE, "prompt", "Ana"),
    Said(MEMPHIS_NINE, "prompt", "Rosa"),
    Said(PHOENIX_NINE, "prompt", "Tomas"),
    Said(HONOLULU_NINE, "prompt", "Keola"),
]


@pytest.fixture(params=["Socket Mode", "HTTP"])
async def slack(
    request: pytest.FixtureRequest, filled: Path, tmp_path: Path, unused_tcp_port: int
) -> AsyncIterator[Slack]:
    """The whole bot, once in either mode."""
    log, port = tmp_path / "calls.jsonl", unused_tcp_port if request.param == "HTTP" else None
    async with whole.slack(databases.copy_of(filled, tmp_path), log, http_port=port) as running:
        yield running
    assert conformity.faults(log) == []


async def dana_makes_it(slack: Slack) -> None:
    """As a person fills it in: from top to bottom, by what is written above each field."""
    form = await slack.person("Dana").types("/checkin", "new", channel="#cohort")
    assert isinstance(form, Form)
    steps = (
        (("Cohort", "Inclusive procurement"), ("Start with", "Fortnightly pulse"), ("Name", "Weekly pulse")),
        (),
        (("Weeks", "Every week"), ("On", ["Tuesday"]), ("At", "09:00")),
        (("Open for", "Two days"), ("Channel for the summary", slack.channel("#cohort").id)),
    )
    for number, fields in enumerate(steps, 1):
        for label, value in fields:
            await form.put(label, value)
        if number == 2:
            await dana_rewrites(slack, form)
        shown = await form.submit()
        assert shown is not None
        assert not shown.errors
        form = shown
    assert await form.submit() is None


async def dana_rewrites(slack: Slack, form: Form) -> None:
    """The first two questions in her own words, both for the whole cohort."""
    for number, text in enumerate(("What moved forward?", "How sure are you of your goal?")):
        window = await slack.person("Dana").chooses(form, f"checkin_question_change_{number}", "Edit")
        assert isinstance(window, Form)
        await window.put("Question", text)
        await window.put("Who sees the answers", "The whole cohort")
        await window.submit()


async def answers(slack: Slack, who: str, words: str = "Answer now", **values: str) -> Form:
    """Somebody presses the button, fills in and saves; the form as it was when it opened."""
    form = await slack.person(who).clicks(telling.latest(slack, who, words), words)
    assert isinstance(form, Form)
    assert await form.submit(**values) is None, form.errors
    return form


async def the_week(slack: Slack) -> None:
    """Until the summary: Ana answers and edits, Tomas declines, Rosa and Keola are silent."""
    await dana_makes_it(slack)
    await slack.turn_to(PHOENIX_NINE)
    await answers(slack, "Ana", answer_0="The vendor survey is out.", answer_1="3", answer_2="Legal & council <both>.")
    await answers(slack, "Ana", "See or edit the answer", answer_0="The survey is out; 40 firms answered.")
    await slack.person("Tomas").clicks(telling.latest(slack, "Tomas", "Not this time"), "Not this time")
    await slack.turn_to(SUMMED_UP)


async def rosa_commits(slack: Slack) -> Json:
    await slack.turn_to(PHOENIX_NINE)
    reply = await slack.person("Rosa").types("/commit", "send Phoenix our vendor survey by Friday", channel="#cohort")
    assert isinstance(reply, dict)
    return reply


async def test_a_check_in_made_in_the_form_asks_everybody_at_nine_of_their_own_clock(slack: Slack) -> None:
    await dana_makes_it(slack)
    assert telling.texts(slack.person("Dana").messages) == [
        f"{MADE} The first round is Tuesday, October 6, 9:00 AM in each person's own zone; four people will be asked."
    ]

    visited = await slack.turn_to(HONOLULU_NINE)
    assert telling.said(slack, ["prompt"]) == ASKED
    assert {MEMPHIS_NINE, PHOENIX_NINE, HONOLULU_NINE} == set(visited)
    assert telling.texts(slack.person("Keola").messages) == [
        "Inclusive procurement: Weekly pulse, three questions, about three minutes. "
        "Open until Thursday, October 8, 9:00 AM HST."
    ]
    prompt = slack.person("Tomas").messages[0]
    assert "Your whole cohort sees answers 1 and 2; facilitators alone see answer 3." in telling.words(prompt)


async def test_an_answer_takes_the_place_of_the_prompt_and_can_be_edited(slack: Slack) -> None:
    await dana_makes_it(slack)
    await slack.turn_to(MEMPHIS_NINE)
    form = await answers(slack, "Ana", answer_0="The vendor survey is out.", answer_1="3")
    blocker = ["What is in your way?", "What it is about"]
    assert form.labels == ["What moved forward?", "How sure are you of your goal?", *blocker]
    [confirmation] = slack.person("Ana").messages
    assert confirmation["text"] == (
        "Inclusive procurement · Weekly pulse: Answered for Memphis on Tuesday, October 6, 9:00 AM."
    )

    again = await slack.person("Ana").clicks(confirmation, "See or edit the answer")
    assert isinstance(again, Form)
    assert (again["answer_0"], again["answer_1"], again["answer_2"]) == ("The vendor survey is out.", "3", None)


async def test_only_who_is_silent_is_reminded_and_only_once(slack: Slack) -> None:
    await the_week(slack)
    assert telling.said(slack, ["reminder"]) == [
        Said(MEMPHIS_REMINDED, "reminder", "Rosa"),
        Said(HONOLULU_REMINDED, "reminder", "Keola"),
    ]
    assert telling.texts(slack.person("Tomas").messages) == [
        "Inclusive procurement · Weekly pulse: You pass on this round, and I will not remind you of it."
    ]
    assert slack.person("Keola").messages[-1]["text"] == (
        "You have not answered Weekly pulse (Inclusive procurement) for Honolulu yet. "
        "It stays open until Thursday, October 8, 9:00 AM HST."
    )


async def test_the_summary_stands_once_keeps_blockers_for_facilitators_and_takes_late_answers(slack: Slack) -> None:
    await the_week(slack)
    [summary] = slack.person("Keola").sees("#cohort")
    assert summary["text"] == "Inclusive procurement · Weekly pulse, Tuesday, October 6: Answers from Memphis."
    assert "*Memphis* · Ana Diaz\n_What moved forward?_\n>The survey is out; 40 firms answered." in telling.words(
        summary
    )
    assert "*Memphis*" in telling.words(summary)
    assert "_How sure are you of your goal?_ 3 of 5" in telling.words(summary)
    assert "Legal" not in telling.words(summary)
    assert "Keola" not in telling.words(summary)
    assert "Tomas" not in telling.words(summary)

    for name in ("Dana", "Renee"):
        private = slack.person(name).messages[-1]
        assert private["text"].endswith("for facilitators: 1 of 4 answered.")
        assert "*One blocker*\n*Memphis* · Ana Diaz\n>Legal &amp; council &lt;both&gt;." in telling.words(private)
        assert "Still welcome to answer: Keola Akana (Honolulu) and Rosa Kim (Memphis)." in telling.words(private)
        assert "Passed this time: Tomas Reyes (Phoenix)." in telling.words(private)
    for name in ("Rosa", "Keola", "Tomas"):
        assert "Legal" not in telling.words(slack.person(name).messages)

    await slack.turn_to(SUMMED_UP + timedelta(hours=1))
    await answers(slack, "Keola", answer_0="We found a co-sponsor.")
    [summary] = slack.person("Ana").sees("#cohort")
    assert summary["text"].endswith("Answers from Honolulu and Memphis.")
    assert "*Honolulu* · Keola Akana, late\n_What moved forward?_\n>We found a co-sponsor." in telling.words(summary)
    assert "marked late" in telling.words(slack.person("Keola").messages)


async def test_a_commitment_is_repeated_with_its_weekday_and_nudged_on_the_due_day(slack: Slack) -> None:
    reply = await rosa_commits(slack)
    assert reply["text"] == "Saved #1: send Phoenix our vendor survey, by Friday, October 9."
    await slack.turn_to(DUE_DAY)
    assert telling.said(slack) == [Said(DUE_DAY, "nudge", "Rosa")]
    [nudge] = [one for one in slack.person("Rosa").messages if "Mark done" in telling.words(one)]
    assert nudge["text"] == ("A commitment of yours is due: #1 send Phoenix our vendor survey, due Friday, October 9.")


async def test_the_buttons_of_a_nudge_mark_it_at_risk_and_done_and_end_the_nudges(slack: Slack) -> None:
    await rosa_commits(slack)
    await slack.turn_to(DUE_DAY)
    rosa = slack.person("Rosa")
    await rosa.clicks(rosa.messages[-1], "At risk")
    assert "At risk: *#1*" in telling.words(rosa.messages[-1])
    await rosa.clicks(rosa.messages[-1], "Mark done")
    assert "Done: *#1* send Phoenix our vendor survey." in telling.words(rosa.messages[-1])
    await slack.turn_to(DUE_DAY + 4 * A_WEEK)
    assert telling.said(slack) == [Said(DUE_DAY, "nudge", "Rosa")]


async def test_the_button_of_a_nudge_moves_the_date_and_the_nudge_follows(slack: Slack) -> None:
    await rosa_commits(slack)
    await slack.turn_to(DUE_DAY)
    rosa = slack.person("Rosa")
    form = await rosa.clicks(rosa.messages[-1], "Move the date")
    assert isinstance(form, Form)
    assert await form.submit(due_on="2026-10-16", why="Council meets later.") is None, form.errors
    assert "is now due *Friday, October 16*" in telling.words(rosa.messages[-1])
    await slack.turn_to(DUE_DAY + A_WEEK)
    assert [one.at for one in telling.said(slack)] == [DUE_DAY, moment("UTC", 2026, 10, 13, 14), DUE_DAY + A_WEEK]


async def test_a_practice_is_adopted_with_the_button_and_nudged_as_every_commitment(slack: Slack) -> None:
    rosa = slack.person("Rosa")
    practice = await rosa.types("/practices", "show 21")
    assert isinstance(practice, dict)
    form = await rosa.clicks(practice, "Adopt")
    assert isinstance(form, Form)
    assert form["text"] == "Adopt: Monthly procurement table across all local public buyers"
    assert await form.submit(due_on="2026-10-09") is None, form.errors
    assert "Saved *#1*: Adopt: Monthly procurement table" in telling.words(rosa.messages[-1])
    await slack.turn_to(DUE_DAY)
    assert [one.at for one in telling.said(slack, ["nudge"])] == [moment("UTC", 2026, 10, 6, 14), DUE_DAY]


async def test_the_second_round_follows_a_week_later_and_shows_what_was_said_last_time(slack: Slack) -> None:
    await the_week(slack)
    await slack.turn_to(HONOLULU_NINE + A_WEEK)
    week_later = [Said(one.at + A_WEEK, one.kind, one.to) for one in ASKED]
    assert telling.said(slack, ["prompt"]) == ASKED + week_later
    form = await slack.person("Ana").clicks(slack.person("Ana").messages[-1], "Answer now")
    assert isinstance(form, Form)
    assert "_Last time, Ana Diaz:_ The survey is out; 40 firms answered." in form.text
    assert form["answer_0"] is None
