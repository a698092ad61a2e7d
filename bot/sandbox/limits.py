"""What Slack accepts as the blocks, text and metadata of a message and as a view; everything else is refused with its place named."""

import json
from collections.abc import Iterator
from typing import Any

from bot.sandbox import block_rules, shapes
from bot.sandbox import element_rules as parts
from bot.sandbox.records import Json, SlackError
from bot.sandbox.shapes import Faults, items, one_of, record, string

MESSAGE, MODAL, HOME = "message", "modal", "home"
MOST_BLOCKS = {MESSAGE: 50, MODAL: 100, HOME: 100}
TEXT_CUT = 40_000
UPDATE_TEXT_MOST = 4_000
MARKDOWN_MOST = 12_000
BLOCKS_TEXT_MOST = 12_000
"""Slack publishes no figure for msg_blocks_too_long; its developers named this one, for all text in the blocks together."""

ATTACHMENTS_MOST = 100
VIEW_BYTES_MOST = 250_000
STACK_MOST = 3
_FORBIDDEN = {
    MESSAGE: frozenset({"alert", "file"}),
    MODAL: frozenset({"markdown", "table", "plan", "task_card", "context_actions", "data_visualization", "file"}),
    HOME: frozenset(
        {"markdown", "table", "plan", "task_card", "context_actions", "data_visualization", "alert", "file"}
    ),
}
_BLOCK = {surface: block_rules.on_surface(forbidden) for surface, forbidden in _FORBIDDEN.items()}
_SHORT = parts.plain(24)
_COMMON = {
    "callback_id": string(255, least=0),
    "private_metadata": string(3000, least=0),
    "external_id": string(255, least=0),
    "blocks": shapes.anything,
}
_VIEWS = {
    MODAL: record(
        ("type", "title", "blocks"),
        **_COMMON,
        type=one_of(MODAL),
        title=_SHORT,
        submit=_SHORT,
        close=_SHORT,
        clear_on_close=shapes.flag,
        notify_on_close=shapes.flag,
    ),
    HOME: record(("type", "blocks"), **_COMMON, type=one_of(HOME)),
}
_ONLY_SO_MANY = {"table": 1, "data_visualization": 2}


def check_blocks(blocks: object, surface: str = MESSAGE, place: str = "/blocks") -> None:
    """Raise invalid_blocks with every fault, or invalid_blocks_format when it is no list of blocks at all."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    faults = list(block_faults(blocks, surface, place))
    if faults:
        raise SlackError("invalid_blocks", *faults)


def check_length(blocks: list[Json]) -> None:
    """Raise msg_blocks_too_long when the blocks of a new message have too much text in all."""
    texts = (part["text"] for _, part in objects_within(blocks) if isinstance(part.get("text"), str))
    if (length := sum(map(len, texts))) > BLOCKS_TEXT_MOST:
        fault = f"{length} characters in all, no more than {BLOCKS_TEXT_MOST} allowed"
        raise SlackError("msg_blocks_too_long", shapes.at("/blocks", fault))


def check_view(view: object, allowed: tuple[str, ...] = (MODAL,)) -> Json:
    """The view when it is one that Slack accepts; raises invalid_arguments with every fault, or view_too_large."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", shapes.at("/view", "must provide an object"))
    surface = view.get("type")
    if surface not in allowed:
        fault = "missing required field: type" if surface is None else f"unsupported type: {surface}"
        raise SlackError("invalid_arguments", shapes.at("/view" if surface is None else "/view/type", fault))
    faults = [*_VIEWS[surface](view, "/view"), *_view_faults(view, surface)]
    if faults:
        raise SlackError("invalid_arguments", *faults)
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES_MOST:
        raise SlackError("view_too_large")
    return view


def check_attachments(attachments: object) -> None:
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise SlackError("invalid_arguments", shapes.at("/attachments", "must provide an array of objects"))
    if len(attachments) > ATTACHMENTS_MOST:
        raise SlackError("too_many_attachments")
    for position, attachment in enumerate(attachments):
        if "blocks" in attachment:
            check_blocks(attachment["blocks"], MESSAGE, f"/attachments/{position}/blocks")


