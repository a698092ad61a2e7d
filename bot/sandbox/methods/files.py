"""files.*: an upload is announced, its bytes are sent to an address of their own, then the app completes and shares it."""

from bot.sandbox import limits, objects
from bot.sandbox.methods import access, composing
from bot.sandbox.records import Channel, File, Json, SlackError
from bot.sandbox.workspace import Workspace

BYTES_MOST = 1024**3
ALT_TEXT_MOST = 1000


def announce(workspace: Workspace, args: Json) -> Json:
    """A file id and the address that takes exactly so many bytes."""
    if not args["filename"] or args["length"] < 1:
        raise SlackError("missing_argument")
    if args["length"] > BYTES_MOST:
        raise SlackError("file_upload_size_restricted")
    if len(args.get("alt_txt") or "") > ALT_TEXT_MOST:
        raise SlackError("alt_txt_too_large")
    created = int(workspace.seconds())
    file = File(workspace.new_id("F"), args["filename"], workspace.bot_user_id, args["length"], created)
    file.alt_txt = args.get("alt_txt") or ""
    workspace.files[file.id] = file
    return {"file_id": file.id, "upload_url": f"{workspace.base_url}/upload/{workspace.team_id}-{file.id}"}


def complete(workspace: Workspace, args: Json) -> Json:
    """Finish uploads, and share them where a channel is named; nothing happens when one of them is not there."""
    files = [_uploaded(workspace, entry) for entry in _entries(args["files"])]
    channels = [_shared_in(workspace, channel_id) for channel_id in _places(args)]
    if args.get("blocks") is not None:
        limits.check_blocks(args["blocks"])
    for channel in channels:
        _check_thread(channel, args)
    for file, entry in zip(files, args["files"], strict=True):
        file.complete, file.title = True, entry.get("title") or file.title or file.name
        workspace.on_change("file", {"file": file.id})
    for channel in channels:
        _share(workspace, channel, files, args)
    return {"files": [objects.file(file, workspace.base_url, workspace.team_id) for file in files]}


def info(workspace: Workspace, args: Json) -> Json:
    file = workspace.files.get(args["file"])
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    shown = objects.file(file, workspace.base_url, workspace.team_id)
    return {"file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}


def _entries(files: object) -> list[Json]:
    named = isinstance(files, list) and all(isinstance(one, dict) and isinstance(one.get("id"), str) for one in files)
    if not named or not files or not isinstance(files, list):
        raise SlackError("invalid_arguments", "must provide an array of objects with an `id` [json-pointer:/files]")
    return files


def _uploaded(workspace: Workspace, entry: Json) -> File:
    file = workspace.files.get(entry["id"])
    if file is None:
        raise SlackError("file_not_found")
    if file.content is None:
        raise SlackError("file_update_failed", f"no bytes were sent for {file.id}")
    return file


def _places(args: Json) -> list[str]:
    return access.ids(args.get("channel_id")) or access.ids(args.get("channels"))


def _shared_in(workspace: Workspace, channel_id: str) -> Channel:
    channel = access.channel(workspace, channel_id)
    if workspace.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("posting_to_channel_denied")
    return channel


def _check_thread(channel: Channel, args: Json) -> None:
    if args.get("thread_ts") and channel.message(args["thread_ts"]) is None:
        raise SlackError("invalid_arguments", "thread not found [json-pointer:/thread_ts]")


def _share(workspace: Workspace, channel: Channel, files: list[File], args: Json) -> None:
    for file in files:
        file.channels = list(dict.fromkeys([*file.channels, channel.id]))
    shown = [objects.file(file, workspace.base_url, workspace.team_id) for file in files]
    message = composing.message(workspace, {**args, "text": args.get("initial_comment", "")})
    workspace.post(channel.id, {**message, "files": shown, "upload": True})


METHODS = {
    "files.getUploadURLExternal": announce,
    "files.completeUploadExternal": complete,
    "files.info": info,
}
