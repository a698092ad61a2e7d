"""Opens the database: one writing connection and reading ones on SQLite, a pool on PostgreSQL."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
BUSY_SECONDS = 1.0
IDLE_SECONDS = 10.0


@dataclass(frozen=True)
class Sessions:
    """`sessions()` reads and cannot write; `sessions.begin()` writes and commits."""

    read: async_sessionmaker[AsyncSession]
    write: async_sessionmaker[AsyncSession]
    engines: tuple[AsyncEngine, ...]

    def __call__(self) -> AsyncSession:
        return self.read()

    def begin(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self.write.begin()

    async def close(self) -> None:
        for engine in self.engines:
            await engine.dispose()


def connect(url: str) -> Sessions:
    """Sessions on `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`; nothing is connected before the first use."""
    if url.startswith("sqlite"):
        # The writer connects first: it creates the file.
        writer = _sqlite(url, "BEGIN IMMEDIATE", PRAGMAS, pool_size=1, max_overflow=0)
        reader = _sqlite(url, "BEGIN", (*PRAGMAS, "query_only=ON"), pool_size=5, max_overflow=0)
        engines: tuple[AsyncEngine, ...] = (writer, reader)
    else:
        writer = create_async_engine(
            url, pool_timeout=BUSY_SECONDS, pool_pre_ping=True, connect_args=_postgres_timeouts()
        )
        reader = writer.execution_options(postgresql_readonly=True)
        engines = (writer,)
    read, write = (async_sessionmaker(engine, expire_on_commit=False) for engine in (reader, writer))
    return Sessions(read, write, engines)


def insert(session: AsyncSession, table: Any) -> Any:
    """INSERT of this session's database, so that `on_conflict_do_nothing` and `on_conflict_do_update` exist."""
    return INSERT[session.get_bind().dialect.name](table)


def _postgres_timeouts() -> dict[str, Any]:
    """No waiting for locks for long; and what a process that stands still inside a transaction has locked is let go for the others."""
    server = {"lock_timeout": BUSY_SECONDS, "idle_in_transaction_session_timeout": IDLE_SECONDS}
    milliseconds = {name: str(int(seconds * 1000)) for name, seconds in server.items()}
    return {"timeout": BUSY_SECONDS, "command_timeout": 10.0, "server_settings": milliseconds}


def _sqlite(url: str, begin: str, pragmas: Sequence[str], **pool: int) -> AsyncEngine:
    connect_args = {"timeout": BUSY_SECONDS, "isolation_level": None}
    engine = create_async_engine(url, connect_args=connect_args, pool_timeout=BUSY_SECONDS, **pool)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
