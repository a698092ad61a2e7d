"""What sending needs, and what several who send at once share."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from weakref import WeakValueDictionary

import aiohttp

from bot.config import Settings
from bot.pace import Pace
from bot.settling import Pen
from handlers.types import Client, Clock, Sessions


@dataclass(frozen=True)
class Sender:
    """What sending needs. `slack` gives a workspace's client; `http` carries the posts to response_urls.

    Each team has a `pace` of its own. Who takes has the `basket`, and who settles the `pen`, so that many workspaces at once do not wait
    for each other in the database. To one place goes one message after the other: by turns in its lane.
    """

    sessions: Sessions
    clock: Clock
    slack: Callable[[str], Awaitable[Client]]
    http: aiohttp.ClientSession
    settings: Settings
    paces: dict[str, Pace] = field(default_factory=dict)
    basket: asyncio.Lock = field(default_factory=asyncio.Lock)
    lanes: WeakValueDictionary[tuple[str, str], asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @cached_property
    def pen(self) -> Pen:
        return Pen(self.sessions)

    def pace(self, team_id: str) -> Pace:
        """How fast it may go in the workspace of a team."""
        if team_id not in self.paces:
            between = timedelta(seconds=self.settings.seconds_between_messages)
            self.paces[team_id] = Pace(self.settings.messages_a_minute, between)
        return self.paces[team_id]
