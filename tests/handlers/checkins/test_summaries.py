"""What a closed round says: by city, blockers first, never more than Slack takes, never more than a reader may see."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import Settings
from bot.sandbox import limits
from handlers.checkins import rules, summaries, views
from storage.answers import Given
from storage.checkins import Listed
from storage.models import CheckIn, Cohort, Round
from storage.rounds import Standing
from tests.handlers.checkins.steps import CLOSED, read

Json = dict[str, Any]
TODAY = date(2026, 10, 7)
SETTINGS = Settings("xoxb-")
QUESTIONS = [
    {"position": 0, "kind": "text", "text": "What moved?", "audience": "cohort"},
    {"position": 1, "kind": "scale", "text": "How sure?", "audience": "city"},
    {"position": 2, "kind": "blocker", "text": "What is in the way?", "audience": "cohort"},
]
FOUND = Listed(CheckIn(id=1, number=1, name="Pulse"), Cohort(id=1, name="Inclusive procurement"), "America/New_York")


def a_round(note: str = "") -> Round:
    return Round(id=1, check_in_id=1, nominal_on=date(2026, 10, 5), questions=QUESTIONS, note=note)


def an_answer(number: int, **values: str) -> Given:
    kept = {key.removeprefix("q"): value for key, value in values.items()}
    return Given(1, number, f"Person {number}", number, f"City {number:03}", kept, late=False)


def standing(number: int, **how: Any) -> Standing:
    usual = {"answered": False, "declined": False, "skipped": None, "asked": True, "outcome": "sent", "ends_at": CLOSED}
    return Standing(number, f"Person {number}", f"City {number:03}", **(usual | how))


def check(message: Json) -> Json:
    """Held against Slack's limits; every text must be a real one."""
    limits.check_blocks(message["blocks"])
    assert len(message["text"]) < 4000
    assert all(block["text"]["text"].strip() for block in message["blocks"] if block["type"] == "section")
    return message


@pytest.mark.parametrize("people", [0, 1, 3, 30, 200])
@pytest.mark.parametrize("text", ["short", "long words & <tags> " * 150, "&" * 3000, "\n" * 50 + "x\n\ny" * 500])
def test_a_summary_fits_into_one_message_whatever_people_wrote(people: int, text: str) -> None:
    given_ = [an_answer(number, q0=text, q1="3", q2=text) for number in range(people)]
    check(summaries.for_channel(FOUND, a_round("Not asked."), given_, TODAY, SETTINGS))
    everybody = [standing(number) for number in range(people * 2)]
    private = summaries.for_facilitators(FOUND, a_round(), given_, everybody, TODAY)
    if private:
        check(private)
    reader = rules.Reader(999, True, frozenset(), False, False)
    readable = summaries.readable(a_round(), given_, reader, None)
    seen = 0
    for page in range(-(-len(readable) // summaries.PAGE) or 1):
        view = summaries.in_full(FOUND, a_round(), readable, TODAY, "1", page)
        limits.check_view(view)
        seen += sum(block["text"]["text"] == text for block in view["blocks"] if block["type"] == "section")
    assert seen == 2 * people, "every answer is there in full"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=900), min_size=1, max_size=12))
def test_no_text_breaks_a_summary_or_rings_anybody(texts: list[str]) -> None:
    given_ = [an_answer(number, q0=text, q2=f"<!channel>{text}") for number, text in enumerate(texts)]
    message = check(summaries.for_channel(FOUND, a_round(), given_, TODAY, SETTINGS))
    assert "<!" not in read(message)


def test_blockers_come_first_then_the_cities() -> None:
    given_ = [an_answer(1, q0="Moved one"), an_answer(2, q0="Moved two", q2="No budget")]
    said = read(summaries.for_channel(FOUND, a_round(), given_, TODAY, SETTINGS))
    assert said.index("One blocker") < said.index("No budget") < said.index("Moved one") < said.index("Moved two")


def test_the_channel_reads_only_what_the_cohort_may_and_facilitators_the_rest() -> None:
    given_ = [an_answer(1, q0="For all", q1="4")]
    public = read(summaries.for_channel(FOUND, a_round(), given_, TODAY, SETTINGS))
    private = summaries.for_facilitators(FOUND, a_round(), given_, [standing(1, answered=True)], TODAY)
    assert "For all" in public
    assert "4 of 5" not in public
    assert private is not None
    assert "4 of 5" in read(private)
    assert "For all" not in read(private)


