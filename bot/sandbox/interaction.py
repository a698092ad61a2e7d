"""The payloads that Slack sends to an app when people type commands, press buttons, use forms and shortcuts, or something happens."""

import secrets
import zlib
from typing import Any

from bot.sandbox.copying import copied
from bot.sandbox.workspace import Channel, Workspace

Json = dict[str, Any]


def command(workspace: Workspace, user_id: str, channel: Channel, name: str, text: str, urls: Json) -> Json:
    """A slash command; `urls` brings `trigger_id` and `response_url`."""
    return {
        "token": token(workspace),
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user_id,
        "user_name": workspace.people[user_id].name,
        "command": name,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        **urls,
    }


def message_actions(workspace: Workspace, user_id: str, channel: Channel, message: Json, action: Json) -> Json:
    """`block_actions` from an element of a message; the message itself is not in it when it was ephemeral."""
    ephemeral = bool(message.get("is_ephemeral"))
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    return {
        **_interaction(workspace, user_id, "block_actions"),
        "container": container,
        "trigger_id": workspace.triggers.issue(user_id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        **({} if ephemeral else {"message": copied(message)}),
        "actions": [_acted(workspace, action)],
    }


def view_actions(workspace: Workspace, user_id: str, view: Json, action: Json) -> Json:
    """`block_actions` from an element of a form or of App Home; `view` has its current state."""
    return {
        **_interaction(workspace, user_id, "block_actions"),
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": workspace.triggers.issue(user_id),
        "view": view,
        "actions": [_acted(workspace, action)],
    }


def view_submission(workspace: Workspace, user_id: str, view: Json, response_urls: list[Json]) -> Json:
    return {
        **_interaction(workspace, user_id, "view_submission"),
        "trigger_id": workspace.triggers.issue(user_id),
        "view": view,
        "response_urls": response_urls,
    }


def view_closed(workspace: Workspace, user_id: str, view: Json, *, is_cleared: bool) -> Json:
    return {**_interaction(workspace, user_id, "view_closed"), "view": view, "is_cleared": is_cleared}


def shortcut(workspace: Workspace, user_id: str, callback_id: str) -> Json:
    """A global shortcut."""
    return {
        **_interaction(workspace, user_id, "shortcut"),
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.issue(user_id),
        "action_ts": _now(workspace),
    }


def message_action(workspace: Workspace, user_id: str, channel: Channel, message: Json, callback_id: str) -> Json:
    """A message shortcut."""
    return {
        **_interaction(workspace, user_id, "message_action"),
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.issue(user_id),
        "action_ts": _now(workspace),
        "message_ts": message["ts"],
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": copied(message),
    }


def suggestion(workspace: Workspace, user_id: str, view: Json, block_id: str, action_id: str, typed: str) -> Json:
    """`block_suggestion`: a menu with an external source asks for its options."""
    return {
        **_interaction(workspace, user_id, "block_suggestion"),
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "block_id": block_id,
        "action_id": action_id,
        "value": typed,
    }


def event(workspace: Workspace, inner: Json) -> Json:
    """The envelope of the Events API around an event."""
    return {
        "token": token(workspace),
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(workspace.seconds()),
        "authorizations": [_authorization(workspace)] if workspace.installed else [],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_hex(24)}",
    }


def subscription(inner: Json) -> str:
    """The name under which an app subscribes to this event: `message.im`, `app_mention`, `user_change`, …"""
    if inner["type"] != "message":
        return str(inner["type"])
    kinds = {"im": "im", "mpim": "mpim", "group": "groups", "channel": "channels"}
    return f"message.{kinds[inner.get('channel_type', 'channel')]}"


def channel_name(channel: Channel) -> str:
    """Payloads do not name direct messages and private channels."""
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private and not channel.is_mpim else channel.name


def token(workspace: Workspace) -> str:
    """The old verification token: one per app, sent with everything."""
    return f"{zlib.crc32(workspace.app_id.encode()):08x}" * 3


def _authorization(workspace: Workspace) -> Json:
    who: Json = {"enterprise_id": None, "team_id": workspace.team_id, "user_id": workspace.bot_user_id}
    return who | {"is_bot": True, "is_enterprise_install": False}


def _interaction(workspace: Workspace, user_id: str, kind: str) -> Json:
    name = workspace.people[user_id].name
    return {
        "type": kind,
        "user": {"id": user_id, "username": name, "name": name, "team_id": workspace.team_id},
        "api_app_id": workspace.app_id,
        "token": token(workspace),
        "team": {"id": workspace.team_id, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _acted(workspace: Workspace, action: Json) -> Json:
    return {**action, "action_ts": _now(workspace)}


def _now(workspace: Workspace) -> str:
    return f"{workspace.seconds():.6f}"
