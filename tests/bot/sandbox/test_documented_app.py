"""Slack's documentation holds here: a plain synchronous Bolt app works over Socket Mode and over HTTP, and notices no difference."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.bot.sandbox import documented_app

MODES = ["sockets", "http"]

pytestmark = documented_app.leaves_sockets_open


@pytest.fixture(params=MODES)
async def documented(sandbox: Sandbox, request: pytest.FixtureRequest) -> AsyncIterator[Sandbox]:
    """The sandbox with the app in threads of its own, where it may block."""
    errors: list[BaseException] = []
    workspace = sandbox.workspace
    client = WebClient(token=workspace.bot_token, base_url=f"{sandbox.url}/api/")
    app = await asyncio.to_thread(documented_app.build, client, workspace.signing_secret, errors)
    if request.param == "http":
        server, address = documented_app.serve(app)
        await sandbox.deliver_to(address)
        yield sandbox
        await asyncio.to_thread(documented_app.stop, server)
    else:
        handler = await asyncio.to_thread(documented_app.connect, app, workspace.app_token)
        await sandbox.links.connected()
        yield sandbox
        handler.client.auto_reconnect_enabled = False
        await sandbox.links.drop()  # else the client reads on for three seconds before it notices that it was closed
        await asyncio.to_thread(documented_app.close, handler)
    assert errors == []


async def test_a_command_is_answered_at_once_and_later(documented: Sandbox) -> None:
    ana, ben = documented.person("Ana"), documented.person("Ben")
    reply = await ana.types("/echo", "that again", channel="#general")
    assert reply["text"] == "You said that again"
    await documented.until(lambda: ben.sees("#general"))
    assert [message["text"] for message in ben.sees("#general")] == ["And again"]


async def test_a_form_shows_errors_pushes_another_and_leads_to_a_message(documented: Sandbox) -> None:
    ana = documented.person("Ana")
    form = await ana.types("/ask")
    assert await form.submit(title="lift") is form
    assert form.errors == {"title": "Say a little more"}
    second = await form.submit(title="the lift")
    assert second.labels == ["Where is it"]
    assert len(ana.open_views()) == 2
    assert await second.submit(where="city hall") is None
    assert ana.open_views() == []
    await documented.until(lambda: ana.messages)
    assert [message["text"] for message in ana.messages] == ["the lift (city hall)"]


async def test_a_button_replaces_its_message_and_a_menu_says_what_was_chosen(documented: Sandbox) -> None:
    ana = documented.person("Ana")
    await ana.opens("New note")
    form = await documented.until(lambda: ana.form)
    await (await form.submit(title="the lift")).submit(where="city hall")
    [message] = await documented.until(lambda: ana.messages)
    await ana.chooses(message, "urgency", "High")
    await documented.until(lambda: len(ana.messages) == 2)
    assert ana.messages[1]["text"] == "It is high"
    await ana.clicks(message, "Close it")
    await documented.until(lambda: ana.messages[0]["text"] == "Closed 42")


async def test_a_message_shortcut_uploads_a_file(documented: Sandbox) -> None:
    ana, workspace = documented.person("Ana"), documented.workspace
    general = ana.channel("#general")
    workspace.join(general.id, workspace.bot_user_id)
    said = await ana.says("remember the lift", channel="#general")
    await ana.uses_shortcut("Keep this", said)
    shared = await documented.until(lambda: next((one for one in general.messages if one.get("files")), None))
    assert shared["text"] == "Kept in a file"
    assert workspace.files[shared["files"][0]["id"]].content == b"remember the lift\n"


async def test_mentions_messages_and_home(documented: Sandbox) -> None:
    ana, workspace = documented.person("Ana"), documented.workspace
    workspace.join(ana.channel("#general").id, workspace.bot_user_id)
    said = await ana.says("@echo are you there", channel="#general")
    await documented.until(lambda: ana.replies(said))
    assert ana.replies(said)[0]["text"] == f"Hello <@{ana.id}>"
    await ana.says("hello")
    await documented.until(lambda: ana.messages)
    await ana.opens_home()
    home = await documented.until(lambda: ana.home)
    assert home["blocks"][0]["text"]["text"] == "How urgent is it"
