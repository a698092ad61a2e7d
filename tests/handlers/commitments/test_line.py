"""Reading what stands after the command."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.commitments import line

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
NAMES = ("Inclusive procurement", "Infrastructure finance", "Memphis")


@pytest.mark.parametrize(
    ("typed", "text", "due_on"),
    [
        ("publish the MWBE dashboard by next Friday", "publish the MWBE dashboard", date(2026, 12, 4)),
        ("publish it by Friday.", "publish it", FRIDAY),
        ("move the bus stop by Friday", "move the bus stop", FRIDAY),
        ("stand by me by Friday", "stand by me", FRIDAY),
        ("drop the old form by 12/5", "drop the old form", date(2026, 12, 5)),
        ("done is better than perfect by Friday", "done is better than perfect", FRIDAY),
        ("done 3 interviews by Friday", "done 3 interviews", FRIDAY),
        ("move 3 desks by Friday", "move 3 desks", FRIDAY),
        ("show the map to city council by Friday", "show the map to city council", FRIDAY),
        ("hand 200 flyers out by Friday", "hand 200 flyers out", FRIDAY),
        ("mine the permit data by Friday", "mine the permit data", FRIDAY),
        ("city hall tour by Friday", "city hall tour", FRIDAY),
        ("cohort survey by Friday", "cohort survey", FRIDAY),
        ("overdue fees study by Friday", "overdue fees study", FRIDAY),
        ("help desk opened by Friday", "help desk opened", FRIDAY),
        ("Publish   the\n list BY Friday", "Publish the list", FRIDAY),
        ("pass the ordinance, by end of the year", "pass the ordinance", date(2026, 12, 31)),
        ("report by 2020-01-01", "report", date(2020, 1, 1)),
    ],
)
def test_a_text_with_a_date_is_a_commitment(typed: str, text: str, due_on: date) -> None:
    read = line.read(typed, MONDAY, NAMES)
    assert (read.verb, read.text, read.due_on) == ("record", text, due_on)


def test_without_a_date_the_whole_text_is_kept() -> None:
    assert line.read("stand by me", MONDAY) == line.Line("record", text="stand by me", unread="me")
    assert line.read("publish the dashboard", MONDAY) == line.Line("record", text="publish the dashboard")
    assert line.read("", MONDAY) == line.Line("record")


def test_a_day_that_no_by_introduces_is_a_guess() -> None:
    assert line.read("hold the workshop on Friday", MONDAY).guessed == FRIDAY
    assert line.read("send the survey tomorrow", MONDAY).guessed == date(2026, 11, 24)
    assert line.read("by Friday", MONDAY) == line.Line("record", guessed=FRIDAY)


@pytest.mark.parametrize(
    ("typed", "verb", "number", "rest"),
    [
        ("done 128", "done", 128, ""),
        ("Done #128.", "done", 128, ""),
        ("done 128 at last", "done", 128, "at last"),
        ("move 128", "move", 128, ""),
        ("move 128 to next Friday", "move", 128, "next Friday"),
        ("move 128 by Friday", "move", 128, "by Friday"),
        ("move #128 to some day", "move", 128, "some day"),
        ("drop 128 the budget was cut", "drop", 128, "the budget was cut"),
        ("hand 128", "hand", 128, ""),
        ("show 128", "show", 128, ""),
    ],
)
def test_a_change_names_a_number(typed: str, verb: str, number: int, rest: str) -> None:
    read = line.read(typed, MONDAY)
    assert (read.verb, read.number, read.rest, read.meant) == (verb, number, rest, False)


@pytest.mark.parametrize("typed", ["mine", "Mine.", "city", "cohort", "overdue?", "HELP"])
def test_a_list_is_asked_for_by_its_word_alone(typed: str) -> None:
    assert line.read(typed, MONDAY).verb == typed.strip(".?").lower()


def test_a_list_may_name_a_known_cohort_or_city() -> None:
    assert line.read("cohort inclusive Procurement", MONDAY, NAMES).name == "Inclusive procurement"
    assert line.read("cohort infra", MONDAY, NAMES).name == "Infrastructure finance"
    assert line.read("city Memphis", MONDAY, NAMES).name == "Memphis"
    assert line.read("cohort in", MONDAY, NAMES).verb == "record"
    assert line.read("cohort barbecue", MONDAY, NAMES).verb == "record"


@pytest.mark.parametrize(
    ("typed", "verb", "number"),
    [
        ("overdo", "overdue", 0),
        ("cohrot", "cohort", 0),
        ("hlep", "help", 0),
        ("shwo 128", "show", 128),
        ("dnoe 7", "done", 7),
    ],
)
def test_a_misspelt_word_is_read_as_the_nearest_one(typed: str, verb: str, number: int) -> None:
    read = line.read(typed, MONDAY)
    assert (read.verb, read.number, read.meant, read.text) == (verb, number, True, typed)


@pytest.mark.parametrize("typed", ["dashboard", "mime the data", "bake 128 cakes"])
def test_what_is_near_to_nothing_is_a_commitment(typed: str) -> None:
    assert line.read(typed, MONDAY) == line.Line("record", text=typed)


@given(st.text(max_size=200))
def test_no_line_makes_it_fail_or_loses_its_text(typed: str) -> None:
    read = line.read(typed, MONDAY, NAMES)
    assert read.verb in (*line.WORDS, "record")
    if read.verb == "record" and read.due_on is None and read.guessed is None:
        assert read.text.split() == typed.split()


@given(st.text(min_size=1, max_size=100).filter(lambda text: text.strip()))
def test_whatever_is_promised_by_friday_is_recorded_for_friday(promised: str) -> None:
    read = line.read(f"achieve {promised} by Friday", MONDAY)
    assert (read.verb, read.due_on) == ("record", FRIDAY)
