"""The database itself: who reads cannot write, one writes at a time, a commit is on the disk, and moments are instants."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import asyncpg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Sessions
from storage.models import Program, SeenEvent

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
ONE = select(1)


@contextmanager
def somebody_else(database_url: str) -> Iterator[sqlite3.Connection]:
    """Another process on the same file, which waits for nobody."""
    connection = sqlite3.connect(database_url.split("///")[1], isolation_level=None, timeout=0)
    yield connection
    connection.close()


def seen(at: datetime) -> SeenEvent:
    return SeenEvent(event_id="Ev1", at=at)


async def pragmas(session: AsyncSession) -> dict[str, object]:
    names = ("journal_mode", "synchronous", "foreign_keys", "query_only")
    return {name: (await session.execute(text(f"PRAGMA {name}"))).scalar_one() for name in names}


async def test_who_reads_cannot_write(sessions: Sessions, at: datetime) -> None:
    async with sessions() as session:
        session.add(seen(at))
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            await session.flush()
    async with sessions.begin() as session:
        assert (await session.scalars(select(SeenEvent))).all() == []
        session.add(seen(at))


@SQLITE
async def test_a_commit_is_on_the_disk_and_no_row_points_nowhere(sessions: Sessions) -> None:
    full = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    async with sessions.begin() as session:
        assert await pragmas(session) == {**full, "query_only": 0}
    async with sessions() as session:
        assert await pragmas(session) == {**full, "query_only": 1}


@SQLITE
async def test_who_writes_locks_at_the_first_look_and_who_reads_locks_nobody_out(
    sessions: Sessions, database_url: str
) -> None:
    """Else two could read the same, decide the same, and the second one fail only when it writes."""
    with somebody_else(database_url) as other:
        async with sessions.begin() as session:
            await session.execute(ONE)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        async with sessions() as session:
            await session.execute(ONE)
            other.execute("BEGIN IMMEDIATE")
            other.execute("COMMIT")


@SQLITE
async def test_a_lock_is_waited_for_a_second_at_most(sessions: Sessions, database_url: str, at: datetime) -> None:
    async with sessions.begin() as session:
        await session.execute(ONE)  # connecting, too, needs the file for a moment
    with somebody_else(database_url) as other:
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        with pytest.raises(DBAPIError, match="locked"):
            async with sessions.begin() as session:
                session.add(seen(at))
        assert time.monotonic() - started < 2


@POSTGRESQL
async def test_a_lock_of_the_server_is_waited_for_a_second_at_most(
    sessions: Sessions, database_url: str, at: datetime
) -> None:
    other = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    async with other.transaction():
        await other.execute("LOCK TABLE seen_events IN ACCESS EXCLUSIVE MODE")
        started = time.monotonic()
        with pytest.raises(DBAPIError, match="lock timeout"):
            async with sessions.begin() as session:
                session.add(seen(at))
        assert time.monotonic() - started < 2
    await other.close()


async def test_a_moment_without_a_time_zone_is_refused(sessions: Sessions, at: datetime) -> None:
    async with sessions() as session:
        with pytest.raises(StatementError, match="a moment needs a time zone"):
            await session.execute(select(SeenEvent).where(SeenEvent.at < at.replace(tzinfo=None)))


async def test_a_moment_of_another_zone_comes_back_as_the_same_instant(sessions: Sessions, at: datetime) -> None:
    there = at.astimezone(timezone(timedelta(hours=-10)))
    async with sessions.begin() as session:
        session.add(Program(name="Office", time_zone="Pacific/Honolulu", created_at=there))
    async with sessions() as session:
        query = select(Program.created_at).execution_options(across_programs="the test reads all")
        assert (await session.scalars(query)).all() == [at]
