"""Check-ins around a clock change, with quiet hours off: asked once, at the moment of the rule, and at the same wall clock a week later."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from storage.models import Delegate, Program
from tests import cast
from tests.journeys import telling
from tests.journeys.telling import moment
from tests.whole import Slack

A_WEEK = timedelta(days=7)
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


async def asked_every_sunday(slack: Slack, who: Sequence[str], *times: str, window: str = "Four days") -> None:
    """A check-in for each of these times, on any day and at any hour, of these people alone, whose day is never full."""
    ids = [(await slack.member(name)).id for name in who]
    others = update(Delegate).where(Delegate.program_id == slack.bot.program_id, Delegate.member_id.not_in(ids))
    async with slack.sessions.begin() as session:
        await session.execute(others.values(until_on=cast.START.date()))
        await session.execute(update(Program).where(Program.id == slack.bot.program_id).values(daily_ceiling=100))
    for at in times:
        fields = {"weekday": "Sunday", "at": at, "hours": "Any day and hour", "window": window}
        await telling.makes_check_in(slack, name=f"At {at}", **fields)


async def two_sundays_pass(slack: Slack, sunday: datetime) -> None:
    await slack.turn_to(sunday + timedelta(hours=34))
    slack.clock.set(sunday + timedelta(days=6))  # past the reminders, which are not what this is about
    await slack.turn_to(sunday + A_WEEK + timedelta(hours=34))


def asked(slack: Slack, who: str, at: str) -> list[datetime]:
    """When somebody was asked the check-in of this time."""
    messages = slack.person(who).messages
    return [telling.when(one) for one in messages if one["text"].startswith(f"Inclusive procurement: At {at}, ")]


@pytest.mark.parametrize(("sunday", "wanted"), CHANGES.values(), ids=CHANGES)
async def test_on_the_sunday_of_a_clock_change_each_check_in_asks_once_at_the_moment_of_the_rule(
    slack: Slack, sunday: datetime, wanted: dict[str, tuple[int, int]]
) -> None:
    await slack.turn_to(sunday - timedelta(days=2))
    await moves(slack, "Ana", "America/New_York")
    await asked_every_sunday(slack, ["Ana"], *wanted)
    await two_sundays_pass(slack, sunday)
    for at, (hours, minutes) in wanted.items():
        week_later = wall(sunday + A_WEEK, at, "America/New_York")
        assert asked(slack, "Ana", at) == [sunday + timedelta(hours=hours, minutes=minutes), week_later]


@pytest.mark.parametrize("sunday", [ENDS, STARTS], ids=CHANGES)
async def test_one_check_in_follows_chicago_through_the_change_and_leaves_phoenix_and_honolulu_alone(
    slack: Slack, sunday: datetime
) -> None:
    await slack.turn_to(sunday - timedelta(days=2))
    await asked_every_sunday(slack, ["Ana", "Tomas", "Keola"], "01:30", "02:30")
    await two_sundays_pass(slack, sunday)
    # 02:30 is an hour after 01:30 on most days, two when the hour is repeated, and half of one when it is skipped.
    shown = {ENDS: (6, 30, 8, 30), STARTS: (7, 30, 8, 0)}[sunday]
    for at, hours, minutes in (("01:30", *shown[:2]), ("02:30", *shown[2:])):
        week_later = wall(sunday + A_WEEK, at, "America/Chicago")
        assert asked(slack, "Ana", at) == [sunday + timedelta(hours=hours, minutes=minutes), week_later]
        for who, behind in (("Tomas", 7), ("Keola", 10)):
            first = wall(sunday, at, "UTC") + timedelta(hours=behind)
            assert asked(slack, who, at) == [first, first + A_WEEK]


async def test_the_window_is_counted_in_hours_that_pass_and_told_by_the_wall_clock(slack: Slack) -> None:
    await slack.turn_to(ENDS - timedelta(days=3))
    await moves(slack, "Ana", "America/New_York")
    await asked_every_sunday(slack, ["Ana", "Keola"], "00:30", window="One day")
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
