"""Blocks and views that Slack takes, and ones that it refuses with the line it says."""

from typing import Any

from tests.bot.sandbox.web_api import Json, button, modal, section, text_input


def plain(text: str = "Text", **more: Any) -> Json:
    return {"type": "plain_text", "text": text, **more}


def option(text: str = "One", value: str = "1", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", **({"options": [option()]} | more)}


def held(element: Json) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element}


def table(rows: int = 1, cells: int = 1) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * cells] * rows}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def chart(**more: Any) -> Json:
    pie = {"type": "pie", "segments": [{"label": "Memphis", "value": 3}]}
    return {"type": "data_visualization", "title": "Answers", "chart": pie, **more}


FINE: list[Json] = [
    section(),
    section("x" * 3000, block_id="b" * 255, accessory=button()),
    {"type": "section", "fields": [plain("x" * 2000)] * 10},
    section(accessory={"type": "image", "image_url": "https://example.gov/a.png", "alt_text": "A"}),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [plain("note"), {"type": "mrkdwn", "text": "note", "verbatim": True}]},
    {"type": "image", "image_url": "https://example.gov/a.png", "alt_text": "A", "title": plain()},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A"},
    actions(*[button("x" * 75, f"a{n}", value="v" * 2000) for n in range(25)]),
    actions(button(style="danger", url="https://example.gov", confirm={"text": plain("Sure?"), "title": plain()})),
    actions({"type": "overflow", "action_id": "o", "options": [option(value=str(n)) for n in range(5)]}),
    actions(select(options=[option(value=str(n)) for n in range(100)], initial_option=option(value="7"))),
    actions({"type": "static_select", "option_groups": [{"label": plain(), "options": [option()]}]}),
    actions({"type": "datepicker", "action_id": "d", "initial_date": "2026-03-06", "placeholder": plain()}),
    actions({"type": "timepicker", "action_id": "t", "initial_time": "09:05", "timezone": "America/Chicago"}),
    actions({"type": "datetimepicker", "action_id": "t", "initial_date_time": 1790000000}),
    actions({"type": "users_select", "action_id": "u", "initial_user": "U1"}),
    actions({"type": "conversations_select", "action_id": "u", "filter": {"include": ["public"]}}),
    actions({"type": "radio_buttons", "action_id": "r", "options": [option()], "initial_option": option()}),
    actions({"type": "checkboxes", "action_id": "r", "options": [option()], "initial_options": [option()]}),
    text_input(multiline=True, max_length=3000, initial_value="", placeholder=plain()),
    held({"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "min_value": "1", "max_value": "5"}),
    held({"type": "email_text_input", "action_id": "e"}),
    held({"type": "url_text_input", "action_id": "e"}),
    held({"type": "multi_users_select", "action_id": "e", "max_selected_items": 3, "initial_users": ["U1"]}),
    held({"type": "multi_static_select", "action_id": "e", "options": [option()], "initial_options": [option()]}),
    rich({"type": "rich_text_section", "elements": [{"type": "text", "text": "Hi", "style": {"bold": True}}]}),
    rich({"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_section", "elements": []}]}),
    {
        "type": "video",
        "alt_text": "V",
        "thumbnail_url": "https://e.gov/t",
        "title": plain(),
        "video_url": "https://e.gov",
    },
]

ONLY_IN_MESSAGES: list[Json] = [
    {"type": "markdown", "text": "x" * 12_000},
    table(100, 20),
    {
        "type": "data_table",
        "caption": "Cities",
        "rows": [[{"type": "raw_text", "text": "City"}]] * 101,
        "page_size": 10,
    },
    {"type": "task_card", "task_id": "1", "title": "Task", "status": "complete"},
    {"type": "card", "title": {"type": "mrkdwn", "text": "Card"}, "actions": [button()]},
    chart(),
]

