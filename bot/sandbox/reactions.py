"""Reactions to messages, by people and by the app."""

import re
from typing import TYPE_CHECKING

from bot.sandbox.records import Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

MOST_KINDS = 23
_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def add(workspace: "Workspace", channel_id: str, ts: str, name: str, user_id: str) -> None:
    """React to a message; the app hears `reaction_added`. Raises Slack's errors of reactions.add."""
    channel = workspace.channels[channel_id]
    message = channel.message(ts)
    if message is None:
        raise SlackError("message_not_found")
    name = name.strip(":")
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name")
    reactions: list[Json] = message.setdefault("reactions", [])
    there = next((one for one in reactions if one["name"] == name), None)
    if there is None and len(reactions) >= MOST_KINDS:
        raise SlackError("too_many_emoji")
    if there is not None and user_id in there["users"]:
        raise SlackError("already_reacted")
    if there is None:
        there = {"name": name, "users": [], "count": 0}
        reactions.append(there)
    there["users"].append(user_id)
    there["count"] += 1
    item = {"type": "message", "channel": channel_id, "ts": ts}
    event: Json = {"type": "reaction_added", "user": user_id, "reaction": name, "item": item}
    workspace.tell(channel, event | {"item_user": message.get("user", ""), "event_ts": workspace.new_ts()})
    workspace.on_change("message", {"channel": channel_id, "ts": ts, "what": "reacted"})
