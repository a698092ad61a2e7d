"""Socket Mode: tickets, hello, acknowledgement, several sockets, redelivery, and disconnects.

Slack's own clients are in test_socket_mode_clients.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from bot.sandbox.person import AppSilent
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.raw_app import raw_app


async def test_a_socket_is_greeted(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        await app.until(lambda: len(app.notices[0]) == 1)
        [hello] = app.notices[0]
        assert hello["type"] == "hello"
        assert hello["num_connections"] == 1
        assert hello["connection_info"] == {"app_id": sandbox.workspace.app_id}


async def test_a_ticket_opens_one_socket_once(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        url = await app.ticket_url()
        await app.connect(url)
        with pytest.raises(WSServerHandshakeError, match="403"):
            await app.session.ws_connect(url)


async def test_a_ticket_is_given_for_the_app_token_only(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.workspace.bot_token}"}
    address = f"{sandbox.url}/api/apps.connections.open"
    async with ClientSession() as session, session.post(address, headers=headers) as response:
        assert (await response.json())["error"] == "not_allowed_token_type"


async def test_pings_are_answered(sandbox: Sandbox) -> None:
    async with ClientSession() as session, raw_app(sandbox) as app:
        socket = await session.ws_connect(await app.ticket_url(), autoping=False)
        assert (await socket.receive_json())["type"] == "hello"
        await socket.ping(b"are you there")
        pong = await socket.receive()
        assert pong.data == b"are you there"
        await socket.close()


async def test_each_payload_goes_to_exactly_one_of_several_sockets(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana")
    async with raw_app(sandbox, sockets=3) as app:
        for number in range(40):
            await ana.types("/echo", str(number))
        assert [payload["text"] for payload in app.payloads] == [str(number) for number in range(40)]
        assert len(Counter(app.heard_by)) == 3


async def test_at_most_ten_sockets_stay_open(sandbox: Sandbox) -> None:
    async with raw_app(sandbox, sockets=10) as app:
        await app.connect()
        await app.until(lambda: len(app.notices[10]) == 1)
        assert app.notices[10][0]["reason"] == "too_many_websockets"
        assert len(sandbox.links.sockets) == 10


async def test_an_event_envelope_takes_no_answer_and_names_its_first_try(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        await sandbox.person("Ana").says("hello")
        [envelope] = app.envelopes
        assert envelope["type"] == "events_api"
        assert envelope["accepts_response_payload"] is False
        assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")


async def test_an_event_that_is_not_acknowledged_comes_again_with_the_same_event_id(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        app.silent.add("event_callback")
        await sandbox.person("Ana").says("hello")
        first, again = app.envelopes
        assert first["payload"] == again["payload"]
        assert first["envelope_id"] != again["envelope_id"]
        assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")

        app.silent.clear()
        due = sandbox.links.next_redelivery()
        assert due == sandbox.clock.now() + timedelta(seconds=60)
        await sandbox.turn_to(sandbox.clock.now() + timedelta(hours=1))
        assert [envelope["retry_attempt"] for envelope in app.envelopes] == [0, 1, 2]
        assert sandbox.links.next_redelivery() is None


async def test_redelivery_ends_after_three_retries(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        app.silent.add("event_callback")
        await sandbox.person("Ana").says("hello")
        visited = await sandbox.turn_to(sandbox.clock.now() + timedelta(days=1))
        assert [envelope["retry_attempt"] for envelope in app.envelopes] == [0, 1, 2, 3]
        assert len(visited) == 2
        assert sandbox.calls[-1]["verdict"] == "not acknowledged, try 4"


async def test_commands_and_interactions_are_never_sent_twice(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        app.silent |= {"/echo", "shortcut"}
        ana = sandbox.person("Ana")
        with pytest.raises(AppSilent, match="operation_timeout"):
            await ana.types("/echo", "anybody there")
        with pytest.raises(AppSilent, match="trouble connecting"):
            await ana.opens("New note")
        await sandbox.turn_to(sandbox.clock.now() + timedelta(days=1))
        assert [payload.get("command", payload.get("callback_id")) for payload in app.payloads] == ["/echo", "new_note"]


async def test_nobody_connected_means_nobody_answers(sandbox: Sandbox) -> None:
    with pytest.raises(AppSilent):
        await sandbox.person("Ana").types("/echo", "anybody there")


async def test_an_event_waits_for_an_app_that_comes_later(sandbox: Sandbox) -> None:
    await sandbox.person("Ana").says("hello")
    async with raw_app(sandbox) as app:
        await sandbox.turn_to(sandbox.clock.now() + timedelta(minutes=2))
        assert [payload["event"]["text"] for payload in app.payloads] == ["hello"]


async def test_only_subscribed_events_are_delivered(sandbox: Sandbox) -> None:
    workspace = sandbox.workspace
    general = next(one for one in workspace.channels.values() if one.name == "general")
    workspace.join(general.id, workspace.bot_user_id)
    async with raw_app(sandbox) as app:
        ana = sandbox.person("Ana")
        await ana.says("nobody subscribed to channel messages", channel="#general")
        await ana.says(f"<@{workspace.bot_user_id}> but to mentions", channel="#general")
        assert [payload["event"]["type"] for payload in app.payloads] == ["app_mention"]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_socket_told_to_go_is_closed_after_a_while(sandbox: Sandbox, reason: str) -> None:
    async with raw_app(sandbox) as app:
        await sandbox.links.disconnect(reason)
        await app.until(lambda: len(app.notices[0]) == 2)
        assert app.notices[0][1]["reason"] == reason
        await sandbox.links.gone()
        assert sandbox.links.sockets == []


async def test_a_socket_that_came_for_debugging_is_refreshed_by_itself(sandbox: Sandbox) -> None:
    sandbox.links.door.timing = replace(sandbox.timing, debug_reconnect=0.05)
    async with raw_app(sandbox, sockets=1) as app:
        await app.connect(f"{await app.ticket_url()}&debug_reconnects=true")
        await app.until(lambda: len(app.notices[1]) == 2)
        assert app.notices[1][1]["reason"] == "refresh_requested"
        await sandbox.links.gone(sandbox.links.sockets[1])
        assert len(sandbox.links.sockets) == 1


async def test_one_of_several_sockets_is_refreshed_while_the_others_go_on(sandbox: Sandbox) -> None:
    async with raw_app(sandbox, sockets=3) as app:
        await sandbox.links.disconnect("refresh_requested", [sandbox.links.sockets[0]])
        await sandbox.links.gone(sandbox.links.sockets[0])
        assert [len(notices) for notices in app.notices] == [2, 1, 1]
        for number in range(10):
            await sandbox.person("Ana").types("/echo", str(number))
        assert set(app.heard_by) <= {1, 2}


async def test_socket_mode_that_is_switched_off_gives_no_address_and_takes_no_socket(sandbox: Sandbox) -> None:
    async with raw_app(sandbox, sockets=2) as app:
        ticket = await app.ticket_url()
        await sandbox.links.disconnect("link_disabled")
        await sandbox.links.gone()
        assert [notices[-1]["reason"] for notices in app.notices] == ["link_disabled"] * 2
        with pytest.raises(WSServerHandshakeError, match="403"):
            await app.session.ws_connect(ticket)
        with pytest.raises(KeyError):
            await app.ticket_url()
        sandbox.workspace.socket_mode = True
        await app.connect()
        await sandbox.links.connected()


async def test_how_often_an_event_comes_again_is_for_the_test_to_say(sandbox: Sandbox) -> None:
    sandbox.links.timing = replace(sandbox.timing, retry_after=())
    async with raw_app(sandbox) as app:
        app.silent.add("event_callback")
        await sandbox.person("Ana").says("hello")
        assert len(app.envelopes) == 1
        sandbox.links.timing = replace(sandbox.timing, retry_after=(0, 0, 3600, 3600))
        await sandbox.person("Ana").says("hello")
        await sandbox.turn_to(sandbox.clock.now() + timedelta(days=1))
        assert len(app.envelopes) == 6


async def test_an_unknown_or_late_acknowledgement_is_noted(sandbox: Sandbox) -> None:
    async with raw_app(sandbox) as app:
        await app.sockets[0].send_json({"envelope_id": "nobody", "payload": {"text": "late"}})
        call = await sandbox.until(lambda: next((one for one in sandbox.calls if one["method"] == "ack"), None))
        assert call["verdict"].startswith("nobody waits")


async def test_the_sandbox_closes_under_a_connected_app(sandbox: Sandbox) -> None:
    async with ClientSession() as session:
        async with Sandbox(sandbox.workspace) as other, raw_app(other) as app:
            socket = await session.ws_connect(await app.ticket_url())
        assert (await socket.receive_json())["type"] == "hello"
        assert (await socket.receive()).data is not None
        await socket.close()
