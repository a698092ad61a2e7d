"""How fast the sender may go. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

BATCH = 50
A_MINUTE = timedelta(seconds=61)
"""Slack counts calls when they arrive, somewhat later than they begin here: the second more keeps it from refusing the first ones."""


@dataclass
class Pace:
    """How fast the sender may go: a workspace-wide rate, one message a second and place, and what Slack asked to wait for.

    `expected` are the ids of deliveries that were taken, and whose calls have not begun.
    """

    a_minute: int
    between: timedelta
    wait_until: datetime | None = None
    sent: list[datetime] = field(default_factory=list)
    places: dict[str, datetime] = field(default_factory=dict)
    refused: dict[str, datetime] = field(default_factory=dict)
    expected: set[int] = field(default_factory=set)

    def allowed(self, now: datetime) -> int:
        """How many more messages may be taken now."""
        if self.wait_until and now < self.wait_until:
            return 0
        if not self.a_minute:
            return BATCH
        self.sent = [at for at in self.sent if at > now - A_MINUTE]
        return max(0, min(BATCH, self.a_minute - len(self.sent) - len(self.expected)))

    def free_at(self, now: datetime) -> datetime:
        """When the next message may go out at the earliest."""
        until = self.wait_until or now
        if self.a_minute and len(self.sent) >= self.a_minute:
            until = max(until, self.sent[-self.a_minute] + A_MINUTE)
        return max(now, until)

    def take(self, place: str, now: datetime) -> datetime | None:
        """Take a turn for this place: None when it is free, else the moment when it is."""
        free = self.places.get(place)
        if free is not None and free > now:
            return free
        self.places = {name: until for name, until in self.places.items() if until > now}
        self.places[place] = now + self.between
        if self.a_minute:
            self.sent.append(now)
        return None

    def rest(self, place: str, now: datetime, until: datetime) -> None:
        """Slack asked to wait. One place waits alone; when another was refused, too, it is not the place: then everything waits."""
        self.refused = {name: at for name, at in self.refused.items() if at > now} | {place: until}
        self.places[place] = until
        if len(self.refused) > 1:
            self.wait_until = max(self.wait_until or until, until)
