"""Pure decisions: what a command asks for, who may see whom, which cohort or people somebody means."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from handlers import calendar, rights
from handlers.cohorts import words
from handlers.types import Json
from storage import days
from storage.cohorts import Listed, Person, Place
from storage.days import Span
from storage.directory import Said
from storage.identities import User

# What only facilitators do; `new` counts only alone, "new York" may be a city.
FORMS = ("new", "edit", "add", "remove", "handover")
COMMANDS = ("list", "show", "who", "help", "away", "back", "days", "import", "export", *FORMS)
# A typo is taken for one of these: "Edith" is no "edit", and what changes something at once is not read out of a typo.
GUESSED = ("list", "show", "who", "help", "away", "import", "export", "remove", "handover")
ALSO = {"find": "who", "search": "who", "people": "who", "cohorts": "list", "all": "list", "?": "help"}
ALSO |= {"absent": "away", "calendar": "days", "holidays": "days", "upload": "import", "download": "export"}
MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class Asked:
    """What a command asks for: mine, one of COMMANDS, or anything (no word that is known). `read_as` corrects a typo."""

    kind: str
    words: str = ""
    read_as: tuple[str, str] | None = None


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


def read(text: str) -> Asked:
    """What was typed after the command's name."""
    first, _, rest = text.strip().partition(" ")
    word, rest = first.casefold(), rest.strip()
    if not word:
        return Asked("mine")
    word = ALSO.get(word, word)
    if word in COMMANDS and not (word == "new" and rest):
        return Asked(word, rest)
    near = get_close_matches(word, GUESSED, n=1, cutoff=0.7)
    if near and len(word) > 2:
        return Asked(near[0], rest, (first, near[0]))
    return Asked("anything", text.strip())


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


def away(place: Place, now: datetime, zone: str) -> str:
    """Until when who has this place is away, today by the city's date; "" for who is here."""
    today = calendar.today(place.time_zone or zone, now)
    span = days.away_on(place.away, today)
    return away_in_words(span, today) if span else ""


def away_in_words(span: Span, today: date) -> str:
    """away until Tuesday, December 8 (which belongs to the absence); of who is away today."""
    if span.last is None:
        return "away for now"
    return "away today" if span.last == today else f"away until {calendar.spoken_date(span.last, today)}"


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
    wanted = words.asked_for(text)
    exact = [cohort for cohort in cohorts if words.of(cohort.name) == words.of(text)]
    if len(exact) == 1:
        return exact
    candidates = [_names_of(cohort) for cohort in cohorts]
    fitting = [(hits, cohorts[position]) for hits, _, position in words.ranked(wanted, candidates)]
    meant = [cohort for hits, cohort in fitting if hits == len(wanted)]
    own = [cohort for cohort in meant if cohort.id in who.cohort_ids]
    return own if len(own) == 1 else meant


def near_cohorts(text: str, cohorts: Sequence[Listed]) -> list[Listed]:
    """For "did you mean": what has at least one of the words, three at most."""
    candidates = [_names_of(cohort) for cohort in cohorts]
    return [cohorts[position] for _, _, position in words.ranked(words.asked_for(text), candidates)[:3]]


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


def user(payload: Json) -> User:
    """Slack's user object, as far as it matters here."""
    profile = payload.get("profile") or {}
    zone = payload.get("tz")
    return User(
        id=payload["id"],
        team_id=payload.get("team_id") or "",
        name=profile.get("real_name") or payload.get("real_name") or payload.get("name") or "",
        email=(profile.get("email") or "").strip().casefold(),
        time_zone=zone if zone in _zones() else None,
        deleted=bool(payload.get("deleted")),
        is_bot=bool(payload.get("is_bot")) or payload["id"] == "USLACKBOT",
        is_admin=bool(payload.get("is_admin") or payload.get("is_owner")),
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _names_of(cohort: Listed) -> tuple[str, ...]:
    return words.of(f"{cohort.name} {cohort.theme} {cohort.network} {words.initials(cohort.network)}")
