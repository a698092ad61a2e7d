"""Whose a commitment is, who may change it, and when its owner is reminded."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import calendar, due_days
from handlers.commitments import rules, source
from storage.commitment_lists import Place
from storage.days import Days
from storage.models import Commitment, Member

TODAY = date(2026, 11, 23)
ZONE = "America/Chicago"
MEMPHIS = Place(
    1, "Inclusive procurement", 1, None, ZONE, here=False, city_id=1, city="Memphis", state="TN", role="delegate"
)
OTHER = replace(MEMPHIS, cohort_id=2, cohort="Infrastructure finance")
RUN = Place(1, "Inclusive procurement", 1, None, ZONE, here=False, facilitates=True)


def at(day: date, hour: int, zone: str = ZONE) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def commitment(**values: object) -> Commitment:
    return Commitment(**{"owner_id": 1, "city_id": 1, "cohort_id": 1, "state": "open", **values})


def test_the_only_seat_is_meant() -> None:
    assert rules.place_of(rules.open_places([MEMPHIS], TODAY)) == MEMPHIS


def test_with_several_seats_the_channel_decides_else_it_is_asked() -> None:
    assert rules.place_of([MEMPHIS, OTHER]) is None
    assert rules.place_of([MEMPHIS, replace(OTHER, here=True)]) == replace(OTHER, here=True)


def test_a_seat_in_a_cohort_that_ended_is_not_meant() -> None:
    ended = replace(OTHER, ends_on=TODAY - timedelta(days=1))
    assert rules.open_places([MEMPHIS, ended], TODAY) == [MEMPHIS]
    assert rules.open_places([MEMPHIS, replace(OTHER, ends_on=TODAY)], TODAY) == [
        MEMPHIS,
        replace(OTHER, ends_on=TODAY),
    ]


def test_a_seat_goes_before_what_one_facilitates() -> None:
    assert rules.open_places([replace(RUN, cohort_id=2), MEMPHIS], TODAY) == [MEMPHIS]
    assert rules.open_places([RUN], TODAY) == [RUN]


def test_a_seat_counts_from_its_first_to_its_last_day_and_once() -> None:
    until_today = replace(MEMPHIS, until_on=TODAY)
    assert rules.current([until_today, MEMPHIS, replace(OTHER, since_on=TODAY)], TODAY) == [
        until_today,
        replace(OTHER, since_on=TODAY),
    ]
    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    assert rules.current([replace(MEMPHIS, until_on=yesterday), replace(OTHER, since_on=tomorrow)], TODAY) == []


def test_owner_lead_and_facilitators_may_change_it() -> None:
    owner, other = Member(id=1), Member(id=2)
    lead = replace(MEMPHIS, role="lead")
    assert rules.may_change(commitment(), owner, [])
    assert rules.may_change(commitment(), other, [lead])
    assert rules.may_change(commitment(), other, [RUN])
    assert rules.may_change(commitment(cohort_id=9), other, [replace(RUN, everywhere=True)])


def test_others_may_not_change_it() -> None:
    other = Member(id=2)
    assert not rules.may_change(commitment(), other, [MEMPHIS])
    assert not rules.may_change(commitment(city_id=2), other, [replace(MEMPHIS, role="lead")])
    assert not rules.may_change(commitment(city_id=None), other, [replace(RUN, cohort_id=2), replace(RUN, cohort_id=3)])


@pytest.mark.parametrize("later", [0, 1, 731])
def test_a_day_within_two_years_may_be_chosen(later: int) -> None:
    assert due_days.problem_with_day(TODAY + timedelta(days=later), TODAY) is None


def test_a_past_or_far_day_is_asked_about() -> None:
    assert due_days.problem_with_day(date(2026, 11, 20), TODAY) == (
        "Friday, November 20, 2026 is in the past. Please choose today or a later day."
    )
    assert "two years" in str(due_days.problem_with_day(TODAY + timedelta(days=732), TODAY))


def test_reminders_come_three_days_before_on_the_day_and_three_weeks_after() -> None:
    due, now, nudges = date(2026, 12, 10), at(TODAY, 10), []
    while moment := due_days.next_nudge(due, now, ZONE, Days("TN")):
        nudges.append(calendar.local(moment, ZONE).strftime("%a %m-%d %H:%M"))
        now = moment
    assert nudges == ["Mon 12-07 09:00", "Thu 12-10 09:00", "Thu 12-17 09:00", "Thu 12-24 09:00", "Thu 12-31 09:00"]


def test_what_is_recorded_on_the_due_day_after_nine_is_not_nudged_that_day() -> None:
    assert due_days.next_nudge(TODAY, at(TODAY, 8), ZONE, Days("TN")) == at(TODAY, 9)
    assert due_days.next_nudge(TODAY, at(TODAY, 10), ZONE, Days("TN")) == at(date(2026, 11, 30), 9)


def test_a_due_day_on_a_weekend_is_nudged_on_monday_morning() -> None:
    saturday = date(2026, 12, 5)
    assert due_days.next_nudge(saturday, at(saturday, 1), ZONE, Days("TN")) == at(date(2026, 12, 7), 8)


def test_whoever_just_updated_is_reminded_on_the_due_day_only() -> None:
    due = date(2026, 12, 10)
    before, day = at(date(2026, 12, 7), 9), at(due, 9)
    assert not rules.is_wanted(due, before - timedelta(days=2), before, ZONE, Days("TN"))
    assert rules.is_wanted(due, before - timedelta(days=3), before, ZONE, Days("TN"))
    assert rules.is_wanted(due, day - timedelta(hours=1), day, ZONE, Days("TN"))
    saturday, monday = date(2026, 12, 5), at(date(2026, 12, 7), 8)
    assert rules.is_wanted(saturday, monday - timedelta(hours=1), monday, ZONE, Days("TN"))


@given(
    st.dates(date(2025, 1, 1), date(2030, 12, 31)),
    st.integers(-40 * 24 * 60, 40 * 24 * 60),
    st.sampled_from(["America/New_York", "America/Phoenix", "Pacific/Honolulu", "Europe/London"]),
    st.sampled_from(["TN", "HI", "AZ", None]),
)
def test_a_reminder_lies_in_the_future_and_in_working_hours(
    due: date, minutes: int, zone: str, state: str | None
) -> None:
    now = at(due, 12) + timedelta(minutes=minutes)
    moment = due_days.next_nudge(due, now, zone, Days(state))
    if moment is None:
        assert now > at(due + timedelta(days=20), 0, zone)
    else:
        assert moment > now
        assert calendar.in_working_hours(moment, zone, Days(state))


def test_a_message_becomes_a_plain_text_with_a_link_back() -> None:
    typed = "I&amp;T &lt;will&gt; ask <@U1|ana> to read <https://example.org/a|the plan> and <https://example.org>"
    assert source.plain(typed) == "I&T <will> ask ana to read the plan and https://example.org"
    message = {"ts": "1790000000.000100"}
    assert source.permalink("office", "C1", message) == "https://office.slack.com/archives/C1/p1790000000000100"
    reply = {"ts": "1790000001.000200", "thread_ts": "1790000000.000100"}
    link = "https://office.slack.com/archives/C1/p1790000001000200?thread_ts=1790000000.000100&cid=C1"
    assert source.permalink("office", "C1", reply) == link
