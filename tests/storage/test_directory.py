"""The directory: whom a search may find, read for one program at a time; on both databases."""

from sqlalchemy import update

from storage import directory
from storage.database import Sessions
from storage.models import Cohort, Member
from tests import cast

EVERYBODY = {"Ana Diaz", "Rosa Kim", "Keola Akana", "Tomas Reyes", "Dana Whitfield", "Renee Okonjo"}


async def test_the_directory_names_everybody_of_a_program_and_nobody_of_another(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        ours = (await cast.enter(session)).workspace.program_id
        others = await cast.enter(session, team_id="T0OTHERS")
        await session.execute(
            update(Member).where(Member.program_id == others.workspace.program_id).values(name="Somebody else")
        )
        await session.execute(
            update(Cohort).where(Cohort.program_id == others.workspace.program_id).values(name="Elsewhere")
        )
        known = await directory.read(session, ours, None)
        strangers = await directory.read(session, ours, [others.cohort.id])
    assert {said.name for said in known.said()} == EVERYBODY
    assert {said.cohort for said in known.said()} == {"Inclusive procurement", ""}
    assert "Elsewhere" not in known.places
    assert {said.name for said in strangers.said()} == {"Dana Whitfield", "Renee Okonjo"}, "only who facilitates"


async def test_only_the_delegates_of_the_cohorts_that_one_sees_are_read(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id = people.workspace.program_id
        seen = await directory.read(session, program_id, [people.cohort.id])
        nothing = await directory.read(session, program_id, [])
    assert {said.name for said in seen.said()} == EVERYBODY
    assert {said.role for said in nothing.said()} == {"facilitator"}


async def test_a_user_is_somebody_in_their_own_workspace_and_program_alone(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        ours = await cast.enter(session)
        others = await cast.enter(session, team_id="T0OTHERS")
        program_id, ana = ours.workspace.program_id, cast.user_id("Ana")
        found = [
            await directory.of_user(session, program_id, cast.TEAM, ana),
            await directory.of_user(session, others.workspace.program_id, "T0OTHERS", ana),
            await directory.of_user(session, program_id, "T0OTHERS", ana),
        ]
    assert found == [ours["Ana"].id, others["Ana"].id, None]
