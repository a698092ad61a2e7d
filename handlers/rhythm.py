"""On which days, and at which moment of somebody's own clock, a check-in asks. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers import calendar
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
    """When a check-in asks: on these weekdays (0 is Monday) at this local time; `any_hour` says that nights and weekends count, too.

    Otherwise it writes within its `hours` only. `reminds` says whether who has not answered is reminded.
    """

    weekdays: tuple[int, ...]
    at: time
    window_hours: int
    any_hour: bool = False
    hours: Hours = WORKING
    reminds: bool = True


def pattern_of(check_in: CheckIn) -> Pattern:
    """The pattern that a check-in's row describes."""
    hours = Hours(check_in.quiet_from, check_in.quiet_until)
    when = (tuple(check_in.cadence["weekdays"]), check_in.at, check_in.window_hours, check_in.any_hour)
    return Pattern(*when, hours, check_in.reminds)


def next_after(pattern: Pattern, day: date) -> date:
    """The first nominal date after a day."""
    return min(day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1) for weekday in pattern.weekdays)


def due_at(pattern: Pattern, nominal: date, place: Place) -> datetime:
    """When somebody is asked: at the local time of the nominal date, or of the next day on which they work."""
    if pattern.any_hour:
        return calendar.at_local(nominal, pattern.at, place.zone)
    day = calendar.next_working_day(nominal, place.days)
    moment = calendar.at_local(day, pattern.at, place.zone)
    return calendar.next_working_moment(moment, place.zone, place.days, pattern.hours)
