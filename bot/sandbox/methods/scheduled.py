"""chat.scheduleMessage with its list and delete: messages that Slack itself sends when their time comes."""

from bot.sandbox import limits
from bot.sandbox.methods import access, composing, history, paging
from bot.sandbox.records import Json, SlackError
from bot.sandbox.workspace import Workspace

FARTHEST = 120 * 24 * 3600
WINDOW = 300
MOST_IN_A_WINDOW = 30
TOO_LATE_TO_CANCEL = 60


def schedule(workspace: Workspace, args: Json) -> Json:
    composing.check_content(workspace, args)
    if len(args.get("text") or "") > limits.TEXT_CUT:
        raise SlackError("msg_too_long")
    channel = composing.destination(workspace, args["channel"])
    if args.get("thread_ts") and channel.message(args["thread_ts"]) is None:
        raise SlackError("invalid_arguments", "thread not found [json-pointer:/thread_ts]")
    _check_time(workspace, channel.id, args["post_at"])
    message = composing.message(workspace, args)
    entry: Json = {
        "id": workspace.new_id("Q"),
        "channel_id": channel.id,
        "post_at": args["post_at"],
        "date_created": int(workspace.seconds()),
        "text": message["text"],
        "message": message,
    }
    workspace.scheduled.append(entry)
    shown = {"type": "delayed_message", **message}
    return {"channel": channel.id, "scheduled_message_id": entry["id"], "post_at": entry["post_at"], "message": shown}


def list_all(workspace: Workspace, args: Json) -> Json:
    if args.get("channel") and args["channel"] not in workspace.channels:
        raise SlackError("invalid_channel")
    listed = [one for one in workspace.scheduled if args.get("channel") in (None, "", one["channel_id"])]
    listed = [one for one in listed if history.is_within(f"{one['post_at']}", {**args, "inclusive": True})]
    listed.sort(key=lambda one: one["post_at"])
    found, cursor = paging.page(listed, lambda one: str(one["id"]), args, lenient=True)
    shown = [{name: value for name, value in one.items() if name != "message"} for one in found]
    return {"scheduled_messages": shown, **paging.metadata(cursor)}


def delete(workspace: Workspace, args: Json) -> Json:
    """Cancel, until a minute before it goes out."""
    channel = access.channel(workspace, args["channel"])
    for entry in workspace.scheduled:
        soon = entry["post_at"] - workspace.seconds() < TOO_LATE_TO_CANCEL
        if entry["id"] == args["scheduled_message_id"] and entry["channel_id"] == channel.id and not soon:
            workspace.scheduled.remove(entry)
            return {}
    raise SlackError("invalid_scheduled_message_id")


def _check_time(workspace: Workspace, channel_id: str, post_at: int) -> None:
    ahead = post_at - workspace.seconds()
    if ahead <= 0:
        raise SlackError("time_in_past")
    if ahead > FARTHEST:
        raise SlackError("time_too_far")
    same = [one["post_at"] // WINDOW for one in workspace.scheduled if one["channel_id"] == channel_id]
    if same.count(post_at // WINDOW) >= MOST_IN_A_WINDOW:
        raise SlackError("restricted_too_many")


METHODS = {
    "chat.scheduleMessage": schedule,
    "chat.scheduledMessages.list": list_all,
    "chat.deleteScheduledMessage": delete,
}
