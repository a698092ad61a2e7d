"""Check-ins around a clock change, with quiet hours off: asked once, at the moment of the rule, and at the same wall clock a week later."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from storage.models import Program
from tests.journeys import telling
from tests.journeys.telling import moment
from tests.whole import Slack

A_WEEK, ONE_HOUR = timedelta(days=7), timedelta(hours=1)
ENDS = datetime(2026, 11, 1, tzinfo=UTC)
STARTS = datetime(2027, 3, 14, tzinfo=UTC)
# What the wall clock should show on that Sunday in New York, and when it does (hours and minutes UTC, from that Sunday's midnight).
SUMMER_TIME_ENDS = {
    "00:30": (4, 30),
    "01:30": (5, 30),  # shown twice; the first time counts
    "02:00": (7, 0),
    "02:30": (7, 30),
    "03:00": (8, 0),
    "09:00": (14, 0),
    "23:59": (28, 59),
}
SUMMER_TIME_STARTS = {
    "00:30": (5, 30),
    "01:30": (6, 30),
    "02:00": (7, 0),  # never shown: the first instant after the gap is 03:00
    "02:30": (7, 0),
    "03:00": (7, 0),
    "09:00": (13, 0),
    "23:59": (27, 59),
}
CHANGES = {"it ends": (ENDS, SUMMER_TIME_ENDS), "it starts": (STARTS, SUMMER_TIME_STARTS)}


async def moves(slack: Slack, who: str, zone: str) -> None:
    """Somebody sets another time zone in their Slack profile."""
    slack.workspace.change_person(slack.person(who).id, tz=zone)
    await slack.settle()


async def asked_every_sunday(slack: Slack, *times: str, window: str = "Four days") -> None:
    """A check-in for each of these times, on any day and at any hour; Ana lives in New York, and nobody's day is full."""
    await moves(slack, "Ana", "America/New_York")
    async with slack.sessions.begin() as session:
        await session.execute(update(Program).where(Program.id == slack.bot.program_id).values(daily_ceiling=100))
    for at in times:
        fields = {"weekday": "Sunday", "at": at, "hours": "Any day and hour", "window": window}
        await telling.makes_check_in(slack, name=f"At {at}", **fields)


def asked(slack: Slack, who: str, at: str) -> list[datetime]:
    """When somebody was asked the check-in of this time."""
    messages = slack.person(who).messages
    return [telling.when(one) for one in messages if one["text"].startswith(f"Inclusive procurement: At {at}, ")]


@pytest.mark.parametrize(("sunday", "wanted"), CHANGES.values(), ids=CHANGES)
async def test_on_the_sunday_of_a_clock_change_everybody_is_asked_once_at_the_moment_of_the_rule(
    slack: Slack, sunday: datetime, wanted: dict[str, tuple[int, int]]
) -> None:
    await slack.turn_to(sunday - timedelta(days=2))
    await asked_every_sunday(slack, *wanted)
    await slack.turn_to(sunday + timedelta(hours=34))
    slack.clock.set(sunday + timedelta(days=6))  # past the reminders, which are not what this is about
    await slack.turn_to(sunday + A_WEEK + timedelta(hours=34))

    for at, (hours, minutes) in wanted.items():
        new_york = sunday + timedelta(hours=hours, minutes=minutes)
        week_later = wall(sunday + A_WEEK, at, "America/New_York")
        assert asked(slack, "Ana", at) == [new_york, week_later]
        # Chicago changes its clocks an hour later; Phoenix and Honolulu never do.
        assert asked(slack, "Rosa", at) == [new_york + ONE_HOUR, week_later + ONE_HOUR]
        phoenix = wall(sunday, at, "UTC") + 7 * ONE_HOUR
        assert asked(slack, "Tomas", at) == [phoenix, phoenix + A_WEEK]
        assert asked(slack, "Keola", at) == [phoenix + 3 * ONE_HOUR, phoenix + A_WEEK + 3 * ONE_HOUR]


async def test_the_window_is_counted_in_hours_that_pass_and_told_by_the_wall_clock(slack: Slack) -> None:
    await slack.turn_to(ENDS - timedelta(days=3))
    await asked_every_sunday(slack, "00:30", window="One day")
    await slack.turn_to(ENDS + timedelta(hours=4, minutes=30))
    assert telling.texts(slack.person("Ana").messages) == [
        "Inclusive procurement: At 00:30, three questions, about three minutes. "
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


def said_to(slack: Slack, kind: str, who: str) -> list[datetime]:
    return [one.at for one in telling.said(slack) if (one.kind, one.to) == (kind, who)]


def wall(day: datetime, at: str, zone: str) -> datetime:
    return moment(zone, day.year, day.month, day.day, *(int(part) for part in at.split(":")))
