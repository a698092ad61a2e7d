"""Reads what was typed after `/practices`, and decides how a practice is told of. Pure."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from storage.models import Practice

SHOWN = 5
# People ask about these services; they do not ask for a practice of that number.
SERVICE_NUMBERS = frozenset({"211", "311", "411", "511", "811", "911", "988"})
ALONE = ("help", "gaps", "new", "review")
_SHOW = re.compile(r"(?:([^\W\d]+)\s+)?#?(\d{1,6})", re.IGNORECASE)
_WITHOUT_FIGURE = re.compile(r"\bnot in the source|\bresult reported in the source", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """`kind` is topics, help, gaps, new, review, show or search; `read_as` is the command word that a misspelled one was taken for."""

    kind: str
    words: str = ""
    number: int = 0
    read_as: str | None = None


def read(text: str) -> Asked:
    """What a person asked for. Anything that is no command is a question to the library."""
    typed = " ".join(text.split())
    if not typed:
        return Asked("topics")
    if typed.casefold() in ALONE:
        return Asked(typed.casefold())
    return _number(typed) or Asked("search", words=typed)


def outcome(practice: Practice) -> str:
    """What came of it, and honestly so: "figures not in the source" and an outcome without any figure are said in plain words."""
    text = practice.outcome.strip()
    clauses = [clause.strip() for clause in text.rstrip(".").split(";")]
    known = [clause for clause in clauses if not _WITHOUT_FIGURE.search(clause)]
    if len(known) < len(clauses):
        return f"{'; '.join(known)}. No published figure was found." if known else "No published result was found."
    return text if any(letter.isdigit() for letter in text) else f"{text} (No figure is given.)"


def spoken(topic: str) -> str:
    """A topic as people write it."""
    return {"rct": "randomized trials", "ems": "EMS"}.get(topic, topic.replace("-", " "))


def _number(typed: str) -> Asked | None:
    """`show 12`, `#12`, `12` and `shwo 12` ask for a practice; `311` asks about a service."""
    found = _SHOW.fullmatch(typed)
    if found is None:
        return None
    word, number = found.groups()
    if word is None:
        return None if typed in SERVICE_NUMBERS else Asked("show", number=int(number))
    if word.casefold() in ("show", "read"):
        return Asked("show", number=int(number))
    near = get_close_matches(word.casefold(), ["show"], cutoff=0.7)
    return Asked("show", number=int(number), read_as="show") if near else None
