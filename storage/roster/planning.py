"""Compares the rows of a roster file with the roster as it stands. Pure."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from storage.models import City, Cohort, Delegate, Facilitator, Member, Network, Seat
from storage.models.base import Base
from storage.roster import follow
from storage.roster.file import Row, Wrong, folded, overlap
from storage.roster.state import State
from storage.roster.wanted import Plan, Wanted

Place = Delegate | Facilitator


def of(state: State, program_id: int, rows: Sequence[Row], *, today: date, at: datetime) -> Plan:
    """What the rows ask for; `today` is the program's date."""
    plan = Plan(program_id)
    rows = _without_repeats(rows)
    claimed: dict[int, Wanted] = {}
    for row in rows:
        _want_person(plan, state, row, claimed, at)
    refused = {one.line for one in plan.wrong}
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        if row.line not in refused and row.person in plan.people:
            groups.setdefault((row.person, _place_key(state, row)), []).append(row)
    for (person, _), same_place in groups.items():
        _want_places(plan, state, plan.people[person], same_place, at)
    follow.complete(plan, state, today=today, at=at)
    return plan


def _without_repeats(rows: Sequence[Row]) -> list[Row]:
    seen: dict[Any, Row] = {}
    for row in rows:
        seen.setdefault((row.person, row.place, row.role, row.since, row.until), row)
    return list(seen.values())


def _want_person(plan: Plan, state: State, row: Row, claimed: dict[int, Wanted], at: datetime) -> None:
    """One member for all lines of a person; the first line that says something about them counts."""
    said = {
        "name": row.name,
        "email": row.email,
        "roster_slack_id": row.slack_id,
        "title": row.title,
        "expertise": list(row.expertise),
        "roster_time_zone": row.time_zone,
    }
    said = {name: value for name, value in said.items() if value}
    wanted = plan.people.get(row.person)
    if wanted is not None:
        wanted.values = said | wanted.values
        return
    by_slack, by_email = state.by_slack_id.get(row.slack_id), state.by_email.get(row.email)
    if by_slack and by_email and by_slack.id != by_email.id:
        reason = f"the slack_id {row.slack_id} belongs to {by_slack.name}, the e-mail address to {by_email.name}"
        plan.wrong.append(Wrong(row.line, reason))
        return
    found = by_slack or by_email
    if by_slack and not by_slack.roster_slack_id:
        said.pop("roster_slack_id", None)  # Slack itself told us this id
    if found is not None and found.id in claimed:
        reason = f"{row.person} is the same person as on line {claimed[found.id].line}; use one address"
        plan.wrong.append(Wrong(row.line, reason))
        return
    values = _looked_for_again(state, found, said) if found else {"created_at": at} | said
    plan.people[row.person] = Wanted(Member, values, found, label=row.name, line=row.line)
    if found is not None:
        claimed[found.id] = plan.people[row.person]


def _looked_for_again(state: State, found: Member, said: dict[str, Any]) -> dict[str, Any]:
    """Whoever is not in Slack yet is looked for once more under a new address."""
    same = said.get("email", found.email) == found.email
    same = same and said.get("roster_slack_id", found.roster_slack_id) == found.roster_slack_id
    return said if same or found.id in state.in_slack else said | {"looked_up_at": None}


def _place_key(state: State, row: Row) -> tuple[Any, ...]:
    """The seat, cohort or program, so that two spellings of one place meet."""
    return folded(row.network), folded(row.cohort), _city_key(state, row) if row.city else None


def _city_key(state: State, row: Row) -> tuple[str, str]:
    city = state.city(folded(row.city), row.state)
    return (folded(city.name), city.state or row.state) if city else (folded(row.city), row.state)


