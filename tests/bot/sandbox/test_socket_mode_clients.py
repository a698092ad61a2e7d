"""All Socket Mode clients of slack_sdk against the sandbox: each is greeted, hears, answers, comes back and stays out."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.bot.sandbox.raw_app import WORD
from tests.bot.sandbox.socket_clients import KINDS, Kind, Listener, listening

PATIENCE = 20
"""Seconds. The builtin client may wait five for its own lock, the one on websocket-client ten for a socket that it closed itself."""


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@pytest.fixture
async def listener(sandbox: Sandbox, kind: Kind) -> AsyncIterator[Listener]:
    async with listening(sandbox, kind) as [listener]:
        yield listener


async def test_it_is_greeted(sandbox: Sandbox, listener: Listener) -> None:
    async with asyncio.timeout(PATIENCE):
        hello = await listener.greetings.get()
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": sandbox.workspace.app_id}


async def test_it_hears_commands_and_events_and_answers(sandbox: Sandbox, listener: Listener) -> None:
    ana = sandbox.person("Ana")
    assert (await ana.types("/echo", "a"))["text"] == "1 heard"
    await ana.says("hello")
    assert (await ana.types("/echo", "ü" * 2000))["text"] == "3 heard"
    assert [request.type for request in listener.heard] == ["slash_commands", "events_api", "slash_commands"]
    assert [request.accepts_response_payload for request in listener.heard] == [True, False, True]
    assert listener.texts == ["a", "ü" * 2000]


async def test_it_hears_shortcuts_and_forms_and_answers(sandbox: Sandbox, listener: Listener) -> None:
    ana = sandbox.person("Ana")
    assert await ana.opens("New note") is None
    [pressed] = listener.heard
    web = AsyncWebClient(token=sandbox.workspace.bot_token, base_url=f"{sandbox.url}/api/")
    await web.views_open(trigger_id=pressed.payload["trigger_id"], view=WORD)

    form = ana.form
    assert await form.submit(text="so") is form
    assert form.errors == {"text": "Not so"}
    assert [request.payload["type"] for request in listener.heard] == ["shortcut", "view_submission"]


@pytest.mark.parametrize("how", ["warning", "refresh_requested", "dropped"])
async def test_it_comes_back(sandbox: Sandbox, listener: Listener, how: str) -> None:
    ana = sandbox.person("Ana")
    assert (await ana.types("/echo", "before"))["text"] == "1 heard"
    [old] = sandbox.links.sockets
    if how == "dropped":
        await sandbox.links.drop()
    else:
        await sandbox.links.disconnect(how)  # type: ignore[arg-type]
        await sandbox.links.gone(old)
    async with asyncio.timeout(PATIENCE):
        await sandbox.links.connected()
    assert (await ana.types("/echo", "after"))["text"] == "2 heard"
    assert listener.texts == ["before", "after"]


async def test_it_stays_out_when_socket_mode_is_switched_off(sandbox: Sandbox, listener: Listener) -> None:
    await sandbox.links.disconnect("link_disabled")
    await sandbox.links.gone()
    await sandbox.until(lambda: sandbox.calls[-1]["verdict"].startswith("forbidden_team"), within=5)
    assert sandbox.links.sockets == []
    sandbox.workspace.socket_mode = True
    async with asyncio.timeout(PATIENCE):
        await sandbox.links.connected()


async def test_each_payload_goes_to_one_of_two_and_one_goes_on_while_the_other_comes_back(
    sandbox: Sandbox, kind: Kind
) -> None:
    ana = sandbox.person("Ana")
    async with listening(sandbox, kind, clients=2) as [first, second]:
        for number in range(24):
            await ana.types("/echo", str(number))
        assert first.texts
        assert second.texts

        await sandbox.links.drop(sandbox.links.sockets[:1])
        for number in range(24, 30):
            await ana.types("/echo", str(number))
        async with asyncio.timeout(PATIENCE):
            await sandbox.links.connected(2)
        assert sorted(map(int, first.texts + second.texts)) == list(range(30))
