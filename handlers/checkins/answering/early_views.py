"""What is said of a round that is still to come, to those who want to answer it before they are asked. Pure."""

from datetime import datetime

from handlers import calendar
from handlers.blocks import actions, escaped, message, section
from handlers.buttons import button
from handlers.types import Json
from storage.answers import Open
from storage.coming import Coming

EARLY = "checkin_early"
NOT_ASKED = "Nobody was asked this time, because the check-in was paused or moved; this came early."


def answer_next(this: Open) -> list[Json]:
    """The button under a confirmation, when another round is planned."""
    check_in = this.check_in
    if check_in.next_on is None or check_in.paused_at or check_in.next_on <= this.round.nominal_on:
        return []
    return [_button(check_in.id, this.prompt.seat_id)]


def next_is(this: Open, zone: str, now: datetime) -> str:
    """When the next round is, beside that button."""
    if not answer_next(this) or this.check_in.next_on is None:
        return ""
    return f"The next one is {calendar.spoken_date(this.check_in.next_on, calendar.today(zone, now))}."


def nothing_open(coming: Coming, when: str, zone: str, now: datetime) -> Json:
    """The answer of `/checkin` when nothing waits; `when` is the moment of the next round."""
    said, to_it = _next_one(coming, when, zone, now)
    text = f"Nothing is open for you. {said}"
    return message(text, [section(text), actions(to_it)])


def below(coming: Coming, when: str, zone: str, now: datetime) -> Json:
    """The same under what may still be answered late."""
    said, to_it = _next_one(coming, when, zone, now)
    return section(said, accessory=to_it)


def ahead(this: Open, zone: str, now: datetime) -> str:
    """Above the form, and in the confirmation, of an answer that comes early."""
    if not this.round.early:
        return ""
    due = calendar.spoken_moment(this.asking.due_at, zone, now)
    return f"You would be asked on {due}; once it is answered, you will not be."


def _next_one(coming: Coming, when: str, zone: str, now: datetime) -> tuple[str, Json]:
    text = f"The next one is {escaped(f'{coming.check_in.name} ({coming.cohort})')}: {when}."
    if coming.answered_at is None or coming.answered_by is None:
        return text, _button(coming.check_in.id, coming.person.seat_id)
    member_id, answered_by = coming.answered_by
    who = "You have" if member_id == coming.person.member_id else f"{escaped(answered_by)} has"
    at = calendar.spoken_moment(coming.answered_at, zone, now)
    text = f"{text} {who} answered it for {escaped(coming.person.city)} already, on {at}, so you will not be asked."
    return text, button("See or edit the answer", EARLY, f"{coming.check_in.id}:{coming.person.seat_id}")


def _button(check_in_id: int, seat_id: int) -> Json:
    return button("Answer the next one now", EARLY, f"{check_in_id}:{seat_id}")
