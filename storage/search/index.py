"""The practices of one program, indexed: how much each word says about each practice (BM25 over all fields)."""

import logging
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any

from storage.models import Practice
from storage.search import spelling, thesaurus, words

# How often a field's words are counted: a title says more about a practice than a step does.
WEIGHTS = {"title": 3, "topics": 3, "places": 2, "networks": 2, "elements": 1, "summary": 1, "outcome": 1, "steps": 1}
BM25: dict[str, Any] = {"k1": 1.4, "b": 0.5, "method": "lucene"}


@dataclass(frozen=True)
class Index:
    """`rows` names the stems, and pairs of stems side by side ("legal aid"), that `ranker` knows.

    `rarity` is how much a stem says; `written` gives each practice's own spelling of a stem. `fitting` remembers, by topic and text, what
    was found for blockers.
    """

    practices: tuple[Practice, ...]
    ranker: Any
    rows: dict[str, int]
    rarity: dict[str, float]
    written: tuple[dict[str, str], ...]
    speller: spelling.Speller
    thesaurus: thesaurus.Thesaurus
    stem: words.Stem
    fitting: dict[tuple[str, str], list[Practice]] = field(default_factory=dict)


def build(practices: Sequence[Practice]) -> Index:
    """Index practices: a tenth of a second for hundreds, and at first twice that for the imports. Run it in a thread."""
    stem = words.stemmer()
    texts = [[(words.speaking(words.split(text)), times) for text, times in _fields(one)] for one in practices]
    spoken = [list(chain.from_iterable(some for some, _ in fields)) for fields in texts]
    terms = [[term for some, times in fields for term in _terms(some, stem) * times] for fields in texts]
    rows = {term: row for row, term in enumerate(sorted(set(chain.from_iterable(terms))))}
    others = thesaurus.load(stem)
    in_how_many = Counter(chain.from_iterable(set(one) for one in terms))
    known = dict.fromkeys(others.spelled, 0) | Counter(chain.from_iterable(spoken))
    return Index(
        practices=tuple(practices),
        ranker=_ranker(terms, rows),
        rows=rows,
        rarity={term: rarity(count, len(practices)) for term, count in in_how_many.items()},
        written=tuple({stem(word): word for word in reversed(one)} for one in spoken),
        speller=spelling.learn({word: count for word, count in known.items() if len(word) >= spelling.SHORTEST - 1}),
        thesaurus=others,
        stem=stem,
    )


def points(index: Index, term: str) -> Any | None:
    """What BM25 gives each practice for a stem, or for two side by side; None when no practice has it."""
    row = index.rows.get(term)
    return None if row is None else index.ranker.get_scores_from_ids([row])


def rarity(practices_with: int, practices: int) -> float:
    """How much a word says: the fewer practices have it, the more (BM25's inverse document frequency)."""
    return math.log((practices - practices_with + 0.5) / (practices_with + 0.5) + 1)


def _fields(practice: Practice) -> Iterator[tuple[str, int]]:
    """Each text of a practice, with how often its words count."""
    for name, times in WEIGHTS.items():
        value = getattr(practice, name)
        yield from ((str(text), times) for text in (value if isinstance(value, list) else [value]))
    yield from ((thesaurus.state_of(str(place)), WEIGHTS["places"]) for place in practice.places)


def _terms(spoken: list[str], stem: words.Stem) -> list[str]:
    stems = [stem(word) for word in spoken]
    return stems + [f"{one} {other}" for one, other in pairwise(stems)]


def _ranker(terms: list[list[str]], rows: dict[str, int]) -> Any:
    if not rows:
        return None
    import bm25s  # noqa: PLC0415 (heavy, and not needed to start the bot)

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it turns its own debug messages on
    ranker = bm25s.BM25(**BM25)
    numbered = [[rows[term] for term in one] for one in terms]
    ranker.index((numbered, dict(rows)), create_empty_token=False, show_progress=False)
    return ranker
