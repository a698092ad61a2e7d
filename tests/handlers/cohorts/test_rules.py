"""What a command asks for, who may see whom, and which cohort somebody means."""

from datetime import UTC, date, datetime

import pytest

from handlers import alike
from handlers.cohorts import rules
from handlers.cohorts.rules import Standing
from storage.cohorts import Listed, Person, Place

NOW = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
ZONE = "America/New_York"
OPEN = Standing(runs_program=True, cohort_ids=frozenset())
COHORTS = [
    Listed(1, "Cohort 2: Community engagement", "City Accelerator", "", None, None, date(2016, 9, 1), None),
    Listed(4, "Cohort 4: Inclusive procurement", "City Accelerator", "", None, None, None, None),
    Listed(6, "Cohort 6: Inclusive procurement at scale", "City Accelerator", "", None, None, None, None),
    Listed(7, "Advisory group", "Project on Municipal Innovation", "", None, None, None, None),
]


def place(
    name: str = "Ana Diaz",
    city: str = "Memphis",
    state: str = "TN",
    role: str = "lead",
    *,
    key: int = 1,
    cohort: Listed = COHORTS[1],
    title: str = "Chief of Staff",
    expertise: tuple[str, ...] = (),
    since: date | None = None,
    until: date | None = None,
    zone: str = "America/Chicago",
) -> Place:
    person = Person(key, name, title, expertise, f"{key}@example.org", f"U{key}")
    return Place(person, role, cohort.id, cohort.name, cohort.network, cohort.ends_on, city, state, zone, since, until)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("Cohort 4: Inclusive procurement", [4]),
        ("cohort 4", [4]),
        ("inclusive procurement", [4, 6]),
        ("proc", [4, 6]),
        ("procurment scale", [6]),
        ("comunity", [1]),
        ("advisory", [7]),
        ("pmi", [7]),
        ("the advisory group", [7]),
        ("cohort 44", []),
        ("zebra", []),
        ("", []),
    ],
)
def test_a_cohort_is_meant_by_a_few_letters_and_with_small_typos(name: str, ids: list[int]) -> None:
    assert [cohort.id for cohort in rules.cohorts_meant(name, COHORTS, OPEN)] == ids


def test_of_several_cohorts_the_only_one_that_is_mine_is_meant() -> None:
    mine = Standing(runs_program=False, cohort_ids=frozenset({6, 7}))
    assert [cohort.id for cohort in rules.cohorts_meant("proc", COHORTS, mine)] == [6]


def test_a_seat_lasts_through_its_last_day_in_the_city() -> None:
    until = place(until=date(2026, 10, 1), zone="Pacific/Honolulu")
    assert rules.sits(until, datetime(2026, 10, 2, 9, 59, tzinfo=UTC), ZONE)  # 23:59 on October 1 in Honolulu
    assert not rules.sits(until, datetime(2026, 10, 2, 10, 0, tzinfo=UTC), ZONE)
    assert not rules.sits(place(since=date(2026, 10, 2)), NOW, ZONE)


def test_who_stayed_to_the_end_of_a_cohort_still_reads_it_and_who_left_before_does_not() -> None:
    ended = COHORTS[0]
    stayed = place(cohort=ended, until=date(2016, 9, 1))
    left = place(cohort=ended, until=date(2016, 1, 1))
    assert rules.standing(1, [stayed], NOW, ZONE).cohort_ids == {1}
    assert rules.standing(1, [left], NOW, ZONE).cohort_ids == frozenset()


def test_a_delegate_sees_the_people_of_their_cohorts_and_all_facilitators() -> None:
    own = place(key=1)
    colleague = place("Keola Akana", "Honolulu", "HI", key=2)
    other = place("Bo Li", "Austin", "TX", key=3, cohort=COHORTS[3])
    head = place("Renee Okonjo", "", "", "facilitator", key=4, cohort=COHORTS[3])
    everybody = [own, colleague, other, head]
    seen = rules.visible(rules.standing(1, everybody, NOW, ZONE), everybody, NOW, ZONE)
    assert [one.person.name for one in seen if one.person] == ["Ana Diaz", "Keola Akana", "Renee Okonjo"]
    assert rules.visible(OPEN, everybody, NOW, ZONE) == everybody


def test_initials_come_with_and_without_small_words() -> None:
    assert alike.initials("Project on Municipal Innovation") == "pmi pomi"
    assert alike.initials("Civic Tech & Data Collaborative") == "ctdc ctdc"
    assert alike.initials("Memphis") == ""
