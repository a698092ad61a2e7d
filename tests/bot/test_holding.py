"""When a message that nobody asked for may reach somebody: never on a day off, never while they are away."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot import holding
from handlers import calendar
from handlers.calendar import Hours
from storage.days import Days, Off, Span, away_on
from storage.members import Whereabouts

EVERYWHERE = sorted(available_timezones())
ZONES = ("America/Chicago", "Pacific/Honolulu", "America/New_York", "Pacific/Guam")
days = st.dates(date(2026, 10, 1), date(2027, 2, 28))
moments = st.datetimes(datetime(2026, 10, 1), datetime(2027, 2, 28)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
own = st.builds(lambda first, length: Off(first, first + timedelta(days=length)), days, st.integers(0, 20))
dated = st.builds(lambda first, length: Span(first, first + timedelta(days=length)), days, st.integers(0, 40))
places = st.builds(
    lambda zone, off, away: Whereabouts(zone, Days("TN", tuple(off)), tuple(away)),
    st.sampled_from(ZONES),
    st.lists(own, max_size=2),
    st.lists(dated, max_size=3),
)


@settings(max_examples=300, deadline=None)
@given(moments, places, st.booleans(), st.booleans())
def test_nothing_reaches_anybody_on_a_day_of_an_absence_or_off_and_all_of_it_does_later(
    now: datetime, where: Whereabouts, any_hour: bool, over: bool
) -> None:
    hours = () if any_hour else (calendar.WORKING,)
    moment, because = holding.when_allowed(now, where, hours=hours, over=over)
    assert (because is None) == (moment == now)
    there = calendar.today(where.time_zone, moment)
    assert moment >= now
    assert away_on(where.away, there) is None
    assert any_hour or calendar.in_working_hours(moment, where.time_zone, where.days)
    assert over or holding.when_allowed(moment, where, hours=hours, over=False) == (moment, None)


clocks = st.builds(
    Hours, *(st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30)) for _ in ("from", "until"))
)


@settings(max_examples=300, deadline=None)
@given(moments, st.lists(clocks, min_size=1, max_size=3), places, st.booleans(), st.sampled_from(EVERYWHERE))
def test_what_is_sent_keeps_to_the_quiet_hours_of_every_part_in_every_zone(
    now: datetime, hours: list[Hours], where: Whereabouts, over: bool, zone: str
) -> None:
    where = replace(where, time_zone=zone)
    assume(any(all(one.include(time(hour, minute)) for one in hours) for hour in range(24) for minute in (0, 30)))
    moment, because = holding.when_allowed(now, where, hours=hours, over=over)
    assert all(calendar.in_working_hours(moment, zone, where.days, one) for one in hours)
    assert away_on(where.away, calendar.today(zone, moment)) is None
    assert (because is None) == (moment == now)


def test_why_something_waits_is_told() -> None:
    memphis = Whereabouts("America/Chicago", Days("TN"))
    away = replace(memphis, away=(Span(date(2026, 10, 5), date(2026, 10, 6)),))

    def why(now: datetime, where: Whereabouts = memphis, *, over: bool = False) -> str | None:
        return holding.when_allowed(now, where, hours=[calendar.WORKING], over=over)[1]

    friday = datetime(2026, 10, 2, 15, tzinfo=UTC)
    assert why(friday) is None
    assert why(friday, over=True) == holding.CEILING
    assert why(friday + timedelta(hours=12)) == holding.NIGHT
    assert why(friday + timedelta(days=1)) == holding.DAY_OFF
    assert why(friday + timedelta(days=10)) == holding.DAY_OFF  # Columbus Day
    assert why(friday + timedelta(days=3), away) == holding.AWAY
    assert why(friday, away, over=True) == holding.AWAY, "the morning that it would wait for is one of the absence"


@settings(max_examples=200, deadline=None)
@given(moments, st.sampled_from(ZONES), st.booleans())
def test_who_is_away_without_a_last_day_is_looked_at_again_each_morning(
    now: datetime, zone: str, any_hour: bool
) -> None:
    where = Whereabouts(zone, Days("TN"), (Span(date(2026, 9, 1)),))
    moment, because = holding.when_allowed(now, where, hours=() if any_hour else (calendar.WORKING,), over=False)
    assert because == holding.AWAY
    assert now < moment <= now + timedelta(days=7)
    assert calendar.today(zone, moment) > calendar.today(zone, now)
