"""A plain Bolt app that shows every kind of block and input, to prove the sandbox's page on an app that is not ours."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]

MANIFEST: Json = {
    "display_information": {"name": "Gallery"},
    "features": {
        "bot_user": {"display_name": "gallery", "always_online": True},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/show", "description": "Shows every block", "usage_hint": "texts | elements"},
            {"command": "/shout", "description": "Says it loudly, to you alone", "usage_hint": "WORDS"},
            {"command": "/form", "description": "Opens a form with every input"},
        ],
        "shortcuts": [
            {"name": "New entry", "type": "global", "callback_id": "new_entry", "description": "Opens the form"},
            {"name": "Keep this", "type": "message", "callback_id": "keep", "description": "Keeps a message"},
        ],
    },
    "oauth_config": {
        "scopes": {"bot": ["app_mentions:read", "chat:write", "commands", "im:history", "im:write", "users:read"]}
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "app_mention", "message.im"]},
        "interactivity": {"is_enabled": True},
    },
}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str, description: str = "") -> Json:
    return {"text": plain(text), "value": value} | ({"description": plain(description)} if description else {})


STATES = [option("On track", "on", "No help needed"), option("At risk", "risk"), option("Done", "done")]
GROUPS = [
    {"label": plain("City Accelerator"), "options": [option("Cohort 4", "4"), option("Cohort 5", "5")]},
    {"label": plain("Equity"), "options": [option("Racial Equity Here", "reh")]},
]
SURE = {
    "title": plain("Drop it?"),
    "text": mrkdwn("It stays in the list as *dropped*."),
    "confirm": plain("Drop it"),
    "deny": plain("Keep it"),
    "style": "danger",
}
TEXT = (
    "Open until *Wednesday, 10:00 AM*. _Your cohort_ sees the ~first~ two answers; `facilitators` see blockers.\n"
    "<https://example.org/guide|the guide>, <@{user}>, <#{channel}>, <!date^1796742000^{{date_long}} at {{time}}|then>, "
    ":wave: 5 &lt; 6 &amp; 7, *bold _both_ bold*, snake_case_word.\n"
    "&gt; quoted *words*\n• one\n• two\n```\nx = *1*\n```\nafter"
)


def texts(user: str, channel: str, picture: str) -> list[Json]:
    """Blocks that are read."""
    image = {"type": "image", "image_url": picture, "alt_text": "Two houses"}
    return [
        {"type": "header", "text": plain("Inclusive procurement")},
        {
            "type": "section",
            "text": mrkdwn(TEXT.format(user=user, channel=channel)),
            "accessory": {"type": "button", "action_id": "answer", "text": plain("Answer now"), "style": "primary"},
        },
        {"type": "section", "fields": [mrkdwn("*City*\nMemphis"), mrkdwn("*Due*\nFriday"), plain("State: on track")]},
        {"type": "divider"},
        {"type": "section", "text": mrkdwn("A picture beside words"), "accessory": image},
        image | {"title": plain("The two houses")},
        {"type": "context", "elements": [image, mrkdwn("Answering for *Memphis*"), plain("Facilitators see this")]},
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "text", "text": "strong", "style": {"bold": True}},
                        {"type": "text", "text": " and "},
                        {"type": "link", "url": "https://example.org/", "text": "linked"},
                    ],
                },
                {
                    "type": "rich_text_list",
                    "style": "ordered",
                    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "first point"}]}],
                },
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a rich quote"}]},
                {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "kept  as is"}]},
            ],
        },
        {
            "type": "markdown",
            "text": "## Marked\nSome **strong**, *slanted* words.\n\n- one\n- two\n\n[linked](https://example.org)",
        },
    ]


def elements() -> list[Json]:
    """Blocks that are acted on."""
    return [
        {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": "done", "text": plain("Mark done"), "style": "primary", "value": "7"},
                {"type": "button", "action_id": "drop", "text": plain("Drop"), "style": "danger", "confirm": SURE},
                {"type": "button", "action_id": "read", "text": plain("Read"), "url": "https://example.org/read"},
                {
                    "type": "overflow",
                    "action_id": "more",
                    "options": [option("Hand over", "hand"), option("History", "old")],
                },
            ],
        },
        {
            "type": "actions",
            "elements": [
                {"type": "static_select", "action_id": "state", "placeholder": plain("State"), "options": STATES},
                {"type": "users_select", "action_id": "owner", "placeholder": plain("Owner")},
                {"type": "datepicker", "action_id": "due", "initial_date": "2026-12-11"},
                {"type": "checkboxes", "action_id": "boxes", "options": STATES},
                {"type": "radio_buttons", "action_id": "radio", "options": STATES, "initial_option": STATES[0]},
            ],
        },
    ]


def field(block_id: str, label: str, element: str, more: Json | None = None, **block: Any) -> Json:
    kind = {"type": element, "action_id": block_id, **(more or {})}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": kind, **block}


def form() -> Json:
    """A form with every input."""
    blocks = [
        {"type": "section", "text": mrkdwn("*Last time Memphis said:* we wait for data.")},
        field(
            "text",
            "What did you promise?",
            "plain_text_input",
            {"min_length": 3},
            hint=plain("Your facilitators see it."),
        ),
        field("long", "What is in the way?", "plain_text_input", {"multiline": True}, optional=True),
        field("number", "How many vendors?", "number_input", {"is_decimal_allowed": False, "max_value": "9"}),
        field("mail", "E-mail", "email_text_input", optional=True),
        field("url", "Source", "url_text_input", optional=True),
        field("state", "State", "static_select", {"options": STATES}),
        field("cohort", "Cohort", "static_select", {"option_groups": GROUPS}, optional=True),
        field("states", "Elements", "multi_static_select", {"options": STATES}, optional=True),
        field("owner", "Owner", "users_select", optional=True),
        field("helpers", "Helpers", "multi_users_select", optional=True),
        field("channel", "Channel", "channels_select", optional=True),
        field("place", "Conversation", "conversations_select", optional=True),
        field("due", "Due date", "datepicker"),
        field("at", "Time", "timepicker", {"initial_time": "09:00"}),
        field("moment", "Moment", "datetimepicker", {"initial_date_time": 1796742000}),
        field("boxes", "Tell me about", "checkboxes", {"options": STATES}, optional=True),
        field("radio", "How is it going?", "radio_buttons", {"options": STATES}),
        field("files", "Attach", "file_input", optional=True),
        field("rich", "Notes", "rich_text_input", optional=True),
    ]
    return {
        "type": "modal",
        "callback_id": "entry",
        "title": plain("New entry"),
        "submit": plain("Save"),
        "blocks": blocks,
    }


def second_form() -> Json:
    why = field("why", "Why?", "plain_text_input", optional=True)
    return {
        "type": "modal",
        "callback_id": "why",
        "title": plain("One more thing"),
        "submit": plain("Send"),
        "blocks": [why],
    }


class Gallery:
    """The app and what it heard, in the order in which it came."""

    def __init__(self, client: AsyncWebClient, picture: str) -> None:
        self.heard: list[Json] = []
        self.picture = picture
        self.app = app = AsyncApp(client=client, signing_secret="unused", request_verification_enabled=False)
        app.command("/show")(self.show)
        app.command("/shout")(self.shout)
        app.command("/form")(self.open)
        app.shortcut("new_entry")(self.open)
        app.shortcut("keep")(self.keep)
        app.view("entry")(self.save)
        app.view("why")(self.acknowledge)
        app.event("app_home_opened")(self.home)
        app.event("message")(self.listen)
        app.action("drop")(self.dropped)
        app.action({"type": "block_actions", "action_id": "answer"})(self.open)
        for name in ("done", "read", "more", "state", "owner", "due", "boxes", "radio"):
            app.action(name)(self.acknowledge)

    async def show(self, ack: Any, command: Json, client: AsyncWebClient) -> None:
        await ack()
        blocks = (
            elements()
            if "elements" in command["text"]
            else texts(command["user_id"], command["channel_id"], self.picture)
        )
        await client.chat_postMessage(channel=command["user_id"], text="The gallery", blocks=blocks)

    async def shout(self, ack: Any, command: Json) -> None:
        self.heard.append(command)
        await ack(command["text"].upper() or "Nothing")

    async def open(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        self.heard.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    async def keep(self, ack: Any, body: Json, respond: Any) -> None:
        self.heard.append(body)
        await ack()
        await respond("Kept.")

    async def save(self, ack: Any, body: Json, view: Json) -> None:
        self.heard.append(body)
        text = view["state"]["values"]["text"]["text"]["value"]
        if text == "nonsense":
            await ack(response_action="errors", errors={"text": "That makes no sense."})
        elif text == "more":
            await ack(response_action="push", view=second_form())
        else:
            await ack()

    async def home(self, event: Json, client: AsyncWebClient) -> None:
        blocks = [{"type": "header", "text": plain("Your week")}, elements()[0]]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    async def listen(self, message: Json, client: AsyncWebClient) -> None:
        thread = message.get("thread_ts")
        posted = await client.chat_postMessage(channel=message["channel"], text="I am listening", thread_ts=thread)
        await client.chat_update(channel=message["channel"], ts=posted["ts"], text=f"I heard: {message['text']}")

    async def dropped(self, ack: Any, body: Json, respond: Any) -> None:
        self.heard.append(body)
        await ack()
        await respond("Dropped.", replace_original=True)

    async def acknowledge(self, ack: Any, body: Json) -> None:
        self.heard.append(body)
        await ack()
