"""Pure decisions: what a command asks for, who may see whom, which cohort or people somebody means."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import alike, calendar, rights
from storage.cohorts import Listed, Person, Place
from storage.directory import Said

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class Standing:
    """Where somebody stands: the cohorts in which they have a seat or which they facilitate (those alone, too), or all."""

    runs_program: bool
    cohort_ids: frozenset[int]
    facilitates: frozenset[int] = frozenset()

    @property
    def roles(self) -> set[str]:
        """What they facilitate at all."""
        found = {rights.PROGRAM} if self.runs_program else set()
        return found | {rights.COHORT} if self.facilitates else found

    def roles_in(self, cohort_id: int) -> set[str]:
        """What they facilitate, as far as it concerns this cohort."""
        here = {rights.COHORT} if cohort_id in self.facilitates else set()
        return here | {rights.PROGRAM} if self.runs_program else here


@dataclass(frozen=True)
class Found:
    """Somebody with all places that the asker may see."""

    person: Person
    places: tuple[Place, ...]


def is_over(cohort: Listed | Place, now: datetime, zone: str) -> bool:
    """Whether the last day of a cohort has passed, in its own zone where it has one."""
    return cohort.ends_on is not None and cohort.ends_on < calendar.today(cohort.time_zone or zone, now)


def sits(place: Place | Said, now: datetime, zone: str) -> bool:
    """Whether somebody has this place today (the city's date); in a cohort that ended: whether they had it to the end."""
    if place.since_on is None and place.until_on is None:
        return True
    today = calendar.today(place.time_zone or zone, now)
    last = min(today, place.ends_on) if place.ends_on else today
    return (place.since_on is None or place.since_on <= today) and (place.until_on is None or place.until_on >= last)


def own(member_id: int, places: Iterable[Place], now: datetime, zone: str) -> list[Place]:
    """Somebody's own places of today."""
    return [one for one in places if one.person and one.person.id == member_id and sits(one, now, zone)]


def cohort_ids(mine: Iterable[Place]) -> set[int] | None:
    """The cohorts of one's own places; None for all of them, when one of the places is the whole program."""
    ids = {place.cohort_id for place in mine}
    return None if None in ids else {cohort_id for cohort_id in ids if cohort_id is not None}


def standing(member_id: int, places: Iterable[Place], now: datetime, zone: str) -> Standing:
    mine = own(member_id, places, now, zone)
    everywhere = any(place.role == "facilitator" and place.cohort_id is None for place in mine)
    facilitated = {one.cohort_id for one in mine if one.role == "facilitator"}
    ids = frozenset(place.cohort_id for place in mine if place.cohort_id is not None)
    return Standing(everywhere, ids, ids & facilitated)


def may_see_people(who: Standing, cohort_id: int) -> bool:
    """The one rule about people: you see those of the cohorts in which you have a seat or which you facilitate.

    Who facilitates the whole program sees all. Everybody sees the names of all cohorts of the program, and who facilitates them.
    """
    return who.runs_program or cohort_id in who.cohort_ids


def visible(who: Standing, places: Iterable[Place], now: datetime, zone: str) -> list[Place]:
    """The places of today that somebody may read of."""
    return [
        place
        for place in places
        if sits(place, now, zone)
        and (place.role == "facilitator" or (place.cohort_id is not None and may_see_people(who, place.cohort_id)))
    ]


def cohorts_meant(text: str, cohorts: Sequence[Listed], who: Standing) -> list[Listed]:
    """The cohorts that a name fits: one when it is clear, several to choose from, or none.

    The name itself wins; else all its words must fit; of several, the only one that is the asker's own is meant.
    """
    wanted = alike.asked_for(text)
    exact = [cohort for cohort in cohorts if alike.of(cohort.name) == alike.of(text)]
    if len(exact) == 1:
        return exact
    candidates = [_names_of(cohort) for cohort in cohorts]
    fitting = [(hits, cohorts[position]) for hits, _, position in alike.ranked(wanted, candidates)]
    meant = [cohort for hits, cohort in fitting if hits == len(wanted)]
    own = [cohort for cohort in meant if cohort.id in who.cohort_ids]
    return own if len(own) == 1 else meant


def near_cohorts(text: str, cohorts: Sequence[Listed]) -> list[Listed]:
    """For "did you mean": what has at least one of the words, three at most."""
    candidates = [_names_of(cohort) for cohort in cohorts]
    return [cohorts[position] for _, _, position in alike.ranked(alike.asked_for(text), candidates)[:3]]


def mentioned(text: str) -> str | None:
    """The Slack user whom a text mentions, if any."""
    found = MENTION.search(text)
    return found[1] if found else None


def found(member_ids: Iterable[int], places: Iterable[Place]) -> list[Found]:
    """These people with their places, in this order; without those of whom no place is known."""
    by_person: dict[int, list[Place]] = {}
    for place in places:
        if place.person:
            by_person.setdefault(place.person.id, []).append(place)
    groups = [by_person[member_id] for member_id in member_ids if member_id in by_person]
    return [Found(group[0].person, tuple(group)) for group in groups if group[0].person]


def _names_of(cohort: Listed) -> tuple[str, ...]:
    return alike.of(f"{cohort.name} {cohort.theme} {cohort.network} {alike.initials(cohort.network)}")
