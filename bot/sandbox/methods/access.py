"""What the app may reach: conversations by id, scopes by their kind, people who are there, and one's own messages."""

from collections.abc import Iterable
from typing import NoReturn

from bot.sandbox.records import Channel, Json, Person, SlackError
from bot.sandbox.workspace import Workspace

PREFIX = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
TYPES = {"channel": "public_channel", "group": "private_channel", "im": "im", "mpim": "mpim"}


def channel(workspace: Workspace, channel_id: object) -> Channel:
    """A conversation that the app can see: every public channel, and of the others its own."""
    found = workspace.channels.get(str(channel_id))
    if found is None or (found.kind != "channel" and workspace.bot_user_id not in found.members):
        raise SlackError("channel_not_found")
    return found


def place(workspace: Workspace, args: Json) -> str:
    """Where a message goes, under one name however it was written: a channel's id, or the person of a direct message."""
    written = str(args.get("channel", ""))
    names = {one.name: one.id for one in workspace.channels.values() if one.name}
    found = workspace.channels.get(names.get(written.removeprefix("#"), written))
    if found is not None and found.is_im:
        return next((member for member in found.members if member != workspace.bot_user_id), found.id)
    return found.id if found else written


def need_scope(workspace: Workspace, kind: str, right: str) -> None:
    """`channels:history` for a public channel, `im:history` for a direct message, and so on."""
    scope = f"{PREFIX[kind]}:{right}"
    if scope not in workspace.scopes:
        refuse_scope(workspace, scope)


def need_one(workspace: Workspace, scopes: Iterable[str]) -> None:
    wanted = list(scopes)
    if not workspace.scopes & set(wanted):
        refuse_scope(workspace, wanted[0])


def refuse_scope(workspace: Workspace, needed: str) -> NoReturn:
    raise SlackError("missing_scope", extra={"needed": needed, "provided": ",".join(sorted(workspace.scopes))})


def person(workspace: Workspace, user_id: str, missing: str = "user_not_found") -> Person:
    found = workspace.people.get(user_id)
    if found is None:
        raise SlackError(missing)
    return found


def ids(text: object) -> list[str]:
    """Slack's lists of ids: `U1,U2`."""
    return [part.strip() for part in str(text or "").split(",") if part.strip()]


def kinds(workspace: Workspace, args: Json) -> set[str]:
    """The kinds of conversation that `types` asks for; each needs its own scope."""
    names = {name: kind for kind, name in TYPES.items()}
    asked = ids(args.get("types")) or ["public_channel"]
    if any(name not in names for name in asked):
        raise SlackError("invalid_types")
    for name in asked:
        need_scope(workspace, names[name], "read")
    return {names[name] for name in asked}
