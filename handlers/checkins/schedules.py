"""When a check-in asks, in words: its dates, hours and window, the next date, what is left out, and whether it is paused or over. Pure."""

from datetime import datetime

from handlers import cadence, calendar, rhythm
from handlers.blocks import escaped
from storage.checkins import Listed
from storage.models import CheckIn

SHOWN = 5


def occurrence(check_in: CheckIn, zone: str, now: datetime) -> str:
    """The next date with its time."""
    if check_in.next_on is None:
        return "not planned"
    day = calendar.spoken_date(check_in.next_on, calendar.today(zone, now))
    return f"{day}, {calendar.spoken_time(check_in.at)} in each person's own zone"


def in_words(found: Listed, now: datetime) -> str:
    """Every Monday, on working days only, open for 48 hours. Next: …"""
    check_in, today = found.check_in, calendar.today(found.zone, now)
    dates = rhythm.cadence_of(check_in)
    hours = "on any day and at any hour" if check_in.any_hour else "on working days only"
    text = f"{cadence.spoken(dates, found.cohort.phases, today)}, {hours}, open for {check_in.window_hours} hours."
    left_out = [calendar.spoken_date(day, today) for day in cadence.skipped(dates) if day >= today][:SHOWN]
    if left_out and not check_in.ended_at:
        text += f" Left out: {'; '.join(left_out)}."
    return f"{text} {_state(found, now)}"


def why_no_date(found: Listed, now: datetime) -> str:
    """Why a check-in that goes on has no date, as the end of a sentence."""
    dates, phases = rhythm.cadence_of(found.check_in), found.cohort.phases
    today = calendar.today(found.zone, now)
    if not cadence.is_readable(dates):
        return "I cannot read its dates any more"
    if dates.event is None:
        return "no date of it is left before the cohort ends" if found.cohort.ends_on else "no date of it is left"
    spoken = cadence.spoken(dates, phases, today)
    when = f"it asks {spoken[0].lower()}{spoken[1:]}"
    if cadence.is_known(dates, phases):
        return f"{when}, and no such day is to come"
    return f"{when}, and the cohort has no dated phase of that name"


def name_of(found: Listed) -> str:
    """The check-in with its cohort, escaped."""
    return escaped(f"{found.check_in.name} ({found.cohort.name})")


def _state(found: Listed, now: datetime) -> str:
    check_in = found.check_in
    if check_in.ended_at:
        day = calendar.spoken_date(calendar.today(found.zone, check_in.ended_at), calendar.today(found.zone, now))
        return f"*Over since {day}.*"
    if check_in.paused_at:
        return "*Paused.*"
    if check_in.next_on is None:
        return f"*No date now:* {why_no_date(found, now)}."
    return f"Next: {occurrence(check_in, found.zone, now)}."
