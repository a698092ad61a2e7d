"""What facilitators read before and after they change a check-in, with the buttons that do it. Pure; the ids of these buttons live here."""

from datetime import date

from handlers import cadence, calendar
from handlers.blocks import actions, escaped, message, plain, section
from handlers.buttons import button, sure
from handlers.checkins import changing_rules, rules, schedules
from handlers.checkins.changing_rules import Step
from handlers.checkins.outlooks import Outlook
from handlers.checkins.wording import capital, counted
from handlers.types import Json, Settings

PREFIX = "checkin_change_"
STEPS = (*rules.CHANGES, "unskip")
TITLES = {"pause": "Pause", "resume": "Resume", "skip": "Leave a date out of", "run": "Run", "end": "End"}
LABELS = {
    "pause": "Pause the check-in",
    "resume": "Resume the check-in",
    "run": "Run a round now",
    "end": "End the check-in",
    "unskip": "Ask on that day after all",
}
SURE = {"pause": "Pause it", "resume": "Resume it", "skip": "Leave it out", "run": "Run it now", "end": "End it"}
NOT_DONE = "Nothing was changed."


def read_button(action: Json) -> tuple[str, Step]:
    """(number of the check-in, what to do to it)."""
    number, _, day = action["value"].partition(":")
    return number, Step(action["action_id"].removeprefix(PREFIX), date.fromisoformat(day) if day else None)


def question(step: Step, ahead: Outlook) -> Json:
    """What a typed word would change and for whom, with the button that does it."""
    title = f"{title_of(step, ahead)} {what_changes(step, ahead)}"
    blocks = [section(f"*{escaped(title_of(step, ahead))}*\n{escaped(what_changes(step, ahead))}")]
    return message(escaped(title), [*blocks, actions(_button(step, ahead))])


def buttons(ahead: Outlook) -> Json | None:
    """All that a facilitator may do to a check-in they look at; each asks first. None when it is over."""
    check_in = ahead.found.check_in
    if check_in.ended_at:
        return None
    words = ["resume"] if check_in.paused_at else ["pause", "skip", "run"]
    steps = [changing_rules.meant(word, ahead, None) for word in (*words, "end")]
    possible = [step for step in steps if changing_rules.problem_with(step, ahead) is None]
    again = [day for day in cadence.skipped(ahead.pattern.cadence) if ahead.is_ahead(day)][:1]
    shown = [_button(step, ahead, asks=True) for step in possible]
    return actions(*shown, *(_ask_after_all(day, ahead) for day in again))


def refused(step: Step, ahead: Outlook, problem: str, settings: Settings) -> Json:
    """Why it cannot be done, and what helps."""
    number = ahead.found.check_in.number
    text = f"{escaped(problem)} {NOT_DONE} `{settings.command_checkin} show {number}` shows how it stands."
    return message(text, [section(text), *_after(step, ahead)])


def meanwhile(ahead: Outlook, settings: Settings) -> str:
    """Somebody else was first."""
    number, name = ahead.found.check_in.number, escaped(ahead.found.check_in.name)
    shows = f"`{settings.command_checkin} show {number}` shows how it stands now."
    return f"Somebody else changed {name} at the same moment, so I changed nothing more. {shows}"


def done(step: Step, ahead: Outlook, settings: Settings) -> Json:
    """What was changed, with the way back where there is one."""
    name, number = escaped(ahead.found.check_in.name), ahead.found.check_in.number
    command, turn = settings.command_checkin, changing_rules.turn_with(step, ahead)
    following = _following(turn[0] if turn else None, ahead)
    runs_out = " A round that is open now runs to its end."
    texts = {
        "pause": f"{name} is paused: no new round starts.{runs_out} `{command} resume {number}` starts it again.",
        "resume": f"{name} goes on. {following}",
        "skip": f"{name} leaves out {_spoken(step, ahead)}. {following}",
        "unskip": f"{name} asks on {_spoken(step, ahead)} after all. {following}",
        "run": f"{name} asks now. {_who_is_asked(ahead)} {following}",
        "end": f"{name} has ended: nobody is asked any more.{runs_out} `{command} show {number}` still shows it.",
    }
    return message(texts[step.word], [section(texts[step.word]), *_after(step, ahead)])


def title_of(step: Step, ahead: Outlook) -> str:
    """Pause Weekly pulse (Inclusive procurement)?"""
    name = f"{ahead.found.check_in.name} ({ahead.found.cohort.name})"
    return f"{TITLES[step.word]} {name}{' now' if step.word == 'run' else ''}?"


