"""What the conversations about commitments have in common."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from storage.models import Commitment, CommitmentEvent
from tests.whole import Slack, program_of


def words(message: Any) -> str:
    """Everything in a message, as text."""
    return json.dumps(message, ensure_ascii=False)


def labels(message: Any) -> list[str]:
    """What the buttons of a message say, from top to bottom."""
    found = []
    for block in message["blocks"]:
        elements = [*block.get("elements", []), block.get("accessory", {})]
        found += [one["text"]["text"] for one in elements if one.get("type") == "button"]
    return found


def local(month: int, day: int, hour: int, minute: int = 0, zone: str = "America/Chicago") -> datetime:
    """A moment of 2026 as the clock in Memphis shows it."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


async def commitment(slack: Slack, number: int) -> Commitment:
    async with slack.sessions() as session:
        query = select(Commitment).where(Commitment.program_id == await program_of(slack.sessions))
        return (await session.scalars(query.where(Commitment.number == number))).one()


async def kinds(slack: Slack, number: int) -> list[str]:
    """The kinds of the events of a commitment, the oldest first."""
    one = await commitment(slack, number)
    async with slack.sessions() as session:
        query = select(CommitmentEvent.kind).where(CommitmentEvent.program_id == one.program_id)
        return list(
            await session.scalars(query.where(CommitmentEvent.commitment_id == one.id).order_by(CommitmentEvent.id))
        )
