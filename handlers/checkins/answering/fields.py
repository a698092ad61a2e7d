"""The fields of one question, built and read back, for every kind of answer. Pure.

An element's action_id is the field's name (`answer_0`); its block_id carries the `turn` of the form as well, because Slack keeps what
stands in a block of the same id when a form changes, and forgets what stood there at first.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.blocks import OPTION_LIMIT, SECTION_LIMIT, field, option, plain
from handlers.checkins.wording import TOGETHER, WHO_SEES, capital
from handlers.saying import STEPS, topic_name
from handlers.types import Json

Question = Mapping[str, Any]
ANSWER, TOPIC = "answer", "topic"
ELSE = "else"
MOST, TOPICS = 20, 200  # the rarest of more topics are left out: a form has its limits, too
LOW, HIGH = "not at all", "completely"
YES_NO = {"yes": "Yes", "no": "No"}
TAPPED = 10  # so many options are tapped; more of them go into a menu
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
NOT_A_NUMBER = "Please enter a number in digits, such as 12 or 3.5: at most 15 digits, and six after the point."
NOTHING_SAID = "Please say in a few words what is in the way, or take the topic out."
ANONYMOUSLY = (
    "how many answered what, and only from five answers up. "
    "No name and no city is kept with it, so that you cannot change it later."
)
REQUIRED = "Please answer this one: it is needed."


def is_anonymous(question: Question) -> bool:
    """Whether nobody is to know whose an answer is; how a commitment goes cannot be said without saying whose it is."""
    return bool(question.get("anonymous")) and question["kind"] != "commitments"


def block_id(name: str, turn: int) -> str:
    return f"{name}~{turn}" if turn else name


def name_of(block: str) -> str:
    return block.partition("~")[0]


def of_question(
    question: Question, value: Any, turn: int, topics: Sequence[Json], longest: int, *, together: bool = False
) -> list[Json]:
    """The inputs of a question with `value` in them; `longest` is how much a text may have, `together` that a city answers once."""
    name = f"{ANSWER}_{question['position']}"
    element = ELEMENTS[question["kind"]](question, value) | {"action_id": name}
    if element["type"] == "plain_text_input":
        element["max_length"] = min(longest, SECTION_LIMIT)
    optional = not question.get("required")
    label, hint = question["text"], _hint(question, element.get("max_length"), together=together)
    blocks = [field(block_id(name, turn), label, element, hint=hint, optional=optional)]
    if question["kind"] == "blocker" and (topics := _own_topics(question) or topics):
        blocks.append(_topic(question["position"], value, turn, topics))
    return blocks


def read(question: Question, raw: Mapping[str, Any]) -> Any:
    """What is answered, as it is kept; None when nothing is. `raw` holds what stands in the field, and in the one for its topic."""
    held, kind = raw.get(ANSWER), question["kind"]
    if isinstance(held, str):
        held = held.strip()
    if not held:
        return None
    if kind in ("choice", "choices"):
        choices = _choices(question)
        chosen = [choices[int(one)] for one in ([held] if isinstance(held, str) else held)]
        return chosen if kind == "choices" else chosen[0]
    if kind == "blocker" and not is_anonymous(question):
        topic = raw.get(TOPIC) or ""
        return {"topic": "" if topic == ELSE else topic, "text": held}
    return held


def problem(question: Question, raw: Mapping[str, Any]) -> tuple[str, str] | None:
    """(field, what is wrong with it), or None."""
    held = raw.get(ANSWER)
    text = held.strip() if isinstance(held, str) else ""
    if not held or (isinstance(held, str) and not text):
        if question["kind"] == "blocker" and raw.get(TOPIC):
            return ANSWER, NOTHING_SAID
        return (ANSWER, REQUIRED) if question.get("required") else None
    if question["kind"] == "number" and not NUMBER.fullmatch(text):
        return ANSWER, NOT_A_NUMBER
    if len(text) > SECTION_LIMIT:
        return ANSWER, f"Please shorten it to {SECTION_LIMIT:,} characters; it has {len(text):,}."
    return None


def as_text(value: Any) -> str:
    """An answer that is kept without a name."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def menu_of_topics(counted: Mapping[str, int]) -> list[Json]:
    """Groups of options for a menu that can be searched by typing: the topics with the most practices, then the others by letter."""
    known = sorted((one for one in counted if 0 < len(one) <= OPTION_LIMIT), key=lambda one: (-counted[one], one))
    if not known:
        return []
    most, rest = known[:MOST], sorted(known[MOST:TOPICS], key=topic_name)
    groups = [_group("With the most practices", sorted(most, key=topic_name))]
    for first in range(0, len(rest), 90):
        some = rest[first : first + 90]
        groups.append(_group(f"{topic_name(some[0])[:1]} to {topic_name(some[-1])[:1]}", some))
    return [*groups, {"label": plain("None of these"), "options": [option("Something else", ELSE)]}]


