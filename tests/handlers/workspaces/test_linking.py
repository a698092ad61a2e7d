"""A workspace is linked by a code: made in one, entered in the other by who administers it, confirmed, and told to both sides."""

from datetime import timedelta

import pytest

from bot.sandbox import elements
from bot.sandbox.workspace import Workspace
from tests import several
from tests.handlers.workspaces.steps import CODE, city_hall, code, last, link, texts, there
from tests.whole import Slack


@pytest.fixture
async def memphis(slack: Slack) -> Workspace:
    return await city_hall(slack)


async def own_program(slack: Slack, memphis: Workspace) -> bool:
    return await several.program_of(slack, memphis) != await several.program_of(slack, slack.workspace)


async def test_a_facilitator_reads_the_code_and_what_to_do_with_it(slack: Slack) -> None:
    dana = slack.person("Dana")
    reply = await dana.types("/cohort", "link")
    assert CODE.match(reply["text"])
    assert "brings one more Slack workspace into your program, once, until Thursday, October 8." in reply["text"]
    assert "• Programme Office, this one" in str(reply)
    assert await code(slack) == CODE.match(reply["text"])[0]  # type: ignore[index]  # shown again, not another one
    await dana.clicks(dana.messages[-1], "Make another code")
    assert CODE.match(last(dana))[0] != CODE.match(reply["text"])[0]  # type: ignore[index]
    assert "made by Dana Whitfield" in str(dana.messages[-1])


async def test_who_does_not_facilitate_the_program_gets_no_code(slack: Slack, memphis: Workspace) -> None:
    for who in (slack.person("Renee"), slack.person("Ana"), there(slack, memphis, "Keola")):
        reply = await who.types("/cohort", "link")
        assert not CODE.search(str(reply))
        assert reply["text"].startswith("`/cohort link CODE` brings a Slack workspace into a program")
    assert "Please ask Dana Whitfield." in str(await slack.person("Ana").types("/cohort", "link"))


async def test_an_administrator_links_the_workspace_and_both_sides_are_told(slack: Slack, memphis: Workspace) -> None:
    ada, dana = there(slack, memphis, "Ada"), slack.person("Dana")
    await ada.types("/cohort", f"link {(await code(slack)).lower().replace('-', ' ')}")
    assert texts(ada)[-2].startswith("One moment, please: I am looking at the code, and whether you administer")
    assert last(ada).startswith("Link Memphis city hall to the program Programme Office, run by Dana Whitfield?")
    assert await own_program(slack, memphis)
    await ada.clicks(ada.messages[-1], "Link this workspace")
    assert last(ada).startswith("Memphis city hall belongs to Programme Office now, run by Dana Whitfield.")
    assert not await own_program(slack, memphis)
    assert last(dana).startswith(
        "The Slack workspace Memphis city hall belongs to your program now. Ada Boss, who admin"
    )
    page = await dana.types("/cohort", "link")
    assert "• Memphis city hall, linked Thursday, October 1" in str(page)


async def test_an_administrator_who_is_on_the_roster_is_asked_whether_that_is_them(
    slack: Slack, memphis: Workspace
) -> None:
    tomas = there(slack, memphis, "Tomas")
    memphis.change_person(tomas.id, is_admin=True)
    await link(slack, memphis, admin="Tomas")
    assert "Whether you are somebody on its roster is asked in a message of its own." in str(tomas.messages)
    assert "wants to be known as you" in last(slack.person("Tomas"))
    await tomas.types("/commit", "mine")
    assert not any("open commitments" in text for text in texts(tomas))


async def test_the_code_was_used_and_does_nothing_a_second_time(slack: Slack, memphis: Workspace) -> None:
    third = slack.sandbox.add_workspace("Milwaukee city hall", "milwaukee")
    await several.let_in(slack, third)
    mika = slack.sandbox.person(third.add_person("Mika Mil", is_admin=True).id, third)
    await slack.settle()
    given = await code(slack)
    await mika.types("/cohort", f"link {given}")
    asked = mika.messages[-1]
    ada = there(slack, memphis, "Ada")
    await ada.types("/cohort", f"link {given}")
    await ada.clicks(ada.messages[-1], "Link this workspace")
    await mika.clicks(asked, "Link this workspace")
    assert last(mika).startswith("This code was used before; each brings in one workspace. Nothing was changed.")
    assert await several.program_of(slack, third) not in (
        await several.program_of(slack, memphis),
        await several.program_of(slack, slack.workspace),
    )


async def test_nobody_but_an_administrator_learns_anything_of_a_code(slack: Slack, memphis: Workspace) -> None:
    keola, given = there(slack, memphis, "Keola"), await code(slack)
    for typed in (given, "AAAA-BBBB-CCCC"):
        await keola.types("/cohort", f"link {typed}")
        assert last(keola).startswith("Only an owner or administrator of this Slack workspace can link it.")
        assert "Programme Office" not in str(keola.messages)
    assert await own_program(slack, memphis)


async def test_who_no_longer_administers_it_when_they_confirm_is_refused(slack: Slack, memphis: Workspace) -> None:
    ada = there(slack, memphis, "Ada")
    await ada.types("/cohort", f"link {await code(slack)}")
    asked = ada.messages[-1]
    memphis.change_person(ada.id, is_admin=False)
    await ada.clicks(asked, "Link this workspace")
    assert last(ada).startswith("Only an owner or administrator")
    assert await own_program(slack, memphis)


