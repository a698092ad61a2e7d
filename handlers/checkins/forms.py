"""The two forms of a check-in, built and read back: the one that makes it, and the one that answers it. Pure."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from handlers.blocks import (
    context,
    divider,
    escaped,
    field,
    modal,
    option,
    plain,
    section,
    select,
    text_input,
    value_of,
)
from handlers.buttons import button
from handlers.checkins.early_views import ahead
from handlers.checkins.rules import WEEKDAYS
from handlers.checkins.wording import AUDIENCES, KINDS, TOGETHER, WHO_SEES, capital, until
from handlers.types import Json
from storage.answers import Given, Open, Values
from storage.checkins import NewCheckIn
from storage.models import Cohort
from storage.prompting import for_city

Question = Mapping[str, Any]
Last = tuple[Given, list[Any]] | None
NEW_FORM = "checkin_new"
ANSWER_FORM = "checkin_answer_form"
LAST_TIME = "checkin_last_time"
COHORT, CHANNEL, NAME = "cohort", "channel", "name"
WEEKDAY, AT, WINDOW, HOURS = "weekday", "at", "window", "hours"
NAME_LIMIT = 80
QUESTION_LIMIT = 300
SHOWN_FROM_LAST_TIME = 280
ANY_HOUR = "any"
WINDOWS = {"24": "One day", "48": "Two days", "72": "Three days", "96": "Four days"}
SUGGESTED = (
    ("What moved forward since last time?", "text", "cohort"),
    ("How sure are you that you will reach your goal in time?", "scale", "city"),
    ("What is in your way?", "blocker", "facilitators"),
)
SCALE = ("1 · not at all", "2", "3", "4", "5 · completely")


def question_field(number: int) -> str:
    return f"question_{number}"


def kind_field(number: int) -> str:
    return f"kind_{number}"


def audience_field(number: int) -> str:
    return f"audience_{number}"


def new_form(cohorts: Sequence[Cohort], channel: str | None, form_key: str) -> Json:
    """The form that makes a check-in, with three questions suggested; `channel` is the one to start with."""
    only = str(cohorts[0].id) if len(cohorts) == 1 else None
    blocks = [
        select(COHORT, "Cohort", [option(one.name, str(one.id)) for one in cohorts[:100]], chosen=only),
        field(CHANNEL, "Channel for the summary", _channels(channel), hint="I have to be in it: /invite @Civic Cohort"),
        text_input(NAME, "Name", value="Weekly pulse"),
        divider(),
    ]
    for number, question in enumerate(SUGGESTED, 1):
        blocks += _question_fields(number, *question)
    days = [option(day, str(number)) for number, day in enumerate(WEEKDAYS)]
    at = {"type": "timepicker", "action_id": AT, "initial_time": "09:00"}
    hours = [option("Working days, 8 AM to 6 PM", "working"), option("Any day and hour", ANY_HOUR)]
    blocks += [
        divider(),
        select(WEEKDAY, "Every week on", days, chosen="0"),
        field(AT, "At", at, hint="In each person's own time zone."),
        select(WINDOW, "Open for", [option(text, value) for value, text in WINDOWS.items()], chosen="48"),
        select(HOURS, "Ask on", hours, chosen="working", hint="A weekend or holiday moves to the next working day."),
    ]
    metadata = json.dumps({"key": form_key})
    return modal(NEW_FORM, "New check-in", blocks, submit="Make it", private_metadata=metadata)


def read_new(view: Json) -> NewCheckIn:
    """What was filled in; questions without a text are left out."""
    questions = []
    for number in range(1, len(SUGGESTED) + 1):
        text = (value_of(view, question_field(number)) or "").strip()
        if text:
            kind, audience = value_of(view, kind_field(number)), value_of(view, audience_field(number))
            questions.append({"kind": kind or "text", "text": text, "audience": audience or "city"})
    hour, minute = (value_of(view, AT) or "09:00").split(":")
    return NewCheckIn(
        cohort_id=int(value_of(view, COHORT) or 0),
        channel=value_of(view, CHANNEL) or "",
        name=(value_of(view, NAME) or "").strip(),
        weekday=int(value_of(view, WEEKDAY) or 0),
        at=time(int(hour), int(minute)),
        window_hours=int(value_of(view, WINDOW) or 48),
        any_hour=value_of(view, HOURS) == ANY_HOUR,
        questions=tuple(questions),
        form_key=json.loads(view["private_metadata"])["key"],
    )


def problems_with_texts(view: Json) -> dict[str, str]:
    """What is wrong with the name and the questions, by field."""
    new, problems = read_new(view), {}
    if not new.name:
        problems[NAME] = "Please give it a name: people see it with every question."
    elif len(new.name) > NAME_LIMIT:
        problems[NAME] = f"Please shorten the name to {NAME_LIMIT} characters; it has {len(new.name)}."
    if not new.questions:
        problems[question_field(1)] = "Please ask at least one question."
    for number in range(1, len(SUGGESTED) + 1):
        size = len((value_of(view, question_field(number)) or "").strip())
        if size > QUESTION_LIMIT:
            problems[question_field(number)] = f"Please shorten it to {QUESTION_LIMIT} characters; it has {size}."
    return problems


def answer_form(this: Open, values: Values, last: Last, zone: str, now: datetime, form_key: str) -> Json:
    """The questions of a round, each with who will see the answer, what the city said last time, and what was answered already."""
    ends_at = this.open_until(now)
    end = until(ends_at, zone, this.cohort_zone, now)
    when = f"Open until {end}." if now <= ends_at else f"The window ended {end}; a late answer is welcome."
    when = ahead(this, zone, now) or when
    title = escaped(f"{this.cohort_name} · {this.check_in.name}")
    blocks = [section(f"*{title}*\nAnswering for {escaped(this.city)}. {when} Your name stands with your answers.")]
    for question in this.round.questions:
        blocks += _last_time(this, question, last)
        blocks.append(_answer_field(question, values.get(str(question["position"])), together=for_city(this.prompt)))
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


def _channels(channel: str | None) -> Json:
    # Only channels: a summary is said to the cohort, never to one person.
    kinds = {"include": ["public", "private"], "exclude_bot_users": True}
    element: Json = {"type": "conversations_select", "action_id": CHANNEL, "filter": kinds}
    return {**element, "initial_conversation": channel} if channel else element


def _question_fields(number: int, text: str, kind: str, audience: str) -> list[Json]:
    kinds = [option(label, value) for value, label in KINDS.items()]
    audiences = [option(label, value) for value, label in AUDIENCES.items()]
    optional = number > 1
    label = f"Question {number}" if number == 1 else f"Question {number} (leave empty to ask fewer)"
    return [
        text_input(question_field(number), label, value=text, optional=optional),
        select(kind_field(number), f"Kind of answer {number}", kinds, chosen=kind),
        select(audience_field(number), f"Who sees answer {number}", audiences, chosen=audience),
    ]


def _answer_field(question: Question, value: str | None, *, together: bool) -> Json:
    words = TOGETHER if together else WHO_SEES
    block_id, hint = answer_field(question["position"]), f"{capital(words[question['audience']])} this answer."
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
