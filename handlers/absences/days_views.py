"""A city's calendar as a message, and the forms by which days are added to it and removed, each with what it changes. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers import blocks, buttons, calendar
from handlers.absences import views
from handlers.absences.days_rules import LISTED, Moved
from handlers.types import Json, Settings
from storage.city_days import Known, NewDays, off_of
from storage.days import Off
from storage.models import CityDay

FORM, CONFIRM, REMOVAL = "days_form", "days_confirm", "days_removal"
CHOOSE, ADD, CHANGE, REMOVE = "days_choose", "days_add", "days_change", "days_remove"
CITY, NAME, FIRST, LAST, WHICH = "city", "name", "first", "last", "weekday"
EVERY_DAY = "all"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
AHEAD = timedelta(days=120)
MOST = 40


@dataclass(frozen=True)
class Carried:
    """What the forms carry: a key that makes one count once, where the calendar stands that follows it, and what was filled in."""

    key: str
    city_id: int
    url: str = ""
    off: Off | None = None
    days_id: int = 0


def month_ahead(
    city: Known, rows: Sequence[CityDay], today: date, settings: Settings, *, everything: bool = False
) -> Json:
    """The holidays of the coming months by name, and the city's own days; buttons for who may change them."""
    name = blocks.escaped(city.full_name)
    coming = [row for row in rows if row.last_on >= today]
    holidays = _holidays(city, today)
    start = (
        f"Nobody in {blocks.escaped(city.name)} is asked or reminded on these days: it waits for the next working day."
    )
    body = [
        blocks.section(f"*{name}: days off*\n{start}"),
        blocks.section("\n".join(["*Holidays until " + _until(today) + "*", *holidays])),
    ]
    if not coming:
        body.append(blocks.section("*Own days*\nNone so far: furlough days, a council recess, a local holiday."))
    else:
        body.append(blocks.section("*Own days*"))
    shown = coming[:MOST] if everything else coming[:LISTED]
    for row in shown:
        remove = buttons.button("Remove these days", REMOVE, str(row.id)) if city.may_change else None
        body.append(blocks.section(_line(off_of(row), today), accessory=remove))
    ways = [buttons.button("Add days", ADD, str(city.id))] if city.may_change else []
    if len(shown) < len(coming):
        ways.append(buttons.button(f"Show all {len(coming)}", CHOOSE, f"{city.id}:all"))
    if ways:
        body.append(blocks.actions(*ways))
    if not city.may_change:
        body.append(
            blocks.context("The lead of the city and the facilitators of its cohorts add days and remove them.")
        )
    own = "; ".join(_line(off_of(row), today) for row in shown) or "none of its own"
    text = f"{name}, days off until {_until(today)}: {'; '.join(line.removeprefix('• ') for line in holidays)}. Its own: {own}."
    hint = f"`{settings.command_cohort} days CITY` shows another city's."
    return blocks.message(text.replace("*", ""), [*body, blocks.context(hint)])


def which(said: str, cities: Sequence[Known], settings: Settings) -> Json:
    """Whose calendar is meant?"""
    if not cities:
        return blocks.message("You are in no cohort with cities yet, so there is no calendar to show.")
    start = f"I know no city “{blocks.escaped(blocks.cut(said, 60))}” in your cohorts." if said else "Whose calendar?"
    options = [blocks.option(city.full_name, str(city.id)) for city in cities[:100]]
    menu: Json = {"type": "static_select", "action_id": CHOOSE, "options": options}
    menu["placeholder"] = blocks.plain("Show a city")
    names = ", ".join(blocks.escaped(city.full_name) for city in cities[:LISTED])
    text = f"{start} Type for example {settings.command_cohort} days {blocks.escaped(cities[0].name)}. Cities: {names}."
    return blocks.message(text, [blocks.section(start), blocks.actions(menu)])


def form(carried: Carried, cities: Sequence[Known], today: date) -> Json:
    """Which days of which city are off; `cities` are those that the person may change."""
    off = carried.off or Off(today, today)
    options = [blocks.option("All days from the first to the last", EVERY_DAY)]
    options += [blocks.option(f"Only {day}s", str(number)) for number, day in enumerate(WEEKDAYS)]
    chosen = EVERY_DAY if off.weekday is None else str(off.weekday)
    body = []
    if len(cities) > 1:
        places = [blocks.option(city.full_name, str(city.id)) for city in cities[:100]]
        body.append(blocks.select(CITY, "City", places, chosen=str(carried.city_id)))
    else:
        body += [blocks.section(f"Days off for *{blocks.escaped(city.full_name)}*") for city in cities]
    body += [
        blocks.text_input(
            NAME, "Name", value=off.name, hint="Such as “Council recess”. Everybody of its cohorts sees it."
        ),
        blocks.field(FIRST, "First day", blocks.date_picker(FIRST, off.first)),
        blocks.field(
            LAST,
            "Last day",
            blocks.date_picker(LAST, off.last if carried.off else None),
            hint="Empty: one day.",
            optional=True,
        ),
        blocks.select(
            WHICH,
            "Which days",
            options,
            chosen=chosen,
            hint="“Only Fridays” for furlough Fridays; then give a last day.",
        ),
        blocks.context("Nothing is saved yet: the next page shows what changes."),
    ]
    return blocks.modal(FORM, "Add days off", body, submit="See what changes", private_metadata=_kept(carried))


