"""Cohorts as messages: mine, the list, which one is meant, and what the command understands. Pure."""

from collections.abc import Sequence
from datetime import date, datetime

from handlers import blocks, buttons, calendar, naming, rights, standing
from handlers.cohorts import cohort_views
from handlers.standing import Standing
from handlers.types import Json, Settings
from storage.cohorts import Listed, NextCheckIn, Place
from storage.commitment_lists import Item

CHOICES = 5
PROMISES = 5
PLACES = 20
ROLES = {
    "lead": "You lead *{city}*",
    "delegate": "You are a delegate of *{city}*",
    "sponsor": "You are a sponsor of *{city}*",
}


def mine(
    own: Sequence[Place],
    check_ins: Sequence[NextCheckIn],
    promises: Sequence[Item],
    *,
    now: datetime,
    zone: str,
    settings: Settings,
) -> Json:
    """Answers the bare command: my seats, the next check-in of each cohort, what I have promised. `own` are today's places."""
    today = calendar.today(zone, now)
    running = [place for place in own if not standing.is_over(place, now, zone)]
    over = [place for place in own if standing.is_over(place, now, zone)]
    body = [own_place(place, check_ins, today) for place in running[:PLACES]]
    if len(running) > PLACES:
        body.append(blocks.context(f"and {len(running) - PLACES} more: `{settings.command_cohort} list` shows all."))
    if not running:
        body.append(blocks.section("You have no seat in a cohort that is running now."))
    body.append(blocks.section(promised(promises, today, settings)))
    if over:
        body.append(blocks.context(f"Ended: {', '.join(blocks.escaped(place.cohort) for place in over[:PLACES])}."))
    body.append(blocks.context(_ways_on(settings)))
    return blocks.message(_mine_in_words(running, check_ins, promises, today), body)


def promised(promises: Sequence[Item], today: date, settings: Settings) -> str:
    """A member's open commitments in a few lines."""
    if not promises:
        return f"You have no open commitments. `{settings.command_commit} TEXT by WHEN` records one."
    lines = [_promise(item, today) for item in promises[:PROMISES]]
    more = len(promises) - PROMISES
    if more > 0:
        lines.append(f"and {more} more: `{settings.command_commit} mine` lists them all.")
    return "\n".join([f"*{_open_commitments(len(promises)).capitalize()}*", *lines])


def listing(cohorts: Sequence[Listed], who: Standing, *, now: datetime, zone: str, settings: Settings) -> Json:
    """All cohorts of the program by name, one's own first; each can be opened."""
    may_make = rights.may("cohort new", who.roles)
    if not cohorts:
        return _no_cohorts(settings, may_make=may_make)
    own = [cohort for cohort in cohorts if cohort.id in who.cohort_ids]
    others = [cohort for cohort in cohorts if cohort.id not in who.cohort_ids]
    lines = [f"*Your {'cohort' if len(own) == 1 else 'cohorts'}*"] if own else []
    lines += [f"• {naming.title(one.name, one.network)}{_over(one, now, zone)}" for one in own]
    for network in dict.fromkeys(cohort.network for cohort in others):
        lines.append(f"*{blocks.escaped(network)}*")
        lines += [f"• {blocks.escaped(one.name)}{_over(one, now, zone)}" for one in others if one.network == network]
    names = ", ".join(blocks.escaped(cohort.name) for cohort in cohorts)
    start = f"You are in {len(own)} of {len(cohorts)} cohorts" if own else f"There are {len(cohorts)} cohorts"
    way_on = blocks.context(f"`{settings.command_cohort} show` and a few letters of a name does the same.")
    make = [blocks.actions(buttons.new_cohort())] if may_make else []
    return blocks.message(f"{start}: {names}.", [*blocks.packed(lines), cohort_views.menu(cohorts), *make, way_on])


def which(text: str, candidates: Sequence[Listed], settings: Settings) -> Json:
    """Several cohorts fit: ask, kindly, with a button and the line to type for each."""
    shown = candidates[:CHOICES]
    said = blocks.escaped(blocks.cut(text, 100))
    start = f"Several cohorts fit *{said}*." if said else "Which cohort do you mean?"
    body = [blocks.section(start), *naming.choices(shown)]
    if len(candidates) > len(shown):
        body.append(cohort_views.menu(candidates))
    names = ", ".join(f"{settings.command_cohort} show {one.name}" for one in shown)
    return blocks.message(f"{start.replace('*', '')} Type one of these: {blocks.escaped(names)}.", body)


def help_text(settings: Settings, *, facilitates: bool = False) -> Json:
    """What the command does, with two real examples; what only facilitators may do, for them alone."""
    command = settings.command_cohort
    lines = [
        f"*{command}* shows who is in your cohorts.",
        f"`{command}` your cohorts, the next check-in, your open commitments",
        f"`{command} list` all cohorts of the program",
        f"`{command} show NAME` one cohort: dates, facilitators, cities, people; a few letters are enough",
        f"`{command} who WORDS` people by city, role, expertise, network or name, ten at a time; typos are forgiven",
        f"`{command} away until Tuesday` what changes while you are away, to confirm; `{command} back` when you are back",
        f"`{command} days CITY` holidays and a city's own days off; its lead and facilitators add days there",
        f"For example: `{command} show procurement` or `{command} who budget Memphis`",
    ]
    if facilitates:
        lines.append(
            f"*For facilitators*: `{command} new` makes a cohort; `{command} edit`, `add`, `remove` and `handover` change one, "
            f"put people on seats, end their place, or hand a seat over. For example: `{command} add procurement`\n"
            f"`{command} export COHORT` its roster as a CSV file; who facilitates the whole program takes one in by `{command} import`\n"
            f"`{command} link` brings another Slack workspace into the program: who facilitates all of it gets a code for it"
        )
    text = (
        f"{command} shows your cohorts; {command} list, show NAME and who WORDS tell more. For example: {command} who budget Memphis. "
        f"{command} away until Tuesday notes an absence, {command} days shows days off."
    )
    return blocks.message(text, [blocks.section("\n".join(lines))])


