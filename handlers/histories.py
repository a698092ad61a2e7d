"""A change of a commitment as a line of its history. Pure."""

from datetime import date

from handlers import blocks, calendar
from storage.models import CommitmentEvent

EDITED = {"text": "the text", "due_on": "the date", "audience": "who sees it"}


def line(event: CommitmentEvent, name: str | None, zone: str, today: date) -> str:
    """Oct 1 · Ana Diaz moved it from Friday to Monday: waiting for the council. Without a name it was the bot."""
    on = calendar.today(zone, event.at)
    year = "" if on.year == today.year else f", {on.year}"
    who = blocks.escaped(name or "Civic Cohort")
    why = f": {blocks.escaped(event.why)}" if event.why else ""
    return f"• {on:%b} {on.day}{year} · {who} {_did(event, today)}{why}"


def _did(event: CommitmentEvent, today: date) -> str:
    days = {side: _day(getattr(event, side), today) for side in ("before", "after")}
    if event.kind == "edited":
        changed = [words for name, words in EDITED.items() if name in event.after]
        return f"changed {' and '.join(changed)}"
    return {
        "recorded": f"recorded it, due {days['after']}",
        "done": "marked it done",
        "at_risk": "said it is at risk",
        "on_track": "said it is on track",
        "moved": f"moved it from {days['before']} to {days['after']}",
        "dropped": "dropped it",
        "handed": "handed it over",
        "undone": "took the last change back",
        "let_go": "noted that it needs an owner",
        "taken_up": "noted that its owner has it again",
    }.get(event.kind, "changed it")


def _day(values: dict[str, object], today: date) -> str:
    day = values.get("due_on")
    return calendar.spoken_date(date.fromisoformat(str(day)), today) if day else "another day"
