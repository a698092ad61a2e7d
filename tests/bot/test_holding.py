"""When a message that nobody asked for may reach somebody: never on a day off, never while they are away."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import holding
from handlers import calendar
from storage.days import Days, Off, Span, away_on
from storage.members import Whereabouts

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
