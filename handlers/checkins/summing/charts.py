"""What a question brought in numbers: a scale or number with its change since last time, choices counted, with a small bar. Pure.

The words carry the numbers, and stand before the bar: so it reads well aloud, too.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import isfinite
from statistics import fmean, median
from typing import Any

from handlers.blocks import cut, escaped
from handlers.checkins import rules
from handlers.checkins.answering.fields import is_anonymous
from handlers.checkins.wording import counted
from handlers.saying import STEPS
from storage.summing import Past

Question = Mapping[str, Any]
FULL, EMPTY = "▇", "▁"
BAR = 10
ANONYMOUS_FROM = 5
CHOICES_SHOWN = 12
WORDS = 150
COUNTED = ("choice", "choices", "yes_no")
MEASURED = ("scale", "number")


def of(question: Question, values: Sequence[Any], pasts: Sequence[Past], today: date, *, public: bool) -> str | None:
    """The text of a question's chart; None when nobody answered it, or when its answers are texts.

    `values` are this round's answers, `pasts` all rounds up to this one; `public` leaves out what the cohort was not to see then.
    """
    kind = question["kind"]
    if kind == "scale":
        return _scale(question, values, _before(question, pasts, public=public), today)
    if kind == "number":
        return _number(question, values, _before(question, pasts, public=public), today)
    counts = _counts(question, values)
    return _counted(question, counts, len(values)) if kind in COUNTED and counts else None


def too_few(question: Question, values: Sequence[str]) -> bool:
    """Whether an anonymous question has too few answers to be told."""
    return is_anonymous(question) and len(values) < ANONYMOUS_FROM


def measured(question: Question, past: Past, *, public: bool) -> list[float]:
    """What a round brought to the same question: nothing when it was asked for fewer eyes, or anonymously to too few people."""
    for asked in past.questions:
        if (asked["text"], asked["kind"]) == (question["text"], question["kind"]):
            values = past.values.get(asked["position"], [])
            hidden = (public and not rules.seen_by_cohort(asked["audience"])) or too_few(asked, values)
            return [] if hidden else list(_numbers(values))
    return []


def middle(kind: str, numbers: Sequence[float]) -> float:
    """A scale by its mean, to a tenth, as it is told; a number by its median."""
    return round(fmean(numbers), 1) if kind == "scale" else median(numbers)


def spoken(number: float) -> str:
    """3.6; 1,200; 4."""
    return f"{number:,.1f}".removesuffix(".0")


def short_date(day: date, today: date) -> str:
    """October 12; with the year when it is not this year."""
    return f"{day:%B} {day.day}" + ("" if day.year == today.year else f", {day.year}")


def _before(question: Question, pasts: Sequence[Past], *, public: bool) -> tuple[date, float] | None:
    """When the question was answered last before this round, and how."""
    for past in reversed(pasts[:-1]):
        numbers = measured(question, past, public=public)
        if numbers:
            return past.on, middle(question["kind"], numbers)
    return None


def _scale(question: Question, values: Sequence[Any], before: tuple[date, float] | None, today: date) -> str | None:
    numbers = [one for one in _numbers(values) if str(int(one)) in STEPS]
    if not numbers:
        return None
    mean = middle("scale", numbers)
    text = f"{mean:.1f} of 5{_change(mean, before, today)} ({_how_many(numbers)})"
    return f"*{_asked(question)}*\n{text}\n{_bar(mean / 5)}"


def _number(question: Question, values: Sequence[Any], before: tuple[date, float] | None, today: date) -> str | None:
    numbers = list(_numbers(values))
    if not numbers:
        return None
    half = median(numbers)
    start = spoken(half) if len(numbers) == 1 else f"{spoken(half)} in the middle"
    return f"*{_asked(question)}*\n{start}{_change(half, before, today)} ({_how_many(numbers)})"


def _change(now: float, before: tuple[date, float] | None, today: date) -> str:
    if before is None:
        return ""
    day, then = before
    moved = round(now - then, 1)
    if not moved:
        return f", as on {short_date(day, today)}"
    return f", {'up' if moved > 0 else 'down'} {spoken(abs(moved))} since {short_date(day, today)}"


def _how_many(numbers: Sequence[float]) -> str:
    count = counted(len(numbers), "answer", "answers")
    least, most = min(numbers), max(numbers)
    return count if least == most else f"{count}, from {spoken(least)} to {spoken(most)}"


def _counts(question: Question, values: Sequence[Any]) -> Counter[str]:
    """How often each choice was made; those that were offered first, in their order."""
    offered = (question.get("options") or {}).get("choices", [])
    if question["kind"] == "yes_no":
        offered = ["Yes", "No"]
    made = Counter(choice for value in values for choice in _choices(question["kind"], value))
    return Counter({choice: made[choice] for choice in dict.fromkeys([*offered, *made])}) if made else made


def _choices(kind: str, value: Any) -> Iterable[str]:
    if kind == "yes_no":
        return [{"yes": "Yes", "no": "No"}.get(str(value), str(value))]
    if kind == "choices" and isinstance(value, str):
        value = _unpacked(value)
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _unpacked(value: str) -> Any:
    """Several choices as an anonymous answer keeps them; older answers keep a plain text."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def _counted(question: Question, counts: Counter[str], people: int) -> str:
    shown = list(counts.items())[:CHOICES_SHOWN]
    lines = [
        f"{escaped(cut(choice, WORDS))}: {f'{count} of {people}' if count else 'none'} {_bar(count / people)}"
        for choice, count in shown
    ]
    more = [f"and {len(counts) - CHOICES_SHOWN} other choices"] if len(counts) > CHOICES_SHOWN else []
    return "\n".join([f"*{_asked(question)}*", *lines, *more])


def _asked(question: Question) -> str:
    return escaped(cut(" ".join(question["text"].split()), 300))


def _bar(share: float) -> str:
    full = min(BAR, max(1 if share > 0 else 0, round(share * BAR)))
    return FULL * full + EMPTY * (BAR - full)


def _numbers(values: Iterable[Any]) -> Iterable[float]:
    for value in values:
        try:
            number = float(str(value).replace(",", ""))
        except ValueError:
            continue
        if isfinite(number):
            yield number
