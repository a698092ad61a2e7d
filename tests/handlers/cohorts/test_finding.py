"""Which people somebody means, by what is said of them."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cohorts import finding
from handlers.cohorts.finding import Meant
from storage.directory import FIELD, ROW, Known, Said

NOW = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)


def said(
    key: int,
    name: str = "Ana Diaz",
    city: str = "Memphis",
    state: str = "TN",
    role: str = "delegate",
    *,
    title: str = "Chief of Staff",
    expertise: Sequence[str] = (),
    cohort: str = "Cohort 4: Inclusive procurement",
    network: str = "City Accelerator",
) -> Said:
    known, zone = json.dumps(list(expertise)), "America/Chicago"
    return Said(key, name, title, known, role, None, None, 4, cohort, network, None, city, state, zone)


def known(places: Iterable[Said]) -> Known:
    """As the directory is read: people with the keys of their places, and the places."""
    some = list(enumerate(places, start=1))
    delegates = ROW.join(FIELD.join(map(_text, (*one[:7], number))) for number, one in some)
    seats = ROW.join(FIELD.join(map(_text, (number, *one[7:]))) for number, one in some)
    return Known(delegates, "", seats)


def meant(typed: str, places: Iterable[Said], now: datetime = NOW) -> Meant:
    return finding.meant(typed, known(places), now, "America/New_York")


def _text(value: object) -> str:
    return "" if value is None else str(value)


ANA = said(1, role="lead", expertise=("leadership", "strategy"))
ROSA = said(2, "Rosa Kim", title="Procurement Director", expertise=("vendor outreach", "MWBE"))
ZOE = said(3, "Zoë Núñez", "Austin", "TX", title="Budget Analyst", expertise=("budget", "finance"))
RENEE = said(4, "Renee Okonjo", "", "", "facilitator", title="Head facilitator", expertise=("procurement",))
JOSE = said(5, "José González", "San José", "CA", title="Innovation Officer")
SOREN = said(6, "Søren O’Brien", "Saint Paul", "MN", title="Data Officer")
CAST = (ANA, ROSA, ZOE, RENEE, JOSE, SOREN)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("Memphis", [1, 2]),
        ("mempis", [1, 2]),
        ("budget", [3]),
        ("who knows budget in Austin", [3]),
        ("leads", [1]),
        ("facilitators", [4]),
        ("nunez", [3]),
        ("Núñez", [3]),
        ("zoe", [3]),
        ("mwbe memphis", [2]),
        ("procurement director", [2]),
        ("TX", [3]),
        ("Texas", [3]),
        ("city accelerator memphis", [1, 2]),
        ("@rosa", [2]),
        ("zebra", []),
        ("cos memphis lead", [1]),
        ("Jose", [5]),
        ("san jose", [5]),
        ("Gonzales", [5]),
        ("soren", [6]),
        ("obrien", [6]),
        ("o'brien", [6]),
        ("lead Memphis", [1]),
    ],
)
def test_people_are_found_by_city_role_expertise_network_and_name(typed: str, keys: list[int]) -> None:
    found = meant(typed, CAST)
    assert (sorted(found.member_ids) if found.whole else []) == keys


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("memfis", (("memfis", "Memphis"),)),
        ("Gonzales", (("Gonzales", "González"),)),
        ("lead Memfis", (("Memfis", "Memphis"),)),
        ("Jose", ()),
        ("zebra", ()),
    ],
)
def test_a_typo_is_told_with_the_word_it_was_read_as_and_accents_are_none(
    typed: str, read_as: tuple[tuple[str, str], ...]
) -> None:
    assert meant(typed, CAST).read_as == read_as


def test_a_true_word_is_never_taken_for_a_typo_of_another() -> None:
    dana, data = said(8, "Dana Fox"), said(9, "Bo Li", expertise=("data",))
    assert meant("data", [dana, data]) == Meant((9,))


def test_a_role_and_a_city_must_belong_together_when_they_do_for_anybody() -> None:
    both = (said(7, "Bo Li", "Austin", "TX", "lead"), said(7, "Bo Li", "Memphis", "TN"))
    assert meant("lead memphis", [*CAST, *both]).member_ids == (1,)
    assert meant("austin memphis", [*CAST, *both]).member_ids == (7,)


def test_when_nobody_fits_every_word_those_come_whom_most_words_fit() -> None:
    found = meant("budget memphis zebra", CAST)
    assert not found.whole
    assert set(found.member_ids) == {1, 2, 3}


def test_who_knows_a_subject_comes_before_everybody_in_a_cohort_of_that_name() -> None:
    assert meant("procurement", CAST).member_ids == (2, 4)
    assert set(meant("inclusive", CAST).member_ids) == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize("typed", ["😀", "مرحبا", "!?"])
def test_a_text_without_letters_that_a_name_could_have_finds_nobody(typed: str) -> None:
    assert meant(typed, [ANA, ROSA]).member_ids == ()
    assert meant("", [ROSA, ANA]).member_ids == (1, 2)


def test_who_is_there_changes_at_midnight_of_the_city() -> None:
    leaving = ROSA._replace(until_on=date(2026, 10, 1), time_zone="Pacific/Honolulu")
    coming = ANA._replace(since_on=date(2026, 10, 2), time_zone="Asia/Kathmandu")
    assert meant("memphis", [leaving, coming], datetime(2026, 10, 1, 18, 14, 59, tzinfo=UTC)).member_ids == (2,)
    assert meant("memphis", [leaving, coming], datetime(2026, 10, 1, 18, 15, tzinfo=UTC)).member_ids == (1, 2)
    assert meant("memphis", [leaving, coming], datetime(2026, 10, 2, 10, 0, tzinfo=UTC)).member_ids == (1,)


def test_a_row_that_a_strange_character_tore_apart_hides_nobody_else() -> None:
    torn = ROSA._replace(title=f"Procurement{FIELD}Director")
    assert meant("memphis", [torn, ANA]).member_ids == (1,)


def test_somebody_on_two_seats_is_found_once() -> None:
    assert meant("ana", [ANA, said(1, cohort="Advisory group"), ROSA]).member_ids == (1,)


@given(st.text(max_size=60), st.permutations(CAST))
def test_whatever_is_typed_only_those_who_are_there_are_found_each_once_in_the_same_order(
    typed: str, places: list[Said]
) -> None:
    found = meant(typed, places)
    assert len(set(found.member_ids)) == len(found.member_ids)
    assert set(found.member_ids) <= {1, 2, 3, 4, 5, 6}
    assert found == meant(typed, CAST)


def test_a_long_text_of_unknown_words_finds_nobody() -> None:
    crowd = [said(n, f"Person{n} Name{n}", f"City{n}", expertise=(f"subject{n}",)) for n in range(200)]
    assert meant("nobody", crowd).member_ids == ()
    assert meant(" ".join(f"xylophone{n}q" for n in range(400)), crowd).member_ids == ()
