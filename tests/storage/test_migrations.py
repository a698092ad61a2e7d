"""Migrations: from nothing to the present tables on both databases, twice, with nothing left to do."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from storage import database, migrations
from storage.models import Base
from tests import cast, databases


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it."""
    if request.param == "sqlite":
        return databases.sqlite_url(tmp_path)
    return asyncio.run(databases.new_postgres(request.getfixturevalue("postgres"), "migrated"))


def test_the_migrations_make_the_tables_of_the_models(empty_url: str) -> None:
    migrations.upgrade(empty_url)
    migrations.upgrade(empty_url)

    assert asyncio.run(_differences(empty_url)) == []
    current, wanted = asyncio.run(migrations.pending(empty_url))
    assert current == wanted is not None


def test_a_filled_database_keeps_its_rows(empty_url: str) -> None:
    migrations.upgrade(empty_url)
    asyncio.run(_enter(empty_url))
    migrations.upgrade(empty_url)

    assert asyncio.run(_count(empty_url)) == len(cast.PEOPLE)


async def _differences(url: str) -> list[Any]:
    def compare(connection: Connection) -> list[Any]:
        return list(
            compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
        )

    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


async def _enter(url: str) -> None:
    sessions = database.connect(url)
    async with sessions.begin() as session:
        await cast.enter(session)
    await sessions.close()


async def _count(url: str) -> int:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT id FROM members")).all()
    await engine.dispose()
    return len(rows)
