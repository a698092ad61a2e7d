"""Names for what listeners and jobs receive."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from slack_bolt.context.ack.async_ack import AsyncAck as Ack
from slack_bolt.context.respond.async_respond import AsyncRespond as Respond
from slack_sdk.web.async_client import AsyncWebClient as Client
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Sessions

__all__ = ["Ack", "Client", "Clock", "Job", "Json", "Respond", "Services", "Sessions", "Settings"]

Json = dict[str, Any]


class Clock(Protocol):
    """The one clock: due moments, windows, pacing. Leases and signatures use machine time."""

    def now(self) -> datetime:
        """The current instant, aware UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait on this clock."""


class Settings(Protocol):
    """What features may know of the settings: the names of the commands, and where the app is installed ("": nowhere else)."""

    @property
    def command_cohort(self) -> str: ...
    @property
    def command_checkin(self) -> str: ...
    @property
    def command_commit(self) -> str: ...
    @property
    def command_practices(self) -> str: ...
    @property
    def install_url(self) -> str: ...


@dataclass(frozen=True)
class Services:
    """What a job of the clock works with. `slack` gives the client of a workspace by its team id, or raises `errors.NotInstalled`."""

    sessions: Sessions
    clock: Clock
    slack: Callable[[str], Awaitable[Client]]
    settings: Settings


@dataclass(frozen=True)
class Job:
    """Something the clock does. `run` does what is due now and returns how many it did, at most one batch: it is called again until 0.

    With `batch`, the most that it does in one call, fewer were the last: who waits for one message is spared another look.

    `next_due` is the moment of the next thing to do, None when there is none: a `Next` or `NextDay` (storage/moments.py), which is asked
    together with those of other jobs, or a function of its own. `woken_by` is what storage notes when it cannot wait for the next tick.
    """

    name: str
    run: Callable[[Services], Awaitable[int]]
    next_due: Callable[[AsyncSession], Awaitable[datetime | None]]
    woken_by: str = ""
    batch: int = 1
