"""Cohorts made and edited by hand: the form, what is wrong with it, and two people at once."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import select

from bot.sandbox.form import Form
from storage import cohorts
from storage.models import Cohort, Facilitator, Network
from tests.handlers.steps import form_of, newest
from tests.whole import Slack


async def test_a_facilitator_makes_a_cohort_in_a_network_that_is_there(slack: Slack) -> None:
    dana = slack.person("Dana")
    form = await form_of(dana, "new")
    assert form.labels == [
        "Network",
        "Or a new network",
        "Name",
        "Theme",
        "First day",
        "Last day",
        "Phases",
        "Time zone",
        "Channel",
    ]
    assert form["network"] == "City Accelerator"

    closed = await form.submit(
        name="Budget cohort",
        theme="Budgeting for results",
        starts="2026-10-01",
        ends="2027-06-30",
        phases="Kick-off, Oct 1\nWork, part two, 2027-01-15",
        zone="America/Chicago",
        channel="C0COHORT",
    )
    assert closed is None
    await slack.settle()
    assert newest(dana) == "Made Budget cohort in City Accelerator. Next, put people on its seats."

    answer = await dana.types("/cohort", "show budget cohort")
    text = answer["blocks"][0]["text"]["text"]
    assert "Theme: Budgeting for results" in text
    assert "Phase: Kick-off; next Work, part two, Friday, January 15, 2027" in text
    assert "Channel: <#C0COHORT>" in text


async def test_a_cohort_in_a_new_network_and_who_makes_it_facilitates_it(slack: Slack) -> None:
    renee = slack.person("Renee")
    form = await form_of(renee, "new")
    await form.submit(network=None, new_network="Equipt to Innovate", name="First cohort")
    await slack.settle()
    member = await slack.member("Renee")
    async with slack.sessions() as session:
        made = (
            await session.scalars(select(Cohort).where(Cohort.program_id == 1, Cohort.name == "First cohort"))
        ).one()
        network = (
            await session.scalars(select(Network.name).where(Network.id == made.network_id, Network.program_id == 1))
        ).one()
        query = select(Facilitator.cohort_id).where(Facilitator.program_id == 1, Facilitator.member_id == member.id)
        assert (network, made.id in (await session.scalars(query)).all()) == ("Equipt to Innovate", True)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"new_network": "Another"}, "new_network", "not both"),
        ({"name": "  "}, "name", "give it a name"),
        ({"name": "n" * 81}, "name", "80 characters; it has 81"),
        ({"starts": "2027-01-02", "ends": "2027-01-01"}, "ends", "before the first one"),
        ({"phases": "Kick-off"}, "phases", "I cannot read “Kick-off”"),
        ({"name": "inclusive PROCUREMENT"}, "name", "has that name already"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    slack: Slack, typed: dict[str, str], field: str, said: str
) -> None:
    form = await form_of(slack.person("Dana"), "new")
    again = await form.submit(**{"name": "Budget", **typed})
    assert isinstance(again, Form)
    assert said in again.errors[field]
    assert again[next(iter(typed))] == next(iter(typed.values()))
    async with slack.sessions() as session:
        assert len(await cohorts.listed(session, 1)) == 1


async def test_a_channel_without_the_bot_is_told_with_the_line_to_type(slack: Slack) -> None:
    dana = slack.person("Dana")
    form = await form_of(dana, "new")
    assert "/invite @Civic Cohort" in form.text
    await form.submit(name="Budget", channel="C0ELSEWHERE")
    await slack.settle()
    assert newest(dana) == (
        "I am not yet in the channel of Budget. Type /invite @Civic Cohort in it, so that I can post there."
    )


async def test_editing_shows_what_is_there_and_saves_it(slack: Slack) -> None:
    renee = slack.person("Renee")
    form = await form_of(renee, "edit")
    assert (form["name"], form["network"], form["channel"]) == ("Inclusive procurement", "City Accelerator", "C0COHORT")
    assert await form.submit(theme="Small vendors", phases="Kick-off, 2026-09-01") is None
    await slack.settle()
    assert newest(renee) == "Saved Inclusive procurement."
    again = await form_of(renee, "edit procurement")
    assert (again["theme"], again["phases"]) == ("Small vendors", "Kick-off, Sep 1, 2026")


async def test_of_two_who_edit_at_once_the_second_sees_both_and_decides(slack: Slack) -> None:
    dana, renee = slack.person("Dana"), slack.person("Renee")
    first, second = await form_of(renee, "edit"), await form_of(dana, "edit")
    assert await first.submit(theme="Small <vendors>", ends="2027-05-01") is None
    again = await second.submit(theme="Large vendors", name="Fair procurement")
    assert isinstance(again, Form)
    assert "Renee Okonjo changed this cohort meanwhile, and nothing of yours is saved yet." in again.text
    assert "theme: Small &lt;vendors&gt;" in again.text
    assert "last day: Saturday, May 1, 2027" in again.text
    assert (again["theme"], again["name"]) == ("Large vendors", "Fair procurement")
    async with slack.sessions() as session:
        [kept] = await cohorts.listed(session, 1)
    assert (kept.theme, kept.name) == ("Small <vendors>", "Inclusive procurement")

    assert await again.submit() is None
    async with slack.sessions() as session:
        [kept] = await cohorts.listed(session, 1)
    assert (kept.theme, kept.name, kept.ends_on) == ("Large vendors", "Fair procurement", None)


async def test_a_form_that_is_sent_twice_makes_one_cohort(slack: Slack) -> None:
    dana = slack.person("Dana")
    form = await form_of(dana, "new")
    await form.fill(name="Budget")
    view = form.view
    both = await asyncio.gather(*(dana.exchange.submit(dana.id, view) for _ in range(2)), return_exceptions=True)
    assert {} in both
    async with slack.sessions() as session:
        assert sorted(one.name for one in await cohorts.listed(session, 1)) == ["Budget", "Inclusive procurement"]


async def test_the_buttons_at_a_cohort_open_the_same_forms(slack: Slack) -> None:
    renee = slack.person("Renee")
    answer = await renee.types("/cohort", "show procurement")
    titles = []
    for label in ("Edit cohort", "Add a person", "Hand a seat over", "End a place"):
        form = await renee.clicks(answer, label)
        assert isinstance(form, Form)
        titles.append(form.title)
        await form.close()
    assert titles == ["Edit cohort", "Add a person", "Hand a seat over", "End a place"]
    window = await renee.clicks(await renee.types("/cohort"), "Show cohort")
    inside = await renee.clicks(window, "Edit cohort")
    assert isinstance(inside, Form)
    assert inside.title == "Edit cohort"


async def test_several_cohorts_are_asked_about_and_a_name_is_enough(slack: Slack) -> None:
    dana = slack.person("Dana")
    await (await form_of(dana, "new")).submit(name="Budget")
    pick = await form_of(dana, "add")
    assert pick.labels == ["Cohort"]
    add = await pick.submit(cohort="1")
    assert isinstance(add, Form)
    assert "Inclusive procurement" in add.text
    await add.close()
    named = await form_of(dana, "add budget")
    assert "Budget" in named.text
    await named.close()
    answer = await dana.types("/cohort", "add zebra")
    assert "I know no cohort called zebra" in answer["text"]
    assert date(2026, 10, 1).isoformat() == named["since"]


async def test_who_facilitates_one_cohort_changes_no_other_one(slack: Slack) -> None:
    dana, renee = slack.person("Dana"), slack.person("Renee")
    await (await form_of(dana, "new")).submit(name="Budget")
    for words in ("edit budget", "add budget", "remove budget", "handover budget"):
        answer = await renee.types("/cohort", words)
        assert isinstance(answer, dict)
        assert answer["text"] == "Only facilitators can do this. Please ask Dana Whitfield."
    assert "Edit cohort" not in str(await renee.types("/cohort", "show budget"))