async def test_the_button_of_somebody_else_an_old_one_and_a_second_press_do_nothing(
    slack: Slack, memphis: Workspace
) -> None:
    ada, rosa = there(slack, memphis, "Ada"), there(slack, memphis, "Rosa")
    memphis.change_person(rosa.id, is_admin=True)
    given = await code(slack)
    await ada.types("/cohort", f"link {given}")
    channel, stored = ada.find_message(ada.messages[-1]["ts"])
    button = elements.find(stored["blocks"], "Link this workspace", ("button",))
    await rosa.exchange.act_in_message(rosa.id, channel, stored, button, {})
    await slack.settle()
    assert await own_program(slack, memphis)
    dana = slack.person("Dana")  # in another workspace, with the key of this one
    await dana.types("/cohort", "list")
    home_channel, listed = dana.find_message(dana.messages[-1]["ts"])
    await dana.exchange.act_in_message(dana.id, home_channel, listed, button, {})
    assert await own_program(slack, memphis)
    await slack.turn_to(slack.clock.now() + timedelta(minutes=61))
    await ada.exchange.act_in_message(ada.id, channel, stored, button, {})
    await slack.settle()
    assert "This question is an old one, so nothing was changed." in last(ada)
    assert await own_program(slack, memphis)
    await ada.types("/cohort", f"link {given}")
    channel, stored = ada.find_message(ada.messages[-1]["ts"])
    button = elements.find(stored["blocks"], "Link this workspace", ("button",))
    for _ in range(2):
        await ada.exchange.act_in_message(ada.id, channel, stored, button, {})
        await slack.settle()
    assert not await own_program(slack, memphis)
    assert texts(slack.person("Dana")).count(last(slack.person("Dana"))) == 1


async def test_a_code_that_was_taken_back_is_refused_and_says_so(slack: Slack, memphis: Workspace) -> None:
    dana, given = slack.person("Dana"), await code(slack)
    await dana.clicks(dana.messages[-1], "Take it back")
    assert "The code was taken back: nobody can use it any more." in last(dana)
    ada = there(slack, memphis, "Ada")
    await ada.types("/cohort", f"link {given}")
    assert last(ada).startswith("This code was taken back, so nothing was changed.")


async def test_a_code_is_refused_after_seven_days_and_for_the_program_that_made_it(
    slack: Slack, memphis: Workspace
) -> None:
    given, ada, dana = await code(slack), there(slack, memphis, "Ada"), slack.person("Dana")
    slack.workspace.change_person(dana.id, is_admin=True)
    await dana.types("/cohort", f"link {given}")
    assert last(dana).startswith("This workspace belongs to that program already.")
    await slack.turn_to(slack.clock.now() + timedelta(days=7))
    await ada.types("/cohort", f"link {given}")
    assert last(ada).startswith("This code was good for seven days, which are over.")


async def test_a_workspace_whose_program_has_people_keeps_it(slack: Slack) -> None:
    memphis = await several.open_memphis(slack)  # with the whole cast on its own seats
    tomas = there(slack, memphis, "Tomas")
    memphis.change_person(tomas.id, is_admin=True)
    await tomas.types("/cohort", f"link {await code(slack)}")
    assert last(tomas).startswith("This workspace has a program of its own with people in it, so I cannot link it")
    assert await own_program(slack, memphis)


async def test_the_first_facilitator_of_the_empty_program_does_not_count_and_is_told(
    slack: Slack, memphis: Workspace
) -> None:
    bea = slack.sandbox.person(memphis.add_person("Bea First", is_admin=True).id, memphis)
    ada = there(slack, memphis, "Ada")
    await bea.types("/cohort")
    assert last(bea).startswith("You are the first facilitator of this program now")
    await link(slack, memphis)
    assert last(bea).startswith("Ada Boss linked this workspace, Memphis city hall, to the program Programme Office.")
    await bea.types("/cohort", "new")
    assert "you are not on the roster of any cohort here" in last(bea)
    await slack.turn_to(slack.clock.now() + timedelta(minutes=1))
    await bea.types("/cohort")  # nor does she become a facilitator of the program that the workspace came to
    assert "you are not on the roster of any cohort here" in last(bea)
    assert last(ada).startswith("Memphis city hall belongs to Programme Office now")


async def test_slack_that_does_not_answer_is_asked_again_and_at_last_it_says_so(
    slack: Slack, memphis: Workspace
) -> None:
    ada, given = there(slack, memphis, "Ada"), await code(slack)
    slack.sandbox.faults.order("users.info", error="internal_error", times=1)
    await ada.types("/cohort", f"link {given}")
    assert "Link Memphis" not in str(ada.messages)
    await slack.turn_to(slack.clock.now() + timedelta(seconds=5))
    assert last(ada).startswith("Link Memphis city hall to the program")
    slack.sandbox.faults.order("users.info", error="internal_error", times=9)
    await ada.types("/cohort", f"link {given}")
    await slack.turn_to(slack.clock.now() + timedelta(minutes=30))
    assert last(ada).startswith("Slack did not tell me whether you administer this workspace, so nothing was changed")


async def test_people_of_the_roster_are_found_in_the_workspace_that_came(slack: Slack, memphis: Workspace) -> None:
    person = memphis.add_person("Bo Li", email="bo@memphis.gov")
    form = await slack.person("Renee").types("/cohort", "add inclusive procurement")
    await form.submit(name="Bo Li", email="bo@memphis.gov", city="1")
    await slack.settle()
    bo = slack.sandbox.person(person.id, memphis)
    await bo.types("/cohort")
    assert "you are not on the roster of any cohort here" in last(bo)
    await link(slack, memphis)
    reply = await bo.types("/cohort")
    assert "Inclusive procurement" in reply["text"]
