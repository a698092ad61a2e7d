"""From text to what is looked up: folded words, their stems, and which words say nothing by themselves."""

import re
import unicodedata
from collections.abc import Callable

Stem = Callable[[str], str]

# What people say around a question; "city" is in every practice.
SILENT = frozenset(
    """
    a about above across after again against ago all almost already also although always am among an and any anybody anyone anything
    approach approaches are around as at away be became because been before being below best between both but by came can cannot cities
    city come comes could did do does doing done down during each either else ever every everyone example examples few find for from
    further gave get gets getting give go goes going good got great had has have having he hello help helped helping her here hers hey
    hi him his how however i if in initiative initiatives instead into is it its itself just keep kind know known knows learn learned
    let lets like look looked looking looks lot lots made make makes making many may maybe me might more most much municipal
    municipality must my need needs neither never new no nobody nor not nothing now of off often ok on once one ones only onto or other
    others our ours out over own people perhaps playbook please possible practice practices put question quite rather really said same
    saw say says see seem seems seen shall she should show since so some somebody someone something somewhere soon still such sure take
    taken takes tell template templates than thank thanks that the their theirs them then there these they thing things think this those
    though through thus to together too toward towards town towns tried try trying under until up upon us use used uses using very via
    want wants was way ways we well went were what whatever when where whether which while who whom whose why will wish with within
    without wonder wondering would yes yet you your yours
    """.split()  # noqa: SIM905 (a paragraph reads better than two hundred quotes)
)

# "parks" asks about parks, not about parking.
NOT_STEMMED = frozenset({"building", "meeting", "parking", "utilization", "weatherization", "weatherize"})

_WORD = re.compile(r"[a-z0-9]+")
# Written in one or in two: "start-up" is not a start.
_JOINED = re.compile(r"\b(start|wi|re|non|e|pre|storm)[- ](ups?|fi|entry|profits?|mail|k|water)\b")
_POSSESSIVE = re.compile(r"['’]s\b")


def fold(text: str) -> str:
    """Lower case without accents: `San José` and `san jose` are one."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


def split(text: str) -> list[str]:
    """The folded words of a text in their order, silent ones included; `tenant's` is `tenant`, `M/WBE` is `m wbe`."""
    joined = _JOINED.sub(r"\1\2", _POSSESSIVE.sub("", fold(text)))
    return _WORD.findall(joined.replace("'", "").replace("’", ""))


def speaking(words: list[str]) -> list[str]:
    """The words that say something."""
    return [word for word in words if word not in SILENT]


def stemmer() -> Stem:
    """A stemmer with a memory of its own: the one of PyStemmer must not be shared between threads."""
    import Stemmer  # noqa: PLC0415 (not needed to start the bot)

    snowball = Stemmer.Stemmer("english")
    memory: dict[str, str] = {}

    def stem(word: str) -> str:
        if word not in memory:
            memory[word] = word if word in NOT_STEMMED else snowball.stemWord(word)
        return memory[word]

    return stem
