"""Local days and clock changes: nine o'clock stays nine o'clock, in every zone and on every day."""

from bisect import bisect
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handlers import calendar
from handlers.calendar import Hours
from storage.days import Days, Off

FIRST, LAST = date(2026, 7, 1), date(2028, 12, 31)
MINUTE = timedelta(minutes=1)
ZONES = sorted(available_timezones())
zones = st.sampled_from(ZONES)
days = st.dates(FIRST, LAST)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
states = st.sampled_from([None, "TN", "HI", "AZ", "TX", "DC", "PR", "XX", ""])
own_days = st.builds(
    lambda first, length, weekday: Off(first, first + timedelta(days=length), weekday),
    days,
    st.integers(0, 60),
    st.none() | st.integers(0, 6),
)
worked_days = st.builds(lambda state, off: Days(state, tuple(off)), states, st.lists(own_days, max_size=3))


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """The moments, to the minute, at which the offset of a zone changes in the years of these tests."""
    there = ZoneInfo(zone)
    start = datetime.combine(FIRST, time(), UTC)
    ends = [start + timedelta(days=4 * count) for count in range((LAST - FIRST).days // 4)]
    offsets = [end.astimezone(there).utcoffset() for end in ends]
    spans = zip(ends, ends[1:], offsets, offsets[1:], strict=False)
    return tuple(_change(there, start, end) for start, end, old, new in spans if old != new)


def _change(there: ZoneInfo, start: datetime, end: datetime) -> datetime:
    minutes = range(int((end - start) / MINUTE) + 1)
    old = start.astimezone(there).utcoffset()
    return start + MINUTE * bisect(
        minutes, False, key=lambda count: (start + MINUTE * count).astimezone(there).utcoffset() != old
    )


def wall(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def check(day: date, at: time, zone: str) -> None:
    """The rule, written without the code under test: look at every minute around the wanted time."""
    wanted = datetime.combine(day, at)
    moment = calendar.at_local(day, at, zone)
    earlier = [moment - timedelta(minutes=minutes) for minutes in (1, 15, 30, 45, 60, 90, 119, 120, 180)]
    assert wall(moment, zone) >= wanted
    assert all(wall(one, zone) != wanted for one in earlier), "a repeated time fires at its first occurrence"
    if wall(moment, zone) != wanted:
        last = moment - timedelta(seconds=1)
        assert wall(last, zone) < wanted, "a skipped time fires at the first instant after the gap"


def test_every_quarter_of_an_hour_around_every_clock_change_of_every_zone_follows_the_rule() -> None:
    around = [(zone, wall(change, zone)) for zone in ZONES for change in changes(zone)]
    assert len(around) > 1000
    for zone, change in around:
        for quarters in range(-8, 9):
            wanted = change + timedelta(minutes=15 * quarters)
            check(wanted.date(), wanted.time(), zone)


@settings(max_examples=400, deadline=None)
@given(days, times, zones)
def test_any_day_and_any_minute_in_any_zone_follow_the_rule(day: date, at: time, zone: str) -> None:
    check(day, at, zone)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([zone for zone in ZONES if changes(zone)]), st.data())
def test_any_minute_around_a_clock_change_follows_the_rule(zone: str, data: st.DataObject) -> None:
    change = data.draw(st.sampled_from(changes(zone)))
    wanted = wall(change, zone) + timedelta(minutes=data.draw(st.integers(-1440, 1440)))
    check(wanted.date(), wanted.time(), zone)


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2027, 3, 14)])
@pytest.mark.parametrize("zone", ["America/New_York", "America/Phoenix", "Pacific/Honolulu"])
def test_every_minute_of_the_days_on_which_american_clocks_change_follows_the_rule(day: date, zone: str) -> None:
    for minute in range(1440):
        check(day, time(minute // 60, minute % 60), zone)


@pytest.mark.parametrize(
    ("day", "at", "zone", "moment"),
    [
        (date(2027, 3, 14), time(2, 30), "America/New_York", datetime(2027, 3, 14, 7, 0, tzinfo=UTC)),
        (date(2027, 3, 14), time(3, 0), "America/New_York", datetime(2027, 3, 14, 7, 0, tzinfo=UTC)),
        (date(2026, 11, 1), time(1, 30), "America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        (date(2026, 11, 1), time(2, 0), "America/New_York", datetime(2026, 11, 1, 7, 0, tzinfo=UTC)),
        (date(2026, 11, 1), time(1, 30), "America/Phoenix", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        (date(2027, 3, 14), time(2, 30), "Pacific/Honolulu", datetime(2027, 3, 14, 12, 30, tzinfo=UTC)),
        (date(2011, 12, 30), time(9, 0), "Pacific/Apia", datetime(2011, 12, 30, 10, 0, tzinfo=UTC)),
        (date(2026, 10, 4), time(2, 10), "Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ],
)
def test_named_clock_changes(day: date, at: time, zone: str, moment: datetime) -> None:
    assert calendar.at_local(day, at, zone) == moment


@settings(max_examples=200, deadline=None)
@given(days, zones)
def test_nine_o_clock_stays_nine_o_clock_every_week(day: date, zone: str) -> None:
    weeks = [calendar.at_local(day + timedelta(weeks=week), time(9), zone) for week in range(53)]
    assert {calendar.local(moment, zone).time() for moment in weeks} == {time(9)}
    assert weeks == sorted(set(weeks))


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(2026, 7, 1), datetime(2028, 12, 1)), zones, worked_days)  # noqa: DTZ001 (made aware below)
def test_the_next_working_moment_is_never_earlier_never_twice_and_in_working_hours(
    naive: datetime, zone: str, worked: Days
) -> None:
    moment = naive.replace(tzinfo=UTC)
    there = calendar.next_working_moment(moment, zone, worked)
    assert there >= moment
    assert calendar.in_working_hours(there, zone, worked)
    assert calendar.next_working_moment(there, zone, worked) == there
    assume(there != moment)
    hours = int((there - moment) / timedelta(hours=1))
    between = [there - timedelta(minutes=1), *(moment + timedelta(hours=hour) for hour in range(hours))]
    assert not any(calendar.in_working_hours(one, zone, worked) for one in between)


@settings(max_examples=400, deadline=None)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2035, 12, 1)), zones, worked_days, times, times)  # noqa: DTZ001
def test_whatever_the_quiet_hours_are_nothing_falls_into_them_or_on_a_day_off(
    naive: datetime, zone: str, worked: Days, quiet_from: time, quiet_until: time
) -> None:
    moment, hours = naive.replace(tzinfo=UTC), Hours(quiet_from, quiet_until)
    there = calendar.next_working_moment(moment, zone, worked, hours)
    shown = wall(there, zone)
    assert there >= moment
    assert not is_quiet(shown.time(), quiet_from, quiet_until)
    assert calendar.is_working_day(shown.date(), worked)
    assert calendar.next_working_moment(there, zone, worked, hours) == there


def is_quiet(at: time, quiet_from: time, quiet_until: time) -> bool:
    """The rule, written without the code under test: how long ago the quiet hours began, around the clock."""
    since, length = (
        (later.hour * 3600 + later.minute * 60 + later.second - quiet_from.hour * 3600 - quiet_from.minute * 60) % 86400
        for later in (at, quiet_until)
    )
    return since < length


def test_a_night_that_a_clock_change_repeats_is_quiet_twice() -> None:
    """Cairo's clocks show the hour before midnight twice, at the end of a Thursday."""
    zone, hours = "Africa/Cairo", Hours(time(20), time(23, 30))
    repeated = datetime(2026, 10, 29, 21, 15, tzinfo=UTC)  # 23:15 for the second time, at the end of Thursday
    assert (wall(repeated, zone).time(), repeated.astimezone(ZoneInfo(zone)).fold) == (time(23, 15), 1)
    assert calendar.next_working_moment(repeated, zone, hours=hours) == datetime(2026, 10, 29, 21, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "state", "working"),
    [
        (date(2026, 11, 26), None, False),  # Thanksgiving
        (date(2026, 11, 28), None, False),  # a Saturday
        (date(2026, 7, 3), None, False),  # Independence Day, observed
        (date(2026, 6, 11), "HI", False),  # Kamehameha Day
        (date(2026, 6, 11), "TN", True),
        (date(2026, 10, 12), "TN", False),  # Columbus Day is federal; Tennessee's own list leaves it out
        (date(2026, 6, 11), "XX", True),
        (date(2026, 6, 11), "", True),
    ],
)
def test_federal_holidays_holidays_of_the_state_and_weekends_are_not_worked(
    day: date, state: str | None, working: bool
) -> None:
    assert calendar.is_working_day(day, Days(state)) is working


