"""The third step of making a check-in: on which dates and at what time, with the next dates of three people. Built and read back; pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from handlers import blocks, calendar
from handlers.blocks import escaped
from handlers.cadence import NTH, WEEKDAYS, Phases
from handlers.checkins.making import dates
from handlers.checkins.making.dates import Asked, Coming
from handlers.checkins.making.rules import Plan, When
from handlers.checkins.making.views import step
from handlers.types import Json

LOOK = "when_"
# All begin alike: what is chosen in any of them is told at once, so that the dates below follow.
KIND, AT, HOURS, QUIET_FROM, QUIET_UNTIL = "when_kind", "when_at", "when_hours", "when_quiet_from", "when_quiet_until"
EVERY, DAYS_OF_WEEK, STARTS = "when_every", "when_weekdays", "when_starts"
DAY, MONTHS, NTH_ONE, WEEKDAY = "when_day", "when_months", "when_nth", "when_weekday"
ON, EVENT, DAYS, SIDE = "when_on", "when_event", "when_days", "when_side"
ANY_HOUR = "any"
KINDS = {
    "weekly": "Every week, or every few weeks",
    "date": "Every month, on a date",
    "nth": "Every month, on a weekday",
    "once": "Once",
    "around": "Before or after a date of the cohort",
}
WEEKS = {1: "Every week", 2: "Every second week", 3: "Every third week", 4: "Every fourth week"}
EVERY_MONTH = {1: "Every month", 2: "Every second month", 3: "Every third month", 6: "Every sixth month"}
DAYS_AROUND = (0, 1, 2, 3, 4, 5, 6, 7, 10, 14, 21, 28, 42, 60, 90)


def when_step(plan: Plan, about: str, phases: Phases, coming: Coming, today: date, note: str = "") -> Json:
    """Step 3; `coming` is what the dates come to."""
    kinds = [blocks.option(label, value) for value, label in KINDS.items() if value != "around" or phases]
    body = [_chosen(KIND, "How often", kinds, plan.when.kind), *_of_kind(plan.when, phases, today)]
    at = {"type": "timepicker", "action_id": AT, "initial_time": plan.at}
    body.append(_live(blocks.field(AT, "At", at, hint="In each person's own time zone.")))
    hours = [
        blocks.option("Working days, outside quiet hours", "working"),
        blocks.option("Any day and hour", ANY_HOUR),
    ]
    hint = "A weekend, a holiday or a city's day off moves to its next working day."
    body.append(_chosen(HOURS, "Ask on", hours, ANY_HOUR if plan.any_hour else "working", hint=hint))
    if not plan.any_hour:
        body += [_time(QUIET_FROM, "Quiet from", plan.quiet_from), _time(QUIET_UNTIL, "Quiet until", plan.quiet_until)]
    body += _shown(plan, coming, phases, today)
    if not phases:
        body.append(blocks.context("The cohort has no dated phases; with some, a check-in can depend on them."))
    return step(plan, about, body, note=note)


def read_when(view: Json, plan: Plan) -> Plan:
    """What stands in step 3; fields of another kind stay as they are."""
    when = plan.when

    def said(block_id: str, usual: object) -> str:
        there = block_id in view["state"]["values"]
        return (blocks.value_of(view, block_id) or "") if there else str(usual)

    weekdays = tuple(int(one) for one in blocks.values_of(view, DAYS_OF_WEEK))
    changed = When(
        kind=said(KIND, when.kind) or when.kind,
        every=int(said(EVERY, when.every) or 1),
        weekdays=weekdays if DAYS_OF_WEEK in view["state"]["values"] else when.weekdays,
        months=int(said(MONTHS, when.months) or 1),
        day=int(said(DAY, when.day) or 1),
        nth=int(said(NTH_ONE, when.nth) or 1),
        weekday=int(said(WEEKDAY, when.weekday) or 0),
        on=said(ON, when.on),
        event=said(EVENT, when.event),
        days=int(said(DAYS, when.days) or 0),
        side=said(SIDE, when.side) or "before",
        starts=said(STARTS, when.starts),
    )
    return replace(
        plan,
        when=changed,
        at=said(AT, plan.at) or plan.at,
        any_hour=said(HOURS, ANY_HOUR if plan.any_hour else "working") == ANY_HOUR,
        quiet_from=said(QUIET_FROM, plan.quiet_from) or plan.quiet_from,
        quiet_until=said(QUIET_UNTIL, plan.quiet_until) or plan.quiet_until,
    )


def field_of(when: When) -> str:
    """Where a problem with the dates is shown."""
    return {"weekly": DAYS_OF_WEEK, "date": DAY, "nth": WEEKDAY, "once": ON, "around": EVENT}[when.kind]


def _of_kind(when: When, phases: Phases, today: date) -> list[Json]:
    if when.kind == "weekly":
        days = [blocks.option(day, str(number)) for number, day in enumerate(WEEKDAYS)]
        ticked = [str(day) for day in when.weekdays]
        boxes = blocks.checkboxes(DAYS_OF_WEEK, "On", days, ticked=ticked, optional=False)
        weeks = _numbers(
            {**WEEKS, **{count: f"Every {count} weeks" for count in (5, 6, 8, 10, 12)}}, when.every, "Every {} weeks"
        )
        return [_chosen(EVERY, "Weeks", weeks, str(when.every)), _live(boxes), _starts(when)]
    if when.kind == "date":
        days = [blocks.option(_ordinal(day), str(day)) for day in range(1, 32)]
        months = _numbers({**EVERY_MONTH, 12: "Every twelfth month"}, when.months, "Every {} months")
        hint = "In a shorter month, its last day."
        return [
            _chosen(MONTHS, "Months", months, str(when.months)),
            _chosen(DAY, "On the", days, str(when.day), hint=hint),
            _starts(when),
        ]
    if when.kind == "nth":
        nth = [blocks.option(word.capitalize(), str(number)) for number, word in NTH.items()]
        days = [blocks.option(day, str(number)) for number, day in enumerate(WEEKDAYS)]
        return [
            _chosen(NTH_ONE, "On the", nth, str(when.nth)),
            _chosen(WEEKDAY, "Weekday", days, str(when.weekday)),
            _starts(when),
        ]
    if when.kind == "once":
        return [_live(blocks.field(ON, "On", blocks.date_picker(ON, _day(when.on))))]
    return _around(when, phases, today)


def _around(when: When, phases: Phases, today: date) -> list[Json]:
    named = {one["name"]: date.fromisoformat(one["on"]) for one in reversed(phases)}
    options = [
        blocks.option(blocks.cut(f"{name}, {calendar.spoken_date(on, today)}", blocks.OPTION_LIMIT), name[:150])
        for name, on in reversed(named.items())
    ]
    if when.event and when.event not in named:
        options.append(blocks.option(f"{when.event} (no date any more)", when.event[:150]))
    sides = [blocks.option("Before it", "before"), blocks.option("After it", "after")]
    counts = {0: "On the day", 1: "1 day", **{days: f"{days} days" for days in DAYS_AROUND if days > 1}}
    return [
        _chosen(DAYS, "How long", _numbers(counts, when.days, "{} days"), str(when.days)),
        _chosen(SIDE, "Before or after", sides, when.side),
        _chosen(EVENT, "Date of the cohort", options[:100], when.event or None),
    ]


def _shown(plan: Plan, coming: Coming, phases: Phases, today: date) -> list[Json]:
    """The next dates of up to three people, or why there are none."""
    problem = dates.problem_with(plan, coming, today, phases)
    if problem:
        return [blocks.divider(), blocks.section(f"*No dates yet.* {problem}")]
    if not coming.dates:
        return [blocks.divider(), blocks.section("No further date comes, unless you choose others.")]
    if not coming.asked:
        days = "\n".join(f"• {calendar.spoken_date(day, today)}" for day in coming.dates)
        return [blocks.divider(), blocks.section(f"*The next dates* (nobody is on a seat of the cohort yet)\n{days}")]
    count = len(coming.dates)
    label = "The next date" if count == 1 else f"The next {count} dates"
    shown = [blocks.section(f"*{label}*"), *(blocks.section(_person(one, today)) for one in coming.asked)]
    return [blocks.divider(), *shown]


def _person(asked: Asked, today: date) -> str:
    who = asked.person
    lines = [f"• {dates.spoken(moment, nominal, who, today)}" for nominal, moment in asked.moments]
    return "\n".join([f"*{escaped(who.name)}*, {escaped(who.city)}", *lines])


def _chosen(
    block_id: str, label: str, options: Sequence[Json], chosen: str | None, *, hint: str = "", optional: bool = False
) -> Json:
    return _live(blocks.select(block_id, label, options, chosen=chosen, hint=hint, optional=optional))


def _time(block_id: str, label: str, at: str) -> Json:
    return _live(blocks.field(block_id, label, {"type": "timepicker", "action_id": block_id, "initial_time": at}))


def _starts(when: When) -> Json:
    picker = blocks.date_picker(STARTS, _day(when.starts))
    return _live(blocks.field(STARTS, "Not before", picker, optional=True))


def _live(block: Json) -> Json:
    """What is chosen is told at once."""
    return {**block, "dispatch_action": True}


def _numbers(named: dict[int, str], chosen: int, other: str) -> list[Json]:
    """Options for numbers; one that a check-in has already and the form does not offer stands among them, named by `other`."""
    known = named if chosen in named else {**named, chosen: other.format(chosen)}
    return [blocks.option(text, str(number)) for number, text in sorted(known.items())]


def _ordinal(day: int) -> str:
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