WRONG: list[tuple[Any, str]] = [
    ("Hello", "must provide an object [json-pointer:/blocks/0]"),
    ({}, "missing required field: type [json-pointer:/blocks/0]"),
    ({"type": "sektion"}, "unsupported type: sektion [json-pointer:/blocks/0/type]"),
    ({"type": "alert", "text": plain()}, "unsupported type: alert [json-pointer:/blocks/0/type]"),
    (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    (section("  "), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ({"type": "section", "text": "Hi"}, "must provide an object [json-pointer:/blocks/0/text]"),
    ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    (section(colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
    (section(block_id="b" * 256), "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
    (section(block_id=""), "must be more than 0 characters [json-pointer:/blocks/0/block_id]"),
    (
        section(accessory=text_input()["element"]),
        "unsupported type: plain_text_input [json-pointer:/blocks/0/accessory/type]",
    ),
    (
        {"type": "section", "fields": [plain("x" * 2001)]},
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    ({"type": "section", "fields": [plain()] * 11}, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    ({"type": "section", "fields": []}, "must provide at least 1 items [json-pointer:/blocks/0/fields]"),
    (
        {"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}},
        "invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ),
    (
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    (
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        {"type": "context", "elements": [plain()] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    ({"type": "context", "elements": []}, "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
    ({"type": "actions"}, "missing required field: elements [json-pointer:/blocks/0]"),
    (actions(), "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
    (
        actions(*[button(action_id=f"a{n}") for n in range(26)]),
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (actions(button("x" * 76)), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
    (actions(button(value="v" * 2001)), "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"),
    (actions(button(style="loud")), "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"),
    (actions(button(url="example")), "must be a valid URL [json-pointer:/blocks/0/elements/0/url]"),
    (
        actions(button(url="https://e.gov/" + "x" * 3000)),
        "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]",
    ),
    (
        actions(button(action_id="a" * 256)),
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    (
        actions(button(), button("Later")),
        '`action_id` "answer" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ),
    (
        actions(button(confirm={"title": plain()})),
        "missing required field: text [json-pointer:/blocks/0/elements/0/confirm]",
    ),
    (
        actions(button(confirm={"text": plain(), "deny": plain("x" * 31)})),
        "must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/deny/text]",
    ),
    (
        actions({"type": "overflow", "options": [option(value=str(n)) for n in range(6)]}),
        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        actions(select(options=[option(value=str(n)) for n in range(101)])),
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (actions(select(options=[])), "must provide at least 1 items [json-pointer:/blocks/0/elements/0/options]"),
    (
        actions(select(options=[option("x" * 76)])),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    (
        actions(select(options=[option(value="x" * 151)])),
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ),
    (
        actions(select(options=[option(description=plain("x" * 76))])),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/description/text]",
    ),
    (
        actions(select(option_groups=[{"label": plain(), "options": [option()]}])),
        "must define exactly one of `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
    ),
    (
        actions(select(initial_option=option("Two", "2"))),
        "`initial_option` must match one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    (
        actions({"type": "checkboxes", "options": [option(value=str(n)) for n in range(11)]}),
        "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        actions(select(placeholder=plain("x" * 151))),
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]",
    ),
    (
        actions({"type": "datepicker", "initial_date": "March 6"}),
        "must be a valid date in the format YYYY-MM-DD [json-pointer:/blocks/0/elements/0/initial_date]",
    ),
    (
        actions({"type": "timepicker", "initial_time": "9:05"}),
        "must be a valid time in the format HH:MM [json-pointer:/blocks/0/elements/0/initial_time]",
    ),
    (
        text_input(max_length=3001),
        "must be less than or equal to 3000 [json-pointer:/blocks/0/element/max_length]",
    ),
    (
        text_input(initial_value="x" * 3001),
        "must be less than 3001 characters [json-pointer:/blocks/0/element/initial_value]",
    ),
    (text_input(label="x" * 2001), "must be less than 2001 characters [json-pointer:/blocks/0/label/text]"),
    (held(button()), "unsupported type: button [json-pointer:/blocks/0/element/type]"),
    (
        held({"type": "number_input"}),
        "missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]",
    ),
    (held({"type": "file_input"}), "unsupported type: file_input [json-pointer:/blocks/0/element/type]"),
    (
        {"type": "image", "alt_text": "A"},
        "must define exactly one of `image_url` or `slack_file` [json-pointer:/blocks/0]",
    ),
    (
        {"type": "image", "image_url": "https://e.gov/a", "alt_text": "x" * 2001},
        "must be less than 2001 characters [json-pointer:/blocks/0/alt_text]",
    ),
    ({"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters [json-pointer:/blocks/0/text]"),
    (table(101), "no more than 100 items allowed [json-pointer:/blocks/0/rows]"),
    (table(1, 21), "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]"),
    (chart(title="x" * 51), "must be less than 51 characters [json-pointer:/blocks/0/title]"),
    (rich({"type": "text", "text": "x"}), "unsupported type: text [json-pointer:/blocks/0/elements/0/type]"),
]


WRONG_VIEWS: list[tuple[Any, str]] = [
    ("view", "must provide an object [json-pointer:/view]"),
    ({"blocks": []}, "missing required field: type [json-pointer:/view]"),
    ({"type": "dialog"}, "unsupported type: dialog [json-pointer:/view/type]"),
    ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
    ({"type": "modal", "title": plain()}, "missing required field: blocks [json-pointer:/view]"),
    (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
    (modal(close=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
    (modal(callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
    (modal(private_metadata="x" * 3001), "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
    (modal(private_metadata={"a": 1}), "must provide a string [json-pointer:/view/private_metadata]"),
    (modal(notify_on_close="yes"), "must provide a boolean [json-pointer:/view/notify_on_close]"),
    (modal(state={"values": {}}), "invalid additional property: state [json-pointer:/view]"),
    (modal(hash="1.2"), "invalid additional property: hash [json-pointer:/view]"),
    (modal(section("x" * 3001)), "must be less than 3001 characters [json-pointer:/view/blocks/0/text/text]"),
    (
        {"type": "modal", "title": plain(), "blocks": [section(), text_input()]},
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]",
    ),
    (
        modal(text_input("a", focus_on_load=True), text_input("b", focus_on_load=True)),
        "only one element may have `focus_on_load` [json-pointer:/view/blocks/1/element]",
    ),
    ({"type": "home", "blocks": [], "title": plain()}, "invalid additional property: title [json-pointer:/view]"),
    ({"type": "home", "blocks": "none"}, "must provide an array [json-pointer:/view/blocks]"),
]
