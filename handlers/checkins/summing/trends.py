"""How measured answers moved over the rounds of a check-in: what a picture of them shows, and the same in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.blocks import cut
from handlers.checkins import rules
from handlers.checkins.summing import charts
from handlers.checkins.summing.charts import Question
from handlers.checkins.wording import counted, listed
from storage.summing import Past

ROUNDS = 12  # that a picture goes back
ENOUGH = 6
PANELS = 6
ALT_TEXT = 2000


@dataclass(frozen=True)
class Trend:
    """What a question brought: a point for each round in which it was answered. `scale` says that it goes from 1 to 5."""

    question: str
    scale: bool
    points: tuple[tuple[date, float], ...]


def of(questions: Sequence[Question], pasts: Sequence[Past], *, public: bool) -> list[Trend]:
    """The trends that a summary shows: none before a question was answered in six rounds.

    `public` are those that the cohort may see; the others are those that it may not.
    """
    found = []
    for question in questions:
        if question["kind"] in charts.MEASURED and rules.seen_by_cohort(question["audience"]) == public:
            some = [(past.on, charts.measured(question, past, public=public)) for past in pasts]
            points = tuple((on, charts.middle(question["kind"], numbers)) for on, numbers in some if numbers)
            if len(points) > 1:
                found.append(Trend(question["text"], question["kind"] == "scale", points))
    return found[:PANELS] if any(len(one.points) >= ENOUGH for one in found) else []


def in_words(trends: Sequence[Trend], today: date) -> str:
    """The picture for whoever does not see it: every point of it."""
    return cut(" ".join(_spoken(one, today) for one in trends), ALT_TEXT)


def in_short(trends: Sequence[Trend], today: date) -> str:
    """One sentence about where it began and where it is now."""
    rounds = counted(max(len(one.points) for one in trends), "round", "rounds")
    return f"Over the last {rounds}: {listed([_moved(one, today) for one in trends])}."


def _spoken(one: Trend, today: date) -> str:
    points = ", ".join(f"{charts.short_date(on, today)} {_value(one, value)}" for on, value in one.points)
    return f"{_named(one)} by round: {points}."


def _moved(one: Trend, today: date) -> str:
    (first_on, first), (_, last) = one.points[0], one.points[-1]
    of_five = " of 5" if one.scale else ""
    if first == last:
        return f"{_named(one)} is {_value(one, last)}{of_five}, as on {charts.short_date(first_on, today)}"
    return f"{_named(one)} went from {_value(one, first)} to {_value(one, last)}{of_five}"


def _named(one: Trend) -> str:
    return f"“{cut(' '.join(one.question.split()), 120)}”"


def _value(one: Trend, value: Any) -> str:
    return f"{value:.1f}" if one.scale else charts.spoken(value)
