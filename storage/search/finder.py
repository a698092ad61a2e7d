"""Answers a question from the index: the practices that fit, why each was found, or honestly nothing and what is near."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storage.models import Practice
from storage.search import filters, question, ranking, words
from storage.search.filters import Filter
from storage.search.index import Index
from storage.search.question import Concept
from storage.search.ranking import Ranked

# Something was found when the best practices cover enough of the question, strongly enough: the sum of the two. Measured on 141
# questions that the library can answer (2 got nothing) and 46 that it cannot (1 got something); around it the counts hardly change.
ENOUGH = 0.85
NEARLY_ALL = 0.8  # covered: then the answer does not say that words are missing
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
        hits=tuple(
            Hit(index.practices[one.place], tuple(_matches(index, one.place, concepts, asked))) for one in found
        ),
        every_word=bool(found) and found[0].covers >= NEARLY_ALL,
        corrected=tuple((_as_typed(one.written, asked), one.corrected) for one in _words(concepts) if one.corrected),
        near=() if found else tuple(_near(index, concepts)),
    )


def topics(index: Index) -> list[str]:
    """The topics of the library, the commonest first."""
    counted = Counter(str(topic) for practice in index.practices for topic in practice.topics)
    return sorted(counted, key=lambda topic: (-counted[topic], topic))


def _good(ranked: Sequence[Ranked]) -> list[Ranked]:
    if not ranked or not any(one.covers + one.strength >= ENOUGH for one in ranked[:FEW]):
        return []
    strong = [one for one in ranked if one.strength >= TAIL * ranked[0].strength]
    return strong if len(strong) >= FEW else [one for one in ranked[:FEW] if one.strength >= WEAK * ranked[0].strength]


def _matches(index: Index, place: int, concepts: Sequence[Concept], asked: str) -> Iterator[Match]:
    """Why a practice was found: its own words for each thing that was asked about, each word once."""
    told: set[str] = set()
    written = index.written[place]
    for concept in concepts:
        for one in _spoken_of(index, concept, written):
            if one.found not in told:
                told.add(one.found)
                yield Match(one.found, _as_typed(one.asked, asked) if one.asked else None)


def _spoken_of(index: Index, concept: Concept, written: dict[str, str]) -> Iterator[Match]:
    """The practice's words for a concept; those of a phrase one by one when they all stand there themselves."""
    ways = sorted(concept.ways, key=lambda way: -way.weight)
    best = next((way for way in ways if all(stem in written for stem in way.stems)), None)
    if concept.parts and (best is None or all(part.stems[0] in written for part in concept.parts)):
        for part in concept.parts:
            yield from _spoken_of(index, part, written)
    elif best is not None:
        own = (index.stem(concept.corrected),) if concept.corrected else concept.stems
        several = len(words.split(best.written)) > 1
        found = best.written.replace("-", " ") if several else written[best.stems[0]]
        yield Match(found, None if best.stems == own else concept.written)


def _as_typed(written: str, asked: str) -> str:
    """The folded words of a question as the person wrote them: "MWBE", not "mwbe"."""
    found = re.search(r"\W+".join(re.escape(word) for word in written.split()), asked, re.IGNORECASE)
    return found[0] if found else written


def _words(concepts: Sequence[Concept]) -> Iterator[Concept]:
    """Phrases word by word."""
    for concept in concepts:
        yield from concept.parts or (concept,)


def _near(index: Index, concepts: Sequence[Concept]) -> list[str]:
    """The library's topics that the words of a question name, also in other words; those of its commonest words last."""
    named: Counter[str] = Counter()
    for topic in topics(index):
        stems = {index.stem(word) for word in words.split(topic)}
        for concept in _words(concepts):
            said = [way.weight * len(way.stems) for way in concept.ways if stems.issuperset(way.stems)]
            named[topic] += max(said, default=0.0) * concept.says / len(stems)  # type: ignore[assignment]
    return [topic for topic, said in named.most_common(NEAR_TOPICS) if said > 0]
