"""SQLite's driver with one change of threads for each statement; aiosqlite alone makes four, each dearer than most statements."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite


class Connection(aiosqlite.Connection):
    """Begins a transaction together with its first statement, and does not wait for what is undone."""

    begin_with = ""

    def begin(self, statement: str) -> None:
        """The next statement begins a transaction with `statement`, whose error is then its own."""
        self.begin_with = statement

    def cursor(self) -> "Cursor":  # type: ignore[override]
        return Cursor(self)

    async def in_thread(self, work: Callable[[sqlite3.Connection], Any]) -> None:
        begin_with, self.begin_with = self.begin_with, ""
        await self._execute(partial(_work, self._conn, begin_with, work))  # type: ignore[no-untyped-call]

    async def commit(self) -> None:
        if not self._unused():
            await super().commit()

    async def rollback(self) -> None:
        if not self._unused():  # the thread does one thing after the other: whoever comes next finds it done
            self._tx.put_nowait((None, self._conn.rollback))

    def _unused(self) -> bool:
        """Whether the transaction never began, for want of a statement."""
        unused, self.begin_with = bool(self.begin_with), ""
        return unused


class Cursor:
    """What SQLAlchemy needs of a cursor; it has everything fetched as soon as the statement ran."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.rows: Sequence[Any] = ()

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> Self:
        await self.connection.in_thread(lambda db: self._fetch(db.execute(operation, parameters)))
        return self

    async def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> Self:
        await self.connection.in_thread(lambda db: self._fetch(db.executemany(operation, parameters)))
        return self

    async def fetchall(self) -> Sequence[Any]:
        return self.rows

    async def close(self) -> None:
        self.rows = ()

    def _fetch(self, cursor: sqlite3.Cursor) -> None:
        self.description, self.rows = cursor.description, cursor.fetchall()
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()


def connect(path: str, **options: Any) -> Connection:
    """As `aiosqlite.connect`, with a thread that does not keep the process from ending."""
    connection = Connection(lambda: sqlite3.connect(path, **options), iter_chunk_size=64)
    connection._thread.daemon = True
    return connection


def _work(db: sqlite3.Connection, begin_with: str, work: Callable[[sqlite3.Connection], Any]) -> None:
    if begin_with:
        db.execute(begin_with)
    work(db)
