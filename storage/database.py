"""Opens the database: one writing connection and reading ones on SQLite, a pool on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from storage import sqlite as driver

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
ANALYSIS = ("PRAGMA analysis_limit=1000", "ANALYZE")
BUSY_SECONDS = 1.0
IDLE_SECONDS = 10.0
OWES = "owes"  # what `deliveries` notes in a session's `info`
DUE = "due"  # where `wake` notes in it which jobs have something to do at once


@dataclass(frozen=True)
class Sessions:
    """`sessions()` reads and cannot write; `sessions.begin()` writes and commits.

    `owed` is set when something was committed that is to be sent: the sender waits for it; `due` when jobs are to be done at once,
    which are `woken`.
    """

    read: async_sessionmaker[AsyncSession]
    write: async_sessionmaker[AsyncSession]
    engines: tuple[AsyncEngine, ...]
    owed: asyncio.Event = field(default_factory=asyncio.Event)
    due: asyncio.Event = field(default_factory=asyncio.Event)
    woken: set[str] = field(default_factory=set)

    def __call__(self) -> AsyncSession:
        return self.read()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        async with self.write.begin() as session:
            yield session
        if session.info.get(OWES):
            self.owed.set()
        if session.info.get(DUE):
            self.woken.update(session.info[DUE])
            self.due.set()

    async def close(self) -> None:
        for engine in self.engines:
            await engine.dispose()


def connect(url: str, *, ping_after: float = 0.5) -> Sessions:
    """Sessions on `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`; nothing is connected before the first use.

    A connection to a server that rested for `ping_after` seconds is looked at before it is used.
    """
    if url.startswith("sqlite"):
        # The writer connects first: it creates the file.
        writer = _sqlite(url, "BEGIN IMMEDIATE", PRAGMAS, pool_size=1, max_overflow=0)
        reader = _sqlite(url, "BEGIN", (*PRAGMAS, "query_only=ON"), pool_size=5, max_overflow=0)
    else:
        writer = _postgresql(url, ping_after)
        # Each statement sees the newest commit anyway: a transaction around them would only cost two more round trips.
        reader = _postgresql(url, ping_after, isolation_level="AUTOCOMMIT", default_transaction_read_only="on")
    read, write = (async_sessionmaker(engine, expire_on_commit=False) for engine in (reader, writer))
    return Sessions(read, write, (writer, reader))


async def analyze(sessions: Sessions) -> None:
    """Let SQLite see how its rows are spread; a server sees by itself.

    Without that it takes the rows of a program for a few, and looks through all of them where it was asked for those of one person.
    """
    if sessions.write.kw["bind"].dialect.name == "sqlite":
        async with sessions.begin() as session:
            for statement in ANALYSIS:
                await session.execute(text(statement))


def insert(session: AsyncSession, table: Any) -> Any:
    """INSERT of this session's database, so that `on_conflict_do_nothing` and `on_conflict_do_update` exist."""
    return INSERT[session.get_bind().dialect.name](table)


def engine_of(session: AsyncSession) -> Engine:
    """The database behind a session: what is remembered of one belongs to it alone."""
    bind = session.get_bind()
    return bind if isinstance(bind, Engine) else bind.engine


def wake(session: AsyncSession, what: str) -> None:
    """Let the jobs that are `woken_by` this run as soon as the transaction is committed."""
    session.info.setdefault(DUE, set()).add(what)


async def next_ids(session: AsyncSession, table: Any, count: int) -> list[int]:
    """Ids for so many new rows of a table, which then go in with one statement. On SQLite nobody else writes meanwhile."""
    name = table.__tablename__
    if session.get_bind().dialect.name == "postgresql":
        series = select(func.nextval(func.pg_get_serial_sequence(name, "id"))).select_from(
            func.generate_series(1, count)
        )
        return list(await session.scalars(series))
    highest = select(func.coalesce(func.max(table.id), 0)).execution_options(across_programs="ids are of all programs")
    first = (await session.scalars(highest)).one() + 1
    return list(range(first, first + count))


def _postgresql(url: str, ping_after: float, isolation_level: str = "READ COMMITTED", **server: str) -> AsyncEngine:
    """No waiting for locks for long; and what a process that stands still inside a transaction has locked is let go for the others."""
    timeouts = {"lock_timeout": BUSY_SECONDS, "idle_in_transaction_session_timeout": IDLE_SECONDS}
    server |= {name: str(int(seconds * 1000)) for name, seconds in timeouts.items()}
    connect_args = {"timeout": BUSY_SECONDS, "command_timeout": 10.0, "server_settings": server}
    engine = create_async_engine(
        url, pool_timeout=BUSY_SECONDS, isolation_level=isolation_level, connect_args=connect_args
    )
    _ping_after_a_rest(engine, ping_after)
    return engine


def _ping_after_a_rest(engine: AsyncEngine, seconds: float) -> None:
    """See whether a connection is still there before it is used, but not between two requests that follow each other."""

    @event.listens_for(engine.sync_engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:
        record.info["since"] = monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def ping(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.get("since", monotonic()) < seconds:
            return
        try:
            engine.sync_engine.dialect.do_ping(connection)
        except engine.sync_engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool takes another one


def _sqlite(url: str, begin: str, pragmas: Sequence[str], **pool: int) -> AsyncEngine:
    connect_args = {"timeout": BUSY_SECONDS, "isolation_level": None, "async_creator_fn": driver.connect}
    engine = create_async_engine(url, connect_args=connect_args, pool_timeout=BUSY_SECONDS, **pool)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.connection.driver_connection.begin(begin)

    return engine
