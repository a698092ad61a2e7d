"""The words of `/cohort`: which there are, how a line is read, and what Bolt asks to find the feature of a word. Pure.

Several features answer this one command. Bolt takes the first listener whose matchers fit, so each hooks its own words
(`app.command(settings.command_cohort, matchers=[words.first("away")])`); `cohorts` is hooked after them and answers all others.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from handlers.types import Json

# What only facilitators do; `new` counts only alone, "new York" may be a city.
FORMS = ("new", "edit", "add", "remove", "handover")
COMMANDS = ("list", "show", "who", "help", "away", "back", "days", "import", "export", "link", *FORMS)
# A typo is taken for one of these: "Edith" is no "edit", and what changes something at once is not read out of a typo.
GUESSED = ("list", "show", "who", "help", "away", "import", "export", "remove", "handover")
ALSO = {"find": "who", "search": "who", "people": "who", "cohorts": "list", "all": "list", "?": "help"}
ALSO |= {"workspace": "link", "workspaces": "link"}
ALSO |= {"absent": "away", "calendar": "days", "holidays": "days", "upload": "import", "download": "export"}


@dataclass(frozen=True)
class Asked:
    """What a command asks for: mine, one of COMMANDS, or anything (no word that is known). `read_as` corrects a typo."""

    kind: str
    words: str = ""
    read_as: tuple[str, str] | None = None


@lru_cache(maxsize=256)
def read(text: str) -> Asked:
    """What was typed after the command's name."""
    first, _, rest = text.strip().partition(" ")
    word, rest = first.casefold(), rest.strip()
    if not word:
        return Asked("mine")
    word = ALSO.get(word, word)
    if word in COMMANDS and not (word == "new" and rest):
        return Asked(word, rest)
    near = get_close_matches(word, GUESSED, n=1, cutoff=0.7)
    if near and len(word) > 2:
        return Asked(near[0], rest, (first, near[0]))
    return Asked("anything", text.strip())


def of(command: Json) -> Asked:
    """What a command that came from Slack asks for."""
    return read(command.get("text") or "")


def first(*kinds: str) -> Callable[[Json], Awaitable[bool]]:
    """A matcher for Bolt: whether the command asks for one of these."""

    async def fits(command: Json) -> bool:
        return of(command).kind in kinds

    return fits
