"""Decides whose a commitment is, what is wrong with one, who may change it, and whether its owner is reminded. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from handlers import calendar, due_days, rights
from storage.commitment_lists import OPEN, Place
from storage.days import Days
from storage.models import Commitment, Member

LONGEST_TEXT = 1000
# What the form's field takes.
MOST_KEPT = 3000
UNDISTURBED = timedelta(days=3)


def current(places: Iterable[Place], today: date) -> list[Place]:
    """The places where somebody stands today, each once; the first and the last day of a seat belong to it."""
    standing: dict[tuple[int, int | None], Place] = {}
    for place in places:
        starts, ends = place.since_on or today, place.until_on or today
        if starts <= today <= ends:
            standing.setdefault((place.cohort_id, place.city_id), place)
    return list(standing.values())


def open_places(places: Sequence[Place], today: date) -> list[Place]:
    """Where somebody may commit: their seats in cohorts that have not ended; without a seat, the cohorts they facilitate."""
    going = [place for place in places if place.ends_on is None or today <= place.ends_on]
    return [place for place in going if place.city_id] or going


def place_of(places: Sequence[Place]) -> Place | None:
    """Whose a commitment is when nobody said: the channel's cohort, else the only one; None when it must be asked."""
    here = [place for place in places if place.here]
    return next((found[0] for found in (here, places) if len(found) == 1), None)


def audience_for(place: Place | None) -> str:
    """Who sees a commitment when nobody chose: the own city team and the facilitators."""
    return "city" if place and place.city_id else "facilitators"


def problem_with_text(text: str) -> str | None:
    """Why a text cannot be recorded, or None."""
    if not text.strip():
        return "Please say what you want to get done."
    if len(text) > LONGEST_TEXT:
        kept = f" The first {MOST_KEPT:,} are here." if len(text) > MOST_KEPT else ""
        return f"This has {len(text):,} characters; please shorten it to {LONGEST_TEXT:,}.{kept}"
    return None


def is_open(commitment: Commitment) -> bool:
    return commitment.state in OPEN


def may_change(commitment: Commitment, member: Member, places: Sequence[Place]) -> bool:
    """The owner, the city's lead, and the facilitators may close, move and hand over."""
    return commitment.owner_id == member.id or rights.may("commit change", roles(commitment, places))


def roles(commitment: Commitment, places: Iterable[Place]) -> set[str]:
    """How somebody with these places stands toward a commitment."""
    found = set()
    for place in places:
        if place.everywhere:
            found.add(rights.PROGRAM)
        elif place.facilitates and place.cohort_id == commitment.cohort_id:
            found.add(rights.COHORT)
        if place.city_id is not None and place.city_id == commitment.city_id:
            found.add(place.role)
    return found


def is_wanted(due_on: date, updated_at: datetime, now: datetime, zone: str, days: Days) -> bool:
    """Whether to remind now: always on the due day (or the working day it moved to), else not within three days of an update."""
    today = calendar.today(zone, now)
    last = calendar.today(zone, due_days.nudge_moment(due_on, zone, days))
    return due_on <= today <= last or now - updated_at >= UNDISTURBED


def end_of_day(now: datetime, zone: str) -> datetime:
    """Until when a reminder belongs into the message of this local day."""
    return calendar.at_local(calendar.today(zone, now) + timedelta(days=1), time(0, 0), zone)
