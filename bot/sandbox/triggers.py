"""Trigger ids: the right to open a form, good for three seconds and for one use."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.records import SlackError

LIFE = 3.0
"""Seconds of machine time, as Slack gives them; a turned clock does not age a trigger."""


@dataclass
class Triggers:
    life: float = LIFE
    machine_time: Callable[[], float] = time.monotonic
    _issued: dict[str, tuple[str, float]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def issue(self, user_id: str) -> str:
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = (user_id, self.machine_time() + self.life)
        return trigger_id

    def use(self, trigger_id: str) -> str:
        """The person the trigger belongs to. Raises SlackError when it is unknown, used up or too old."""
        user_id = self.peek(trigger_id)
        self._used.add(trigger_id)
        return user_id

    def peek(self, trigger_id: str) -> str:
        """As `use`, but the trigger may be used afterwards: a refused view does not use it up."""
        if trigger_id not in self._issued:
            raise SlackError("invalid_trigger_id")
        if trigger_id in self._used:
            raise SlackError("exchanged_trigger_id")
        user_id, expires = self._issued[trigger_id]
        if self.machine_time() > expires:
            raise SlackError("expired_trigger_id")
        return user_id
