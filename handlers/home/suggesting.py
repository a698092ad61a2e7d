"""One practice to suggest, and why: what stands in somebody's way, what they promised, their theme, what they know. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers import blocks, calendar
from storage.commitment_lists import Item
from storage.models import Practice
from storage.search import finder
from storage.search.index import Index

QUOTED = 80


@dataclass(frozen=True)
class Reason:
    """What to ask the library, and how the reason is told; `why` is mrkdwn, escaped."""

    question: str
    why: str


@dataclass(frozen=True)
class Suggestion:
    """A practice with the reason; without practice, `seen` says whether there were any that were put away or adopted already."""

    practice: Practice | None
    why: str = ""
    seen: bool = False


def reasons(
    blockers: Iterable[tuple[str, date]],
    items: Iterable[Item],
    themes: Iterable[str],
    expertise: Iterable[str],
    today: date,
) -> list[Reason]:
    """What a suggestion may go by, the most pressing first."""
    found = [
        Reason(text, f"Because on {calendar.spoken_date(day, today)} you named “{_quoted(text)}” as a blocker")
        for text, day in blockers
    ]
    for item in items:
        one = item.commitment
        if one.practice_id is None:
            found.append(Reason(one.text, f"Because of your commitment *#{one.number}* {_quoted(one.text)}"))
    # "Cohort 4: Inclusive procurement" is about inclusive procurement, not about cohorts.
    about = dict.fromkeys(re.sub(r"^cohort \w+\s*[:·–-]\s*", "", theme, flags=re.IGNORECASE) for theme in themes)
    found += [Reason(theme, f"Because the theme of your cohort is *{_quoted(theme)}*") for theme in about if theme]
    return found + [Reason(one, f"Because you know about *{_quoted(one)}*") for one in expertise]


def suggestion(index: Index, some: Iterable[Reason], not_again: Collection[int]) -> Suggestion:
    """The best practice for the first reason that has one which is not to be left out; stable, so that it stays until it is put away."""
    seen = False
    for reason in some:
        for hit in finder.ask(index, reason.question).hits:
            if hit.practice.id not in not_again:
                return Suggestion(hit.practice, reason.why)
            seen = True
    return Suggestion(None, seen=seen)


def blockers_in(
    answers: Iterable[tuple[Sequence[Mapping[str, Any]], Mapping[str, Any], date]],
) -> Iterator[tuple[str, date]]:
    """What was answered to questions about what stands in the way, with the day."""
    for questions, values, day in answers:
        for question in questions:
            value = values.get(str(question["position"]))
            said = value.get("text") if isinstance(value, Mapping) else value
            if question["kind"] == "blocker" and said:
                yield str(said), day


def _quoted(text: str) -> str:
    return blocks.escaped(blocks.cut(" ".join(text.split()), QUOTED))
