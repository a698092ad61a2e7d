"""What follows from the lines of a roster: the zone of a city, the dates of a cohort, who facilitates no longer. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime

from storage.models import City, Cohort, Delegate
from storage.roster.state import State
from storage.roster.wanted import Plan, Wanted

Period = tuple[date | None, date | None]


def complete(plan: Plan, state: State, *, today: date, at: datetime) -> None:
    """Add what follows to a plan whose people and places stand; `today` is the program's date."""
    for facilitator in plan.facilitators:
        _end(facilitator, today, at)
    elsewhere = _delegates_elsewhere(plan, state)
    _set_time_zones(plan, state, elsewhere)
    _set_dates(plan, state, elsewhere)


def _end(wanted: Wanted, today: date, at: datetime) -> None:
    until = wanted.values["until_on"]
    over = until is not None and until < today
    ended_at = wanted.found.ended_at if wanted.found else None
    wanted.values["ended_at"] = (ended_at or at) if over else None


def _delegates_elsewhere(plan: Plan, state: State) -> list[Delegate]:
    """Delegates of whom the file says nothing."""
    named = {id(wanted.found) for wanted in plan.places}
    return [one for held in state.delegates.values() for one in held if id(one) not in named]


def _set_time_zones(plan: Plan, state: State, elsewhere: Iterable[Delegate]) -> None:
    """A city has the commonest zone of its people, of those in the file and of the others; it keeps its own when that is one of these."""
    zones: dict[int, Counter[str]] = {id(city): Counter() for city in plan.cities.values()}
    by_id = {city.found.id: city for city in plan.cities.values() if city.found is not None}
    city_of_seat = {seat.id: by_id.get(seat.city_id) for seat in state.seats.values()}
    for place in plan.places:
        seat, zone = place.refs.get("seat_id"), place.refs["member_id"].after("roster_time_zone")
        if seat is not None and zone:
            zones[id(seat.refs["city_id"])][zone] += 1
    for delegate in elsewhere:
        city, zone = city_of_seat[delegate.seat_id], state.members[delegate.member_id].roster_time_zone
        if city is not None and zone:
            zones[id(city)][zone] += 1
    for city in plan.cities.values():
        counted = zones[id(city)]
        if counted:
            most = max(counted.values())
            own = city.found.time_zone if isinstance(city.found, City) else None
            commonest = sorted(zone for zone, count in counted.items() if count == most)
            city.values["time_zone"] = own if own in commonest else commonest[0]


def _set_dates(plan: Plan, state: State, elsewhere: Iterable[Delegate]) -> None:
    """A cohort whose delegates all have a first or last day has it too. Dates that somebody set otherwise are left alone."""
    by_id = {cohort.found.id: cohort for cohort in plan.cohorts.values() if cohort.found is not None}
    cohort_of_seat = {seat.id: by_id.get(seat.cohort_id) for seat in state.seats.values()}
    before: dict[int, list[Period]] = {}
    after: dict[int, list[Period]] = {}
    for held in state.delegates.values():
        for one in held:
            before.setdefault(id(cohort_of_seat[one.seat_id]), []).append((one.since_on, one.until_on))
    for one in elsewhere:
        after.setdefault(id(cohort_of_seat[one.seat_id]), []).append((one.since_on, one.until_on))
    for place in plan.places:
        seat = place.refs.get("seat_id")
        if seat is not None:
            period = (place.after("since_on"), place.after("until_on"))
            after.setdefault(id(seat.refs["cohort_id"]), []).append(period)
    for cohort in plan.cohorts.values():
        old, new = before.get(id(cohort), []), after.get(id(cohort), [])
        _follow(cohort, "starts_on", _first_day, old, new)
        _follow(cohort, "ends_on", _last_day, old, new)


def _follow(
    cohort: Wanted, column: str, day_of: Callable[[list[Period]], date | None], old: list[Period], new: list[Period]
) -> None:
    current = getattr(cohort.found, column) if isinstance(cohort.found, Cohort) else None
    if current in (None, day_of(old)) and current != day_of(new):
        cohort.values[column] = day_of(new)


def _first_day(periods: list[Period]) -> date | None:
    days = [since for since, _ in periods if since]
    return min(days) if days and len(days) == len(periods) else None


def _last_day(periods: list[Period]) -> date | None:
    days = [until for _, until in periods if until]
    return max(days) if days and len(days) == len(periods) else None
