"""On which dates a check-in asks: a rule as iCalendar text (RFC 5545), or days around a dated phase of its cohort. Pure.

Only rules as they are made here are read: each of them comes again and again, so that no text in the database can keep the clock busy
looking for a date that never comes. A text that is broken has no dates.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import rruleset, rrulestr

from handlers import calendar
from handlers.blocks import escaped
from storage.cadences import Cadence

__all__ = ["WEEKDAYS", "Cadence", "Phases"]

Phases = Sequence[Mapping[str, str]]
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
MOST_WEEKS, MOST_MONTHS = 52, 12
SURE_IN_EVERY_MONTH = 28
ONE_DAY = timedelta(days=1)
AT_MIDNIGHT = "%Y%m%dT000000"

_CODE = rf"(?:{'|'.join(CODES)})"
_WEEKLY = re.compile(rf"FREQ=WEEKLY;INTERVAL=(?P<every>\d{{1,3}});BYDAY=(?P<days>{_CODE}(?:,{_CODE})*)")
_MONTHLY_ON = re.compile(
    r"FREQ=MONTHLY;INTERVAL=(?P<every>\d{1,3});BYMONTHDAY=(?:28,|29,|30,)*(?P<day>\d{1,2})(?:;BYSETPOS=-1)?"
)
_MONTHLY_NTH = re.compile(rf"FREQ=MONTHLY;INTERVAL=1;BYDAY=(?P<nth>[1-4]|-1)(?P<day>{_CODE})")


@dataclass(frozen=True)
class _Rule:
    """A rule taken apart: its first day, what comes again, single dates, and what is left out."""

    start: date | None
    again: str
    dates: tuple[date, ...]
    but: tuple[date, ...]


def weekly(starts_on: date, every: int, weekdays: Iterable[int]) -> Cadence:
    """On these weekdays (0 is Monday) of the week of `starts_on`, of the one `every` weeks later, and so on; never before `starts_on`."""
    days = ",".join(CODES[day] for day in sorted(set(weekdays)))
    return _cadence(_Rule(starts_on, f"FREQ=WEEKLY;INTERVAL={every};BYDAY={days}", (), ()))


def monthly_on(starts_on: date, day: int, every: int = 1) -> Cadence:
    """On this day of every month, or every so many months; in a month that is too short on its last day."""
    return _cadence(_Rule(starts_on, _monthly_on(day, every), (), ()))


def monthly_nth(starts_on: date, nth: int, weekday: int) -> Cadence:
    """On the first to fourth (1 to 4) or last (-1) Monday (0) or other weekday of every month."""
    return _cadence(_Rule(starts_on, f"FREQ=MONTHLY;INTERVAL=1;BYDAY={nth}{CODES[weekday]}", (), ()))


def once(on: date) -> Cadence:
    """On one day."""
    return _cadence(_Rule(on, "", (on,), ()))


def around(event: str, days: int) -> Cadence:
    """So many days after the phase of this name (before it when negative) of the cohort, whenever that is."""
    return Cadence("", event, days)


def next_after(cadence: Cadence, day: date, phases: Phases = ()) -> date | None:
    """The first date after a day; None when there is no further one."""
    if cadence.event is None:
        return _next(cadence.rule, day)
    left_out = skipped(cadence)
    dates = (on + timedelta(days=cadence.event_days or 0) for on in _dates_of(cadence.event, phases))
    return min((one for one in dates if one > day and one not in left_out), default=None)


def dates_after(cadence: Cadence, day: date, count: int, phases: Phases = ()) -> list[date]:
    """The first so many dates after a day; fewer when there are no more."""
    found: list[date] = []
    following = next_after(cadence, day, phases)
    while following and len(found) < count:
        found.append(following)
        following = next_after(cadence, following, phases)
    return found


def has(cadence: Cadence, day: date, phases: Phases = ()) -> bool:
    """Whether a day is one of its dates."""
    return next_after(cadence, day - ONE_DAY, phases) == day


def without(cadence: Cadence, day: date) -> Cadence:
    """The same dates but this one."""
    rule = _read(cadence.rule)
    if rule is None or day in rule.but:
        return cadence
    return replace(cadence, rule=_written(replace(rule, but=tuple(sorted((*rule.but, day))))))


def with_again(cadence: Cadence, day: date) -> Cadence:
    """Takes back what `without` did."""
    rule = _read(cadence.rule)
    if rule is None or day not in rule.but:
        return cadence
    return replace(cadence, rule=_written(replace(rule, but=tuple(one for one in rule.but if one != day))))


def skipped(cadence: Cadence) -> tuple[date, ...]:
    """The dates that are left out."""
    rule = _read(cadence.rule)
    return rule.but if rule else ()


def spoken(cadence: Cadence, phases: Phases = (), today: date | None = None) -> str:
    """The beginning of a sentence, as mrkdwn: Every second Monday and Thursday. Dates of another year than today's have it said."""
    if cadence.event is not None:
        return _spoken_event(cadence.event, cadence.event_days or 0, phases, today)
    rule = _read(cadence.rule)
    if rule is None or not is_readable(cadence):
        return "On dates that I cannot read"
    if rule.dates:
        return f"Once, on {calendar.spoken_date(rule.dates[0], today or rule.dates[0])}"
    if found := _WEEKLY.fullmatch(rule.again):
        return _spoken_weeks(int(found["every"]), [CODES.index(code) for code in found["days"].split(",")])
    if found := _MONTHLY_ON.fullmatch(rule.again):
        return _spoken_month(int(found["day"]), int(found["every"]))
    found = _MONTHLY_NTH.fullmatch(rule.again)
    return f"On the {NTH[int(found['nth'])]} {WEEKDAYS[CODES.index(found['day'])]} of each month" if found else ""


