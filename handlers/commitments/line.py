"""Reads what stands after the command: a commitment with its date, or a word that asks for a list or changes something. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from handlers import dates

LISTS = ("mine", "city", "cohort", "overdue")
CHANGES = ("done", "move", "drop", "hand", "show")
WORDS = (*LISTS, "help", *CHANGES)
NAMED = ("city", "cohort")
ALIKE = 0.75
NUMBER = r"#?(?P<number>[0-9]{1,9})"


@dataclass(frozen=True)
class Line:
    """What was understood. `verb` is one of WORDS, or `record`; `meant` is the word it was taken for when it was misspelt.

    `record` has the text and, when one could be read, the day after the last `by`. `guessed` is a day that the text ends with but
    that no `by` introduces. `unread` is what stood after the last `by` and is no date. For the changes, `rest` is what followed the number.
    """

    verb: str
    text: str = ""
    due_on: date | None = None
    guessed: date | None = None
    unread: str = ""
    number: int = 0
    rest: str = ""
    name: str = ""
    meant: bool = False


def read(text: str, today: date, names: Collection[str] = ()) -> Line:
    """The line as the rules read it; `names` are the cohorts and cities that the speaker may name after `cohort` and `city`.

    A word of the command counts only where it can be nothing else: "move the bus stop by Friday" is a commitment.
    """
    text = re.sub(r"\s+", " ", text).strip()
    words = text.strip(" .!?").lower().split(" ")
    return _change(text, today) or _list(words, text, names) or _misspelt(words, text) or _commitment(text, today)


def asks_for_help(text: str) -> bool:
    """Whether nothing but the help is wanted."""
    return text.strip(" .!?").lower() == "help"


def _change(text: str, today: date) -> Line | None:
    """`done 128`, `move #128 to Friday`, `drop 128 the budget was cut`."""
    match = re.fullmatch(
        rf"(?P<verb>{'|'.join(CHANGES)}) {NUMBER}(?:[.,:!]|(?=\s|$))\s*(?P<rest>.*)", text, re.IGNORECASE
    )
    if match is None:
        return None
    verb, rest = match["verb"].lower(), match["rest"].strip()
    if verb == "move":
        rest = re.sub(r"^to ", "", rest, flags=re.IGNORECASE)
    # "Done 3 interviews by Friday" promises interviews and closes nothing; "move 128 by Friday" moves.
    if _commitment(text, today).due_on and dates.read(rest, today) is None:
        return None
    return Line(verb, number=int(match["number"]), rest=rest)


def _list(words: list[str], text: str, names: Collection[str]) -> Line | None:
    if len(words) == 1 and words[0] in (*LISTS, "help"):
        return Line(words[0])
    if words[0] in NAMED:
        named = text.split(" ", 1)[1].strip(" .!?").lower()
        found = next((name for name in names if name.lower() == named), None)
        found = found or _only([name for name in names if named in name.lower()])
        return Line(words[0], name=found) if found and len(named) > 2 else None
    return None


def _misspelt(words: list[str], text: str) -> Line | None:
    """One unknown word, or one before nothing but a number, that is nearly one of ours; `done` alone shows what there is."""
    if len(words) == 1 and words[0] in CHANGES:
        return Line("mine", text=text, meant=True)
    number = re.fullmatch(NUMBER, words[1]) if len(words) == 2 else None
    known = CHANGES if number else (*LISTS, "help")
    near = get_close_matches(words[0], known, n=1, cutoff=ALIKE)
    if not near or (len(words) > 1 and number is None):
        return None
    return Line(near[0], text=text, number=int(number["number"]) if number else 0, meant=True)


def _commitment(text: str, today: date) -> Line:
    """The last ` by ` that reads as a date wins: "stand by me by Friday"."""
    whole = dates.read(text, today)
    if whole:
        return Line("record", guessed=whole)
    places = [match for match in re.finditer(r"\bby\b", text, re.IGNORECASE) if match.start()]
    for match in reversed(places):
        day = dates.read(text[match.end() :], today)
        if day:
            return Line("record", text=text[: match.start()].rstrip(" ,;:-–—"), due_on=day)
    unread = text[places[-1].end() :].strip() if places else ""
    return Line("record", text=text, guessed=_ending(text, today), unread=unread)


def _ending(text: str, today: date) -> date | None:
    """The day that the longest ending of up to five words names."""
    words = text.split(" ")
    starts = range(max(1, len(words) - 5), len(words))
    days = (dates.read(" ".join(words[start:]), today) for start in starts)
    return next((day for day in days if day), None)


def _only(found: list[str]) -> str | None:
    return found[0] if len(found) == 1 else None
