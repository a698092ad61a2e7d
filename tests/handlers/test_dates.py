"""Dates in plain words: read as people mean them, never raising, and read back as they are spoken."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers import calendar, dates

MONDAY = date(2026, 11, 23)
DAYS = st.dates(date(2020, 1, 1), date(2100, 12, 31))
SMALL = (
    "by",
    "on",
    "next",
    "this",
    "in",
    "end",
    "of",
    "the",
    "week",
    "month",
    "quarter",
    "year",
    "day",
    "days",
    "two",
    "a",
)
WORDS = st.sampled_from(
    (
        *SMALL,
        "10",
        "feb",
        "29",
        "30",
        "31st",
        "dec",
        "may",
        "friday",
        "fri",
        "12/5",
        "2027-01-15",
        "0",
        "9999",
        "-",
        "/",
    )
)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", date(2026, 11, 23)),
        ("tonight", date(2026, 11, 23)),
        ("Tomorrow.", date(2026, 11, 24)),
        ("the day after tomorrow", date(2026, 11, 25)),
        ("yesterday", date(2026, 11, 22)),
        ("Friday", date(2026, 11, 27)),
        ("fri", date(2026, 11, 27)),
        ("THURS", date(2026, 11, 26)),
        ("this Friday", date(2026, 11, 27)),
        ("this Monday", date(2026, 11, 23)),
        ("Monday", date(2026, 11, 30)),
        ("next Monday", date(2026, 11, 30)),
        ("next Friday", date(2026, 12, 4)),
        ("Friday next week", date(2026, 12, 4)),
        ("next week Friday", date(2026, 12, 4)),
        ("EOD Friday", date(2026, 11, 27)),
        ("close of business Friday", date(2026, 11, 27)),
        ("in two weeks", date(2026, 12, 7)),
        ("two weeks from now", date(2026, 12, 7)),
        ("in a week", date(2026, 11, 30)),
        ("in 10 days", date(2026, 12, 3)),
        ("in a month", date(2026, 12, 23)),
        ("within three months", date(2027, 2, 23)),
        ("in a year", date(2027, 11, 23)),
        ("next week", date(2026, 12, 4)),
        ("next month", date(2026, 12, 31)),
        ("end of the week", date(2026, 11, 27)),
        ("the end of the month", date(2026, 11, 30)),
        ("before the end of next month", date(2026, 12, 31)),
        ("end of quarter", date(2026, 12, 31)),
        ("end of next quarter", date(2027, 3, 31)),
        ("the end of the year", date(2026, 12, 31)),
        ("EOM", date(2026, 11, 30)),
        ("end of March", date(2027, 3, 31)),
        ("end of March 2028", date(2028, 3, 31)),
        ("Dec 5", date(2026, 12, 5)),
        ("Dec. 5,", date(2026, 12, 5)),
        ("December 5th", date(2026, 12, 5)),
        ("5 December", date(2026, 12, 5)),
        ("the 5th of December, 2027", date(2027, 12, 5)),
        ("Friday, December 11", date(2026, 12, 11)),
        ("12/5", date(2026, 12, 5)),
        ("12/5/2026", date(2026, 12, 5)),
        ("12/5/27", date(2027, 12, 5)),
        ("2027-01-15", date(2027, 1, 15)),
        ("on or", None),
        ("by on before 2027-01-15!", date(2027, 1, 15)),
        ("January 5", date(2027, 1, 5)),
        ("November 23", date(2026, 11, 23)),
        ("the 15th", date(2026, 12, 15)),
        ("Feb 29", date(2028, 2, 29)),
        ("March 3, 2020", date(2020, 3, 3)),
    ],
)
def test_words_name_a_day(words: str, day: date | None) -> None:
    assert dates.read(words, MONDAY) == day


@pytest.mark.parametrize(
    "words",
    [
        "",
        "me",
        "the sun",
        "the bus",
        "the week",
        "a year",
        "soon",
        "Friday, December 12",
        "13/13",
        "0/0",
        "Feb 30",
        "February 29, 2027",
        "in 9999 years",
        "1/1/9999",
        "0000-01-01",
        "Friday or Monday",
        "in ² days",
    ],
)
def test_what_names_no_day_is_no_day(words: str) -> None:
    assert dates.read(words, MONDAY) is None


def test_the_end_of_the_week_on_a_weekend_is_the_coming_friday() -> None:
    saturday = date(2026, 11, 28)
    assert dates.read("end of the week", saturday) == date(2026, 12, 4)
    assert dates.read("next Friday", saturday) == date(2026, 12, 4)


def test_a_month_after_a_long_month_ends_with_the_short_one() -> None:
    assert dates.read("in a month", date(2027, 1, 31)) == date(2027, 2, 28)
    assert dates.read("next month", date(2026, 12, 31)) == date(2027, 1, 31)
    assert dates.read("the 31st", date(2027, 2, 1)) == date(2027, 3, 31)


@given(st.text(max_size=100), DAYS)
@example("end of next quarter", date(2026, 12, 31))
def test_no_text_makes_it_fail(text: str, today: date) -> None:
    day = dates.read(text, today)
    assert day is None or dates.EARLIEST <= day <= dates.LATEST


@given(st.lists(WORDS, max_size=7), DAYS)
def test_no_mixture_of_known_words_makes_it_fail(words: list[str], today: date) -> None:
    day = dates.read(" ".join(words), today)
    assert day is None or dates.EARLIEST <= day <= dates.LATEST


@given(DAYS, st.integers(-400, 4000))
def test_each_spoken_date_reads_back_to_the_same_day(today: date, later: int) -> None:
    day = today + timedelta(days=later)
    assert dates.read(calendar.spoken_date(day, today), today) == day
    assert dates.read(day.isoformat(), today) == day
    assert dates.read(f"{day.month}/{day.day}/{day.year}", today) == day


@given(DAYS, st.sampled_from(dates.WEEKDAYS), st.booleans())
def test_a_weekday_lies_within_the_next_seven_days(today: date, name: str, short: bool) -> None:
    day = dates.read(name[:3] if short else name.upper(), today)
    assert day is not None
    assert 1 <= (day - today).days <= 7
    assert f"{day:%A}".lower() == name


@given(DAYS, st.sampled_from(dates.WEEKDAYS))
def test_next_before_a_weekday_is_that_day_of_next_week(today: date, name: str) -> None:
    day = dates.read(f"next {name}", today)
    assert day is not None
    monday = today - timedelta(days=today.weekday())
    assert 7 <= (day - monday).days <= 13
    assert f"{day:%A}".lower() == name


@given(DAYS, st.integers(1, 12), st.integers(1, 28))
def test_a_day_without_a_year_is_the_next_one(today: date, month: int, number: int) -> None:
    day = dates.read(f"{month}/{number}", today)
    assert day is not None
    assert 0 <= (day - today).days <= 366
    assert (day.month, day.day) == (month, number)