def problem_with(cadence: Cadence, today: date, phases: Phases = (), *, any_hour: bool = True) -> str | None:
    """Why nobody would be asked by this from today on, in words for who chose it; None when all is well.

    Without `any_hour` a weekday on which nobody works is refused as well.
    """
    if not is_known(cadence, phases):
        return f"The cohort has no dated phase “{cadence.event}”. Give it one by editing the cohort, or choose another."
    rule = _read(cadence.rule)
    if rule is None or not is_readable(cadence):
        return _problem_with_text(cadence.rule)
    found = _WEEKLY.fullmatch(rule.again)
    free = (
        [WEEKDAYS[5 + CODES[5:].index(code)] for code in found["days"].split(",") if code in CODES[5:]] if found else []
    )
    if free and not any_hour:
        are = "are not working days" if len(free) > 1 else "is not a working day"
        return f"{' and '.join(free)} {are}. Choose another day, or “Any day and hour” below."
    if next_after(cadence, today - ONE_DAY, phases) is None:
        return "That day is over, so nobody would be asked. Please choose a later one."
    return None


def is_known(cadence: Cadence, phases: Phases) -> bool:
    """Whether the phase that its dates hang on, if they hang on one, has a date."""
    return cadence.event is None or bool(_dates_of(cadence.event, phases))


def is_readable(cadence: Cadence) -> bool:
    """Whether its text is one that can be read; a broken one has no dates."""
    return _read(cadence.rule) is not None and (cadence.event is not None or bool(cadence.rule))


def _cadence(rule: _Rule) -> Cadence:
    return Cadence(_written(rule))


def _monthly_on(day: int, every: int) -> str:
    # BYMONTHDAY=31 alone would leave out every shorter month: it is the last one there is of 28 to 31.
    several = day > SURE_IN_EVERY_MONTH
    days = ",".join(str(one) for one in range(SURE_IN_EVERY_MONTH, day + 1)) if several else str(day)
    return f"FREQ=MONTHLY;INTERVAL={every};BYMONTHDAY={days}{';BYSETPOS=-1' if several else ''}"


def _written(rule: _Rule) -> str:
    lines = [f"DTSTART:{rule.start:{AT_MIDNIGHT}}"] if rule.start else []
    lines += [f"RRULE:{rule.again}"] if rule.again else []
    for name, dates in (("RDATE", rule.dates), ("EXDATE", rule.but)):
        lines += [f"{name}:{','.join(format(day, AT_MIDNIGHT) for day in dates)}"] if dates else []
    return "\n".join(lines)


