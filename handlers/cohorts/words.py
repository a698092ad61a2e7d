"""Finding what somebody means: words compared without case and accents, by their beginnings, with small typos. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

EXACT, BEGINNING, TYPO = 4, 3, 1
SHORTEST_TYPO = 4
ALIKE = 0.76
MOST = 8
SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an and are at by do does for from has have i in is know knows me of on or our the to us we what who whom with",
    )
)


def of(text: str) -> list[str]:
    """The words of a text, folded: "Zoë Núñez" gives zoe, nunez."""
    plain = unicodedata.normalize("NFKD", text)
    return re.findall(r"[a-z0-9]+", "".join(char for char in plain if not unicodedata.combining(char)).casefold())


def asked_for(text: str) -> list[str]:
    """The words that somebody is looking for; the small ones of a question do not count, unless there are no others."""
    found = of(text)
    return ([word for word in found if word not in SMALL] or found)[:MOST]


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
    everything = set().union(*vocabularies)
    best = {word: _near(word, everything) for word in wanted}
    results = []
    for position, vocabulary in enumerate(vocabularies):
        hits = [max((best[word][token] for token in vocabulary & best[word].keys()), default=0) for word in wanted]
        if any(hits):
            results.append((sum(1 for hit in hits if hit), sum(hits), position))
    return sorted(results, key=lambda result: (-result[0], -result[1], result[2]))


def _near(word: str, vocabulary: Iterable[str]) -> dict[str, int]:
    """The tokens that a word may mean, and how surely."""
    tokens = {token: _match(word, token) for token in vocabulary}
    plain = {token: match for token, match in tokens.items() if match}
    if plain or len(word) < SHORTEST_TYPO or word.isdigit():
        return plain
    matcher = SequenceMatcher(None, b=word, autojunk=False)
    return {token: TYPO for token in tokens if len(token) >= SHORTEST_TYPO and _alike(matcher, token)}


def _match(word: str, token: str) -> int:
    if word == token:
        return EXACT
    if word.isdigit() or token.isdigit() or min(len(word), len(token)) < 2:
        return 0
    plural = token == word.removesuffix("s") or token == word.removesuffix("es")
    return BEGINNING if plural or token.startswith(word) else 0


def _alike(matcher: SequenceMatcher[str], token: str) -> bool:
    matcher.set_seq1(token)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