def what_changes(step: Step, ahead: Outlook) -> str:
    """What will change for whom, in plain text."""
    turn, planned = changing_rules.turn_with(step, ahead), ahead.planned
    following = _following(turn[0] if turn else None, ahead)
    day = planned[0] if planned else None
    texts = {
        "pause": _people(ahead, day, f"not asked{_from(day, ahead)} until it is resumed."),
        "resume": f"{_people(ahead, turn[0] if turn else None, 'asked again.')} {following}",
        "skip": f"{_people(ahead, step.day, f'not asked on {_spoken(step, ahead)}.')} {following}",
        "run": f"{_who_is_asked(ahead)} {following}",
        "end": f"{_people(ahead, day, f'not asked any more{_from(day, ahead)}.')} All answers can be read as before. "
        "It cannot be started again.",
    }
    return f"{texts[step.word]}{_of_open_round(ahead) if step.word != 'resume' else ''}"


def no_date(ahead: Outlook, settings: Settings) -> Json:
    """What whoever made a check-in is told when its date is gone."""
    found, command = ahead.found, settings.command_checkin
    title = f"{schedules.name_of(found)} has no date now, so nobody is asked."
    why = capital(schedules.why_no_date(found, ahead.now))
    ways = f"`{command} end {found.check_in.number}` ends it."
    if found.check_in.event is not None:
        ways = f"Edit the cohort (`{settings.command_cohort} edit`) to give the phase a day, and it goes on. {ways}"
    return message(f"{title} {why}.", [section(f"*{title}*\n{why}. {ways}")])


def _button(step: Step, ahead: Outlook, *, asks: bool = False) -> Json:
    """With `asks` it says what will change before it does it."""
    number, day = ahead.found.check_in.number, step.day
    label = LABELS.get(step.word) or f"Leave out {_spoken(step, ahead)}"
    style = {"end": "danger"}.get(step.word, None if asks or step.word == "unskip" else "primary")
    question = sure(title_of(step, ahead), what_changes(step, ahead), SURE[step.word], "Not now") if asks else None
    value = f"{number}:{day.isoformat()}" if day else str(number)
    return button(label, f"{PREFIX}{step.word}", value, style=style, confirm=question)


def _ask_after_all(day: date, ahead: Outlook) -> Json:
    """Where several dates are spoken of, the button says which one it brings back."""
    step = Step("unskip", day)
    return _button(step, ahead) | {"text": plain(f"Ask on {_spoken(step, ahead)} after all")}


def _after(step: Step, ahead: Outlook) -> list[Json]:
    """The way back from what was done."""
    if step.word == "skip" and step.day and ahead.is_ahead(step.day):
        return [actions(_button(Step("unskip", step.day), ahead))]
    if step.word == "pause" and changing_rules.problem_with(Step("resume"), ahead) is None:
        return [actions(_button(Step("resume"), ahead, asks=True))]
    return []


def _people(ahead: Outlook, day: date | None, what: str) -> str:
    """Four people are asked again."""
    count = len(ahead.asked(day or ahead.today))
    if not count:
        return "Nobody is on a seat of the cohort on that day, so nobody is asked anyway."
    return f"{capital(counted(count, 'person is', 'people are'))} {what}"


def _from(day: date | None, ahead: Outlook) -> str:
    return f" from {calendar.spoken_date(day, ahead.today)} on" if day else ""


def _spoken(step: Step, ahead: Outlook) -> str:
    return calendar.spoken_date(step.day or ahead.today, ahead.today)


def _following(day: date | None, ahead: Outlook) -> str:
    if day is None:
        return "No other date is to come."
    at = calendar.spoken_time(ahead.found.check_in.at)
    return f"The next round is {calendar.spoken_date(day, ahead.today)}, {at} in each person's own zone."


def _who_is_asked(ahead: Outlook) -> str:
    """Four people are asked: three now, and one in their next working hours."""
    now, later = ahead.asked_at_once()
    if not later:
        return _people(ahead, ahead.today, "asked now.")
    if not now:
        return _people(ahead, ahead.today, "asked when their working hours begin.")
    parts = f"{counted(now, 'now', 'now')}, and {counted(later, 'when', 'when')} their working hours begin."
    return _people(ahead, ahead.today, f"asked: {parts}")


def _of_open_round(ahead: Outlook) -> str:
    if not ahead.has_open_round or ahead.newest is None:
        return ""
    day = calendar.spoken_date(ahead.newest.nominal_on, ahead.today)
    return f" The round of {day} is open and runs to its end."
