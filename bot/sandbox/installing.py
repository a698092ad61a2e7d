"""The app comes into a workspace and goes again: its bot user, its scopes, its token, and what Slack tells it at the end."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.sandbox.records import Json, Person, handle_of

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

FAREWELLS = ("tokens_revoked", "app_uninstalled")
"""The events that still reach an app which is not installed any more."""


def install(workspace: "Workspace", scopes: Iterable[str] = ()) -> str:
    """Let the app in with these scopes (those of the manifest without any); returns its new token.

    Installing again adds to the scopes it has, and the token it had is revoked.
    """
    if workspace.bot_token:
        workspace.ended_tokens[workspace.bot_token] = "token_revoked"
    workspace.scopes = workspace.scopes | (set(scopes) or wanted_scopes(workspace.manifest))
    workspace.bot_token = f"xoxb-{workspace.team_id}-{secrets.token_hex(12)}"
    workspace.installed = True
    bring_bot(workspace)
    workspace.on_change("app", {"installed": True})
    return workspace.bot_token


def uninstall(workspace: "Workspace") -> None:
    """Take the app out; it hears `tokens_revoked` and `app_uninstalled`, and nothing of this workspace afterwards."""
    workspace.need_app()
    _end(workspace, "account_inactive")
    _say_goodbye(workspace, "tokens_revoked", tokens={"oauth": [], "bot": [workspace.bot_user_id]})
    _say_goodbye(workspace, "app_uninstalled")


def revoke(workspace: "Workspace") -> None:
    """End the app's token alone, as auth.revoke does; without one it is as good as gone, but Slack tells of no uninstalling."""
    _end(workspace, "token_revoked")
    _say_goodbye(workspace, "tokens_revoked", tokens={"oauth": [], "bot": [workspace.bot_user_id]})


def wanted_scopes(manifest: Json) -> set[str]:
    return set(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []))


def bring_bot(workspace: "Workspace") -> None:
    """The app's bot user, who is the same one when it comes back."""
    handle = workspace.manifest.get("features", {}).get("bot_user", {}).get("display_name", workspace.app_name)
    new = Person(workspace.bot_user_id, handle_of(handle), workspace.app_name, tz="UTC", is_bot=True)
    workspace.people.setdefault(new.id, new).deleted = False


def _end(workspace: "Workspace", error: str) -> None:
    """The bot is deactivated and leaves its channels; its forms, Home tabs and scheduled messages go with it."""
    workspace.ended_tokens[workspace.bot_token] = error
    workspace.bot_token, workspace.scopes, workspace.installed = "", set(), False
    workspace.people[workspace.bot_user_id].deleted = True
    for channel in workspace.channels.values():
        if not channel.is_im and workspace.bot_user_id in channel.members:
            channel.members.remove(workspace.bot_user_id)
    for shown in (workspace.stacks, workspace.homes, workspace.scheduled):
        shown.clear()
    workspace.on_change("app", {"installed": False})


def _say_goodbye(workspace: "Workspace", kind: str, **more: Json) -> None:
    workspace.on_event({"type": kind, **more, "event_ts": workspace.new_ts()})
