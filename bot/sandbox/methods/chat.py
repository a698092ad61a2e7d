"""chat.*: what the app says, changes and takes back; `scheduled` has what it says later."""

from bot.sandbox import limits
from bot.sandbox.copying import copied
from bot.sandbox.methods import access, composing
from bot.sandbox.records import Json, SlackError
from bot.sandbox.workspace import Workspace


def post(workspace: Workspace, args: Json) -> Json:
    composing.check_content(workspace, args)
    limits.check_length(args.get("blocks") or [])
    channel = composing.destination(workspace, args["channel"])
    composing.check_thread(channel, args)
    stored = workspace.post(channel.id, composing.message(workspace, args))
    return {"channel": channel.id, "ts": stored["ts"], "message": copied(stored)}


def post_ephemeral(workspace: Workspace, args: Json) -> Json:
    """Show a message to one member of the conversation; it cannot be changed afterwards."""
    composing.check_content(workspace, args)
    if len(args.get("text") or "") > limits.TEXT_CUT:
        raise SlackError("msg_too_long")
    channel = composing.destination(workspace, args["channel"], opens=False)
    if args["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    composing.check_thread(channel, args)
    stored = workspace.post_ephemeral(channel.id, args["user"], composing.message(workspace, args))
    return {"message_ts": stored["ts"]}


def update(workspace: Workspace, args: Json) -> Json:
    """Change an own message. New text without blocks takes the old blocks away; what else is left out stays, empty goes.

    A message changed by its blocks is not marked as edited.
    """
    if len(args.get("text") or "") > limits.UPDATE_TEXT_MOST:
        raise SlackError("msg_too_long")
    composing.check_content(workspace, args)
    channel, current = composing.own_message(workspace, args, "cant_update_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    fresh = composing.message(workspace, args)
    changes: Json = {name: fresh.get(name) for name in ("attachments", "metadata") if name in args}
    if fresh["text"] or "blocks" in args:
        changes |= {"text": fresh["text"] or current["text"], "blocks": fresh.get("blocks")}
    stored = workspace.edit(channel.id, args["ts"], changes, silently="blocks" in fresh)
    return {"channel": channel.id, "ts": args["ts"], "text": stored["text"], "message": copied(stored)}


def delete(workspace: Workspace, args: Json) -> Json:
    channel, _ = composing.own_message(workspace, args, "cant_delete_message")
    workspace.delete(channel.id, args["ts"])
    return {"channel": channel.id, "ts": args["ts"]}


def permalink(workspace: Workspace, args: Json) -> Json:
    """A link to a message, into the sandbox's own page; an answer's link names its thread."""
    channel = access.channel(workspace, args["channel"])
    message = channel.message(args["message_ts"])
    if message is None:
        raise SlackError("message_not_found")
    link = f"{workspace.base_url}/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    if message.get("thread_ts", message["ts"]) != message["ts"]:
        link += f"?thread_ts={message['thread_ts']}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


METHODS = {
    "chat.postMessage": post,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": permalink,
}
