"""The form of an answer: a step of it is built from what is known, and read back unit by unit. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers import calendar, due_days
from handlers.blocks import SECTION_LIMIT, context, cut, escaped, field, modal, option, plain, section
from handlers.buttons import button
from handlers.checkins.answering import fields, last_time, promised, stepping
from handlers.checkins.answering.early_views import ahead
from handlers.checkins.answering.last_time import Last
from handlers.checkins.answering.promised import Promise
from handlers.checkins.answering.stepping import Walk
from handlers.checkins.wording import WHO_SEES, capital, until
from handlers.saying import topic_name
from handlers.types import Json
from storage.answers import Open
from storage.blockers import Found
from storage.prompting import for_city

ANSWER_FORM = "checkin_answer_form"
BACK, AFRESH = "checkin_back", "checkin_afresh"
STILL = "still"
STILL_OPTIONS = {"still": "Yes, still", "gone": "No longer"}
BLOCKER_SHOWN = 280


@dataclass(frozen=True)
class Material:
    """What a form is made of. `values` is what stands in its units, `since` when they were typed and not sent."""

    this: Open
    values: Mapping[str, Any]
    last: Last
    blockers: Mapping[int, Found]
    promises: Mapping[int, Promise]
    topics: Sequence[Json]
    zone: str
    now: datetime
    since: datetime | None = None

    @property
    def today(self) -> date:
        return calendar.today(self.zone, self.now)


@dataclass(frozen=True)
class Read:
    """What stands in a step: the values of its units, and what is wrong, by the block_id of the field."""

    values: dict[str, Any]
    problems: dict[str, str]


def page(material: Material, walk: Walk) -> Json:
    """The step of the form at which the walk is."""
    steps = stepping.unfold(walk.steps, material.values)
    units = steps[walk.at]
    blocks = _top(material, walk, len(steps))
    for unit in units:
        blocks += _unit(material, walk, unit, begins=_begins(unit, units))
    blocks += _beside(material, walk)
    has_input = any(block["type"] == "input" for block in blocks)
    submit = ("Save the answer" if walk.at + 1 == len(steps) else "Next") if has_input else None
    view = modal(ANSWER_FORM, "Check-in", blocks, submit=submit, private_metadata=stepping.written(walk))
    if walk.at and has_input:
        view["close"] = plain("Finish later", 24)
    return view | {"notify_on_close": True}


def read(view: Json, questions: Sequence[Json], today: date) -> Read:
    """What was filled in, whether it is right or not."""
    raw, blocks = _raw(view)
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for question in questions:
        names = {part: f"{part}_{question['position']}" for part in (fields.ANSWER, fields.TOPIC)}
        if names[fields.ANSWER] in raw:
            held = {part: raw.get(name) for part, name in names.items()}
            values[f"a{question['position']}"] = fields.read(question, held)
            problem = fields.problem(question, held)
            if problem:
                problems[blocks[names[problem[0]]]] = problem[1]
    for name, held in raw.items():
        part, _, number = name.rpartition("_")
        if part in (STILL, promised.WENT):
            values[f"{'s' if part == STILL else 'c'}{number}"] = held
        elif part == promised.DUE:
            values[f"d{number}"] = promised.read_date(raw, number)
            found = promised.problems(raw, number, today, due_days.problem_with_day)
            problems |= {blocks[name]: text for name, text in found.items()}
    return Read(values, problems)


def typed(view: Json, questions: Sequence[Json], today: date) -> dict[str, Any]:
    """What somebody changed in a step since it was shown: nothing when Slack does not say what stood there."""
    at_first = _shown_at_first(view)
    now = read(view, questions, today).values
    before = read({**view, "state": {"values": at_first}}, questions, today).values
    return {unit: value for unit, value in now.items() if value != before.get(unit)}


def without_anonymous(values: Mapping[str, Any], questions: Sequence[Json]) -> dict[str, Any]:
    """What may be kept with somebody's name."""
    hidden = {f"a{one['position']}" for one in questions if fields.is_anonymous(one)}
    return {unit: value for unit, value in values.items() if unit not in hidden}


def first_field(view: Json) -> str | None:
    return next((block["block_id"] for block in view["blocks"] if block["type"] == "input"), None)


def _top(material: Material, walk: Walk, steps: int) -> list[Json]:
    """Above the first step what this is about, above the others where one is."""
    if walk.at:
        text = f"Step {walk.at + 1} of {steps}. What came before is kept."
        return [section(text, accessory=button("Back", BACK))]
    this = material.this
    ends_at = this.open_until(material.now)
    end = until(ends_at, material.zone, this.cohort_zone, material.now)
    when = f"Open until {end}." if material.now <= ends_at else f"The window ended {end}; a late answer is welcome."
    when = ahead(this, material.zone, material.now) or when
    anonymous = [one for one in this.round.questions if fields.is_anonymous(one)]
    name = f"Your name stands with your answers{', except the anonymous ones' if anonymous else ''}."
    title = escaped(f"{this.cohort_name} · {this.check_in.name}")
    blocks = [section(f"*{title}*\nAnswering for {escaped(this.city)}. {when} {name}")]
    if material.since:
        day = calendar.today(material.zone, material.since)
        begun = "earlier today" if day == material.today else f"on {calendar.spoken_date(day, material.today)}"
        text = f"You began this {begun}; it is filled in as you left it."
        blocks.append(section(text, accessory=button("Start afresh", AFRESH)))
    if this.prompt.answered_at and anonymous:
        asked = ", ".join(f"“{escaped(one['text'])}”" for one in anonymous)
        blocks.append(context(cut(f"Not asked again: {asked}. Nobody knows which anonymous answer is whose.", 2900)))
    return [*blocks, context(f"Step 1 of {steps}.")] if steps > 1 else blocks


