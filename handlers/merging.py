"""Puts a message together that pays several reasons: one part in full, the others in short, within what Slack takes. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from handlers import blocks
from handlers.buttons import button
from handlers.types import Json
from storage.models import Owed

SHOW_IN_FULL = "merged_show_in_full"
MOST_PARTS = 6
MOST_BLOCKS = 50
MOST_CHARACTERS = 11_000  # Slack takes 12,000 in all blocks together
MOST_TEXT = 3900
SHORT_TEXT, SHORT_ITEM = 600, 400
ITEMS, BUTTONS = 2, 5
NUMBERS = {1: "one more comes", 2: "two more come", 3: "three more come", 4: "four more come", 5: "five more come"}


def composed(parts: Sequence[Owed]) -> Json:
    """What a message says that pays these, the most urgent first: the payload of one as it is, several put together."""
    if len(parts) == 1:
        return parts[0].payload
    shown = next((place for place, one in enumerate(parts) if one.in_full), 0)
    together = _layout(parts, shown)
    # A part may have grown since it joined the others.
    return blocks.message(_text(parts), together if _taken_by_slack(together) else _layout(parts, None))


def fit(parts: Sequence[Owed]) -> bool:
    """Whether Slack takes these in one message, whichever of them is shown in full."""
    if len(parts) > MOST_PARTS or sum(len(one.payload["text"]) + 1 for one in parts) > MOST_TEXT:
        return False
    return all(_taken_by_slack(_layout(parts, shown)) for shown in range(len(parts)))


def _text(parts: Sequence[Owed]) -> str:
    """All of it in full sentences; where that is too long, of each as much as there is room for."""
    texts = [one.payload["text"] for one in parts]
    whole = " ".join(texts)
    share = MOST_TEXT // len(parts) - 1
    return whole if len(whole) <= MOST_TEXT else " ".join(_cut(text, share) for text in texts)


def _layout(parts: Sequence[Owed], shown: int | None) -> list[Json]:
    """The blocks of all parts; the one at `shown` in full."""
    together: list[Json] = []
    for place, one in enumerate(parts):
        if place == 1:
            rest = NUMBERS.get(len(parts) - 1, f"{len(parts) - 1} more come")
            together.append(blocks.context(f"So that I write to you less often, {rest} with it:"))
        if place > 1:
            together.append(blocks.divider())
        together += _whole(one.payload) if place == shown else _short(one)
    return _with_one_primary(_with_own_ids(together))


def _whole(payload: Json) -> list[Json]:
    return list(payload.get("blocks") or [blocks.section(payload["text"])])


def _short(one: Owed) -> list[Json]:
    """The `text` of a part and its buttons; of several items with buttons each the first ones, and a way to the rest."""
    whole = _whole(one.payload)
    rows = [place for place, block in enumerate(whole) if block["type"] == "actions"]
    short = [blocks.section(_cut(_lead(one, whole, rows), SHORT_TEXT))]
    if len(rows) == 1:
        short.append(whole[rows[0]])
    for place in rows[:ITEMS] if len(rows) > 1 else ():
        item = whole[place - 1] if place else {}
        short += [_shortened(item)] if item.get("type") == "section" and "text" in item else []
        short.append(whole[place])
    if _says_more(whole, rows) or len(one.payload["text"]) > SHORT_TEXT:
        _add_button(short, button("Show in full", SHOW_IN_FULL, one.key))
    return short


def _lead(one: Owed, whole: Sequence[Json], rows: Sequence[int]) -> str:
    """The sentence that a part in short begins with; where items follow it is their title, since the `text` tells of the first of them."""
    title = whole[0].get("text") if len(rows) > 1 and rows[0] > 1 else None
    return str(title["text"] if title else one.payload["text"])


def _says_more(whole: Sequence[Json], rows: Sequence[int]) -> bool:
    """Whether a part in short leaves out more than small print, and the paragraph that belongs to its buttons."""
    items = {near for place in rows[:ITEMS] for near in (place, place - 1)}
    left_out = [block for place, block in enumerate(whole) if place and place not in items]
    known = ("context", "divider")
    return any(block["type"] not in known for block in left_out) or any("accessory" in block for block in whole)


def _add_button(short: list[Json], element: Json) -> None:
    last = short[-1]
    if last["type"] == "actions" and len(last["elements"]) < BUTTONS:
        short[-1] = {**last, "elements": [*last["elements"], element]}
    else:
        short.append(blocks.actions(element))


def _shortened(section: Json) -> Json:
    """A paragraph of an item, without what stands beside it."""
    return blocks.section(_cut(section["text"]["text"], SHORT_ITEM))


def _cut(text: str, limit: int) -> str:
    """As much as fits, up to a space: neither an escaped sign nor a link is cut in two."""
    if len(text) <= limit:
        return text
    start = text[: limit - 1].rpartition(" ")[0] or text[: limit - 1]
    if start.rfind("<") > start.rfind(">"):
        start = start[: start.rfind("<")]
    return f"{start.rstrip()}…"


def _with_own_ids(together: Sequence[Json]) -> list[Json]:
    """No two blocks of a message may have the same id; Slack gives one to a block that has none."""
    seen: set[str] = set()
    own = []
    for block in together:
        again = block.get("block_id") in seen
        seen |= {block["block_id"]} if "block_id" in block else set()
        own.append({key: value for key, value in block.items() if not again or key != "block_id"})
    return own


def _with_one_primary(together: Sequence[Json]) -> list[Json]:
    """Of all buttons in a message only the first primary one stands out."""
    found = False
    calm = []
    for block in together:
        elements = []
        for element in block.get("elements", ()):
            primary = element.get("style") == "primary"
            elements.append(
                {key: value for key, value in element.items() if key != "style"} if primary and found else element
            )
            found = found or primary
        calm.append({**block, "elements": elements} if "elements" in block else block)
    return calm


def _taken_by_slack(together: Sequence[Json]) -> bool:
    return len(together) <= MOST_BLOCKS and sum(_lengths(list(together))) <= MOST_CHARACTERS


def _lengths(value: Any) -> Iterator[int]:
    """How long every text within is."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield len(value["text"])
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _lengths(part)
