"""A check-in while it is being made: what was filled in so far, what is wrong with it, and what a step changes. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import time
from typing import Any

from handlers.calendar import Hours
from handlers.checkins.making import templates
from handlers.checkins.making.templates import TEMPLATES, Question

STEPS = ("Name", "Questions", "When", "Who and how", "Look it over")
MOST_QUESTIONS = 10
NAME_LIMIT, QUESTION_LIMIT = 80, 300
CHOICE_LIMIT, LABEL_LIMIT = 75, 60
MOST_CHOICES, MOST_TOPICS = 10, 20
NEVER_ANONYMOUS = ("blocker", "commitments")


@dataclass(frozen=True)
class When:
    """On which dates: the fields of all kinds, so that changing the kind forgets none. Dates are ISO text, "" is none.

    `kind` is weekly (every so many weeks on weekdays), date (of the month), nth (weekday of the month), once, or around a phase.
    """

    kind: str = "weekly"
    every: int = 1
    weekdays: tuple[int, ...] = (0,)
    months: int = 1
    day: int = 1
    nth: int = 1
    weekday: int = 1
    on: str = ""
    event: str = ""
    days: int = 7
    side: str = "before"
    starts: str = ""


@dataclass(frozen=True)
class Plan:
    """What was filled in so far. `key` is the form's random one; `changes` counts how often the check-in that is edited was changed.

    `workspace` is that of the channel; `cadence` (rule, event, days) is the check-in's own, and `before` what it was when the change
    began. `removed` is the question that was taken out last, with its place.
    """

    key: str
    cohort: int = 0
    name: str = ""
    template: str = "pulse"
    questions: tuple[Question, ...] = TEMPLATES["pulse"].questions
    when: When = field(default_factory=When)
    at: str = "09:00"
    any_hour: bool = False
    quiet_from: str = "18:00"
    quiet_until: str = "08:00"
    one_per_city: bool = False
    window_hours: int = 48
    reminds: bool = True
    channel: str = ""
    workspace: int = 0
    step: int = 1
    removed: tuple[int, Question] | None = None
    check_in: int = 0
    changes: int = 0
    cadence: tuple[str, str | None, int | None] | None = None
    before: dict[str, Any] | None = None

    @property
    def clock(self) -> time:
        return time.fromisoformat(self.at)

    @property
    def quiet(self) -> tuple[time, time]:
        return time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)


def kept(plan: Plan) -> dict[str, Any]:
    """As it stands in a draft."""
    return asdict(plan)


def plan_of(values: dict[str, Any]) -> Plan:
    """From a draft; what a draft of an older version lacks is as usual."""
    known = {one.name for one in fields(Plan)}
    there = {name: value for name, value in values.items() if name in known}
    when = there.pop("when", {})
    spans = {one.name for one in fields(When)}
    chosen = {name: value for name, value in when.items() if name in spans}
    chosen["weekdays"] = tuple(chosen.get("weekdays", (0,)))
    there["questions"] = tuple(there.get("questions", ()))
    for name in ("removed", "cadence"):
        there[name] = tuple(there[name]) if there.get(name) else None
    return Plan(when=When(**chosen), **there)


def begun_with(template: str, key: str, name: str = "") -> Plan:
    """A new one."""
    return with_template(Plan(key=key, name=name, template=""), template)


def with_template(plan: Plan, key: str) -> Plan:
    """Its questions, unless somebody wrote their own; and its dates, as long as these are still those of the template before."""
    if key == plan.template:
        return plan
    before, after = TEMPLATES.get(plan.template), TEMPLATES[key]
    untouched = templates.title_of(plan.questions) is not None or not plan.questions
    usual = before is None or plan.when == When(**before.when)
    changed = replace(plan, template=key, removed=None)
    if untouched:
        changed = replace(changed, questions=after.questions)
    if usual:
        more = {"window_hours": after.window_hours, "one_per_city": after.one_per_city}
        changed = replace(changed, when=When(**after.when), **more)  # type: ignore[arg-type]
    return changed


def with_questions_of_template(plan: Plan) -> Plan:
    """The template's questions in place of those that stand there."""
    return replace(plan, questions=TEMPLATES[plan.template].questions, removed=None)


def with_question(plan: Plan, position: int | None, question: Question) -> Plan:
    """A question changed, or (None) added at the end."""
    found = list(plan.questions)
    if position is None or position >= len(found):
        found.append(question)
    else:
        found[position] = question
    return replace(plan, questions=tuple(found[:MOST_QUESTIONS]), removed=None)


def moved(plan: Plan, position: int, by: int) -> Plan:
    """A question one place up (-1) or down (1)."""
    found, other = list(plan.questions), position + by
    if not (0 <= position < len(found) and 0 <= other < len(found)):
        return plan
    found[position], found[other] = found[other], found[position]
    return replace(plan, questions=tuple(found), removed=None)


def without_question(plan: Plan, position: int) -> Plan:
    """A question taken out, which can be put back."""
    if not 0 <= position < len(plan.questions):
        return plan
    left = plan.questions[:position] + plan.questions[position + 1 :]
    return replace(plan, questions=left, removed=(position, plan.questions[position]))


def with_removed_again(plan: Plan) -> Plan:
    if plan.removed is None or len(plan.questions) >= MOST_QUESTIONS:
        return plan
    position, question = plan.removed
    found = (*plan.questions[:position], question, *plan.questions[position:])
    return replace(plan, questions=found, removed=None)


def name_of(plan: Plan) -> str:
    """The name that was typed, else that of the template."""
    known = plan.template in TEMPLATES and plan.template != templates.OWN
    return plan.name or (TEMPLATES[plan.template].title if known else "")


def problem_with_name(plan: Plan) -> str | None:
    name = name_of(plan)
    if not name:
        return "Please give it a name: people see it with every question."
    if len(name) > NAME_LIMIT:
        return f"Please shorten the name to {NAME_LIMIT} characters; it has {len(name)}."
    return None


def problem_with_questions(plan: Plan) -> str | None:
    if not plan.questions:
        return "Please add at least one question; nothing could be asked without one."
    if len(plan.questions) > MOST_QUESTIONS:
        return f"A check-in has at most {MOST_QUESTIONS} questions; these are {len(plan.questions)}."
    return None


def problem_with_time(plan: Plan) -> str | None:
    """Why nobody could be asked at this time of the day; None when they can."""
    if plan.any_hour:
        return None
    start, end = plan.quiet
    if not Hours(start, end).include(plan.clock):
        return "This is within the quiet hours below. Choose another time, other quiet hours, or “Any day and hour”."
    return None


def lines_of(text: str) -> list[str]:
    """What was typed, one on a line; the same one twice counts once."""
    return list(dict.fromkeys(filter(None, (" ".join(line.split()) for line in text.splitlines()))))


def problem_with_choices(choices: Sequence[str]) -> str | None:
    if len(choices) < 2:
        return "Please write at least two different choices, one on a line."
    if len(choices) > MOST_CHOICES:
        return f"These are {len(choices)} choices; {MOST_CHOICES} are the most."
    return _too_long(choices)


def problem_with_topics(topics: Sequence[str]) -> str | None:
    if len(topics) > MOST_TOPICS:
        return f"These are {len(topics)} topics; {MOST_TOPICS} are the most."
    return _too_long(topics)


def _too_long(lines: Sequence[str]) -> str | None:
    long = next((line for line in lines if len(line) > CHOICE_LIMIT), None)
    return f"Please shorten “{long[:40]}…” to {CHOICE_LIMIT} characters; it has {len(long)}." if long else None
