"""The clock turned by a month at once: everything happens in its order, each at its own moment, as if days had passed one by one."""

from datetime import datetime, timedelta

import pytest

from tests import cast
from tests.journeys import telling
from tests.journeys.telling import Said, moment
from tests.whole import Slack

MONTH_LATER = cast.START + timedelta(days=31)
# Mondays; October 12 is a holiday, so that round is asked on the 13th.
ASKED_ON = (5, 13, 19)


def october(day: int, hour: int) -> datetime:
    return moment("UTC", 2026, 10, day, hour)


def a_round(day: int) -> list[Said]:
    """Asked at nine, reminded at eight two days later, closed when Honolulu's two days are over."""
    asked = (("Ana", 14), ("Rosa", 14), ("Tomas", 16), ("Keola", 19))
    return [
        *(Said(october(day, hour), "prompt", who) for who, hour in asked),
        *(Said(october(day + 2, hour - 1), "reminder", who) for who, hour in asked),
        *(Said(october(day + 2, 19), "summary", who) for who in ("#cohort", "Dana", "Renee")),
    ]


EXPECTED = sorted(
    [
        *(one for day in ASKED_ON for one in a_round(day)),
        # Nobody answered three times: they are asked no more, and so the round of the 26th is news for facilitators alone.
        *(Said(october(21, 19), "rest", who) for who in ("Ana", "Rosa", "Tomas", "Keola")),
        *(Said(october(21, 19), "rests", who) for who in ("Dana", "Renee")),
        *(Said(october(28, 19), "summary", who) for who in ("Dana", "Renee")),
        # Rosa's is due on Friday the 9th: three days before, on the day, and three times weekly after it.
        *(Said(october(day, 14), "nudge", "Rosa") for day in (6, 9, 16, 23, 30)),
        # Keola's is due on Friday the 16th; on the Tuesday before it the check-in comes at the same moment.
        *(Said(october(day, 19), "nudge", "Keola") for day in (13, 16, 23, 30)),
    ]
)


async def begin(slack: Slack) -> None:
    await telling.makes_check_in(slack)
    await slack.person("Rosa").types("/commit", "send Phoenix our vendor survey by Oct 9")
    await slack.person("Keola").types("/commit", "name a co-sponsor by Oct 16")


@pytest.mark.parametrize("days", [31, 1], ids=["a month at once", "day by day"])
async def test_in_a_month_everything_is_said_once_at_its_own_moment(slack: Slack, days: int) -> None:
    await begin(slack)
    visited: list[datetime] = []
    while slack.clock.now() < MONTH_LATER:
        visited += await slack.turn_to(slack.clock.now() + timedelta(days=days))
    found = [one for one in telling.said(slack) if one.at > cast.START]  # without the answer to what Dana did
    assert found == EXPECTED
    assert visited == sorted(visited)
    assert {one.at for one in found} <= set(visited)

    assert await slack.turn_to(MONTH_LATER + timedelta(hours=12)) == []
    await slack.settle()
    assert telling.said(slack)[1:] == EXPECTED
