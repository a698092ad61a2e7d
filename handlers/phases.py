"""The phases of a cohort as a facilitator types them, one on a line: "Kick-off, Jan 15". Pure."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from handlers import calendar

MOST = 20
WITH_YEAR = ("%Y-%m-%d", "%m/%d/%Y", "%b %d %Y", "%B %d %Y")
WITHOUT_YEAR = ("%m/%d", "%b %d", "%B %d")
LEAP_YEAR = 2028

Phases = tuple[tuple[str, date], ...]


def read(text: str, today: date) -> tuple[Phases, str]:
    """The phases by their first day, and what is wrong with the first line that cannot be read ("" when nothing is).

    A day without a year is the next one that comes, or came within the last half year.
    """
    found: list[tuple[str, date]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        phase = _phase(line, today)
        if phase is None:
            return (
                (),
                f"I cannot read “{line[:80]}”. Write each phase as a name, a comma and its first day: Kick-off, Jan 15, 2027",
            )
        found.append(phase)
    if len(found) > MOST:
        return (), f"These are {len(found)} phases; {MOST} are the most."
    return tuple(sorted(found, key=lambda phase: phase[1])), ""


def written(phases: Sequence[tuple[str, date]]) -> str:
    """As they are typed."""
    return "\n".join(f"{name}, {on:%b} {on.day}, {on.year}" for name, on in phases)


def now(phases: Sequence[tuple[str, date]], today: date) -> str:
    """The phase of today and the one that comes; "" when there is neither."""
    begun = [name for name, on in phases if on <= today]
    coming = next(((name, on) for name, on in phases if on > today), None)
    following = f"next {coming[0]}, {calendar.spoken_date(coming[1], today)}" if coming else ""
    return "; ".join(filter(None, [begun[-1] if begun else "", following]))


def _phase(line: str, today: date) -> tuple[str, date] | None:
    """The name ends at the first comma after which a day can be read."""
    for comma in re.finditer(r",", line):
        name, on = line[: comma.start()].strip(), _day(line[comma.end() :], today)
        if name and on:
            return name, on
    return None


def _day(text: str, today: date) -> date | None:
    words = re.sub(r"\bsept\b", "Sep", " ".join(re.sub(r"[,.]", " ", text).split()), flags=re.IGNORECASE)
    for form in WITH_YEAR:
        try:
            return datetime.strptime(words, form).date()  # noqa: DTZ007 (a day without a time)
        except ValueError:
            continue
    for form in WITHOUT_YEAR:
        try:
            read = datetime.strptime(f"{words} {LEAP_YEAR}", f"{form} %Y").date()  # noqa: DTZ007
        except ValueError:
            continue
        return _nearest_year(read, today)
    return None


def _nearest_year(day: date, today: date) -> date | None:
    earliest = today - timedelta(days=182)
    for year in range(earliest.year, earliest.year + 9):
        try:
            there = day.replace(year=year)
        except ValueError:
            continue  # February 29
        if there >= earliest:
            return there
    return None
