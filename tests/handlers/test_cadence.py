"""On which dates a check-in asks: made, written, read back, spoken, and never a date too many or too few."""

from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import cadence
from handlers.cadence import Cadence

TODAY = date(2026, 10, 1)  # a Thursday
PHASES = ({"name": "Kick-off", "on": "2026-09-15"}, {"name": "Convening <spring>", "on": "2027-03-01"})
BEFORE = cadence.around("convening <SPRING>", -7)

days = st.dates(date(2024, 1, 1), date(2035, 12, 31))
weeklies = st.builds(
    cadence.weekly, days, st.integers(1, 52), st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True)
)
monthlies = st.builds(cadence.monthly_on, days, st.integers(1, 31), st.integers(1, 12))
nths = st.builds(cadence.monthly_nth, days, st.sampled_from([1, 2, 3, 4, -1]), st.integers(0, 6))
singles = st.builds(cadence.once, days)
events = st.builds(cadence.around, st.just("Convening <spring>"), st.integers(-30, 30))
recurring = st.one_of(weeklies, monthlies, nths)
cadences = st.one_of(recurring, singles, events)


def dates(rule: Cadence, count: int = 4, after: date = TODAY) -> list[date]:
    return cadence.dates_after(rule, after, count, PHASES)


def october(*numbers: int) -> list[date]:
    return [date(2026, 10, number) for number in numbers]


def test_every_second_week_counts_from_the_week_in_which_it_starts() -> None:
    assert dates(cadence.weekly(TODAY, 2, [3, 0])) == [*october(12, 15, 26, 29)]
    assert dates(cadence.weekly(date(2026, 10, 5), 2, [0, 3]))[:3] == october(5, 8, 19)
    assert dates(cadence.weekly(date(2026, 10, 5), 1, [0]), after=date(2020, 1, 1))[0] == date(2026, 10, 5)


def test_a_31st_is_the_last_day_of_a_shorter_month() -> None:
    last = dates(cadence.monthly_on(TODAY, 31), 6)
    assert [(one.month, one.day) for one in last] == [(10, 31), (11, 30), (12, 31), (1, 31), (2, 28), (3, 31)]
    assert date(2028, 2, 29) in dates(cadence.monthly_on(TODAY, 29), 30)
    assert dates(cadence.monthly_on(TODAY, 15, 3), 2) == [date(2026, 10, 15), date(2027, 1, 15)]


def test_the_nth_weekday_of_a_month() -> None:
    assert dates(cadence.monthly_nth(TODAY, 2, 1), 2) == [date(2026, 10, 13), date(2026, 11, 10)]
    assert dates(cadence.monthly_nth(TODAY, -1, 4), 2) == [date(2026, 10, 30), date(2026, 11, 27)]


def test_a_single_date_comes_once() -> None:
    once = cadence.once(date(2027, 1, 4))
    assert dates(once) == [date(2027, 1, 4)]
    assert cadence.next_after(once, date(2027, 1, 4)) is None


def test_days_around_a_phase_follow_its_date() -> None:
    assert dates(BEFORE) == [date(2027, 2, 22)]
    moved = ({"name": "Convening <spring>", "on": "2027-03-08"},)
    assert cadence.next_after(BEFORE, TODAY, moved) == date(2027, 3, 1)
    assert cadence.next_after(BEFORE, TODAY, ({"name": "Something else", "on": "2027-03-08"},)) is None
    assert cadence.next_after(BEFORE, TODAY, ({"name": "Convening <spring>", "on": "soon"},)) is None
    assert dates(cadence.without(BEFORE, date(2027, 2, 22))) == []
    assert cadence.next_after(cadence.around("Kick-off", 20), TODAY, PHASES) == date(2026, 10, 5)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (cadence.weekly(TODAY, 1, [0]), "Every Monday"),
        (cadence.weekly(TODAY, 2, [3, 0]), "Every second Monday and Thursday"),
        (cadence.weekly(TODAY, 6, [0, 1, 2]), "Every 6 weeks on Monday, Tuesday and Wednesday"),
        (cadence.weekly(TODAY, 1, range(7)), "Every day"),
        (cadence.monthly_nth(TODAY, 2, 1), "On the second Tuesday of each month"),
        (cadence.monthly_nth(TODAY, -1, 4), "On the last Friday of each month"),
        (cadence.monthly_on(TODAY, 15), "On the 15th of each month"),
        (cadence.monthly_on(TODAY, 2, 2), "On the 2nd of every second month"),
        (cadence.monthly_on(TODAY, 11, 6), "On the 11th of the month, every 6 months"),
        (cadence.monthly_on(TODAY, 30), "On the 30th of each month, or on its last day"),
        (cadence.monthly_on(TODAY, 31), "On the last day of each month"),
        (cadence.once(date(2027, 1, 4)), "Once, on Monday, January 4"),
        (BEFORE, "7 days before *convening &lt;SPRING&gt;*"),
        (cadence.around("Kick-off", 0), "On the day of *Kick-off*"),
        (cadence.around("Kick-off", 1), "1 day after *Kick-off*"),
        (Cadence("rubbish"), "On dates that I cannot read"),
        (Cadence(""), "On dates that I cannot read"),
    ],
)
def test_a_cadence_is_spoken_in_words(rule: Cadence, words: str) -> None:
    assert cadence.spoken(rule) == words


