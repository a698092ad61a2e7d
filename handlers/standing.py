"""Where somebody stands: which places they have today, what they facilitate, and of whom they may read. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from handlers import calendar, rights
from storage import days
from storage.cohorts import Listed, Place
from storage.days import Span
from storage.directory import Said


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


def of(member_id: int, places: Iterable[Place], now: datetime, zone: str) -> Standing:
    """Where somebody stands today."""
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
