"""Which days somebody means, and how absences become one."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.absences import rules
from storage.days import Span, away_on

WEDNESDAY = date(2026, 11, 25)
days = st.dates(date(2026, 11, 1), date(2027, 1, 31))


def _span(first: date, length: int | None) -> Span:
    return Span(first, None if length is None else first + timedelta(days=length))


spans = st.builds(_span, days, st.none() | st.integers(0, 30))


def apart(found: list[Span]) -> list[Span]:
    """Of generated spans those that neither overlap nor touch, as a member's absences do."""
    kept: list[Span] = []
    for span in sorted(found, key=lambda one: one.first):
        if not any(span.touches(one) for one in kept):
            kept.append(span)
    return kept


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("until Tuesday", (11, 25), (12, 1)),
        ("Until next Friday.", (11, 25), (12, 4)),
        ("through Dec 4", (11, 25), (12, 4)),
        ("Tuesday", (11, 25), (12, 1)),
        ("on Friday", (11, 27), (11, 27)),
        ("today", (11, 25), (11, 25)),
        ("next week", (11, 30), (12, 4)),
        ("for two weeks", (11, 25), (12, 8)),
        ("for a day", (11, 25), (11, 25)),
        ("Dec 20 to Dec 27", (12, 20), (12, 27)),
        ("Dec 20 to 27", (12, 20), (12, 27)),
        ("Dec 20-27", (12, 20), (12, 27)),
        ("from Monday until Friday", (11, 30), (12, 4)),
        ("from Monday to Friday", (11, 30), (12, 4)),
        ("12/7 – 12/9", (12, 7), (12, 9)),
        ("between Dec 1 and Dec 3", (12, 1), (12, 3)),
        ("from Monday", (11, 30), None),
        ("starting tomorrow", (11, 26), None),
    ],
)
def test_days_are_read_in_plain_words(words: str, first: tuple[int, int], last: tuple[int, int] | None) -> None:
    end = date(2026, *last) if last else None
    assert rules.read(words, WEDNESDAY) == Span(date(2026, *first), end)


def test_the_last_day_is_read_as_said_on_the_first() -> None:
    assert rules.read("Dec 20 to Jan 3", WEDNESDAY) == Span(date(2026, 12, 20), date(2027, 1, 3))


@pytest.mark.parametrize(
    "words", ["", "soon", "until I am better", "from the office", "Dec 20 to whenever", "to", "for ages"]
)
def test_what_names_no_days_is_not_guessed(words: str) -> None:
    assert rules.read(words, WEDNESDAY) is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), days)
def test_no_text_makes_it_fail(text: str, today: date) -> None:
    span = rules.read(text, today)
    assert span is None or rules.problem_with(span, today) is None or isinstance(span, Span)


def test_days_that_make_no_sense_are_asked_about() -> None:
    over = rules.problem_with(Span(WEDNESDAY, date(2026, 11, 24)), WEDNESDAY)
    assert over == "Tuesday, November 24, 2026 is over already."
    turned = rules.problem_with(Span(date(2026, 12, 9), date(2026, 12, 7)), WEDNESDAY)
    assert turned == "Monday, December 7, 2026 comes before Wednesday, December 9, 2026."
    assert "more than two years ahead" in (rules.problem_with(Span(date(2029, 1, 1)), WEDNESDAY) or "")
    assert rules.problem_with(Span(WEDNESDAY, WEDNESDAY), WEDNESDAY) is None


def test_who_is_away_changes_the_end_of_it_in_both_directions() -> None:
    running = Span(date(2026, 11, 20), date(2026, 12, 8))
    for last in (date(2026, 12, 1), date(2026, 12, 18), None):
        changed, before = rules.merged([running], Span(WEDNESDAY, last), WEDNESDAY)
        assert (changed, before) == (Span(running.first, last), (running,))


def test_an_absence_without_a_last_day_gets_one() -> None:
    later = Span(date(2026, 12, 1))
    changed, before = rules.merged([later], Span(date(2026, 12, 1), date(2026, 12, 4)), WEDNESDAY)
    assert (changed, before) == (Span(date(2026, 12, 1), date(2026, 12, 4)), (later,))


def test_what_overlaps_or_follows_without_a_day_between_becomes_one() -> None:
    known = [
        Span(date(2026, 12, 1), date(2026, 12, 3)),
        Span(date(2026, 12, 9), date(2026, 12, 11)),
        Span(date(2026, 12, 21)),
    ]
    changed, before = rules.merged(known, Span(date(2026, 12, 4), date(2026, 12, 9)), WEDNESDAY)
    assert changed == Span(date(2026, 12, 1), date(2026, 12, 11))
    assert set(before) == set(known[:2])


@settings(max_examples=500, deadline=None)
@given(st.lists(spans, max_size=5).map(apart), spans, days)
def test_however_absences_meet_each_day_that_was_wished_is_covered_and_none_overlap(
    known: list[Span], wished: Span, today: date
) -> None:
    known = [one for one in known if one.last is None or one.last >= today]
    if rules.problem_with(wished, today):
        return
    result, before = rules.merged(known, wished, today)
    kept = [one for one in known if one not in before]
    running = away_on(known, today)
    for count in range(120):
        day = today + timedelta(days=count)
        assert result.covers(day) or not wished.covers(day)
        joined = [one for one in before if one is not running and one.last is not None]
        assert result.covers(day) or not away_on(joined, day)
        assert wished.covers(day) or away_on(known, day) or not result.covers(day)
    assert not any(result.touches(one) for one in kept)
    assert set(before) <= set(known)
