"""Programs and their workspaces: each is found among its own; on both databases."""

import pytest
from sqlalchemy.exc import NoResultFound

from storage import programs
from storage.database import Sessions
from tests import cast


async def test_a_program_has_its_own_workspaces_alone(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        ours = (await cast.enter(session)).workspace
        others = (await cast.enter(session, team_id="T0OTHERS")).workspace
        assert [one.team_id for one in await programs.workspaces(session, ours.program_id)] == [cast.TEAM]
        assert (await programs.workspace(session, others.program_id, others.id)).team_id == "T0OTHERS"
        with pytest.raises(NoResultFound):
            await programs.workspace(session, ours.program_id, others.id)
