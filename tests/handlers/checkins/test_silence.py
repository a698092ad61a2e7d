"""Who was silent in a round: as values."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.checkins import resting
from storage.rounds import Standing

ASKED = Standing(
    1, "Ana Diaz", "Memphis", False, False, None, True, "sent", datetime(2026, 10, 7, 14, tzinfo=UTC), "delegate:1"
)


def test_who_got_the_question_and_said_nothing_was_silent() -> None:
    assert resting.silent_in([ASKED, replace(ASKED, member_id=2)]) == [1, 2]


@pytest.mark.parametrize(
    "other",
    [
        {"answered": True},
        {"declined": True},
        {"outcome": "expired"},
        {"outcome": "user_disabled"},
        {"outcome": None},
        {"asked": False, "outcome": None, "skipped": "late"},
        {"asked": False, "outcome": None, "skipped": "away"},
        {"outcome": "away"},
        {"away": True},
    ],
)
def test_who_answered_passed_was_away_or_not_reached_was_not(other: dict[str, Any]) -> None:
    assert resting.silent_in([replace(ASKED, **other)]) == []


def test_whoever_answered_for_another_seat_was_not_silent() -> None:
    assert resting.silent_in([ASKED, replace(ASKED, city="Phoenix", answered=True)]) == []
