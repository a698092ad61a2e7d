"""When a check-in asks, until when one may answer, and who sees what. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from itertools import groupby

from handlers import calendar
from handlers.calendar import WORKING, Hours
from handlers.rhythm import Pattern, Place, due_at, due_at_once, next_after
from storage.archives import TAKES_LATE_ANSWERS
from storage.models import CheckIn, Round
from storage.rests import Heard

RESUMES_AT = time(10, 0)
STRIKES = 3
CHANGES = ("pause", "resume", "skip", "run", "end")
WORDS = ("new", "edit", "list", "show", "blockers", "report", *CHANGES, "help")
HARMLESS = ("list", "show", "blockers", "report", "help")


@dataclass(frozen=True)
class Window:
    """From when until when one person may answer in time."""

    due_at: datetime
    ends_at: datetime

    def part(self, share: float) -> datetime:
        """The moment when this share of the window has passed."""
        return self.due_at + (self.ends_at - self.due_at) * share


@dataclass(frozen=True)
class Turn:
    """What comes now: the nominal date to ask for, the dates passed over before it, and the date after it (None: it was the last)."""

    nominal: date
    passed_over: tuple[date, ...]
    following: date | None


@lru_cache(maxsize=1024)  # thousands work in the same few places
def window(pattern: Pattern, nominal: date, place: Place, *, at_once: datetime | None = None) -> Window:
    """The same number of hours for everybody, counted from their own moment; `at_once` is when somebody opened the round by hand.

    An end outside the hours of the check-in moves to ten o'clock of the next working day, but never past the person's next turn.
    """
    due = due_at_once(pattern, at_once, place) if at_once else due_at(pattern, nominal, place)
    end = due + timedelta(hours=pattern.window_hours)
    if not pattern.any_hour and not calendar.in_working_hours(end, place.zone, place.days, pattern.hours):
        morning = calendar.next_working_moment(end, place.zone, place.days, pattern.hours)
        ten = calendar.at_local(calendar.today(place.zone, morning), RESUMES_AT, place.zone)
        end = calendar.next_working_moment(max(morning, ten), place.zone, place.days, pattern.hours)
    following = next_after(pattern, nominal)
    return Window(due, min(end, due_at(pattern, following, place)) if following else end)


def first_at(pattern: Pattern, nominal: date, places: Iterable[Place]) -> datetime:
    """The earliest moment at which anybody is asked."""
    return min(due_at(pattern, nominal, place) for place in set(places))


def first_turn(
    pattern: Pattern, places: Sequence[Place], now: datetime, *, asked_last: date | None = None
) -> tuple[date, datetime] | None:
    """The first nominal date for which everybody's moment is still to come, and its earliest moment; None when none is left.

    Never one that was asked before, nor one before it: `asked_last` is the newest of these.
    """
    yesterday = min(calendar.today(place.zone, now) for place in places) - timedelta(days=1)
    nominal = next_after(pattern, max(yesterday, asked_last or yesterday))
    while nominal and (moment := first_at(pattern, nominal, places)) <= now:
        nominal = next_after(pattern, nominal)
    return (nominal, moment) if nominal else None


def turn(pattern: Pattern, next_on: date, now: datetime, opens_at: Callable[[date], datetime]) -> Turn:
    """Of the occurrences whose moment has come, only the latest is asked: what a long stop missed is passed over."""
    passed_over, nominal = [], next_on
    while (following := next_after(pattern, nominal)) and opens_at(following) <= now:
        # Days off may move both to the same moment: then the earlier one falls into the later one.
        if opens_at(nominal) < opens_at(following):
            passed_over.append(nominal)
        nominal = following
    return Turn(nominal, tuple(passed_over), following)


def silent_in_a_row(heard: Sequence[Heard]) -> int:
    """How many rounds, the newest first, somebody read and said nothing to since they last reacted.

    A round in which they were not asked or away, or that did not reach them, counts neither way. `heard` is of one person.
    """
    silent = 0
    for _, together in groupby(heard, key=lambda one: one.nominal_on):
        of_round = list(together)
        if any(one.reacted for one in of_round):
            break
        silent += any(one.silent for one in of_round)
    return silent


def takes_answers(this: Round, check_in: CheckIn, now: datetime) -> bool:
    """Whether a round may still be answered or edited: until the next one opens; the last of all for thirty days."""
    if this.archived_at is not None:
        return False
    return this.closed_at is None or check_in.next_on is not None or now <= this.closed_at + TAKES_LATE_ANSWERS


def too_late(window: Window, now: datetime) -> bool:
    """Whether half of the window went by before the person could be asked."""
    return now > window.part(0.5)


@lru_cache(maxsize=1024)
def remind_at(pattern: Pattern, window: Window, place: Place) -> datetime | None:
    """At three quarters of the window, moved into the hours of the check-in; None when that is past the end, or nobody is reminded."""
    moment = window.part(0.75)
    if not pattern.any_hour:
        moment = calendar.next_working_moment(moment, place.zone, place.days, pattern.hours)
    return moment if pattern.reminds and moment < window.ends_at else None


def summary_at(closed_at: datetime, zone: str, *, any_hour: bool, hours: Hours = WORKING) -> datetime:
    """When the summary is posted: at once, or in the cohort's next working hour that is not a quiet one of the check-in."""
    return closed_at if any_hour else calendar.next_working_moment(closed_at, zone, hours=hours)


def seen_by_cohort(audience: str) -> bool:
    """Whether an answer may stand in the cohort's channel."""
    return audience in ("cohort", "network")


@dataclass(frozen=True)
class Reader:
    """Who reads, as far as it rules what they may read: where they facilitate, and on which seats they sit."""

    member_id: int
    facilitates: bool
    seat_ids: frozenset[int]
    in_cohort: bool
    in_network: bool


def may_read(reader: Reader, audience: str, *, author_id: int, seat_id: int) -> bool:
    """Whether somebody may read an answer of this audience, which its author gave for a seat."""
    if reader.facilitates or reader.member_id == author_id:
        return True
    if audience == "city":
        return seat_id in reader.seat_ids
    return (audience == "cohort" and reader.in_cohort) or (audience == "network" and reader.in_network)


def read_command(text: str) -> tuple[str, str, str | None]:
    """(word, rest, what was typed): `lits 2` is `("list", "2", "lits")`, nothing is `("answer", "", None)`.

    A word that resembles nothing, or would change something by a guess, is `("unknown", what may be meant, text)`.
    """
    word, _, rest = " ".join(text.split()).partition(" ")
    if not word:
        return "answer", "", None
    if word.lower() in WORDS:
        return word.lower(), rest, None
    near = get_close_matches(word.lower(), WORDS, n=1, cutoff=0.6)
    if near and near[0] in HARMLESS:
        return near[0], rest, word
    return "unknown", f"{near[0]} {rest}".strip() if near else "", text


def nearest(name: str, names: Sequence[str]) -> str | None:
    """The name that is meant, although misspelt; None when none is near."""
    folded = {one.casefold(): one for one in names}
    near = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.5)
    return folded[near[0]] if near else None


def passed_over_note(days: Sequence[date], today: date) -> str:
    """Why some occurrences were not asked; empty when none was passed over."""
    if not days:
        return ""
    spoken = [calendar.spoken_date(day, today) for day in days[-3:]]
    more = f" and {len(days) - 3} earlier times" if len(days) > 3 else ""
    return f"Not asked on {_listed(spoken)}{more}: I was not running then."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{'; '.join(words[:-1])}; and {words[-1]}"