def _begins(unit: str, units: Sequence[str]) -> bool:
    """Whether this is the first unit of its kind on the step."""
    return next(one for one in units if one[0] == unit[0]) == unit


def _unit(material: Material, walk: Walk, unit: str, *, begins: bool) -> list[Json]:
    number, value = int(unit[1:]), material.values.get(unit)
    if unit.startswith("a"):
        return _question(material, walk, number, value)
    if unit.startswith("s"):
        return _still_blocked(material, walk, number, value)
    questions = material.this.round.questions
    question = next(one for one in questions if one["kind"] == "commitments")
    promise = material.promises.get(number)
    if promise is None:
        return [context(f"#{number} was closed or handed over meanwhile.")]
    if unit.startswith("d"):
        return promised.new_date(promise, value, walk.turn, material.today)
    heading = promised.heading(question) if begins else []
    return [*heading, promised.field(question, promise, value, walk.turn, material.today)]


def _question(material: Material, walk: Walk, position: int, value: Any) -> list[Json]:
    questions = material.this.round.questions
    question = next(one for one in questions if one["position"] == position)
    if question["kind"] == "commitments":
        return [*promised.heading(question), context(promised.none_to_ask(material.this.city, material.promises))]
    longest = stepping.longest_text(questions, question, SECTION_LIMIT)
    topics = [] if fields.is_anonymous(question) else material.topics
    together = for_city(material.this.prompt)
    inputs = fields.of_question(question, value, walk.turn, topics, longest, together=together)
    # A blocker that is still open is asked about by itself, with all that was said of it.
    asked_again = question["kind"] == "blocker" and material.blockers
    return (
        inputs
        if asked_again or fields.is_anonymous(question)
        else [*last_time.line(material.this, question, material.last), *inputs]
    )


def _still_blocked(material: Material, walk: Walk, blocker_id: int, value: Any) -> list[Json]:
    found = material.blockers.get(blocker_id)
    if found is None:
        return [context("A blocker that stood here was closed meanwhile.")]
    blocker = found.blocker
    topic = f"*{escaped(topic_name(blocker.topic))}* · " if blocker.topic else ""
    since = calendar.spoken_date(calendar.today(material.zone, blocker.opened_at), material.today)
    care = f" {escaped(found.looked_after_by)} looks after it." if found.looked_after_by else ""
    text = f"{topic}{escaped(cut(blocker.text, BLOCKER_SHOWN))}\n_Said by {escaped(found.name)}, {since}._{care}"
    options = [option(words, key) for key, words in STILL_OPTIONS.items()]
    name = f"{STILL}_{blocker_id}"
    element: Json = {"type": "radio_buttons", "action_id": name, "options": options}
    chosen = next((one for one in options if one["value"] == value), None)
    element |= {"initial_option": chosen} if chosen else {}
    hint = f"{capital(WHO_SEES[blocker.audience])} this. Left open, it stays as it is."
    block = fields.block_id(name, walk.turn)
    return [section(text), field(block, "Still blocked?", element, hint=hint, optional=True)]


def _beside(material: Material, walk: Walk) -> list[Json]:
    """Below the first step what the city promised, where no question asks about it."""
    asks = any(one["kind"] == "commitments" for one in material.this.round.questions)
    if walk.at or (asks and all(one.asked for one in material.promises.values())):
        return []
    beside = [one for one in material.promises.values() if not (asks and one.asked)]
    return promised.listed(material.this.city, beside, material.today, more=asks) if beside else []


def _raw(view: Json) -> tuple[dict[str, Any], dict[str, str]]:
    """What stands in each field by its name, and the block in which the field is."""
    raw: dict[str, Any] = {}
    blocks: dict[str, str] = {}
    for block_id, states in (view.get("state") or {}).get("values", {}).items():
        for name, state in states.items():
            raw[name], blocks[name] = _held(state), block_id
    return raw, blocks


def _held(state: Json) -> Any:
    if "selected_options" in state:
        return [one["value"] for one in state["selected_options"] or ()]
    if "selected_option" in state:
        return (state["selected_option"] or {}).get("value")
    return state.get("selected_date") or state.get("value")


def _shown_at_first(view: Json) -> Json:
    """The state of the fields as they were when the step was shown."""
    values: Json = {}
    for block in view["blocks"]:
        element = block.get("element") if block["type"] == "input" else None
        if element:
            keys = {"initial_option": "selected_option", "initial_options": "selected_options"}
            keys |= {"initial_value": "value", "initial_date": "selected_date"}
            state = {key: element[first] for first, key in keys.items() if first in element}
            values[block["block_id"]] = {element["action_id"]: state}
    return values
