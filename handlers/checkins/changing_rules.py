"""What a facilitator's word does to a check-in: what is meant, what keeps it from being done, and what comes next after it. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from handlers import cadence, calendar, dates
from handlers.cadence import Cadence
from handlers.checkins.outlooks import Outlook

SHOWN = 3
NUMBER = re.compile(r"#?\d+")


@dataclass(frozen=True)
class Step:
    """A change that is asked for: pause, resume, skip, unskip, run or end; `day` is the date that it is about, when it is about one."""

    word: str
    day: date | None = None


def read_skip(rest: str, today: date) -> tuple[str, date | None]:
    """(which check-in, date): `2 Oct 12`, `pulse next Monday`, `2`. What cannot be read as a date is left with the name."""
    words = rest.split()
    first = 1 if words and NUMBER.fullmatch(words[0]) else 0
    for start in range(first, len(words)):
        day = dates.read(" ".join(words[start:]), today)
        if day:
            return " ".join(words[:start]), day
    return rest, None


def meant(word: str, ahead: Outlook, day: date | None) -> Step:
    """The step with its date: without one the next date is left out, and today's round is run."""
    if word == "skip" and day is None:
        return Step(word, next(iter(ahead.coming(1)), None) if ahead.found.check_in.paused_at is None else None)
    return Step(word, ahead.today if word == "run" and day is None else day)


def is_done(step: Step, ahead: Outlook) -> bool:
    """Whether it is as wanted already: pressed twice, or by two people."""
    check_in = ahead.found.check_in
    if step.word == "end":
        return check_in.ended_at is not None
    if check_in.ended_at or step.word == "run":
        return False
    if step.word in ("pause", "resume"):
        return (check_in.paused_at is not None) == (step.word == "pause")
    own = ahead.pattern.cadence
    if step.word == "skip":
        return step.day in cadence.skipped(own)
    return step.day is not None and cadence.has(own, step.day, ahead.pattern.phases)


def problem_with(step: Step, ahead: Outlook) -> str | None:
    """Why it cannot be done, in one or two sentences; None when it can."""
    check_in, name = ahead.found.check_in, ahead.found.check_in.name
    if check_in.ended_at:
        day = calendar.spoken_date(calendar.today(ahead.found.zone, check_in.ended_at), ahead.today)
        return f"{name} is over since {day} and asks nobody any more."
    problems = {"resume": _resume, "skip": _skip, "unskip": _unskip, "run": _run}
    return problems[step.word](step, ahead) if step.word in problems else None


def dates_with(step: Step, ahead: Outlook) -> Cadence:
    """The dates as they are after the step."""
    own = ahead.pattern.cadence
    if step.day is None or step.word not in ("skip", "unskip"):
        return own
    return (cadence.without if step.word == "skip" else cadence.with_again)(own, step.day)


def turn_with(step: Step, ahead: Outlook) -> tuple[date, datetime] | None:
    """What comes next after the step; None when nothing does."""
    if step.word in ("pause", "end"):
        return None
    if step.word == "resume":
        return ahead.turn()
    planned = ahead.planned
    if ahead.found.check_in.paused_at or (planned and step.day and step.day > planned[0]):
        return planned
    if step.word == "run":
        takes_its_place = planned and planned[0] == step.day
        return (ahead.turn(asked_last=step.day) or planned) if takes_its_place else planned
    return ahead.turn(dates_with(step, ahead))


def _resume(_step: Step, ahead: Outlook) -> str | None:
    if ahead.turn() is None:
        return f"{ahead.found.check_in.name} has no date left, so it cannot go on."
    return None


def _skip(step: Step, ahead: Outlook) -> str | None:
    name, day = ahead.found.check_in.name, step.day
    coming = ahead.coming(SHOWN)
    if day is None and ahead.found.check_in.paused_at:
        return f"{name} is paused, so no date comes next. Say which one to leave out, or resume it first."
    if day is None:
        return f"{name} has no date to come, so there is none to leave out."
    spoken = calendar.spoken_date(day, ahead.today)
    if (ahead.newest and ahead.newest.nominal_on == day) or day < ahead.today:
        return f"{spoken} is over, or its round is open already, so it cannot be left out."
    if not coming or day < coming[0] or not cadence.has(ahead.pattern.cadence, day, ahead.pattern.phases):
        listed = "; ".join(calendar.spoken_date(one, ahead.today) for one in coming)
        return (
            f"{name} does not ask on {spoken}. {f'Its next dates are: {listed}.' if coming else 'No date is to come.'}"
        )
    return None


def _unskip(step: Step, ahead: Outlook) -> str | None:
    if step.day is None or not ahead.is_ahead(step.day):
        return "That day is over by now, so nobody can be asked on it any more."
    if not cadence.has(dates_with(step, ahead), step.day, ahead.pattern.phases):
        return f"{ahead.found.check_in.name} does not ask on {calendar.spoken_date(step.day, ahead.today)} any more."
    return None


def _run(step: Step, ahead: Outlook) -> str | None:
    name, today = ahead.found.check_in.name, ahead.today
    if ahead.found.check_in.paused_at:
        return f"{name} is paused. Resume it first; then a round can be run."
    if ahead.is_over:
        return f"The cohort {ahead.found.cohort.name} has ended, so nobody is asked any more."
    if step.day != today:
        return "That was offered on another day. Please ask for it again."
    if ahead.newest and ahead.newest.nominal_on >= today:
        return f"{name} has a round of {calendar.spoken_date(ahead.newest.nominal_on, today)} already."
    if not ahead.asked(today):
        return f"Nobody is on a seat of {ahead.found.cohort.name} today, so nobody would be asked."
    return None