def test_work_is_from_eight_until_before_six() -> None:
    friday = date(2026, 10, 2)
    moments = [calendar.at_local(friday, time(*at), "America/Chicago") for at in ((7, 59), (8, 0), (17, 59), (18, 0))]
    worked = [calendar.in_working_hours(moment, "America/Chicago", Days("TN")) for moment in moments]
    assert worked == [False, True, True, False]
    monday = calendar.at_local(date(2026, 10, 5), time(8), "America/Chicago")
    assert calendar.next_working_moment(moments[3], "America/Chicago", Days("TN")) == monday


def test_the_day_after_a_long_weekend_is_the_next_working_day() -> None:
    assert calendar.next_working_day(date(2026, 11, 26), Days("TX")) == date(2026, 11, 30)


@settings(max_examples=200, deadline=None)
@given(days, worked_days)
def test_the_next_working_day_is_the_first_one_that_no_weekend_holiday_or_day_of_the_citys_own_covers(
    day: date, worked: Days
) -> None:
    there = calendar.next_working_day(day, worked)
    off = [day + timedelta(days=count) for count in range((there - day).days)]
    assert there >= day
    assert not any(one.covers(there) for one in worked.off)
    assert calendar.is_working_day(there, worked)
    assert not any(calendar.is_working_day(one, worked) for one in off)


