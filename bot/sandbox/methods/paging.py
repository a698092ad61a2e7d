"""Slack's pages: `limit` and an opaque cursor that names the first item of the next page."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.sandbox.records import Json, SlackError

Item = TypeVar("Item")


def page(
    items: Sequence[Item], key: Callable[[Item], str], args: Json, *, most: int = 1000, lenient: bool = False
) -> tuple[list[Item], str]:
    """The page that `limit` and `cursor` ask for, and the next cursor ("" at the end).

    A limit out of range raises invalid_limit; the methods that do not know that error are lenient and take the nearest.
    """
    limit = args.get("limit") or 100
    if not 1 <= limit <= most and not lenient:
        raise SlackError("invalid_limit")
    limit = max(1, min(limit, most))
    start = _start(items, key, str(args.get("cursor") or ""))
    rest = items[start + limit :]
    return list(items[start : start + limit]), _cursor(key(rest[0])) if rest else ""


def metadata(cursor: str) -> Json:
    return {"response_metadata": {"next_cursor": cursor}}


def _start(items: Sequence[Item], key: Callable[[Item], str], cursor: str) -> int:
    if not cursor:
        return 0
    try:
        wanted = b64decode(cursor, validate=True).decode()
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None
    found = next((position for position, item in enumerate(items) if f"next:{key(item)}" == wanted), None)
    if found is None:
        raise SlackError("invalid_cursor")
    return found


def _cursor(key: str) -> str:
    return b64encode(f"next:{key}".encode()).decode()
