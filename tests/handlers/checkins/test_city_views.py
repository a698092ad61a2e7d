"""What is said of a city's answer, who is counted in a round, and how long one may be silent; as values."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.checkins import rules, wording
from handlers.checkins.answering import city_views
from storage.cities import Beside, Revision, left
from storage.models import CheckIn, Round
from storage.rests import Heard
from storage.rounds import Standing
from tests.handlers.checkins.steps import CLOSED, MONDAY_IN_MEMPHIS

ASKED = MONDAY_IN_MEMPHIS
TEN = ASKED + timedelta(hours=1)
CHICAGO = "America/Chicago"
SUNDAY = date(2026, 10, 4)


def version(number: int, name: str, at: datetime) -> Revision:
    return Revision(number, {"Ana": 1, "Rosa": 2, "<!channel>": 3}[name], name, {"0": "x"}, at)


@pytest.mark.parametrize(
    ("told", "reader", "words"),
    [
        ([version(1, "Rosa", TEN)], 1, "Rosa answered for Memphis at 10:00 AM."),
        ([version(1, "Rosa", TEN)], 2, "You answered for Memphis at 10:00 AM."),
        (
            [version(1, "Rosa", TEN), version(2, "Ana", TEN + timedelta(days=1))],
            1,
            "Rosa answered for Memphis at 10:00 AM; you changed it on Tuesday, October 6, 10:00 AM.",
        ),
        (
            [version(1, "Rosa", TEN), version(2, "Rosa", TEN + timedelta(minutes=5))],
            1,
            "Rosa answered for Memphis at 10:00 AM and changed it at 10:05 AM.",
        ),
        ([version(1, "<!channel>", TEN)], 1, "&lt;!channel&gt; answered for Memphis at 10:00 AM."),
    ],
)
def test_who_answered_is_said_with_the_time_of_the_reader(told: list[Revision], reader: int, words: str) -> None:
    assert city_views.said("Memphis", reader, told, CHICAGO, ASKED) == words


def test_who_was_never_asked_reads_the_day_as_well() -> None:
    told = [version(1, "Rosa", TEN)]
    assert city_views.said("Memphis", 1, told, "Pacific/Honolulu", None) == (
        "Rosa answered for Memphis on Monday, October 5, 5:00 AM."
    )


@pytest.mark.parametrize(
    ("beside", "away", "words"),
    [
        ([], [], "Answering for Memphis."),
        (["Rosa"], [], "Answering for Memphis; Rosa can answer too."),
        (["Rosa", "Tim"], [], "Answering for Memphis; Rosa and Tim can answer too."),
        ([], ["Rosa"], "Answering for Memphis. Rosa is away; your answer can stand for you both."),
        (
            ["Tim"],
            ["Rosa"],
            "Answering for Memphis; Tim can answer too. Rosa is away; your answer can stand for all of you.",
        ),
    ],
)
def test_whom_an_answer_stands_for(beside: list[str], away: list[str], words: str) -> None:
    assert wording.answering_for("Memphis", beside, away) == words


def test_who_may_answer_beside_somebody_leaves_out_who_is_not_asked_and_who_passed() -> None:
    def one(number: int, skipped: str | None = None, *, declined: bool = False) -> Beside:
        return Beside(1, number, number, f"P{number}", None, skipped, declined)

    people = [one(1), one(2), one(3, "away"), one(4, declined=True), one(5, "answered")]
    assert left(people, 1) == ["P2"]
    assert left(people, 9) == ["P1", "P2"]


def standing(number: int, city: int, skipped: str | None = None, *, answered: bool = False) -> Standing:
    how = (answered, False, skipped, skipped is None, "sent" if skipped is None else None)
    return Standing(number, f"P{number}", f"City {city}", *how, CLOSED, f"seat:{city}")


def test_of_what_cities_answer_cities_are_counted() -> None:
    both = [standing(1, 1, answered=True), standing(2, 1, answered=True)]
    assert wording.answers_count([*both, standing(3, 2)]) == "1 of 2 cities answered"
    assert wording.answers_count([*both, standing(3, 2), standing(4, 2, "away")]) == "1 of 2 cities answered"
    assert (
        wording.answers_count([*both, standing(4, 2, "away")]) == "1 of 1 city answered; of one city everybody is away"
    )


heard = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=12)


@given(heard)
def test_only_silent_rounds_since_the_last_reaction_count(rows: list[tuple[bool, bool]]) -> None:
    days = [SUNDAY - timedelta(days=7 * number) for number in range(len(rows))]
    told = [Heard(1, day, silent, reacted) for day, (silent, reacted) in zip(days, rows, strict=True)]
    reactions = [number for number, (_, reacted) in enumerate(rows) if reacted]
    since = rows[: reactions[0]] if reactions else rows
    assert rules.silent_in_a_row(told) == sum(silent for silent, _ in since)


def test_who_answered_for_one_of_two_seats_was_not_silent() -> None:
    assert rules.silent_in_a_row([Heard(1, SUNDAY, True, False), Heard(1, SUNDAY, False, True)]) == 0
    assert rules.silent_in_a_row([Heard(1, SUNDAY, True, False), Heard(1, SUNDAY, True, False)]) == 1


def test_a_round_takes_answers_until_the_next_opens_and_the_last_of_all_for_thirty_days() -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)
    month, longer = now - timedelta(days=30), now - timedelta(days=31)
    planned, single = CheckIn(next_on=SUNDAY), CheckIn(next_on=None)
    assert rules.takes_answers(Round(closed_at=None), single, now)
    assert rules.takes_answers(Round(closed_at=longer), planned, now)
    assert rules.takes_answers(Round(closed_at=month), single, now)
    assert not rules.takes_answers(Round(closed_at=longer), single, now)
    assert not rules.takes_answers(Round(closed_at=month, archived_at=month), planned, now)
