"""A plain synchronous Bolt app as Slack's documentation builds them; nothing in it knows of the sandbox."""

import gc
from threading import Thread
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_bolt.app.app import SlackAppDevelopmentServer
from slack_sdk import WebClient
from slack_sdk.socket_mode import builtin, websocket_client

Json = dict[str, Any]

PATH = "/slack/events"

leaves_sockets_open = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)
"""Slack's clients in threads leave a socket that they replaced to the garbage collector, which Python warns of."""


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def text_input(block_id: str, label: str) -> Json:
    element = {"type": "plain_text_input", "action_id": block_id}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element}


def modal(callback_id: str, *blocks: Json) -> Json:
    names = {"title": plain("A ticket"), "submit": plain("Next"), "close": plain("Cancel")}
    return {"type": "modal", "callback_id": callback_id, **names, "blocks": list(blocks)}


TICKET = modal("ticket", text_input("title", "What is broken"))
DETAILS = modal("details", text_input("where", "Where is it"))
OPTIONS = [{"text": plain(text), "value": text.lower()} for text in ("Low", "High")]
CONTROLS: list[Json] = [
    {"type": "section", "text": plain("How urgent is it")},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": plain("Close it"), "action_id": "close", "value": "42"},
            {"type": "static_select", "placeholder": plain("Urgency"), "action_id": "urgency", "options": OPTIONS},
        ],
    },
]


def build(client: WebClient, signing_secret: str, errors: list[BaseException]) -> App:
    """The app; what goes wrong in it is kept in `errors`."""
    app = App(client=client, signing_secret=signing_secret, token=client.token)
    for register in (commands, forms, elements, events):
        register(app)

    @app.error
    def note(error: Exception) -> None:
        errors.append(error)

    return app


def commands(app: App) -> None:
    @app.command("/echo")
    def echo(ack: Any, respond: Any, command: Json) -> None:
        ack(f"You said {command['text']}")
        if "again" in command["text"]:
            respond(text="And again", response_type="in_channel")

    @app.command("/ask")
    def ask(ack: Any, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=TICKET)
        ack()

    @app.shortcut("new_note")
    def new_note(ack: Any, shortcut: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=TICKET)

    @app.shortcut("keep")
    def keep(ack: Any, shortcut: Json, client: WebClient) -> None:
        ack()
        content = f"{shortcut['message']['text']}\n"
        client.files_upload_v2(
            filename="kept.txt", content=content, channel=shortcut["channel"]["id"], initial_comment="Kept in a file"
        )


def forms(app: App) -> None:
    @app.view("ticket")
    def title_given(ack: Any, view: Json) -> None:
        title = view["state"]["values"]["title"]["title"]["value"]
        if len(title) < 5:
            ack(response_action="errors", errors={"title": "Say a little more"})
            return
        ack(response_action="push", view={**DETAILS, "private_metadata": title})

    @app.view("details")
    def details_given(ack: Any, body: Json, view: Json, client: WebClient) -> None:
        ack(response_action="clear")
        where = view["state"]["values"]["where"]["where"]["value"]
        text = f"{view['private_metadata']} ({where})"
        client.chat_postMessage(channel=body["user"]["id"], text=text, blocks=CONTROLS)


def elements(app: App) -> None:
    @app.action("close")
    def close(ack: Any, action: Json, respond: Any) -> None:
        ack()
        respond(text=f"Closed {action['value']}", replace_original=True)

    @app.action("urgency")
    def urgency(ack: Any, action: Json, say: Any) -> None:
        ack()
        say(f"It is {action['selected_option']['value']}")


def events(app: App) -> None:
    @app.event("app_mention")
    def mentioned(event: Json, say: Any) -> None:
        say(text=f"Hello <@{event['user']}>", thread_ts=event["ts"])

    @app.message("hello")
    def hello(message: Json, say: Any) -> None:
        say(f"Hello <@{message['user']}>")

    @app.event("app_home_opened")
    def home(event: Json, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": CONTROLS[:1]})


def connect(app: App, app_token: str) -> SocketModeHandler:
    """Open Socket Mode with the client that is built into slack_sdk."""
    handler = SocketModeHandler(app, app_token, ping_interval=1)
    handler.connect()
    return handler


def close(handler: SocketModeHandler) -> None:
    shut(handler.client)
    _stop_workers(handler.app)


def shut(client: builtin.SocketModeClient | websocket_client.SocketModeClient) -> None:
    """Close a client in threads for good; what it left open goes now, and not in somebody else's test."""
    client.default_auto_reconnect_enabled = False
    client.close()
    if client.current_session is not None:
        client.current_session.close()
    gc.collect()


def serve(app: App) -> tuple[SlackAppDevelopmentServer, str]:
    """The server of `app.start()` in a thread, and its address."""
    server = SlackAppDevelopmentServer(port=0, path=PATH, app=app, http_server_logger_enabled=False)
    Thread(target=server.start).start()
    return server, f"http://127.0.0.1:{server._server.server_port}{PATH}"


def stop(server: SlackAppDevelopmentServer) -> None:
    server._server.shutdown()
    _stop_workers(server._bolt_app)


def _stop_workers(app: App) -> None:
    app.listener_runner.listener_executor.shutdown()
