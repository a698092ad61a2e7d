"""What a reply does to the message it answers, and what is left of a thread when a message goes."""

from bot.sandbox.records import Channel, Json


def reply_added(channel: Channel, message: Json) -> None:
    """Count a new reply on the first message of its thread."""
    parent = _parent(channel, message)
    if parent is None:
        return
    message["parent_user_id"] = parent.get("user", "")
    _count(channel, parent)


def message_removed(channel: Channel, message: Json) -> None:
    """Take a message out; when replies hang on it, a tombstone keeps their place."""
    if message.get("reply_count"):
        kept: Json = {name: message[name] for name in ("ts", "thread_ts") if name in message}
        message.clear()
        gone: Json = {"subtype": "tombstone", "text": "This message was deleted.", "hidden": True}
        message.update({"type": "message", "user": "USLACKBOT", **gone, **kept})
        _count(channel, message)
        return
    channel.messages.remove(message)
    parent = _parent(channel, message)
    if parent is not None:
        _count(channel, parent)


def replies(channel: Channel, thread_ts: str) -> list[Json]:
    """The answers in a thread, without its first message."""
    return [one for one in channel.messages if one.get("thread_ts") == thread_ts and one["ts"] != thread_ts]


def _parent(channel: Channel, message: Json) -> Json | None:
    thread_ts = message.get("thread_ts")
    return channel.message(thread_ts) if thread_ts and thread_ts != message["ts"] else None


def _count(channel: Channel, parent: Json) -> None:
    answers = replies(channel, parent["ts"])
    if not answers:
        for name in ("thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply", "is_locked"):
            parent.pop(name, None)
        return
    people = list(dict.fromkeys(one["user"] for one in answers if one.get("user")))
    summary: Json = {
        "thread_ts": parent["ts"],
        "reply_count": len(answers),
        "reply_users": people,
        "reply_users_count": len(people),
        "latest_reply": answers[-1]["ts"],
        "is_locked": False,
    }
    parent.update(summary)
