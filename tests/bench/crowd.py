"""Many people beside the cast: delegates of Memphis, so that each message goes to somebody else."""

from sqlalchemy import insert, select

from storage import database, programs
from storage.models import City, Cohort, Delegate, Identity, Member, Seat
from tests import cast
from tests.bench import names


async def enter(url: str, people: int) -> None:
    """Write so many people into a database that has the cast."""
    sessions = database.connect(url)
    async with sessions.begin() as session:
        workspace = await programs.by_team(session, cast.TEAM)
        assert workspace is not None
        program_id = workspace.program_id
        of_memphis = select(Seat.id).join(City, City.id == Seat.city_id).join(Cohort, Cohort.id == Seat.cohort_id)
        seat_id = await session.scalar(of_memphis.where(Seat.program_id == program_id, City.name == "Memphis"))
        common = {"program_id": program_id, "created_at": cast.START}
        rows = [
            {**common, "name": names.name(number), "title": "", "expertise": [], "slack_time_zone": names.ZONE}
            for number in range(people)
        ]
        added = insert(Member).returning(Member.id, sort_by_parameter_order=True)
        ids = list(await session.scalars(added, rows))
        joined = [
            {**common, "workspace_id": workspace.id, "member_id": member_id, "user_id": names.user_id(number)}
            for number, member_id in enumerate(ids)
        ]
        await session.execute(insert(Identity), joined)
        seats = [{"program_id": program_id, "seat_id": seat_id, "member_id": one, "role": "delegate"} for one in ids]
        await session.execute(insert(Delegate), seats)
    await sessions.close()
