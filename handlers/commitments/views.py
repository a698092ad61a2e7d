"""The forms of commitments: builds them and reads them back; all ids of commitments live here. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers import blocks, buttons
from handlers.commitments import rules
from handlers.types import Json
from storage.commitment_lists import Place
from storage.models import Commitment, Member

FORM, MOVE, DROP, HAND = "commitment_form", "commitment_move", "commitment_drop", "commitment_hand"
NEW_SHORTCUT, RECORD_SHORTCUT = "new_commitment", "record_commitment"
MARK_DONE, MOVE_DATE, AT_RISK = "commitment_mark_done", "commitment_move_date", "commitment_at_risk"
DROP_IT, HAND_OVER, CHANGE = "commitment_drop_it", "commitment_hand_over", "commitment_change"
UNDO, SHOW_MORE = "commitment_undo", "commitment_show_more"
TEXT, DUE, PLACE, AUDIENCE, WHY, NEW_OWNER = "text", "due_on", "place", "audience", "why", "new_owner"
WHOLE_PROGRAM = "0:0"
AUDIENCES = {
    "city": "My city team and the facilitators",
    "facilitators": "Only the facilitators",
    "cohort": "Everyone in the cohort",
    "network": "Everyone in the network",
}


@dataclass(frozen=True)
class Press:
    """What the value of a button says: the commitment's number, the change to undo (or 0), and the message it stands on (`stands_on`)."""

    number: int
    stands_on: str
    event_id: int = 0


@dataclass(frozen=True)
class Carried:
    """What a form carries unseen: its key, what it is about, and the message (and its response_url) to bring up to date afterwards."""

    key: str = ""
    number: int = 0
    stands_on: str = ""
    url: str = ""
    place: str = ""
    practice_id: int | None = None
    source_url: str | None = None


@dataclass(frozen=True)
class Filled:
    """What somebody filled in."""

    carried: Carried
    text: str
    due_on: date | None
    place: str
    audience: str
    why: str
    new_owner: int


def press_value(press: Press) -> str:
    return f"{press.number}|{press.event_id}|{press.stands_on}"


def read_press(value: str) -> Press:
    number, event_id, stands_on = value.split("|", 2)
    return Press(int(number), stands_on, int(event_id))


def place_value(place: Place | None) -> str:
    return f"{place.cohort_id}:{place.city_id or 0}" if place else WHOLE_PROGRAM


def form(
    carried: Carried,
    places: Sequence[Place],
    *,
    text: str = "",
    due_on: date | None = None,
    chosen: Place | None = None,
    reason: str = "",
) -> Json:
    """A new commitment; `reason` says why it was not recorded at once. Whose it is is asked only when there are several places."""
    parts = [blocks.section(reason)] if reason else []
    parts += [_text(text), _due(due_on)]
    if len(places) > 1:
        first = place_value(chosen) if chosen else None
        parts.append(blocks.select(PLACE, "Cohort and city", _places(places), chosen=first))
    has_city = any(place.city_id for place in places)
    parts.append(_audience("city" if has_city else "facilitators", has_city=has_city))
    only = place_value(places[0]) if len(places) == 1 else WHOLE_PROGRAM
    return _modal(FORM, "New commitment", parts, "Save", Carried(**{**vars(carried), "place": only}))


def change_form(carried: Carried, commitment: Commitment) -> Json:
    """The text, day and audience of a commitment, to be corrected."""
    parts = [
        _text(commitment.text),
        _due(commitment.due_on),
        _audience(commitment.audience, has_city=commitment.city_id is not None),
        _why("Why the date moves", "Needed only when you choose another day.", optional=True),
    ]
    return _modal(FORM, f"Change #{commitment.number}", parts, "Save", carried)


def move_form(carried: Carried, commitment: Commitment, day: date | None, reason: str = "") -> Json:
    """Another due date, and why."""
    about = f"*#{commitment.number}* {blocks.escaped(commitment.text)}"
    parts = [blocks.section(about), *([blocks.section(reason)] if reason else [])]
    parts += [_due(day), _why("Why it moves", "Whoever sees this commitment sees the reason.")]
    return _modal(MOVE, f"Move #{commitment.number}", parts, "Move the date", carried)


def drop_form(carried: Carried, commitment: Commitment, why: str = "") -> Json:
    """Why a commitment is given up."""
    parts = [
        blocks.section(f"*#{commitment.number}* {blocks.escaped(commitment.text)}"),
        _why("Why you drop it", "Whoever sees this commitment sees the reason.", value=why),
    ]
    return _modal(DROP, f"Drop #{commitment.number}", parts, "Drop it", carried)


