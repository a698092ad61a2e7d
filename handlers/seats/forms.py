"""The forms about places: who comes, who goes, who hands over to whom; built and read back. Pure."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from itertools import groupby

from handlers import blocks, buttons
from handlers.seats.places import (
    ALONG,
    CHOSEN,
    CITY,
    EMAIL,
    NAME,
    NEW_CITY,
    NOTE,
    PROGRAM,
    ROLE,
    ROLES,
    RUNS,
    SINCE,
    STATE,
    UNTIL,
    USER,
    WHO,
    WHY,
    Adding,
    Going,
    Handing,
    Somebody,
)
from handlers.types import Json
from storage.models import City, Commitment
from storage.seats import Seated

ADD, REMOVE, HANDOVER, GOING, TAKING = (
    "cohort_add_form",
    "cohort_remove_form",
    "cohort_handover_form",
    "cohort_remove_sure",
    "cohort_handover_sure",
)
MOST_OPTIONS = 100


def add(
    cohort: tuple[int, str], cities: Sequence[City], key: str, today: date, *, program: bool, zone_note: str = ""
) -> Json:
    """The form that puts a person on a seat, or names a facilitator."""
    cohort_id, name = cohort
    groups = _grouped([(one.name, _city_name(one), str(one.id)) for one in cities])
    roles = ROLES | RUNS | (PROGRAM if program else {})
    body = [blocks.section(f"*{blocks.escaped(name)}*{zone_note}"), *_person("Person in Slack")]
    if groups:
        body.append(blocks.field(CITY, "City", {"type": "static_select", "action_id": CITY, **groups}, optional=True))
    body += [
        blocks.text_input(NEW_CITY, "Or a new city" if groups else "City", optional=True),
        blocks.text_input(STATE, "Its state", hint="Two letters, such as TN.", optional=True),
        blocks.select(ROLE, "Role", [blocks.option(text, value) for value, text in roles.items()], chosen="delegate"),
        _day(SINCE, "From", today),
        _day(UNTIL, "Last day", None, hint="Leave it empty when it is not known.", optional=True),
    ]
    return blocks.modal(ADD, buttons.CHANGES["add"], body, submit="Add", private_metadata=json.dumps([cohort_id, key]))


def read_add(view: Json) -> Adding:
    cohort_id, key = json.loads(view["private_metadata"])
    city = blocks.value_of(view, CITY)
    return Adding(
        cohort_id=cohort_id,
        key=key,
        person=_read_person(view),
        city_id=int(city) if city else None,
        new_city=_words(view, NEW_CITY),
        state=_words(view, STATE).upper(),
        role=blocks.value_of(view, ROLE) or "delegate",
        since_on=_date(view, SINCE),
        until_on=_date(view, UNTIL),
    )


def remove(cohort: tuple[int, str], seated: Sequence[Seated], key: str, today: date, chosen: int = 0) -> Json:
    """Who leaves when, and why."""
    cohort_id, name = cohort
    body = [
        blocks.section(f"*{blocks.escaped(name)}*\nFirst I show what will happen; nothing changes before you confirm."),
        blocks.field(WHO, "Who", _people(seated, chosen)),
        _day(UNTIL, "Last day", today, hint="The place is theirs to the end of this day."),
        blocks.text_input(WHY, "Why", hint="The city's lead and the facilitators read it."),
    ]
    return blocks.modal(
        REMOVE, buttons.CHANGES["remove"], body, submit="Continue", private_metadata=json.dumps([cohort_id, key])
    )


def read_remove(view: Json) -> Going:
    cohort_id, key = json.loads(view["private_metadata"])
    who, last_day = blocks.value_of(view, WHO), blocks.value_of(view, UNTIL)
    return Going(cohort_id, key, int(who or 0), last_day or "", _words(view, WHY))


def going(what: Going, lines: Sequence[str]) -> Json:
    """What will happen, before it does."""
    metadata = json.dumps(asdict(what), ensure_ascii=False)
    body = [blocks.section("\n".join(lines))]
    return blocks.modal(GOING, "What will happen", body, submit="End the place", private_metadata=metadata)


def read_going(view: Json) -> Going:
    return Going(**json.loads(view["private_metadata"]))


def handover(cohort: tuple[int, str], seated: Sequence[Seated], key: str, today: date, chosen: int = 0) -> Json:
    """From whom to whom, and from when."""
    cohort_id, name = cohort
    body = [
        blocks.section(f"*{blocks.escaped(name)}*"),
        blocks.field(WHO, "Who hands over", _people(seated, chosen)),
        *_person("To whom, in Slack"),
        _day(SINCE, "From", today, hint="The first day of who comes; it is in the city's time zone."),
        blocks.text_input(NOTE, "Note", hint="For who comes: it stands in their brief.", multiline=True, optional=True),
    ]
    metadata = json.dumps([cohort_id, key])
    return blocks.modal(HANDOVER, buttons.CHANGES["handover"], body, submit="Continue", private_metadata=metadata)


def read_handover(view: Json) -> Handing:
    cohort_id, key = json.loads(view["private_metadata"])
    person, who = _read_person(view), int(blocks.value_of(view, WHO) or 0)
    since, note = blocks.value_of(view, SINCE) or "", (blocks.value_of(view, NOTE) or "").strip()
    return Handing(cohort_id, key, who, person.user_id, person.name, person.email, since, note)


def taking(what: Handing, lines: Sequence[str], open_now: Sequence[Commitment]) -> Json:
    """Which open commitments go along."""
    options = [blocks.option(f"#{one.number} {one.text}", str(one.id)) for one in open_now[:MOST_OPTIONS]]
    ways = [blocks.option("All of them", "all"), blocks.option("Only those chosen below", "chosen")]
    ways.append(blocks.option("None: they will need an owner", "none"))
    menu: Json = {"type": "multi_static_select", "action_id": CHOSEN, "options": options}
    body = [
        blocks.section("\n".join(lines)),
        blocks.select(ALONG, "Which open commitments go along", ways, chosen="all"),
        blocks.field(CHOSEN, "Those that go along", menu, optional=True),
    ]
    metadata = json.dumps(asdict(what), ensure_ascii=False)
    return blocks.modal(TAKING, buttons.CHANGES["handover"], body, submit="Hand over", private_metadata=metadata)


def read_taking(view: Json) -> Handing:
    """What was said before, with what goes along."""
    state = view["state"]["values"].get(CHOSEN, {}).get(CHOSEN, {})
    chosen = [int(one["value"]) for one in state.get("selected_options") or []]
    along = blocks.value_of(view, ALONG) or "all"
    return replace(Handing(**json.loads(view["private_metadata"])), along=along, chosen=chosen)


def _person(label: str) -> list[Json]:
    return [
        blocks.field(USER, label, {"type": "users_select", "action_id": USER}, optional=True),
        blocks.text_input(NAME, "Or a name", hint="Needed when I do not know the person yet.", optional=True),
        blocks.text_input(EMAIL, "With an e-mail address", hint="The one that they use in Slack.", optional=True),
    ]


def _read_person(view: Json) -> Somebody:
    return Somebody(blocks.value_of(view, USER), _words(view, NAME), _words(view, EMAIL).casefold())


def _people(seated: Sequence[Seated], chosen: int) -> Json:
    named = [(one.city, f"{one.member.name} · {one.city}, {one.delegate.role}", str(one.delegate.id)) for one in seated]
    element: Json = {"type": "static_select", "action_id": WHO, **_grouped(named)}
    known = [option for one in element.get("option_groups", [element]) for option in one["options"]]
    first = next((one for one in known if one["value"] == str(chosen)), None)
    return {**element, "initial_option": first} if first else element


def _grouped(named: Sequence[tuple[str, str, str]]) -> Json:
    """Options of (sorted by, label, value); more than Slack takes in one list are grouped by their first letter."""
    if not named:
        return {}
    if len(named) <= MOST_OPTIONS:
        return {"options": [blocks.option(label, value) for _, label, value in named]}
    groups = []
    for letter, members in groupby(named, key=lambda one: one[0][:1].upper()):
        options = [blocks.option(label, value) for _, label, value in members][:MOST_OPTIONS]
        groups.append({"label": blocks.plain(letter or "-"), "options": options})
    return {"option_groups": groups[:MOST_OPTIONS]}


def _city_name(city: City) -> str:
    return f"{city.name}, {city.state}" if city.state else city.name


def _day(block_id: str, label: str, day: date | None, *, hint: str = "", optional: bool = False) -> Json:
    element: Json = {"type": "datepicker", "action_id": block_id}
    element |= {"initial_date": day.isoformat()} if day else {}
    return blocks.field(block_id, label, element, hint=hint, optional=optional)


def _date(view: Json, block_id: str) -> date | None:
    found = blocks.value_of(view, block_id)
    return date.fromisoformat(found) if found else None


def _words(view: Json, block_id: str) -> str:
    return " ".join((blocks.value_of(view, block_id) or "").split())
