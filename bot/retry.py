"""Again when, or give up: what a failed call to Slack means. Pure."""

from dataclasses import dataclass

WAITS = (2, 10, 60, 300, 1800, 3600)
MOST_TRIES = 80
UNCLEAR = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
SENDERS_FAULT = frozenset(
    {
        "account_inactive", "invalid_auth", "missing_scope", "not_authed", "not_in_channel", "ratelimited", "rate_limited",
        "team_access_not_granted", "token_expired", "token_revoked", "messages_tab_disabled", "not_allowed_token_type",
        "org_login_required", "restricted_action", "access_denied", "ekm_access_denied", "message_limit_exceeded",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Again:
    """Try again after so many seconds; `unclear` when the call may have taken effect all the same."""

    seconds: float
    unclear: bool = False


@dataclass(frozen=True)
class GiveUp:
    reason: str


def after(error: str, tries: int) -> Again | GiveUp:
    """What to do after Slack answered `error` to the try number `tries`, counted from 1.

    What somebody can put right (an invitation to the channel, a scope, a token) is tried for about three days; a message that Slack
    will never take is given up at once.
    """
    if error in UNCLEAR:
        return Again(wait(tries), unclear=True)
    if error in SENDERS_FAULT and tries < MOST_TRIES:
        return Again(wait(tries))
    return GiveUp(error)


def unclear(tries: int) -> Again:
    """What to do when no answer came: the message is looked for before it is sent again, however long Slack cannot be reached."""
    return Again(wait(tries), unclear=True)


def wait(tries: int) -> int:
    """Seconds until the next try; the steps grow to an hour."""
    return WAITS[min(tries, len(WAITS)) - 1]
