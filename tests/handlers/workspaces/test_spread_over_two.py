"""A cohort with people in two workspaces: each reads what is said in their own, and nobody is mentioned where they are not."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.sandbox.workspace import Workspace
from storage import members
from storage.models import Identity
from tests import cast, several
from tests.handlers.checkins import making
from tests.handlers.workspaces.steps import city_hall, last, link, there
from tests.whole import Slack


@pytest.fixture
async def memphis(slack: Slack) -> Workspace:
    """A linked workspace in which Keola is, who is nowhere else any more, and Renee, who is in both."""
    workspace = await city_hall(slack)
    await link(slack, workspace)
    renee = await slack.member("Renee")
    async with slack.sessions.begin() as session:
        keola = await members.by_identity(session, cast.TEAM, cast.user_id("Keola"))
        assert keola is not None
        here = await several.workspace_of(session, workspace)
        moved = update(Identity).where(Identity.program_id == here.program_id, Identity.member_id == keola.id)
        await session.execute(moved.values(workspace_id=here.id))
        who = {"program_id": here.program_id, "workspace_id": here.id, "member_id": renee.id}
        session.add(Identity(**who, user_id=cast.user_id("Renee"), created_at=slack.clock.now()))
    return workspace


async def test_each_is_asked_in_their_own_workspace_and_the_summary_stands_in_both_channels(
    slack: Slack, memphis: Workspace
) -> None:
    renee = there(slack, memphis, "Renee")
    form = await renee.types("/cohort", "edit inclusive procurement")
    await form.submit(channel="C0COHORT")
    await making.made(slack, channel="C0COHORT")
    await slack.settle()
    shown = await slack.person("Renee").types("/checkin", "show 1")
    assert "summed up in <#C0COHORT> and the channel in *Memphis city hall*" in str(shown)
    shown = await renee.types("/checkin", "show 1")
    assert "summed up in the channel in *Programme Office* and <#C0COHORT>" in str(shown)
    await slack.turn_to(slack.clock.now() + timedelta(days=5))
    keola = there(slack, memphis, "Keola")
    answer = await keola.clicks(keola.messages[-1], "Answer now")
    await answer.submit(answer_0="The portal is open.")
    await slack.turn_to(slack.clock.now() + timedelta(days=5))
    for workspace in (slack.workspace, memphis):
        posted = [one for one in workspace.channels["C0COHORT"].messages if one.get("bot_id")]
        assert len(posted) == 1, workspace.team_name
        assert "Answers from Honolulu" in posted[0]["text"]
        assert "The portal is open." in str(posted[0])
        assert "<@" not in str(posted[0])


async def test_people_are_mentioned_in_their_own_workspace_and_named_with_it_elsewhere(
    slack: Slack, memphis: Workspace
) -> None:
    at_home = await slack.person("Rosa").types("/cohort", "who Keola")
    assert "in the Slack workspace Memphis city hall" in str(at_home)
    assert "<@" not in str(at_home)
    there_too = await there(slack, memphis, "Keola").types("/cohort", "who Keola")
    assert f"<@{cast.user_id('Keola')}>" in str(there_too)
    shown = await slack.person("Rosa").types("/cohort", "show inclusive")
    assert "Keola Akana (lead, Chief Innovation Officer, in Memphis city hall)" in str(shown)
    assert "Ana Diaz (lead, Chief of Staff)" in str(shown)
    shown = await there(slack, memphis, "Keola").types("/cohort", "show inclusive")
    assert "Keola Akana (lead, Chief Innovation Officer)" in str(shown)
    assert "Ana Diaz (lead, Chief of Staff, in Programme Office)" in str(shown)
    assert "Channel: <#C0COHORT>" not in str(shown)  # that one is the other workspace's


async def test_a_mention_means_who_has_that_id_where_it_is_typed(slack: Slack, memphis: Workspace) -> None:
    renee = there(slack, memphis, "Renee")
    found = await renee.types("/cohort", f"who <@{cast.user_id('Ana')}>")
    assert "Ana Diaz" not in str(found)  # the Ana of this workspace is nobody yet
    found = await slack.person("Renee").types("/cohort", f"who <@{cast.user_id('Ana')}>")
    assert "Ana Diaz" in str(found)


async def test_a_command_in_the_like_named_channel_of_another_workspace_is_not_of_the_cohort(
    slack: Slack, memphis: Workspace
) -> None:
    form = await slack.person("Renee").types("/cohort", "new")
    await form.submit(network=None, new_network="Equipt to Innovate", name="Budget")
    await slack.settle()
    await slack.person("Ana").types("/commit", "publish the list by 2027-01-15")
    here = await slack.person("Renee").types("/commit", "cohort", channel="cohort")
    elsewhere = await there(slack, memphis, "Renee").types("/commit", "cohort", channel="cohort")
    assert here["text"].startswith("Inclusive procurement")
    assert elsewhere["text"].startswith("Your cohorts")


async def test_who_chose_a_channel_without_the_bot_reads_in_which_workspace_it_is(
    slack: Slack, memphis: Workspace
) -> None:
    renee = there(slack, memphis, "Renee")
    form = await renee.types("/cohort", "edit inclusive procurement")
    await form.submit(channel="C0ELSEWHERE")
    await slack.settle()
    assert "I am not in the channel in *Memphis city hall* yet" in str(slack.person("Renee").messages[-1])
    assert "not yet in the channel" in last(slack.person("Renee"))
