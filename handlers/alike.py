"""Finding what somebody means: words compared without case and accents, by their beginnings, with small typos. Pure."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

EXACT, BEGINNING, TYPO = 4, 3, 1
SHORTEST_TYPO = 4
ALIKE = 76  # percent; "memfis" and "memphis" have 77
READINGS = 3
MOST = 8
# Letters that are not made of a plain one and a mark.
NOT_APART = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE", "œ": "oe", "ı": "i"}
)
SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an and are at by do does for from has have i in is know knows me of on or our the to us we what who whom with",
    )
)


@lru_cache(maxsize=32768)
def of(text: str) -> tuple[str, ...]:
    """The words of a text, folded: "Zoë Núñez" gives zoe, nunez."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.translate(NOT_APART))
        text = "".join(char for char in apart if not unicodedata.combining(char))
    return tuple(re.findall(r"[a-z0-9]+", text.casefold()))


def asked_for(text: str) -> tuple[str, ...]:
    """The words that somebody is looking for; the small ones of a question do not count, unless there are no others."""
    found = tuple(dict.fromkeys(of(text)))
    return (tuple(word for word in found if word not in SMALL) or found)[:MOST]


def initials(text: str) -> str:
    """Short forms of a name: "pmi pomi" for "Project on Municipal Innovation", "cs cos" for "Chief of Staff"; "" for one word."""
    starts = [word[0] for word in text.split() if word[0].isalpha()]
    capitals = [start for start in starts if start.isupper()]
    return f"{''.join(capitals)} {''.join(starts)}".casefold() if len(capitals) > 1 else ""


def ranked(wanted: Sequence[str], candidates: Sequence[Iterable[str]]) -> list[tuple[int, int, int]]:
    """(how many words it has, how well, which candidate), the best first; those that have none are left out.

    A word is taken for a typo only when no candidate has it as it stands.
    """
    vocabularies = [set(words) for words in candidates]
    everything = sorted(set().union(*vocabularies))
    best = {word: near(word, everything) for word in wanted}
    results = []
    for position, vocabulary in enumerate(vocabularies):
        hits = [max((best[word][token] for token in vocabulary & best[word].keys()), default=0) for word in wanted]
        if any(hits):
            results.append((sum(1 for hit in hits if hit), sum(hits), position))
    return sorted(results, key=lambda result: (-result[0], -result[1], result[2]))


def near(word: str, vocabulary: Sequence[str]) -> dict[str, int]:
    """The words of a sorted vocabulary that a word may mean, and how surely: itself, what begins with it, else what looks most like it."""
    plain = {token: match for token in _begins_with(word, vocabulary) if (match := _match(word, token))}
    if plain or len(word) < SHORTEST_TYPO or word.isdigit():
        return plain
    alike = process.extract(word, vocabulary, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=READINGS + 5)
    likely = [(token, score) for token, score, _ in alike if len(token) >= SHORTEST_TYPO and not token.isdigit()]
    return {token: TYPO for token, score in likely[:READINGS] if score == likely[0][1]}


def _begins_with(word: str, vocabulary: Sequence[str]) -> Iterable[str]:
    """What begins with a word, and what it may be the plural of."""
    for start in dict.fromkeys((word, word.removesuffix("s"), word.removesuffix("es"))):
        place = bisect_left(vocabulary, start)
        while place < len(vocabulary) and vocabulary[place].startswith(start):
            yield vocabulary[place]
            place += 1


def _match(word: str, token: str) -> int:
    if word == token:
        return EXACT
    if word.isdigit() or token.isdigit() or min(len(word), len(token)) < 2:
        return 0
    plural = token == word.removesuffix("s") or token == word.removesuffix("es")
    return BEGINNING if plural or token.startswith(word) else 0
