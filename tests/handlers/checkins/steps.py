"""What several conversations about check-ins begin with."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update

from bot.sandbox.form import Form
from storage.models import CheckIn, Member
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


async def made_for_cities(slack: Slack, **fields: Any) -> None:
    """The same with one answer for each city."""
    await made(slack, **fields)
    async with slack.sessions.begin() as session:
        query = update(CheckIn).where(CheckIn.program_id == slack.bot.program_id)
        await session.execute(query.values(one_per_city=True))


async def moves(slack: Slack, who: str, zone: str) -> None:
    """Somebody's clock is that of another zone."""
    member = await slack.member(who)
    async with slack.sessions.begin() as session:
        query = update(Member).where(Member.program_id == member.program_id, Member.id == member.id)
        await session.execute(query.values(app_time_zone=zone))


def prompt_of(slack: Slack, who: str) -> Json:
    return next(one for one in reversed(slack.person(who).messages) if "Answer now" in str(one))


async def answers(slack: Slack, who: str, **fields: Any) -> Form | None:
    """Somebody presses "Answer now" and saves."""
    opened = await slack.person(who).clicks(prompt_of(slack, who), "Answer now")
    assert isinstance(opened, Form)
    return await opened.submit(**fields)


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
