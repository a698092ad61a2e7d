"""Decides what is wrong with days off that somebody adds to a city's calendar, and which check-ins such days move. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers import alike, calendar, rhythm
from handlers.rhythm import Place
from storage.city_days import Held, Known, Planned
from storage.days import Days, Off

ONE_DAY = timedelta(days=1)
LONGEST = timedelta(days=366)
LONGEST_NAME = 80
LISTED = 5
ROUNDS_LOOKED_AT = 60


@dataclass(frozen=True)
class Moved:
    """A check-in whose dates change, for whom; each move from a day to another, None when it falls together with the next round."""

    check_in: str
    cohort: str
    names: tuple[str, ...]
    moves: tuple[tuple[date, date | None], ...]
    more: int


def problems_with(off: Off, known: Sequence[Off], city: Known, today: date) -> dict[str, str]:
    """What keeps days from being added, by what it is about: name, first, last or weekday; nothing when all is well."""
    same = any((off.first, off.last, off.weekday) == (one.first, one.last, one.weekday) for one in known)
    worked = off.last - off.first > LONGEST or working_days(off, Days(city.state, tuple(known)))
    year = "This is more than a year. Please add days for a year at most; next year's can be added then."
    none = f"None of these days is a working day in {city.name} as it is, so nothing would change."
    problems = (
        (not off.name.strip(), "name", "Please give these days a name, such as “Council recess”."),
        (len(off.name) > LONGEST_NAME, "name", f"Please shorten the name to {LONGEST_NAME} characters."),
        (off.last < off.first, "last", "The last day comes before the first one."),
        (off.last < today, "last", "These days are over already. Please choose today or later days."),
        (off.weekday is not None and off.first == off.last, "last", "Please choose the day until which this repeats."),
        (off.last - off.first > LONGEST, "last", year),
        (same, "first", f"These days are in the calendar of {city.name} already."),
        (not worked, "first", none),
    )
    return next(({about: text} for wrong, about, text in problems if wrong), {})


def working_days(off: Off, days: Days) -> list[date]:
    """Which of the days are worked so far."""
    every = [off.first + ONE_DAY * count for count in range((off.last - off.first).days + 1)]
    return [day for day in every if off.covers(day) and calendar.is_working_day(day, days)]


def moved(
    held: Sequence[Held], planned: Sequence[Planned], before: Days, after: Days, until: date
) -> tuple[Moved, ...]:
    """Which rounds are asked on another day with one calendar than with the other, up to a day; those who are asked, by name."""
    found = []
    for plan in planned:
        seat = next((one for one in held if one.seat_id == plan.seat_id), None)
        if seat is None:
            continue
        moves = _moves(plan, seat, before, after, until)
        names = dict.fromkeys(
            one.name for one in held if one.seat_id == plan.seat_id and one.name and _goes_on(one, until)
        )
        if moves and names:
            more = max(0, len(moves) - LISTED)
            found.append(Moved(plan.check_in.name, seat.cohort, tuple(names), tuple(moves[:LISTED]), more))
    return tuple(found)


def meant(text: str, cities: Sequence[Known]) -> list[Known]:
    """The cities that somebody means: by name; without a name their own one, or the only one."""
    wanted = alike.asked_for(text)
    if not wanted:
        own = [city for city in cities if city.sits]
        return own if len(own) == 1 else list(cities)
    ranked = alike.ranked(wanted, [alike.of(city.full_name) for city in cities])
    return [cities[position] for hits, _, position in ranked if hits == ranked[0][0]]


def _moves(plan: Planned, seat: Held, before: Days, after: Days, until: date) -> list[tuple[date, date | None]]:
    pattern, nominal = rhythm.pattern_of(plan.check_in, plan.phases), plan.check_in.next_on
    found: list[tuple[date, date | None]] = []
    for _ in range(ROUNDS_LOOKED_AT):
        if nominal is None or nominal > until or (seat.ends_on and nominal > seat.ends_on):
            break
        following = rhythm.next_after(pattern, nominal)
        old = rhythm.due_at(pattern, nominal, Place(seat.zone, before))
        new = rhythm.due_at(pattern, nominal, Place(seat.zone, after))
        next_one = rhythm.due_at(pattern, following, Place(seat.zone, after)) if following else None
        day, other = calendar.today(seat.zone, old), calendar.today(seat.zone, new)
        if day != other:
            found.append((day, None if new == next_one else other))
        nominal = following
    return found


def _goes_on(one: Held, until: date) -> bool:
    return one.until_on is None or one.until_on >= until
