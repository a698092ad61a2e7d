"""Which cohort somebody means."""

from datetime import date

import pytest

from handlers import naming
from handlers.standing import Standing
from storage.cohorts import Listed

OPEN = Standing(runs_program=True, cohort_ids=frozenset())
COHORTS = [
    Listed(1, "Cohort 2: Community engagement", "City Accelerator", "", None, None, date(2016, 9, 1), None),
    Listed(4, "Cohort 4: Inclusive procurement", "City Accelerator", "", None, None, None, None),
    Listed(6, "Cohort 6: Inclusive procurement at scale", "City Accelerator", "", None, None, None, None),
    Listed(7, "Advisory group", "Project on Municipal Innovation", "", None, None, None, None),
]


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
    assert [cohort.id for cohort in naming.cohorts_meant(name, COHORTS, OPEN)] == ids


def test_of_several_cohorts_the_only_one_that_is_mine_is_meant() -> None:
    mine = Standing(runs_program=False, cohort_ids=frozenset({6, 7}))
    assert [cohort.id for cohort in naming.cohorts_meant("proc", COHORTS, mine)] == [6]
