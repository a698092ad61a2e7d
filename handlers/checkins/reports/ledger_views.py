"""The ledger of a round as facilitators read it: counts first, then each person's prompt, reminder and answer, 25 a page. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import calendar
from handlers.blocks import actions, context, escaped, message_address, modal, section
from handlers.buttons import button
from handlers.checkins.reports import ledger_rules
from handlers.checkins.reports.ledger_rules import FAILED, NEEDS_A_LOOK, NOT_SENT, PLANNED, SENT, WAITS, Fate
from handlers.types import Json
from storage.ledger import Book, Entry, Letter

DELIVERIES, TURN = "checkin_deliveries", "checkin_deliveries_turn"
SHOWN = "checkin_deliveries_shown"
PAGE = 25
ALL, SOME = "all", "some"
COUNTED = {
    SENT: "sent",
    WAITS: "waiting or held",
    FAILED: "not delivered",
    NOT_SENT: "not sent",
    PLANNED: "still to come",
}


@dataclass(frozen=True)
class Row:
    """One person of the round with what became of both messages."""

    entry: Entry
    prompt: Fate
    reminder: Fate

    @property
    def needs_a_look(self) -> bool:
        return bool(NEEDS_A_LOOK & {self.prompt.kind, self.reminder.kind})


@dataclass(frozen=True)
class Place:
    """Which page of which rows is shown, where the reader is in Slack: links lead into that workspace."""

    which: str = ALL
    page: int = 0
    team_id: str = ""
    domain: str = ""


def deliveries_button(round_id: int) -> Json:
    """Opens the ledger of a round; only facilitators are shown it."""
    return button("Deliveries", DELIVERIES, str(round_id))


def read_place(value: str) -> tuple[int, str, int]:
    """(round, which rows, page) out of what a button carries: `5`, or `5:some:2`."""
    round_id, *rest = value.split(":")
    which, page = rest if len(rest) == 2 else (ALL, "0")
    return int(round_id), which, int(page)


def rows(entries: Sequence[Entry], together: Mapping[int, list[str]], now: datetime) -> list[Row]:
    """What became of everybody's messages."""

    def keys(letter: Letter | None) -> list[str]:
        return together.get(letter.delivery_id, []) if letter else []

    return [
        Row(
            one,
            ledger_rules.prompt_of(one, keys(one.prompt), now),
            ledger_rules.reminder_of(one, keys(one.reminder), now),
        )
        for one in entries
    ]


def ledger(book: Book, found: Sequence[Row], place: Place, now: datetime) -> Json:
    """The window: counts, then one page of people."""
    shown = [row for row in found if place.which == ALL or row.needs_a_look]
    pages = max(1, -(-len(shown) // PAGE))
    page = min(max(place.page, 0), pages - 1)
    body = [section(f"*{_title(book, now)}*\n{_counts(found)}"), actions(_filter(book, place, found))]
    if not shown:
        body.append(section(_nothing(found)))
    body += [section(_row(row, place, now)) for row in shown[page * PAGE : (page + 1) * PAGE]]
    turns = [("Earlier", page - 1)] if page > 0 else []
    turns += [("Show more", page + 1)] if page < pages - 1 else []
    if turns:
        # Two buttons of one block need two action_ids.
        buttons = [button(label, f"{TURN}_{to}", f"{book.round.id}:{place.which}:{to}") for label, to in turns]
        body += [context(f"Page {page + 1} of {pages}"), actions(*buttons)]
    body.append(
        context("Times are each person's own. A message opens only for whoever it went to: you can send them its link.")
    )
    return modal(SHOWN, "Deliveries", body)


def _title(book: Book, now: datetime) -> str:
    day = calendar.spoken_date(book.round.nominal_on, calendar.today(book.zone, now))
    return escaped(f"{book.cohort.name} · {book.check_in.name}, {day}")


def _counts(found: Sequence[Row]) -> str:
    answered = {row.entry.prompt_id for row in found if row.entry.answered_at}
    passed = {row.entry.prompt_id for row in found if row.entry.declined_at} - answered
    lines = [f"Prompts: {_kinds([row.prompt for row in found])}."]
    reminders = [row.reminder for row in found if row.reminder.kind]
    if reminders:
        lines.append(f"Reminders: {_kinds(reminders)}.")
    passes = f"; {len(passed)} passed" if passed else ""
    return "\n".join([*lines, f"Answers: {len(answered)}{passes}."])


def _kinds(fates: Sequence[Fate]) -> str:
    count = Counter(one.kind for one in fates)
    return ", ".join(f"{count[kind]} {words}" for kind, words in COUNTED.items() if count[kind]) or "none"


def _filter(book: Book, place: Place, found: Sequence[Row]) -> Json:
    if place.which == SOME:
        return button("Show everybody", f"{TURN}_all", f"{book.round.id}:{ALL}:0")
    count = sum(row.needs_a_look for row in found)
    return button(f"Only what failed or waits ({count})", f"{TURN}_some", f"{book.round.id}:{SOME}:0")


def _nothing(found: Sequence[Row]) -> str:
    if not found:
        return "Nobody was to be asked in this round: no seat of the cohort had anybody on it then."
    return "Nothing failed, and nothing waits."


def _row(row: Row, place: Place, now: datetime) -> str:
    entry = row.entry
    city = f"{entry.city}, {entry.state}" if entry.state else entry.city
    lines = [f"*{escaped(city)}* · {escaped(entry.name)}", f"Prompt: {_fate(row.prompt, place)}"]
    if row.reminder.kind:
        lines.append(f"Reminder: {_fate(row.reminder, place)}")
    reaction = ledger_rules.reaction_of(entry, now)
    return "\n".join([*lines, *([escaped(reaction)] if reaction else [])])


def _fate(fate: Fate, place: Place) -> str:
    """With the way to the message, where that is known: in the workspace of the reader."""
    words = f"{fate.words[:1].lower()}{fate.words[1:]}"
    letter = fate.letter
    if letter is None or not (letter.conversation and letter.ts):
        return words
    if letter.team_id != place.team_id:
        return f"{words} In *{escaped(letter.workspace)}*."
    if not place.domain:
        return words
    return f"{words} <{message_address(place.domain, letter.conversation, letter.ts)}|Its link>"
