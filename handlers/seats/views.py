"""Messages about places: who was added, who goes, who hands over, and what lead and facilitators read of it. Pure."""

from collections.abc import Sequence
from datetime import date, datetime

from handlers import blocks, buttons, calendar
from handlers.seats.places import Adding, Handing
from handlers.types import Json
from storage import seat_changes
from storage.models import Commitment, Member, SeatChange
from storage.seats import Seated

UNDO, COMMITMENTS, REMOVE = "cohort_undo_end", "cohort_brief_commitments", "cohort_remove"
FIVE = 5
MOST = 20
ROLE_WORDS = {"lead": "leads", "delegate": "is a delegate of", "sponsor": "is a sponsor of"}


def change_key(change_id: int) -> str:
    """Under which key who asked for a change is told what came of it."""
    return f"seats:change:{change_id}"


def told_key(delegate_id: int, ended_at: datetime, member_id: int) -> str:
    """Under which key somebody is told that a place ended."""
    return f"turnover:{delegate_id}:{ended_at.timestamp():.0f}:{member_id}"


def added(place: Seated, today: date) -> Json:
    """Answers the form "Add a person"."""
    one = place.delegate
    start = "" if one.since_on is None or one.since_on <= today else f" from {_spoken(one.since_on, today)}"
    end = f" until {_spoken(one.until_on, today)}" if one.until_on else ""
    role = f"{ROLE_WORDS[one.role]} *{blocks.escaped(place.city)}* in *{blocks.escaped(place.cohort)}*"
    text = f"{blocks.escaped(place.member.name)} {role}{start}{end}. I write to them when they are in Slack and their first day has come."
    undo = buttons.button("End this place", REMOVE, f"{place.seat.cohort_id}:{one.id}")
    return _said(text, buttons.show_cohort(place.seat.cohort_id), undo)


def facilitates(member: Member, cohort_id: int, *, whole: bool) -> Json:
    what = "the whole program" if whole else "this cohort"
    return _said(f"{blocks.escaped(member.name)} facilitates {what} now.", buttons.show_cohort(cohort_id))


def you_facilitate(by: Member, adding: Adding) -> Json:
    what = "the whole program" if adding.role == "program" else "a cohort"
    text = f"{blocks.escaped(by.name)} made you a facilitator of {what}. You can add people, hand seats over and make check-ins there."
    return _said(text, buttons.show_cohort(adding.cohort_id))


def what_will_happen(
    place: Seated,
    last_day: date,
    open_now: Sequence[Commitment],
    left: Sequence[Member],
    today: date,
    *,
    tells: bool,
) -> list[str]:
    """Before a place ends: the commitments that will need an owner, who is left, and who is told (`tells`: the person, too)."""
    name, city = blocks.escaped(place.member.name), blocks.escaped(place.city)
    lines = [f"*{name}* leaves the seat of *{city}* in *{blocks.escaped(place.cohort)}* {_after(last_day, today)}."]
    if open_now:
        lines.append(f"{_count(open_now)} will then need an owner:")
        lines += [line(one, today) for one in open_now[:MOST]]
        lines += [f"and {len(open_now) - MOST} more"] if len(open_now) > MOST else []
    else:
        lines.append("They have no open commitments there.")
    stays = ", ".join(blocks.escaped(one.name) for one in left)
    lines.append(
        f"{stays} {'stays' if len(left) == 1 else 'stay'} on the seat."
        if stays
        else "*Nobody is left on the seat then.*"
    )
    told = f"I tell {name} the last day, who stays, and to ask you if anything is unclear. " if tells else ""
    return [*lines, f"{told}The lead of the city and the facilitators are told once. You can undo it afterwards."]


def ended(place: Seated, last_day: date, change_id: int, now: datetime) -> Json:
    """Answers the confirmation, with the way back."""
    today = calendar.today(place.zone, now)
    name, city = blocks.escaped(place.member.name), blocks.escaped(place.city)
    text = f"{name} leaves the seat of *{city}* in *{blocks.escaped(place.cohort)}* {_after(last_day, today)}."
    return _said(text, _undo(change_id), buttons.show_cohort(place.seat.cohort_id))


def taken_back(place: Seated) -> Json:
    name, city = blocks.escaped(place.member.name), blocks.escaped(place.city)
    text = f"Taken back: {name} stays on the seat of *{city}* in *{blocks.escaped(place.cohort)}*."
    return _said(text, buttons.show_cohort(place.seat.cohort_id))


