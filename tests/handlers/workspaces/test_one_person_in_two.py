"""Somebody speaks in a linked workspace who has the address of a member: asked in the other one, known only after the yes."""

import pytest

from bot.sandbox import elements
from bot.sandbox.workspace import Workspace
from tests import several
from tests.handlers.workspaces.steps import city_hall, code, last, link, texts, there
from tests.whole import Slack


@pytest.fixture
async def memphis(slack: Slack) -> Workspace:
    """A workspace that was linked to the office's program; the same people are there, with the same addresses."""
    workspace = await city_hall(slack)
    await link(slack, workspace)
    return workspace


async def test_the_member_is_asked_where_they_are_known_and_nothing_is_seen_before_the_yes(
    slack: Slack, memphis: Workspace
) -> None:
    ana, other = slack.person("Ana"), there(slack, memphis, "Ana")
    await ana.types("/commit", "publish the secret dashboard by 2027-01-15")
    for _ in range(2):
        await other.types("/cohort")
    assert last(other).startswith(
        "Your e-mail address is that of somebody on the roster whom I know in the workspace Programme Office. I asked there"
    )
    questions = [text for text in texts(ana) if text.startswith("Somebody in Memphis city hall")]
    assert questions == [
        "Somebody in Memphis city hall with your e-mail address, Ana Diaz, wants to be known as you. Is that you? "
        "Until you say so, they see nothing of yours. With no, your facilitators hear of it."
    ]
    await other.opens_home()
    for command, words in (("/commit", "mine"), ("/cohort", "show"), ("/checkin", "list"), ("/cohort", "who Rosa")):
        await other.types(command, words)
    assert "secret" not in f"{other.messages} {other.home}"
    assert "Rosa" not in f"{other.messages} {other.home}"
    await ana.clicks(ana.messages[-1], "Yes, that is me")
    await slack.settle()
    assert last(other).startswith("You are known here now, as Ana Diaz.")
    assert "secret" in str(await other.types("/commit", "mine"))
    assert "You are known in Memphis city hall now, too." in last(ana)


async def test_nobody_else_answers_the_question(slack: Slack, memphis: Workspace) -> None:
    ana, other = slack.person("Ana"), there(slack, memphis, "Ana")
    await other.types("/cohort")
    channel, stored = ana.find_message(ana.messages[-1]["ts"])
    yes = elements.find(stored["blocks"], "Yes, that is me", ("button",))
    for who in (slack.person("Rosa"), slack.person("Dana")):
        await who.exchange.act_in_message(who.id, channel, stored, yes, {})
    copy = other.find_message(other.messages[-1]["ts"])
    await other.exchange.act_in_message(other.id, *copy, yes, {})  # a forged press of whoever wants to be known
    await slack.settle()
    await other.types("/commit", "mine")
    assert "You have no open commitments" not in last(other)
    await ana.exchange.act_in_message(ana.id, channel, stored, yes, {})
    await slack.settle()
    assert last(other).startswith("You are known here now")
    await ana.exchange.act_in_message(ana.id, channel, stored, yes, {})  # pressed again, before the message changed
    await slack.settle()
    assert texts(other).count(last(other)) == 1


async def test_a_no_is_told_to_the_facilitators_and_can_be_taken_back(slack: Slack, memphis: Workspace) -> None:
    ana, other, dana = slack.person("Ana"), there(slack, memphis, "Ana"), slack.person("Dana")
    await other.types("/cohort")
    await ana.clicks(ana.messages[-1], "No, that is not me")
    await slack.settle()
    assert "is not you. They see nothing of yours." in last(ana)
    assert last(dana).startswith("Ana Diaz says that Ana Diaz in the workspace Memphis city hall")
    assert last(other).startswith("I asked the person on the roster with your e-mail address, and they say")
    told = len(dana.messages)
    await other.types("/cohort")
    await slack.settle()
    assert (len(dana.messages), sum("wants to be known" in text for text in texts(ana))) == (told, 0)
    await ana.clicks(ana.messages[-1], "It is me after all")
    await slack.settle()
    assert last(other).startswith("You are known here now, as Ana Diaz.")


async def test_who_is_known_in_two_chooses_where_messages_go(slack: Slack, memphis: Workspace) -> None:
    ana, other = slack.person("Ana"), there(slack, memphis, "Ana")
    await other.types("/cohort")
    await ana.clicks(ana.messages[-1], "Yes, that is me")
    await slack.settle()
    assert "I write to you in *Programme Office*." in str(ana.messages[-1])
    await ana.clicks(ana.messages[-1], "Write to me in Memphis city hall instead")
    assert last(ana) == "I write to you in Memphis city hall."
    form = await slack.person("Rosa").types("/commit", "publish the list by 2027-01-15")
    assert form["text"].startswith("Saved")
    hand = await slack.person("Rosa").types("/commit", "hand 1")
    await hand.submit(new_owner=str((await slack.member("Ana")).id))
    await slack.turn_to(slack.clock.now().replace(hour=16))
    assert "publish the list" in last(other)
    assert "publish the list" not in str(ana.messages)
    reply = await other.types("/cohort", "link")
    assert reply["text"] == "I write to you in Memphis city hall."
    await other.clicks(other.messages[-1], "Write to me in Programme Office instead")
    assert last(other) == "I write to you in Programme Office."


async def test_home_is_drawn_in_both(slack: Slack, memphis: Workspace) -> None:
    ana, other = slack.person("Ana"), there(slack, memphis, "Ana")
    await other.types("/cohort")
    await ana.clicks(ana.messages[-1], "Yes, that is me")
    await slack.settle()
    await ana.opens_home()
    await other.opens_home()
    await ana.types("/commit", "publish the dashboard by 2027-01-15")
    await slack.settle()
    assert "publish the dashboard" in str(ana.home)
    assert "publish the dashboard" in str(other.home)


async def test_the_member_whose_workspace_lost_the_app_cannot_be_asked(slack: Slack, memphis: Workspace) -> None:
    third = slack.sandbox.add_workspace("Phoenix city hall", "phoenix")
    await several.let_in(slack, third)
    await link_third(slack, third)
    bo = third.add_person("Bo Li", email="bo@phoenix.gov")
    form = await slack.person("Renee").types("/cohort", "add inclusive procurement")
    await form.submit(name="Bo Li", email="bo@phoenix.gov", city="1")
    await slack.settle()
    assert "Inclusive" in str(await slack.sandbox.person(bo.id, third).types("/cohort"))
    slack.sandbox.uninstall(third)
    await slack.settle()
    same = memphis.add_person("Bo Li", email="bo@phoenix.gov")
    await slack.settle()
    other = slack.sandbox.person(same.id, memphis)
    await other.types("/cohort")
    assert "I cannot ask there whether that is you: I was removed from it." in last(other)


async def link_third(slack: Slack, third: Workspace) -> None:
    mika = third.add_person("Mika Phx", is_admin=True)
    await slack.settle()
    who = slack.sandbox.person(mika.id, third)
    await who.types("/cohort", f"link {await code(slack)}")
    await who.clicks(who.messages[-1], "Link this workspace")
    await slack.settle()
