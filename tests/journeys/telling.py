"""What journeys on the clock have in common: making a check-in, and reading what was said to whom and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from tests.handlers.checkins import making
from tests.whole import Slack

Json = dict[str, Any]


@dataclass(frozen=True, order=True)
class Said:
    """One message of the bot: when, of which kind (the first word of its key), and to whom (a first name or a channel)."""

    at: datetime
    kind: str
    to: str


def moment(zone: str, year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """What the clock on the wall of `zone` shows, as UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


async def makes_check_in(slack: Slack, who: str = "Dana", **fields: Any) -> None:
    """Somebody goes through the form behind `/checkin new` and makes a check-in."""
    await making.made(slack, who, **fields)


def said(slack: Slack, kinds: Sequence[str] = ()) -> list[Said]:
    """All that the bot posted so far, in order, by the time in each message's ts; only `kinds`, when some are given.

    What goes out at one moment goes out side by side: it stands here by kind and name.
    """
    found = [_said(slack, call) for call in slack.sandbox.calls if _is_post(call)]
    wanted = [one for one in found if not kinds or one.kind in kinds]
    return [one for _at, together in groupby(wanted, lambda one: one.at) for one in sorted(together)]


def latest(slack: Slack, who: str, words: str) -> Json:
    """The newest message in somebody's direct message that has these words in it."""
    return next(one for one in reversed(slack.person(who).messages) if words in str(one))


def when(message: Json) -> datetime:
    """The moment at which a message was posted."""
    return datetime.fromtimestamp(int(message["ts"].split(".")[0]), UTC)


def texts(messages: Sequence[Json]) -> list[str]:
    return [message["text"] for message in messages]


def words(shown: Any) -> str:
    """Everything that can be read in a message, a form or a list of them: the texts of its blocks and buttons, line by line."""
    if isinstance(shown, list):
        return "\n".join(words(one) for one in shown)
    if not isinstance(shown, dict):
        return ""
    own = [shown["text"]] if isinstance(shown.get("text"), str) else []
    return "\n".join([*own, *filter(None, (words(value) for value in shown.values()))])


def _is_post(call: Json) -> bool:
    return call["method"] == "chat.postMessage" and bool(call["response"]["ok"])


def _said(slack: Slack, call: Json) -> Said:
    response = call["response"]
    at = when(response)
    assert abs((datetime.fromisoformat(call["at"]) - at).total_seconds()) < 1, (
        "the ts tells another time than the clock"
    )
    key = response["message"]["metadata"]["event_payload"]["key"]
    channel = slack.workspace.channels[response["channel"]]
    others = [user for user in channel.members if user != slack.workspace.bot_user_id]
    to = slack.workspace.people[others[0]].real_name.split()[0] if channel.is_im else f"#{channel.name}"
    return Said(at, key.split(":")[0], to)
