"""What Slack's client makes of typed text: mentions become ids, everything else is escaped."""

import html
import re
from collections.abc import Mapping

_MARKUP = re.compile(r"<(?:@[UW]|#C|https?://|mailto:)[^<>]*>")


def linked(text: str, handles: Mapping[str, str]) -> str:
    """The text with known @handles (a map to ids) as mentions and the rest escaped; what is Slack's markup already stays."""

    def mention(match: re.Match[str]) -> str:
        handle = match[1].rstrip(".")
        return f"<@{handles[handle]}>{match[1][len(handle) :]}" if handle in handles else match[0]

    parts, end = [], 0
    for markup in _MARKUP.finditer(text):
        parts += [html.escape(text[end : markup.start()], quote=False), markup[0]]
        end = markup.end()
    parts.append(html.escape(text[end:], quote=False))
    return re.sub(r"(?<![\w<@])@([\w.-]+)", mention, "".join(parts))
