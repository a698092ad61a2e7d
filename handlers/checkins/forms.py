"""The form that makes a check-in, built and read back. Pure."""

import json
from collections.abc import Sequence
from datetime import time

from handlers.blocks import (
    divider,
    field,
    modal,
    option,
    select,
    text_input,
    value_of,
)
from handlers.checkins.rules import WEEKDAYS
from handlers.checkins.wording import AUDIENCES, KINDS
from handlers.types import Json
from storage.checkins import NewCheckIn
from storage.models import Cohort

NEW_FORM = "checkin_new"
COHORT, CHANNEL, NAME = "cohort", "channel", "name"
WEEKDAY, AT, WINDOW, HOURS = "weekday", "at", "window", "hours"
NAME_LIMIT = 80
QUESTION_LIMIT = 300
ANY_HOUR = "any"
WINDOWS = {"24": "One day", "48": "Two days", "72": "Three days", "96": "Four days"}
SUGGESTED = (
    ("What moved forward since last time?", "text", "cohort"),
    ("How sure are you that you will reach your goal in time?", "scale", "city"),
    ("What is in your way?", "blocker", "facilitators"),
)


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
