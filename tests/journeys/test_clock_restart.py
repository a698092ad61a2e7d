"""The bot stops and starts in the middle of a round: nobody is asked twice, nobody is forgotten, old buttons still work."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from bot import run
from bot.sandbox.clock import Clock
from bot.sandbox.form import Form
from bot.sandbox.server import Sandbox
from tests import cast, conformity, databases, whole
from tests.journeys import telling
from tests.journeys.telling import Said, moment
from tests.whole import Slack

MEMPHIS_NINE = moment("UTC", 2026, 10, 5, 14)
AFTER_PHOENIX_NINE = moment("UTC", 2026, 10, 5, 16, 40)
HONOLULU_NINE = moment("UTC", 2026, 10, 5, 19)
CLOSED = moment("UTC", 2026, 10, 7, 19)
A_WEEK = timedelta(days=7)


class Starts(Protocol):
    """Starts the bot on the same database in the same workspace, as often as one wants."""

    def __call__(self) -> AbstractAsyncContextManager[Slack]: ...


@pytest.fixture
async def starts(filled: Path, tmp_path: Path) -> AsyncIterator[Starts]:
    """A workspace that stays; what all the bots said in it is held against Slack's definitions at the end."""
    database_url, log = databases.copy_of(filled, tmp_path), tmp_path / "calls.jsonl"
    workspace, clock = whole.people_the_workspace(), Clock(cast.START, frozen=True)
    async with Sandbox(workspace, clock=clock, log=log) as sandbox:
        settings = whole.settings_for(workspace, sandbox.url, database_url)

        @asynccontextmanager
        async def start() -> AsyncIterator[Slack]:
            async with run.running(settings, clock, ticking=False) as bot:
                sandbox.app_next_due, sandbox.app_settle = bot.next_due, bot.settle
                yield Slack(sandbox, bot)
            sandbox.app_next_due = sandbox.app_settle = None

        yield start
    assert conformity.faults(log) == []


async def test_nobody_is_asked_twice_and_nobody_is_forgotten(starts: Starts) -> None:
    async with starts() as slack:
        await telling.makes_check_in(slack)
        await slack.turn_to(MEMPHIS_NINE)
        clock = slack.clock
    clock.set(AFTER_PHOENIX_NINE)
    async with starts() as slack:
        await slack.settle()
    async with starts() as slack:
        await slack.settle()
        await slack.turn_to(CLOSED)
    async with starts() as slack:
        await slack.turn_to(CLOSED + timedelta(days=1))
        found = telling.said(slack)[1:]
    assert [one for one in found if one.kind == "prompt"] == [
        Said(MEMPHIS_NINE, "prompt", "Ana"),
        Said(MEMPHIS_NINE, "prompt", "Rosa"),
        Said(AFTER_PHOENIX_NINE, "prompt", "Tomas"),
        Said(HONOLULU_NINE, "prompt", "Keola"),
    ]
    assert sorted(one.to for one in found if one.kind == "reminder") == ["Ana", "Keola", "Rosa", "Tomas"]
    assert [one for one in found if one.kind == "summary"] == [
        Said(CLOSED, "summary", who) for who in ("#cohort", "Dana", "Renee")
    ]


async def test_the_button_of_a_prompt_and_an_open_form_outlive_the_restart(starts: Starts) -> None:
    async with starts() as slack:
        await telling.makes_check_in(slack)
        await slack.turn_to(MEMPHIS_NINE)
        form = await slack.person("Ana").clicks(slack.person("Ana").messages[0], "Answer now")
        assert isinstance(form, Form)
    async with starts() as slack:
        assert await form.submit(answer_0="The vendor survey is out.") is None, form.errors
        await slack.person("Rosa").clicks(slack.person("Rosa").messages[0], "Not this time")
    async with starts() as slack:
        [answered], [declined] = slack.person("Ana").messages, slack.person("Rosa").messages
        assert "Answered for Memphis" in answered["text"]
        assert "You pass on this round" in declined["text"]
        await slack.turn_to(CLOSED)
        [summary] = slack.person("Keola").sees("#cohort")
        assert (
            "*Memphis* · Ana Diaz\n_What moved forward since last time?_\n>The vendor survey is out."
            in telling.words(summary)
        )
        assert [one.to for one in telling.said(slack, ["reminder"])] == ["Tomas", "Keola"]


async def test_after_a_stop_over_a_whole_round_nudges_and_rounds_go_on(starts: Starts) -> None:
    async with starts() as slack:
        await telling.makes_check_in(slack)
        await slack.person("Rosa").types("/commit", "send Phoenix our vendor survey by Oct 6")
        await slack.turn_to(MEMPHIS_NINE)
        clock = slack.clock
    clock.set(CLOSED + timedelta(hours=1))
    async with starts() as slack:
        await slack.turn_to(HONOLULU_NINE + A_WEEK + timedelta(days=1))
        found = telling.said(slack)[1:]
    nudges = [one for one in found if one.kind == "nudge"]
    assert [(one.to, one.at) for one in nudges] == [
        ("Rosa", moment("UTC", 2026, 10, 5, 13)),  # the Monday after the Saturday three days before
        ("Rosa", CLOSED + timedelta(hours=1)),
        ("Rosa", moment("UTC", 2026, 10, 13, 14)),
    ]
    assert [one.to for one in found if one.kind == "prompt"] == ["Ana", "Rosa", "Ana", "Rosa", "Tomas", "Keola"]


async def test_what_waits_for_the_morning_is_sent_by_the_bot_that_runs_then(starts: Starts) -> None:
    async with starts() as slack:
        await telling.makes_check_in(slack, at="17:00", window="One day")
        await slack.turn_to(moment("UTC", 2026, 10, 7, 4))  # Honolulu's window ended an hour ago, at night in New York
        assert telling.said(slack, ["summary"]) == []
        clock = slack.clock
    morning = moment("America/New_York", 2026, 10, 7, 8)
    clock.set(morning + timedelta(minutes=5))
    async with starts() as slack:
        await slack.turn_to(morning + timedelta(hours=1))
    async with starts() as slack:
        await slack.settle()
        assert telling.said(slack, ["summary"]) == [
            Said(morning + timedelta(minutes=5), "summary", who) for who in ("#cohort", "Dana", "Renee")
        ]
