"""Before a form about places is acknowledged, at most five statements run; the rest is a job."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.sandbox.exchange import AppFailed
from bot.sandbox.form import Form
from tests.bench.statements import MOST
from tests.handlers.seats.steps import newcomer
from tests.handlers.steps import delegate_of, form_of, promise
from tests.whole import Slack


@contextmanager
def listeners() -> Iterator[list[list[str]]]:
    """The statements of each listener that runs until the block ends: of every task that begins with the look for who asks."""
    tasks: dict[Any, list[str]] = {}

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            tasks.setdefault(asyncio.current_task(), []).append(statement)

    asked: list[list[str]] = []
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        asked += [one for one in tasks.values() if "identities.user_id = " in one[0]]


async def sent(form: Form, **filled: Any) -> Form | None:
    """Send a form off, and count."""
    await form.fill(**filled)
    with listeners() as asked:
        following = await form.submit()
    [statements] = asked
    assert len(statements) <= MOST, statements
    assert following is None or not following.errors
    return following


@pytest.mark.parametrize(
    "said",
    [
        {"user": "U0TOMAS", "city": "1"},
        {"name": "Bo Li", "email": "bo@austin.gov", "new_city": "Austin", "state": "TX"},
        {"user": "U0KEOLA", "role": "head"},
    ],
)
async def test_a_person_is_added(slack: Slack, said: dict[str, str]) -> None:
    with listeners() as asked:
        form = await form_of(slack.person("Dana"), "add procurement")
    assert len(asked[0]) <= MOST
    assert await sent(form, **said) is None


async def test_a_place_is_ended(slack: Slack) -> None:
    await promise(slack, "Ana", "publish the list")
    with listeners() as asked:
        form = await form_of(slack.person("Renee"), "remove procurement")
    assert len(asked[0]) <= MOST
    sure = await sent(form, who=delegate_of(form, "Ana"), until="2026-10-02", why="moved")
    assert sure is not None
    assert await sent(sure) is None
    await slack.settle()
    with listeners() as asked:
        await slack.person("Renee").clicks(slack.person("Renee").messages[-1], "Undo")
    assert len(asked[0]) <= MOST


@pytest.mark.parametrize("promised", [True, False])
async def test_a_seat_is_handed_over(slack: Slack, *, promised: bool) -> None:
    if promised:
        await promise(slack, "Ana", "publish the list")
    with listeners() as asked:
        form = await form_of(slack.person("Renee"), "handover")
    assert len(asked[0]) <= MOST
    bo = newcomer(slack)
    taking = await sent(form, who=delegate_of(form, "Ana"), user=bo.id, name="Bo Li", since="2026-10-05")
    assert (taking is not None) is promised
    if taking:
        assert await sent(taking, along="all") is None


async def test_a_form_that_is_sent_again_hands_over_once(slack: Slack) -> None:
    form = await form_of(slack.person("Renee"), "handover")
    await form.fill(who=delegate_of(form, "Ana"), user="U0TOMAS", since="2026-10-01")
    view, renee = form.view, slack.person("Renee")
    assert await renee.exchange.submit(renee.id, view) == {}
    await slack.settle()
    with pytest.raises(AppFailed, match="not_found"):  # the answer is to close what is closed already
        await renee.exchange.submit(renee.id, view)
    await slack.settle()
    told = [one["text"] for one in renee.messages if one["text"].startswith("From today, Tomas Reyes")]
    assert len(told) == 1