def test_when_nothing_is_for_the_cohort_the_channel_hears_that_there_were_answers() -> None:
    said = read(summaries.for_channel(FOUND, a_round(), [an_answer(1, q1="4")], TODAY, SETTINGS))
    assert "Their answers are for their city teams and the facilitators." in said


def test_facilitators_are_spared_a_message_that_says_nothing_new() -> None:
    given_ = [an_answer(1, q0="For all")]
    assert summaries.for_facilitators(FOUND, a_round(), given_, [standing(1, answered=True)], TODAY) is None


def test_facilitators_read_who_is_welcome_who_passed_and_who_was_not_reached() -> None:
    people = [
        standing(1, answered=True),
        standing(2),
        standing(3, declined=True),
        standing(4, skipped="not_in_slack", asked=False, outcome=None),
        standing(5, outcome="expired"),
        standing(6, outcome="user_disabled"),
    ]
    message = summaries.for_facilitators(FOUND, a_round(), [], people, TODAY)
    assert message is not None
    said = read(message)
    assert "1 of 3 answered; three were not asked." in said
    assert "Still welcome to answer: Person 2 (City 002)." in said
    assert "Passed this time: Person 3 (City 003)." in said
    assert "Not asked because I cannot reach them in Slack yet: Person 4 (City 004)." in said
    assert "Not asked because the message would have come too late: Person 5 (City 005)." in said
    assert "Not asked because Slack did not take the message: Person 6 (City 006)." in said


def test_a_cut_text_says_read_on_and_its_button_means_that_city() -> None:
    given_ = [an_answer(7, q0="word " * 400)]
    message = summaries.for_channel(FOUND, a_round(), given_, TODAY, SETTINGS)
    [cut] = [block for block in message["blocks"] if "accessory" in block]
    assert cut["text"]["text"].endswith("… Read on")
    assert (cut["accessory"]["action_id"], cut["accessory"]["value"]) == (views.READ, "1:7")


def test_more_cities_than_fit_are_behind_a_button() -> None:
    given_ = [an_answer(number, q0="Moved") for number in range(60)]
    message = summaries.for_channel(FOUND, a_round(), given_, TODAY, SETTINGS)
    assert "Answers from 60 cities." in read(message)
    [more] = [block["accessory"] for block in message["blocks"] if "accessory" in block]
    assert (more["text"]["text"], more["value"]) == ("Read all answers", "1")


def test_a_reader_turns_only_the_pages_that_there_are() -> None:
    answers = summaries.told(a_round(), [an_answer(number, q0="Moved") for number in range(60)])

    def buttons(page: int) -> list[str]:
        view = summaries.in_full(FOUND, a_round(), answers, TODAY, "1", page)
        rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
        return [button["value"] for row in rows for button in row]

    assert [buttons(page) for page in (-1, 0, 1, 2, 9)] == [["1:1"], ["1:1"], ["1:0", "1:2"], ["1:1"], ["1:1"]]


def test_a_stranger_to_the_cohort_reads_nothing_of_it() -> None:
    nobody = rules.Reader(99, False, frozenset(), False, False)
    given_ = [an_answer(1, q0="For the cohort", q1="2")]
    assert summaries.readable(a_round(), given_, nobody, None) == []
    view = summaries.in_full(FOUND, a_round(), [], TODAY, "1", 0)
    assert "There is nothing here that you may read." in read({"blocks": view["blocks"]})


def test_a_channel_is_spared_only_when_nobody_was_reached_and_nobody_answered() -> None:
    unreached = [standing(1, skipped="late", asked=False, outcome=None)]
    assert summaries.nobody_to_tell([], unreached)
    assert not summaries.nobody_to_tell([], [*unreached, standing(2)])
    assert not summaries.nobody_to_tell([an_answer(1, q0="Early")], unreached)


def test_who_is_away_is_named_apart_and_not_counted_as_missing() -> None:
    people = [
        standing(1, answered=True, away=True),
        standing(2, skipped="away", asked=False, outcome=None),
        standing(3, away=True),
        standing(4, outcome="away"),
        standing(5, declined=True, away=True),
        standing(6),
    ]
    said = read(summaries.for_facilitators(FOUND, a_round(), [], people, TODAY) or {})
    assert "1 of 3 answered; three are away." in said
    assert "Away: Person 2 (City 002), Person 3 (City 003) and Person 4 (City 004)." in said
    assert "Passed this time: Person 5 (City 005)." in said
    assert "Still welcome to answer: Person 6 (City 006)." in said
