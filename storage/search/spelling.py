"""Which word of the library a misspelled word meant; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SHORTEST = 5  # below, one letter makes another real word too easily: "snow" is not "slow"
LONG = 8  # from here on, two mistakes are forgiven
ALIKE = 0.68  # of letter pairs in common, for one mistake; keeps "goats" from "goals"
ALIKE_TWO = 0.7  # for two; keeps "election" from "eviction"


@dataclass(frozen=True)
class Speller:
    """How often each known word occurs, the words by their letter pairs, and how many pairs each has."""

    known: dict[str, int]
    by_pair: dict[str, list[str]]
    pairs: dict[str, int]


def learn(known: dict[str, int]) -> Speller:
    by_pair: dict[str, list[str]] = defaultdict(list)
    for word in known:
        for pair in _pairs(word):
            by_pair[pair].append(word)
    return Speller(known, dict(by_pair), {word: len(_pairs(word)) for word in known})


def correct(speller: Speller, word: str) -> str | None:
    """The known word that was most likely meant, or None when nothing is close enough."""
    if len(word) < SHORTEST or any(letter.isdigit() for letter in word):
        return None
    ranked = [_rank(speller, word, other, alike) for other, alike in _candidates(speller, word)]
    best = max(ranked, default=(0.0, 0, ""))
    return best[2] if best[0] > 0 else None


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that was most likely meant by a whole name, such as a city or a topic."""
    ranked = [(_alike(word, choice), choice) for choice in choices]
    best = max(ranked, default=(0.0, ""))
    return best[1] if best[0] >= ALIKE_TWO else None


def _candidates(speller: Speller, word: str) -> Iterator[tuple[str, float]]:
    """Known words of about this length that share enough letter pairs, or are the same letters in another order."""
    pairs = _pairs(word)
    shared = Counter(other for pair in pairs for other in speller.by_pair.get(pair, ()))
    letters = sorted(word)
    for other, count in shared.items():
        if abs(len(other) - len(word)) > 2 or len(other) < SHORTEST - 1:
            continue
        alike = 2 * count / (len(pairs) + speller.pairs[other])
        if alike >= ALIKE_TWO or sorted(other) == letters:
            yield other, alike


def _rank(speller: Speller, word: str, other: str, alike: float) -> tuple[float, int, str]:
    """How alike (0: not what was meant), how common, and the word itself."""
    steps = _distance(word, other)
    # The first letter is rarely wrong: "election" is not "selection".
    starts = word[0] == other[0] or sorted(word[:2]) == sorted(other[:2])
    one = steps == 1 and (alike >= ALIKE or sorted(word) == sorted(other))
    two = steps == 2 and len(word) >= LONG and alike >= ALIKE_TWO
    return (alike + 2 - steps if starts and (one or two) else 0.0, speller.known[other], other)


def _pairs(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[place : place + 2] for place in range(len(padded) - 1)}


def _alike(one: str, other: str) -> float:
    ours, theirs = _pairs(one), _pairs(other)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


def _distance(one: str, other: str) -> int:
    """Letters added, left out, changed, or swapped with their neighbor."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for line, letter in enumerate(one, start=1):
        last, before, row = before, row, [line]
        for place, their in enumerate(other, start=1):
            steps = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != their))
            if line > 1 and place > 1 and letter == other[place - 2] and their == one[line - 2]:
                steps = min(steps, last[place - 2] + 1)
            row.append(steps)
    return row[-1]
