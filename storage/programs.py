"""Programs and their workspaces; the first start makes both, and numbers are given per program."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import insert
from storage.models import Base, Program, Workspace

TABLE = Base.metadata.tables[Program.__tablename__]
# Built once: every `/commit` asks for a number, and holds the program's row until it commits.
NEXT_COMMITMENT = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("program"))
    .values(last_commitment_number=TABLE.c.last_commitment_number + 1)
    .returning(TABLE.c.last_commitment_number)
)


async def ensure(
    session: AsyncSession, *, team_id: str, name: str, bot_user_id: str, time_zone: str, at: datetime
) -> Workspace:
    """The workspace with this team id; on the first start it is made, with a program of the same name."""
    found = await by_team(session, team_id)
    if found is not None:
        query = update(Workspace).where(Workspace.program_id == found.program_id, Workspace.id == found.id)
        query = query.where(or_(Workspace.bot_user_id != bot_user_id, Workspace.name != name))
        await session.execute(query.values(bot_user_id=bot_user_id, name=name))
        return found
    program = Program(name=name, time_zone=time_zone, created_at=at)
    session.add(program)
    await session.flush()
    values = {"team_id": team_id, "name": name, "bot_user_id": bot_user_id, "created_at": at}
    query = insert(session, Workspace).values(program_id=program.id, **values)
    workspace: Workspace | None = await session.scalar(query.on_conflict_do_nothing().returning(Workspace))
    if workspace is not None:
        return workspace
    await session.delete(program)  # somebody else was taking in the same workspace
    await session.flush()
    return await ensure(session, team_id=team_id, name=name, bot_user_id=bot_user_id, time_zone=time_zone, at=at)


async def by_team(session: AsyncSession, team_id: str) -> Workspace | None:
    query = (
        select(Workspace)
        .where(Workspace.team_id == team_id)
        .execution_options(across_programs="a team id names its program")
    )
    return await session.scalar(query)


async def of(session: AsyncSession, program_id: int) -> Program:
    query = select(Program).where(Program.id == program_id)
    return (await session.scalars(query)).one()


async def workspaces(session: AsyncSession, program_id: int) -> list[Workspace]:
    query = select(Workspace).where(Workspace.program_id == program_id).order_by(Workspace.id)
    return list(await session.scalars(query))


async def workspace(session: AsyncSession, program_id: int, workspace_id: int) -> Workspace:
    query = select(Workspace).where(Workspace.program_id == program_id, Workspace.id == workspace_id)
    return (await session.scalars(query)).one()


async def next_commitment_number(session: AsyncSession, program_id: int) -> int:
    """The next small number of the program; given once, even to two processes at the same time."""
    number: int = (await session.scalars(NEXT_COMMITMENT, {"program": program_id})).one()
    return number


async def next_check_in_number(session: AsyncSession, program_id: int) -> int:
    query = (
        update(Program).where(Program.id == program_id).values(last_check_in_number=Program.last_check_in_number + 1)
    )
    return (await session.scalars(query.returning(Program.last_check_in_number))).one()
