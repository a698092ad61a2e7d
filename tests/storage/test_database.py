"""The database itself: who reads cannot write, one writes at a time, a commit is on the disk, and moments are instants."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone

import asyncpg
import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from storage import deliveries
from storage.database import Sessions, connect
from storage.models import Program, SeenEvent
from tests import cast

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


@POSTGRESQL
async def test_a_connection_that_was_cut_meanwhile_is_replaced_before_it_is_used(
    database_url: str, at: datetime
) -> None:
    sessions = connect(database_url, ping_after=0)
    mine = text("SELECT pg_backend_pid()")
    async with sessions() as reading, sessions.begin() as writing:
        cut = [await session.scalar(mine) for session in (reading, writing)]
    other = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    for connection in cut:
        await other.execute("SELECT pg_terminate_backend($1, 1000)", connection)
    async with sessions() as session:
        assert await session.scalar(mine) not in cut
    async with sessions.begin() as session:
        session.add(seen(at))
    await sessions.close()
    await other.close()


@SQLITE
async def test_who_gives_up_while_waiting_leaves_no_transaction_behind(sessions: Sessions, at: datetime) -> None:
    async def write() -> None:
        async with sessions.begin() as session:
            session.add(seen(at))

    async with sessions.begin() as session:
        await session.execute(ONE)
    for looks in range(12):
        writing = asyncio.ensure_future(write())
        for _ in range(looks):
            await asyncio.sleep(0)
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
        async with sessions.begin() as session:  # a transaction left open would stand in the way of this one's BEGIN
            await session.execute(delete(SeenEvent))
    await write()


@SQLITE
async def test_what_was_undone_is_not_there_for_whoever_comes_next(
    sessions: Sessions, database_url: str, at: datetime
) -> None:
    async with sessions.begin() as session:
        session.add(seen(at))
        await session.flush()
        await session.rollback()
    async with sessions.begin() as session:
        assert (await session.scalars(select(SeenEvent))).all() == []
    with somebody_else(database_url) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("COMMIT")


async def test_only_who_commits_something_to_send_wakes_the_sender(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        ana = (await cast.enter(session))["Ana"]
    sessions.owed.clear()
    async with sessions.begin() as session:
        session.add(seen(at))
    assert not sessions.owed.is_set()
    with suppress(ZeroDivisionError):
        async with sessions.begin() as session:
            await deliveries.owe(session, ana, "hello", {"text": "Hello."}, at=at)
            raise ZeroDivisionError
    assert not sessions.owed.is_set()
    async with sessions.begin() as session:
        await deliveries.owe(session, ana, "hello", {"text": "Hello."}, at=at)
        assert not sessions.owed.is_set()
    assert sessions.owed.is_set()
    sessions.owed.clear()
    async with sessions.begin() as session:
        assert not await deliveries.owe(session, ana, "hello", {"text": "Hello."}, at=at)
    assert not sessions.owed.is_set()


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
