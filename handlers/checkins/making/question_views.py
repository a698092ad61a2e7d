"""The window in which a question of a check-in is written: built for its kind, and read back. Pure."""

import json
from dataclasses import dataclass
from typing import Any

from handlers import blocks
from handlers.checkins.making import rules
from handlers.checkins.making.templates import Question, question
from handlers.checkins.wording import AUDIENCES, KINDS
from handlers.types import Json

FORM = "checkin_question_form"
KIND, TEXT, CHOICES, FIRST, LAST, TOPICS = "question_kind", "text", "choices", "first", "last", "topics"
NEEDED, AUDIENCE, ANONYMOUS = "needed", "audience", "anonymous"
LABELS = ("not at all", "completely")
YES = "yes"
ABOUT = {
    "commitments": "Lists each open commitment of the city: on track, at risk, done, or needs a new date.",
    "blocker": "A topic and a text. The summary puts blockers first, each with practices that may help.",
}


@dataclass(frozen=True)
class Place:
    """Where the question belongs: to the draft `about` of this key, at a position among its questions; None: a new one."""

    about: str
    key: str
    position: int | None


def form(place: Place, now: Question | None = None) -> Json:
    """`now` is what stands in it."""
    shown = now or question("text", "", "city")
    kind = shown["kind"]
    kinds = [blocks.option(label, value) for value, label in KINDS.items()]
    chosen = blocks.select(KIND, "Kind of answer", kinds, chosen=kind, hint=ABOUT.get(kind, ""))
    body = [
        blocks.text_input(TEXT, "Question", value=shown["text"], multiline=True),
        {**chosen, "dispatch_action": True},
        *_of_kind(kind, shown.get("options") or {}),
        _audience(shown),
        _needed(shown),
    ]
    if kind not in rules.NEVER_ANONYMOUS:
        body.append(_anonymous(shown))
    title = "New question" if place.position is None else f"Question {place.position + 1}"
    metadata = json.dumps([place.about, place.key, place.position])
    return blocks.modal(FORM, title, body, submit="Keep it", private_metadata=metadata)


def place_of(view: Json) -> Place:
    return Place(*json.loads(view["private_metadata"]))


def read(view: Json) -> Question:
    """The question as it stands in the form."""
    kind = blocks.value_of(view, KIND) or "text"
    return question(
        kind,
        (blocks.value_of(view, TEXT) or "").strip(),
        blocks.value_of(view, AUDIENCE) or "city",
        options=_options(view, kind),
        required=blocks.value_of(view, NEEDED) == YES,
        anonymous=YES in blocks.values_of(view, ANONYMOUS) and kind not in rules.NEVER_ANONYMOUS,
    )


def problems(view: Json) -> dict[str, str]:
    """What is wrong with it, by field."""
    found = read(view)
    told: dict[str, str | None] = {}
    if not found["text"]:
        told[TEXT] = "Please write the question."
    elif len(found["text"]) > rules.QUESTION_LIMIT:
        size = len(found["text"])
        told[TEXT] = f"Please shorten it to {rules.QUESTION_LIMIT} characters; it has {size}."
    options = found["options"]
    if found["kind"] in ("choice", "choices"):
        told[CHOICES] = rules.problem_with_choices(options["choices"])
    if found["kind"] == "blocker":
        told[TOPICS] = rules.problem_with_topics(options.get("topics", []))
    if found["kind"] == "scale":
        for block_id, label in zip((FIRST, LAST), options["labels"], strict=True):
            told[block_id] = _problem_with_label(label)
    return {block_id: text for block_id, text in told.items() if text}


def _of_kind(kind: str, options: dict[str, Any]) -> list[Json]:
    if kind in ("choice", "choices"):
        written = "\n".join(options.get("choices", []))
        hint = "One on a line, from two to ten."
        return [blocks.text_input(CHOICES, "Choices", value=written, hint=hint, multiline=True)]
    if kind == "scale":
        first, last = options.get("labels") or LABELS
        return [
            blocks.text_input(FIRST, "What 1 means", value=first),
            blocks.text_input(LAST, "What 5 means", value=last),
        ]
    if kind == "blocker":
        written = "\n".join(options.get("topics", []))
        hint = "One on a line. Left empty, the topics of the practices are offered."
        return [
            blocks.text_input(TOPICS, "Topics to choose from", value=written, hint=hint, multiline=True, optional=True)
        ]
    return []


def _options(view: Json, kind: str) -> dict[str, Any]:
    if kind in ("choice", "choices"):
        return {"choices": rules.lines_of(blocks.value_of(view, CHOICES) or "")}
    if kind == "scale":
        typed = zip((FIRST, LAST), LABELS, strict=True)
        return {"labels": [" ".join((blocks.value_of(view, one) or usual).split()) for one, usual in typed]}
    topics = rules.lines_of(blocks.value_of(view, TOPICS) or "") if kind == "blocker" else []
    return {"topics": topics} if topics else {}


def _problem_with_label(label: str) -> str | None:
    if len(label) <= rules.LABEL_LIMIT:
        return None
    return f"Please shorten it to {rules.LABEL_LIMIT} characters; it has {len(label)}."


def _audience(shown: Question) -> Json:
    options = [blocks.option(label, value) for value, label in AUDIENCES.items()]
    hint = "It stands below the question where people answer. What the cohort or the network sees is summed up in the channel."
    return blocks.select(AUDIENCE, "Who sees the answers", options, chosen=shown["audience"], hint=hint)


def _needed(shown: Question) -> Json:
    options = [blocks.option("It may be left empty", "no"), blocks.option("It must be answered", YES)]
    return blocks.select(NEEDED, "Answer", options, chosen=YES if shown.get("required") else "no")


def _anonymous(shown: Question) -> Json:
    box = blocks.option("Ask without names", YES)
    hint = "No author is kept, and answers are only shown from five up. People read this before they answer."
    return blocks.checkboxes(ANONYMOUS, "Anonymous", [box], ticked=[YES] if shown.get("anonymous") else [], hint=hint)
