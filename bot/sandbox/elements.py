"""What people see and fill in Block Kit: finding an element, its value as Slack states it, and what is wrong with it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

Json = dict[str, Any]

ONE_OPTION: tuple[str, Any, str] = ("selected_option", None, "initial_option")
OPTIONS: tuple[str, Any, str] = ("selected_options", [], "initial_options")
TEXT: tuple[str, Any, str] = ("value", None, "initial_value")
STATES: dict[str, tuple[str, Any, str]] = {
    "plain_text_input": TEXT,
    "email_text_input": TEXT,
    "url_text_input": TEXT,
    "number_input": TEXT,
    "rich_text_input": ("rich_text_value", None, "initial_value"),
    "datepicker": ("selected_date", None, "initial_date"),
    "timepicker": ("selected_time", None, "initial_time"),
    "datetimepicker": ("selected_date_time", None, "initial_date_time"),
    "static_select": ONE_OPTION,
    "external_select": ONE_OPTION,
    "radio_buttons": ONE_OPTION,
    "checkboxes": OPTIONS,
    "multi_static_select": OPTIONS,
    "multi_external_select": OPTIONS,
    "users_select": ("selected_user", None, "initial_user"),
    "multi_users_select": ("selected_users", [], "initial_users"),
    "conversations_select": ("selected_conversation", None, "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", [], "initial_conversations"),
    "channels_select": ("selected_channel", None, "initial_channel"),
    "multi_channels_select": ("selected_channels", [], "initial_channels"),
    "file_input": ("files", [], "initial_files"),
}
"""Element type: the key under which its value stands in `state.values`, the value when nothing is filled in, the initial one's key."""

REQUIRED = "Please complete this required field."


PATTERNS = {
    "email_text_input": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "Please enter a valid email address."),
    "url_text_input": (r"https?://\S+", "Please enter a valid URL."),
}


@dataclass(frozen=True)
class Found:
    """An element and the block it stands in."""

    block: Json
    element: Json

    @property
    def names(self) -> list[str]:
        """What one may call it: action_id, block_id of an input, label for screen readers, label, visible text, placeholder."""
        is_input = self.block["type"] == "input"
        texts = [
            self.block.get("label") if is_input else None,
            self.element.get("text"),
            self.element.get("placeholder"),
        ]
        ids = [self.element.get("action_id"), self.block.get("block_id") if is_input else None]
        ids.append(self.element.get("accessibility_label"))
        return [name for name in (*ids, *(_plain(text) for text in texts)) if name]


def within(blocks: Iterable[Json]) -> Iterator[Found]:
    """Every element that can be acted on, in the order in which it is seen."""
    for block in blocks:
        parts = [block.get("element"), block.get("accessory"), *block.get("elements", [])]
        for part in parts:
            if isinstance(part, dict) and "action_id" in part:
                yield Found(block, part)


def inputs(blocks: Iterable[Json]) -> list[Found]:
    """The elements that hold a value."""
    return [found for found in within(blocks) if found.element["type"] in STATES]


def find(blocks: Iterable[Json], name: str, kinds: Iterable[str] | None = None) -> Found:
    """The one element of that name; LookupError, listing what is there, when there is none or several."""
    there = [found for found in within(blocks) if kinds is None or found.element["type"] in kinds]
    exact = [found for found in there if name in found.names]
    if len(exact) == 1:
        return exact[0]
    listed = ", ".join(repr(found.names[-1]) for found in there) or "nothing"
    raise LookupError(f"{'Several are' if exact else 'None is'} called {name!r}. Here stand: {listed}.")


def at(blocks: Iterable[Json], block_id: str, action_id: str) -> Found:
    for found in within(blocks):
        if found.block.get("block_id") == block_id and found.element["action_id"] == action_id:
            return found
    raise LookupError(f"There is no element {action_id!r} in a block {block_id!r}.")


def state(found: Found, typed: Json) -> Json:
    """The value of an input as Slack states it: what was typed in this form, else the initial value, else null."""
    kind = found.element["type"]
    key, empty, initial = STATES[kind]
    kept = typed.get(found.block["block_id"], {}).get(found.element["action_id"])
    if kept is not None and kept["type"] == kind:
        return dict(kept)
    return {"type": kind, key: found.element.get(initial, empty)}


def values(blocks: Iterable[Json], typed: Json) -> Json:
    """`state.values` of a view or message."""
    answer: Json = {}
    for found in inputs(blocks):
        answer.setdefault(found.block["block_id"], {})[found.element["action_id"]] = state(found, typed)
    return answer


