"""What somebody reads who comes to a seat: the first contact, or the brief of a successor, with its longer parts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers import blocks, buttons, calendar, histories, phases
from handlers.saying import said
from handlers.seats import views
from handlers.types import Json, Settings
from storage.answers import Given
from storage.cohorts import Listed, NextCheckIn
from storage.commitment_lists import Item
from storage.models import CommitmentEvent, Member
from storage.seats import Seated

ANSWERS, WHEN = "cohort_brief_answers", "cohort_when"
FIVE, MOST, EVENTS = 5, 20, 8
SHORT = 160
READS = "You read what the cohort shares; I ask you nothing."
ASKED = (
    "At fixed times I ask a few questions; I keep what you promise each other; "
    "and you can ask me what other cities have done."
)

Answer = tuple[Given, list[Json], str, date]


@dataclass(frozen=True)
class Arrival:
    """All that is known when somebody comes to a seat; commitments and answers are what they may see."""

    place: Seated
    cohort: Listed
    before: Sequence[Seated]
    beside: Sequence[Member]
    facilitators: Sequence[Member]
    items: Sequence[Item]
    answers: Sequence[Answer]
    coming: Sequence[NextCheckIn]
    today: date


def welcome(this: Arrival, settings: Settings) -> Json:
    """The first contact, once."""
    asked = READS if this.place.delegate.role == "sponsor" else ASKED
    with_whom = f", with {_names(this.beside)}" if this.beside else ""
    text = f"{_start(this)}{with_whom}. {asked}"
    words = this.cohort.theme or this.cohort.name
    hint = blocks.context(f"Try: `{settings.command_practices} {blocks.escaped(words)}`")
    row = blocks.actions(buttons.show_cohort(this.cohort.id, "See my cohort"), when_button(this.cohort.id))
    return blocks.message(text.replace("*", ""), [blocks.section(text), row, hint])


def brief(this: Arrival) -> Json:
    """To a successor: one screen; what is longer stands behind the buttons."""
    first = (
        f"{_start(this)}, after {blocks.escaped(this.before[-1].member.name)}." if this.before else f"{_start(this)}."
    )
    start = f"{first} This is where it stands."
    body = [blocks.section(start), blocks.section("\n".join(_about(this)))]
    notes = [one.delegate.note for one in this.before if one.delegate.note]
    if notes:
        body.append(
            blocks.section("*For you*\n" + "\n".join(f">{line}" for line in blocks.escaped(notes[-1]).splitlines()))
        )
    body.append(blocks.section(_commitments(this)))
    body.append(blocks.section(_last(this)))
    body.append(blocks.section(f"*People to know*\n{_people(this)}"))
    row = [views.commitments_button(f"place:{this.place.delegate.id}")] if this.items else []
    row += [buttons.button("Last answers", ANSWERS, str(this.place.delegate.id))] if this.answers else []
    body.append(blocks.actions(*row, buttons.show_cohort(this.cohort.id, "See my cohort"), when_button(this.cohort.id)))
    body.append(blocks.context(ASKED))
    return blocks.message(f"{first} {_counted(len(this.items))} of the city.".replace("*", ""), body)


def when_button(cohort_id: int) -> Json:
    return buttons.button("When do I hear from you?", WHEN, str(cohort_id))


def when(coming: Sequence[NextCheckIn], today: date, settings: Settings) -> Json:
    """When the bot writes of its own accord, and how to hear less."""
    lines = [
        f"*{blocks.escaped(one.name)}*: next {calendar.spoken_date(one.on, today)}, {calendar.spoken_time(one.at)}"
        for one in coming[:FIVE]
    ] or ["No check-in is planned yet."]
    lines += [
        "I write on working days between 8:00 AM and 6:00 PM of your own time, and at most a few times a day.",
        "I remind you of a commitment three days before its day, on the day, and weekly after it, three times at most.",
        f"*Not this time* on a check-in skips it. `{settings.command_checkin}` shows what is open for you.",
    ]
    return blocks.modal(WHEN, "When you hear from me", [blocks.section("\n".join(lines))])


def all_commitments(
    items: Sequence[Item], told: dict[int, list[tuple[CommitmentEvent, str | None]]], zone: str, today: date
) -> Json:
    """Open commitments with what happened to each, as a window."""
    body = [blocks.section("There is no open commitment here that you may see.")] if not items else []
    for item in items[:MOST]:
        one = item.commitment
        owner = blocks.escaped(item.owner.name) if item.owner else "nobody"
        owner = f"needs an owner (was {owner}'s)" if one.state == "needs_owner" else owner
        lines = [histories.line(event, name, zone, today) for event, name in told.get(one.id, [])]
        earlier = [f"({len(lines) - EVENTS} earlier changes)"] if len(lines) > EVENTS else []
        body.append(blocks.section("\n".join([f"{views.line(one, today)[2:]} · {owner}", *earlier, *lines[-EVENTS:]])))
    if len(items) > MOST:
        body.append(blocks.context(f"and {len(items) - MOST} more"))
    return blocks.modal(views.COMMITMENTS, "Open commitments", body)


def last_answers(answers: Sequence[Answer], city: str, today: date) -> Json:
    """The newest answers of a city in full, as a window."""
    body: list[Json] = []
    for given, questions, name, on in answers:
        body.append(
            blocks.section(
                f"*{blocks.escaped(name)}* · {calendar.spoken_date(on, today)} · {blocks.escaped(given.name)}"
            )
        )
        for question in readable(given, questions):
            text = blocks.escaped(said(question, given.values[str(question["position"])]))
            body.append(blocks.section(f"_{blocks.escaped(question['text'])}_\n{text}"))
    body = body or [blocks.section(f"{blocks.escaped(city)} has no answer yet that you may read.")]
    return blocks.modal(ANSWERS, "Last answers", body[:100])


def readable(given: Given, questions: Sequence[Json]) -> list[Json]:
    """The answered questions that everybody on the seat may read: what facilitators alone see is not passed on."""
    answered = [one for one in questions if said(one, given.values.get(str(one["position"])))]
    return [one for one in answered if one["audience"] in ("city", "cohort", "network")]


def _start(this: Arrival) -> str:
    city, cohort = blocks.escaped(this.place.city), blocks.escaped(this.place.cohort)
    network = f" ({blocks.escaped(this.cohort.network)})" if this.cohort.network != this.place.cohort else ""
    return f"You are on the seat of *{city}* in *{cohort}*{network}"


def _about(this: Arrival) -> list[str]:
    one = this.cohort
    phase = phases.now(one.phases, this.today)
    coming = this.coming[0] if this.coming else None
    return [
        fact
        for fact in (
            f"Theme: {blocks.escaped(one.theme)}" if one.theme else "",
            f"Phase: {blocks.escaped(phase)}" if phase else "",
            f"Runs until {calendar.spoken_date(one.ends_on, this.today)}" if one.ends_on else "",
            f"Next check-in: {blocks.escaped(coming.name)}, {calendar.spoken_date(coming.on, this.today)}"
            if coming
            else "",
            f"Channel: <#{one.channel}>" if one.channel else "",
        )
        if fact
    ] or ["It is running now."]


def _commitments(this: Arrival) -> str:
    if not this.items:
        return "*Open commitments*\nYour city has none."
    lines = [f"*{_counted(len(this.items))}* of your city"]
    for item in this.items[:FIVE]:
        yours = item.owner is not None and item.owner.id == this.place.member.id
        whose = "yours" if yours else ("needs an owner" if item.commitment.state == "needs_owner" else "")
        whose = whose or (blocks.escaped(item.owner.name) if item.owner else "")
        lines.append(f"{views.line(item.commitment, this.today)} · {whose}")
    return "\n".join(lines)


def _last(this: Arrival) -> str:
    for given, questions, name, on in this.answers:
        lines = [
            f"• _{blocks.escaped(question['text'])}_ {_short(said(question, given.values[str(question['position'])]))}"
            for question in readable(given, questions)
        ]
        if lines:
            start = f"*Last answers* · {blocks.escaped(name)}, {calendar.spoken_date(on, this.today)}"
            return "\n".join([start, *lines[:3]])
    return "*Last answers*\nYour city has none yet that you may read."


def _short(text: str) -> str:
    return blocks.escaped(blocks.cut(" ".join(text.split()), SHORT))


def _people(this: Arrival) -> str:
    gone = [one.member for one in this.before if one.member.deactivated_at is None]
    known = [(one, "on the seat with you") for one in this.beside]
    known += [(one, "had the seat before you") for one in gone]
    known += [(one, "facilitates") for one in this.facilitators]
    lines: dict[int, str] = {}
    for one, what in known:
        if one.id != this.place.member.id:
            title = f", {blocks.escaped(one.title)}" if one.title else ""
            lines.setdefault(one.id, f"• {blocks.escaped(one.name)}{title}: {what}")
    return "\n".join(list(lines.values())[:FIVE]) or "Nobody else yet."


def _counted(count: int) -> str:
    return {0: "No open commitments", 1: "One open commitment"}.get(count, f"{count} open commitments")


def _names(people: Sequence[Member]) -> str:
    names = [blocks.escaped(one.name) for one in people[:3]]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
