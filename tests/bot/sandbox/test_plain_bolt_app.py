"""The sandbox serves an app that is not ours: plain Bolt as in Slack's documentation, over slack_sdk's clients."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


FORM: Json = {
    "type": "modal",
    "callback_id": "note",
    "notify_on_close": True,
    "title": plain("A note"),
    "submit": plain("Save"),
    "blocks": [
        {
            "type": "input",
            "block_id": "text",
            "label": plain("What is it"),
            "element": {"type": "plain_text_input", "action_id": "text", "min_length": 3, "max_length": 40},
        },
        {
            "type": "input",
            "block_id": "due",
            "label": plain("Until when"),
            "optional": True,
            "element": {"type": "datepicker", "action_id": "due"},
        },
        {
            "type": "input",
            "block_id": "who",
            "label": plain("Who sees it"),
            "element": {
                "type": "static_select",
                "action_id": "who",
                "initial_option": {"text": plain("My city"), "value": "city"},
                "options": [
                    {"text": plain("My city"), "value": "city"},
                    {"text": plain("Everybody"), "value": "all"},
                ],
            },
        },
    ],
}


def commands(app: AsyncApp, heard: list[Json]) -> None:
    @app.command("/echo")
    async def echo(ack: Any, command: Json, respond: Any) -> None:
        heard.append(command)
        await ack(f"You said: {command['text']}")
        if "twice" in command["text"]:
            await respond("Again", response_type="in_channel")

    @app.command("/ask")
    async def ask(ack: Any, command: Json, client: AsyncWebClient) -> None:
        heard.append(command)
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=FORM)

    @app.shortcut("new_note")
    async def new_note(ack: Any, body: Json, client: AsyncWebClient) -> None:
        heard.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.shortcut("keep")
    async def keep(ack: Any, body: Json, respond: Any) -> None:
        heard.append(body)
        await ack()
        await respond(f"Kept: {body['message']['text']}")


def forms(app: AsyncApp, heard: list[Json]) -> None:
    @app.view("note")
    async def save(ack: Any, body: Json, view: Json, client: AsyncWebClient) -> None:
        heard.append(body)
        text = view["state"]["values"]["text"]["text"]["value"]
        if text == "nonsense":
            await ack(response_action="errors", errors={"text": "That makes no sense."})
            return
        await ack()
        buttons = [button("Done", "done", value="7"), button("Read", "read", url="https://a.example")]
        blocks = [{"type": "section", "text": plain(f"Kept: {text}")}, {"type": "actions", "elements": buttons}]
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Kept: {text}", blocks=blocks)

    @app.view_closed("note")
    async def closed(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    @app.action("done")
    async def done(ack: Any, body: Json, respond: Any) -> None:
        heard.append(body)
        await ack()
        await respond("Done.", replace_original=True)

    @app.action("read")
    async def read(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()


def events(app: AsyncApp, heard: list[Json]) -> None:
    @app.event("app_mention")
    async def mentioned(event: Json, say: Any) -> None:
        heard.append(event)
        await say("You called?", thread_ts=event["ts"])

    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        heard.append(event)
        blocks = [
            {"type": "section", "text": plain("Welcome")},
            {"type": "actions", "elements": [button("Read", "read")]},
        ]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.message("hello")
    async def hello(message: Json, say: Any) -> None:
        heard.append(message)
        await say("Hello to you")


@pytest.fixture
async def heard(sandbox: Sandbox) -> AsyncIterator[list[Json]]:
    """What a connected app heard, oldest first."""
    heard: list[Json] = []
    client = AsyncWebClient(token=sandbox.workspace.bot_token, base_url=f"{sandbox.url}/api/")
    app = AsyncApp(client=client, request_verification_enabled=False)
    for register in (commands, forms, events):
        register(app, heard)
    handler = AsyncSocketModeHandler(app, sandbox.workspace.app_token)
    await handler.connect_async()
    await sandbox.links.connected()
    yield heard
    await handler.close_async()


async def test_a_command_is_answered_to_its_sender_alone(sandbox: Sandbox, heard: list[Json]) -> None:
    ana, ben = sandbox.person("Ana"), sandbox.person("Ben")
    reply = await ana.types("/echo", "good morning", channel="#general")
    assert reply["text"] == "You said: good morning"
    assert [one["text"] for one in ana.sees("#general")] == ["You said: good morning"]
    assert ben.sees("#general") == []
    assert [command["text"] for command in heard] == ["good morning"]


async def test_a_later_answer_may_go_to_the_channel(sandbox: Sandbox, heard: list[Json]) -> None:
    ana, ben = sandbox.person("Ana"), sandbox.person("Ben")
    await ana.types("/echo", "twice", channel="#general")
    await sandbox.until(lambda: ben.sees("#general"))
    assert [one["text"] for one in ben.sees("#general")] == ["Again"]
    assert {one["text"] for one in ana.sees("#general")} == {"You said: twice", "Again"}


async def test_a_form_opens_is_checked_and_leads_to_a_message(sandbox: Sandbox, heard: list[Json]) -> None:
    ana = sandbox.person("Ana")
    await ana.types("/ask")
    form = await sandbox.until(lambda: ana.form)
    assert form.labels == ["What is it", "Until when", "Who sees it"]
    assert form["who"] == "city"

    assert await form.submit(text="no") is form
    assert form.errors == {"text": "Please enter at least 3 characters."}
    assert await form.submit(text="nonsense", due="2026-12-24") is form
    assert form.errors == {"text": "That makes no sense."}
    assert await form.submit(text="a good note", who="Everybody") is None

    [message] = await sandbox.until(lambda: ana.messages)
    assert message["text"] == "Kept: a good note"
    assert len(heard) == 3


async def test_buttons_of_a_message_reach_the_app_which_replaces_it(sandbox: Sandbox, heard: list[Json]) -> None:
    ana = sandbox.person("Ana")
    await ana.opens("New note")
    form = await sandbox.until(lambda: ana.form)
    await form.submit(text="a good note")
    [message] = await sandbox.until(lambda: ana.messages)

    await ana.clicks(message, "Read")
    assert heard[-1]["actions"][0]["url"] == "https://a.example"
    await ana.clicks(message, "Done")
    assert heard[-1]["actions"][0]["value"] == "7"
    await sandbox.until(lambda: ana.messages[0]["text"] == "Done.")
    assert "blocks" not in ana.messages[0]


async def test_a_form_that_is_closed_says_so(sandbox: Sandbox, heard: list[Json]) -> None:
    ana = sandbox.person("Ana")
    await ana.opens("New note")
    form = await sandbox.until(lambda: ana.form)
    await form.close()
    assert (heard[-1]["type"], heard[-1]["is_cleared"]) == ("view_closed", False)
    assert ana.form is None


async def test_a_message_shortcut_brings_the_message(sandbox: Sandbox, heard: list[Json]) -> None:
    ana = sandbox.person("Ana")
    said = await ana.says("remember me", channel="#general")
    await ana.uses_shortcut("Keep this", said)
    await sandbox.until(lambda: len(ana.sees("#general")) == 2)
    assert ana.sees("#general")[1]["text"] == "Kept: remember me"


async def test_a_mention_is_answered_in_its_thread(sandbox: Sandbox, heard: list[Json]) -> None:
    ana = sandbox.person("Ana")
    workspace = sandbox.workspace
    workspace.join(ana.channel("#general").id, workspace.bot_user_id)
    said = await ana.says("@echo are you there", channel="#general")
    await sandbox.until(lambda: ana.replies(said))
    assert [one["text"] for one in ana.replies(said)] == ["You called?"]


async def test_a_direct_message_is_answered(sandbox: Sandbox, heard: list[Json]) -> None:
    ana = sandbox.person("Ana")
    await ana.says("hello there")
    await sandbox.until(lambda: ana.messages)
    assert [one["text"] for one in ana.messages] == ["Hello to you"]
    assert ana.unread == 1


async def test_home_is_published_when_it_is_opened_and_its_buttons_work(sandbox: Sandbox, heard: list[Json]) -> None:
    ana = sandbox.person("Ana")
    await ana.opens_home()
    home = await sandbox.until(lambda: ana.home)
    assert home["blocks"][0]["text"]["text"] == "Welcome"
    await ana.clicks(home, "Read")
    assert heard[-1]["container"] == {"type": "view", "view_id": home["id"]}
