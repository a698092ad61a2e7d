"""What both ways to an app have in common: what is sent, how long Slack waits for it, and what came of one try."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

EVENTS = "events_api"
TAKES_A_BODY = {"slash_commands", "view_submission", "block_suggestion"}
TIMEOUT, CONNECTION, REDIRECTS, SSL, STATUS, UNKNOWN = (
    "http_timeout",
    "connection_failed",
    "too_many_redirects",
    "ssl_error",
    "http_error",
    "unknown_error",
)
"""Slack's names for why a delivery over HTTP failed (`x-slack-retry-reason`)."""


@dataclass(frozen=True)
class Timing:
    """How long Slack waits, in seconds. For Socket Mode Slack publishes neither figure for events, so both are ours to set.

    `ack` and `event_ack` are machine time; `retry_after` (one pause before each redelivery) is time of the sandbox's clock.
    `debug_reconnect` is how long a socket lives whose address has `debug_reconnects=true`.
    """

    ack: float = 3.0
    event_ack: float = 3.0
    retry_after: tuple[float, ...] = (0, 60, 300)
    warning_close: float = 10.0
    refresh_close: float = 3.0
    debug_reconnect: float = 30.0


@dataclass(frozen=True)
class Parcel:
    """One payload on its way. `kind` is Socket Mode's type of envelope, `name` what the payload says it is.

    `unheard`: the app's answer is to be lost on its way back, as a fault may order.
    """

    kind: str
    name: str
    payload: Json
    attempt: int = 0
    reason: str = ""
    unheard: bool = False

    @property
    def takes_a_body(self) -> bool:
        return self.name in TAKES_A_BODY

    @property
    def team_id(self) -> str:
        return team_of(self.payload)

    def seconds(self, timing: Timing) -> float:
        """How long Slack waits for the acknowledgement."""
        return timing.event_ack if self.kind == EVENTS else timing.ack


def team_of(payload: Json) -> str:
    """The workspace that a payload comes from."""
    return str(payload.get("team_id") or (payload.get("team") or {}).get("id", ""))


@dataclass(frozen=True)
class Ack:
    """What the app answered; `body` is None when it sent no payload."""

    body: Json | None


@dataclass(frozen=True)
class Failure:
    """Why the app's answer does not count: Slack's `reason`, words for the record, and whether it asked for no retries."""

    reason: str
    words: str
    no_retry: bool = False
