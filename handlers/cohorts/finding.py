"""Finding people by what is said of them: city, role, expertise, network and name, with accents, beginnings and typos. Pure."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from handlers import alike, standing
from storage.directory import Known, Said
from storage.search import thesaurus

Readings = list[dict[str, int]]


@dataclass(frozen=True)
class Meant:
    """Who is meant, the best first; `whole` when every word fits. `read_as` are typos, as typed, with what they were read as."""

    member_ids: tuple[int, ...]
    whole: bool = True
    read_as: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class _Index:
    """`own` and `groups` say on which places (by position) a word stands: the person's own words, or the names around them."""

    places: tuple[Said, ...]
    own: dict[str, set[int]]
    groups: dict[str, set[int]]
    vocabulary: list[str]


def meant(text: str, known: Known, now: datetime, zone: str) -> Meant:
    """Whom the words fit, of those who have their places today. First those whose one place has every word, so that "lead Memphis"
    leads Memphis; then those who have them together with the names of their cohorts and networks; last those whom most words fit.
    """
    # Days begin on quarters of an hour, whatever the time zone.
    quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    index = _today(known, quarter, zone)
    wanted = alike.asked_for(text)
    if not wanted:
        # Nothing was typed: everybody. What was typed has no letters that a name could have: nobody.
        return Meant(() if text.strip() else tuple(dict.fromkeys(one.member_id for one in index.places)))
    readings = [alike.near(word, index.vocabulary) for word in wanted]
    read_as = tuple(_misread(text, wanted, readings, index))
    for postings in ((index.own,), (index.own, index.groups)):
        found = _ranked(readings, postings)
        if found and found[0][0] == len(wanted):
            return Meant(_people(index, found), read_as=read_as)
    together = _together(index, readings)
    whole = bool(together) and together[0][0] == len(wanted)
    return Meant(_people(index, together), whole, read_as)


@lru_cache(maxsize=16)
def _today(known: Known, moment: datetime, zone: str) -> _Index:
    """Made anew only when what is said of anybody has changed, or when a day may have begun somewhere: with five thousand people that
    takes longer than the question."""
    return _index(tuple(place for place in _in_order(known) if standing.sits(place, moment, zone)))


@lru_cache(maxsize=16)
def _in_order(known: Known) -> tuple[Said, ...]:
    return tuple(sorted(known.said(), key=_order))


@lru_cache(maxsize=16)
def _index(places: tuple[Said, ...]) -> _Index:
    own: dict[str, set[int]] = {}
    groups: dict[str, set[int]] = {}
    for position, place in enumerate(places):
        for word in _own_words(place):
            own.setdefault(word, set()).add(position)
        for word in _group_words(place.cohort, place.network):
            groups.setdefault(word, set()).add(position)
    return _Index(places, own, groups, sorted({*own, *groups}))


def _order(place: Said) -> tuple[object, ...]:
    """By city, the lead first, then by name; who facilitates comes last."""
    rank = {"lead": 0, "delegate": 1}.get(place.role, 2)
    return not place.city, place.city, place.state, rank, place.name, place.member_id, place.cohort


def _own_words(place: Said) -> Iterable[str]:
    person = _person_words(place.name, place.title, place.expertise)
    return (*person, *_place_words(place.role, place.city, place.state, place.network))


@lru_cache(maxsize=32768)
def _person_words(name: str, title: str, expertise: str) -> tuple[str, ...]:
    known = " ".join(json.loads(expertise) or ())
    # "O'Brien" is also found as it is often typed: obrien.
    joined = re.sub("['’]", "", name)
    return tuple(dict.fromkeys(alike.of(f"{name} {joined} {title} {alike.initials(title)} {known}")))


@lru_cache(maxsize=4096)
def _place_words(role: str, city: str, state: str, network: str) -> tuple[str, ...]:
    named = thesaurus.state_of(f"{city}, {state}") if state else ""
    return tuple(dict.fromkeys(alike.of(f"{role} {city} {state} {named} {alike.initials(network)}")))


@lru_cache(maxsize=1024)
def _group_words(cohort: str, network: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(alike.of(f"{cohort} {network}")))


def _ranked(readings: Readings, postings: Sequence[dict[str, set[int]]]) -> list[tuple[int, int, int]]:
    """(how many words it has, how well, position of the place), the best first."""
    hits: dict[int, list[int]] = {}
    for number, reading in enumerate(readings):
        for word, how_well in reading.items():
            for places in postings:
                for position in places.get(word, ()):
                    scores = hits.setdefault(position, [0] * len(readings))
                    scores[number] = max(scores[number], how_well)
    ranked = [(sum(1 for one in scores if one), sum(scores), position) for position, scores in hits.items()]
    return sorted(ranked, key=lambda one: (-one[0], -one[1], one[2]))


def _together(index: _Index, readings: Readings) -> list[tuple[int, int, int]]:
    """The same by person, over all their places: "Memphis Austin" is somebody with a seat in both."""
    best: dict[int, dict[int, int]] = {}
    first: dict[int, int] = {}
    for number, reading in enumerate(readings):
        for _, how_well, position in _ranked([reading], (index.own, index.groups)):
            person = index.places[position].member_id
            scores = best.setdefault(person, {})
            scores[number] = max(scores.get(number, 0), how_well)
            first[person] = min(first.get(person, position), position)
    ranked = [(len(scores), sum(scores.values()), first[person]) for person, scores in best.items()]
    return sorted(ranked, key=lambda one: (-one[0], -one[1], one[2]))


def _people(index: _Index, ranked: Sequence[tuple[int, int, int]]) -> tuple[int, ...]:
    """Those who have as many words as the best, each once."""
    most = ranked[0][0] if ranked else 0
    return tuple(dict.fromkeys(index.places[position].member_id for hits, _, position in ranked if hits == most))


def _misread(text: str, wanted: Sequence[str], readings: Readings, index: _Index) -> Iterable[tuple[str, str]]:
    """Each typo as it was typed, with what it was read as, spelled as it stands in the directory."""
    for word, reading in zip(wanted, readings, strict=True):
        if reading and set(reading.values()) == {alike.TYPO}:
            yield _as_written(word, [text]), " or ".join(_spelled(other, index) for other in reading)


def _spelled(word: str, index: _Index) -> str:
    position = min(index.own.get(word) or index.groups[word])
    place = index.places[position]
    known = " ".join(json.loads(place.expertise) or ())
    return _as_written(word, [place.name, place.city, known, place.title, place.cohort, place.network, place.role])


def _as_written(word: str, texts: Iterable[str]) -> str:
    """A folded word as it stands in one of the texts: "González" for gonzalez."""
    written = (piece for text in texts for piece in re.findall(r"[^\W_]+", text) if alike.of(piece) == (word,))
    return next(written, word)
