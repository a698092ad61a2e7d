"""Many people beside the cast: delegates of its cohort, so that each message goes to somebody else."""

from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.sandbox.workspace import Person, Workspace
from storage import database, programs
from storage.models import City, Cohort, Delegate, Identity, Member, Seat
from tests import cast, databases
from tests.bench import names

OF_THE_CAST = 4
"""So many of the cast have a seat, too."""


async def enter(url: str, people: int, *, a_seat: int | None = None) -> None:
    """Write so many people into a database that has the cast: all for Memphis, or `a_seat` of them for each city."""
    sessions = database.connect(url)
    async with sessions.begin() as session:
        workspace = await programs.by_team(session, cast.TEAM)
        assert workspace is not None
        program_id = workspace.program_id
        common = {"program_id": program_id, "created_at": cast.START}
        rows = [
            {**common, "name": names.name(number), "title": "", "expertise": [], "slack_time_zone": names.ZONE}
            | {"looked_up_at": cast.START}
            for number in range(people)
        ]
        added = insert(Member).returning(Member.id, sort_by_parameter_order=True)
        ids = list(await session.scalars(added, rows))
        joined = [
            {**common, "workspace_id": workspace.id, "member_id": member_id, "user_id": names.user_id(number)}
            for number, member_id in enumerate(ids)
        ]
        await session.execute(insert(Identity), joined)
        places = (
            await _cities(session, program_id, -(-people // a_seat)) if a_seat else await _memphis(session, program_id)
        )
        seats = [
            {"program_id": program_id, "seat_id": places[number % len(places)], "member_id": one, "role": "delegate"}
            for number, one in enumerate(ids)
        ]
        await session.execute(insert(Delegate), seats)
    await databases.rested(sessions)
    await sessions.close()


def bring(workspace: Workspace, people: int) -> None:
    """The same people in Slack."""
    for number in range(people):
        user_id, name = names.user_id(number), names.name(number)
        workspace.people[user_id] = Person(user_id, user_id.lower(), name, f"{user_id}@example.org", names.ZONE, "")


async def leave(url: str, people: int) -> None:
    """Only so many of them stay; the seats of the others were ended long ago."""
    sessions = database.connect(url)
    async with sessions.begin() as session:
        workspace = await programs.by_team(session, cast.TEAM)
        assert workspace is not None
        of_program = Identity.program_id == workspace.program_id
        gone = select(Identity.member_id).where(of_program, Identity.user_id >= names.user_id(people))
        gone = gone.where(Identity.user_id.startswith(names.user_id(0)[:2]))
        query = update(Delegate).where(Delegate.program_id == workspace.program_id, Delegate.member_id.in_(gone))
        values: dict[str, Any] = {"until_on": date(2026, 1, 1), "ended_at": cast.START}
        await session.execute(query.values(**values).execution_options(synchronize_session=False))
    await sessions.close()


async def _memphis(session: AsyncSession, program_id: int) -> list[int]:
    of_memphis = select(Seat.id).join(City, City.id == Seat.city_id).join(Cohort, Cohort.id == Seat.cohort_id)
    return list(await session.scalars(of_memphis.where(Seat.program_id == program_id, City.name == "Memphis")))


async def _cities(session: AsyncSession, program_id: int, count: int) -> list[int]:
    """Seats of so many new cities in the cohort."""
    rows = [
        {"program_id": program_id, "name": f"City {number}", "state": "TN", "time_zone": names.ZONE}
        for number in range(count)
    ]
    cities = await session.scalars(insert(City).returning(City.id, sort_by_parameter_order=True), rows)
    cohort_id = await session.scalar(select(Cohort.id).where(Cohort.program_id == program_id).limit(1))
    seats = [{"program_id": program_id, "cohort_id": cohort_id, "city_id": one} for one in cities]
    return list(await session.scalars(insert(Seat).returning(Seat.id, sort_by_parameter_order=True), seats))
