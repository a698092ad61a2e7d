"""Cohorts: what a program reads of its own it does not read of another's."""

from functools import partial

import pytest

from storage import cohorts
from storage.database import Sessions
from tests import cast


async def test_the_themes_of_another_program_are_not_told(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id = people.workspace.program_id
        assert await cohorts.themes(session, program_id, [people.cohort.id]) == ["Procurement"]
        assert await cohorts.themes(session, program_id + 1, [people.cohort.id]) == []


async def test_a_cohort_of_thousands_reads_like_a_small_one(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        read = partial(cohorts.places, session, people.workspace.program_id, cohort_ids=[people.cohort.id])
        some = await read()
        monkeypatch.setattr(cohorts, "MANY", 1)
        assert await read() == some
        assert next(place.city for place in some if place.city) == "Honolulu"
