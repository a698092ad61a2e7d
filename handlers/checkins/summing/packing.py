"""Lays out what is too long for one message: the beginning of each part in the message, the rest in its thread, in order. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.blocks import actions, context, section
from handlers.types import Json

BLOCKS = 46  # Slack takes 50; a few are left for what is said around the pieces
CHARACTERS = 9_500  # and about 12,000 in all blocks of a message
REPLIES = 10
IN_THE_THREAD = "The rest is in the thread."


@dataclass(frozen=True)
class Piece:
    """Blocks that stay together."""

    blocks: tuple[Json, ...]

    @property
    def size(self) -> tuple[int, int]:
        """(blocks, characters)."""
        return len(self.blocks), sum(map(characters, self.blocks))


@dataclass(frozen=True)
class Part:
    """One part of a message: its heading ("" for none), its pieces, and how much of it stands in the message itself."""

    heading: str
    pieces: Sequence[Piece]
    blocks: int = BLOCKS
    characters: int = CHARACTERS


def piece(*blocks: Json) -> Piece:
    return Piece(blocks)


def lay_out(
    head: Json, parts: Sequence[Part], foot: Sequence[Json], whole: Sequence[Piece], more: Json
) -> list[list[Json]]:
    """The blocks of the message, and of each reply in its thread.

    `whole` are texts that were cut in a piece: they follow in full. When all that is more than a thread should hold, `more` is the button
    that shows everything.
    """
    left_blocks, left_characters = _left(Piece((head, *foot)))
    blocks, late = [head], []
    for part in parts:
        room = (min(part.blocks, left_blocks), min(part.characters, left_characters))
        shown = _fitting(part, room)
        rest = part.pieces[len(shown) :]
        laid = [*_heading(part.heading, shown), *(one for each in shown for one in each.blocks)]
        laid += [context(IN_THE_THREAD)] if rest else []
        blocks += laid
        left_blocks, left_characters = left_blocks - len(laid), left_characters - sum(map(characters, laid))
        late += _late(part.heading, rest)
    replies = _replies([*late, *whole])
    if len(replies) > REPLIES:
        told = section("There is more than a thread should hold.", accessory=more)
        replies = [*replies[: REPLIES - 1], [told]]
    return [[*blocks, *foot], *replies]


def characters(block: Json) -> int:
    """How much text Slack counts in a block."""
    return _texts(block)


def _texts(value: object) -> int:
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_texts(one) for one in value.values())
    return sum(_texts(one) for one in value) if isinstance(value, list) else 0


def _left(one: Piece) -> tuple[int, int]:
    blocks, text = one.size
    return BLOCKS - blocks, CHARACTERS - text


def _fitting(part: Part, room: tuple[int, int]) -> list[Piece]:
    """As many pieces as fit, from the first one on, with the heading and the line that says where the rest is."""
    blocks, text = (2 if part.heading else 1), len(part.heading) + len(IN_THE_THREAD)
    shown = []
    for one in part.pieces:
        more_blocks, more_text = one.size
        blocks, text = blocks + more_blocks, text + more_text
        if blocks > room[0] or text > room[1]:
            break
        shown.append(one)
    return shown


def _heading(text: str, shown: Sequence[Piece]) -> list[Json]:
    return [section(f"*{text}*")] if text and shown else []


def _late(heading: str, rest: Sequence[Piece]) -> list[Piece]:
    """What did not fit, its heading with the first piece of it."""
    if not rest or not heading:
        return list(rest)
    return [Piece((section(f"*{heading}*"), *rest[0].blocks)), *rest[1:]]


def _replies(pieces: Iterable[Piece]) -> list[list[Json]]:
    found: list[list[Json]] = []
    blocks, text = BLOCKS, CHARACTERS
    for one in pieces:
        more_blocks, more_text = one.size
        if blocks + more_blocks > BLOCKS or text + more_text > CHARACTERS:
            found.append([])
            blocks, text = 0, 0
        found[-1] += one.blocks
        blocks, text = blocks + more_blocks, text + more_text
    return found


def buttons(*some: Json) -> tuple[Json, ...]:
    """A row of buttons, when there are any."""
    return (actions(*some),) if some else ()
