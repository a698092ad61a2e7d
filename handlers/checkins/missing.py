"""Who did not answer a round, and why: for facilitators alone. Pure."""

from collections.abc import Sequence

from handlers.blocks import escaped
from handlers.checkins.wording import is_away, listed
from storage.rounds import Standing

LINE = 1500  # characters of names
NOT_ASKED = {
    "not_in_slack": "I cannot reach them in Slack yet",
    "late": "I was not running when it was their turn",
    "left": "they are no longer on the seat",
    "ended": "the next round came first",
}


def lines(people: Sequence[Standing]) -> list[str]:
    """Names: who is still welcome to answer, who passed, and who was not asked and why."""
    missing = [person for person in people if not person.answered]
    declined = [person for person in missing if person.declined]
    away = [person for person in missing if is_away(person)]
    not_asked = [person for person in missing if person not in (*declined, *away) and _not_asked(person)]
    welcome = [person for person in missing if person not in (*declined, *away, *not_asked)]
    found = _named("Still welcome to answer", welcome) + _named("Passed this time", declined) + _named("Away", away)
    for why in dict.fromkeys(_not_asked(person) for person in not_asked):
        found += _named(f"Not asked because {why}", [one for one in not_asked if _not_asked(one) == why])
    return found


def _not_asked(person: Standing) -> str | None:
    if person.skipped:
        return NOT_ASKED.get(person.skipped, person.skipped)
    if person.asked and person.outcome == "expired":
        return "the message would have come too late"
    if person.asked and person.outcome not in (None, "sent", "merged"):
        return "Slack did not take the message"
    return None


def _named(start: str, people: Sequence[Standing]) -> list[str]:
    """Sentences of names, each short enough for a block."""
    parts: list[list[str]] = []
    length = LINE
    for name in (f"{escaped(person.name)} ({escaped(person.city)})" for person in people):
        if length + len(name) > LINE:
            parts.append([])
            length = 0
        parts[-1].append(name)
        length += len(name)
    return [f"{start}: {listed(part)}." for part in parts]
