"""What always holds, each told as the sentence that names what broke it. Pure: a look at facts, with what was seen before."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.simulation import world as worlds
from tests.simulation.facts import Asked, Facts, Line, Message, Opened, asking_id
from tests.simulation.world import Group, Someone, World

CEILING = 2
RESTING, STRIKES = "resting", 3
ONE_DAY, A_WEEK = timedelta(days=1), timedelta(weeks=1)
LONGEST_WAIT = timedelta(days=7)
"""After its nominal date a round is opened within so many days, over the longest weekend with a holiday on both sides."""

FORGOTTEN_AFTER = timedelta(minutes=2)
"""Slack may ask the bot to wait some seconds; what is due for longer was forgotten."""

SETTLED_WELL = ("sent", "withdrawn", "expired", "away", "superseded", "merged")


@dataclass
class Truth:
    """What happened, noted when it did: which prompts were answered or passed on, who is away from when until when, and when no bot ran."""

    answered: dict[int, datetime] = field(default_factory=dict)
    away: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))
    stops: list[tuple[datetime, datetime]] = field(default_factory=list)

    def is_away(self, user_id: str, at: datetime) -> bool:
        return any(since <= at < until for since, until in self.away[user_id])


@dataclass
class Book:
    """What was seen so far: messages by key, by the prompt of a person's round, and how many unasked ones on each local day."""

    by_key: dict[str, Message] = field(default_factory=dict)
    asked: dict[tuple[str, int], str] = field(default_factory=dict)
    unasked: Counter[tuple[str, date]] = field(default_factory=Counter)


@dataclass
class Look:
    """A look at facts, some or all, at a moment."""

    world: World
    truth: Truth
    book: Book
    facts: Facts
    now: datetime

    def __post_init__(self) -> None:
        self.lines = {line.key: line for line in self.facts.lines}
        self.paid: dict[int, list[Line]] = defaultdict(list)
        for line in self.facts.lines:
            self.paid[line.delivery_id].append(line)
        self.askings = {asked.id: asked for asked in self.facts.askings}

    def reasons(self, message: Message) -> list[Line]:
        """What the ledger knows of a message: several lines when several reasons were merged into it."""
        line = self.lines.get(message.key)
        return self.paid[line.delivery_id] if line else []

    def unasked(self, message: Message) -> list[Line]:
        """Why somebody was written to of the bot's own accord; nothing when they asked for it, or for a channel."""
        reasons = self.reasons(message)
        return reasons if message.to in self.world.people and all(one.own_accord for one in reasons) else []

    def places(self, message: Message) -> Iterator[tuple[str, Asked]]:
        """The kind (prompt or reminder) and the place in a round that a message asks about."""
        for line in self.reasons(message):
            number = asking_id(line.key)
            if number in self.askings:
                yield line.key.partition(":")[0], self.askings[number]


def broken(look: Look) -> list[str]:
    """Every sentence about what does not hold; the book is written on."""
    return [f"{name}: {fault}" for name, invariant in INVARIANTS.items() for fault in invariant(look)]


def once(look: Look) -> Iterator[str]:
    for message in look.facts.messages:
        before = look.book.by_key.setdefault(message.key, message)
        if before is not message:
            yield f"{_said(look, message)} stands there already, posted {_moment(before.at)}"
        for kind, asked in look.places(message):
            key = look.book.asked.setdefault((f"{kind} {asked.user_id}", asked.prompt_id), message.key)
            if key != message.key:
                yield f"{_said(look, message)} asks about the same prompt as {key}"


def none_lost(look: Look) -> Iterator[str]:
    for line in look.facts.lines:
        if line.settled_at is None and look.now - line.due_at > FORGOTTEN_AFTER:
            yield f"{line.key} to {_name(look, line.to)} is owed since {_moment(line.due_at)} and was not sent"
        if line.settled_at and line.outcome not in SETTLED_WELL:
            yield f"{line.key} to {_name(look, line.to)} was given up: {line.outcome}"
        if (
            line.outcome == "expired"
            and line.settled_at
            and not (line.expires_at and line.expires_at < line.settled_at)
        ):
            yield f"{line.key} to {_name(look, line.to)} is called too late before it was"
    for asked in look.facts.askings:
        if asked.skipped is None and asked.asked_at is None and look.now - asked.due_at > FORGOTTEN_AFTER:
            yield f"{_place(look, asked)} is due since {_moment(asked.due_at)} and was not asked"
        if asked.skipped and not _is_reason(look.truth, asked):
            yield f"{_place(look, asked)} was not asked for no good reason: {asked.skipped}"


def nobody_forgotten(look: Look) -> Iterator[str]:
    """Only where all rounds are looked at: each date has its round, and each round everybody on a seat."""
    there = {(one.check_in, one.nominal_on): one for one in look.facts.rounds}
    places = {(one.round_id, one.user_id) for one in look.facts.askings}
    for group in look.world.groups:
        for day in group.pulse.dates((look.now - LONGEST_WAIT).date()):
            this = there.get((group.pulse.name, day))
            if this is None:
                yield f"{group.pulse.name} has no round of {day}"
            else:
                yield from _forgotten(group, day, this, places)


