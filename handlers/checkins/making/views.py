"""The first steps of making a check-in: what was begun before, its name, and its questions. Built and read back; pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers import blocks, buttons, calendar
from handlers.blocks import escaped
from handlers.checkins.making import rules
from handlers.checkins.making.rules import STEPS, Plan
from handlers.checkins.making.templates import TEMPLATES, Question
from handlers.checkins.wording import AUDIENCES, KINDS, capital, counted
from handlers.types import Json

STEP = "checkin_making"
NEW, EDIT = "checkin_make_new", "checkin_edit"
BACK, GO_ON, ANEW = "checkin_making_back", "checkin_making_go_on", "checkin_making_anew"
ADD, CHANGE, PUT_BACK, TAKE_TEMPLATE = (
    "checkin_question_add",
    "checkin_question_change",
    "checkin_question_put_back",
    "checkin_question_template",
)
COHORT, NAME, TEMPLATE = "cohort", "name", "template"
MOST_OPTIONS = 100


@dataclass(frozen=True)
class Carried:
    """What travels with a step: which draft it shows, the key of what is made, which step it is, and (see `Plan`) the changes seen."""

    about: str
    key: str
    step: int
    changes: int = 0


def new_button() -> Json:
    """Opens the form of a new check-in."""
    return buttons.button("New check-in", NEW)


def edit_button(check_in_id: int) -> Json:
    """Opens the form of a check-in, filled in."""
    return buttons.button("Edit the check-in", EDIT, str(check_in_id))


def carried(view: Json) -> Carried:
    return Carried(*json.loads(view["private_metadata"]))


def step(plan: Plan, about: str, body: Sequence[Json], *, note: str = "", submit: str = "Next") -> Json:
    """A step of the form around its fields; `note` is what must be said first."""
    title = "Edit check-in" if plan.check_in else "New check-in"
    start = blocks.context(f"Step {plan.step} of {len(STEPS)} · *{STEPS[plan.step - 1]}*")
    noted = [blocks.section(note)] if note else []
    back = [blocks.actions(buttons.button("Back", BACK), block_id="back")] if plan.step > 1 else []
    metadata = json.dumps([about, plan.key, plan.step, plan.changes])
    view = blocks.modal(STEP, title, [start, *noted, *body, *back], submit=submit, private_metadata=metadata)
    # Closing is told, so that what stands in the open step is kept as well.
    return {**view, "close": blocks.plain("Finish later", 24), "notify_on_close": True}


def begun_before(plan: Plan, about: str, cohort: str, on: date, today: date, words: str) -> Json:
    """What is offered when somebody closed the form before it was sent; `words` are what was typed behind the command now."""
    name = escaped(rules.name_of(plan) or "a check-in without a name")
    where = f" for {escaped(cohort)}" if cohort else ""
    count = capital(counted(len(plan.questions), "question", "questions"))
    day = "today" if on == today else f"{on:%A}" if 0 < (today - on).days < 7 else calendar.spoken_date(on, today)
    since = day if day == "today" else f"on {day}"
    what = "changing" if plan.check_in else "making"
    text = f"You began {what} *{name}*{where} {since}. {count}; step {plan.step} of {len(STEPS)}."
    go_on = buttons.button(f"Go on with what you began {since}", GO_ON, style="primary")
    gone = f"What you filled in {since} is gone then."
    sure = buttons.sure("Start anew?", gone, "Start anew", "Keep it")
    anew = buttons.button("Start anew", ANEW, words[:2000] or "-", confirm=sure)
    title = "Edit check-in" if plan.check_in else "New check-in"
    metadata = json.dumps([about, plan.key, plan.step, plan.changes])
    body = [blocks.section(text), blocks.actions(go_on, anew)]
    return blocks.modal(STEP, title, body, private_metadata=metadata)


def name_step(plan: Plan, about: str, cohorts: Sequence[tuple[int, str]], note: str = "") -> Json:
    """Step 1: for whom, its name, and what it starts with. The cohort of a check-in that exists stays."""
    kinds = [blocks.option(one.title, key) for key, one in TEMPLATES.items()]
    chosen = None if plan.template not in TEMPLATES else plan.template
    hint = "You can change its questions in the next step."
    named = "" if plan.check_in else " Left empty, it is called as what it starts with."
    body = [
        _cohorts(plan, cohorts),
        blocks.select(TEMPLATE, "Start with", kinds, chosen=chosen, hint=hint),
        blocks.text_input(
            NAME,
            "Name",
            value=plan.name,
            hint=f"People see it with every question.{named}",
            optional=not plan.check_in,
        ),
    ]
    if plan.check_in:
        body = [body[2]]
    return step(plan, about, body, note=note)


def questions_step(plan: Plan, about: str, note: str = "") -> Json:
    """Step 2: the questions in their order."""
    body: list[Json] = []
    if not plan.questions:
        body.append(blocks.section("There is no question yet. Up to ten fit; three are answered most often."))
    for position, question in enumerate(plan.questions):
        menu = _menu(position, len(plan.questions))
        body.append(
            blocks.section(f"*{position + 1}.* {escaped(question['text'])}\n{about_it(question)}", accessory=menu)
        )
    row = []
    if len(plan.questions) < rules.MOST_QUESTIONS:
        row.append(buttons.button("Add a question", ADD, style=None if plan.questions else "primary"))
    if plan.removed:
        row.append(buttons.button("Put the removed question back", PUT_BACK))
        body.append(blocks.context(f"Removed: {escaped(plan.removed[1]['text'])}"))
    template = TEMPLATES.get(plan.template)
    if template and template.questions and plan.questions != template.questions:
        row.append(_take_template(plan))
    if len(plan.questions) == rules.MOST_QUESTIONS:
        body.append(blocks.context("These are ten questions, the most that a check-in has."))
    return step(plan, about, [*body, blocks.actions(*row)] if row else body, note=note)


def about_it(question: Question) -> str:
    """Kind, who sees the answers, and the rest of a question, in small."""
    said = [KINDS[question["kind"]], _who_sees(question)]
    said.append("required" if question.get("required") else "optional")
    if question.get("anonymous"):
        said.append("anonymous")
    options = question.get("options") or {}
    listed = options.get("choices") or options.get("labels") or options.get("topics") or []
    more = f"\n_{escaped(' / '.join(listed))}_" if listed else ""
    return f"_{' · '.join(said)}_{more}"


def read_name(view: Json, plan: Plan) -> Plan:
    """What stands in step 1."""
    state = view["state"]["values"]
    cohort = int(blocks.value_of(view, COHORT) or plan.cohort)
    name = " ".join((blocks.value_of(view, NAME) or "").split()) if NAME in state else plan.name
    changed = replace(plan, cohort=cohort, name=name)
    template = blocks.value_of(view, TEMPLATE)
    return rules.with_template(changed, template) if template in TEMPLATES else changed


def gone(text: str) -> Json:
    """What stands in a form that is of no use any more."""
    return blocks.modal("checkin_gone", "Check-in", [blocks.section(text)])


def _who_sees(question: Question) -> str:
    audience = AUDIENCES[question["audience"]]
    return f"seen by {audience[:1].lower()}{audience[1:]}"


def _cohorts(plan: Plan, cohorts: Sequence[tuple[int, str]]) -> Json:
    """A menu; more than a hundred stand in groups by their first letters."""
    options = [blocks.option(name, str(cohort_id)) for cohort_id, name in cohorts]
    chosen = str(plan.cohort) if plan.cohort else None
    if len(options) <= MOST_OPTIONS:
        return blocks.select(COHORT, "Cohort", options, chosen=chosen)
    element: Json = {"type": "static_select", "action_id": COHORT, "option_groups": _groups(options)}
    first = next((one for one in options if one["value"] == chosen), None)
    return blocks.field(COHORT, "Cohort", {**element, "initial_option": first} if first else element)


def _groups(options: Sequence[Json]) -> list[Json]:
    parts = [options[start : start + MOST_OPTIONS] for start in range(0, len(options), MOST_OPTIONS)][:MOST_OPTIONS]
    return [
        {"label": blocks.plain(f"{part[0]['text']['text'][:30]} … {part[-1]['text']['text'][:30]}"), "options": part}
        for part in parts
    ]


def _menu(position: int, count: int) -> Json:
    """What can be done with a question."""
    labels = {"edit": "Edit", "remove": "Remove"}
    if position > 0:
        labels["up"] = "Move up"
    if position < count - 1:
        labels["down"] = "Move down"
    options = [blocks.option(label, f"{word}:{position}") for word, label in labels.items()]
    return {"type": "overflow", "action_id": f"{CHANGE}_{position}", "options": options}


def _take_template(plan: Plan) -> Json:
    title = TEMPLATES[plan.template].title
    sure = None
    if plan.questions:
        count = counted(len(plan.questions), "question", "questions")
        are = "is" if len(plan.questions) == 1 else "are"
        sure = buttons.sure(
            "Take its questions?", f"The {count} that you have here {are} replaced.", "Take them", "Keep mine"
        )
    label = blocks.cut(f"Take the questions of “{title}”", blocks.OPTION_LIMIT)
    return buttons.button(label, TAKE_TEMPLATE, confirm=sure)


def is_touched(view: Json) -> bool:
    """Whether somebody changed what stood in a step at first."""
    values = view.get("state", {}).get("values", {})
    inputs = [block for block in view["blocks"] if block["type"] == "input" and block["block_id"] in values]
    return any(_now_and_first(block, values[block["block_id"]]) for block in inputs)


def _now_and_first(block: Json, states: Json) -> bool:
    element = block["element"]
    state = states.get(element["action_id"]) or {}
    now = [thing for key, thing in state.items() if key != "type" and thing]
    first = [thing for key, thing in element.items() if key.startswith("initial_") and thing]
    return now != first