def _own_topics(question: Question) -> list[Json]:
    """The topics that were chosen for this question in place of those of the practices."""
    own = (question.get("options") or {}).get("topics") or []
    if not own:
        return []
    groups = [("Topics", [option(topic, topic) for topic in own]), ("None of these", [option("Something else", ELSE)])]
    return [{"label": plain(label), "options": options} for label, options in groups]


def _group(label: str, topics: Sequence[str]) -> Json:
    return {"label": plain(label), "options": [option(topic_name(topic), topic) for topic in topics]}


def _hint(question: Question, longest: int | None, *, together: bool) -> str:
    parts = ["Leave it empty when nothing is."] if question["kind"] == "blocker" else []
    sees = capital((TOGETHER if together else WHO_SEES)[question["audience"]])
    parts.append(f"{sees} {ANONYMOUSLY}" if is_anonymous(question) else f"{sees} this answer.")
    if longest:
        parts.append(f"Up to {longest:,} characters.")
    return " ".join(parts)


def _text(_question: Question, value: Any) -> Json:
    said = value.get("text") if isinstance(value, Mapping) else value
    return {"type": "plain_text_input", "multiline": True} | ({"initial_value": said} if said else {})


def _number(_question: Question, value: Any) -> Json:
    element: Json = {"type": "number_input", "is_decimal_allowed": True}
    return element | ({"initial_value": value} if value and NUMBER.fullmatch(value) else {})


def _scale(question: Question, value: Any) -> Json:
    labels = list((question.get("options") or {}).get("labels") or (LOW, HIGH))
    words = labels if len(labels) == 5 else [labels[0], "", "", "", labels[-1]]
    options = [option(f"{step} · {word}" if word else step, step) for step, word in zip(STEPS, words, strict=True)]
    return _tapped(options, value)


def _yes_no(_question: Question, value: Any) -> Json:
    return _tapped([option(text, value) for value, text in YES_NO.items()], value)


def _choice(question: Question, value: Any) -> Json:
    choices = _choices(question)
    options = _options(choices)
    chosen = str(choices.index(value)) if value in choices else None
    if len(options) <= TAPPED:
        return _tapped(options, chosen)
    return {"type": "static_select", "options": options} | _initial(options, chosen)


def _several(question: Question, value: Any) -> Json:
    choices = _choices(question)
    options = _options(choices)
    chosen = [options[choices.index(one)] for one in value or () if one in choices]
    element: Json = {"type": "checkboxes" if len(options) <= TAPPED else "multi_static_select", "options": options}
    return element | ({"initial_options": chosen} if chosen else {})


ELEMENTS: dict[str, Callable[[Question, Any], Json]] = {
    "text": _text,
    "blocker": _text,
    "number": _number,
    "scale": _scale,
    "yes_no": _yes_no,
    "choice": _choice,
    "choices": _several,
}


def _topic(position: int, value: Any, turn: int, topics: Sequence[Json]) -> Json:
    name = f"{TOPIC}_{position}"
    element: Json = {"type": "static_select", "action_id": name, "option_groups": list(topics)}
    element["placeholder"] = plain("Type to search the topics")
    held = value.get("topic") if isinstance(value, Mapping) else None
    element |= _initial([one for group in topics for one in group["options"]], held)
    hint = "So that I can show what other cities did about it."
    return field(block_id(name, turn), "What it is about", element, hint=hint, optional=True)


def _tapped(options: Sequence[Json], chosen: str | None) -> Json:
    return {"type": "radio_buttons", "options": list(options)} | _initial(options, chosen)


def _initial(options: Sequence[Json], chosen: str | None) -> Json:
    first = next((one for one in options if one["value"] == chosen), None)
    return {"initial_option": first} if first else {}


def _choices(question: Question) -> list[str]:
    return list((question.get("options") or {}).get("choices") or ())


def _options(choices: Sequence[str]) -> list[Json]:
    return [option(text, str(number)) for number, text in enumerate(choices)]
