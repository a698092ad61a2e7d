"""A call's arguments as values: text from a query becomes numbers and flags, JSON text becomes blocks and views."""

import json
from collections.abc import Iterable

from bot.sandbox.records import Json, SlackError

TRANSPORT = {"token", "team_id", "pretty", "_x_id"}
_STRUCTURED = {
    "blocks": "invalid_blocks_format",
    "metadata": "invalid_metadata_format",
    "view": "invalid_arguments",
    "attachments": "invalid_arguments",
    "files": "invalid_arguments",
    "file_ids": "invalid_arguments",
    "unfurled_attachments": "invalid_arguments",
}
_LISTS = {"files", "file_ids", "unfurled_attachments"}
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def read(args: Json, types: dict[str, str], required: Iterable[str]) -> Json:
    """The known arguments, each of its type; null counts as left out. Raises invalid_arguments with every fault."""
    given = {name: value for name, value in args.items() if name in types and value is not None}
    faults = [f"missing required field: {name}" for name in required if name not in given]
    values: Json = {}
    for name, value in given.items():
        if name in _STRUCTURED:
            values[name] = _decoded(name, value)
            if name in _LISTS and not isinstance(values[name], list | None):
                faults.append(f"must provide an array [json-pointer:/{name}]")
            continue
        values[name], fault = _typed(value, types[name])
        faults += [f"{fault} [json-pointer:/{name}]"] if fault else []
    if faults:
        raise SlackError("invalid_arguments", *faults)
    return values


def unknown(args: Json, types: dict[str, str]) -> list[str]:
    """Names that the method does not document; Slack ignores them, and a typing error with them."""
    return sorted(set(args) - set(types) - TRANSPORT)


def _decoded(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        code = _STRUCTURED[name]
        details = [f"must be valid JSON [json-pointer:/{name}]"] if code == "invalid_arguments" else []
        raise SlackError(code, *details) from None


def _typed(value: object, types: str) -> tuple[object, str]:
    """The value in the type that the reference names, and what is wrong with it."""
    wanted = set(types.split(" ", maxsplit=1)[0].split("|"))
    if wanted & {"integer", "number"}:
        return _number(value)
    if wanted == {"boolean"}:
        flag = _FLAGS.get(value.lower()) if isinstance(value, str) else value
        flag = bool(flag) if flag in (0, 1) else flag
        return flag, "" if isinstance(flag, bool) else "must provide a boolean"
    if "array" in wanted:
        return value, "" if isinstance(value, list) else "must provide an array"
    if "string" in wanted or "?" in wanted:
        allowed = str | bool if "boolean" in wanted else str
        return value, "" if isinstance(value, allowed) else "must provide a string"
    return value, ""


def _number(value: object) -> tuple[object, str]:
    if isinstance(value, int) and not isinstance(value, bool):
        return value, ""
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        return int(value), ""
    return value, "must provide an integer"