def _want_places(plan: Plan, state: State, person: Wanted, rows: list[Row], at: datetime) -> None:
    """The lines of one person in one place, paired with what is there: same start first, then any common day, else new."""
    refs = _refs(plan, state, rows[0], at) | {"member_id": person}
    left = _there(state, refs)
    found: dict[int, Place] = {}
    fits: Callable[[Row, Place], bool]
    for fits in (_starts_alike, _overlaps):
        for row in rows:
            match = next((place for place in left if row.line not in found and fits(row, place)), None)
            if match is not None:
                found[row.line] = match
                left.remove(match)
    plan.places.extend(_wanted_place(row, refs, found.get(row.line)) for row in rows)


def _starts_alike(row: Row, place: Place) -> bool:
    return row.since is not None and row.since == place.since_on


def _overlaps(row: Row, place: Place) -> bool:
    return overlap(row.since, row.until, place.since_on, place.until_on)


def _wanted_place(row: Row, refs: dict[str, Wanted], found: Place | None) -> Wanted:
    """An empty `from` leaves a known first day alone; an empty `until` means "no end", as the file says it."""
    values: dict[str, Any] = {"until_on": row.until}
    if row.since or found is None:
        values["since_on"] = row.since
    if row.role == "facilitator":
        where = f"facilitator of {row.cohort or 'the whole program'}"
        return Wanted(Facilitator, values, found, refs, f"{row.name}, {where}", row.line)
    values["role"] = row.role
    if found is not None and found.until_on != row.until:
        values["ended_at"] = None  # what follows from the new last day is still to come
    return Wanted(Delegate, values, found, refs, f"{row.name}, {row.role} of {refs['seat_id'].label}", row.line)


def _there(state: State, refs: dict[str, Wanted]) -> list[Place]:
    """What this person holds in this place already, the longest first."""
    if any(wanted.found is None for wanted in refs.values()):
        return []
    ids = {name: wanted.found.id for name, wanted in refs.items()}
    if "seat_id" in ids:
        return [one for one in state.delegates.get(ids["member_id"], []) if one.seat_id == ids["seat_id"]]
    held = state.facilitators.get(ids["member_id"], [])
    return [one for one in held if one.cohort_id == ids.get("cohort_id")]


def _refs(plan: Plan, state: State, row: Row, at: datetime) -> dict[str, Wanted]:
    """The parents of a place, wanted along the way: its seat, or its cohort, or nothing for the whole program."""
    if not row.cohort:
        return {}
    cohort = _want_cohort(plan, state, row, at)
    if not row.city:
        return {"cohort_id": cohort}
    city = _want_city(plan, state, row)
    known = state.seats.get((cohort.found.id, city.found.id)) if cohort.found and city.found else None
    key = (folded(row.network), folded(row.cohort), _city_key(state, row))
    seat = _want(plan.seats, key, Seat, {}, known, f"{city.label} in {cohort.label}")
    seat.refs = {"cohort_id": cohort, "city_id": city}
    return {"seat_id": seat}


def _want_cohort(plan: Plan, state: State, row: Row, at: datetime) -> Wanted:
    key = (folded(row.network), folded(row.cohort))
    network = _want(plan.networks, key[:1], Network, {"name": row.network}, state.networks.get(key[:1]), row.network)
    new = {"name": row.cohort, "created_at": at}
    cohort = _want(plan.cohorts, key, Cohort, new, state.cohorts.get(key), row.cohort)
    cohort.refs = {"network_id": network}
    return cohort


def _want_city(plan: Plan, state: State, row: Row) -> Wanted:
    key = _city_key(state, row)
    known = state.city(*key)
    city = _want(
        plan.cities, key, City, {"name": row.city, "state": key[1]}, known, f"{row.city}, {key[1]}".strip(", ")
    )
    if known is not None and known.state != key[1]:
        city.values["state"] = key[1]
    return city


def _want(
    group: dict[Any, Wanted], key: Any, table: type[Base], new: dict[str, Any], found: Base | None, label: str
) -> Wanted:
    """The row under this key; the names of what is there already stay as they are."""
    return group.setdefault(key, Wanted(table, {} if found else new, found, label=label))
