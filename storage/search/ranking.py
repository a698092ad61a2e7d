"""Ranks the practices for what a question asks about; the numbers below were found on a plateau, not on a peak."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from storage.search import index as indexes
from storage.search import question
from storage.search.index import Index
from storage.search.question import Concept
from storage.search.thesaurus import Way

LEAST = 0.5  # what is left of its points when a practice covers next to nothing of the question
SECOND = 0.3  # what a second way of saying the same thing adds
BESIDE = 0.3  # what two words of the question add that stand side by side in the practice
APART = 0.5  # what a term of several words is worth when its words stand apart


@dataclass(frozen=True)
class Ranked:
    """A practice by its place in the index. `covers` is how much of the question it speaks of, 0 to 1.

    `strength` compares with the most that one word can say, so that it means the same in small and large libraries.
    """

    place: int
    strength: float
    covers: float


@dataclass(frozen=True)
class Found:
    """Per practice: how well something is found there, and how surely (0 to 1)."""

    points: Any
    surely: Any


def rank(index: Index, concepts: Sequence[Concept]) -> list[Ranked]:
    """The practices that speak of anything that was asked about, best first."""
    import numpy as np  # noqa: PLC0415 (heavy, and not needed to start the bot)

    points = np.zeros(len(index.practices))
    covers = np.zeros(len(index.practices))
    for concept in concepts:
        found = _find(index, concept)
        points += found.points
        covers += found.surely * concept.says
    points += _side_by_side(index, concepts)
    covers /= question.says(list(concepts))
    strength = points * (LEAST + (1 - LEAST) * covers) / question.most(index)
    order = np.argsort(-strength, kind="stable")
    return [Ranked(int(place), float(strength[place]), float(covers[place])) for place in order if strength[place] > 0]


def _find(index: Index, concept: Concept) -> Found:
    """The best way in which each practice speaks of a concept: as a whole, or by the words of the phrase."""
    import numpy as np  # noqa: PLC0415

    nothing = np.zeros(len(index.practices))
    best, second, surely = nothing, nothing, nothing
    for way in concept.ways:
        found = look_for(index, way)
        if found is not None:
            second = np.maximum(second, np.minimum(best, found.points))
            best, surely = np.maximum(best, found.points), np.maximum(surely, found.surely)
    best = best + SECOND * second
    if concept.parts:
        parts = [_find(index, part) for part in concept.parts]
        weighed = [part.surely * one.says for part, one in zip(parts, concept.parts, strict=True)]
        best = np.maximum(best * len(parts) ** 0.5, sum(part.points for part in parts))
        surely = np.maximum(surely, sum(weighed) / concept.says)
    return Found(best, surely)


def look_for(index: Index, way: Way) -> Found | None:
    """Where all words of a way stand; None when no practice has one of them."""
    import numpy as np  # noqa: PLC0415

    words = [points for stem in way.stems if (points := indexes.points(index, stem)) is not None]
    if len(words) < len(way.stems):
        return None
    everywhere = np.stack(words)
    there = (everywhere > 0).all(axis=0)
    points = everywhere.mean(axis=0) * there * (APART if len(words) > 1 else 1.0)
    pairs = [indexes.points(index, f"{one} {other}") for one, other in pairwise(way.stems)]
    beside = [pair for pair in pairs if pair is not None]
    if beside:
        points = np.maximum(points, np.stack(beside).mean(axis=0))
    return Found(points * way.weight, there * way.weight)


def _side_by_side(index: Index, concepts: Sequence[Concept]) -> Any:
    pairs = [
        (one.ways[0].stems[-1], other.ways[0].stems[0]) for one, other in pairwise(concepts) if one.ways and other.ways
    ]
    beside = [indexes.points(index, f"{one} {other}") for one, other in pairs]
    return BESIDE * sum(pair for pair in beside if pair is not None)