def before_taking(place: Seated, name: str, handing: Handing, today: date) -> list[str]:
    """Above the choice of what goes along."""
    since = _spoken(date.fromisoformat(handing.since_on), today)
    who, city = blocks.escaped(place.member.name), blocks.escaped(place.city)
    return [
        f"From {since}, *{blocks.escaped(name)}* has the seat of *{city}* in place of {who}.",
        "What does not go along will need an owner; the lead of the city and the facilitators are told.",
        f"I tell {who} the last day, who takes over, and to ask you if anything is unclear. You can undo it afterwards.",
    ]


def handed_over(place: Seated, after: Member, since: date, taken: int, today: date, change_id: int) -> Json:
    """Answers the form "Hand a seat over", with the way back."""
    who, city = blocks.escaped(place.member.name), blocks.escaped(place.city)
    along = {0: "No commitment goes", 1: "One commitment goes"}.get(taken, f"{taken} commitments go")
    text = (
        f"From {_spoken(since, today)}, {blocks.escaped(after.name)} has the seat of *{city}* in place of {who}. "
        f"{along} along, and {blocks.escaped(after.name)} gets a brief from me on that day."
    )
    return _said(text, _undo(change_id), buttons.show_cohort(place.seat.cohort_id))


def handed_back(place: Seated, after: Member, kept: Sequence[Commitment]) -> Json:
    """In place of the answer to the form, when the handover was taken back."""
    name, city, came = blocks.escaped(place.member.name), blocks.escaped(place.city), blocks.escaped(after.name)
    text = f"Taken back: {name} keeps the seat of *{city}* in *{blocks.escaped(place.cohort)}*, and {came} does not take it over."
    if kept:
        stay, it_was = ("stays", "it was") if len(kept) == 1 else ("stay", "they were")
        text += f" {_numbers(kept)} {stay} with {came}: {it_was} changed meanwhile."
    return _said(text, buttons.show_cohort(place.seat.cohort_id))


def not_yours(place: Seated, by: Member, kept: Sequence[Commitment], today: date) -> Json:
    """In place of the brief, to who was to take a seat over."""
    name, city = blocks.escaped(place.member.name), blocks.escaped(place.city)
    text = (
        f"{blocks.escaped(by.name)} took the handover back: {name} keeps the seat of *{city}* in *{blocks.escaped(place.cohort)}*, "
        "and you need not do anything."
    )
    lines = [text, *(["What you worked on meanwhile stays yours:", *_lines(kept, today)] if kept else [])]
    return blocks.message(text.replace("*", ""), [blocks.section("\n".join(lines))])


def farewell(place: Seated, after: Member | None, beside: Sequence[Member], by: Member, today: date) -> Json:
    """To whose place a facilitator ended: which seat, from when, who takes over, whom to ask."""
    seat = f"the seat of *{blocks.escaped(place.city)}* in *{blocks.escaped(place.cohort)}*"
    last_day = place.delegate.until_on or today
    until = "is" if last_day >= today else "was"
    text = f"Your last day on {seat} {until} {_spoken(last_day, today)}. "
    if after is not None:
        text += f"{blocks.escaped(after.name)} takes it over the day after."
    elif beside:
        names = " and ".join(blocks.escaped(one.name) for one in beside[:2])
        text += f"{names} {'stays' if len(beside) == 1 else 'stay'} on it for the city."
    else:
        text += "Nobody is named to take it over yet."
    text += f" Thank you for what you did there. If you have a question, or this is not right, please ask {blocks.escaped(by.name)}."
    return _said(text, buttons.show_cohort(place.seat.cohort_id, "See my cohort"))


def you_stay(place: Seated, today: date) -> Json:
    """In place of the farewell, when it was taken back."""
    seat = f"the seat of *{blocks.escaped(place.city)}* in *{blocks.escaped(place.cohort)}*"
    until = f" until {_spoken(place.delegate.until_on, today)}" if place.delegate.until_on else ""
    return _said(f"Taken back: you stay on {seat}{until}.", buttons.show_cohort(place.seat.cohort_id, "See my cohort"))


def could_not(change: SeatChange, why: str, command: str) -> Json:
    """To who asked, when somebody was faster; a note that was typed is given back."""
    if change.state == seat_changes.UNDOING:
        return _said(why)
    what = {seat_changes.ADD: "Nobody was added", seat_changes.HANDOVER: "The seat was not handed over"}
    start = f"{what.get(change.kind, 'Nothing was done')}, and nothing was changed."
    text = f"{start} {why} `{command} {change.kind}` opens the form again."
    note = change.said.get("note")
    lines = [text, *(["Your note:", *(f">{line}" for line in blocks.escaped(note).splitlines())] if note else [])]
    return blocks.message(text.replace("*", ""), [blocks.section("\n".join(lines))])


