"""Block Kit's rich text as tables: sections, lists, quotes, code, and what may stand inside them."""

from bot.sandbox import shapes
from bot.sandbox.shapes import Rule, flag, items, number, one_of, record, string

_NAME = string(255)
_LETTERS = record(
    bold=flag, italic=flag, strike=flag, code=flag, underline=flag, highlight=flag, client_highlight=flag, unlink=flag
)


def _part(type_: str, required: tuple[str, ...], /, **fields: Rule) -> Rule:
    return record(("type", *required), type=one_of(type_), style=_LETTERS, **fields)


_TEXT = _part("text", ("text",), text=string(40_000, least=0))
_LINK = _part("link", ("url",), url=shapes.url(), text=string(40_000, least=0), unsafe=flag)
_INLINE = shapes.kinds(
    {
        "text": _TEXT,
        "link": _LINK,
        "broadcast": _part("broadcast", ("range",), range=one_of("here", "channel", "everyone")),
        "channel": _part("channel", ("channel_id",), channel_id=_NAME),
        "color": _part("color", ("value",), value=_NAME),
        "date": _part(
            "date", ("timestamp", "format"), timestamp=number(), format=_NAME, url=shapes.url(), fallback=_NAME
        ),
        "emoji": _part("emoji", ("name",), name=_NAME, unicode=_NAME, url=shapes.url()),
        "team": _part("team", ("team_id",), team_id=_NAME),
        "user": _part("user", ("user_id",), user_id=_NAME),
        "usergroup": _part("usergroup", ("usergroup_id",), usergroup_id=_NAME),
    }
)
_BORDER = one_of(0, 1)
_SECTION = record(("type", "elements"), type=one_of("rich_text_section"), elements=items(_INLINE, least=0))
_ELEMENTS = shapes.kinds(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": record(
            ("type", "elements", "style"),
            type=one_of("rich_text_list"),
            elements=items(shapes.kinds({"rich_text_section": _SECTION})),
            style=one_of("bullet", "ordered"),
            indent=number(0, 8),
            offset=number(0),
            border=_BORDER,
        ),
        "rich_text_quote": record(
            ("type", "elements"), type=one_of("rich_text_quote"), elements=items(_INLINE, least=0), border=_BORDER
        ),
        "rich_text_preformatted": record(
            ("type", "elements"),
            type=one_of("rich_text_preformatted"),
            elements=items(shapes.kinds({"text": _TEXT, "link": _LINK}), least=0),
            border=_BORDER,
        ),
    }
)
RICH_TEXT = record(("type", "elements"), type=one_of("rich_text"), block_id=_NAME, elements=items(_ELEMENTS))
