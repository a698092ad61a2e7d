"""On which days, and at which moment of somebody's own clock, a check-in asks. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time

from handlers import cadence, calendar
from handlers.cadence import Cadence, Phases
from handlers.calendar import WORKING, Hours
from storage.days import EVERYWHERE, Days
from storage.models import CheckIn


@dataclass(frozen=True)
class Place:
    """Where somebody works: what their clock shows, and which days are worked there."""

    zone: str
    days: Days = EVERYWHERE


@dataclass(frozen=True)
class Pattern:
    """When a check-in asks: on these dates at this local time; `any_hour` says that nights and weekends count, too.

    Otherwise it writes within its `hours` only. `reminds` says whether who has not answered is reminded.

    `phases` are those of its cohort, for dates that hang on one of them.
    """

    cadence: Cadence
    at: time
    window_hours: int
    any_hour: bool = False
    phases: Phases = ()
    hours: Hours = WORKING
    reminds: bool = True

    def __hash__(self) -> int:
        """By which what follows from a pattern is remembered; phases, being lists, cannot be hashed, and are compared."""
        return hash((self.cadence, self.at, self.window_hours, self.any_hour, self.hours, self.reminds))


def cadence_of(check_in: CheckIn) -> Cadence:
    """The dates that a check-in's row describes."""
    return Cadence(check_in.rule, check_in.event, check_in.event_days)


def pattern_of(check_in: CheckIn, phases: Phases) -> Pattern:
    """The pattern that a check-in's row describes, with the phases of its cohort."""
    hours = Hours(check_in.quiet_from, check_in.quiet_until)
    when = (cadence_of(check_in), check_in.at, check_in.window_hours, check_in.any_hour)
    return Pattern(*when, phases, hours, check_in.reminds)


def next_after(pattern: Pattern, day: date) -> date | None:
    """The first nominal date after a day; None when there is no further one."""
    return cadence.next_after(pattern.cadence, day, pattern.phases)


def is_date(pattern: Pattern, day: date) -> bool:
    """Whether a day is one of its nominal dates."""
    return cadence.has(pattern.cadence, day, pattern.phases)


def due_at(pattern: Pattern, nominal: date, place: Place) -> datetime:
    """When somebody is asked: at the local time of the nominal date, or of the next day on which they work."""
    if pattern.any_hour:
        return calendar.at_local(nominal, pattern.at, place.zone)
    day = calendar.next_working_day(nominal, place.days)
    moment = calendar.at_local(day, pattern.at, place.zone)
    return calendar.next_working_moment(moment, place.zone, place.days, pattern.hours)


def due_at_once(pattern: Pattern, opened_at: datetime, place: Place) -> datetime:
    """When somebody is asked in a round that is opened by hand: right then, or in the next hours of the check-in."""
    if pattern.any_hour:
        return opened_at
    return calendar.next_working_moment(opened_at, place.zone, place.days, pattern.hours)