def check_metadata(metadata: object) -> None:
    """Raise invalid_metadata_format for what is no object, invalid_metadata_schema for one of another shape."""
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    shape = record(("event_type", "event_payload"), event_type=string(255), event_payload=_any_object, entities=_a_list)
    wrong = list(shape(metadata, "/metadata"))
    if wrong and not (metadata.keys() == {"entities"} and isinstance(metadata["entities"], list)):
        raise SlackError("invalid_metadata_schema", *wrong)


def block_faults(blocks: list[Any], surface: str, place: str) -> Faults:
    """One line for each fault: the single blocks first, then what they may not do together."""
    yield from items(_BLOCK[surface], MOST_BLOCKS[surface], least=0)(blocks, place)
    yield from _repeated_block_ids(blocks, place)
    for position, block in enumerate(blocks):
        yield from _repeated_action_ids(block, f"{place}/{position}")
    yield from _too_many_of_a_kind(blocks, surface, place)
    yield from _too_much_text(blocks, place)


def objects_within(value: object, place: str = "") -> Iterator[tuple[str, Json]]:
    """Every object inside a payload with its place, the outermost first."""
    if isinstance(value, dict):
        yield place, value
        for name, part in value.items():
            if isinstance(part, dict | list):
                yield from objects_within(part, f"{place}/{name}")
    elif isinstance(value, list):
        for position, part in enumerate(value):
            if isinstance(part, dict | list):
                yield from objects_within(part, f"{place}/{position}")


def _view_faults(view: Json, surface: str) -> Faults:
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        yield shapes.at("/view/blocks", "must provide an array")
        return
    yield from block_faults(blocks, surface, "/view/blocks")
    if surface == MODAL and "submit" not in view:
        for position, block in enumerate(blocks):
            if isinstance(block, dict) and block.get("type") == "input":
                message = "must define `submit` to use an `input` block in modals"
                yield shapes.at(f"/view/blocks/{position}/input", message)
    focused = [place for place, part in objects_within(blocks, "/view/blocks") if part.get("focus_on_load") is True]
    yield from (shapes.at(place, "only one element may have `focus_on_load`") for place in focused[1:])


def _repeated_block_ids(blocks: list[Any], place: str) -> Faults:
    seen: set[str] = set()
    for position, block in enumerate(blocks):
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if not isinstance(block_id, str):
            continue
        if block_id in seen:
            yield shapes.at(f"{place}/{position}/block_id", f'`block_id` "{block_id}" already exists')
        seen.add(block_id)


def _repeated_action_ids(block: object, place: str) -> Faults:
    seen: set[str] = set()
    for where, part in objects_within(block, place):
        action_id = part.get("action_id")
        if not isinstance(action_id, str):
            continue
        if action_id in seen:
            yield shapes.at(f"{where}/action_id", f'`action_id` "{action_id}" already exists')
        seen.add(action_id)


def _too_many_of_a_kind(blocks: list[Any], surface: str, place: str) -> Faults:
    found = list(objects_within(blocks, place))
    for kind, most in _ONLY_SO_MANY.items():
        if sum(part.get("type") == kind for _, part in found) > most:
            yield shapes.at(place, f"no more than {most} {kind} block{'s' if most > 1 else ''} allowed")
    if surface != MODAL:
        for where, part in found:
            if part.get("type") == "file_input":
                yield shapes.at(f"{where}/type", "unsupported type: file_input")


def _too_much_text(blocks: list[Any], place: str) -> Faults:
    texts = [block.get("text") for block in blocks if isinstance(block, dict) and block.get("type") == "markdown"]
    if sum(len(text) for text in texts if isinstance(text, str)) > MARKDOWN_MOST:
        yield shapes.at(place, f"the text of all markdown blocks must be less than {MARKDOWN_MOST + 1} characters")
    for position, block in enumerate(blocks):
        if isinstance(block, dict) and block.get("type") == "data_table":
            cells = (str(part.get("text", "")) for _, part in objects_within(block.get("rows")))
            if sum(map(len, cells)) > 10_000:
                yield shapes.at(f"{place}/{position}/rows", "must be less than 10001 characters")


def _any_object(value: object, place: str) -> Faults:
    if not isinstance(value, dict):
        yield shapes.at(place, "must provide an object")


def _a_list(value: object, place: str) -> Faults:
    if not isinstance(value, list):
        yield shapes.at(place, "must provide an array")
