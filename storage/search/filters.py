"""Filters in the line of a question: `element:data-driven city:Memphis network:gare topic:procurement`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from storage.models import Practice
from storage.search import spelling, words

FIELDS = {"element": "elements", "city": "places", "network": "networks", "topic": "topics"}
_FILTER = re.compile(r"(?<!\S)(element|city|place|network|topic)s?:\s*(?:[\"“”]([^\"“”]*)[\"“”]|(\S+))", re.IGNORECASE)
_NOT_ENDED = 3  # so many letters of a word are enough: "data" for "data-driven"


@dataclass(frozen=True)
class Filter:
    """`kind` is element, city, network or topic; `values` are those of the library that are meant, none when it knows none.

    `read_as` is the value that a misspelled one was taken for.
    """

    kind: str
    asked: str
    values: frozenset[str]
    read_as: str | None = None

    def lets(self, practice: Practice) -> bool:
        return not self.values.isdisjoint(getattr(practice, FIELDS[self.kind]))


def take_out(text: str, practices: Sequence[Practice]) -> tuple[str, list[Filter]]:
    """The text without its filters, and the filters. A value of several words needs no quotes when the library has it."""
    found: list[Filter] = []
    while match := _FILTER.search(text):
        kind = "city" if match[1].lower() == "place" else match[1].lower()
        known = {str(value) for practice in practices for value in getattr(practice, FIELDS[kind])}
        value, rest = match[2] or match[3] or "", text[match.end() :]
        if match[3]:
            value, rest = _longer(value, rest, known)
        if words.split(value):
            found.append(_read(kind, value, known))
        text = f"{text[: match.start()]} {rest}"
    return " ".join(text.split()), found


def _longer(value: str, rest: str, known: Iterable[str]) -> tuple[str, str]:
    """Add the next words as long as the library has such a value: `city:New York tenants` is New York."""
    following = rest.split()
    for count in range(min(4, len(following)), 0, -1):
        longer = " ".join([value, *following[:count]])
        if _meant(longer, known):
            return longer, " ".join(following[count:])
    return value, rest


def _read(kind: str, value: str, known: set[str]) -> Filter:
    values = _meant(value, known)
    if values:
        return Filter(kind, value, values)
    names = {_name(one): one for one in sorted(known)}
    near = spelling.nearest(_name(value), names)
    return Filter(kind, value, _meant(near, known), names[near]) if near else Filter(kind, value, frozenset())


def _meant(value: str, known: Iterable[str]) -> frozenset[str]:
    """The library's values that hold these words in this order, the last one maybe unfinished, or begin with these letters: `wwc`."""
    asked = tuple(words.split(value))
    return frozenset(one for one in known if _holds(_parts(one), asked) or (_initials(one),) == asked)


def _holds(known: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    for start in range(len(known) - len(asked) + 1):
        *first, last = known[start : start + len(asked)]
        begun = len(asked[-1]) >= _NOT_ENDED and last.startswith(asked[-1])
        if tuple(first) == asked[:-1] and (last == asked[-1] or begun):
            return True
    return False


@lru_cache(maxsize=4096)
def _parts(value: str) -> tuple[str, ...]:
    """Kept: each question goes through all values of the library several times."""
    return tuple(words.split(value))


@lru_cache(maxsize=4096)
def _initials(value: str) -> str:
    return "".join(word[0] for word in words.split(value.partition(":")[0]))


def _name(value: str) -> str:
    """A value to compare by its spelling; of "Memphis, TN" the city alone."""
    return " ".join(words.split(value.split(",", maxsplit=1)[0]))
