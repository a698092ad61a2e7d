"""People put on seats by hand, and taken off them: the forms, what follows, and the way back."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.sandbox.form import Form
from storage.models import City, Facilitator, Member
from tests.handlers.seats.steps import MONDAY, ended
from tests.handlers.steps import commitment, delegate_of, delegates, form_of, newest, promise, shown
from tests.whole import Slack


async def added(slack: Slack, by: str = "Renee", **filled: str | None) -> Form | None:
    form = await form_of(slack.person(by), "add procurement")
    answer = await form.submit(**filled)
    await slack.settle()
    return answer


async def test_somebody_in_slack_is_put_on_a_new_seat_and_greeted_once(slack: Slack) -> None:
    person = slack.workspace.add_person("Bo Li", email="bo@austin.gov", tz="America/Chicago")
    assert await added(slack, user=person.id, name="Bo Li", new_city="Austin", state="tx", role="lead") is None
    assert newest(slack.person("Renee")).startswith("Bo Li leads Austin, TX in Inclusive procurement.")
    bo = slack.sandbox.person(person.id)
    [greeting] = bo.messages
    assert greeting["text"].startswith(
        "You are on the seat of Austin, TX in Inclusive procurement (City Accelerator). At fixed times I ask a few questions;"
    )
    window = await bo.clicks(greeting, "When do I hear from you?")
    assert isinstance(window, Form)
    assert "No check-in is planned yet." in window.text
    assert (await bo.types("/cohort"))["text"].startswith("You lead Austin, TX in Inclusive procurement")
    await slack.turn_to(MONDAY)
    assert [one["text"] for one in bo.messages].count(greeting["text"]) == 1


async def test_a_co_delegate_is_named_in_the_greeting_and_a_sponsor_is_asked_nothing(slack: Slack) -> None:
    person = slack.workspace.add_person("Bo Li", email="bo@memphis.gov", tz="America/Chicago")
    await added(slack, name="Bo Li", email="BO@memphis.gov", city="1", role="sponsor")
    [greeting] = slack.sandbox.person(person.id).messages
    assert ", with Ana Diaz and Rosa Kim. You read what the cohort shares; I ask you nothing." in greeting["text"]


async def test_somebody_known_needs_no_name_and_is_greeted_on_the_first_day(slack: Slack) -> None:
    tomas = slack.person("Tomas")
    assert await added(slack, user=tomas.id, city="1", since="2026-10-05") is None
    assert tomas.messages == []
    await slack.turn_to(MONDAY)
    assert len(tomas.messages) == 1
    assert "You are on the seat of Memphis, TN" in newest(tomas)


async def test_a_facilitator_of_the_program_names_others(slack: Slack) -> None:
    keola = slack.person("Keola")
    await added(slack, "Dana", user=keola.id, role="head")
    assert newest(keola).startswith("Dana Whitfield made you a facilitator of a cohort.")
    answer = await slack.person("Rosa").types("/cohort", "show procurement")
    assert "Facilitated by Keola Akana (head facilitator) and Renee Okonjo" in shown(answer)
    await added(slack, "Dana", user=keola.id, role="program")
    member = await slack.member("Keola")
    async with slack.sessions() as session:
        query = select(Facilitator.cohort_id).where(Facilitator.program_id == 1, Facilitator.member_id == member.id)
        assert set(await session.scalars(query)) == {1, None}


async def test_who_facilitates_a_cohort_is_not_offered_to_name_facilitators_of_the_program(slack: Slack) -> None:
    form = await form_of(slack.person("Renee"), "add")
    roles = next(block["element"]["options"] for block in form.view["blocks"] if block.get("block_id") == "role")
    assert "program" not in {one["value"] for one in roles}


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({}, "user", "choose somebody in Slack, or give a name"),
        ({"name": "Bo", "email": "bo"}, "email", "does not look like an e-mail address"),
        ({"email": "bo@austin.gov"}, "name", "I do not know this person yet"),
        ({"name": "Bo Li", "email": "ana@example.org"}, "name", "I know this person as Ana Diaz"),
        ({"user": "U0ANA", "email": "rosa@example.org"}, "email", "These are two people here"),
        ({"user": "U0BOT"}, "user", "That is me"),
        ({"user": "U0ANA", "city": "1"}, "role", "is on this seat already"),
        ({"user": "U0ANA", "city": None}, "new_city", "choose the city"),
        ({"user": "U0ANA", "new_city": "Austin", "city": "2"}, "new_city", "not both"),
        ({"user": "U0ANA", "new_city": "Austin", "city": None, "state": "Texas"}, "state", "two letters"),
        ({"user": "U0ANA", "city": "2", "until": "2026-09-30"}, "until", "before the first one"),
        ({"user": "U0ANA", "city": "2", "role": "facilitator"}, "role", "A facilitator has no city"),
        ({"user": "U0KEOLA", "city": None, "role": "facilitator", "since": "2026-11-01"}, "since", "begins at once"),
        ({"user": "U0RENEE", "city": None, "role": "facilitator"}, "role", "facilitates this already"),
    ],
)
async def test_what_is_wrong_with_a_person_stands_beside_its_field(
    slack: Slack, typed: dict[str, str | None], field: str, said: str
) -> None:
    again = await added(slack, **{"city": "2", **typed})
    assert isinstance(again, Form)
    assert said in again.errors[field]
    async with slack.sessions() as session:
        assert len((await session.scalars(select(Member.id).where(Member.program_id == 1))).all()) == 6
        assert len((await session.scalars(select(City.id).where(City.program_id == 1))).all()) == 3


async def test_the_end_of_a_place_shows_first_what_will_happen(slack: Slack) -> None:
    [first, second] = await promise(slack, "Ana", "publish the list", "train the staff")
    renee = slack.person("Renee")
    form = await form_of(renee, "remove")
    sure = await form.submit(who=delegate_of(form, "Ana"), until="2026-10-02", why="moved to another office")
    assert isinstance(sure, Form)
    assert "Ana Diaz* leaves the seat of *Memphis, TN* in *Inclusive procurement* after Friday, October 2." in sure.text
    assert f"2 open commitments will then need an owner:\n• *#{first}* publish the list" in sure.text
    assert "Rosa Kim stays on the seat.\nI tell Ana Diaz the last day, who stays, and to ask you" in sure.text
    [before] = await delegates(slack, "Ana")
    assert before.until_on is None

    assert await sure.submit() is None
    await slack.settle()
    [after] = await delegates(slack, "Ana")
    assert (after.until_on, after.why) == (date(2026, 10, 2), "moved to another office")
    assert after.ended_by == (await slack.member("Renee")).id
    assert (await commitment(slack, second)).state == "open"
    assert newest(renee) == "Ana Diaz leaves the seat of Memphis, TN in Inclusive procurement after Friday, October 2."


async def test_after_the_last_day_commitments_need_an_owner_and_each_is_told_once(slack: Slack) -> None:
    [shared] = await promise(slack, "Rosa", "publish the list")
    [hidden] = await promise(slack, "Rosa", "a confidential matter", audience="facilitators")
    await ended(slack, "Rosa")
    await slack.turn_to(MONDAY)
    assert [(await commitment(slack, one)).state for one in (shared, hidden)] == ["needs_owner", "needs_owner"]
    for name, seen in (("Renee", f"#{shared}, #{hidden}"), ("Dana", f"#{shared}, #{hidden}"), ("Ana", f"#{shared}")):
        told = [one for one in slack.person(name).messages if "no longer on the seat" in one["text"]]
        assert len(told) == 1, name
        assert told[0]["text"].endswith(f"need an owner: {seen}." if "," in seen else f"needs an owner: {seen}.")
        assert "(moved &lt;on&gt;)" in told[0]["text"]
    assert "confidential" not in str(slack.person("Ana").messages)
    window = await slack.person("Ana").clicks(slack.person("Ana").messages[-1], "Show their history")
    assert isinstance(window, Form)
    assert "publish the list" in window.text
    assert "confidential" not in window.text
    assert "needs an owner (was Rosa Kim's)" in window.text
    [place] = await delegates(slack, "Rosa")
    assert place.ended_at is not None
    assert (await slack.person("Rosa").types("/cohort"))["text"].startswith("You have no seat")


async def test_the_end_is_undone_before_it_takes_effect(slack: Slack) -> None:
    [number] = await promise(slack, "Ana", "publish the list")
    await ended(slack)
    renee = slack.person("Renee")
    await renee.clicks(renee.messages[-1], "Undo")
    await slack.settle()
    assert newest(renee) == "Taken back: Ana Diaz stays on the seat of Memphis, TN in Inclusive procurement."
    await slack.turn_to(MONDAY)
    [place] = await delegates(slack, "Ana")
    assert (place.until_on, place.ended_by, place.why) == (None, None, "")
    assert (await commitment(slack, number)).state == "open"


async def test_the_end_is_undone_afterwards_with_all_that_followed(slack: Slack) -> None:
    [number] = await promise(slack, "Rosa", "publish the list")
    await ended(slack, "Rosa")
    renee, ana = slack.person("Renee"), slack.person("Ana")
    answer = renee.messages[-1]
    await slack.turn_to(MONDAY)
    assert "no longer on the seat" in newest(ana)
    await renee.clicks(answer, "Undo")
    await slack.settle()
    assert (await commitment(slack, number)).state == "open"
    assert newest(ana) == "Taken back: Rosa Kim stays on the seat of Memphis, TN in Inclusive procurement."
    [place] = await delegates(slack, "Rosa")
    assert (place.until_on, place.ended_at) == (None, None)
    assert (await slack.person("Rosa").types("/cohort"))["text"].startswith("You are a delegate of Memphis")


async def test_of_two_who_end_the_same_place_the_second_is_told(slack: Slack) -> None:
    renee, dana = slack.person("Renee"), slack.person("Dana")
    forms = [await form_of(one, "remove procurement") for one in (renee, dana)]
    sure = [
        await one.submit(who=delegate_of(one, "Ana"), until=f"2026-10-0{n}", why="x") for n, one in enumerate(forms, 2)
    ]
    assert isinstance(sure[0], Form)
    assert isinstance(sure[1], Form)
    assert await sure[0].submit() is None
    again = await sure[1].submit()
    assert again is not None
    assert "somebody changed their days just now" in again.text
    [place] = await delegates(slack, "Ana")
    assert place.until_on == date(2026, 10, 2)


async def test_who_changes_the_role_keeps_their_commitments(slack: Slack) -> None:
    [number] = await promise(slack, "Rosa", "publish the list")
    await ended(slack, "Rosa")
    assert await added(slack, user="U0ROSA", city="1", role="lead", since="2026-10-03") is None
    await slack.turn_to(MONDAY)
    assert (await commitment(slack, number)).state == "open"
    assert not [one for one in slack.person("Ana").messages if "no longer" in one["text"]]
