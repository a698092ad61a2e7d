"""Cohorts: what a program reads of its own it does not read of another's, and who is in them, sorted."""

from sqlalchemy import insert

from storage import cohorts
from storage.database import Sessions
from storage.models import Delegate, Member
from tests import cast


async def test_the_themes_of_another_program_are_not_told(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id = people.workspace.program_id
        assert await cohorts.themes(session, program_id, [people.cohort.id]) == ["Procurement"]
        assert await cohorts.themes(session, program_id + 1, [people.cohort.id]) == []


async def test_a_cohort_of_thousands_is_sorted_like_a_small_one(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program = {"program_id": people.workspace.program_id}
        names = [f"Person {number:04}" for number in reversed(range(2100))]
        rows = [{**program, "name": name, "title": "", "expertise": [], "created_at": cast.START} for name in names]
        added = await session.scalars(insert(Member).returning(Member.id), rows)
        seat = {**program, "seat_id": people.seats["Honolulu"].id, "role": "delegate"}
        await session.execute(insert(Delegate), [{**seat, "member_id": member_id} for member_id in added])
        places = await cohorts.places(session, people.workspace.program_id, cohort_ids=[people.cohort.id])
    there = [place.person.name for place in places if place.person and place.city == "Honolulu"]
    assert [name for name in there if name.startswith("Person")] == sorted(names)
    assert [place.city for place in places if place.city] == sorted(place.city for place in places if place.city)
