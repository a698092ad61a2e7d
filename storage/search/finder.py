"""Answers a question from the index: the practices that fit, why each was found, or honestly nothing and what is near."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storage.models import Practice
from storage.search import filters, question, ranking, spelling, words
from storage.search.filters import Filter
from storage.search.index import Index
from storage.search.question import Concept
from storage.search.ranking import Ranked

# When something was found: nearly all of the question is spoken of, or a good part of it and strongly. Measured on 129 questions that
# the library can answer (4 got nothing) and 46 that it cannot (2 got something); around these values the counts hardly change.
NEARLY_ALL = 0.8
GOOD_PART = 0.32
STRONGLY = 0.42
TAIL = 0.35  # what is weaker than this part of the best is left out,
WEAK = 0.2  # except to make up a few: then down to this
FEW = 3
NEAR_TOPICS = 4
LONGEST = 500  # letters of a question that are read: nobody asks more, and each unknown word costs time


@dataclass(frozen=True)
class Match:
    """`found` as the practice writes it; `asked` as the person did, when that is another word."""

    found: str
    asked: str | None = None


@dataclass(frozen=True)
class Hit:
    practice: Practice
    matches: tuple[Match, ...]


@dataclass(frozen=True)
class Answer:
    """`asked` is the question without its filters. `hits` are all that fit, best first; `every_word` says whether the best speaks of all.

    `asks` says whether there was anything to look for: "how do you" asks nothing. `corrected` are misspelled words with what they
    were read as. With nothing found, `near` names topics that the library has.
    """

    asked: str
    asks: bool
    filters: tuple[Filter, ...]
    hits: tuple[Hit, ...]
    every_word: bool
    corrected: tuple[tuple[str, str], ...]
    near: tuple[str, ...]


def ask(index: Index, text: str) -> Answer:
    """What the library answers to a question with or without filters; an empty one is answered with nothing."""
    asked, filtered = filters.take_out(text[:LONGEST], index.practices)
    concepts = question.read(index, asked)
    allowed = [place for place, one in enumerate(index.practices) if all(each.lets(one) for each in filtered)]
    ranked = [one for one in ranking.rank(index, concepts) if one.place in set(allowed)]
    if filtered and not concepts:
        ranked = [Ranked(place, 1.0, 1.0) for place in allowed]
    found = _good(ranked)
    return Answer(
        asked=asked,
        asks=bool(concepts or filtered),
        filters=tuple(filtered),
        hits=tuple(Hit(index.practices[one.place], tuple(_matches(index, one.place, concepts))) for one in found),
        every_word=bool(found) and found[0].covers >= NEARLY_ALL,
        corrected=tuple((one.written, one.corrected) for one in _words(concepts) if one.corrected),
        near=() if found else tuple(_near(index, ranked, asked)),
    )


def topics(index: Index) -> list[str]:
    """The topics of the library, the commonest first."""
    counted = Counter(str(topic) for practice in index.practices for topic in practice.topics)
    return sorted(counted, key=lambda topic: (-counted[topic], topic))


def _good(ranked: Sequence[Ranked]) -> list[Ranked]:
    if not ranked or not any(_is_found(one) for one in ranked[:FEW]):
        return []
    strong = [one for one in ranked if one.strength >= TAIL * ranked[0].strength]
    return strong if len(strong) >= FEW else [one for one in ranked[:FEW] if one.strength >= WEAK * ranked[0].strength]


def _is_found(one: Ranked) -> bool:
    return one.covers >= NEARLY_ALL or (one.covers >= GOOD_PART and one.strength >= STRONGLY)


def _matches(index: Index, place: int, concepts: Sequence[Concept]) -> Iterator[Match]:
    """Why a practice was found: its own words for each thing that was asked about, each word once."""
    told: set[str] = set()
    written = index.written[place]
    for concept in concepts:
        for one in _spoken_of(concept, written):
            if one.found not in told:
                told.add(one.found)
                yield one


def _spoken_of(concept: Concept, written: dict[str, str]) -> Iterator[Match]:
    ways = sorted(concept.ways, key=lambda way: -way.weight)
    best = next((way for way in ways if all(stem in written for stem in way.stems)), None)
    if concept.parts and (best is None or all(part.ways and part.stems[0] in written for part in concept.parts)):
        for part in concept.parts:
            yield from _spoken_of(part, written)
    elif best is not None:
        own = concept.corrected is None and best.stems == concept.stems
        yield Match(" ".join(written[stem] for stem in best.stems), None if own else concept.written)


def _words(concepts: Sequence[Concept]) -> Iterator[Concept]:
    for concept in concepts:
        yield from concept.parts or (concept,)


def _near(index: Index, ranked: Sequence[Ranked], asked: str) -> list[str]:
    """Topics of what came closest, those first that speak of a word of the question; else those spelled alike."""
    counted: Counter[str] = Counter()
    for one in ranked[: 2 * FEW]:
        for topic in index.practices[one.place].topics:
            counted[str(topic)] += one.strength  # type: ignore[assignment]
    stems = {index.stem(word) for word in words.speaking(words.split(asked))}
    known = topics(index)
    named = [topic for topic in known if stems & {index.stem(word) for word in words.split(topic)}]
    alike = [
        near
        for word in words.split(asked)
        if len(word) >= spelling.SHORTEST and (near := spelling.nearest(word, known))
    ]
    return list(dict.fromkeys([*named, *alike, *(topic for topic, _ in counted.most_common())]))[:NEAR_TOPICS]
