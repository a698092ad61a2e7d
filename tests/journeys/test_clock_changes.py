"""Check-ins around a clock change, with quiet hours off: asked once, at the moment of the rule, and at the same wall clock a week later."""

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.journeys import telling
from tests.journeys.telling import moment
from tests.whole import Slack

A_WEEK, ONE_HOUR = timedelta(days=7), timedelta(hours=1)
ENDS = datetime(2026, 11, 1, tzinfo=UTC)
STARTS = datetime(2027, 3, 14, tzinfo=UTC)
# In New York: on the Sunday, what the wall clock should show, and after how long (UTC, from that Sunday's midnight) it does.
CASES = [
    (ENDS, "00:30", (4, 30)),
    (ENDS, "01:30", (5, 30)),  # shown twice; the first time counts
    (ENDS, "02:00", (7, 0)),
    (ENDS, "02:30", (7, 30)),
    (ENDS, "03:00", (8, 0)),
    (ENDS, "09:00", (14, 0)),
    (ENDS, "23:59", (28, 59)),
    (STARTS, "00:30", (5, 30)),
    (STARTS, "01:30", (6, 30)),
    (STARTS, "02:00", (7, 0)),  # never shown; the first instant after the gap is 03:00
    (STARTS, "02:30", (7, 0)),
    (STARTS, "03:00", (7, 0)),
    (STARTS, "09:00", (13, 0)),
    (STARTS, "23:59", (27, 59)),
]


async def moves(slack: Slack, who: str, zone: str) -> None:
    """Somebody sets another time zone in their Slack profile."""
    slack.workspace.change_person(slack.person(who).id, tz=zone)
    await slack.settle()


@pytest.mark.parametrize(("sunday", "at", "after"), CASES, ids=[f"{sunday:%B} {at}" for sunday, at, _after in CASES])
async def test_a_check_in_on_the_sunday_of_a_clock_change(
    slack: Slack, sunday: datetime, at: str, after: tuple[int, int]
) -> None:
    await slack.turn_to(sunday - timedelta(days=3))
    await moves(slack, "Ana", "America/New_York")
    await telling.makes_check_in(slack, weekday="Sunday", at=at, hours="Any day and hour", window="One day")
    await slack.turn_to(sunday + A_WEEK + timedelta(days=2))

    hour, minute = (int(part) for part in at.split(":"))
    new_york = sunday + timedelta(hours=after[0], minutes=after[1])
    following = sunday + A_WEEK
    week_later = moment("America/New_York", following.year, following.month, following.day, hour, minute)
    assert prompts(slack, "Ana") == [new_york, week_later]
    assert prompts(slack, "Rosa") == [new_york + ONE_HOUR, week_later + ONE_HOUR]  # Chicago changes an hour later
    on_the_wall = datetime.combine(sunday.date(), time(hour, minute), UTC)
    for who, behind in (("Tomas", 7), ("Keola", 10)):  # Phoenix and Honolulu never change their clocks
        first = on_the_wall + timedelta(hours=behind)
        assert prompts(slack, who) == [first, first + A_WEEK]


async def test_the_window_is_counted_in_hours_that_pass_and_told_by_the_wall_clock(slack: Slack) -> None:
    await slack.turn_to(ENDS - timedelta(days=3))
    await moves(slack, "Ana", "America/New_York")
    await telling.makes_check_in(slack, weekday="Sunday", at="00:30", hours="Any day and hour", window="One day")
    await slack.turn_to(ENDS + timedelta(hours=4, minutes=30))
    assert telling.texts(slack.person("Ana").messages) == [
        "Inclusive procurement: Weekly pulse, three questions, about three minutes. "
        "Open until Sunday, November 1, 11:30 PM."
    ]
    await slack.turn_to(ENDS + timedelta(days=3))
    assert said_to(slack, "reminder", "Ana") == [ENDS + timedelta(hours=4 + 18, minutes=30)]
    assert said_to(slack, "summary", "#cohort") == [ENDS + timedelta(hours=10 + 24, minutes=30)]  # Honolulu is last


async def test_who_moves_after_the_round_was_opened_is_asked_by_the_new_clock(slack: Slack) -> None:
    await telling.makes_check_in(slack)
    monday = datetime(2026, 10, 5, tzinfo=UTC)
    await slack.turn_to(monday + timedelta(hours=14))
    await moves(slack, "Tomas", "Pacific/Honolulu")
    await moves(slack, "Keola", "America/New_York")
    await slack.turn_to(monday + timedelta(hours=19))
    assert said_to(slack, "prompt", "Tomas") == [monday + timedelta(hours=19)]
    assert len(said_to(slack, "prompt", "Keola")) == 1


def prompts(slack: Slack, who: str) -> list[datetime]:
    return said_to(slack, "prompt", who)


def said_to(slack: Slack, kind: str, who: str) -> list[datetime]:
    return [one.at for one in telling.said(slack) if (one.kind, one.to) == (kind, who)]
