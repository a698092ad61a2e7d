"""Block Kit's smaller parts as tables: text objects, options, buttons, menus and inputs, with their keys and lengths."""

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.shapes import Faults, Rule, flag, items, number, one_of, record, string

ID = string(255)
TEXT_MOST = 3000
TIME = shapes.matching(r"([01]\d|2[0-3]):[0-5]\d", "a valid time in the format HH:MM")
DECIMAL = shapes.matching(r"-?\d+(\.\d+)?", "a valid number")
STYLE = one_of("primary", "danger")


def plain(most: int = TEXT_MOST) -> Rule:
    """A plain_text object."""
    text = record(("type", "text"), type=one_of("plain_text"), text=string(most), emoji=flag)
    return shapes.kinds({"plain_text": text})


def mrkdwn(most: int = TEXT_MOST) -> Rule:
    return shapes.kinds({"mrkdwn": _mrkdwn(most)})


def text(most: int = TEXT_MOST) -> Rule:
    """A plain_text or mrkdwn object."""
    return shapes.kinds({"plain_text": plain(most), "mrkdwn": _mrkdwn(most)})


def _mrkdwn(most: int) -> Rule:
    return record(("type", "text"), type=one_of("mrkdwn"), text=string(most), verbatim=flag)


CONFIRM = record(("text",), title=plain(100), text=text(300), confirm=plain(30), deny=plain(30), style=STYLE)
OPTION = record(("text", "value"), text=plain(75), value=string(150), description=plain(75))
MARKED_OPTION = record(("text", "value"), text=text(75), value=string(150), description=text(75))
MENU_OPTION = record(("text", "value"), text=plain(75), value=string(150), description=plain(75), url=shapes.url(3000))
GROUP = record(("label", "options"), label=plain(75), options=items(OPTION, 100))
SLACK_FILE = shapes.both(record(id=string(255), url=shapes.url()), shapes.exactly_one("id", "url"))
DISPATCH = record(trigger_actions_on=items(one_of("on_enter_pressed", "on_character_entered"), 2))
FILTER = record(
    include=items(one_of("im", "mpim", "private", "public")),
    exclude_bot_users=flag,
    exclude_external_shared_channels=flag,
)


def element(type_: str, required: tuple[str, ...] = (), /, **fields: Rule) -> Rule:
    return record(("type", *required), type=one_of(type_), action_id=ID, **fields)


def chosen_from_options(value: object, place: str) -> Faults:
    """What is chosen at first must stand among the options, all of it."""
    if not isinstance(value, dict):
        return
    options = _options(value)
    if options is None:
        return
    if "initial_option" in value and value["initial_option"] not in options:
        yield shapes.at(f"{place}/initial_option", "`initial_option` must match one of the provided options")
    initial = value.get("initial_options")
    for position, option in enumerate(initial if isinstance(initial, list) else []):
        if option not in options:
            message = "`initial_options` must match the provided options"
            yield shapes.at(f"{place}/initial_options/{position}", message)


def _options(value: dict[str, Any]) -> list[object] | None:
    groups = value.get("option_groups")
    if isinstance(groups, list):
        lists = [group.get("options") for group in groups if isinstance(group, dict)]
        return [option for options in lists if isinstance(options, list) for option in options]
    options = value.get("options")
    return options if isinstance(options, list) else None


def _choice(rule: Rule) -> Rule:
    return shapes.both(rule, chosen_from_options)


def _image(value: object, place: str) -> Faults:
    fields = {"image_url": shapes.url(), "slack_file": SLACK_FILE, "alt_text": string(2000)}
    yield from record(("type", "alt_text"), type=one_of("image"), **fields)(value, place)
    yield from shapes.exactly_one("image_url", "slack_file")(value, place)


_ASKED: dict[str, Rule] = {"confirm": CONFIRM, "focus_on_load": flag}
_HELD: dict[str, Rule] = {**_ASKED, "placeholder": plain(150)}
_TYPED: dict[str, Rule] = {"placeholder": plain(150), "focus_on_load": flag, "dispatch_action_config": DISPATCH}
_SEVERAL: dict[str, Rule] = {**_HELD, "max_selected_items": number(1)}
_LISTED: dict[str, Rule] = {"options": items(OPTION, 100), "option_groups": items(GROUP, 100)}
_CONVERSATION: dict[str, Rule] = {"default_to_current_conversation": flag, "filter": FILTER}
_REPLIES: dict[str, Rule] = {"response_url_enabled": flag}
_IDS = items(ID, 100)

