"""Plans of check-ins as values: kept and read back unchanged, dates from a form to a rule and back, and views within Slack's limits."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import elements, limits
from handlers import cadence, calendar
from handlers.checkins.making import dates as making_dates
from handlers.checkins.making import dates_views as making_dates_views
from handlers.checkins.making import last_views as making_last_views
from handlers.checkins.making import question_views, templates
from handlers.checkins.making import rules as making_rules
from handlers.checkins.making import views as making_views
from handlers.checkins.making import words as making_words
from handlers.checkins.making.dates import Asking
from handlers.checkins.making.last_views import Scene
from handlers.checkins.making.question_views import Place
from handlers.checkins.making.rules import Plan, When
from handlers.checkins.making.templates import TEMPLATES, question
from storage.checkins import Person
from storage.days import Days, Off

NOW = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
TODAY = date(2026, 10, 1)
PHASES = ({"name": "Kick-off", "on": "2026-10-20"}, {"name": "Convening <b>", "on": "2027-01-20"})
DATES = st.dates(date(2026, 10, 1), date(2029, 12, 31)).map(date.isoformat)
WHENS = st.builds(
    When,
    kind=st.sampled_from(("weekly", "date", "nth", "once", "around")),
    every=st.integers(1, 12),
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    months=st.integers(1, 12),
    day=st.integers(1, 31),
    nth=st.sampled_from((1, 2, 3, 4, -1)),
    weekday=st.integers(0, 6),
    on=DATES,
    event=st.sampled_from([one["name"] for one in PHASES]),
    days=st.sampled_from((0, 1, 7, 90)),
    side=st.sampled_from(("before", "after")),
    starts=DATES,
)
WORDS = st.sampled_from(("Who?", "What <b> & *c*\nd", "Ä—ñ 🙂 `'\"", "y" * 299, "w" * 40 + " <!channel>"))
KINDS = ("text", "choice", "choices", "scale", "number", "yes_no", "blocker", "commitments")
QUESTIONS = st.builds(
    lambda kind, text, audience, required, anonymous: question(
        kind,
        text,
        audience,
        required=required,
        anonymous=anonymous and kind not in making_rules.NEVER_ANONYMOUS,
        options={
            "choice": {"choices": ["a", "b & <c>"]},
            "choices": {"choices": ["a", "b"]},
            "scale": {"labels": ["low", "high"]},
            "blocker": {"topics": ["Law"]},
        }.get(kind, {}),
    ),
    st.sampled_from(KINDS),
    WORDS.map(lambda text: f"{text.strip()}?"),
    st.sampled_from(("city", "facilitators", "cohort", "network")),
    st.booleans(),
    st.booleans(),
)
PLANS = st.builds(
    Plan,
    key=st.just("key"),
    cohort=st.integers(0, 9),
    name=WORDS.map(lambda text: text[:90]),
    template=st.sampled_from(sorted(TEMPLATES)),
    questions=st.lists(QUESTIONS, max_size=10).map(tuple),
    when=WHENS,
    any_hour=st.booleans(),
    one_per_city=st.booleans(),
    window_hours=st.integers(1, 400),
    reminds=st.booleans(),
    removed=st.none() | st.tuples(st.integers(0, 9), QUESTIONS),
)


def person(name: str = "Ana Diaz", city: str = "Memphis", zone: str = "America/Chicago", **days: Any) -> Person:
    return Person(1, 1, name, 1, city, Days(**days), zone, None, None)


def filled(view: dict[str, Any]) -> dict[str, Any]:
    """The view as it is sent off when nobody changed anything in it."""
    checked = limits.check_view(view)
    return {**checked, "state": {"values": elements.values(checked["blocks"], {})}}


@given(PLANS)
def test_a_plan_is_kept_as_json_and_comes_back_as_it_was(plan: Plan) -> None:
    assert making_rules.plan_of(json.loads(json.dumps(making_rules.kept(plan)))) == plan


def test_a_draft_of_another_version_is_read_as_far_as_it_goes() -> None:
    plan = making_rules.plan_of({"key": "k", "name": "Pulse", "mood": "good", "when": {"every": 3, "moon": "full"}})
    assert (plan.name, plan.when.every, plan.when.weekdays, plan.window_hours) == ("Pulse", 3, (0,), 48)


@given(WHENS)
def test_dates_go_from_the_form_to_a_rule_and_back(when: When) -> None:
    fields = {
        "weekly": ("every", "weekdays", "starts"),
        "date": ("day", "months", "starts"),
        "nth": ("nth", "weekday", "starts"),
        "once": ("on",),
        "around": ("event", "days"),
    }[when.kind]
    plan = Plan(key="k", when=when, any_hour=True)
    found = making_dates.coming(plan, [person()], "America/New_York", PHASES, NOW)
    back = making_dates.when_of(found.cadence)
    assert back is not None
    assert back.kind == when.kind
    assert [getattr(back, name) for name in fields] == [getattr(when, name) for name in fields]
    assert when.kind != "around" or when.days == 0 or back.side == when.side


@given(WHENS, st.sampled_from(("America/Chicago", "Pacific/Honolulu", "Asia/Kolkata")), st.booleans())
def test_the_dates_shown_are_to_come_in_order_and_on_working_days(when: When, zone: str, any_hour: bool) -> None:
    plan = Plan(key="k", when=when, any_hour=any_hour)
    who = person(zone=zone, state="TX")
    found = making_dates.coming(plan, [who], "America/New_York", PHASES, NOW)
    assert len(found.dates) <= making_dates.DATES_SHOWN
    assert list(found.dates) == sorted(set(found.dates))
    for asked in found.asked:
        for nominal, moment in asked.moments:
            assert moment > NOW
            there = calendar.local(moment, zone)
            assert there.date() >= nominal
            assert any_hour or calendar.is_working_day(there.date(), who.days)


@given(WHENS)
def test_a_form_that_nobody_changed_says_what_stood_in_it(when: When) -> None:
    plan = Plan(key="k", when=when, step=3, any_hour=when.every > 6)
    found = making_dates.coming(plan, [person()], "America/New_York", PHASES, NOW)
    view = making_dates_views.when_step(plan, "check-in:new", PHASES, found, TODAY)
    assert making_dates_views.read_when(filled(view), plan) == plan


@given(QUESTIONS)
def test_a_question_that_nobody_changed_stays_as_it_was(asked: dict[str, Any]) -> None:
    view = filled(question_views.form(Place("check-in:new", "key", 3), asked))
    assert question_views.read(view) == asked
    assert question_views.problems(view) == {}
    assert question_views.place_of(view) == Place("check-in:new", "key", 3)


@given(PLANS, st.integers(0, 9))
def test_moving_a_question_up_and_down_again_changes_nothing(plan: Plan, at: int) -> None:
    up = making_rules.moved(plan, at, -1)
    if up != plan:
        assert making_rules.moved(up, at - 1, 1).questions == plan.questions
    out = making_rules.without_question(plan, at)
    if out != plan:
        assert making_rules.with_removed_again(out).questions == plan.questions


@given(PLANS)
def test_every_step_of_any_plan_is_taken_by_slack(plan: Plan) -> None:
    people = [person("N" * 80, "C" * 80), person(zone="Pacific/Honolulu"), person(zone="America/Phoenix")]
    found = making_dates.coming(plan, people, "America/New_York", PHASES, NOW)
    asking = Asking(3, 1, 3)
    cohorts = [(number, f"{'<&> ' * 15}{number}") for number in range(250)]
    for number, view in enumerate(
        (
            making_views.name_step(plan, "check-in:new", cohorts),
            making_views.questions_step(plan, "check-in:new"),
            making_dates_views.when_step(plan, "check-in:new", PHASES, found, TODAY),
            making_last_views.who_step(plan, "check-in:new", own_channel=True),
            making_last_views.last_step(plan, "check-in:new", Scene("C" * 80, found, asking, PHASES, TODAY)),
            making_views.begun_before(plan, "check-in:new", "C" * 80, TODAY - timedelta(days=30), TODAY, "w" * 3000),
        )
    ):
        limits.check_view(view)
        assert len(view["private_metadata"]) < 3000, number


@pytest.mark.parametrize("key", sorted(TEMPLATES))
def test_a_template_is_short_and_plain(key: str) -> None:
    asked = TEMPLATES[key].questions
    assert len(asked) <= 4
    for one in asked:
        assert len(one["text"]) <= 70
        assert one["text"].endswith("?")
        assert one["kind"] not in making_rules.NEVER_ANONYMOUS or not one["anonymous"]
        assert question_views.problems(filled(question_views.form(Place("a", "k", 0), one))) == {}


def test_questions_of_ones_own_are_not_lost_when_another_template_is_chosen() -> None:
    plan = making_rules.begun_with("pulse", "k")
    assert making_rules.with_template(plan, "coaching").questions == TEMPLATES["coaching"].questions
    own = making_rules.with_question(plan, 0, question("text", "Mine?", "city"))
    changed = making_rules.with_template(own, "coaching")
    assert changed.questions == own.questions
    assert making_rules.with_questions_of_template(changed).questions == TEMPLATES["coaching"].questions


def test_dates_of_ones_own_stay_when_another_template_is_chosen() -> None:
    plan = making_rules.begun_with("pulse", "k")
    assert making_rules.with_template(plan, "retrospective").when == When(every=2, weekdays=(4,))
    own = Plan(key="k", template="pulse", when=When(every=3))
    assert making_rules.with_template(own, "retrospective").when == When(every=3)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("pulse", "pulse"),
        ("fortnightly", "pulse"),
        ("monthly coaching call", "coaching"),
        ("after a convening", "after"),
        ("retrospective", "retrospective"),
        ("own", "own"),
        ("Vendor list", None),
        ("", None),
    ],
)
def test_a_template_is_named_in_full_in_part_or_not(words: str, key: str | None) -> None:
    assert templates.meant(words) == key


def test_every_second_week_begins_with_the_day_that_comes_next() -> None:
    plan = Plan(key="k", when=When(every=2, weekdays=(0,)))
    found = making_dates.coming(plan, [person()], "America/New_York", (), NOW)
    assert found.dates[:2] == (date(2026, 10, 5), date(2026, 10, 19))
    on_monday = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)  # ten o'clock in Memphis: nine is over
    found = making_dates.coming(plan, [person()], "America/New_York", (), on_monday)
    assert found.dates[:2] == (date(2026, 10, 12), date(2026, 10, 26))


def test_a_date_that_was_skipped_stays_so_when_others_are_chosen() -> None:
    kept = cadence.without(cadence.weekly(date(2026, 10, 5), 1, [0]), date(2026, 10, 12))
    plan = Plan(key="k", when=When(starts="2026-10-05"), cadence=(kept.rule, None, None))
    assert making_dates.own(plan) == kept
    fortnight = Plan(key="k", when=When(weekdays=(0, 1), starts="2026-10-05"), cadence=(kept.rule, None, None))
    found = making_dates.coming(fortnight, [person()], "America/New_York", (), NOW)
    assert found.dates[:3] == (date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 13))


def test_a_day_off_says_why_it_moves() -> None:
    off = Off(date(2026, 10, 5), date(2026, 10, 6), None, "Council recess")
    who = person(state="TN", off=(off,))
    plan = Plan(key="k", when=When())
    found = making_dates.coming(plan, [who], "America/New_York", (), NOW)
    said = [making_dates.spoken(moment, nominal, who, TODAY) for nominal, moment in found.asked[0].moments[:2]]
    assert said == [
        "Wednesday, October 7, 9:00 AM CDT (Monday, October 5, is Council recess)",
        "Tuesday, October 13, 9:00 AM CDT (Monday, October 12, is Columbus Day)",
    ]


def test_three_people_in_three_zones_are_shown_from_east_to_west() -> None:
    zones = ("Pacific/Honolulu", "America/Chicago", "America/Chicago", "America/New_York", "America/Phoenix")
    people = [person(f"P{number}", zone=zone) for number, zone in enumerate(zones)]
    assert [one.name for one in making_dates.examples(people, NOW)] == ["P3", "P1", "P4"]
    assert len(making_dates.examples(people[1:3], NOW)) == 1


def test_each_difference_is_said() -> None:
    before = Plan(
        key="k",
        name="Pulse",
        channel="C1",
        workspace=1,
        cadence=("DTSTART:20261005T000000\nRRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO", None, None),
        when=When(starts="2026-10-05"),
    )
    asked = (*reversed(before.questions[:2]), question("number", "How many?", "city"))
    plan = Plan(
        key="k",
        name="Pulse & more",
        questions=asked,
        when=When(kind="date", day=3),
        cadence=before.cadence,
        at="10:00",
        any_hour=True,
        one_per_city=True,
        window_hours=168,
        reminds=False,
        channel="C2",
        workspace=1,
        before=making_rules.kept(before),
        check_in=1,
    )
    found = making_dates.coming(plan, [person()], "America/New_York", (), NOW)
    assert making_words.differences(plan, found, (), TODAY) == [
        "It is called *Pulse &amp; more* instead of *Pulse*.",
        "Asked: On the 3rd of each month. Until now: Every Monday.",
        "Asked at 10:00 AM instead of 9:00 AM, each in their own zone.",
        "Asked on any day and at any hour, instead of on working days only, quiet from 6:00 PM to 8:00 AM.",
        "One answer per city, instead of each delegate for themselves.",
        "Open for a week instead of two days.",
        "Nobody is reminded any more.",
        "The summary goes to <#C2> instead of <#C1>.",
        "New question: “How many?”",
        "Asked no more: “What is in your way?”",
        "The questions come in another order.",
    ]


def test_no_date_is_named_after_the_cohort_has_ended() -> None:
    plan = Plan(key="k", when=When())
    found = making_dates.coming(plan, [person()], "America/New_York", (), NOW, until=date(2026, 10, 20))
    assert found.dates == (date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 19))
    found = making_dates.coming(plan, [person()], "America/New_York", (), NOW, until=date(2026, 10, 2))
    assert "the cohort ends before" in str(making_dates.problem_with(plan, found, TODAY, ()))
