"""One cohort in full, as a message or a window: dates, facilitators, what comes next, cities and people. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from handlers import blocks, buttons, calendar, naming, phases, rights, standing
from handlers.standing import Standing
from handlers.types import Json
from storage.cohorts import Listed, NextCheckIn, Person, Place

CHOOSE = "cohort_choose"
MOST_OPTIONS = 100
CITIES_FIRST = 10


def full(
    one: Listed,
    places: Sequence[Place],
    check_ins: Sequence[NextCheckIn],
    who: Standing,
    *,
    now: datetime,
    zone: str,
    all_cities: bool = False,
) -> Json:
    """A cohort in full; `places` are those that the asker may see. Its cities beyond ten are behind a button."""
    today = calendar.today(zone, now)
    here = [place for place in places if place.cohort_id == one.id]
    heads = [_facilitator(place) for place in here if place.role == "facilitator" and place.person]
    heads = heads or [_named(place.person) for place in places if place.cohort_id is None and place.person]
    asked = [
        f"{blocks.escaped(each.name)}: {calendar.spoken_date(each.on, today)}"
        for each in check_ins
        if each.cohort_id == one.id
    ]
    facts = [
        naming.title(one.name, one.network),
        f"Theme: {blocks.escaped(one.theme)}" if one.theme else "",
        dates(one, now, zone),
        f"Phase: {blocks.escaped(phases.now(one.phases, today))}" if phases.now(one.phases, today) else "",
        f"Facilitated by {_and(blocks.escaped(name) for name in heads)}" if heads else "",
        f"Next check-in: {'; '.join(asked)}" if asked else "",
        f"Channel: <#{one.channel}>" if one.channel else "",
    ]
    body = [blocks.section("\n".join(fact for fact in facts if fact))]
    seated = [place for place in here if place.role != "facilitator"]
    if standing.may_see_people(who, one.id):
        body += _cities(one, seated, now, zone, all_cities=all_cities)
        end = f"{_seats_in_words(seated)}."
    else:
        end = "Its cities and people are shown to its members."
        body.append(blocks.context(f"{end}{' ' + _and(heads) + ' can tell you more.' if heads else ''}"))
    text = f"{naming.in_words(one.name, one.network)}. {dates(one, now, zone)}. {end}"
    offered = change_buttons(one.id, who)
    body += [blocks.actions(*offered)] if offered else []
    return blocks.message(text, body)


def form(message: Json) -> Json:
    """The same as a window, where a button was pressed."""
    return blocks.modal("cohort_shown", "Cohort", message["blocks"])


def menu(cohorts: Sequence[Listed]) -> Json:
    """All cohorts to choose from; Slack takes a hundred."""
    options = [blocks.option(one.name, str(one.id)) for one in cohorts[:MOST_OPTIONS]]
    select: Json = {"type": "static_select", "action_id": CHOOSE, "options": options}
    return blocks.actions({**select, "placeholder": blocks.plain("Show a cohort")})


def change_buttons(cohort_id: int, who: Standing) -> list[Json]:
    """What somebody may change about a cohort; nothing for most."""
    roles = who.roles_in(cohort_id)
    return [buttons.change_cohort(word, cohort_id) for word in buttons.CHANGES if rights.may(f"cohort {word}", roles)]


def read_show(value: str) -> tuple[int, bool]:
    """The cohort's id, and whether all of its cities are wanted."""
    cohort_id, _, everything = value.partition(":")
    return int(cohort_id), bool(everything)


def dates(cohort: Listed, now: datetime, zone: str) -> str:
    today = calendar.today(zone, now)
    if cohort.ends_on and standing.is_over(cohort, now, zone):
        return f"Ended {cohort.ends_on:%B %Y}"
    start = f"Runs since {cohort.starts_on:%B %Y}" if cohort.starts_on and cohort.starts_on <= today else "Running"
    if cohort.starts_on and cohort.starts_on > today:
        start = f"Starts {calendar.spoken_date(cohort.starts_on, today)}"
    return f"{start}, until {calendar.spoken_date(cohort.ends_on, today)}" if cohort.ends_on else start


def _facilitator(place: Place) -> str:
    name = _named(place.person) if place.person else ""
    return f"{name} (head facilitator)" if place.head else name


def _named(person: Person) -> str:
    """With the workspace when it is not the reader's."""
    return f"{person.name} in {person.elsewhere}" if _is_elsewhere(person) else person.name


def _is_elsewhere(person: Person) -> bool:
    return person.user_id is None and person.elsewhere is not None


def _cities(one: Listed, seated: Sequence[Place], now: datetime, zone: str, *, all_cities: bool) -> list[Json]:
    """A line for each city with its people, and until when somebody is away."""
    cities: dict[str, list[str]] = {}
    for place in seated:
        people = cities.setdefault(place.city_name, [])
        if place.person:
            elsewhere = f"in {place.person.elsewhere}" if _is_elsewhere(place.person) else ""
            role = place.role if place.role != "delegate" else ""
            details = ", ".join(filter(None, [role, place.person.title, elsewhere, standing.away(place, now, zone)]))
            people.append(blocks.escaped(f"{place.person.name} ({details})" if details else place.person.name))
    lines = [
        f"*{blocks.escaped(city)}* {'; '.join(people) or '_nobody at the moment_'}" for city, people in cities.items()
    ]
    shown = lines if all_cities else lines[:CITIES_FIRST]
    body = blocks.packed([f"_{_seats_in_words(seated)}_", *shown])
    if len(shown) < len(lines):
        body.append(blocks.actions(buttons.show_cohort(one.id, f"Show all {len(lines)} cities", everything=True)))
    return body


def _seats_in_words(seated: Sequence[Place]) -> str:
    cities = len({place.city_name for place in seated})
    people = len({place.person.id for place in seated if place.person})
    return f"{cities} {'city' if cities == 1 else 'cities'}, {people} {'person' if people == 1 else 'people'}"


def _and(names: Iterable[str]) -> str:
    known = list(names)
    return known[0] if len(known) == 1 else f"{', '.join(known[:-1])} and {known[-1]}"
