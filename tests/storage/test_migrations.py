"""Migrations: from nothing to the present tables on both databases, twice, with nothing left to do."""

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from handlers import cadence
from handlers.cadence import Cadence
from storage import database, migrations
from storage.models import Base
from tests import cast, databases

LOCK = int.from_bytes(b"civic")  # what who migrates holds meanwhile
REBUILD = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "rebuild", "{before}", None, None


def upgrade() -> None:
    with op.batch_alter_table("members", recreate="always"):
        pass
"""
FIRST_TABLES = (
    "INSERT INTO programs VALUES (1, 'City network', 'America/New_York', 2, 0, 0, 0, 0, '2026-10-01')",
    "INSERT INTO networks VALUES (1, 1, 'City Accelerator')",
    "INSERT INTO cohorts (id, program_id, network_id, name, theme, created_at) VALUES (1, 1, 1, 'Procurement', '', '2026-10-01')",
    "INSERT INTO cities VALUES (1, 1, 'Memphis', 'TN', NULL)",
    "INSERT INTO seats VALUES (1, 1, 1, 1)",
    "INSERT INTO members (id, program_id, name, title, expertise, created_at) VALUES (1, 1, 'Ana', '', '[]', '2026-10-01')",
    "INSERT INTO delegates (program_id, seat_id, member_id, role, until_on) VALUES (1, 1, 1, 'lead', '2026-12-31')",
    "INSERT INTO facilitators (program_id, member_id, cohort_id) VALUES (1, 1, 1)",
)

CHECK_IN = (
    "INSERT INTO check_ins (id, program_id, number, cohort_id, name, cadence, at, window_hours, one_per_city, any_hour, created_by, "
    "created_at, next_on) VALUES ({0}, 1, {0}, 1, 'Pulse', '{1}', '09:00:00', 48, {3}, {3}, 1, '2026-09-01', {2})"
)
OLD_CHECK_INS = tuple(
    CHECK_IN.format(number, json.dumps(kept), next_on, "false")
    for number, (kept, next_on) in enumerate(
        (
            ({"kind": "weekly", "every": 1, "weekdays": [0]}, "'2026-10-05'"),
            ({"kind": "weekly", "every": 1, "weekdays": [4, 1]}, "NULL"),
            ({"kind": "weekly", "every": 2, "weekdays": [2]}, "'2026-10-14'"),
            ({}, "NULL"),
        ),
        1,
    )
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it."""
    if request.param == "sqlite":
        return databases.sqlite_url(tmp_path)
    return asyncio.run(databases.new_postgres(request.getfixturevalue("postgres"), "migrated"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_urls(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """Two databases of a kind with nothing in them."""
    if request.param == "sqlite":
        (tmp_path / "other").mkdir()
        return [databases.sqlite_url(tmp_path), databases.sqlite_url(tmp_path / "other")]
    postgres = request.getfixturevalue("postgres")
    return [asyncio.run(databases.new_postgres(postgres, f"made_{number}")) for number in range(2)]


def test_the_migrations_make_the_tables_of_the_models(empty_url: str) -> None:
    _migrate(empty_url)
    migrations.upgrade(empty_url)

    assert asyncio.run(_differences(empty_url)) == []
    current, wanted = asyncio.run(migrations.pending(empty_url))
    assert current == wanted is not None


def test_a_new_database_is_the_same_as_one_that_went_through_all_migrations(empty_urls: list[str]) -> None:
    """Columns, defaults, keys and indexes with their names: a new one gets its tables straight from the models."""
    new, old = empty_urls
    migrations.upgrade(new)
    _migrate(old)

    made, migrated = asyncio.run(_schema(new)), asyncio.run(_schema(old))
    assert made.keys() == migrated.keys()
    assert {name: made[name] ^ migrated[name] for name in made if made[name] != migrated[name]} == {}
    assert asyncio.run(migrations.pending(new)) == asyncio.run(migrations.pending(old))


def test_a_database_in_which_something_stands_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    url = databases.sqlite_url(tmp_path)
    with closing(sqlite3.connect(tmp_path / "civic.db")) as raw:
        raw.execute("CREATE TABLE members (id INTEGER)")
    with pytest.raises(OperationalError, match="members already exists"):
        migrations.upgrade(url)


def test_a_filled_database_keeps_its_rows(empty_url: str) -> None:
    migrations.upgrade(empty_url)
    asyncio.run(_enter(empty_url))
    migrations.upgrade(empty_url)

    assert asyncio.run(_count(empty_url)) == len(cast.PEOPLE)


def test_a_migration_that_would_leave_rows_that_point_nowhere_is_refused(tmp_path: Path) -> None:
    url = databases.sqlite_url(tmp_path)
    migrations.upgrade(url)
    with closing(sqlite3.connect(tmp_path / "civic.db")) as raw:
        raw.execute("INSERT INTO networks (program_id, name) VALUES (99, 'Of no program')")
        raw.commit()
    with pytest.raises(RuntimeError, match="would leave 1 rows that point nowhere"):
        migrations.upgrade(url)


def test_a_table_that_is_rebuilt_keeps_the_rows_that_point_to_it(tmp_path: Path) -> None:
    """SQLite changes a table by dropping it, which would take along, or be stopped by, what points to it."""
    url = databases.sqlite_url(tmp_path)
    migrations.upgrade(url)
    asyncio.run(_enter(url))
    current, _ = asyncio.run(migrations.pending(url))
    (tmp_path / "rebuild.py").write_text(REBUILD.format(before=current))
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{Path(migrations.__file__).parent / 'versions'}\n{tmp_path}")
    config.attributes["url"] = url
    command.upgrade(config, "head")

    assert asyncio.run(_count(url)) == len(cast.PEOPLE)
    with closing(sqlite3.connect(tmp_path / "civic.db")) as raw:
        assert raw.execute("SELECT count(*) FROM identities").fetchone() == (len(cast.PEOPLE),)
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("rebuild",)]


def test_seats_and_their_history_come_through_the_migration_that_widens_them(tmp_path: Path) -> None:
    """A database of the first tables, with everybody on their seats, gets the later columns and loses nothing."""
    url = databases.sqlite_url(tmp_path)
    _migrate(url, "0001")
    with closing(sqlite3.connect(tmp_path / "civic.db")) as raw:
        for statement in FIRST_TABLES:
            raw.execute(statement)
        raw.commit()
    migrations.upgrade(url)
    with closing(sqlite3.connect(tmp_path / "civic.db")) as raw:
        assert raw.execute("SELECT name, phases, changed_by FROM cohorts").fetchall() == [("Procurement", "[]", None)]
        kept = raw.execute("SELECT role, until_on, why, takes, note, greeting, ended_at FROM delegates").fetchall()
        assert kept == [("lead", "2026-12-31", "", "[]", "", None, None)]
        assert raw.execute("SELECT head FROM facilitators").fetchall() == [(0,)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


def test_check_ins_by_weekdays_come_through_as_rules_with_the_same_dates(empty_url: str) -> None:
    _migrate(empty_url, "0001")
    asyncio.run(_run(empty_url, (*FIRST_TABLES, *OLD_CHECK_INS)))
    migrations.upgrade(empty_url)

    rows = asyncio.run(_run(empty_url, (), "SELECT rule, event, next_on FROM check_ins ORDER BY id"))
    dates = [cadence.dates_after(Cadence(rule), date(2026, 10, 1), 3) for rule, *_ in rows]
    assert dates[0] == [date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 19)]
    assert dates[1] == [date(2026, 10, 1) + timedelta(days=days) for days in (1, 5, 8)]
    assert dates[2] == [date(2026, 10, 14), date(2026, 10, 28), date(2026, 11, 11)]
    assert [event for _, event, _ in rows] == [None] * 4
    assert rows[3][0] == "", "what had no weekdays had no dates"


async def test_who_migrates_a_server_waits_for_another_who_does(postgres: str) -> None:
    url = await databases.new_postgres(postgres, "migrated_by_two")
    other = await asyncpg.connect(url.replace("+asyncpg", ""))
    await other.execute("SELECT pg_advisory_lock($1)", LOCK)
    migrating = asyncio.create_task(migrations.upgrade_async(url))
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    async with asyncio.timeout(20):
        while not await other.fetchval(waiting):
            assert not migrating.done(), "it did not wait"
            await asyncio.sleep(0.02)
    assert await other.fetchval("SELECT count(*) FROM pg_tables WHERE tablename = 'members'") == 0
    await other.execute("SELECT pg_advisory_unlock($1)", LOCK)
    await migrating
    assert await other.fetchval("SELECT count(*) FROM pg_tables WHERE tablename = 'members'") == 1
    await other.close()


def _migrate(url: str, revision: str = "head") -> None:
    """The migrations one after the other, as the databases of earlier versions go through them."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["url"] = url
    command.upgrade(config, revision)


async def _schema(url: str) -> dict[str, set[str]]:
    """By table, everything that the database knows about it; in a set, since an added column stands last."""

    def read(connection: Connection) -> dict[str, set[str]]:
        told = inspect(connection)
        return {
            name: {
                _in_words(one)
                for one in (
                    *told.get_columns(name),
                    told.get_pk_constraint(name),
                    *told.get_foreign_keys(name),
                    *told.get_unique_constraints(name),
                    *told.get_check_constraints(name),
                    *told.get_indexes(name),
                )
            }
            for name in told.get_table_names()
        }

    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(read)
    await engine.dispose()
    return found


def _in_words(one: Any) -> str:
    """A column, key or index with all that is said of it; the conditions of an index among it."""
    return str(sorted((key, _in_words(said)) for key, said in one.items())) if isinstance(one, dict) else str(one)


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


async def _run(url: str, statements: tuple[str, ...], query: str = "") -> list[Any]:
    """Statements in a database, and what a query finds then."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.exec_driver_sql(statement)
        found = [tuple(row) for row in await connection.exec_driver_sql(query)] if query else []
    await engine.dispose()
    return found


async def _count(url: str) -> int:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT id FROM members")).all()
    await engine.dispose()
    return len(rows)
