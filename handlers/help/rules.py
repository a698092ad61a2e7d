"""What a mention or a direct message is about. Pure."""

import html
import re
from dataclasses import dataclass

from handlers.types import Json

# People's messages only: Slack repeats a message under another subtype when it is edited, deleted or unfurled.
SUBTYPES = (None, "file_share", "thread_broadcast")
SHORT = 6
_LINK = re.compile(r"<(?:https?://|mailto:)[^|>]*\|([^>]*)>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^>]*)>")
_OTHER = re.compile(r"<[@!#][^>]*>")
_BARE = re.compile(r"<(https?://[^>]*)>")
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|hiya|howdy|hola|aloha|good (?:morning|afternoon|evening))(?: there| all| bot)?[\s,.!:–-]*)+",
    re.I,
)
_HELP = re.compile(
    r"(?:help(?: me)?|what (?:can|do) you do|how (?:does this|do you) work|who are you|menu|start|commands)\W*", re.I
)
_THANKS = re.compile(
    r"(?:thanks?(?: you)?|many thanks|thx|ok(?:ay)?|great|got it|perfect|cool|will do)(?: (?:so much|a lot|you|all|again|that helps))*\W*",
    re.I,
)
_STOP = re.compile(
    r"(?:please )?(?:stop|unsubscribe|opt[ -]?out|mute|pause|leave me alone)"
    r"(?: (?:it|this|all|me|writing|messaging|sending|asking|reminding|messages?|reminders?))*\W*",
    re.I,
)
_COMMIT = re.compile(
    r"(?:please )?(?:remind me|/?commit\b|my commitments?\b|i(?:['’]ll| will| promise| commit|['’]m going to| am going to)\b)",
    re.I,
)
_CHECK_IN = re.compile(r"(?:when is |what is |show |open )?(?:the |my |our )?(?:next )?/?check-? ?ins?\W*", re.I)
_COHORT = re.compile(
    r"/?cohorts?\W*$|(?:show |list )?(?:me )?my cohorts?\b|who(?:['’]s| is| are) (?:else )?(?:in|on) (?:my|our|the) (?:cohort|team|seat)",
    re.I,
)
_SEARCH = re.compile(r"/?practices?\b(?: (?:on|about|for))?:?\s*", re.I)
_ASKS = re.compile(
    r"(?:who|whom|whose|what|which|where|when|why|how|has|have|had|is|are|was|were|does|do|did|can|could|should|would|will|any|anyone|anybody"
    r"|examples?|ideas?|find|show|search|list|tell|give|looking|need|want|we|our|us|residents|cities|city|they|people|staff)\b",
    re.I,
)
_PERSONAL = re.compile(r"\b(?:i|i['’]m|me|my|you|your|it|this|that|see|let['’]?s)\b", re.I)


@dataclass(frozen=True)
class Heard:
    """A message to the bot: who wrote what and where; `thread_ts` is where the answer belongs, None for a plain direct message."""

    user: str
    channel: str
    ts: str
    thread_ts: str | None
    text: str


def heard(event: Json) -> Heard | None:
    """A person's message to the bot, or None for what is not for it: bots, edits, and messages in channels that mention nobody."""
    mention, direct = event.get("type") == "app_mention", event.get("channel_type") == "im"
    if not (mention or direct) or event.get("subtype") not in SUBTYPES or event.get("bot_id") or not event.get("user"):
        return None
    thread = event.get("thread_ts") or (None if direct else event["ts"])
    return Heard(event["user"], event["channel"], event["ts"], thread, plain(event.get("text") or ""))


def plain(text: str) -> str:
    """What a person typed, without Slack's markup: mentions are left out, links and channels are read by their labels."""
    text = _OTHER.sub(" ", _BARE.sub(r"\1", _CHANNEL.sub(r"\1", _LINK.sub(r"\1", text))))
    return " ".join(html.unescape(text).split())


def about(text: str) -> tuple[str, str]:
    """What a message is about (help, thanks, stop, commit, checkin, cohort, question or words), and the words of it that count."""
    greeting = _GREETING.match(text)
    if greeting and (greeting.end() == len(text) or not text[greeting.end() - 1].isalnum()):
        text = text[greeting.end() :]
    if not any(letter.isalnum() for letter in text) or _HELP.fullmatch(text):
        return "help", ""
    if _THANKS.fullmatch(text):
        return "thanks", text
    if _STOP.fullmatch(text):
        return "stop", text
    for kind, pattern, whole in (("commit", _COMMIT, False), ("checkin", _CHECK_IN, True), ("cohort", _COHORT, False)):
        if pattern.fullmatch(text) if whole else pattern.match(text):
            return kind, text
    search = _SEARCH.match(text)
    if search and search.end() < len(text):
        return "question", text[search.end() :]
    return ("question" if _is_question(text) else "words"), text


def _is_question(text: str) -> bool:
    """Whether somebody wants to know something: a question, a city's problem, or a few words that name a subject."""
    names_subject = len(text.split()) <= SHORT and not _PERSONAL.search(text)
    return text.rstrip(" .!").endswith("?") or bool(_ASKS.match(text)) or names_subject
