"""Local days and hours: time zones, clock changes, working days and working hours, and how a date is spoken. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from storage.days import EVERYWHERE, Days

WORK_STARTS = time(8, 0)
WORK_ENDS = time(18, 0)
NEVER_OFF_FOR_LONGER = 14
ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)
NATION = holidays.country_holidays("US")
"""Made with the imports: the library then loads all countries, for a quarter of a second, which no request must wait for."""


@dataclass(frozen=True)
class Hours:
    """The local hours in which people are written to: all but the quiet ones, mostly the night. When both are equal none are quiet."""

    quiet_from: time = WORK_ENDS
    quiet_until: time = WORK_STARTS

    def include(self, at: time) -> bool:
        """Whether people are written to at this time of a working day."""
        if self.quiet_from <= self.quiet_until:
            return not self.quiet_from <= at < self.quiet_until
        return self.quiet_until <= at < self.quiet_from

    @property
    def begin(self) -> tuple[time, ...]:
        """The times of a day at which they may begin."""
        return (self.quiet_until,) if self.quiet_from > self.quiet_until else (time(0), self.quiet_until)


WORKING = Hours()


def outside(quiet_from: time | None, quiet_until: time | None) -> Hours:
    """The hours outside these quiet ones; None: the usual ones."""
    return Hours(WORK_ENDS if quiet_from is None else quiet_from, WORK_STARTS if quiet_until is None else quiet_until)


def local(moment: datetime, zone: str) -> datetime:
    """The moment as the clock on the wall shows it in `zone`."""
    return moment.astimezone(_zone(zone))


def today(zone: str, now: datetime) -> date:
    """Which day it is in `zone`."""
    return local(now, zone).date()


def at_local(day: date, at: time, zone: str) -> datetime:
    """The moment (UTC) at which the clock in `zone` shows this day and time.

    A time that a clock change skips is the first instant after the gap; a repeated one is its first occurrence.
    """
    wanted = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    moment = wanted.replace(tzinfo=_zone(zone)).astimezone(UTC)
    if _wall(moment, zone) == wanted:
        return moment
    return _first_from(wanted, zone)


def is_working_day(day: date, days: Days = EVERYWHERE) -> bool:
    """Neither a weekend, nor a holiday of the nation or the state (source: the `holidays` library), nor a day off of the city's own."""
    # Both lists: a state's list leaves out the federal holidays that the state itself does not keep.
    if day.weekday() > 4 or day in _holidays(None) or day in _holidays(days.state or None):
        return False
    return not any(off.covers(day) for off in days.off)


def next_working_day(day: date, days: Days = EVERYWHERE) -> date:
    """The day itself when it is a working day, else the first one after it; a recess may be weeks long."""
    # Past the last day of the city's own only weekends and holidays are left.
    last = max([day, *(off.last for off in days.off)])
    bound = (last - day).days + NEVER_OFF_FOR_LONGER
    return next(one for one in (day + ONE_DAY * count for count in range(bound)) if is_working_day(one, days))


def in_working_hours(moment: datetime, zone: str, days: Days = EVERYWHERE, hours: Hours = WORKING) -> bool:
    """From 08:00 until before 18:00 in `zone`, or in the `hours` given, on a working day of the city."""
    there = local(moment, zone)
    return hours.include(there.time()) and is_working_day(there.date(), days)


def next_working_moment(moment: datetime, zone: str, days: Days = EVERYWHERE, hours: Hours = WORKING) -> datetime:
    """The moment itself within working hours, else when they begin on the same or the next working day: at 08:00 mostly."""
    if in_working_hours(moment, zone, days, hours):
        return moment
    day = next_working_day(today(zone, moment), days)
    while True:
        begins = sorted(one for at in hours.begin for one in _every(day, at, zone))
        for one in begins:
            if one > moment and in_working_hours(one, zone, days, hours):
                return one
        day = next_working_day(day + ONE_DAY, days)


def holiday_name(day: date, state: str | None = None) -> str | None:
    """What is celebrated on a day, by the nation or the state; None on any other day."""
    name = _holidays(state or None).get(day) or _holidays(None).get(day)
    return str(name) if name else None


def spoken_date(day: date, today: date) -> str:
    """Friday, December 11; with the year when it is not this year."""
    year = "" if day.year == today.year else f", {day.year}"
    return f"{day:%A}, {day:%B} {day.day}{year}"


def spoken_time(at: time) -> str:
    """10:00 AM."""
    return f"{at.hour % 12 or 12}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"


def spoken_moment(moment: datetime, zone: str, now: datetime) -> str:
    """Wednesday, December 9, 10:00 AM, as it is in `zone`."""
    there = local(moment, zone)
    return f"{spoken_date(there.date(), today(zone, now))}, {spoken_time(there.time())}"


def zone_name(zone: str, moment: datetime) -> str:
    """The short name that the zone has at that moment: CST, HST; UTC+03 where it has none."""
    name = local(moment, zone).tzname() or zone
    return f"UTC{name}" if name[0] in "+-" else name


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        # One profile with a zone that nobody knows must not stop the check-in of everybody else.
        return ZoneInfo("America/New_York")


@lru_cache(maxsize=128)
def _holidays(state: str | None) -> holidays.HolidayBase:
    return holidays.country_holidays("US", subdiv=state) if state in NATION.subdivisions else NATION


def _every(day: date, at: time, zone: str) -> tuple[datetime, datetime]:
    """The moment at which a clock shows a time, and the second one when a clock change repeats it: what was quiet is quiet again then."""
    again = datetime.combine(day, at.replace(tzinfo=None, fold=1)).replace(tzinfo=_zone(zone))
    return at_local(day, at, zone), again.astimezone(UTC)


def _wall(moment: datetime, zone: str) -> datetime:
    return local(moment, zone).replace(tzinfo=None, fold=0)


def _first_from(wanted: datetime, zone: str) -> datetime:
    """The first instant at which the wall clock is past a time that it never shows."""
    before, after = (wanted.replace(tzinfo=_zone(zone), fold=fold).astimezone(UTC) for fold in (1, 0))
    while after - before > ONE_SECOND:
        middle = before + (after - before) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if _wall(middle, zone) >= wanted:
            after = middle
        else:
            before = middle
    return after
