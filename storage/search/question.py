"""Reads a question: what it asks about, and in which other words that may be written."""

from collections.abc import Iterator
from dataclasses import dataclass

from storage.search import spelling, words
from storage.search.index import Index, rarity
from storage.search.thesaurus import Way

CORRECTED = 0.85  # how much a corrected word counts


@dataclass(frozen=True)
class Concept:
    """One thing that a question asks about.

    `ways` are what to look for; `parts` are the words of a phrase, when it is one: they count when found apart.
    `says` is how much it says; `corrected` is the word it was read as, when it was misspelled.
    """

    written: str
    stems: tuple[str, ...]
    ways: tuple[Way, ...]
    says: float
    parts: tuple["Concept", ...] = ()
    corrected: str | None = None


def read(index: Index, text: str) -> list[Concept]:
    """What a question asks about, in its order; the longest term that the thesaurus knows is taken first."""
    spoken = words.split(text)
    stems = [index.stem(word) for word in spoken]
    concepts: list[Concept] = []
    place = 0
    while place < len(spoken):
        length = _longest(index, stems, place)
        some = spoken[place : place + length]
        concepts.extend(_phrase(index, some) if length > 1 else _word(index, some[0]))
        place += length
    return list({concept.stems: concept for concept in concepts}.values())


def says(concepts: list[Concept]) -> float:
    """How much all of a question says; never 0, to divide by."""
    return sum(concept.says for concept in concepts) or 1.0


def most(index: Index) -> float:
    """How much a word says that is in no practice: the most there is."""
    return rarity(0, len(index.practices))


def _longest(index: Index, stems: list[str], place: int) -> int:
    """How many words from here on are one term of the thesaurus; 1 when there is none."""
    longest = min(index.thesaurus.longest, len(stems) - place)
    return next((n for n in range(longest, 1, -1) if tuple(stems[place : place + n]) in index.thesaurus.others), 1)


def _phrase(index: Index, spoken: list[str]) -> Iterator[Concept]:
    """A term of several words. "Did not work" says as much as the rarest word for it, though its own words say nothing."""
    parts = tuple(part for word in spoken for part in _word(index, word))
    key = tuple(index.stem(word) for word in spoken)
    ways = index.thesaurus.others[key]
    rarest = max((index.rarity.get(stem, 0.0) for way in ways for stem in way.stems), default=0.0)
    yield Concept(" ".join(spoken), key, ways, max(says(list(parts)), rarest), parts)


def _word(index: Index, word: str) -> Iterator[Concept]:
    if word in words.SILENT or len(word) == 1:
        return
    stem = index.stem(word)
    found = _ways(index, stem)
    if found:
        yield Concept(word, (stem,), found, index.rarity.get(stem) or most(index))
        return
    meant = spelling.correct(index.speller, word)
    ways = (
        tuple(Way(way.stems, way.weight * CORRECTED, way.written) for way in _ways(index, index.stem(meant)))
        if meant
        else ()
    )
    if meant and ways:
        yield Concept(word, (stem,), ways, index.rarity.get(index.stem(meant)) or most(index), corrected=meant)
    else:
        yield Concept(word, (stem,), (), most(index))


def _ways(index: Index, stem: str) -> tuple[Way, ...]:
    own = (Way((stem,), 1.0, stem),) if stem in index.rows else ()
    return own + index.thesaurus.others.get((stem,), ())