def filled(found: Found, value: Any) -> Json:
    """The state after somebody put `value` in. ValueError or LookupError when the client would not let them."""
    kind = found.element["type"]
    key, empty, _ = STATES[kind]
    if value is None or value in ("", [], ()):
        return {"type": kind, key: empty}
    if key == "selected_option":
        return {"type": kind, key: option(found.element, value)}
    if key == "selected_options":
        picked = [value] if isinstance(value, str | dict) else list(value)
        return {"type": kind, key: [option(found.element, one) for one in picked]}
    if isinstance(empty, list):
        return {"type": kind, key: [value] if isinstance(value, str) else list(value)}
    return {"type": kind, key: _single(kind, value)}


def option(element: Json, wanted: str | Json) -> Json:
    """The option with that value or visible text."""
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    options: list[Json] = [one for group in groups for one in group["options"]]
    if isinstance(wanted, dict):
        if element["type"].endswith("external_select"):
            return wanted
        wanted = str(wanted.get("value"))
    for one in options:
        if wanted in (one.get("value"), _plain(one["text"])):
            return one
    listed = ", ".join(repr(_plain(one["text"])) for one in options)
    raise LookupError(f"There is no option {wanted!r}. The options are {listed or 'none'}.")


def value_of(kept: Json) -> Any:
    """A state as a plain value: text, date, user id, an option's `value`, or a list of them."""
    held = kept[STATES[kept["type"]][0]]
    if isinstance(held, list):
        return [one["value"] if isinstance(one, dict) and "value" in one else one for one in held]
    return held["value"] if isinstance(held, dict) and "value" in held else held


def action(found: Found, changed: Json) -> Json:
    """An item of `actions` in a block_actions payload: the element as it is, and what was chosen in it."""
    shown = (
        "type",
        "action_id",
        "text",
        "value",
        "url",
        "style",
        "placeholder",
        *{initial for _, _, initial in STATES.values()},
    )
    kept = {name: found.element[name] for name in shown if name in found.element}
    return {**kept, "block_id": found.block["block_id"], **changed}


def problem(found: Found, kept: Json) -> str | None:
    """What Slack's client writes under an input that it does not send off."""
    element, held = found.element, value_of(kept)
    kind = element["type"]
    if held in (None, "", []):
        optional = found.block["type"] != "input" or found.block.get("optional", False)
        return None if optional else REQUIRED
    if kind == "number_input":
        return _number_problem(element, str(held))
    if kind == "plain_text_input":
        return _length_problem(element, len(held))
    if kind in PATTERNS and not re.fullmatch(PATTERNS[kind][0], held):
        return PATTERNS[kind][1]
    if isinstance(held, list) and len(held) > element.get("max_selected_items", len(held)):
        return f"Please choose at most {element['max_selected_items']}."
    return None


def text_of(part: Any) -> str:
    """All that can be read in blocks or a view, a line for each piece of text."""
    if isinstance(part, list):
        return "\n".join(line for line in map(text_of, part) if line)
    if not isinstance(part, dict):
        return ""
    if isinstance(part.get("text"), str):
        return str(part["text"])
    names = (
        "title",
        "text",
        "label",
        "fields",
        "element",
        "accessory",
        "elements",
        "hint",
        "placeholder",
        "options",
        "blocks",
    )
    return text_of([part[name] for name in (*names, "rows", "submit", "close") if name in part])


def _plain(text: Any) -> str:
    return str(text.get("text", "")) if isinstance(text, dict) else ""


def _single(kind: str, value: Any) -> Any:
    if kind == "datepicker":
        return date.fromisoformat(str(value)).isoformat()
    if kind == "timepicker":
        return time.fromisoformat(str(value)).strftime("%H:%M")
    if kind == "datetimepicker":
        return int(value.timestamp()) if isinstance(value, datetime) else int(value)
    if kind == "rich_text_input" and isinstance(value, str):
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        return {"type": "rich_text", "elements": [section]}
    return value if isinstance(value, dict) else str(value)


def _number_problem(element: Json, typed: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, typed):
        return "Please enter a number." if element.get("is_decimal_allowed") else "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(typed) < float(least):
        return f"Please enter a number that is at least {least}."
    if most is not None and float(typed) > float(most):
        return f"Please enter a number that is at most {most}."
    return None


def _length_problem(element: Json, length: int) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if length < least:
        return f"Please enter at least {least} characters."
    return f"Please enter at most {most} characters." if length > most else None