def test_with_today_another_year_is_said_and_a_phase_has_its_date() -> None:
    assert cadence.spoken(cadence.once(date(2027, 1, 4)), (), TODAY) == "Once, on Monday, January 4, 2027"
    assert cadence.spoken(BEFORE, PHASES, TODAY).endswith("*convening &lt;SPRING&gt;* (Monday, March 1, 2027)")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (cadence.weekly(TODAY, 1, []), "Please choose at least one weekday."),
        (cadence.weekly(TODAY, 0, [0]), "Please choose from 1 to 52 weeks."),
        (cadence.weekly(TODAY, 53, [0]), "Please choose from 1 to 52 weeks."),
        (cadence.monthly_on(TODAY, 5, 0), "Please choose from 1 to 12 months."),
        (cadence.monthly_on(TODAY, 32), "Please choose a day of the month, from 1 to 31."),
        (cadence.monthly_on(TODAY, 0), "Please choose a day of the month, from 1 to 31."),
        (cadence.once(TODAY - timedelta(days=1)), "That day is over"),
        (cadence.around("Kick-off", 1), "That day is over"),
        (cadence.around("Nothing", 1), "The cohort has no dated phase “Nothing”."),
        (cadence.weekly(TODAY, 1, [5]), "Saturday is not a working day. Choose another day"),
        (cadence.weekly(TODAY, 1, [0, 5, 6]), "Saturday and Sunday are not working days."),
        (Cadence("rubbish"), "I cannot read on which dates it asks."),
    ],
)
def test_what_makes_no_sense_or_never_comes_is_named(rule: Cadence, words: str) -> None:
    assert (cadence.problem_with(rule, TODAY, PHASES, any_hour=False) or "").startswith(words)


def test_what_makes_sense_has_no_problem() -> None:
    for rule in (cadence.weekly(TODAY, 2, [0]), cadence.once(TODAY), BEFORE, cadence.monthly_on(TODAY, 31)):
        assert cadence.problem_with(rule, TODAY, PHASES, any_hour=False) is None
    assert cadence.problem_with(cadence.weekly(TODAY, 1, [5]), TODAY, any_hour=True) is None


@pytest.mark.parametrize(
    "text",
    [
        "rubbish",
        "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "DTSTART:20261001T000000\nRRULE:FREQ=SECONDLY",
        "DTSTART:20261001T000000\nRRULE:FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31",
        "DTSTART:20269901T000000\nRRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO",
        "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO",
        "DTSTART:20261001T000000",
        "DTSTART:20261001T000000,20261002T000000\nRDATE:20261001T000000",
        "DTSTART:20261001T000000\nRRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=XX",
        "DTSTART:20261001T000000\nDTSTART:20261001T000000\nRRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO",
    ],
)
def test_a_text_that_cannot_be_read_has_no_dates_and_raises_nothing(text: str) -> None:
    rule = Cadence(text)
    assert not cadence.is_readable(rule)
    assert dates(rule) == []
    assert cadence.without(rule, TODAY) == cadence.with_again(rule, TODAY) == rule


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), days)
def test_no_text_in_the_database_stops_the_clock(start: str, again: str, day: date) -> None:
    for text in (start, f"DTSTART:{start}\nRRULE:{again}", f"DTSTART:20261001T000000\nRRULE:FREQ=WEEKLY;{again}"):
        assert cadence.next_after(Cadence(text), day) is None or cadence.is_readable(Cadence(text))


@settings(max_examples=300, deadline=None)
@given(cadences, days)
def test_dates_are_strictly_increasing_and_those_of_the_days_between_are_none(rule: Cadence, day: date) -> None:
    found = cadence.dates_after(rule, day, 3, PHASES)
    assert all(one > before for before, one in zip([day, *found], found, strict=False))
    for before, one in zip([day, *found], found, strict=False):
        middle = before + (one - before) // 2
        assert cadence.has(rule, one, PHASES)
        assert middle in (before, one) or cadence.next_after(rule, middle, PHASES) == one


@settings(max_examples=200, deadline=None)
@given(st.one_of(recurring, singles), days)
def test_a_text_written_is_read_by_others_as_the_same_dates(rule: Cadence, day: date) -> None:
    """It is iCalendar: dateutil, which knows nothing of who wrote it, finds the same."""
    moments = rrulestr(rule.rule, forceset=True).xafter(datetime.combine(day, time()), count=5)
    assert [one.date() for one in moments] == cadence.dates_after(rule, day, 5)
    assert cadence.is_readable(rule)


@settings(max_examples=200, deadline=None)
@given(cadences, days, st.integers(0, 3))
def test_without_takes_out_exactly_one_date_and_with_again_brings_it_back(rule: Cadence, day: date, which: int) -> None:
    before = cadence.dates_after(rule, day, 5, PHASES)
    if len(before) <= which:
        return
    gone = before[which]
    fewer = cadence.without(rule, gone)
    assert cadence.dates_after(fewer, day, 4, PHASES)[: len(before) - 1] == [one for one in before if one != gone][:4]
    assert cadence.without(fewer, gone) == fewer
    assert cadence.skipped(fewer) == (gone,)
    assert cadence.with_again(fewer, gone) == rule


@settings(max_examples=200, deadline=None)
@given(weeklies, days)
def test_every_so_many_weeks_leaves_out_the_weeks_between(rule: Cadence, day: date) -> None:
    every = int(rule.rule.split("INTERVAL=")[1].split(";")[0])
    start = date.fromisoformat(rule.rule.split(":")[1][:8])
    monday = start - timedelta(days=start.weekday())
    for one in cadence.dates_after(rule, day, 4):
        assert one >= start
        assert ((one - monday).days // 7) % every == 0


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 31), days)
def test_a_day_of_the_month_comes_in_every_month_on_that_day_or_the_last_one(number: int, day: date) -> None:
    rule = cadence.monthly_on(date(2020, 1, 1), number)
    for before, one in zip([day, *cadence.dates_after(rule, day, 4)], cadence.dates_after(rule, day, 4), strict=False):
        assert one.day == number or (one.day < number and (one + timedelta(days=1)).day == 1)
        assert (one - before).days <= 31