def hand_form(carried: Carried, commitment: Commitment, people: Sequence[Member]) -> Json:
    """Who takes a commitment over."""
    options = [blocks.option(person.name, str(person.id)) for person in people[:100]]
    parts = [
        blocks.section(f"*#{commitment.number}* {blocks.escaped(commitment.text)}"),
        blocks.select(NEW_OWNER, "New owner", options, hint="They get a message about it."),
    ]
    return _modal(HAND, f"Hand over #{commitment.number}", parts, "Hand it over", carried)


def read_form(view: Json) -> Filled:
    """What stands in any of these forms; a field that the form does not have is empty."""
    carried = Carried(**json.loads(view["private_metadata"]))
    due_on = blocks.value_of(view, DUE)
    return Filled(
        carried=carried,
        text=(blocks.value_of(view, TEXT) or "").strip(),
        due_on=date.fromisoformat(due_on) if due_on else None,
        place=blocks.value_of(view, PLACE) or carried.place,
        audience=blocks.value_of(view, AUDIENCE) or "facilitators",
        why=(blocks.value_of(view, WHY) or "").strip(),
        new_owner=int(blocks.value_of(view, NEW_OWNER) or 0),
    )


def act_buttons(commitment: Commitment, stands_on: str) -> Json:
    """Mark done, move, drop: what one does with an open commitment in a list."""
    return blocks.actions(*_done_and_move(commitment, stands_on), _about("Drop", DROP_IT, commitment.number, stands_on))


def nudge_buttons(commitment: Commitment, stands_on: str, *, first: bool) -> Json:
    """Mark done, move, at risk: what one answers to a reminder."""
    elements = _done_and_move(commitment, stands_on, first=first)
    if commitment.state != "at_risk":
        elements.append(_about("At risk", AT_RISK, commitment.number, stands_on))
    return blocks.actions(*elements)


def undo_button(number: int, event_id: int, stands_on: str) -> Json:
    return buttons.button("Undo", UNDO, press_value(Press(number, stands_on, event_id)))


def change_button(number: int, stands_on: str) -> Json:
    return buttons.button("Change", CHANGE, press_value(Press(number, stands_on)))


def hand_button(number: int, stands_on: str) -> Json:
    return buttons.button("Hand over", HAND_OVER, press_value(Press(number, stands_on)))


def more_button(page: str) -> Json:
    return buttons.button("Show more", SHOW_MORE, page)


def _done_and_move(commitment: Commitment, stands_on: str, *, first: bool = False) -> list[Json]:
    done = _about("Mark done", MARK_DONE, commitment.number, stands_on)
    return [
        {**done, "style": "primary"} if first else done,
        _about("Move the date", MOVE_DATE, commitment.number, stands_on),
    ]


def _about(label: str, action_id: str, number: int, stands_on: str) -> Json:
    """A button that screen readers can tell from the same button of the next commitment."""
    button = buttons.button(label, action_id, press_value(Press(number, stands_on)))
    return {**button, "accessibility_label": f"{label}: #{number}"}


def _modal(callback_id: str, title: str, parts: Sequence[Json], submit: str, carried: Carried) -> Json:
    kept: dict[str, Any] = {name: value for name, value in vars(carried).items() if value}
    return blocks.modal(callback_id, title, parts, submit=submit, private_metadata=json.dumps(kept))


def _text(text: str) -> Json:
    return blocks.text_input(TEXT, "What will you get done?", value=text[: rules.MOST_KEPT], multiline=True)


def _due(day: date | None) -> Json:
    element: Json = {"type": "datepicker", "action_id": DUE}
    return blocks.field(DUE, "Due date", {**element, "initial_date": day.isoformat()} if day else element)


def _places(places: Sequence[Place]) -> list[Json]:
    options = [
        blocks.option(f"{place.city} · {place.cohort}" if place.city else place.cohort, place_value(place))
        for place in places[:99]
    ]
    everywhere = any(place.everywhere for place in places)
    return [*options, *([blocks.option("No cohort: the whole program", WHOLE_PROGRAM)] if everywhere else [])]


def _audience(chosen: str, *, has_city: bool) -> Json:
    offered = [one for one in AUDIENCES if has_city or one != "city"]
    options = [blocks.option(AUDIENCES[one], one) for one in offered]
    hint = "You and the facilitators always see it. The same people see it in lists and summaries."
    return blocks.select(AUDIENCE, "Who sees it", options, chosen=chosen, hint=hint)


def _why(label: str, hint: str, *, value: str = "", optional: bool = False) -> Json:
    return blocks.text_input(WHY, label, value=value[: rules.MOST_KEPT], hint=hint, multiline=True, optional=optional)
