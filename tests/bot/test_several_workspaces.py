"""Several workspaces: each is answered and written to in itself, at its own pace, with the newest token, and not once the app is gone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError
from sqlalchemy import update

from bot.sandbox.workspace import Workspace
from handlers.cohorts import jobs
from handlers.errors import NotInstalled
from storage import commitment_lists, deliveries, participation, strangers
from storage.models import Delegate, Delivery, Member
from tests import cast, databases, several, whole
from tests.several import calls, is_installed, let_in, member, person
from tests.whole import Slack


@pytest.fixture
async def memphis(slack: Slack) -> Workspace:
    return await several.open_memphis(slack)


async def owe(slack: Slack, to: Member, key: str) -> None:
    async with slack.sessions.begin() as session:
        assert await deliveries.owe(session, to, key, {"text": f"About {key}."}, at=slack.clock.now())


async def found(slack: Slack, of: Member, key: str) -> Delivery:
    async with slack.sessions() as session:
        delivery = await deliveries.find(session, of.program_id, key)
    assert delivery is not None
    return delivery


def texts(slack: Slack, workspace: Workspace, name: str) -> list[str]:
    return [message["text"] for message in person(slack, workspace, name).messages]


async def test_a_command_is_answered_where_it_was_typed(slack: Slack, memphis: Workspace) -> None:
    ana = person(slack, memphis, "Ana")
    assert ana.id == slack.person("Ana").id
    reply = await ana.types("/commit", "open the data portal by 2027-01-15")
    assert reply["text"].startswith("Saved")
    form = await ana.types("/commit")
    assert form.labels
    await form.close()
    await ana.opens_home()
    assert "open the data portal" in str(ana.home)
    mine = await slack.person("Ana").types("/commit", "mine")
    assert "open the data portal" not in str(mine)
    assert slack.person("Ana").home is None


async def test_a_message_goes_to_the_person_of_its_own_workspace(slack: Slack, memphis: Workspace) -> None:
    there, here = await member(slack, memphis, "Ana"), await slack.member("Ana")
    await owe(slack, there, "the portal")
    await owe(slack, here, "the dashboard")
    await slack.settle()
    assert texts(slack, memphis, "Ana") == ["About the portal."]
    assert texts(slack, slack.workspace, "Ana") == ["About the dashboard."]
    assert (await found(slack, there, "the portal")).outcome == "sent"


async def test_a_message_of_which_nobody_knows_is_looked_for_in_its_own_workspace(
    slack: Slack, memphis: Workspace
) -> None:
    there = await member(slack, memphis, "Ana")
    slack.sandbox.faults.order("chat.postMessage", lost=True)
    await owe(slack, there, "the portal")
    async with asyncio.timeout(15):
        while (await found(slack, there, "the portal")).settled_at is None:
            await asyncio.sleep(0.05)
            await slack.settle()
    assert texts(slack, memphis, "Ana") == ["About the portal."]
    assert calls(slack, slack.workspace, "conversations.history") == 0


async def test_a_workspace_that_slack_asks_to_wait_holds_up_no_other(slack: Slack, memphis: Workspace) -> None:
    slack.sandbox.faults.order("chat.postMessage", status=429, retry_after=60, times=2)
    for name in ("Ana", "Rosa"):
        await owe(slack, await slack.member(name), f"news for {name}")
    await slack.settle()
    for name in ("Ana", "Keola"):
        await owe(slack, await member(slack, memphis, name), f"news for {name}")
    await owe(slack, await slack.member("Keola"), "news for Keola")
    await slack.settle()
    assert [texts(slack, memphis, name) for name in ("Ana", "Keola")] == [
        ["About news for Ana."],
        ["About news for Keola."],
    ]
    assert [texts(slack, slack.workspace, name) for name in ("Ana", "Rosa", "Keola")] == [[], [], []]
    await slack.turn_to(slack.clock.now() + timedelta(minutes=1))
    assert all(texts(slack, slack.workspace, name) for name in ("Ana", "Rosa", "Keola"))


@pytest.fixture
async def ticking(filled: Path, tmp_path: Path) -> AsyncIterator[Slack]:
    async with whole.slack(databases.copy_of(filled, tmp_path), tmp_path / "calls.jsonl", ticking=True) as running:
        yield running


async def test_a_workspace_that_is_slow_holds_up_no_other(ticking: Slack) -> None:
    memphis = await several.open_memphis(ticking)
    slow, quick = await ticking.member("Ana"), await member(ticking, memphis, "Ana")
    ticking.sandbox.faults.order("chat.postMessage", seconds=2)
    await owe(ticking, slow, "slow news")
    await ticking.sandbox.until(lambda: calls(ticking, ticking.workspace, "chat.postMessage"))
    await owe(ticking, quick, "quick news")
    await ticking.sandbox.until(lambda: texts(ticking, memphis, "Ana"), within=1.5)
    assert (await found(ticking, slow, "slow news")).settled_at is None
    await ticking.settle()
    assert (await found(ticking, slow, "slow news")).outcome == "sent"


async def test_where_the_app_was_removed_nothing_is_sent_and_facilitators_see_what_was_given_up(
    slack: Slack, memphis: Workspace
) -> None:
    ana = await member(slack, memphis, "Ana")
    await slack.bot.slack(memphis.team_id)  # known, and not looked up again
    at = slack.clock.now() + timedelta(hours=1)
    async with slack.sessions.begin() as session:
        assert await deliveries.owe(session, ana, "later", {"text": "Later."}, at=at)
    slack.sandbox.uninstall(memphis)
    await slack.settle()
    assert not await is_installed(slack, memphis)
    before = calls(slack, memphis, "chat.postMessage")
    await slack.turn_to(at)
    assert calls(slack, memphis, "chat.postMessage") == before
    assert (await found(slack, ana, "later")).outcome == "not_installed"
    async with slack.sessions.begin() as session:
        [failure] = await participation.failures(session, ana.program_id, None, cast.START)
        assert not await deliveries.owe(session, ana, "more", {"text": "More."}, at=at)
    assert (failure.person, failure.reason) == ("Ana Diaz", "not_installed")
    await owe(slack, await slack.member("Ana"), "the dashboard")
    await slack.settle()
    assert texts(slack, slack.workspace, "Ana") == ["About the dashboard."]
    with pytest.raises(NotInstalled):
        await slack.bot.slack("T0NOWHERE")


async def test_where_the_app_was_removed_nobody_loses_a_commitment(slack: Slack, memphis: Workspace) -> None:
    ana = await member(slack, memphis, "Ana")
    await person(slack, memphis, "Ana").types("/commit", "open the data portal by Friday")
    slack.sandbox.uninstall(memphis)
    before = calls(slack, memphis, "chat.postMessage")
    await slack.turn_to(slack.clock.now() + timedelta(days=3))
    async with slack.sessions() as session:
        [item] = await commitment_lists.mine(session, ana)
    assert item.commitment.state == "open"
    assert calls(slack, memphis, "chat.postMessage") == before


async def test_a_welcome_waits_until_the_app_is_back(slack: Slack, memphis: Workspace) -> None:
    ana = await member(slack, memphis, "Ana")
    slack.sandbox.uninstall(memphis)
    await slack.settle()
    async with slack.sessions.begin() as session:
        query = update(Delegate).where(Delegate.program_id == ana.program_id, Delegate.member_id == ana.id)
        await session.execute(query.values(greeting="welcome", since_on=cast.START.date()))
    await slack.settle()
    await let_in(slack, memphis)
    await slack.settle()
    assert any("You are on the seat of" in one for one in texts(slack, memphis, "Ana"))


async def test_a_removal_of_a_users_token_ends_nothing(slack: Slack, memphis: Workspace) -> None:
    memphis.on_event({"type": "tokens_revoked", "tokens": {"oauth": ["U0ANA"], "bot": []}, "event_ts": "1.0"})
    await slack.settle()
    assert await is_installed(slack, memphis)


async def test_what_another_process_installed_again_is_used_at_once(slack: Slack, memphis: Workspace) -> None:
    """The token that this process knows is refused, and the newer one stands in the database."""
    ana = person(slack, memphis, "Ana")
    await ana.types("/commit", "mine")
    await let_in(slack, memphis)
    form = await ana.types("/commit")
    assert form.labels
    await form.close()
    await let_in(slack, memphis)
    await owe(slack, await member(slack, memphis, "Ana"), "the portal")
    await slack.settle()
    assert "About the portal." in texts(slack, memphis, "Ana")


async def test_after_a_removal_and_a_new_installation_everything_goes_on(slack: Slack, memphis: Workspace) -> None:
    ana = await member(slack, memphis, "Ana")
    slack.sandbox.uninstall(memphis)
    await slack.settle()
    await let_in(slack, memphis)
    await owe(slack, ana, "the portal")
    await slack.settle()
    assert texts(slack, memphis, "Ana") == ["About the portal."]


async def test_the_home_workspace_can_be_left_and_installed_again_like_any_other(slack: Slack) -> None:
    slack.sandbox.uninstall(slack.workspace)
    await slack.settle()
    assert not await is_installed(slack, slack.workspace)
    await let_in(slack, slack.workspace)
    await owe(slack, await slack.member("Ana"), "the dashboard")
    await slack.settle()
    assert texts(slack, slack.workspace, "Ana") == ["About the dashboard."]


async def test_a_stranger_is_looked_up_in_their_own_workspace(slack: Slack, memphis: Workspace) -> None:
    memphis.add_person("Cleo Moss", email="cleo@memphis.example")
    await person(slack, memphis, "Cleo").types("/cohort")
    await slack.settle()
    assert (calls(slack, memphis, "users.info"), calls(slack, slack.workspace, "users.info")) == (1, 0)


async def test_who_is_missing_is_looked_for_in_the_workspaces_of_their_own_program(
    slack: Slack, memphis: Workspace
) -> None:
    memphis.add_person("Cleo Moss", email="cleo@memphis.example")
    slack.workspace.add_person("Cleo Moss", email="cleo@memphis.example")
    program_id = await several.program_of(slack, memphis)
    async with slack.sessions.begin() as session:
        known = {"email": "cleo@memphis.example", "created_at": slack.clock.now()}
        session.add(Member(program_id=program_id, name="Cleo Moss", **known))
    await slack.settle()
    assert (await member(slack, memphis, "Cleo Moss")).program_id == program_id
    assert calls(slack, slack.workspace, "users.lookupByEmail") == 0


async def test_a_stranger_is_answered_although_slack_refuses_in_another_workspace(
    slack: Slack, memphis: Workspace
) -> None:
    for workspace in (slack.workspace, memphis):
        workspace.add_person("Cleo Moss", email="cleo@memphis.example")
    slack.workspace.scopes.discard("users:read")
    async with slack.sessions.begin() as session:
        for workspace in (slack.workspace, memphis):
            cleo = person(slack, workspace, "Cleo").id
            now = slack.clock.now()
            await strangers.note(session, workspace.team_id, cleo, response_url=None, at=now, waits=True)
    with pytest.raises(SlackApiError, match="missing_scope"):
        await jobs.meet(slack.bot.ticker.services)
    async with slack.sessions() as session:
        waiting = await strangers.to_look_up(session)
    assert [workspace.team_id for _, workspace in waiting] == [slack.workspace.team_id]
    slack.workspace.scopes.add("users:read")
    await slack.settle()


async def test_where_the_bot_does_not_know_that_it_is_installed_it_says_so(slack: Slack) -> None:
    memphis = await several.open_memphis(slack, installed=False)
    slack.sandbox.install(memphis)
    ana = person(slack, memphis, "Ana")
    await ana.types("/commit", "open the data portal by Friday")
    assert ana.messages[-1]["text"].startswith("Civic Cohort is not installed in your workspace")