def read_form(view: Json) -> Carried:
    """What was filled in."""
    carried = read_carried(view)
    first = date.fromisoformat(blocks.value_of(view, FIRST) or "")
    last = blocks.value_of(view, LAST)
    which = blocks.value_of(view, WHICH) or EVERY_DAY
    weekday = None if which == EVERY_DAY else int(which)
    off = Off(first, date.fromisoformat(last) if last else first, weekday, (blocks.value_of(view, NAME) or "").strip())
    return Carried(carried.key, int(blocks.value_of(view, CITY) or carried.city_id), carried.url, off)


def read_carried(view: Json) -> Carried:
    kept = json.loads(view["private_metadata"])
    off = kept["off"]
    days = Off(date.fromisoformat(off[0]), date.fromisoformat(off[1]), off[2], off[3]) if off else None
    return Carried(kept["key"], kept["city"], kept["url"], days, kept["days"])


def new_days(carried: Carried) -> NewDays:
    return NewDays(carried.city_id, carried.off or Off(date.min, date.min), carried.key)


def effect(carried: Carried, city: Known, off: Off, moves: Sequence[Moved], today: date) -> Json:
    """What new days would change, before it is confirmed."""
    body = [
        blocks.section(f"*{blocks.escaped(city.full_name)}*\n{_line(off, today)}"),
        *_moves(moves, today),
        blocks.actions(buttons.button("Change the days", CHANGE)),
        blocks.context(
            "Reminders of commitments wait for the next working day, too. Nothing is saved before you confirm."
        ),
    ]
    return blocks.modal(CONFIRM, "Add days off", body, submit="Confirm", private_metadata=_kept(carried))


def removal(carried: Carried, city: Known, off: Off, moves: Sequence[Moved], today: date) -> Json:
    """What changes when days are removed, before it is confirmed."""
    body = [
        blocks.section(f"These days of *{blocks.escaped(city.full_name)}* are worked again:\n{_line(off, today)}"),
        *_moves(moves, today),
        blocks.context("Nothing is changed before you confirm."),
    ]
    return blocks.modal(REMOVAL, "Remove days off", body, submit="Remove", private_metadata=_kept(carried))


def changed(what: str, city: Known, off: Off, today: date) -> str:
    """Added to the calendar of Memphis: …"""
    start = {"added": "Added to the calendar of", "removed": "Removed from the calendar of"}[what]
    return f"{start} {blocks.escaped(city.full_name)}: {_line(off, today)}."


def in_words(off: Off, today: date) -> str:
    """Friday, December 4; Monday, December 21 through Friday, January 1, 2027; every Friday from … through …"""
    first, last = calendar.spoken_date(off.first, today), calendar.spoken_date(off.last, today)
    if off.weekday is not None:
        return f"every {WEEKDAYS[off.weekday]} from {first} through {last}"
    return first if off.first == off.last else f"{first} through {last}"


def _line(off: Off, today: date) -> str:
    return f"*{blocks.escaped(off.name)}*: {in_words(off, today)}"


def _moves(moves: Sequence[Moved], today: date) -> list[Json]:
    if not moves:
        return [blocks.section("No date of a check-in changes.")]
    lines = ["*What moves*"]
    for one in moves:
        days = [f"{calendar.spoken_date(old, today)} → {_to(new, today)}" for old, new in one.moves]
        more = f"; and {one.more} more" if one.more else ""
        name = f"*{blocks.escaped(one.check_in)}* ({blocks.escaped(one.cohort)})"
        lines.append(f"• {name}: {'; '.join(days)}{more}. For {_and(one.names)}.")
    return [blocks.section("\n".join(lines))]


def _to(day: date | None, today: date) -> str:
    return calendar.spoken_date(day, today) if day else "together with the next round"


def _holidays(city: Known, today: date) -> list[str]:
    found = []
    for count in range(AHEAD.days):
        day = today + timedelta(days=count)
        if holiday := calendar.holiday_name(day, city.state):
            found.append(f"• {calendar.spoken_date(day, today)}: {blocks.escaped(holiday)}")
    return found or ["• none"]


def _until(today: date) -> str:
    return calendar.spoken_date(today + AHEAD, today)


def _kept(carried: Carried) -> str:
    off = carried.off
    days = [off.first.isoformat(), off.last.isoformat(), off.weekday, off.name] if off else None
    kept = {"key": carried.key, "city": carried.city_id, "url": carried.url, "off": days, "days": carried.days_id}
    return json.dumps(kept)


def _and(names: Sequence[str]) -> str:
    known = [blocks.escaped(name) for name in names]
    if len(known) > LISTED:
        known = [*known[:LISTED], f"{len(known) - LISTED} more"]
    return views.listed(known)
