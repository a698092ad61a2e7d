"""Slack's rate limits: calls a minute by a method's tier, messages a second by channel, counted on the sandbox's clock."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.records import SlackError

MINUTE = 60.0
READING_HISTORY = ("conversations.history", "conversations.replies")
RARE_MOST = 15


def _tiers() -> dict[str, int]:
    return {"t1": 1, "t2": 20, "t3": 50, "t4": 100}


@dataclass(frozen=True)
class Limits:
    """How much an app may call. Slack publishes the tiers and one message a second; `burst` and `messages_a_minute` are ours.

    Slack says "short bursts" and "several hundred messages per minute". `rare_history` is for an app that is distributed
    outside the Marketplace: history and replies once a minute, 15 messages at most.
    """

    a_minute: dict[str, int] = field(default_factory=_tiers)
    special: dict[str, int] = field(default_factory=lambda: {"auth.test": 600})
    messages_a_second: float = 1.0
    burst: int = 4
    messages_a_minute: int = 600
    rare_history: bool = False


@dataclass
class RateLimits:
    """What was called within the last minute, and how many messages each channel may still take at once."""

    limits: Limits
    now: Callable[[], float]
    _calls: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _room: dict[str, tuple[float, float]] = field(default_factory=dict)

    def count(self, method: str, tier: str, place: str = "") -> None:
        """Count a call; `place` is the conversation that a message goes to. Raises `ratelimited`, and then counts nothing."""
        waits = [(method, self._most(method, tier))]
        waits += [("messages", self.limits.messages_a_minute)] if place else []
        wait = max([self._wait(name, most) for name, most in waits if most] + [self._wait_for(place) if place else 0.0])
        if wait > 0:
            raise SlackError("ratelimited", extra={"retry_after": max(1, math.ceil(wait))})
        for name, most in waits:
            if most:
                self._calls[name].append(self.now())
        if place:
            self._room[place] = (self._left(place) - 1, self.now())

    def _most(self, method: str, tier: str) -> int:
        if self.limits.rare_history and method in READING_HISTORY:
            return 1
        return self.limits.special.get(method) or self.limits.a_minute.get(tier, 0)

    def _wait(self, name: str, most: int) -> float:
        """Seconds until one of the last minute's calls is old enough."""
        times, now = self._calls[name], self.now()
        while times and times[0] <= now - MINUTE:
            times.popleft()
        return times[-most] + MINUTE - now if len(times) >= most else 0.0

    def _wait_for(self, place: str) -> float:
        left = self._left(place)
        return (1 - left) / self.limits.messages_a_second if left < 1 else 0.0

    def _left(self, place: str) -> float:
        """How many messages the place takes now: a bucket that fills by one a second up to the burst."""
        left, since = self._room.get(place, (float(self.limits.burst), self.now()))
        return min(float(self.limits.burst), left + (self.now() - since) * self.limits.messages_a_second)
