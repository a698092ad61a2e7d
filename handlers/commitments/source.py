"""Turns a message in Slack into the text of a commitment, and a link back to it. Pure."""

import html
import re

from handlers import blocks
from handlers.types import Json


def plain(text: str) -> str:
    """A message as people read it: links by their label, markup and escapes taken away."""
    text = re.sub(r"<(?:[^<>|]*)\|([^<>]*)>", r"\1", text)
    text = re.sub(r"<([^<>]*)>", r"\1", text)
    return html.unescape(text).strip()


def permalink(domain: str, channel: str, message: Json) -> str:
    """The address of a message, as Slack forms it."""
    address = blocks.message_address(domain, channel, message["ts"])
    thread = message.get("thread_ts")
    return f"{address}?thread_ts={thread}&cid={channel}" if thread and thread != message["ts"] else address
