"""The dates of a check-in that is being made: from the fields of the form to a cadence and back, and who is asked on which. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from handlers import cadence, calendar, rhythm
from handlers.cadence import CODES, Cadence, Phases
from handlers.checkins.making.rules import Plan, When, kept, name_of
from handlers.checkins.making.templates import Question
from handlers.rhythm import Place
from storage.checkins import Person
from storage.models import CheckIn

DATES_SHOWN = 5
PEOPLE_SHOWN = 3


@dataclass(frozen=True)
class Asked:
    """On which dates somebody would be asked: the date that the cadence names, and the moment of their own."""

    person: Person
    moments: tuple[tuple[date, datetime], ...]


@dataclass(frozen=True)
class Coming:
    """What the dates come to: the cadence as it is kept, the next dates that it names, the first moment, and who is asked when."""

    cadence: Cadence
    dates: tuple[date, ...]
    first_at: datetime | None
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Asking:
    """Whom a check-in asks: how many people, cities and time zones, and the date of the round that is open now."""

    people: int
    cities: int
    zones: int
    open_on: date | None = None


def asking_of(people: Sequence[Person], day: date, now: datetime, open_on: date | None = None) -> Asking:
    """Who sits on a seat on that day; zones whose clocks show the same count once."""
    there = [one for one in people if one.sits_on(day)]
    clocks = {calendar.local(now, one.zone).utcoffset() for one in there}
    return Asking(len({one.member_id for one in there}), len({one.city for one in there}), len(clocks), open_on)


def coming(
    plan: Plan,
    people: Sequence[Person],
    zone: str,
    phases: Phases,
    now: datetime,
    *,
    after: date | None = None,
    until: date | None = None,
) -> Coming:
    """The next dates, for which everybody's moment is still to come; `after` is the date of the newest round, when there is one.

    `until` is the last day of the cohort, when it has one. `zone` is the cohort's, where nobody sits in it yet.
    """
    here = calendar.today(zone, now)
    there = [one for one in people if one.until_on is None or one.until_on >= here]
    places = [Place(one.zone, one.days) for one in there] or [Place(zone)]
    since = min(calendar.today(place.zone, now) for place in places) - timedelta(days=1)
    since = max(since, after) if after else since
    found = own(plan)
    if found is None:
        found = _cadence(plan.when, since + timedelta(days=1))
        if not plan.when.starts and plan.when.kind in ("weekly", "date", "nth"):
            # "Every second Monday" begins with the Monday that comes next, not with the one of this or that week.
            loose = _cadence(replace(plan.when, every=1, months=1), since + timedelta(days=1))
            if every := _dates(plan, loose, places, phases, since, now):
                found = _cadence(plan.when, every[0])
        for day in cadence.skipped(Cadence(*plan.cadence)) if plan.cadence else ():
            found = cadence.without(found, day)
    dates = tuple(day for day in _dates(plan, found, places, phases, since, now) if until is None or day <= until)
    first_at = min(due_at(plan, dates[0], place) for place in places) if dates else None
    shown = [
        Asked(one, tuple((day, due_at(plan, day, Place(one.zone, one.days))) for day in dates))
        for one in examples(there, now)
    ]
    return Coming(found, dates, first_at, tuple(shown))


def own(plan: Plan) -> Cadence | None:
    """The cadence that a check-in has, as long as its dates are not chosen anew: what is skipped in it stays so."""
    if plan.cadence is None:
        return None
    had = Cadence(*plan.cadence)
    return had if when_of(had) == plan.when else None


def plan_of_check_in(check_in: CheckIn, questions: Sequence[Question], key: str) -> Plan:
    """What the form begins with when a check-in is to be changed."""
    found = rhythm.cadence_of(check_in)
    plan = Plan(
        key=key,
        cohort=check_in.cohort_id,
        name=check_in.name,
        template="",
        questions=tuple({name: thing for name, thing in one.items() if name != "position"} for one in questions),
        when=when_of(found) or When(),
        at=f"{check_in.at:%H:%M}",
        any_hour=check_in.any_hour,
        quiet_from=f"{check_in.quiet_from:%H:%M}",
        quiet_until=f"{check_in.quiet_until:%H:%M}",
        one_per_city=check_in.one_per_city,
        window_hours=check_in.window_hours,
        reminds=check_in.reminds,
        channel=check_in.channel or "",
        workspace=check_in.workspace_id or 0,
        check_in=check_in.id,
        changes=check_in.changes,
        cadence=(found.rule, found.event, found.event_days),
    )
    return replace(plan, before=kept(plan))


def problem_with(plan: Plan, found: Coming, today: date, phases: Phases) -> str | None:
    """Why nobody could be asked on these dates; None when all is well."""
    if plan.when.kind == "once" and not plan.when.on:
        return "Please choose the day."
    if plan.when.kind == "around" and not plan.when.event:
        return "Please choose the date of the cohort that it depends on."
    if own(plan) is not None and not found.dates:
        return None  # its dates are over, and what else is changed may be
    told = cadence.problem_with(found.cadence, today, phases, any_hour=plan.any_hour)
    if told:
        return told
    return (
        None
        if found.dates
        else "Nobody would be asked: it is over for some already, or the cohort ends before. Please choose other days."
    )


def due_at(plan: Plan, nominal: date, place: Place) -> datetime:
    """When somebody is asked."""
    return rhythm.due_at(rhythm.pattern_of(as_row(plan), ()), nominal, place)


def as_row(plan: Plan) -> CheckIn:
    """The check-in that the plan would make, as far as it rules when somebody is asked; it is in no database."""
    start, end = plan.quiet
    hours = {"any_hour": plan.any_hour, "quiet_from": start, "quiet_until": end, "reminds": plan.reminds}
    return CheckIn(
        id=0,
        name=name_of(plan),
        rule="",
        at=plan.clock,
        window_hours=plan.window_hours,
        **hours,
    )


def examples(people: Sequence[Person], now: datetime) -> list[Person]:
    """Up to three people, each in another zone, from east to west."""
    by_clock: dict[object, Person] = {}
    for one in people:
        by_clock.setdefault(calendar.local(now, one.zone).utcoffset(), one)
    east_first = sorted(by_clock, key=lambda offset: offset, reverse=True)  # type: ignore[arg-type, return-value]
    return [by_clock[offset] for offset in east_first][:PEOPLE_SHOWN]


def spoken(moment: datetime, nominal: date, person: Person, today: date) -> str:
    """Tuesday, October 13, 9:00 AM CDT (Monday, October 12, is Columbus Day)."""
    there = calendar.local(moment, person.zone)
    zone = calendar.zone_name(person.zone, moment)
    said = f"{calendar.spoken_date(there.date(), today)}, {calendar.spoken_time(there.time())} {zone}"
    if there.date() == nominal:
        return said
    return f"{said} ({calendar.spoken_date(nominal, today)}, is {_why_off(nominal, person)})"


def when_of(found: Cadence) -> When | None:
    """The fields of the form that give this cadence; None for a rule that they cannot say."""
    if found.event is not None:
        days = found.event_days or 0
        return When(kind="around", event=found.event, days=abs(days), side="after" if days > 0 else "before")
    parts = dict(line.partition(":")[::2] for line in found.rule.splitlines())
    rule = dict(part.partition("=")[::2] for part in parts.get("RRULE", "").split(";"))
    starts = _iso(parts.get("DTSTART", ""))
    every = int(rule.get("INTERVAL", "1"))
    if "RDATE" in parts:
        return When(kind="once", on=_iso(parts["RDATE"]))
    if rule.get("FREQ") == "WEEKLY":
        weekdays = tuple(CODES.index(code) for code in rule["BYDAY"].split(","))
        return When(kind="weekly", every=every, weekdays=weekdays, starts=starts)
    if "BYMONTHDAY" in rule:
        return When(kind="date", day=int(rule["BYMONTHDAY"].split(",")[-1]), months=every, starts=starts)
    nth = re.fullmatch(r"(-?\d)(\w\w)", rule.get("BYDAY", ""))
    return When(kind="nth", nth=int(nth[1]), weekday=CODES.index(nth[2]), starts=starts) if nth else None


def _cadence(when: When, first: date) -> Cadence:
    starts = date.fromisoformat(when.starts) if when.starts else first
    if when.kind == "date":
        return cadence.monthly_on(starts, when.day, when.months)
    if when.kind == "nth":
        return cadence.monthly_nth(starts, when.nth, when.weekday)
    if when.kind == "once":
        return cadence.once(date.fromisoformat(when.on)) if when.on else Cadence("")
    if when.kind == "around":
        return cadence.around(when.event, when.days if when.side == "after" else -when.days)
    return cadence.weekly(starts, when.every, when.weekdays)


def _dates(
    plan: Plan, found: Cadence, places: Sequence[Place], phases: Phases, since: date, now: datetime
) -> tuple[date, ...]:
    """The next dates for which nobody's moment has passed; the first few may be over where clocks are ahead."""
    named = cadence.dates_after(found, since, DATES_SHOWN + 3, phases)
    return tuple(day for day in named if min(due_at(plan, day, place) for place in places) > now)[:DATES_SHOWN]


def _why_off(day: date, person: Person) -> str:
    if day.weekday() > 4:
        return "not a working day"
    off = next((one.name for one in person.days.off if one.covers(day) and one.name), None)
    return off or calendar.holiday_name(day, person.days.state) or "a day off"


def _iso(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) >= 8 else ""
