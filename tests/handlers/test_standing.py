"""Who has a place today, and who may see whom."""

from datetime import UTC, date, datetime

from handlers import standing
from handlers.standing import Standing
from storage.cohorts import Listed, Person, Place
from tests.handlers.test_naming import COHORTS

NOW = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
ZONE = "America/New_York"
OPEN = Standing(runs_program=True, cohort_ids=frozenset())


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


def test_a_seat_lasts_through_its_last_day_in_the_city() -> None:
    until = place(until=date(2026, 10, 1), zone="Pacific/Honolulu")
    assert standing.sits(until, datetime(2026, 10, 2, 9, 59, tzinfo=UTC), ZONE)  # 23:59 on October 1 in Honolulu
    assert not standing.sits(until, datetime(2026, 10, 2, 10, 0, tzinfo=UTC), ZONE)
    assert not standing.sits(place(since=date(2026, 10, 2)), NOW, ZONE)


def test_who_stayed_to_the_end_of_a_cohort_still_reads_it_and_who_left_before_does_not() -> None:
    ended = COHORTS[0]
    stayed = place(cohort=ended, until=date(2016, 9, 1))
    left = place(cohort=ended, until=date(2016, 1, 1))
    assert standing.of(1, [stayed], NOW, ZONE).cohort_ids == {1}
    assert standing.of(1, [left], NOW, ZONE).cohort_ids == frozenset()


def test_a_delegate_sees_the_people_of_their_cohorts_and_all_facilitators() -> None:
    own = place(key=1)
    colleague = place("Keola Akana", "Honolulu", "HI", key=2)
    other = place("Bo Li", "Austin", "TX", key=3, cohort=COHORTS[3])
    head = place("Renee Okonjo", "", "", "facilitator", key=4, cohort=COHORTS[3])
    everybody = [own, colleague, other, head]
    seen = standing.visible(standing.of(1, everybody, NOW, ZONE), everybody, NOW, ZONE)
    assert [one.person.name for one in seen if one.person] == ["Ana Diaz", "Keola Akana", "Renee Okonjo"]
    assert standing.visible(OPEN, everybody, NOW, ZONE) == everybody
