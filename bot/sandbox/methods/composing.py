"""What chat.* and files.* have in common: where a message may go, what may stand in it, and how it is stored."""

from bot.sandbox import limits, modals, objects, shapes
from bot.sandbox.methods import access
from bot.sandbox.records import Channel, File, Json, SlackError
from bot.sandbox.workspace import Workspace

_KEPT = ("mrkdwn", "attachments", "metadata")
_CUSTOM = ("username", "icon_emoji", "icon_url")


def destination(workspace: Workspace, place: str, *, opens: bool = True) -> Channel:
    """The conversation to post in: by id, by channel name, or (`opens`) the direct message with a person."""
    if opens and place in workspace.people:
        channel = _direct(workspace, place)
    else:
        names = {one.name: one.id for one in workspace.channels.values() if one.name}
        channel = access.channel(workspace, names.get(place.removeprefix("#"), place))
    if channel.is_archived:
        raise SlackError("is_archived")
    outside = workspace.bot_user_id not in channel.members
    if outside and "chat:write.public" not in workspace.scopes:
        raise SlackError("not_in_channel")
    messages_tab = workspace.manifest.get("features", {}).get("app_home", {}).get("messages_tab_enabled")
    if channel.is_im and messages_tab is False:
        raise SlackError("messages_tab_disabled")
    return channel


def check_content(workspace: Workspace, args: Json) -> None:
    """Refuse what Slack would refuse in blocks, attachments and metadata, and a message that says nothing."""
    if args.get("blocks") is not None:
        limits.check_blocks(args["blocks"])
        _check_pictures(workspace, args["blocks"])
    if args.get("attachments"):
        limits.check_attachments(args["attachments"])
    if args.get("metadata"):
        limits.check_metadata(args["metadata"])
    if args.get("markdown_text"):
        _check_markdown(args)
    if not any(args.get(name) for name in ("text", "blocks", "attachments", "markdown_text")):
        raise SlackError("no_text")
    if any(args.get(name) for name in _CUSTOM):
        access.need_one(workspace, ["chat:write.customize"])


def check_thread(channel: Channel, args: Json) -> None:
    """An answer needs the first message of a thread: neither an unknown one, nor another answer."""
    if not args.get("thread_ts"):
        return
    parent = channel.message(args["thread_ts"])
    if parent is None or parent.get("thread_ts", parent["ts"]) != parent["ts"]:
        raise SlackError("cannot_reply_to_message")


def message(workspace: Workspace, args: Json) -> Json:
    """The message as Slack stores it; text over the limit is cut."""
    text = str(args.get("text") or args.get("markdown_text") or "")
    stored: Json = {
        "user": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "app_id": workspace.app_id,
        "bot_profile": objects.bot(workspace),
        "text": text[: limits.TEXT_CUT],
    }
    if args.get("blocks"):
        stored["blocks"] = modals.with_ids(args["blocks"])
    if args.get("markdown_text"):
        stored["blocks"] = modals.with_ids([{"type": "markdown", "text": args["markdown_text"]}])
    stored |= {name: args[name] for name in (*_KEPT, *_CUSTOM) if args.get(name) not in (None, [], {})}
    if linked := _linked_files(workspace, text):
        stored["files"] = [objects.file(file, workspace.base_url, workspace.team_id) for file in linked]
    if args.get("thread_ts"):
        stored["thread_ts"] = args["thread_ts"]
        if args.get("reply_broadcast"):
            stored["subtype"] = "thread_broadcast"
    return stored


def own_message(workspace: Workspace, args: Json, refusal: str) -> tuple[Channel, Json]:
    """A message of the app itself, for changing or deleting it; `refusal` is the error for somebody else's."""
    channel = access.channel(workspace, args["channel"])
    found = channel.message(args["ts"])
    if found is None or found.get("subtype") == "tombstone":
        raise SlackError("message_not_found")
    if found.get("bot_id") != workspace.bot_id:
        raise SlackError(refusal)
    return channel, found


def _direct(workspace: Workspace, user_id: str) -> Channel:
    """Slack still takes messages for somebody who left, where a conversation with them exists."""
    there = workspace.find_direct(user_id)
    if there is not None:
        return there
    if workspace.people[user_id].deleted or user_id == workspace.bot_user_id:
        raise SlackError("channel_not_found")
    access.need_scope(workspace, "im", "write")
    return workspace.direct_channel(user_id)


def _check_pictures(workspace: Workspace, blocks: list[Json]) -> None:
    """A `slack_file` must be a file that is here and complete."""
    faults = []
    for place, part in limits.objects_within(blocks, "/blocks"):
        picture = part.get("slack_file")
        if isinstance(picture, dict):
            found = [file for file in workspace.files.values() if _is(workspace, file.id, picture)]
            faults += [] if found and found[0].complete else [shapes.at(f"{place}/slack_file", "invalid slack file")]
    if faults:
        raise SlackError("invalid_blocks", *faults)


def _is(workspace: Workspace, file_id: str, picture: Json) -> bool:
    if "id" in picture:
        return bool(picture["id"] == file_id)
    file = objects.file(workspace.files[file_id], workspace.base_url, workspace.team_id)
    return picture.get("url") in {file["url_private"], file["permalink"]}


def _linked_files(workspace: Workspace, text: str) -> list[File]:
    """A link to one of the app's own files shares the file with whoever reads the message."""
    if f"<{workspace.base_url}/files/" not in text:
        return []  # there may be thousands
    own = [file for file in workspace.files.values() if file.complete and file.user == workspace.bot_user_id]
    place = {file.id: objects.file(file, workspace.base_url, workspace.team_id)["permalink"] for file in own}
    return [file for file in own if f"<{place[file.id]}|" in text or f"<{place[file.id]}>" in text]


def _check_markdown(args: Json) -> None:
    if args.get("text") or args.get("blocks"):
        raise SlackError("markdown_text_conflict")
    if len(args["markdown_text"]) > limits.MARKDOWN_MOST:
        fault = f"must be less than {limits.MARKDOWN_MOST + 1} characters"
        raise SlackError("invalid_arguments", shapes.at("/markdown_text", fault))
