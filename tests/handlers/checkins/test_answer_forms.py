"""The form of an answer as a value: what is filled in is read back, and no step is longer than Slack takes."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import elements, limits
from handlers.checkins.answering import answer_form, fields, filling, promised, stepping
from handlers.checkins.answering.answer_form import Material
from handlers.checkins.answering.stepping import Walk
from storage.answers import Open
from storage.blockers import Found
from storage.commitment_lists import Item
from storage.models import Asking, Blocker, CheckIn, Commitment, Member, Prompt, Round

Json = dict[str, Any]
NOW = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
TODAY = date(2026, 10, 5)
TOPICS = fields.menu_of_topics(Counter({f"topic-{number}": number for number in range(1, 300)}))
KINDS = ("text", "choice", "choices", "scale", "number", "yes_no", "blocker", "commitments")
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)
LONG = "🏛" * 3000


def question(position: int, kind: str, **more: Any) -> Json:
    options: Json = {}
    if kind in ("choice", "choices"):
        options = {"choices": [f"Choice {number}" for number in range(more.pop("choices", 4))]}
    if kind == "scale":
        options = {"labels": more.pop("labels", [])}
    usual: Json = {"audience": "city", "required": False, "anonymous": False}
    return {"position": position, "kind": kind, "text": f"Question {position}?", "options": options, **usual, **more}


@st.composite
def questions(draw: st.DrawFn) -> list[Json]:
    """One to ten questions of all kinds, one of them about commitments at most, as forms ask them."""
    kinds = draw(st.lists(st.sampled_from(KINDS[:-1]), min_size=1, max_size=10))
    if draw(st.booleans()):
        kinds[draw(st.integers(0, len(kinds) - 1))] = "commitments"
    made = []
    for position, kind in enumerate(kinds):
        more: Json = {"choices": draw(st.integers(2, 30))} if kind in ("choice", "choices") else {}
        more |= {"labels": draw(st.sampled_from([[], ["low", "high"], list("abcde")]))} if kind == "scale" else {}
        flags = {"required": draw(st.booleans()), "anonymous": draw(st.booleans())}
        made.append(question(position, kind, text=draw(TEXTS) or "?", **flags, **more))
    return made


def value_for(draw: st.DrawFn, one: Json) -> Any:
    """An answer to a question, as it is kept."""
    kind, choices = one["kind"], one["options"].get("choices", [])
    said = {
        "text": TEXTS.map(str.strip),
        "choice": st.sampled_from(choices or ["-"]),
        "choices": st.lists(st.sampled_from(choices or ["-"]), unique=True, min_size=1),
        "scale": st.sampled_from("12345"),
        "number": st.decimals(-(10**9), 10**9, places=2).map(str),
        "yes_no": st.sampled_from(["yes", "no"]),
        "blocker": st.builds(
            lambda text, topic: {"topic": topic, "text": text},
            TEXTS.map(str.strip).filter(bool),
            st.sampled_from(["", "topic-290", "topic-120"]),
        ),
    }[kind]
    value = draw(said) or None
    return value["text"] if kind == "blocker" and one["anonymous"] else value


def material(
    some: list[Json], values: Json, *, blockers: int = 0, commitments: int = 0, text: str = "It is late"
) -> Any:
    prompt = Prompt(id=1, subject="delegate:1", ends_at=NOW + timedelta(days=1))
    where = ("Procurement", "UTC", "Memphis", None)
    this = Open(prompt, Asking(member_id=1), Round(questions=some), CheckIn(name="Pulse"), *where)
    ana = Member(id=1, program_id=1, name="Ana Diaz")
    said = {str(one["position"]): {"topic": "", "text": text} if one["kind"] == "blocker" else text for one in some}
    given_ = SimpleNamespace(name="Ana Diaz", member_id=1, values=said)
    found = {
        n: Found(
            Blocker(id=n, topic="topic-1", text=text, audience="city", opened_at=NOW, member_id=1), "Ana", "Memphis", ""
        )
        for n in range(1, blockers + 1)
    }
    promises = {}
    for n in range(1, commitments + 1):
        row = Commitment(number=n, text=text, owner_id=1, due_on=TODAY, audience="city", state="open")
        promises[n] = promised.promise(Item(row, ana, "Memphis", "Procurement"), "delegate", 1)
    last: Any = (given_, [one for one in some if one["kind"] in ("text", "blocker")])
    return Material(this, values, last, found, promises, TOPICS, "America/Chicago", NOW, since=NOW)


def submitted(view: Json) -> Json:
    """The view as Slack sends it when somebody changes nothing."""
    blocks = [block for block in view["blocks"] if block["type"] == "input"]
    return {**view, "state": {"values": elements.values(blocks, {})}}


def walk_through(of: Any, steps: Any, values: Json) -> Json:
    """Press Next until the end; what is read on the way."""
    read: Json = {}
    for at in range(len(stepping.unfold(steps, values))):
        view = answer_form.page(of, Walk(1, "key", steps, at=at, turn=at))
        limits.check_view(view)
        assert stepping.read(view).at == at
        if answer_form.first_field(view):
            step = answer_form.read(submitted(view), of.this.round.questions, TODAY)
            assert not {unit for unit in read if unit in step.values}
            read |= step.values
    return read


@settings(max_examples=40)
@given(st.data())
def test_what_is_filled_in_is_read_back_for_every_kind(data: st.DataObject) -> None:
    some = data.draw(questions())
    values = {f"a{one['position']}": value_for(data.draw, one) for one in some if one["kind"] != "commitments"}
    numbers = [1, 2, 3] if any(one["kind"] == "commitments" for one in some) else []
    values |= {f"c{n}": data.draw(st.sampled_from([*promised.OPTIONS, None])) for n in numbers}
    values |= {f"d{n}": {"due_on": "2026-11-02", "why": "Legal"} for n in numbers if values[f"c{n}"] == "new_date"}
    values |= {f"s{n}": data.draw(st.sampled_from(["still", "gone", None])) for n in (1, 2)}
    steps = stepping.plan(some, [1, 2], numbers, answered=False)
    read = walk_through(material(some, values, blockers=2, commitments=len(numbers)), steps, values)
    assert {unit: value for unit, value in read.items() if value} == {u: v for u, v in values.items() if v}


@pytest.mark.parametrize("kind", KINDS)
def test_no_step_is_longer_than_slack_takes_whatever_was_typed_and_said_before(kind: str) -> None:
    some = [
        question(n, kind if n else "blocker", text="?" * 300, choices=60)
        if kind in ("choice", "choices") and n
        else question(n, kind if n else "blocker", text="?" * 300)
        for n in range(10)
    ]
    long: Any = {"topic": "topic-290", "text": LONG} if kind == "blocker" else LONG
    values = {f"a{n}": long for n in range(10)} if kind in ("text", "blocker") else {}
    values["a0"] = {"topic": "topic-290", "text": LONG}
    values |= {f"c{n}": "new_date" for n in range(1, 41)}
    steps = stepping.plan(some, list(range(1, 41)), list(range(1, 41)), answered=False)
    walk_through(material(some, values, blockers=40, commitments=40, text=LONG), steps, values)


def test_an_answer_that_was_given_opens_as_it_was() -> None:
    own = {
        "0": "Moved",
        "1": [
            {"number": 7, "text": "T", "audience": "city", "went": "new_date", "due_on": "2026-12-01", "why": "Late"}
        ],
        "2": ["One", "Two"],
        "still": {"5": "gone"},
    }
    date_ = {"due_on": "2026-12-01", "why": "Late"}
    assert filling.opened(own) == {"s5": "gone", "a0": "Moved", "a2": ["One", "Two"], "c7": "new_date", "d7": date_}


def test_a_form_of_few_questions_has_one_step() -> None:
    some = [question(0, "text"), question(1, "scale"), question(2, "blocker")]
    assert stepping.plan(some, [5], [1], answered=False) == (("a0", "a1", "s5", "a2"),)


def test_a_long_form_is_split_into_steps_of_about_the_same_length() -> None:
    some = [question(n, "text") for n in range(10)]
    assert [len(step) for step in stepping.plan(some, [], [], answered=False)] == [5, 5]


def test_what_is_anonymous_comes_last_so_that_nothing_of_it_is_kept_between_steps() -> None:
    some = [question(0, "yes_no", anonymous=True), *(question(n, "text") for n in range(1, 10))]
    steps = stepping.plan(some, [], [], answered=False)
    assert steps[-1] == ("a0",)
    assert "a0" not in [unit for step in stepping.plan(some, [], [], answered=True) for unit in step]
    with_dates = [question(0, "yes_no", anonymous=True), question(1, "commitments")]
    assert stepping.plan(with_dates, [], [1], answered=False) == (("c1",), ("a0",))


def test_new_dates_are_asked_for_on_the_step_after() -> None:
    steps = (("c1", "c2"), ("a0",))
    assert stepping.unfold(steps, {"c1": "new_date", "c2": "done"}) == (("c1", "c2"), ("d1",), ("a0",))


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("12", None), ("-3.5", None), ("", None), ("12,5", fields.NOT_A_NUMBER), ("1" * 16, fields.NOT_A_NUMBER)],
)
def test_a_number_is_a_number(typed: str, problem: str | None) -> None:
    found = fields.problem(question(0, "number"), {"answer": typed})
    assert found == (("answer", problem) if problem else None)


def test_a_topic_alone_says_nothing_and_a_required_answer_needs_words() -> None:
    assert fields.problem(question(0, "blocker"), {"answer": None, "topic": "x"}) == ("answer", fields.NOTHING_SAID)
    assert fields.problem(question(0, "text", required=True), {"answer": "  "}) == ("answer", fields.REQUIRED)
    assert fields.read(question(0, "blocker"), {"answer": "No", "topic": "else"}) == {"topic": "", "text": "No"}


def test_without_topics_nobody_is_asked_for_one() -> None:
    assert fields.menu_of_topics({}) == []
    [only] = fields.of_question(question(0, "blocker"), None, 0, [], 3000)
    assert only["element"]["type"] == "plain_text_input"


def test_topics_can_be_searched_and_the_rarest_are_left_out() -> None:
    groups = [group["label"]["text"] for group in TOPICS]
    assert groups[0] == "With the most practices"
    assert groups[-1] == "None of these"
    assert sum(len(group["options"]) for group in TOPICS) == fields.TOPICS + 1


def test_who_may_not_change_a_commitment_is_not_asked_about_it() -> None:
    row = Commitment(number=1, text="T", owner_id=2, due_on=TODAY, audience="city", state="open")
    item = Item(row, None, "Memphis", "Procurement")
    assert promised.promise(item, "lead", 1).asked
    assert not promised.promise(item, "delegate", 1).asked
    row.state = "needs_owner"
    assert not promised.promise(item, "lead", 1).asked


def test_a_form_that_slack_says_nothing_of_was_not_changed() -> None:
    some = [question(0, "text"), question(1, "choices")]
    view = answer_form.page(material(some, {"a0": "Moved", "a1": ["Choice 1"]}), Walk(1, "key", (("a0", "a1"),)))
    assert answer_form.typed({**view, "state": {"values": {}}}, some, TODAY) == {}
    same = submitted(view)
    assert answer_form.typed(same, some, TODAY) == {}
    same["state"]["values"]["answer_0"]["answer_0"]["value"] = "Moved on"
    assert answer_form.typed(same, some, TODAY) == {"a0": "Moved on"}
