"""What a check-in that is being made, or changed, will mean for those who are asked, in plain words. Pure."""

from collections.abc import Sequence
from datetime import date

from handlers import blocks, cadence, calendar
from handlers.blocks import escaped
from handlers.cadence import Cadence, Phases
from handlers.checkins.making.dates import Asking, Coming, own
from handlers.checkins.making.rules import Plan, name_of, plan_of
from handlers.checkins.making.templates import Question
from handlers.checkins.wording import counted
from storage.checkins import Listed

WINDOWS = {
    24: "one day",
    48: "two days",
    72: "three days",
    96: "four days",
    120: "five days",
    168: "a week",
    336: "two weeks",
}


def happens(plan: Plan, coming: Coming, asking: Asking, phases: Phases, today: date) -> str:
    """Who is asked how often, from when on, and how long they have."""
    often = cadence.spoken(coming.cadence, phases, today)
    lines = [f"{often}, {calendar.spoken_time(plan.clock)} in each person's own time zone, {hours(plan)}."]
    which = "next" if plan.check_in else "first"
    first = (
        f"The {which} time is *{calendar.spoken_date(coming.dates[0], today)}*" if coming.dates else "No date is left"
    )
    cities = counted(asking.cities, "city", "cities")
    if not asking.people:
        lines.append(f"{first}; but nobody is on a seat of the cohort yet, so nobody would be asked.")
    elif plan.one_per_city:
        lines.append(f"{first}: {people_in_zones(asking)}, with one answer for each of {cities}.")
    else:
        lines.append(f"{first}: {people_in_zones(asking)}, from {cities}, each for themselves.")
    reminder = "Who has not answered is reminded once, toward the end." if plan.reminds else "Nobody is reminded."
    lines.append(f"Each has {window(plan)} from their own moment. {reminder}")
    return "\n".join(lines)


def changes(plan: Plan, coming: Coming, asking: Asking, phases: Phases, today: date) -> str:
    """What is different from the check-in as it was, from which round on and for whom."""
    found = differences(plan, coming, phases, today)
    if not found:
        return "*Nothing is different yet.* Go back to change something, or close the form."
    whom = f" for {people_in_zones(asking)}" if asking.people else ""
    start = f"From the round of {calendar.spoken_date(coming.dates[0], today)} on," if coming.dates else "From now on,"
    lines = [f"*{start}{whom}:*", *(f"• {one}" for one in found)]
    if asking.open_on:
        lines.append(f"The round of {calendar.spoken_date(asking.open_on, today)}, which is open now, stays as it is.")
    return "\n".join(lines)


def differences(plan: Plan, coming: Coming, phases: Phases, today: date) -> list[str]:
    """Each difference from the check-in as it was when the change began, as half a sentence."""
    if plan.before is None:
        return []
    before, found = plan_of(plan.before), []
    if name_of(plan) != before.name:
        found.append(f"It is called *{escaped(name_of(plan))}* instead of *{escaped(before.name)}*.")
    if plan.cadence and own(plan) is None:
        now = cadence.spoken(coming.cadence, phases, today)
        was = cadence.spoken(Cadence(*plan.cadence), phases, today)
        found.append(f"Asked: {now}. Until now: {was}.")
    if plan.at != before.at:
        now_at, was_at = calendar.spoken_time(plan.clock), calendar.spoken_time(before.clock)
        found.append(f"Asked at {now_at} instead of {was_at}, each in their own zone.")
    if hours(plan) != hours(before):
        found.append(f"Asked {hours(plan)}, instead of {hours(before)}.")
    if plan.one_per_city != before.one_per_city:
        one, each = "One answer per city", "each delegate for themselves"
        found.append(
            f"{one}, instead of {each}." if plan.one_per_city else f"{each.capitalize()}, instead of {one.lower()}."
        )
    if plan.window_hours != before.window_hours:
        found.append(f"Open for {window(plan)} instead of {window(before)}.")
    if plan.reminds != before.reminds:
        found.append("Who has not answered is reminded once." if plan.reminds else "Nobody is reminded any more.")
    if (plan.channel, plan.workspace) != (before.channel, before.workspace):
        was = f" instead of {_place(before, plan)}" if before.channel else ""
        found.append(f"The summary goes to {blocks.channel(plan.channel)}{was}.")
    return found + _of_questions(plan.questions, before.questions)


def hours(plan: Plan) -> str:
    """On which days and hours, as the end of a sentence."""
    if plan.any_hour:
        return "on any day and at any hour"
    start, end = (calendar.spoken_time(at) for at in plan.quiet)
    return f"on working days only, quiet from {start} to {end}"


def window(plan: Plan) -> str:
    return WINDOWS.get(plan.window_hours, f"{plan.window_hours} hours")


def people_in_zones(asking: Asking) -> str:
    """12 people in three time zones."""
    people = counted(asking.people, "person", "people")
    return f"{people} in {counted(asking.zones, 'time zone', 'time zones')}"


def changed_meanwhile(who: str | None, name: str) -> str:
    """Stands above the last step when somebody else saved a change first."""
    return (
        f"*{escaped(who) if who else 'Somebody'} changed {escaped(name)} meanwhile, so nothing of yours is saved yet.* "
        "What you filled in is all here; below is what it would change now. Save puts yours in place of theirs."
    )


def saved(found: Listed, told: Sequence[str], first: date | None, today: date) -> str:
    """What was changed, as a message to who did it."""
    check_in = found.check_in
    start = f"Saved {escaped(check_in.name)} (number {check_in.number}) of {escaped(found.cohort.name)}."
    when = f" From the round of {calendar.spoken_date(first, today)} on:" if first else " From its next round on:"
    return "\n".join([f"{start}{when}", *(f"• {one}" for one in told)])


def _place(before: Plan, plan: Plan) -> str:
    """A channel means something in its own workspace only."""
    return blocks.channel(before.channel) if before.workspace == plan.workspace else "one in another workspace"


def _of_questions(now: Sequence[Question], was: Sequence[Question]) -> list[str]:
    """By their texts: what is new, what is gone, what is asked in another way, and whether the order is another one."""
    old, new = ({one["text"]: one for one in questions} for questions in (was, now))
    found = [f"New question: {_quoted(text)}" for text in new if text not in old]
    found += [f"Asked no more: {_quoted(text)}" for text in old if text not in new]
    found += [
        f"Asked in another way (kind, choices, who sees it, or whether it is required): {_quoted(text)}"
        for text, one in new.items()
        if text in old and old[text] != one
    ]
    kept_now, kept_then = ([text for text in part if text in other] for part, other in ((new, old), (old, new)))
    return [*found, "The questions come in another order."] if kept_now != kept_then else found


def _quoted(text: str) -> str:
    return f"“{escaped(blocks.cut(text, 120))}”"
