"""Block Kit's blocks as tables: which keys each has, which are required, and how long they may be."""

from bot.sandbox import element_rules as parts
from bot.sandbox import shapes
from bot.sandbox.rich_text_rules import RICH_TEXT
from bot.sandbox.shapes import Rule, flag, items, number, one_of, record, string

_INPUT_MENU = shapes.kinds(
    {
        **parts.MENUS,
        **parts.PICKERS,
        **parts.TYPED,
        "rich_text_input": parts.element(
            "rich_text_input",
            (),
            placeholder=parts.plain(150),
            focus_on_load=flag,
            dispatch_action_config=parts.DISPATCH,
            initial_value=RICH_TEXT,
            min_lines=number(1),
            max_lines=number(1),
        ),
    }
)
_ACTION = shapes.kinds({**parts.BUTTONS, **parts.MENUS, **parts.PICKERS})
_ACCESSORY = shapes.kinds({**parts.BUTTONS, **parts.MENUS, **parts.PICKERS, "image": parts.IMAGE})
_CELL = shapes.kinds(
    {
        "rich_text": RICH_TEXT,
        "raw_text": record(("type", "text"), type=one_of("raw_text"), text=string(3000, least=0)),
        "raw_number": record(
            ("type", "value", "text"), type=one_of("raw_number"), value=number(whole=False), text=string(3000)
        ),
    }
)
_NAME = string(20)
_POINT = record(("label", "value"), label=_NAME, value=number(whole=False))
_SERIES = record(("name", "data"), name=_NAME, data=items(_POINT, 20))
_AXES = record(("categories",), categories=items(_NAME, 20), x_label=string(50), y_label=string(50))


def block(type_: str, required: tuple[str, ...] = (), /, **fields: Rule) -> Rule:
    return record(("type", *required), type=one_of(type_), block_id=string(255), **fields)


def _chart(type_: str) -> Rule:
    return record(("type", "series", "axis_config"), type=one_of(type_), series=items(_SERIES, 6), axis_config=_AXES)


_PIE = record(("type", "segments"), type=one_of("pie"), segments=items(_POINT, 6))
_CHART = shapes.kinds({"pie": _PIE, **{type_: _chart(type_) for type_ in ("bar", "line", "area")}})
_SOURCE = record(("type", "url", "text"), type=one_of("url"), url=shapes.url(), text=string(3000))
_TASK = block(
    "task_card",
    ("task_id", "title", "status"),
    task_id=string(255),
    title=string(3000),
    status=one_of("pending", "in_progress", "complete", "error"),
    details=RICH_TEXT,
    output=RICH_TEXT,
    sources=items(_SOURCE, least=0),
)
_IMAGE = shapes.both(
    block(
        "image",
        ("alt_text",),
        alt_text=string(2000),
        title=parts.plain(2000),
        image_url=shapes.url(),
        slack_file=parts.SLACK_FILE,
    ),
    shapes.exactly_one("image_url", "slack_file"),
)
_CARD = shapes.both(
    block(
        "card",
        (),
        title=parts.mrkdwn(150),
        subtitle=parts.mrkdwn(150),
        body=parts.mrkdwn(200),
        hero_image=parts.IMAGE,
        icon=parts.IMAGE,
        actions=items(parts.BUTTON, 2),
    ),
    shapes.at_least_one("hero_image", "title", "actions", "body"),
)
_ROWS = items(items(_CELL, 20), 100)

SIMPLE: dict[str, Rule] = {
    "actions": block("actions", ("elements",), elements=items(_ACTION, 25)),
    "context": block(
        "context",
        ("elements",),
        elements=items(shapes.kinds({"image": parts.IMAGE, "mrkdwn": parts.mrkdwn(), "plain_text": parts.plain()}), 10),
    ),
    "divider": block("divider"),
    "header": block("header", ("text",), text=parts.plain(150), level=number(1, 4)),
    "image": _IMAGE,
    "input": block(
        "input",
        ("label", "element"),
        label=parts.plain(2000),
        element=_INPUT_MENU,
        hint=parts.plain(2000),
        optional=flag,
        dispatch_action=flag,
    ),
    "rich_text": RICH_TEXT,
    "section": shapes.both(
        block(
            "section",
            (),
            text=parts.text(3000),
            fields=items(parts.text(2000), 10),
            accessory=_ACCESSORY,
            expand=flag,
        ),
        shapes.at_least_one("text", "fields"),
    ),
    "table": block(
        "table",
        ("rows",),
        rows=_ROWS,
        column_settings=items(record(align=one_of("left", "center", "right"), is_wrapped=flag), 20),
    ),
    "video": block(
        "video",
        ("alt_text", "thumbnail_url", "title", "video_url"),
        alt_text=string(2000),
        thumbnail_url=shapes.url(),
        title=parts.plain(200),
        title_url=shapes.url(),
        video_url=shapes.url(),
        author_name=string(50),
        description=parts.plain(200),
        provider_name=string(50),
        provider_icon_url=shapes.url(),
    ),
}

BLOCKS: dict[str, Rule] = {
    **SIMPLE,
    "alert": block(
        "alert", ("text",), text=parts.text(3000), level=one_of("default", "info", "warning", "error", "success")
    ),
    "card": _CARD,
    "carousel": block("carousel", ("elements",), elements=items(shapes.kinds({"card": _CARD}), 10)),
    "container": block(
        "container",
        ("child_blocks",),
        child_blocks=items(shapes.kinds(SIMPLE), 10),
        title=parts.plain(150),
        rich_text_title=RICH_TEXT,
        subtitle=parts.text(150),
        icon=parts.IMAGE,
        width=one_of("narrow", "standard", "wide", "full"),
        is_collapsible=flag,
        default_collapsed=flag,
        has_header_divider=flag,
    ),
    "context_actions": block("context_actions", ("elements",), elements=items(shapes.kinds(parts.FEEDBACK), 5)),
    "data_table": block(
        "data_table",
        ("caption", "rows"),
        caption=string(3000),
        rows=items(items(_CELL, 20), 101),
        page_size=number(1, 100),
        row_header_column_index=number(0, 19),
    ),
    "data_visualization": block("data_visualization", ("title", "chart"), title=string(50), chart=_CHART),
    "markdown": block("markdown", ("text",), text=string(12_000)),
    "plan": block("plan", ("title",), title=string(3000), tasks=items(shapes.kinds({"task_card": _TASK}), least=0)),
    "task_card": _TASK,
}


def on_surface(forbidden: frozenset[str]) -> Rule:
    """The rule for one block where blocks of these types may not stand."""
    return shapes.kinds({type_: rule for type_, rule in BLOCKS.items() if type_ not in forbidden})