def place_ended(
    place: Seated, needing: Sequence[Commitment], after: str, left: Sequence[Member], today: date, command: str
) -> Json:
    """To the lead and the facilitators, once: who left a seat, who follows, what needs an owner. `needing` is what they may see."""
    one, city = place.delegate, blocks.escaped(place.city)
    why = f" ({blocks.escaped(one.why)})" if one.why else ""
    start = f"{blocks.escaped(place.member.name)} is no longer on the seat of *{city}* in *{blocks.escaped(place.cohort)}*{why}."
    nobody = "" if left else " Nobody is on the seat now."
    follows = f" {blocks.escaped(after)} has the seat now." if after else nobody
    return _told(start + follows, needing, place.member, today, command, buttons.show_cohort(place.seat.cohort_id))


def left_slack(
    member: Member, seats: Sequence[Seated], needing: Sequence[Commitment], today: date, command: str
) -> Json:
    """To the leads and the facilitators, once: who left Slack, from which seats, what needs an owner."""
    where = "; ".join(f"*{blocks.escaped(one.city)}* in *{blocks.escaped(one.cohort)}*" for one in seats[:FIVE])
    start = f"{blocks.escaped(member.name)} is not in Slack any more, so I write to them no longer."
    start += f" Their seats: {where}." if where else ""
    shown = [buttons.show_cohort(seats[0].seat.cohort_id)] if seats else []
    return _told(start, needing, member, today, command, *shown)


def came_back(member: Member, kept: Sequence[Commitment], today: date) -> Json:
    """To the leads and the facilitators, once: somebody is there again, and has again what nobody else took."""
    start = f"{blocks.escaped(member.name)} is in Slack again, and back on their seats."
    if not kept:
        return _said(start)
    lines = [f"{start} Nobody had taken over {_count(kept).lower()}; theirs again:", *_lines(kept, today)]
    return blocks.message(lines[0].replace("*", ""), [blocks.section("\n".join(lines))])


def welcome_back(kept: Sequence[Commitment], today: date) -> Json:
    """To somebody who came back to Slack."""
    start = "Welcome back: you are on your seats again."
    if not kept:
        return _said(start)
    lines = [f"{start} {_count(kept)} that nobody had taken over meanwhile are yours again:", *_lines(kept, today)]
    return blocks.message(lines[0], [blocks.section("\n".join(lines))])


def commitments_button(value: str, label: str = "All commitments with history") -> Json:
    """`member:ID` or `place:ID`."""
    return buttons.button(label, COMMITMENTS, value)


def _undo(change_id: int) -> Json:
    return buttons.button("Undo", UNDO, str(change_id))


def _told(start: str, needing: Sequence[Commitment], owner: Member, today: date, command: str, *more: Json) -> Json:
    if not needing:
        return _said(start, *more)
    needs = f"{_count(needing)} {'needs' if len(needing) == 1 else 'need'} an owner:"
    rows = [blocks.section("\n".join([start, needs, *_lines(needing, today)]))]
    label = f"Show all {len(needing)}" if len(needing) > FIVE else "Show their history"
    rows.append(blocks.actions(commitments_button(f"member:{owner.id}", label), *more))
    first = needing[0]
    rows.append(blocks.context(f"`{command} hand {first.number}` gives #{first.number} to somebody else."))
    return blocks.message(f"{start} {needs} {_numbers(needing)}.".replace("*", ""), rows)


def _lines(needing: Sequence[Commitment], today: date) -> list[str]:
    return [line(one, today) for one in needing[:FIVE]]


def line(one: Commitment, today: date) -> str:
    due = "was due" if one.due_on < today else "due"
    return f"• *#{one.number}* {blocks.escaped(blocks.cut(one.text, 150))} · {due} {_spoken(one.due_on, today)}"


def _numbers(needing: Sequence[Commitment]) -> str:
    return ", ".join(f"#{one.number}" for one in needing)


def _count(known: Sequence[Commitment]) -> str:
    return "One open commitment" if len(known) == 1 else f"{len(known)} open commitments"


def _after(last_day: date, today: date) -> str:
    spoken = _spoken(last_day, today)
    return f"after {spoken}" if last_day >= today else f"at once: the last day is {spoken}"


def _spoken(day: date, today: date) -> str:
    return "today" if day == today else calendar.spoken_date(day, today)


def _said(text: str, *elements: Json) -> Json:
    rows = [blocks.section(text), *([blocks.actions(*elements)] if elements else [])]
    return blocks.message(text.replace("*", ""), rows)
