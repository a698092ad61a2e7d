"""Steps that the conversations about seats share."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.sandbox.form import Form
from bot.sandbox.person import Actor
from storage import commitments
from storage.commitments import New
from storage.models import Commitment, Delegate
from tests.whole import Slack

FRIDAY = date(2026, 10, 9)


async def form_of(person: Actor, words: str) -> Form:
    """The form that a word of /cohort opens."""
    answer = await person.types("/cohort", words)
    assert isinstance(answer, Form), answer
    return answer


async def promise(slack: Slack, name: str, *texts: str, audience: str = "city") -> list[int]:
    """Commitments of somebody for Memphis in the cohort; their numbers."""
    member = await slack.member(name)
    numbers = []
    async with slack.sessions.begin() as session:
        for text in texts:
            new = New(text, FRIDAY, audience, cohort_id=1, city_id=1, nudge_at=None)
            saved = await commitments.record(session, member, new, slack.clock.now())
            numbers.append(saved.commitment.number)
    return numbers


async def commitment(slack: Slack, number: int) -> Commitment:
    async with slack.sessions() as session:
        query = select(Commitment).where(Commitment.program_id == 1, Commitment.number == number)
        return (await session.scalars(query)).one()


async def delegates(slack: Slack, name: str) -> Sequence[Delegate]:
    member = await slack.member(name)
    async with slack.sessions() as session:
        query = select(Delegate).where(Delegate.program_id == 1, Delegate.member_id == member.id)
        return (await session.scalars(query.order_by(Delegate.id))).all()


def newest(person: Actor) -> str:
    """The text of the last message in somebody's direct message with the app."""
    return str(person.messages[-1]["text"]) if person.messages else ""


def shown(message: dict[str, Any]) -> str:
    """All that stands in the sections of a message."""
    return "\n".join(block["text"]["text"] for block in message["blocks"] if block["type"] == "section")


def delegate_of(form: Form, name: str, field: str = "who") -> str:
    """The value of somebody in a menu of people."""
    element = next(block["element"] for block in form.view["blocks"] if block.get("block_id") == field)
    return str(next(one["value"] for one in element["options"] if one["text"]["text"].startswith(name)))
