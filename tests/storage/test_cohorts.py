"""Cohorts: what a program reads of its own it does not read of another's."""

from storage import cohorts
from storage.database import Sessions
from tests import cast


async def test_the_themes_of_another_program_are_not_told(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id = people.workspace.program_id
        assert await cohorts.themes(session, program_id, [people.cohort.id]) == ["Procurement"]
        assert await cohorts.themes(session, program_id + 1, [people.cohort.id]) == []
