"""What the city said last time, above the field in which it answers now. Pure."""

from collections.abc import Mapping
from typing import Any

from handlers.blocks import context, escaped, modal, plain, section
from handlers.buttons import button
from handlers.checkins.wording import said
from handlers.types import Json
from storage.answers import Given, Open

Last = tuple[Given, list[Any]] | None
LAST_TIME = "checkin_last_time"
SHOWN = 280


def said_to(this: Open, question: Mapping[str, Any], last: Last) -> tuple[str, str] | None:
    """(who, what): the last answer to the same question, unless this person may not read it."""
    if last is None:
        return None
    given, questions = last
    before = next(
        (one for one in questions if (one["text"], one["kind"]) == (question["text"], question["kind"])), None
    )
    if before is None or (before["audience"] == "facilitators" and given.member_id != this.asking.member_id):
        return None
    text = said(before, given.values.get(str(before["position"])))
    return (given.name, text) if text else None


def line(this: Open, question: Mapping[str, Any], last: Last) -> list[Json]:
    """What stands above a field of what the city said last time."""
    found = said_to(this, question, last)
    if found is None:
        return []
    name, text = found
    start = f"_Last time, {escaped(name)}:_"
    if len(text) <= SHOWN:
        return [context(f"{start} {escaped(text)}")]
    value = f"{this.prompt.id}:{question['position']}"
    shown = escaped(text[:SHOWN].rstrip())
    return [section(f"{start} {shown}… Read on", accessory=button("Read on", LAST_TIME, value))]


def in_full(question: str, city: str, answer: str) -> Json:
    """A long answer of last time, whole."""
    text = {"type": "section", "text": {**plain(answer, 3000), "emoji": False}}
    return modal(LAST_TIME, "Last time", [context(f"*{escaped(city)}* · {escaped(question)}"), text])
