"""Buttons that one feature handles and others show: their action_ids and builders. Pure."""

from handlers.blocks import plain
from handlers.types import Json

ADOPT_PRACTICE = "practice_adopt"
READ_PRACTICE = "practice_read"
SHOW_COHORT = "cohort_show"
# What facilitators are offered at a cohort; each opens the form of a word of the command.
CHANGES = {"edit": "Edit cohort", "add": "Add a person", "handover": "Hand a seat over", "remove": "End a place"}


def button(
    label: str, action_id: str, value: str = "-", *, style: str | None = None, confirm: Json | None = None
) -> Json:
    """A verb with its object. `style` is primary (one in a message) or danger; `confirm` comes from `sure`."""
    element: Json = {"type": "button", "text": plain(label), "action_id": action_id, "value": value}
    extra = {"style": style, "confirm": confirm}
    return element | {key: thing for key, thing in extra.items() if thing}


def link(label: str, action_id: str, url: str) -> Json:
    """A button that opens a page."""
    return {"type": "button", "text": plain(label), "action_id": action_id, "url": url}


def sure(title: str, text: str, yes: str, no: str = "Keep it") -> Json:
    """The question before what cannot be undone: it says what will happen."""
    return {"title": plain(title, 100), "text": plain(text, 300), "confirm": plain(yes, 30), "deny": plain(no, 30)}


def adopt_practice(practice_id: int) -> Json:
    """Opens the commitment form with the practice linked; handled by the commitments."""
    return button("Adopt", ADOPT_PRACTICE, str(practice_id))


def read_practice(practice_id: int, number: int | None = None) -> Json:
    """Opens a practice in full; handled by the practices. With its number it may stand in a row with others of its kind."""
    if number is None:
        return button("Read", READ_PRACTICE, str(practice_id))
    return button(f"Read {number}", f"{READ_PRACTICE}_{number}", str(practice_id))


def show_cohort(cohort_id: int, label: str = "Show cohort", *, everything: bool = False) -> Json:
    """Opens a cohort in full, on request with all of its cities; handled by the cohorts."""
    return button(label, SHOW_COHORT, f"{cohort_id}:all" if everything else str(cohort_id))


def new_cohort() -> Json:
    """Opens the form of a new cohort; handled by the cohorts."""
    return button("New cohort", "cohort_new")


def change_cohort(word: str, cohort_id: int, *, style: str | None = None) -> Json:
    """One of CHANGES; `edit` is handled by the cohorts, what concerns people by the seats."""
    return button(CHANGES[word], f"cohort_{word}", str(cohort_id), style=style)