@lru_cache(maxsize=1024)
def _read(text: str) -> _Rule | None:
    """A rule as it was written here; None when it is anything else."""
    lines = [line.partition(":") for line in text.splitlines()]
    parts = {name: value for name, _, value in lines}
    if len(parts) != len(lines) or parts.keys() - {"DTSTART", "RRULE", "RDATE", "EXDATE"}:
        return None
    try:
        dates, but = (_days(parts[name]) if name in parts else () for name in ("RDATE", "EXDATE"))
        [start] = _days(parts["DTSTART"]) if "DTSTART" in parts else (None,)
    except ValueError:
        return None
    again = parts.get("RRULE", "")
    rule = _Rule(start, again, dates, but)
    return rule if not text or _makes_sense(rule) else None


def _days(text: str) -> tuple[date, ...]:
    # Years have four digits in iCalendar and in Python alike.
    return tuple(datetime.strptime(one, AT_MIDNIGHT).date() for one in text.split(","))  # noqa: DTZ007


def _makes_sense(rule: _Rule) -> bool:
    if not rule.again:
        return len(rule.dates) == (1 if rule.start else 0)
    return bool(rule.start) and not rule.dates and _comes_again(rule.again)


def _comes_again(again: str) -> bool:
    """Whether the rule is one of those made here, with numbers for which there always is a next date."""
    if found := _WEEKLY.fullmatch(again):
        return 1 <= int(found["every"]) <= MOST_WEEKS
    if found := _MONTHLY_ON.fullmatch(again):
        every, day = int(found["every"]), int(found["day"])
        return 1 <= every <= MOST_MONTHS and 1 <= day <= 31 and again == _monthly_on(day, every)
    return _MONTHLY_NTH.fullmatch(again) is not None


@lru_cache(maxsize=1024)
def _set(text: str) -> rruleset | None:
    if not text or _read(text) is None:
        return None
    found = rrulestr(text, forceset=True, cache=True)
    return found if isinstance(found, rruleset) else None


@lru_cache(maxsize=8192)
def _next(text: str, day: date) -> date | None:
    found = _set(text)
    moment = found.after(datetime.combine(day, time())) if found else None
    return moment.date() if moment else None


def _dates_of(event: str, phases: Phases) -> list[date]:
    """The first days of the phases of this name, in whatever letters."""
    wanted = _folded(event)
    return [day for one in phases if _folded(one.get("name", "")) == wanted and (day := _day(one.get("on", "")))]


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _problem_with_text(text: str) -> str:
    """What is wrong with a rule that was made here; a text from elsewhere is not explained."""
    every = re.search(r"INTERVAL=(-?\d{1,9})", text)
    if text.endswith("BYDAY="):
        return "Please choose at least one weekday."
    if every and "WEEKLY" in text and not 1 <= int(every[1]) <= MOST_WEEKS:
        return f"Please choose from 1 to {MOST_WEEKS} weeks."
    if every and "MONTHLY" in text and not 1 <= int(every[1]) <= MOST_MONTHS:
        return f"Please choose from 1 to {MOST_MONTHS} months."
    if "BYMONTHDAY" in text:
        return "Please choose a day of the month, from 1 to 31."
    return "I cannot read on which dates it asks. Please choose them anew."


def _spoken_weeks(every: int, weekdays: Sequence[int]) -> str:
    names = [WEEKDAYS[day] for day in weekdays]
    days = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    if every == 1 and len(names) == 7:
        return "Every day"
    if every <= 4:
        return f"Every {days}" if every == 1 else f"Every {NTH[every]} {days}"
    return f"Every {every} weeks on {days}"


def _spoken_month(day: int, every: int) -> str:
    several = f"every {NTH[every]} month" if every in NTH else f"the month, every {every} months"
    months = "each month" if every == 1 else several
    if day == 31:
        return f"On the last day of {months}"
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    shorter = ", or on its last day" if day > SURE_IN_EVERY_MONTH else ""
    return f"On the {day}{ending} of {months}{shorter}"


def _spoken_event(event: str, days: int, phases: Phases, today: date | None) -> str:
    name, count = escaped(event), abs(days)
    number = "1 day" if count == 1 else f"{count} days"
    when = "On the day of" if not days else f"{number} {'before' if days < 0 else 'after'}"
    dates = [calendar.spoken_date(on, today or on) for on in _dates_of(event, phases)]
    on = f" ({'; '.join(dates)})" if dates else ""
    return f"{when} *{name}*{on}"
