"""What city people say beside what the library says: acronyms, spellings, and neighbors in meaning."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from storage.search import words

Phrase = tuple[str, ...]
SAME = 0.85
NEAR = 0.45


@dataclass(frozen=True)
class Way:
    """Something to look for: its stems (all must be there), how much it counts (up to 1), and how it is written."""

    stems: Phrase
    weight: float
    written: str


@dataclass(frozen=True)
class Thesaurus:
    """`others` maps the stems of a term to what else to look for; `spelled` are all words of terms as they are written."""

    others: dict[Phrase, tuple[Way, ...]]
    spelled: frozenset[str]
    longest: int


def load(stem: words.Stem) -> Thesaurus:
    """The thesaurus that comes with the program, stemmed as the index is."""
    others: dict[Phrase, dict[Phrase, Way]] = {}
    pairs = list(_pairs())
    split = {term: words.split(term) for term in {text for term, other, _ in pairs for text in (term, other)}}
    for term, other, weight in pairs:
        sought = _stems(words.speaking(split[other]), stem)
        ways = others.setdefault(_stems(split[term], stem), {})
        if sought and (sought not in ways or ways[sought].weight < weight):
            ways[sought] = Way(sought, weight, other)
    spelled = frozenset(word for term, _, _ in pairs for word in split[term])
    # A term's other spelling may have the term's own stems.
    found = {key: tuple(way for way in ways.values() if way.stems != key) for key, ways in others.items()}
    return Thesaurus(found, spelled, longest=max(len(key) for key in found))


def state_of(place: str) -> str:
    """The full name of the state in "Memphis, TN", or an empty text."""
    states: dict[str, str] = _content()["states"]
    return states.get(place.rpartition(",")[2].strip(), "")


def _pairs() -> Iterator[tuple[str, str, float]]:
    """Each term with each other term to look for; what is near a term is near to all that stands for it."""
    content = _content()
    mates: dict[str, list[str]] = {}
    for group in content["same"]:
        for term in group:
            mates.setdefault(term, []).extend(group)
            yield from ((term, other, SAME) for other in group if other != term)
    for term, others in content["means"].items():
        yield from ((term, other, SAME) for other in others)
    for term, others in content["near"].items():
        for mate in dict.fromkeys([term, *mates.get(term, ())]):
            yield from ((mate, other, NEAR) for other in others if mate != other)


@cache
def _content() -> dict[str, Any]:
    data = resources.files("storage").joinpath("library/thesaurus.yaml").read_bytes()
    # The C loader is in every wheel of PyYAML, but not in every build.
    loaded: dict[str, Any] = yaml.load(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe)
    return loaded


def _stems(some: list[str], stem: words.Stem) -> Phrase:
    return tuple(stem(word) for word in some)
