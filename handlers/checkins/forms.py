"""The form that answers a check-in, built and read back. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.blocks import context, escaped, field, modal, option, plain, section, text_input, value_of
from handlers.buttons import button
from handlers.checkins.wording import WHO_SEES, capital, until
from handlers.types import Json
from storage.answers import Given, Open, Values

Question = Mapping[str, Any]
Last = tuple[Given, list[Any]] | None
ANSWER_FORM = "checkin_answer_form"
LAST_TIME = "checkin_last_time"
SHOWN_FROM_LAST_TIME = 280
SCALE = ("1 · not at all", "2", "3", "4", "5 · completely")


def answer_form(this: Open, values: Values, last: Last, zone: str, now: datetime, form_key: str) -> Json:
    """The questions of a round, each with who will see the answer, what the city said last time, and what was answered already."""
    end = until(this.prompt.ends_at, zone, this.cohort_zone, now)
    when = f"Open until {end}." if now <= this.prompt.ends_at else f"The window ended {end}; a late answer is welcome."
    title = escaped(f"{this.cohort_name} · {this.check_in.name}")
    blocks = [section(f"*{title}*\nAnswering for {escaped(this.city)}. {when} Your name stands with your answers.")]
    for question in this.round.questions:
        blocks += _last_time(this, question, last)
        blocks.append(_answer_field(question, values.get(str(question["position"]))))
    metadata = json.dumps({"prompt": this.prompt.id, "key": form_key})
    return modal(ANSWER_FORM, "Check-in", blocks, submit="Save the answer", private_metadata=metadata)


def read_answer(view: Json) -> tuple[int, str, Values]:
    """(prompt id, form key, answers by question); empty fields are left out."""
    metadata = json.loads(view["private_metadata"])
    values = {}
    for block_id in view["state"]["values"]:
        value = (value_of(view, block_id) or "").strip()
        if value:
            values[block_id.removeprefix("answer_")] = value
    return metadata["prompt"], metadata["key"], values


def answer_field(position: int) -> str:
    return f"answer_{position}"


def last_time_in_full(question: str, city: str, answer: str) -> Json:
    """A long answer of last time, whole."""
    text = {"type": "section", "text": {**plain(answer, 3000), "emoji": False}}
    return modal(LAST_TIME, "Last time", [context(f"*{escaped(city)}* · {escaped(question)}"), text])


def _answer_field(question: Question, value: str | None) -> Json:
    block_id, hint = answer_field(question["position"]), f"{capital(WHO_SEES[question['audience']])} this answer."
    if question["kind"] == "scale":
        options = [option(text, str(number)) for number, text in enumerate(SCALE, 1)]
        element: Json = {"type": "radio_buttons", "action_id": block_id, "options": options}
        if value:
            element["initial_option"] = options[int(value) - 1]
        return field(block_id, question["text"], element, hint=hint, optional=True)
    if question["kind"] == "blocker":
        hint = f"Leave it empty when nothing is. {hint}"
    return text_input(block_id, question["text"], value=value or "", hint=hint, multiline=True, optional=True)


def said_last_time(this: Open, question: Question, last: Last) -> tuple[str, str] | None:
    """(who, what): the last answer to the same question, unless this person may not read it."""
    if last is None:
        return None
    given, questions = last
    before = next(
        (one for one in questions if (one["text"], one["kind"]) == (question["text"], question["kind"])), None
    )
    if before is None or (before["audience"] == "facilitators" and given.member_id != this.asking.member_id):
        return None
    said = given.values.get(str(before["position"]))
    return (given.name, said) if said else None


def _last_time(this: Open, question: Question, last: Last) -> list[Json]:
    found = said_last_time(this, question, last)
    if found is None:
        return []
    name, said = found
    start = f"_Last time, {escaped(name)}:_"
    if len(said) <= SHOWN_FROM_LAST_TIME:
        return [context(f"{start} {escaped(said)}")]
    value = f"{this.prompt.id}:{question['position']}"
    shown = escaped(said[:SHOWN_FROM_LAST_TIME].rstrip())
    return [section(f"{start} {shown}… Read on", accessory=button("Read on", LAST_TIME, value))]
