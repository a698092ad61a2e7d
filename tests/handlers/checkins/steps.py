"""What several conversations about check-ins begin with."""

from datetime import UTC, datetime
from typing import Any

from bot.sandbox.form import Form
from tests.whole import Slack

Json = dict[str, Any]

MADE = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
MONDAY_IN_MEMPHIS = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
MONDAY_IN_PHOENIX = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)
MONDAY_IN_HONOLULU = datetime(2026, 10, 5, 19, 0, tzinfo=UTC)
CLOSED = datetime(2026, 10, 7, 19, 0, tzinfo=UTC)


async def form(slack: Slack, who: str = "Renee") -> Form:
    opened = await slack.person(who).types("/checkin", "new")
    assert isinstance(opened, Form), opened
    return opened


async def made(slack: Slack, **fields: Any) -> None:
    """Renee makes the suggested check-in: Mondays at nine, two days, the first answer for the whole cohort."""
    opened = await form(slack)
    assert await opened.submit(**fields) is None, opened.errors


def prompt_of(slack: Slack, who: str) -> Json:
    return next(one for one in reversed(slack.person(who).messages) if "Answer now" in str(one))


async def answers(slack: Slack, who: str, **fields: Any) -> Form | None:
    """Somebody presses "Answer now" and saves."""
    opened = await slack.person(who).clicks(prompt_of(slack, who), "Answer now")
    assert isinstance(opened, Form)
    return await opened.submit(**fields)


def thread(slack: Slack, message: Json, channel: str = "#cohort") -> list[Json]:
    """The replies to a message of a channel, the oldest first."""
    every = slack.channel(channel).messages
    return [one for one in every if one.get("thread_ts") == message["ts"] and one["ts"] != message["ts"]]


def read(message: Json) -> str:
    """All the text of a message, as it was sent."""
    return "\n".join([message.get("text", ""), *_texts(message.get("blocks", []))])


def _texts(part: Any) -> list[str]:
    if isinstance(part, list):
        return [text for one in part for text in _texts(one)]
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        return own + [text for value in part.values() if not isinstance(value, str) for text in _texts(value)]
    return []
