"""Which day a commitment may be due on, and when its owner is reminded of that: what several features decide alike. Pure."""

from datetime import date, datetime, time, timedelta

from handlers import calendar
from storage.days import Days

FURTHEST = timedelta(days=731)
NUDGES_FROM = time(9, 0)
# Days from the due date: three before it, the day itself, and three times weekly after it.
NUDGE_DAYS = (-3, 0, 7, 14, 21)


def problem_with_day(day: date, today: date) -> str | None:
    """Why a due date is asked about again, or None."""
    # Always with its year: "Monday, January 5" alone would read as the next one.
    spoken = f"{day:%A}, {day:%B} {day.day}, {day.year}"
    if day < today:
        return f"{spoken} is in the past. Please choose today or a later day."
    if day - today > FURTHEST:
        return f"{spoken} is more than two years ahead. Please choose a nearer day."
    return None


def nudge_moment(day: date, zone: str, days: Days) -> datetime:
    """When somebody is reminded on a day: at nine, or in the first working hour after that."""
    return calendar.next_working_moment(calendar.at_local(day, NUDGES_FROM, zone), zone, days)


def next_nudge(due_on: date, now: datetime, zone: str, days: Days) -> datetime | None:
    """When the owner is reminded next, after `now`: at nine on a nudge day, or in the first working hour after that.

    Three days before, on the due day, then weekly, three times at most; None when all of that is over.
    """
    moments = (nudge_moment(due_on + timedelta(days=ahead), zone, days) for ahead in NUDGE_DAYS)
    return next((moment for moment in moments if moment > now), None)