def rests(look: Look) -> Iterator[str]:
    """Only where all rounds are looked at: whom a check-in no longer asks was asked in vain before, three times at least."""
    in_vain: dict[tuple[str, str], list[date]] = defaultdict(list)
    for one in look.facts.askings:
        if one.asked_at and one.prompt_id not in look.truth.answered:
            in_vain[one.user_id, one.check_in].append(one.nominal_on)
    for asked in look.facts.askings:
        before = [day for day in in_vain[asked.user_id, asked.check_in] if day < asked.nominal_on]
        if asked.skipped == RESTING and len(before) < STRIKES:
            yield f"{_place(look, asked)} was left alone after {len(before)} rounds without an answer"


def working_hours(look: Look) -> Iterator[str]:
    for message in look.facts.messages:
        reasons = look.unasked(message)
        if reasons and not any(one.any_hour for one in reasons):
            person = look.world.people[message.to]
            if not worlds.is_working_hour(person, message.at):
                yield f"{_said(look, message)} came at {worlds.local(message.at, person.zone):%A %Y-%m-%d %H:%M} there"


def ceiling(look: Look) -> Iterator[str]:
    for message in look.facts.messages:
        if look.unasked(message):
            person = look.world.people[message.to]
            day = worlds.local(message.at, person.zone).date()
            look.book.unasked[person.user_id, day] += 1
            if (count := look.book.unasked[person.user_id, day]) > CEILING:
                yield f"{_said(look, message)} is number {count} of that day"


def not_after_answering(look: Look) -> Iterator[str]:
    for message in look.facts.messages:
        for _, asked in look.places(message):
            answered = look.truth.answered.get(asked.prompt_id)
            if answered and answered < message.at:
                yield f"{_said(look, message)} came although it was answered {_moment(answered)}"


def not_while_away(look: Look) -> Iterator[str]:
    for message in look.facts.messages:
        if look.unasked(message) and look.truth.is_away(message.to, message.at):
            yield f"{_said(look, message)} came while they were away"


def rounds_close(look: Look) -> Iterator[str]:
    for this in look.facts.rounds:
        name = f"{this.check_in} of {this.nominal_on}"
        if this.closed_at is None and look.now - this.closes_at > FORGOTTEN_AFTER:
            yield f"the round {name} should have closed {_moment(this.closes_at)}"
        if this.closes_at - this.opened_at > 4 * A_WEEK:
            yield f"the round {name} closes only {_moment(this.closes_at)}"


def ledger_agrees(look: Look) -> Iterator[str]:
    for message in look.facts.messages:
        line = look.lines.get(message.key)
        if line is None:
            yield f"{_said(look, message)} is not in the ledger"
        elif line.outcome != "sent" or (line.channel, line.ts) != (message.channel, message.ts):
            yield f"{_said(look, message)} stands in the ledger as {line.outcome or 'not sent'}, {line.channel} {line.ts}"
    for line in look.facts.lines:
        if line.outcome == "sent" and line.delivery_id in look.paid:
            keys = [one.key for one in look.paid[line.delivery_id]]
            there = next((look.book.by_key[key] for key in keys if key in look.book.by_key), None)
            if there is None or (there.channel, there.ts) != (line.channel, line.ts):
                yield f"{line.key} to {_name(look, line.to)} is sent, says the ledger, but does not stand in Slack"


INVARIANTS: dict[str, Callable[[Look], Iterator[str]]] = {
    "once": once,
    "none lost": none_lost,
    "working hours": working_hours,
    "ceiling": ceiling,
    "nobody after answering": not_after_answering,
    "nobody while away": not_while_away,
    "rounds close": rounds_close,
    "ledger and Slack": ledger_agrees,
}
IN_FULL = {"nobody forgotten": nobody_forgotten, "rests": rests}
"""What can be told only from everything together."""


def broken_in_full(look: Look) -> list[str]:
    """As `broken`, of everything there is."""
    return broken(look) + [f"{name}: {fault}" for name, invariant in IN_FULL.items() for fault in invariant(look)]


def _is_reason(truth: Truth, asked: Asked) -> bool:
    """Whether people did what the bot says that they did, and whether it was stopped until it was too late."""
    if asked.skipped == "answered":
        return asked.prompt_id in truth.answered
    if asked.skipped == "away":
        return any(
            since < asked.ends_at and asked.due_at - ONE_DAY < until for since, until in truth.away[asked.user_id]
        )
    if asked.skipped == "late":
        half = asked.due_at + (asked.ends_at - asked.due_at) / 2
        return any(since <= asked.due_at and half < until for since, until in truth.stops)
    return asked.skipped == RESTING  # `rests` tells whether it is one


def _forgotten(group: Group, day: date, this: Opened, places: set[tuple[int, str]]) -> Iterator[str]:
    for town, person in group.seated:
        # A recess moves it to the very day of the next one: then it is asked there.
        both = {worlds.next_working_day(town, one) for one in (day, day + A_WEEK * group.pulse.weeks)}
        if len(both) == 2 and (this.id, person.user_id) not in places:
            yield f"{person.name} is not in the round {group.pulse.name} of {day}"


def _said(look: Look, message: Message) -> str:
    return f"{message.key} to {_name(look, message.to)} at {_moment(message.at)} ({message.channel} {message.ts})"


def _place(look: Look, asked: Asked) -> str:
    return f"{_name(look, asked.user_id)} in {asked.check_in} of {asked.nominal_on}"


def _name(look: Look, to: str) -> str:
    person: Someone | None = look.world.people.get(to)
    return person.name if person else to


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
