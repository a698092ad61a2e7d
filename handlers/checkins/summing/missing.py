"""Who did not answer a round, and why: for facilitators alone. Pure."""

from collections.abc import Sequence

from handlers.blocks import escaped
from handlers.checkins.wording import is_away, listed, why_not_asked
from storage.rounds import Standing

LINE = 1500  # characters of names


def lines(people: Sequence[Standing]) -> list[str]:
    """Names: who is still welcome to answer, who passed, and who was not asked and why."""
    missing = [person for person in people if not person.answered]
    declined = [person for person in missing if person.declined]
    away = [person for person in missing if is_away(person)]
    not_asked = [person for person in missing if person not in (*declined, *away) and why_not_asked(person)]
    welcome = [person for person in missing if person not in (*declined, *away, *not_asked)]
    found = _named("Still welcome to answer", welcome) + _named("Passed this time", declined) + _named("Away", away)
    for why in dict.fromkeys(why_not_asked(person) for person in not_asked):
        found += _named(f"Not asked because {why}", [one for one in not_asked if why_not_asked(one) == why])
    return found


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
