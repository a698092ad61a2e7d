"""What became of a prompt and of a reminder: planned, waiting, held, sent, failed, and why, in words. Pure."""

from dataclasses import dataclass
from datetime import datetime

from handlers import calendar, undelivered
from handlers.checkins.wording import NOT_ASKED
from storage.ledger import Entry, Letter

SENT, WAITS, FAILED, NOT_SENT, PLANNED, NOTHING = "sent", "waits", "failed", "not sent", "planned", ""
NEEDS_A_LOOK = frozenset({WAITS, FAILED})
HELD = {
    "night": "it is outside their working hours",
    "day_off": "it is no working day there",
    "ceiling": "they had as many messages from me as one gets in a day",
    "away": "they are away",
}
CARRIES = {
    "prompt": "another check-in",
    "reminder": "a reminder",
    "nudge": "their commitments",
    "digest": "the digest",
    "summary": "a summary",
}
# How a delivery ends without a message, and without anything that failed.
ENDED = {
    "expired": "it could only have gone when it was too late to be of use",
    "away": "they were away",
    "withdrawn": "it was not needed any more",
    "superseded": "a newer message took its place",
    "merged": "another message carries it",
}


@dataclass(frozen=True)
class Fate:
    """What became of a message. `words` are a sentence; `letter` is the message that stands in Slack, when it does."""

    kind: str
    words: str
    letter: Letter | None = None


def why_not_asked(skipped: str | None, outcome: str | None, *, owed: bool) -> str | None:
    """Why somebody was not asked, as a part of a sentence; None when they were, or when their turn is still to come."""
    if skipped and skipped != "answered":
        return NOT_ASKED.get(skipped, skipped)
    if not owed or outcome in (None, "sent"):
        return None
    return ENDED.get(outcome, "the message did not arrive")


def prompt_of(entry: Entry, together: list[str], now: datetime) -> Fate:
    """What became of somebody's prompt; `together` are the keys of all that its message carries."""
    if entry.prompt is not None:
        return _fate(entry, entry.prompt, together, now)
    if entry.skipped == "answered":
        return Fate(NOT_SENT, "Not asked: it was answered before their turn.")
    if entry.skipped == "not_in_slack":
        return Fate(
            FAILED, "Not delivered: I cannot reach them in Slack yet. Invite them with the address of the roster."
        )
    if entry.skipped:
        return Fate(NOT_SENT, f"Not asked: {NOT_ASKED.get(entry.skipped, entry.skipped)}.")
    if entry.asked_at is not None:
        return Fate(SENT, f"Asked {_moment(entry.asked_at, entry, now)}.")
    return Fate(PLANNED, f"To be asked {_moment(entry.due_at, entry, now)}.")


def reminder_of(entry: Entry, together: list[str], now: datetime) -> Fate:
    """What became of somebody's reminder; NOTHING where none was, or will be, due."""
    if entry.reminder is not None:
        return _fate(entry, entry.reminder, together, now)
    # Whom the prompt did not reach is not reminded.
    reached = entry.prompt is None or entry.prompt.outcome in (None, "sent")
    if entry.remind_at is not None and entry.asked_at is not None and reached:
        return Fate(PLANNED, f"To be reminded {_moment(entry.remind_at, entry, now)}.")
    return Fate(NOTHING, "")


def reaction_of(entry: Entry, now: datetime) -> str:
    """What they did: answered, and when, or passed; empty when nothing yet."""
    if entry.answered_at is not None:
        late = ", late" if entry.late else ""
        by = f"{entry.answered_by} answered for the city" if _somebody_else(entry) else "Answered"
        return f"{by} {_moment(entry.answered_at, entry, now)}{late}."
    if entry.declined_at is not None:
        return f"Passed {_moment(entry.declined_at, entry, now)}."
    return ""


def _fate(entry: Entry, letter: Letter, together: list[str], now: datetime) -> Fate:
    if letter.settled_at is None:
        return Fate(WAITS, _waiting(entry, letter, now))
    at = _moment(letter.settled_at, entry, now)
    if letter.outcome == "sent":
        return Fate(SENT, f"{_carried(letter, together)} {at}.", letter)
    if letter.outcome in ENDED:
        return Fate(NOT_SENT, f"Not sent: {ENDED[letter.outcome]}.")
    return Fate(FAILED, f"Not delivered {at}. {undelivered.what_to_do(letter.outcome, directly=True)}")


def _waiting(entry: Entry, letter: Letter, now: datetime) -> str:
    when = _moment(letter.due_at, entry, now)
    if letter.held_because:
        return f"Held until {when}: {HELD.get(letter.held_because, letter.held_because)}."
    if letter.tries:
        times = "once" if letter.tries == 1 else f"{letter.tries} times"
        return f"Tried {times}, and not through yet. I keep trying, next {when}."
    return f"Waits to be sent {when}." if letter.due_at > now else "Waits to be sent, which is a matter of minutes."


def _carried(letter: Letter, together: list[str]) -> str:
    """Sent alone, with what else its message carries (each kind once), or merged into the message of what was more urgent."""
    kinds = [CARRIES.get(key.partition(":")[0], "another message") for key in together if key != letter.key]
    if not kinds:
        return "Sent"
    if together[0] != letter.key:
        return f"Merged into the message with {kinds[0]}, sent"
    return f"Sent in one message with {' and '.join(dict.fromkeys(kinds))}"


def _somebody_else(entry: Entry) -> bool:
    return entry.answered_by_id is not None and entry.answered_by_id != entry.member_id


def _moment(moment: datetime, entry: Entry, now: datetime) -> str:
    """In the person's own zone, by which they are written to."""
    return calendar.spoken_moment(moment, entry.zone, now)
