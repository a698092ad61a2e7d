"""When a check-in asks, until when one may answer, and who reads what; over all zones and around clock changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import cadence, calendar, rhythm
from handlers.cadence import Cadence
from handlers.calendar import Hours
from handlers.checkins import absent, rules
from handlers.checkins.rules import Reader, Turn, Window
from handlers.rhythm import Pattern, Place
from storage.days import Days, Off, Span

NINE = time(9)
MONDAY = date(2026, 10, 5)
MEMPHIS, PHOENIX = Place("America/Chicago", Days("TN")), Place("America/Phoenix", Days("AZ"))
HONOLULU, NEW_YORK = Place("Pacific/Honolulu", Days("HI")), Place("America/New_York", Days("NY"))
MONDAYS = Pattern(cadence.weekly(MONDAY, 1, [0]), NINE, 48)
THURSDAYS = cadence.weekly(date(2026, 6, 1), 1, [3])
CHANGES = [date(2026, 11, 1), date(2027, 3, 14)]
ZONES = sorted(available_timezones())
states = st.sampled_from([None, "TN", "HI", "AZ", "NY", "TX"])
own = st.builds(
    lambda first, length, weekday: Off(first, first + timedelta(days=length), weekday),
    st.dates(date(2024, 1, 1), date(2035, 12, 31)),
    st.integers(0, 40),
    st.none() | st.integers(0, 4),
)
worked = st.builds(lambda state, off: Days(state, tuple(off)), states, st.lists(own, max_size=3))
places = st.builds(Place, st.sampled_from(ZONES), worked)
american = st.sampled_from([MEMPHIS, PHOENIX, HONOLULU, NEW_YORK])
days = st.dates(date(2024, 1, 1), date(2035, 11, 30))
minutes = st.integers(0, 1439).map(lambda minute: time(minute // 60, minute % 60))
working_minutes = st.integers(8 * 60, 18 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
START = date(2023, 12, 1)
EVENT = date(2036, 5, 2)
PHASES = ({"name": "Convening", "on": EVENT.isoformat()},)
workdays = st.lists(st.integers(0, 4), min_size=1, max_size=1)
monthly = st.one_of(
    st.builds(cadence.monthly_on, st.just(START), st.integers(1, 31), st.integers(1, 12)),
    st.builds(cadence.monthly_nth, st.just(START), st.sampled_from([1, 2, 3, 4, -1]), st.integers(0, 6)),
)


def weekly(weekdays: st.SearchStrategy[list[int]]) -> st.SearchStrategy[Cadence]:
    return st.builds(cadence.weekly, st.just(START), st.integers(1, 6), weekdays)


everything = st.one_of(
    weekly(st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True)),
    monthly,
    st.builds(cadence.once, st.dates(date(2036, 1, 2), date(2036, 3, 1))),
    st.builds(cadence.around, st.just("Convening"), st.integers(-30, 30)),
)
hours = st.sampled_from([24, 48, 72, 96])
any_hour = st.builds(Pattern, everything, minutes, hours, st.just(True), st.just(PHASES))
working = st.builds(
    Pattern, st.one_of(weekly(workdays), monthly), working_minutes, hours, st.just(False), st.just(PHASES)
)
quiet = st.builds(lambda pattern, first, last: replace(pattern, hours=Hours(first, last)), working, minutes, minutes)
patterns = st.one_of(any_hour, working)


def first_after(pattern: Pattern, day: date) -> date:
    found = rhythm.next_after(pattern, day)
    assert found
    return found


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@settings(max_examples=300, deadline=None)
@given(any_hour, days, places)
def test_any_day_and_hour_asks_ever_later_and_once_on_each_local_date(
    pattern: Pattern, day: date, place: Place
) -> None:
    nominals = cadence.dates_after(pattern.cadence, day, 4, PHASES)
    moments = [rhythm.due_at(pattern, nominal, place) for nominal in nominals]
    assert all(one < other for one, other in pairwise(moments))
    # Samoa and Kiribati crossed the date line before these years: no zone leaves out a day in them.
    assert [calendar.today(place.zone, moment) for moment in moments] == nominals


@settings(max_examples=300, deadline=None)
@given(any_hour, days, places)
def test_any_day_and_hour_asks_once_for_each_date_at_the_local_time_or_right_after_a_gap(
    pattern: Pattern, day: date, place: Place
) -> None:
    nominal = first_after(pattern, day)
    due = rhythm.due_at(pattern, nominal, place)
    there = calendar.local(due, place.zone).replace(tzinfo=None, fold=0)
    wanted = datetime.combine(nominal, pattern.at)
    assert (
        there == wanted or calendar.local(due - timedelta(seconds=1), place.zone).replace(tzinfo=None) < wanted < there
    )
    following = rhythm.next_after(pattern, nominal)
    assert following is None or due < rhythm.due_at(pattern, following, place)


@settings(max_examples=300, deadline=None)
@given(working, days, places)
def test_working_days_only_asks_in_working_hours_at_the_same_local_time(
    pattern: Pattern, day: date, place: Place
) -> None:
    nominal = first_after(pattern, day)
    due = rhythm.due_at(pattern, nominal, place)
    there = calendar.local(due, place.zone)
    assert calendar.in_working_hours(due, place.zone, place.days)
    assert there.time() == pattern.at
    assert there.date() == calendar.next_working_day(nominal, place.days)


@pytest.mark.parametrize("place", [NEW_YORK, PHOENIX, HONOLULU, MEMPHIS])
@pytest.mark.parametrize("around", CHANGES)
def test_every_minute_of_every_day_around_american_clock_changes_is_asked_once(place: Place, around: date) -> None:
    for minute in range(0, 1440, 7):
        pattern = Pattern(cadence.weekly(START, 1, range(7)), time(minute // 60, minute % 60), 24, any_hour=True)
        moments = [rhythm.due_at(pattern, around + timedelta(days=shift), place) for shift in range(-3, 4)]
        assert moments == sorted(set(moments))
        assert [calendar.today(place.zone, moment) for moment in moments] == [
            around + timedelta(days=shift) for shift in range(-3, 4)
        ]


def test_nine_o_clock_stays_nine_o_clock_when_clocks_change() -> None:
    before, after = (rhythm.due_at(MONDAYS, day, NEW_YORK) for day in (date(2026, 10, 26), date(2026, 11, 2)))
    assert (before, after) == (at(26, 13), at(2, 14, month=11))
    before, after = (rhythm.due_at(MONDAYS, day, PHOENIX) for day in (date(2026, 10, 26), date(2026, 11, 2)))
    assert (before, after) == (at(26, 16), at(2, 16, month=11))


def test_a_skipped_time_fires_right_after_the_gap_and_a_repeated_one_once() -> None:
    sundays = Pattern(cadence.weekly(START, 1, [6]), time(2, 30), 24, any_hour=True)
    assert rhythm.due_at(sundays, date(2027, 3, 14), NEW_YORK) == datetime(2027, 3, 14, 7, 0, tzinfo=UTC)
    repeated = Pattern(sundays.cadence, time(1, 30), 24, any_hour=True)
    assert rhythm.due_at(repeated, date(2026, 11, 1), NEW_YORK) == at(1, 5, 30, month=11)


def test_the_early_minutes_of_monday_stay_on_monday_everywhere() -> None:
    early = Pattern(MONDAYS.cadence, time(0, 5), 24, any_hour=True)
    assert calendar.local(rhythm.due_at(early, MONDAY, HONOLULU), HONOLULU.zone).date() == MONDAY
    assert rhythm.due_at(early, MONDAY, HONOLULU) == at(5, 10, 5)


def test_a_holiday_of_the_state_moves_only_the_cities_of_that_state() -> None:
    thursdays = Pattern(THURSDAYS, NINE, 48)
    kamehameha = date(2026, 6, 11)
    assert calendar.today(HONOLULU.zone, rhythm.due_at(thursdays, kamehameha, HONOLULU)) == date(2026, 6, 12)
    assert calendar.today(MEMPHIS.zone, rhythm.due_at(thursdays, kamehameha, MEMPHIS)) == kamehameha


@settings(max_examples=300, deadline=None)
@given(patterns, days, places)
def test_a_window_ends_after_it_began_and_before_the_next_turn_unless_a_recess_moves_both_to_one_moment(
    pattern: Pattern, day: date, place: Place
) -> None:
    nominal = first_after(pattern, day)
    window = rules.window(pattern, nominal, place)
    assert window.due_at == rhythm.due_at(pattern, nominal, place)
    following = rhythm.next_after(pattern, nominal)
    next_turn = rhythm.due_at(pattern, following, place) if following else None
    assert next_turn is None or window.ends_at <= next_turn
    assert window.due_at < window.ends_at or (place.days.off and window.due_at == next_turn)


@settings(max_examples=300, deadline=None)
@given(patterns, days, places)
def test_nobody_is_asked_on_a_day_off_of_their_city(pattern: Pattern, day: date, place: Place) -> None:
    due = rhythm.due_at(pattern, first_after(pattern, day), place)
    there = calendar.today(place.zone, due)
    assert pattern.any_hour or calendar.is_working_day(there, place.days)
    assert pattern.any_hour or not any(off.covers(there) for off in place.days.off)


@settings(max_examples=300, deadline=None)
@given(patterns, days, places, st.integers(0, 6), st.none() | st.integers(0, 6))
def test_who_is_away_when_asked_is_asked_after_the_absence_within_the_window_or_not_in_this_round(
    pattern: Pattern, day: date, place: Place, since: int, length: int | None
) -> None:
    window = rules.window(pattern, first_after(pattern, day), place)
    first = calendar.today(place.zone, window.due_at) - timedelta(days=since)
    absence = Span(first, None if length is None else first + timedelta(days=since + length))
    back = absent.asked_when_back(pattern, window.ends_at, absence, place)
    assert absence.last is not None or back is None
    if back is not None:
        assert window.due_at < back < window.ends_at
        assert not absence.covers(calendar.today(place.zone, back))
        assert pattern.any_hour or calendar.in_working_hours(back, place.zone, place.days)


def test_what_a_recess_moves_to_one_moment_was_not_passed_over() -> None:
    recess = Place("America/Chicago", Days("TN", (Off(date(2026, 12, 21), date(2027, 1, 1)),)))

    def opens_at(day: date) -> datetime:
        return rhythm.due_at(MONDAYS, day, recess)

    fourth = datetime(2027, 1, 4, 15, tzinfo=UTC)
    assert [opens_at(date(2026, 12, day)) for day in (21, 28)] == [fourth, fourth]
    assert rules.turn(MONDAYS, date(2026, 12, 21), fourth, opens_at) == Turn(date(2027, 1, 4), (), date(2027, 1, 11))


@settings(max_examples=300, deadline=None)
@given(working, days, american)
def test_a_window_is_never_shorter_than_promised_and_ends_when_people_work(
    pattern: Pattern, day: date, place: Place
) -> None:
    nominal = first_after(pattern, day)
    window = rules.window(pattern, nominal, place)
    following = rhythm.next_after(pattern, nominal)
    next_turn = rhythm.due_at(pattern, following, place) if following else None
    assert window.ends_at - window.due_at >= timedelta(hours=pattern.window_hours) or window.ends_at == next_turn
    assert calendar.in_working_hours(window.ends_at, place.zone, place.days)


def test_everybody_has_the_same_number_of_hours_from_their_own_moment() -> None:
    windows = [rules.window(MONDAYS, MONDAY, place) for place in (NEW_YORK, MEMPHIS, PHOENIX, HONOLULU)]
    assert {window.ends_at - window.due_at for window in windows} == {timedelta(hours=48)}
    assert [window.due_at for window in windows] == [at(5, 13), at(5, 14), at(5, 16), at(5, 19)]


def test_an_end_on_a_weekend_moves_to_monday_at_ten() -> None:
    window = rules.window(Pattern(THURSDAYS, NINE, 48), date(2026, 10, 1), MEMPHIS)
    assert window.ends_at == at(5, 15)


def test_the_reminder_comes_at_three_quarters_in_working_hours_or_not_at_all() -> None:
    window = rules.window(MONDAYS, MONDAY, MEMPHIS)
    assert rules.remind_at(MONDAYS, window, MEMPHIS) == at(7, 13)  # 9 PM on Tuesday waits for 8 AM on Wednesday
    assert rules.remind_at(replace(MONDAYS, any_hour=True), window, MEMPHIS) == at(7, 2)
    short = Window(at(2, 21), at(5, 13))  # from Friday 4 PM to Monday 8 AM
    assert rules.remind_at(MONDAYS, short, MEMPHIS) is None
    assert rules.remind_at(replace(MONDAYS, reminds=False), window, MEMPHIS) is None


@settings(max_examples=200, deadline=None)
@given(working, days, places)
def test_a_reminder_never_comes_outside_working_hours_or_after_the_end(
    pattern: Pattern, day: date, place: Place
) -> None:
    window = rules.window(pattern, first_after(pattern, day), place)
    moment = rules.remind_at(pattern, window, place)
    assert moment is None or window.part(0.75) <= moment < window.ends_at
    assert moment is None or calendar.in_working_hours(moment, place.zone, place.days)


@settings(max_examples=300, deadline=None)
@given(quiet, days, places)
def test_prompts_reminders_and_the_ends_of_windows_keep_to_the_hours_of_the_check_in(
    pattern: Pattern, day: date, place: Place
) -> None:
    nominal = rhythm.next_after(pattern, day)
    window = rules.window(pattern, nominal, place)
    reminder = rules.remind_at(pattern, window, place)
    for moment in (window.due_at, window.ends_at, reminder or window.due_at):
        assert calendar.in_working_hours(moment, place.zone, place.days, pattern.hours)
    following = rhythm.due_at(pattern, rhythm.next_after(pattern, nominal), place)
    assert window.ends_at - window.due_at >= timedelta(hours=pattern.window_hours) or window.ends_at == following


def test_a_summary_keeps_the_quiet_hours_of_its_check_in() -> None:
    late, zone = datetime(2026, 10, 5, 13, tzinfo=UTC), "America/Chicago"  # 8 AM on a Monday
    assert rules.summary_at(late, zone, any_hour=False) == late
    assert rules.summary_at(late, zone, any_hour=False, hours=Hours(time(17), time(10))) == at(5, 15)


def test_the_first_round_is_the_first_for_which_everybody_is_still_to_come() -> None:
    both = [MEMPHIS, HONOLULU]
    assert rules.first_turn(MONDAYS, both, at(5, 13, 59)) == (MONDAY, at(5, 14))
    assert rules.first_turn(MONDAYS, both, at(5, 14)) == (date(2026, 10, 12), at(13, 14))  # Columbus Day in Memphis
    assert rules.first_turn(MONDAYS, [HONOLULU], at(5, 14)) == (MONDAY, at(5, 19))


@settings(max_examples=200, deadline=None)
@given(patterns, st.lists(places, min_size=1, max_size=4), days, minutes)
def test_the_first_round_is_always_ahead(pattern: Pattern, where: list[Place], day: date, minute: time) -> None:
    now = datetime.combine(day, minute, UTC)
    turn = rules.first_turn(pattern, where, now)
    assert turn
    nominal, moment = turn
    assert moment > now
    assert moment == rules.first_at(pattern, nominal, where)


def test_the_first_round_is_none_that_was_asked_before_and_there_may_be_none_left() -> None:
    asked = rules.first_turn(MONDAYS, [MEMPHIS], at(1, 12), asked_last=MONDAY)
    assert asked == (date(2026, 10, 12), at(13, 14))
    once = Pattern(cadence.once(MONDAY), NINE, 48)
    assert rules.first_turn(once, [MEMPHIS], at(5, 13, 59)) == (MONDAY, at(5, 14))
    assert rules.first_turn(once, [MEMPHIS], at(5, 14)) is None


def test_a_last_round_has_its_whole_window_and_nothing_follows_it() -> None:
    once = Pattern(cadence.once(MONDAY), NINE, 48)
    assert rules.window(once, MONDAY, MEMPHIS) == Window(at(5, 14), at(7, 14))
    assert rules.turn(once, MONDAY, at(5, 14), opens_at(once)) == Turn(MONDAY, (), None)


def test_a_round_run_by_hand_asks_at_once_or_when_work_begins_and_ends_before_the_next_turn() -> None:
    morning = at(2, 14)  # Friday, 9 AM in Memphis and 4 AM in Honolulu
    windows = [rules.window(MONDAYS, date(2026, 10, 2), place, at_once=morning) for place in (MEMPHIS, HONOLULU)]
    assert [window.due_at for window in windows] == [morning, at(2, 18)]
    assert windows[0].ends_at == at(5, 14), "a weekend of 48 hours ends at ten on Monday; the next turn is at nine"


def opens_at(pattern: Pattern) -> Callable[[date], datetime]:
    return lambda day: rules.first_at(pattern, day, [MEMPHIS, HONOLULU])


def test_a_round_is_opened_however_late_the_clock_looks() -> None:
    turn = rules.turn(MONDAYS, MONDAY, at(5, 14, 37), opens_at(MONDAYS))
    assert (turn.nominal, turn.passed_over, turn.following) == (MONDAY, (), date(2026, 10, 12))


def test_after_a_long_stop_only_the_latest_occurrence_is_asked() -> None:
    turn = rules.turn(MONDAYS, MONDAY, at(27, 15), opens_at(MONDAYS))
    assert turn.nominal == date(2026, 10, 26)
    assert turn.passed_over == (MONDAY, date(2026, 10, 12), date(2026, 10, 19))
    assert rules.passed_over_note(turn.passed_over, date(2026, 10, 27)) == (
        "Not asked on Monday, October 5; Monday, October 12; and Monday, October 19: I was not running then."
    )


def test_half_of_the_window_is_the_latest_moment_to_ask() -> None:
    window = rules.window(MONDAYS, MONDAY, MEMPHIS)
    assert not rules.too_late(window, at(6, 14))
    assert rules.too_late(window, at(6, 14, 1))


def test_the_summary_waits_for_the_next_working_hour_of_the_cohort() -> None:
    friday_evening = at(10, 1)
    assert rules.summary_at(friday_evening, "America/New_York", any_hour=True) == friday_evening
    assert rules.summary_at(friday_evening, "America/New_York", any_hour=False) == at(
        13, 12
    )  # Columbus Day is the 12th


@pytest.mark.parametrize(
    ("audience", "author", "co_delegate", "cohort", "network", "stranger"),
    [
        ("city", True, True, False, False, False),
        ("facilitators", True, False, False, False, False),
        ("cohort", True, True, True, False, False),
        ("network", True, True, True, True, False),
    ],
)
def test_an_audience_rules_who_reads(
    audience: str, author: bool, co_delegate: bool, cohort: bool, network: bool, stranger: bool
) -> None:
    readers = {
        "author": Reader(1, False, frozenset({5}), True, True),
        "co_delegate": Reader(2, False, frozenset({5}), True, True),
        "cohort": Reader(3, False, frozenset({6}), True, True),
        "network": Reader(4, False, frozenset(), False, True),
        "stranger": Reader(5, False, frozenset(), False, False),
    }
    reads = [rules.may_read(reader, audience, author_id=1, seat_id=5) for reader in readers.values()]
    assert reads == [author, co_delegate, cohort, network, stranger]
    facilitator = Reader(9, True, frozenset(), False, False)
    assert rules.may_read(facilitator, audience, author_id=1, seat_id=5)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ("answer", "", None)),
        ("  List ", ("list", "", None)),
        ("show 2", ("show", "2", None)),
        ("lits", ("list", "", "lits")),
        ("puase 2", ("unknown", "pause 2", "puase 2")),
        ("what is this", ("unknown", "", "what is this")),
        ("help", ("help", "", None)),
    ],
)
def test_a_command_is_read_kindly_and_never_changes_something_by_a_guess(
    typed: str, read: tuple[str, str, str | None]
) -> None:
    assert rules.read_command(typed) == read
