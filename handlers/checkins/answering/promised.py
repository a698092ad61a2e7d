"""How each open commitment of a city goes, asked in the form of a check-in, and its new date when it needs one. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers import calendar, rights
from handlers.blocks import context, cut, date_picker, escaped, option, plain, section, text_input
from handlers.blocks import field as input_field
from handlers.checkins.answering.fields import block_id
from handlers.checkins.wording import WHO_SEES, capital
from handlers.types import Json
from storage.commitment_lists import Item

WENT, DUE, WHY = "went", "due", "why"
OPTIONS = {"on_track": "On track", "at_risk": "At risk", "done": "Done", "new_date": "Needs a new date"}
TEXT_SHOWN = 140
FIRST = 5


@dataclass(frozen=True)
class Promise:
    """A commitment of the city; `asked` says that who answers may change it, and that it has an owner."""

    item: Item
    asked: bool


def promise(item: Item, role: str, member_id: int) -> Promise:
    """With what somebody may do: the owner, and the lead of the city, change it; without an owner it needs one first."""
    one = item.commitment
    mine = one.owner_id == member_id or rights.may("commit change", {role})
    return Promise(item, asked=mine and one.state != "needs_owner")


def heading(question: Mapping[str, Any]) -> list[Json]:
    sees = f"{capital(WHO_SEES[question['audience']])} this answer, but no commitment that they may not see."
    return [section(f"*{escaped(question['text'])}*\n{sees} What you choose changes the commitment.")]


def field(question: Mapping[str, Any], one: Promise, value: Any, turn: int, today: date) -> Json:
    """How it goes, to choose from."""
    commitment, name = one.item.commitment, f"{WENT}_{one.item.commitment.number}"
    options = [option(words, went) for went, words in OPTIONS.items()]
    element: Json = {"type": "static_select", "action_id": name, "options": options}
    element["placeholder"] = plain("How does it go?")
    chosen = next((one for one in options if one["value"] == value), None)
    element |= {"initial_option": chosen} if chosen else {}
    due = calendar.spoken_date(commitment.due_on, today)
    state = ", at risk" if commitment.state == "at_risk" else ""
    label = f"#{commitment.number} {cut(commitment.text, TEXT_SHOWN)} · due {due}{state}"
    return input_field(block_id(name, turn), label, element, optional=not question.get("required"))


def new_date(one: Promise, value: Any, turn: int, today: date) -> list[Json]:
    """The two fields of a commitment that needs another day."""
    commitment, held = one.item.commitment, value or {}
    number, due = commitment.number, calendar.spoken_date(commitment.due_on, today)
    day = date.fromisoformat(held["due_on"]) if held.get("due_on") else None
    picker = date_picker(f"{DUE}_{number}", day)
    why = text_input(f"{WHY}_{number}", "Why it moves", value=held.get("why") or "", multiline=True)
    why |= {"block_id": block_id(f"{WHY}_{number}", turn), "hint": plain("Whoever sees this commitment sees it.", 2000)}
    return [
        section(f"*#{number}* {escaped(cut(commitment.text, TEXT_SHOWN))}\nIt is due {due} so far."),
        input_field(block_id(f"{DUE}_{number}", turn), f"New date of #{number}", picker),
        why,
    ]


def read_date(raw: Mapping[str, Any], number: str) -> dict[str, str]:
    return {"due_on": raw.get(f"{DUE}_{number}") or "", "why": (raw.get(f"{WHY}_{number}") or "").strip()}


def problems(
    raw: Mapping[str, Any], number: str, today: date, problem_with_day: Callable[[date, date], str | None]
) -> dict[str, str]:
    """What is wrong with a new date and its reason, by field."""
    held = read_date(raw, number)
    day = date.fromisoformat(held["due_on"]) if held["due_on"] else None
    found = {
        f"{DUE}_{number}": problem_with_day(day, today) if day else "Please choose a day.",
        f"{WHY}_{number}": None if held["why"] else "Please say why in a few words.",
    }
    return {name: text for name, text in found.items() if text}


def none_to_ask(city: str, promises: Mapping[int, Promise]) -> str:
    if promises:
        return f"None of the open commitments of {escaped(city)} is yours to change."
    return f"{escaped(city)} has no open commitment in this cohort, so there is nothing to answer here."


def listed(city: str, some: Sequence[Promise], today: date, *, more: bool) -> list[Json]:
    """Commitments that the form shows and does not ask about."""
    lines = [_line(one, today) for one in some[:FIRST]]
    left = [f"and {len(some) - FIRST} more"] if len(some) > FIRST else []
    start = f"{'Also open' if more else 'Open'} for {escaped(city)}: "
    return [context(start + "; ".join([*lines, *left]) + ".")]


def kept(values: Mapping[str, Any], earlier: Iterable[Json], promises: Mapping[int, Promise]) -> list[Json]:
    """What the answer keeps of each commitment: in words that stay true when it changes, and with who may read them.

    What was said `earlier` of one that is not asked about any more stays said.
    """
    said = {one["number"]: one for one in earlier if one["number"] not in promises}
    for number, one in promises.items():
        went = values.get(f"c{number}")
        if went:
            commitment = one.item.commitment
            said[number] = {
                "number": number,
                "text": cut(commitment.text, TEXT_SHOWN),
                "audience": commitment.audience,
                "went": went,
            }
            said[number] |= (values.get(f"d{number}") or {}) if went == "new_date" else {}
    return [said[number] for number in sorted(said)]


def _line(one: Promise, today: date) -> str:
    commitment, owner = one.item.commitment, one.item.owner
    text = f"#{commitment.number} {escaped(cut(commitment.text, 80))}"
    if commitment.state == "needs_owner" or owner is None:
        return f"{text} (needs an owner)"
    return f"{text} ({escaped(owner.name)}, due {calendar.spoken_date(commitment.due_on, today)})"
