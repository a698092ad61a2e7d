"""Absences as forms and messages: which days, what they change, that they are noted, and what is open when somebody is back. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers import blocks, buttons, calendar
from handlers.absences.rules import LISTED, Effect, Missed
from handlers.types import Json, Settings
from storage.answers import Open
from storage.days import Span

FORM, CONFIRM = "absence_form", "absence_confirm"
CHANGE, END = "absence_change", "absence_end"
WHO, FIRST, LAST = "who", "first", "last"


@dataclass(frozen=True)
class Carried:
    """What a form of an absence carries: a key that makes it count once, the Slack user it is about, and the days."""

    key: str
    user_id: str
    span: Span | None = None


def form(carried: Carried, today: date, *, note: str = "", for_others: bool = False) -> Json:
    """Which days; facilitators may choose somebody else."""
    span = carried.span or Span(today)
    body = [blocks.section(note)] if note else []
    if for_others:
        user = {"type": "users_select", "action_id": WHO, "initial_user": carried.user_id}
        body.append(blocks.field(WHO, "Who is away", user))
    hint = "This day belongs to the absence. Leave it empty when you do not know it yet."
    body += [
        blocks.field(FIRST, "First day away", blocks.date_picker(FIRST, span.first)),
        blocks.field(LAST, "Last day away", blocks.date_picker(LAST, span.last), hint=hint, optional=True),
        blocks.context("Nothing is saved yet: the next page shows what changes."),
    ]
    return blocks.modal(FORM, "Away", body, submit="See what changes", private_metadata=_kept(carried))


def read_form(view: Json) -> Carried:
    """The days that were filled in, and for whom."""
    carried = read_carried(view)
    first, last = blocks.value_of(view, FIRST), blocks.value_of(view, LAST)
    span = Span(date.fromisoformat(first or ""), date.fromisoformat(last) if last else None)
    return Carried(carried.key, blocks.value_of(view, WHO) or carried.user_id, span)


def read_carried(view: Json) -> Carried:
    kept = json.loads(view["private_metadata"])
    days = [date.fromisoformat(day) if day else None for day in kept["days"]]
    return Carried(kept["key"], kept["user"], Span(days[0], days[1]) if days[0] else None)


def effect(carried: Carried, what: Effect, name: str | None, today: date) -> Json:
    """What would change, before it is confirmed; `name` is somebody else's, None for one's own absence."""
    who, waits = (blocks.escaped(name), "their") if name else ("you", "your")
    verb = "is" if name else "are"
    said = f"*{who[0].upper()}{who[1:]} {verb} away {in_words(what.span, today)}.*"
    body = [blocks.section(f"{said}\n{_after(what.span, name, today)}{_joined_with(what, today)}")]
    lines = [_missed(one, waits, today) for one in what.missed]
    if lines:
        body.append(blocks.section(f"*Not asked of {'them' if name else 'you'}*\n" + "\n".join(lines[: LISTED * 2])))
    if what.reminders:
        numbers = listed([f"#{number}" for number in what.reminders[:LISTED]])
        more = f" and {len(what.reminders) - LISTED} more" if len(what.reminders) > LISTED else ""
        body.append(
            blocks.section(f"Reminders of {numbers}{more} wait until {'they are' if name else 'you are'} back.")
        )
    if not lines and not what.reminders:
        body.append(blocks.section("No check-in and no reminder falls on these days."))
    body.append(blocks.actions(buttons.button("Change the dates", CHANGE)))
    body.append(
        blocks.context(
            "A check-in that is still open on the first day back is asked then. Nothing is saved before you confirm."
        )
    )
    return blocks.modal(CONFIRM, "Away", body, submit="Confirm", private_metadata=_kept(carried))


def noted(absence_id: int, span: Span, by: str | None, today: date, settings: Settings) -> Json:
    """To the person who is away; `by` is the facilitator who noted it for them."""
    start = f"{blocks.escaped(by)} noted that you are away" if by else "Noted: you are away"
    text = f"{start} {in_words(span, today)}. {_after(span, None, today)}"
    end = button_of(absence_id, span, today)
    hint = f"`{settings.command_cohort} back` does the same."
    return blocks.message(text, [blocks.section(text), blocks.actions(end), blocks.context(hint)])


def noted_for(absence_id: int, span: Span, name: str, today: date) -> Json:
    """To the facilitator who noted it for somebody else."""
    text = f"Noted: {blocks.escaped(name)} is away {in_words(span, today)}. I told them."
    end = buttons.button("End the absence", END, str(absence_id))
    return blocks.message(text, [blocks.section(text), blocks.actions(end)])


def nobody_instead(name: str, span: Span, alone: Sequence[Missed], today: date) -> Json:
    """To the facilitators of a cohort in which nobody else answers for the city meanwhile."""
    cities = listed(list(dict.fromkeys(f"{one.city} in {one.cohort}" for one in alone)))
    text = f"{name} is away {in_words(span, today)}, and nobody else answers for {cities}."
    return blocks.message(blocks.escaped(text), [blocks.section(blocks.escaped(text))])


def button_of(absence_id: int, span: Span, today: date) -> Json:
    """Ends an absence, or cancels one that has not begun."""
    return buttons.button("I am back" if span.first <= today else "Cancel the absence", END, str(absence_id))


def back(
    span: Span,
    today: date,
    waiting: Sequence[Open],
    coming: tuple[str, str] | None,
    zone: str,
    now: datetime,
    settings: Settings,
) -> Json:
    """What is open now, and what comes next: its name and its moment."""
    if span.first > today:
        text = f"The absence {in_words(span, today)} is cancelled. I write to you as usual."
        return blocks.message(text, [blocks.section(text)])
    text = "Welcome back. I write to you again, and what waited for you comes now as far as it is still open."
    lines = [
        f"• *{blocks.escaped(one.check_in.name)}* ({blocks.escaped(one.city)}), open until "
        f"{calendar.spoken_moment(one.open_until(now), zone, now)}"
        for one in waiting[:LISTED]
    ]
    body = [blocks.section(text)]
    if lines:
        body.append(
            blocks.section(
                "\n".join(
                    [
                        "*Open for you*",
                        *lines,
                        f"`{settings.command_checkin}` answers.",
                    ]
                )
            )
        )
    else:
        body.append(blocks.section("No check-in is open for you."))
    then = f"The next one is {blocks.escaped(coming[0])}: {coming[1]}." if coming else "No check-in is planned for you."
    body.append(blocks.context(then))
    count = {0: "No check-in is open", 1: "One check-in is open"}.get(
        len(waiting), f"{len(waiting)} check-ins are open"
    )
    return blocks.message(f"{text} {count} for you. {then}", body)


def over(span: Span, today: date) -> Json:
    """In place of what said that it was noted."""
    was = "You are back" if span.first <= today else "Cancelled"
    text = f"{was}: the absence {in_words(span, today)} ended on {calendar.spoken_date(today, today)}."
    return blocks.message(text, [blocks.section(text)])


def ended_for(name: str) -> Json:
    text = f"{blocks.escaped(name)} is back: I write to them again, and told them."
    return blocks.message(text, [blocks.section(text)])


def told_back(by: str) -> Json:
    """To somebody whose absence another person ended."""
    text = f"{blocks.escaped(by)} noted that you are back: I write to you again."
    return blocks.message(text, [blocks.section(text)])


def not_away(coming: Sequence[tuple[int, Span]], today: date, settings: Settings) -> Json:
    """The answer of "back" to somebody who is here; absences to come can be cancelled."""
    command = settings.command_cohort
    if not coming:
        return blocks.message(
            f"You are not away, so nothing was changed. `{command} away until Friday` notes an absence."
        )
    text = "You are not away today, so nothing was changed. These absences are to come:"
    rows = [
        blocks.section(f"Away {in_words(span, today)}", accessory=button_of(absence_id, span, today))
        for absence_id, span in coming[:LISTED]
    ]
    words = "; ".join(in_words(span, today) for _, span in coming[:LISTED])
    return blocks.message(f"{text} {words}.", [blocks.section(text), *rows])


def others(said: str, away: Sequence[tuple[int, str, Span]], today: date, settings: Settings) -> Json:
    """The answer of "back" with a name, for facilitators: who of that name is away, each with a button."""
    if not away:
        who = blocks.escaped(blocks.cut(said, 60))
        text = f"I know nobody called “{who}” who is away in the cohorts that you facilitate, so nothing was changed."
        return blocks.message(f"{text} `{settings.command_cohort} back` alone ends your own absence.")
    rows = [
        blocks.section(
            f"*{blocks.escaped(name)}* is away {in_words(span, today)}.",
            accessory=buttons.button("End the absence", END, str(absence_id)),
        )
        for absence_id, name, span in away[:LISTED]
    ]
    more = [blocks.context(f"and {len(away) - LISTED} more: add more of the name.")] if len(away) > LISTED else []
    text = "; ".join(f"{blocks.escaped(name)} is away {in_words(span, today)}" for _, name, span in away[:LISTED])
    return blocks.message(f"{text}.", [*rows, *more])


def already_ended() -> Json:
    text = "This absence had ended already, so nothing was changed."
    return blocks.message(text, [blocks.section(text)])


def in_words(span: Span, today: date) -> str:
    """through Tuesday, December 1; from Sunday, December 20 through Sunday, January 3, 2027; from today on."""
    first, last = calendar.spoken_date(span.first, today), span.last and calendar.spoken_date(span.last, today)
    if last is None:
        return "from today on" if span.first <= today else f"from {first} on"
    if span.first == span.last:
        return "today" if span.first == today else f"on {first}"
    return f"through {last}" if span.first <= today else f"from {first} through {last}"


def _after(span: Span, name: str | None, today: date) -> str:
    whom = "them" if name else "you"
    if span.last is None:
        return f"I do not write to {whom} of my own accord until {'they are' if name else 'you say that you are'} back."
    return f"From {calendar.spoken_date(span.last + timedelta(days=1), today)} on I write to {whom} again."


def _joined_with(what: Effect, today: date) -> str:
    if not what.before:
        return ""
    known = listed([in_words(one, today) for one in what.before])
    return f"\nThis takes the place of what I had noted: away {known}."


def _missed(one: Missed, whose: str, today: date) -> str:
    days = "; ".join(calendar.spoken_date(day, today) for day in one.days)
    more = ", and later ones" if one.more else ""
    start = f"• *{blocks.escaped(one.check_in)}* ({blocks.escaped(one.cohort)}): {days}{more}."
    city = blocks.escaped(one.city)
    if not one.instead:
        return f"{start} Nobody else answers for {city}: {whose} facilitators will know."
    names, verb = listed([blocks.escaped(name) for name in one.instead]), "is" if len(one.instead) == 1 else "are"
    return f"{start} {names} {verb} asked, and can answer for {city}."


def _kept(carried: Carried) -> str:
    span = carried.span
    days = [day.isoformat() if day else None for day in (span.first, span.last)] if span else [None, None]
    return json.dumps({"key": carried.key, "user": carried.user_id, "days": days})


def listed(names: Sequence[str]) -> str:
    """a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
