"""What a report counts: by hand in a few cases, and for random histories against a recount from the raw rows."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Settings
from bot.sandbox import limits
from handlers.checkins import rules
from handlers.checkins.reports import files as report_files
from handlers.checkins.reports import rules as report_rules
from handlers.checkins.reports import views as report_views
from handlers.checkins.reports.rules import Rate
from storage.cohorts import Listed
from storage.reports import Answered, Line, Occurrence
from storage.roster import text

SENT = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
TODAY = date(2026, 12, 1)
SETTINGS = Settings("xoxb-")
COHORT = Listed(1, "Inclusive <procurement>", "City Accelerator", "", None, None, None, None)
QUESTIONS = [
    {"position": 0, "kind": "text", "text": "What moved?", "audience": "cohort"},
    {"position": 1, "kind": "choices", "text": "Which?", "audience": "facilitators"},
    {"position": 2, "kind": "text", "text": "Honestly?", "audience": "cohort", "anonymous": True},
]


def occurrence(number: int, *, closed: bool = True, name: str = "Pulse") -> Occurrence:
    day = date(2026, 1, 5) + timedelta(days=7 * number)
    return Occurrence(number, name, day, closed, QUESTIONS, "America/Chicago")


def line(round_id: int, prompt_id: int, member_id: int, seat_id: int = 1, **how: Any) -> Line:
    """Somebody who was asked and sent the message, unless `how` says otherwise."""
    usual = {"asked_at": SENT, "skipped": None, "owed": True, "outcome": "sent", "sent_at": SENT}
    usual |= {"answered_at": None, "declined_at": None, "answered_by": None, "late": None} | how
    subject = f"delegate:{member_id}"
    return Line(round_id, prompt_id, subject, seat_id, f"City {seat_id}", "TN", member_id, f"P {member_id}", **usual)


def answered(round_id: int, prompt_id: int, member_id: int, seat_id: int = 1, after: int = 60, **how: Any) -> Line:
    told = {"answered_at": SENT + timedelta(minutes=after), "answered_by": member_id, "late": False}
    return line(round_id, prompt_id, member_id, seat_id, **(told | how))


@pytest.mark.parametrize(
    "how",
    [
        {"asked_at": None, "skipped": "away", "owed": False, "outcome": None, "sent_at": None},
        {"asked_at": None, "skipped": "not_in_slack", "owed": False, "outcome": None, "sent_at": None},
        {"asked_at": None, "skipped": "late", "owed": False, "outcome": None, "sent_at": None},
        {"asked_at": None, "skipped": "resting", "owed": False, "outcome": None, "sent_at": None},
        {"outcome": "user_not_found", "sent_at": None},
        {"outcome": "expired", "sent_at": None},
        {"outcome": "away", "sent_at": None},
        {"outcome": None, "sent_at": None},
    ],
)
def test_who_was_not_asked_or_not_reached_counts_nowhere(how: dict[str, Any]) -> None:
    found = report_rules.report([occurrence(1)], [line(1, 1, 1, **how), answered(1, 2, 2, 2)])
    assert found.total == Rate(1, 1, 0, 1, 1, (60.0,))
    assert [one.name for one in found.cities] == ["City 2, TN"]


def test_an_early_answer_counts_although_nobody_was_asked_and_takes_no_time() -> None:
    early = {"asked_at": None, "skipped": "answered", "owed": False, "outcome": None, "sent_at": None}
    found = report_rules.report([occurrence(1)], [answered(1, 1, 1, **early)])
    assert found.total == Rate(1, 1, 0, 1, 1)


def test_one_answer_for_a_city_counts_once_and_all_who_were_asked_took_part() -> None:
    told = {"answered_at": SENT + timedelta(minutes=30), "answered_by": 2, "late": False}
    both = [line(1, 1, 1, **told), line(1, 1, 2, sent_at=SENT + timedelta(minutes=10), **told)]
    found = report_rules.report([occurrence(1)], both)
    assert found.total == Rate(1, 1, 0, 2, 2, (20.0,)), "from the own message of whoever answered"


def test_a_round_that_reached_nobody_is_not_said_to_be_none() -> None:
    found = report_rules.report([occurrence(1)], [line(1, 1, 1, outcome="user_not_found", sent_at=None)])
    said = report_views.short(COHORT, found, TODAY, SETTINGS)
    assert (found.rounds, found.unasked) == ((), 1)
    assert "no question reached anybody. Deliveries at a round" in said["text"]


def test_rounds_that_are_open_stand_apart() -> None:
    rounds = [occurrence(1), occurrence(2, closed=False)]
    found = report_rules.report(rounds, [answered(1, 1, 1), line(2, 2, 1)])
    assert (found.total.asked, len(found.rounds)) == (1, 1)
    assert [one.rate.asked for one in found.still_open] == [1]


def test_the_trend_compares_the_last_rounds_with_as_many_before() -> None:
    rounds = [occurrence(number) for number in range(1, 8)]
    lines = [line(number, number, 1) for number in range(1, 5)] + [
        answered(number, number, 1) for number in range(5, 8)
    ]
    trend = report_rules.report(rounds, lines).trend
    assert trend is not None
    assert (trend.rounds, trend.direction, trend.now.percent, trend.before.percent) == (3, "rising", 100, 0)
    falling = report_rules.report(rounds[:2], [answered(1, 1, 1), line(2, 2, 1)]).trend
    assert falling is not None
    assert (falling.rounds, falling.direction) == (1, "falling")
    assert report_rules.report(rounds[:1], [line(1, 1, 1)]).trend is None


def test_percent_is_a_hundred_or_nothing_only_when_it_is() -> None:
    assert (Rate(1000, 999).percent, Rate(1000, 1).percent, Rate(4, 4).percent, Rate(4, 0).percent) == (99, 1, 100, 0)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.2, "under a minute"),
        (1, "1 minute"),
        (59.4, "59 minutes"),
        (60, "1 hour"),
        (130, "2 hours 10 minutes"),
        (26 * 60 + 5, "26 hours"),
        (72 * 60, "3 days"),
    ],
)
def test_a_time_is_said_in_words(minutes: float, words: str) -> None:
    assert report_views.spoken_time(minutes) == words


WHY = st.sampled_from(["away", "not_in_slack", "late", "resting", "left"])
REACTIONS = st.sampled_from(["answered", "late", "passed", "nothing", "nothing"])
FATES = st.sampled_from(["sent", "sent", "sent", "user_not_found", "expired", None])


@st.composite
def prompts(draw: st.DrawFn, round_id: int, prompt_id: int, seat_id: int) -> list[Line]:
    """Everybody who was, or was not, asked for one prompt: one person, or several of a city."""
    people = draw(st.integers(1, 3))
    reaction = draw(REACTIONS)
    lines = []
    for number in range(people):
        how: dict[str, Any] = {"outcome": draw(FATES)}
        how["sent_at"] = SENT if how["outcome"] == "sent" else None
        if draw(st.booleans()) and draw(st.booleans()):
            how = {"asked_at": None, "skipped": draw(WHY), "owed": False, "outcome": None, "sent_at": None}
        if reaction in ("answered", "late"):
            after = timedelta(minutes=draw(st.integers(-5, 5000)))
            at = lines[0].answered_at if lines else SENT + after
            how |= {"answered_at": at, "answered_by": seat_id * 10, "late": reaction == "late"}
        elif reaction == "passed":
            how["declined_at"] = SENT
        lines.append(line(round_id, prompt_id, seat_id * 10 + number, seat_id, **how))
    return lines


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Occurrence], list[Line]]:
    rounds = [occurrence(number, closed=draw(st.booleans())) for number in range(1, draw(st.integers(1, 7)) + 1)]
    seats = range(1, draw(st.integers(1, 6)) + 1)
    lines, prompt_id = [], 0
    for one in rounds:
        for seat_id in seats:
            prompt_id += 1
            lines += draw(prompts(one.id, prompt_id, seat_id))
    return rounds, lines


@given(histories())
def test_rates_are_between_nothing_and_all_and_cities_and_rounds_add_up(
    history: tuple[list[Occurrence], list[Line]],
) -> None:
    found = report_rules.report(*history)
    rates = [found.total, *(one.rate for one in (*found.cities, *found.rounds, *found.still_open))]
    for rate in rates:
        assert 0 <= rate.share <= 1
        assert 0 <= rate.answered + rate.passed <= rate.asked
        assert rate.took_part <= rate.people
        assert len(rate.minutes) <= rate.answered
        assert all(one >= 0 for one in rate.minutes)
    for name in ("asked", "answered", "passed"):
        by_city = sum(getattr(one.rate, name) for one in found.cities)
        assert by_city == sum(getattr(one.rate, name) for one in found.rounds) == getattr(found.total, name)
    assert all(one.heard <= one.cities for one in found.rounds)


@given(histories())
def test_the_report_equals_a_recount_from_the_raw_rows(history: tuple[list[Occurrence], list[Line]]) -> None:
    rounds, lines = history
    found, again = report_rules.report(rounds, lines), _recount(rounds, lines)
    total = found.total
    assert (total.asked, total.answered, total.passed) == again["prompts"]
    assert (total.people, total.took_part) == again["people"]
    assert total.median_minutes == again["median"]


def _recount(rounds: Sequence[Occurrence], lines: Sequence[Line]) -> dict[str, Any]:
    """The same, said another way: by sets of ids."""
    closed = {one.id for one in rounds if one.closed}
    mine = [one for one in lines if one.round_id in closed]
    reached = [one for one in mine if one.asked_at and one.outcome == "sent"]
    answered_, passed = {one.prompt_id for one in mine if one.answered_at}, {o.prompt_id for o in mine if o.declined_at}
    asked = {one.prompt_id for one in reached} | answered_ | passed
    authors = {one.answered_by for one in mine if one.answered_at}
    heard = {one.member_id for one in reached if one.answered_at} | authors
    times = [
        max(0.0, (one.answered_at - one.sent_at).total_seconds() / 60)
        for one in reached
        if one.answered_at and one.sent_at and one.member_id == one.answered_by
    ]
    return {
        "prompts": (len(asked), len(answered_), len(passed - answered_)),
        "people": (len({one.member_id for one in reached} | authors), len(heard)),
        "median": median(times) if times else None,
    }


@given(histories())
def test_a_report_fits_into_a_message_and_a_window_and_its_files_have_a_line_for_each_prompt(
    history: tuple[list[Occurrence], list[Line]],
) -> None:
    rounds, lines = history
    found = report_rules.report(rounds, lines)
    limits.check_blocks(report_views.short(COHORT, found, TODAY, SETTINGS)["blocks"])
    limits.check_blocks(report_views.in_full(COHORT, found, TODAY)["blocks"])
    assert len(report_files.asked("C", rounds, lines)) == 1 + len({one.prompt_id for one in lines})


def test_forty_cities_and_a_year_fit_into_the_window_and_five_of_each_into_the_message() -> None:
    rounds = [occurrence(number, name="A rather long name of a check-in " * 4) for number in range(26)]
    rounds[0] = occurrence(0, name="Another one")
    lines = [
        answered(one.id, one.id * 100 + seat, seat, seat)
        if (one.id + seat) % 3
        else line(one.id, one.id * 100 + seat, seat, seat)
        for one in rounds
        for seat in range(1, 41)
    ]
    found = report_rules.report(rounds, lines)
    message = report_views.short(COHORT, found, TODAY, SETTINGS)
    limits.check_blocks(message["blocks"])
    assert str(message).count("City ") - str(message).count("City Accelerator") == 5
    assert "Show more" in str(message)
    window = report_views.in_full(COHORT, found, TODAY)
    limits.check_blocks(window["blocks"])
    assert len(window["blocks"]) <= 100
    assert all(f"City {seat}, TN" in str(window) for seat in range(1, 41))


READER = rules.Reader(9, facilitates=True, seat_ids=frozenset(), in_cohort=False, in_network=False)


def test_answers_stand_in_the_file_as_far_as_the_reader_may_read_them_and_anonymous_ones_never() -> None:
    values = {"0": "+1 & <b>", "1": ["Yes", "No"], "2": "Nobody knows who"}
    given_ = [Answered(1, 1, "Memphis", "TN", 5, "Ana", values, SENT, late=True)]
    _, *found = report_files.answers("C", [occurrence(1)], given_, READER)
    assert [one[8] for one in found] == ["+1 & <b>", "Yes; No"]
    assert "'+1 &" in text.written(found)
    _, *others = report_files.answers(
        "C",
        [occurrence(1)],
        given_,
        rules.Reader(8, facilitates=False, seat_ids=frozenset(), in_cohort=True, in_network=True),
    )
    assert [one[8] for one in others] == ["+1 & <b>"]