BUTTON = element(
    "button",
    ("text",),
    text=plain(75),
    url=shapes.url(3000),
    value=string(2000),
    style=STYLE,
    confirm=CONFIRM,
    accessibility_label=string(75),
    agent_prompt=string(4000),
)
IMAGE = shapes.kinds({"image": _image})

MENUS: dict[str, Rule] = {
    "static_select": shapes.both(
        _choice(element("static_select", (), **_HELD, **_LISTED, initial_option=OPTION)),
        shapes.exactly_one("options", "option_groups"),
    ),
    "multi_static_select": shapes.both(
        _choice(element("multi_static_select", (), **_SEVERAL, **_LISTED, initial_options=items(OPTION, 100))),
        shapes.exactly_one("options", "option_groups"),
    ),
    "external_select": element("external_select", (), **_HELD, initial_option=OPTION, min_query_length=number(0)),
    "multi_external_select": element(
        "multi_external_select", (), **_SEVERAL, initial_options=items(OPTION, 100), min_query_length=number(0)
    ),
    "users_select": element("users_select", (), **_HELD, initial_user=ID),
    "multi_users_select": element("multi_users_select", (), **_SEVERAL, initial_users=_IDS),
    "channels_select": element("channels_select", (), **_HELD, **_REPLIES, initial_channel=ID),
    "multi_channels_select": element("multi_channels_select", (), **_SEVERAL, initial_channels=_IDS),
    "conversations_select": element(
        "conversations_select", (), **_HELD, **_REPLIES, **_CONVERSATION, initial_conversation=ID
    ),
    "multi_conversations_select": element(
        "multi_conversations_select", (), **_SEVERAL, **_CONVERSATION, initial_conversations=_IDS
    ),
}
PICKERS: dict[str, Rule] = {
    "checkboxes": _choice(
        element(
            "checkboxes",
            ("options",),
            **_ASKED,
            options=items(MARKED_OPTION, 10),
            initial_options=items(MARKED_OPTION, 10),
        )
    ),
    "radio_buttons": _choice(
        element("radio_buttons", ("options",), **_ASKED, options=items(MARKED_OPTION, 10), initial_option=MARKED_OPTION)
    ),
    "datepicker": element("datepicker", (), **_HELD, initial_date=shapes.day),
    "timepicker": element("timepicker", (), **_HELD, initial_time=TIME, timezone=string(255)),
    "datetimepicker": element("datetimepicker", (), **_ASKED, initial_date_time=number(10**9, 10**10 - 1)),
}
BUTTONS: dict[str, Rule] = {
    "button": BUTTON,
    "overflow": element("overflow", ("options",), options=items(MENU_OPTION, 5), confirm=CONFIRM),
    "workflow_button": element(
        "workflow_button",
        ("text", "workflow"),
        text=plain(75),
        style=STYLE,
        confirm=CONFIRM,
        accessibility_label=string(75),
        workflow=record(
            ("trigger",),
            trigger=record(
                ("url",),
                url=shapes.url(),
                customizable_input_parameters=items(record(("name", "value"), name=string(255), value=string(3000))),
            ),
        ),
    ),
}
TYPED: dict[str, Rule] = {
    "plain_text_input": element(
        "plain_text_input",
        (),
        **_TYPED,
        initial_value=string(3000, least=0),
        multiline=flag,
        min_length=number(0, 3000),
        max_length=number(1, 3000),
    ),
    "number_input": element(
        "number_input",
        ("is_decimal_allowed",),
        **_TYPED,
        is_decimal_allowed=flag,
        initial_value=DECIMAL,
        min_value=DECIMAL,
        max_value=DECIMAL,
    ),
    "email_text_input": element("email_text_input", (), **_TYPED, initial_value=string(3000, least=0)),
    "url_text_input": element("url_text_input", (), **_TYPED, initial_value=string(3000, least=0)),
    "file_input": element("file_input", (), filetypes=items(string(50)), max_files=number(1, 10)),
}
_FEEDBACK = record(("text", "value"), text=plain(75), value=string(2000), accessibility_label=string(75))
FEEDBACK: dict[str, Rule] = {
    "feedback_buttons": element(
        "feedback_buttons", ("positive_button", "negative_button"), positive_button=_FEEDBACK, negative_button=_FEEDBACK
    ),
    "icon_button": element(
        "icon_button",
        ("icon", "text"),
        icon=string(75),
        text=plain(75),
        value=string(2000),
        confirm=CONFIRM,
        accessibility_label=string(75),
        visible_to_user_ids=_IDS,
    ),
}
