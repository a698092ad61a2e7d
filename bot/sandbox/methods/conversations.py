"""conversations.*: finding, opening, making, joining; what was said in them is in `history`."""

import re

from bot.sandbox import objects
from bot.sandbox.methods import access, paging
from bot.sandbox.records import Channel, Json, SlackError
from bot.sandbox.workspace import Workspace

MOST_IN_A_GROUP = 8
NAME_MOST = 80


def list_all(workspace: Workspace, args: Json) -> Json:
    kinds = access.kinds(workspace, args)
    visible = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or workspace.bot_user_id in channel.members)
        and not (args.get("exclude_archived") and channel.is_archived)
    ]
    found, cursor = paging.page(visible, lambda channel: channel.id, args)
    channels = [_shown(workspace, channel) for channel in found]
    for channel, answer in zip(found, channels, strict=True):
        if not channel.is_im:
            answer["num_members"] = len(channel.members)
    return {"channels": channels, **paging.metadata(cursor)}


def info(workspace: Workspace, args: Json) -> Json:
    channel = access.channel(workspace, args["channel"])
    access.need_scope(workspace, channel.kind, "read")
    answer = _shown(workspace, channel)
    if args.get("include_num_members"):
        answer["num_members"] = len(channel.members)
    if args.get("include_locale"):
        answer["locale"] = "en-US"
    return {"channel": answer}


def members(workspace: Workspace, args: Json) -> Json:
    channel = access.channel(workspace, args["channel"])
    access.need_scope(workspace, channel.kind, "read")
    found, cursor = paging.page(channel.members, str, args)
    return {"members": found, **paging.metadata(cursor)}


def open_(workspace: Workspace, args: Json) -> Json:
    """Open (or find) the direct message with one person, or the group message with up to eight."""
    if args.get("channel"):
        channel = access.channel(workspace, args["channel"])
        if channel.kind not in {"im", "mpim"}:
            raise SlackError("method_not_supported_for_channel_type")
        return _opened(workspace, channel, args, new=False)
    people = [user_id for user_id in access.ids(args.get("users")) if user_id != workspace.bot_user_id]
    _check_company(workspace, args, people)
    access.need_scope(workspace, "im" if len(people) == 1 else "mpim", "write")
    there = workspace.find_direct(*people)
    if there is None and args.get("prevent_creation"):
        raise SlackError("channel_not_found")
    return _opened(workspace, there or workspace.direct_channel(*people), args, new=there is None)


def create(workspace: Workspace, args: Json) -> Json:
    name, is_private = args["name"].removeprefix("#"), bool(args.get("is_private"))
    wanted = ("groups:write",) if is_private else ("channels:manage", "channels:write")
    access.need_one(workspace, wanted)
    _check_name(workspace, name)
    channel = workspace.add_channel(name, members=[workspace.bot_user_id], is_private=is_private)
    return {"channel": _shown(workspace, channel)}


def join(workspace: Workspace, args: Json) -> Json:
    channel = access.channel(workspace, args["channel"])
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if workspace.join(channel.id, workspace.bot_user_id):
        return {"channel": _shown(workspace, channel)}
    notice: Json = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return {"channel": _shown(workspace, channel), **notice}


def invite(workspace: Workspace, args: Json) -> Json:
    """Bring people in, all or none; with `force` those who can be."""
    channel = access.channel(workspace, args["channel"])
    if channel.kind not in PUBLIC_OR_PRIVATE:
        raise SlackError("method_not_supported_for_channel_type")
    access.need_one(workspace, PUBLIC_OR_PRIVATE[channel.kind])
    if channel.is_archived:
        raise SlackError("is_archived")
    if workspace.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    people = access.ids(args["users"])
    if not people:
        raise SlackError("no_user")
    problems = {user_id: _problem_with_guest(workspace, channel, user_id) for user_id in people}
    refused = [problem for problem in problems.values() if problem]
    if refused and not (args.get("force") and len(refused) < len(people)):
        raise SlackError(refused[0])
    for user_id in people:
        if not problems[user_id]:
            workspace.join(channel.id, user_id, inviter=workspace.bot_user_id)
    return {"channel": _shown(workspace, channel)}


PUBLIC_OR_PRIVATE = {
    "channel": ("channels:write.invites", "channels:manage"),
    "group": ("groups:write.invites", "groups:write"),
}


def _check_company(workspace: Workspace, args: Json, people: list[str]) -> None:
    if not args.get("users"):
        raise SlackError("users_list_not_supplied")
    if not people:
        raise SlackError("not_enough_users")
    if len(people) > MOST_IN_A_GROUP:
        raise SlackError("too_many_users")
    for user_id in people:
        if access.person(workspace, user_id).deleted:
            raise SlackError("user_disabled")


def _opened(workspace: Workspace, channel: Channel, args: Json, *, new: bool) -> Json:
    shown = _shown(workspace, channel) if args.get("return_im") else {"id": channel.id}
    return {"channel": shown} if new else {"no_op": True, "already_open": True, "channel": shown}


def _check_name(workspace: Workspace, name: str) -> None:
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > NAME_MOST:
        raise SlackError("invalid_name_maxlength")
    if not re.search(r"\w", name):
        raise SlackError("invalid_name_punctuation")
    if name != name.lower() or not re.fullmatch(r"[\w-]+", name):
        raise SlackError("invalid_name_specials")
    if any(channel.name == name for channel in workspace.channels.values()):
        raise SlackError("name_taken")


def _problem_with_guest(workspace: Workspace, channel: Channel, user_id: str) -> str:
    if user_id == workspace.bot_user_id:
        return "cant_invite_self"
    if user_id not in workspace.people or workspace.people[user_id].deleted:
        return "user_not_found"
    return "already_in_channel" if user_id in channel.members else ""


def _shown(workspace: Workspace, channel: Channel) -> Json:
    return objects.conversation(channel, workspace.bot_user_id, workspace.team_id)


METHODS = {
    "conversations.list": list_all,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.open": open_,
    "conversations.create": create,
    "conversations.join": join,
    "conversations.invite": invite,
}
