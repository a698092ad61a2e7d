"""People as messages: whom the words fit, ten at a time, and what somebody unknown is told. Pure."""

import json
from collections.abc import Sequence

from handlers import blocks, buttons, naming
from handlers.cohorts.finding import Meant
from handlers.cohorts.rules import Found
from handlers.types import Json, Settings
from storage.cohorts import Person, Place

MORE = "cohort_more_people"
FIRST = "cohort_first_people"
AT_ONCE = 10
WORDS_KEPT = 200


def people(text: str, meant: Meant, page: Sequence[Found], settings: Settings, *, start: int = 0) -> Json:
    """Whom the words fit, the best first; `page` are the ten from `start` on, with buttons for the next and the first ones."""
    said = blocks.escaped(blocks.cut(text, WORDS_KEPT))
    if not page:
        return _nobody(said, settings)
    count = len(meant.member_ids)
    first = _start(said, meant, start, len(page))
    body = [blocks.section(f"{first}:"), *(blocks.section(_card(one)) for one in page)]
    left = count - start - len(page)
    ways = [_page_button(f"Show {min(left, AT_ONCE)} more", MORE, text, start + AT_ONCE)] if left > 0 else []
    ways += [_page_button(f"Show the first {AT_ONCE}", FIRST, text, 0)] if start else []
    if ways:
        body.append(blocks.actions(*ways))
    if left > AT_ONCE:
        body.append(blocks.context("Another word, such as a city, narrows it down."))
    names = "; ".join(_in_words(one) for one in page)
    return blocks.message(f"{first.replace('*', '')}: {names}.", body)


def read_as(meant: Meant) -> str:
    """The sentence about typos; empty when there were none."""
    pairs = [
        f"*{blocks.escaped(blocks.cut(typed, 50))}* as *{blocks.escaped(known)}*" for typed, known in meant.read_as
    ]
    return f"I read {', '.join(pairs)}." if pairs else ""


def read_more(value: str) -> tuple[str, int]:
    """The words that were looked for, and where the page starts."""
    kept = json.loads(value)
    return str(kept["words"]), max(0, int(kept["start"]))


def still_unknown(whom_to_ask: str) -> Json:
    return blocks.message(whom_to_ask)


def recognized(name: str, overview: Json) -> Json:
    """Somebody whose address is in the roster, after they were looked up."""
    greeting = f"I found you in the roster, {blocks.escaped(name)}."
    return {
        **overview,
        "text": f"{greeting} {overview['text']}",
        "blocks": [blocks.section(greeting), *overview["blocks"]],
    }


def first_facilitator(settings: Settings) -> Json:
    """To the workspace admin who came first."""
    text = (
        "You are the first facilitator of this program now, as a workspace admin and the first to ask. "
        f"Next, the people: `{settings.command_cohort} import` brings in networks, cohorts, cities and people from a CSV file; "
        f"`{settings.command_cohort} new` makes a cohort by hand."
    )
    return blocks.message(
        text, [blocks.section(text), blocks.context(f"`{settings.command_cohort} help` shows what I understand.")]
    )


def _start(said: str, meant: Meant, start: int, shown: int) -> str:
    every = len(meant.member_ids)
    count = "One person" if every == 1 else f"{every} people"
    part = f", {start + 1} to {start + shown}" if start else (f", the first {shown}" if shown < every else "")
    if not said:
        return f"{count} in your cohorts{part}"
    if not meant.whole:
        return f"Nobody fits every word of *{said}*; {count.lower()} {'fits' if every == 1 else 'fit'} some{part}"
    return f"{count} for *{said}*{part}"


def _page_button(label: str, action_id: str, text: str, start: int) -> Json:
    return buttons.button(label, action_id, json.dumps({"words": blocks.cut(text, WORDS_KEPT), "start": start}))


def _card(found: Found) -> str:
    person = found.person
    reach = f"<@{person.user_id}>" if person.user_id else _not_here(person)
    places = sorted(found.places, key=lambda place: place.ends_on is not None)
    first = " · ".join(filter(None, [f"*{blocks.escaped(person.name)}*", blocks.escaped(person.title), reach]))
    lines = [first, *dict.fromkeys(_place(place) for place in places[:4])]
    if len(found.places) > 4:
        lines.append(f"and {len(found.places) - 4} more seats")
    if person.expertise:
        lines.append(f"_{blocks.escaped(', '.join(person.expertise))}_")
    return "\n".join(lines)


def _not_here(person: Person) -> str:
    """Nobody can be mentioned from another workspace: its name, and the address."""
    if person.elsewhere:
        address = f", {blocks.escaped(person.email)}" if person.email else ""
        return f"in the Slack workspace {blocks.escaped(person.elsewhere)}{address}"
    return f"not in Slack yet, {blocks.escaped(person.email)}" if person.email else "not in Slack yet"


def _place(place: Place) -> str:
    if place.role == "facilitator":
        where = naming.in_words(place.cohort, place.network) if place.cohort_id else "the whole program"
        return f"Facilitator of {where}"
    role = "" if place.role == "delegate" else f", {place.role}"
    end = f", until {place.ends_on:%B %Y}" if place.ends_on else ""
    where = naming.in_words(place.cohort, place.network)
    return f"{blocks.escaped(f'{place.city_name}{role}')} in {where}{end}"


def _in_words(found: Found) -> str:
    title = f", {found.person.title}" if found.person.title else ""
    cities = ", ".join(dict.fromkeys(place.city_name for place in found.places if place.city))
    return blocks.escaped(f"{found.person.name}{title}{f' ({cities})' if cities else ''}")


def _nobody(said: str, settings: Settings) -> Json:
    text = (
        f"I found nobody for *{said}* among the people of your cohorts. Try a city, a role or a subject, "
        f"such as `{settings.command_cohort} who procurement`."
        if said
        else "There is nobody in your cohorts yet."
    )
    return blocks.message(text.replace("*", ""), [blocks.section(text)])
