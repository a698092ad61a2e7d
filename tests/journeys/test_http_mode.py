"""The bot in HTTP mode: Slack's signed requests reach it at its address, and the same conversations work."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot import run
from bot.sandbox.clock import Clock
from bot.sandbox.server import Sandbox
from tests import cast, conformity, whole


@asynccontextmanager
async def over_http(database_url: str, log: Path, port: int) -> AsyncIterator[whole.Slack]:
    """As `whole.slack`, but the bot has no app-level token and hears Slack at `port`."""
    clock = Clock(cast.START, frozen=True)
    workspace = whole.people_the_workspace()
    async with Sandbox(workspace, clock=clock, log=log) as sandbox:
        settings = replace(
            whole.settings_for(workspace, sandbox.url, database_url),
            slack_app_token="",
            slack_signing_secret=workspace.signing_secret,
            port=port,
        )
        async with run.running(settings, clock, ticking=False) as bot:
            await sandbox.deliver_to(f"http://127.0.0.1:{port}/slack/events")
            sandbox.app_next_due, sandbox.app_settle = bot.next_due, bot.settle
            yield whole.Slack(sandbox, bot)


@pytest.fixture
async def slack(filled: Path, tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[whole.Slack]:
    log = tmp_path / "calls.jsonl"
    async with over_http(whole.copy_of(filled, tmp_path), log, unused_tcp_port) as running:
        yield running
    assert conformity.faults(log) == []


async def test_commands_forms_home_and_messages_work_over_http(slack: whole.Slack) -> None:
    ana = slack.person("Ana")
    reply = await ana.types("/commit", "publish the dashboard by 2027-01-15")
    assert "publish the dashboard" in reply["text"]
    assert slack.sandbox.links.sockets == []
    form = await ana.types("/commit")
    assert form.labels
    await form.close()
    await ana.opens_home()
    assert "publish the dashboard" in str(ana.home)
    await ana.says("practices on inclusive procurement")
    assert ana.messages


async def test_an_event_whose_answer_is_lost_comes_again_and_is_answered_once(slack: whole.Slack) -> None:
    ana = slack.person("Ana")
    await ana.says("help")
    usual = len(ana.messages)
    slack.sandbox.faults.order_event("unheard", "message")
    await ana.says("help")
    verdicts = [call["verdict"] for call in slack.sandbox.calls if call["method"] == "message"]
    assert verdicts.count("acknowledged at redelivery 1") == 1
    assert len(ana.messages) == 2 * usual
    assert usual