def test_a_recess_of_many_weeks_is_passed_over() -> None:
    recess = Days("TN", (Off(date(2026, 11, 30), date(2027, 9, 3), name="Renovation"),))
    assert calendar.next_working_day(date(2026, 12, 1), recess) == date(2027, 9, 7)  # after Labor Day


def test_furlough_fridays_are_off_and_the_other_days_are_not() -> None:
    fridays = Days("TN", (Off(date(2026, 12, 1), date(2026, 12, 31), weekday=4),))
    week = [date(2026, 12, day) for day in range(7, 12)]
    assert [calendar.is_working_day(day, fridays) for day in week] == [True, True, True, True, False]
    assert calendar.next_working_day(date(2026, 12, 11), fridays) == date(2026, 12, 14)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "America"])
def test_a_zone_that_nobody_knows_is_read_as_new_york(zone: str) -> None:
    moment = datetime(2026, 12, 9, 14, 0, tzinfo=UTC)
    assert calendar.local(moment, zone).time() == time(9)


def test_dates_and_times_are_spoken_with_their_weekday() -> None:
    assert calendar.spoken_date(date(2026, 12, 11), date(2026, 10, 1)) == "Friday, December 11"
    assert calendar.spoken_date(date(2027, 1, 4), date(2026, 10, 1)) == "Monday, January 4, 2027"
    assert [calendar.spoken_time(time(hour, 5)) for hour in (0, 9, 12, 13)] == [
        "12:05 AM",
        "9:05 AM",
        "12:05 PM",
        "1:05 PM",
    ]
    moment = datetime(2026, 12, 9, 16, 0, tzinfo=UTC)
    assert calendar.spoken_moment(moment, "America/Chicago", moment) == "Wednesday, December 9, 10:00 AM"


def test_a_zone_is_named_in_short() -> None:
    moment = datetime(2026, 12, 9, 16, 0, tzinfo=UTC)
    assert calendar.zone_name("Pacific/Honolulu", moment) == "HST"
    assert calendar.zone_name("Asia/Dubai", moment) == "UTC+04"
