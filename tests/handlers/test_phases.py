"""Phases as they are typed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import phases

TODAY = date(2026, 10, 1)
NAMES = st.text(
    st.characters(
        codec="utf-8",
        exclude_characters="\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029,",
        exclude_categories=("Cs", "Cc", "Z"),
    ),
    min_size=1,
    max_size=30,
)


@pytest.mark.parametrize(
    ("line", "name", "on"),
    [
        ("Kick-off, 2027-01-15", "Kick-off", date(2027, 1, 15)),
        ("Work, part two, 3/1/2027", "Work, part two", date(2027, 3, 1)),
        ("End, January 15, 2027", "End", date(2027, 1, 15)),
        ("End, Sept. 5", "End", date(2026, 9, 5)),
        ("End, Feb 3", "End", date(2027, 2, 3)),
        ("Leap, Feb 29", "Leap", date(2028, 2, 29)),
    ],
)
def test_a_line_is_a_name_and_a_first_day(line: str, name: str, on: date) -> None:
    assert phases.read(line, TODAY) == (((name, on),), "")


@pytest.mark.parametrize("line", ["Kick-off", "Kick-off, soon", ", Jan 5", "Kick-off, 2027-13-01", "Kick-off, Feb 30"])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    found, wrong = phases.read(f"Start, Jan 5\n{line}", TODAY)
    assert found == ()
    assert f"I cannot read “{line}”" in wrong


def test_they_stand_in_the_order_of_their_days_and_are_not_too_many() -> None:
    found, _ = phases.read("Second, Feb 1\n\n  First, Jan 1 ", TODAY)
    assert [name for name, _ in found] == ["First", "Second"]
    assert "20 are the most" in phases.read("\n".join(["One, Jan 1"] * 21), TODAY)[1]


@given(st.lists(st.tuples(NAMES, st.dates(date(2000, 1, 1), date(2099, 1, 1))), max_size=phases.MOST))
def test_what_is_written_is_read_again(known: list[tuple[str, date]]) -> None:
    ordered = tuple(sorted(known, key=lambda one: one[1]))
    assert phases.read(phases.written(ordered), TODAY) == (ordered, "")


def test_the_phase_of_today_and_the_next() -> None:
    known = [("One", TODAY - timedelta(days=9)), ("Two", TODAY), ("Three", TODAY + timedelta(days=1))]
    assert phases.now(known, TODAY) == "Two; next Three, Friday, October 2"
    assert phases.now(known[:1], TODAY) == "One"
    assert phases.now([], TODAY) == ""
