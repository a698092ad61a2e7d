"""The last look at the clock before a call to Slack: one that comes too late is not sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp.connector import Connection

_until: ContextVar[datetime | None] = ContextVar("until", default=None)


class TooLate(Exception):  # noqa: N818 (it reads as what happened)
    """The call was not made."""


class Request(aiohttp.ClientRequest):
    """Looks when the connection stands, and nothing is between it and the first byte: making one takes time, and the process may stop."""

    async def write_bytes(self, writer: Any, conn: Connection, content_length: int | None = None) -> None:
        until = _until.get()
        if until is None or datetime.now(UTC) < until:
            await super().write_bytes(writer, conn, content_length)
        elif conn.protocol is not None:
            conn.protocol.set_exception(TooLate())  # whoever waits for the answer gets it


@contextmanager
def begun_before(until: datetime) -> Iterator[None]:
    """Calls in this block are sent before a moment of machine time, or not at all: then `TooLate` is raised."""
    before = _until.set(until)
    try:
        yield
    finally:
        _until.reset(before)