def read_as(typed: str, understood: str) -> str:
    return f"I read *{blocks.escaped(blocks.cut(typed, 50))}* as *{understood}*."


def taken_for(typed: str, command: str) -> str:
    return f"I took that for `{command} {blocks.escaped(blocks.cut(typed, 100))}`."


def not_understood(typed: str, near: Sequence[Listed], settings: Settings) -> Json:
    """Neither a command nor a cohort nor a person: what is near, and where the help is."""
    command = settings.command_cohort
    said = blocks.escaped(blocks.cut(typed, 100))
    start = f"I found no cohort and nobody in your cohorts for *{said}*."
    end = f"`{command} who WORDS` finds people, `{command} list` shows the cohorts, `{command} help` explains both."
    if not near:
        return blocks.message(f"{start} {end}".replace("*", ""), [blocks.section(f"{start} {end}")])
    reply = naming.nothing_fits(typed, near, settings)
    return {**reply, "text": f"{reply['text']} {end}", "blocks": [*reply["blocks"], blocks.context(end)]}


def own_place(place: Place, check_ins: Sequence[NextCheckIn], today: date) -> Json:
    """A seat, or what one facilitates, with the check-ins that come next."""
    if place.cohort_id is None:
        lines = ["You facilitate the *whole program*, with all of its cohorts."]
        coming = [f"{_asked(one, today)} ({blocks.escaped(one.cohort)})" for one in check_ins[:CHOICES]]
        return blocks.section("\n".join([*lines, *(["Next check-ins:"] if coming else []), *coming]))
    role = ROLES.get(place.role, "You facilitate it").format(city=blocks.escaped(place.city_name))
    asked = next((_asked(one, today) for one in check_ins if one.cohort_id == place.cohort_id), "none planned")
    lines = [naming.title(place.cohort, place.network), f"{role}. Next check-in: {asked}."]
    return blocks.section("\n".join(lines), accessory=buttons.show_cohort(place.cohort_id))


def _mine_in_words(
    running: Sequence[Place], check_ins: Sequence[NextCheckIn], promises: Sequence[Item], today: date
) -> str:
    """The same for notifications and screen readers."""
    sentences = []
    for place in running[:CHOICES]:
        if place.cohort_id is None:
            sentences.append("You facilitate the whole program.")
            continue
        role = ROLES.get(place.role, "You facilitate").format(city=blocks.escaped(place.city_name)).replace("*", "")
        within = "" if place.role == "facilitator" else " in"
        asked = next((one for one in check_ins if one.cohort_id == place.cohort_id), None)
        when = f"; next check-in {_when(asked, today)}" if asked else ""
        sentences.append(f"{role}{within} {blocks.escaped(place.cohort)}{when}.")
    if not running:
        sentences.append("You have no seat in a cohort that is running now.")
    first = f", the first due {calendar.spoken_date(promises[0].commitment.due_on, today)}" if promises else ""
    return f"{' '.join(sentences)} You have {_open_commitments(len(promises))}{first}."


def _asked(check_in: NextCheckIn, today: date) -> str:
    return f"*{blocks.escaped(check_in.name)}*, {_when(check_in, today)}"


def _when(check_in: NextCheckIn, today: date) -> str:
    return f"{calendar.spoken_date(check_in.on, today)}, {calendar.spoken_time(check_in.at)}"


def _promise(item: Item, today: date) -> str:
    one = item.commitment
    due = f"{'was due' if one.due_on < today else 'due'} *{calendar.spoken_date(one.due_on, today)}*"
    if one.due_on == today:
        due = "due *today*"
    risk = ", at risk" if one.state == "at_risk" else ""
    return f"*#{one.number}* {blocks.escaped(blocks.cut(one.text, 150))} · {due}{risk}"


def _open_commitments(count: int) -> str:
    return {0: "no open commitments", 1: "one open commitment"}.get(count, f"{count} open commitments")


def _no_cohorts(settings: Settings, *, may_make: bool) -> Json:
    if not may_make:
        return blocks.message("There are no cohorts yet. The facilitators of the program make them.")
    text = (
        f"There are no cohorts yet. `{settings.command_cohort} new` makes one; `{settings.command_cohort} import` brings in many "
        "with their people from a CSV file."
    )
    return blocks.message(text, [blocks.section(text), blocks.actions(buttons.new_cohort())])


def _over(cohort: Listed, now: datetime, zone: str) -> str:
    return f" · ended {cohort.ends_on:%B %Y}" if cohort.ends_on and standing.is_over(cohort, now, zone) else ""


def _ways_on(settings: Settings) -> str:
    command = settings.command_cohort
    return f"`{command} show NAME` shows a cohort · `{command} who WORDS` finds people · `{command} list` · `{command} help`"
