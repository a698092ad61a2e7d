"""Writes what became of calls to Slack: outcomes that come while another transaction commits share the next one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.types import Sessions
from storage import outbox
from storage.outbox import Sent

log = logging.getLogger(__name__)
PATIENCE = (0.2, 1.0)  # seconds between tries to write what became of a call
Outcome = Sent | Callable[[AsyncSession], Awaitable[None]]


@dataclass(frozen=True)
class Pen:
    """Outcomes wait in `waiting` for whoever has the `turn` to write them all."""

    sessions: Sessions
    waiting: list[Outcome] = field(default_factory=list)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


async def settle(pen: Pen, outcome: Outcome) -> None:
    """Write one outcome; done when it is committed."""
    pen.waiting.append(outcome)
    async with pen.turn:
        if outcome not in pen.waiting:
            return
        together = pen.waiting.copy()
        pen.waiting.clear()
        try:
            await _write(pen.sessions, together)
        except Exception:
            log.error("What became of %s deliveries could not be written", len(together))
            raise


async def _write(sessions: Sessions, together: list[Outcome]) -> None:
    """All in one transaction; tried again when the database is busy: what is not written must be looked for in Slack, much later."""
    for wait in (*PATIENCE, None):
        try:
            async with sessions.begin() as session:
                await outbox.all_sent(session, [one for one in together if isinstance(one, Sent)])
                for one in together:
                    if not isinstance(one, Sent):
                        await one(session)
                return
        except SQLAlchemyError:
            if wait is None:
                raise
            await asyncio.sleep(wait)
