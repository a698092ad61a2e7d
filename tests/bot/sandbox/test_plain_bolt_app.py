"""The sandbox serves an app that is not ours: plain Bolt as in Slack's documentation, over slack_sdk's clients."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.person import AppFailed, AppSilent
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


class Echo:
    """A small app and what it heard."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.heard: list[Json] = []
        self.app = app = AsyncApp(client=client, signing_secret="unused", request_verification_enabled=False)

        @app.command("/echo")
        async def echo(ack: Any, command: Json, respond: Any) -> None:
            self.heard.append(command)
            await ack(f"You said: {command['text']}")
            if "twice" in command["text"]:
                await respond("Again", response_type="in_channel")

        @app.command("/ask")
        async def ask(ack: Any, command: Json, client: AsyncWebClient) -> None:
            self.heard.append(command)
            await ack()
            await client.views_open(trigger_id=command["trigger_id"], view=FORM)

        @app.view("note")
        async def save(ack: Any, body: Json, view: Json, client: AsyncWebClient) -> None:
            self.heard.append(body)
            text = view["state"]["values"]["text"]["text"]["value"]
            if text == "nonsense":
                await ack(response_action="errors", errors={"text": "That makes no sense."})
                return
            if text == "wrong block":
                await ack(response_action="errors", errors={"no_such": "Lost."})
                return
            await ack()
            blocks = [
                {"type": "section", "text": plain(f"Kept: {text}")},
                {
                    "type": "actions",
                    "elements": [button("Done", "done", value="7"), button("Read", "read", url="https://a.example")],
                },
            ]
            await client.chat_postMessage(channel=body["user"]["id"], text=f"Kept: {text}", blocks=blocks)

        @app.view_closed("note")
        async def closed(ack: Any, body: Json) -> None:
            self.heard.append(body)
            await ack()

        @app.action("done")
        async def done(ack: Any, body: Json, respond: Any) -> None:
            self.heard.append(body)
            await ack()
            await respond("Done.", replace_original=True)

        @app.action("read")
        async def read(ack: Any, body: Json) -> None:
            self.heard.append(body)
            await ack()

        @app.event("app_mention")
        async def mentioned(body: Json, say: Any) -> None:
            self.heard.append(body)
            await say("You called?", thread_ts=body["event"]["ts"])

        @app.event("app_home_opened")
        async def home(body: Json, event: Json, client: AsyncWebClient) -> None:
            self.heard.append(body)
            view = {"type": "home", "blocks": [{"type": "section", "text": plain("Welcome")}]}
            await client.views_publish(user_id=event["user"], view=view)

        @app.message("hello")
        async def hello(message: Json, say: Any) -> None:
            self.heard.append(message)
            await say("Hello to you")

        @app.shortcut("new_note")
        async def new_note(ack: Any, body: Json, client: AsyncWebClient) -> None:
            self.heard.append(body)
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=FORM)

        @app.shortcut("keep")
        async def keep(ack: Any, body: Json, respond: Any) -> None:
            self.heard.append(body)
            await ack()
            await respond("Kept.")


@pytest.fixture
async def echo(sandbox: Sandbox) -> AsyncIterator[Echo]:
    client = AsyncWebClient(token=sandbox.workspace.bot_token, base_url=f"{sandbox.url}/api/")
    echo = Echo(client)
    handler = AsyncSocketModeHandler(echo.app, sandbox.workspace.app_token)
    await handler.connect_async()
    await sandbox.links.connected()
    yield echo
    await handler.close_async()


async def test_a_command_is_answered_to_its_sender_alone(sandbox: Sandbox, echo: Echo) -> None:
    ana, ben = sandbox.person("Ana"), sandbox.person("Ben")
    reply = await ana.types("/echo", "good morning", channel="#general")
    assert reply["text"] == "You said: good morning"
    assert [one["text"] for one in ana.sees("#general")] == ["You said: good morning"]
    assert ben.sees("#general") == []
    [command] = echo.heard
    assert command["channel_name"] == "general"
    assert command["is_enterprise_install"] == "false"


async def test_a_form_opens_is_checked_and_leads_to_a_message(sandbox: Sandbox, echo: Echo) -> None:
    ana = sandbox.person("Ana")
    await ana.types("/ask")
    form = await sandbox.until(lambda: ana.form)
    assert form.labels == ["What is it", "Until when", "Who sees it"]
    assert form["who"] == "city"

    refused = await form.submit(text="no")
    assert refused is not None
    assert refused.errors == {"text": "Please enter at least 3 characters."}
    assert await form.submit(text="nonsense", due="2026-12-24") is form
    assert form.errors == {"text": "That makes no sense."}
    assert await form.submit(text="a good note", who="Everybody") is None

    [message] = await sandbox.until(lambda: ana.messages)
    assert message["text"] == "Kept: a good note"
    assert echo.heard[-1]["view"]["state"]["values"] == {
        "text": {"text": {"type": "plain_text_input", "value": "a good note"}},
        "due": {"due": {"type": "datepicker", "selected_date": "2026-12-24"}},
        "who": {
            "who": {
                "type": "static_select",
                "selected_option": {"text": {"type": "plain_text", "text": "Everybody"}, "value": "all"},
            }
        },
    }
