"""What an import says of the people whom it looks for itself; on both databases."""

from datetime import datetime

from sqlalchemy import select

from storage import roster_imports
from storage.database import Sessions
from storage.models import Member
from tests import cast


async def test_an_import_speaks_for_people_of_its_own_program_alone(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        ours = (await cast.enter(session)).workspace.program_id
        others = (await cast.enter(session, team_id="T0OTHERS")).workspace.program_id
        new = [Member(program_id=program_id, name="Bo Li", created_at=at) for program_id in (ours, others)]
        session.add_all(new)
        await session.flush()
        await roster_imports.looked_for(session, ours, [one.id for one in new], at)
    async with sessions() as session:
        for program_id, looked_up_at in ((ours, at), (others, None)):
            query = select(Member.looked_up_at).where(Member.program_id == program_id, Member.name == "Bo Li")
            assert await session.scalar(query) == looked_up_at
