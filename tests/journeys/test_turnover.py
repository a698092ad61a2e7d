"""The life of a cohort: made by hand, people put on its seats, one handed over with what was promised, one gone from Slack."""

from datetime import timedelta

from bot.sandbox.form import Form
from bot.sandbox.person import Actor
from tests.journeys.telling import moment
from tests.whole import Slack

FRIDAY_MORNING = moment("UTC", 2026, 10, 9, 15)


def joins(slack: Slack, name: str) -> Actor:
    first = name.split(maxsplit=1)[0].lower()
    person = slack.workspace.add_person(name, email=f"{first}@austin.gov", tz="America/Chicago")
    return slack.sandbox.person(person.id)


async def dana_makes_the_cohort(slack: Slack) -> None:
    form = await slack.person("Dana").types("/cohort", "new")
    assert isinstance(form, Form)
    for label, value in (
        ("Or a new network", "Equipt to Innovate"),
        ("Name", "Budgeting for results"),
        ("Theme", "Outcome budgets"),
        ("Phases", "Kick-off, Oct 1\nCoaching, Nov 2"),
        ("Time zone", "Central"),
        ("Channel", slack.channel("#cohort").id),
    ):
        await form.put(label, value)
    await form.put("Network", None)
    assert await form.submit() is None, form.errors
    await slack.settle()


async def dana_adds(slack: Slack, person: Actor, name: str, role: str, *, new_city: bool) -> None:
    dana = slack.person("Dana")
    message = next(one for one in dana.messages if one["text"].startswith("Made Budgeting"))
    form = await dana.clicks(message, "Add a person")
    assert isinstance(form, Form)
    city = {"new_city": "Austin", "state": "TX"} if new_city else {}
    if not new_city:
        await form.put("City", "Austin, TX")
    assert await form.submit(user=person.id, name=name, role=role, **city) is None, form.errors
    await slack.settle()


async def test_a_cohort_from_its_first_day_to_the_second_generation(slack: Slack) -> None:
    bo, cy, di = (joins(slack, name) for name in ("Bo Li", "Cy Oh", "Di Ram"))
    await dana_makes_the_cohort(slack)
    await dana_adds(slack, bo, "Bo Li", "lead", new_city=True)
    await dana_adds(slack, cy, "Cy Oh", "delegate", new_city=False)
    assert "with Bo Li" in cy.messages[-1]["text"]

    saved = await bo.types("/commit", "publish the outcome budget by October 23")
    assert isinstance(saved, dict)
    assert saved["text"].startswith("Saved #1: publish the outcome budget")
    await bo.types("/commit", "train the department heads by November 6")
    await cy.types("/commit", "call Milwaukee by October 30")

    form = await slack.person("Dana").types("/cohort", "handover budgeting")
    assert isinstance(form, Form)
    await form.put("Who hands over", "Bo Li · Austin, TX, lead")
    choice = await form.submit(user=di.id, name="Di Ram", since="2026-10-09", note="Start with the budget office.")
    assert isinstance(choice, Form), form.errors
    await choice.put("Which open commitments go along", "Only those chosen below")
    await choice.put("Those that go along", ["#1 publish the outcome budget"])
    assert await choice.submit() is None
    await slack.settle()
    assert di.messages == []

    await slack.turn_to(FRIDAY_MORNING)
    [brief] = di.messages
    assert "Start with the budget office." in str(brief)
    assert "2 open commitments" not in brief["text"], "three are open: hers, the one without an owner, and Cy's"
    assert "after Bo Li. 3 open commitments of the city." in brief["text"]
    hers = await di.types("/commit", "mine")
    assert "publish the outcome budget" in str(hers)
    assert "train the department heads" not in str(hers)

    slack.workspace.change_person(cy.id, deleted=True)
    await slack.settle()
    told = di.messages[-1]
    assert told["text"].startswith("Cy Oh is not in Slack any more")
    assert "One open commitment needs an owner: #3." in told["text"]
    hand = await di.types("/commit", "hand 3")
    assert isinstance(hand, Form)
    await hand.submit(new_owner=str((await slack.member(di.id)).id))
    await slack.settle()
    slack.workspace.change_person(cy.id, deleted=False)
    await slack.turn_to(FRIDAY_MORNING + timedelta(minutes=5))
    assert cy.messages[-1]["text"].startswith("Welcome back: you are on your seats again.")
    assert "call Milwaukee" not in str(cy.messages[-1])
    assert slack.person("Ana").messages == [], "another cohort hears nothing"
