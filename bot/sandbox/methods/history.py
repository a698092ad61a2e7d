"""conversations.history and conversations.replies: what was said, by time and by page."""

import math

from bot.sandbox import threads
from bot.sandbox.copying import copied
from bot.sandbox.methods import access, paging
from bot.sandbox.rate_limits import RARE_MOST
from bot.sandbox.records import Channel, Json, SlackError
from bot.sandbox.workspace import Workspace


def history(workspace: Workspace, args: Json) -> Json:
    """Messages of the conversation itself, the newest first; answers in threads only where they were broadcast."""
    channel = _readable(workspace, args)
    if workspace.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    said = [message for message in channel.messages if _in_main_view(message) and is_within(message["ts"], args)]
    found, cursor = paging.page(said[::-1], _ts, args, most=_most(workspace), lenient=True)
    answer: Json = {"messages": [_shown(message, args) for message in found], "has_more": bool(cursor), "pin_count": 0}
    if "latest" in args:
        answer["latest"] = args["latest"]
    return answer | (paging.metadata(cursor) if cursor else {})


def replies(workspace: Workspace, args: Json) -> Json:
    """A thread, its first message at the top of each page's answers, the oldest first."""
    channel = _readable(workspace, args)
    message = channel.message(args["ts"])
    if message is None or workspace.bot_user_id not in channel.members:
        raise SlackError("thread_not_found")
    parent = channel.message(message.get("thread_ts") or message["ts"]) or message
    answers = [reply for reply in threads.replies(channel, parent["ts"]) if is_within(reply["ts"], args)]
    found, cursor = paging.page([parent, *answers], _ts, args, most=_most(workspace), lenient=True)
    shown = {"messages": [_shown(one, args) for one in found], "has_more": bool(cursor)}
    return shown | (paging.metadata(cursor) if cursor else {})


def is_within(ts: str, args: Json) -> bool:
    """Between `oldest` and `latest`; both ends count only with `inclusive`. Compared as whole microseconds."""
    moment = _microseconds(ts)
    after = _microseconds(args["oldest"]) if args.get("oldest") else -1
    before = _microseconds(args["latest"]) if args.get("latest") else math.inf
    return after <= moment <= before if args.get("inclusive") else after < moment < before


def _readable(workspace: Workspace, args: Json) -> Channel:
    channel = access.channel(workspace, args["channel"])
    access.need_scope(workspace, channel.kind, "history")
    for name in ("oldest", "latest"):
        if args.get(name) and not _is_ts(args[name]):
            raise SlackError(f"invalid_ts_{name}")
    return channel


def _most(workspace: Workspace) -> int:
    return RARE_MOST if workspace.rates and workspace.rates.limits.rare_history else 999


def _in_main_view(message: Json) -> bool:
    return message.get("thread_ts", message["ts"]) == message["ts"] or message.get("subtype") == "thread_broadcast"


def _shown(message: Json, args: Json) -> Json:
    hidden = set() if args.get("include_all_metadata") else {"metadata"}
    return {name: copied(value) for name, value in message.items() if name not in hidden}


def _is_ts(text: str) -> bool:
    whole, _, part = text.partition(".")
    return whole.isdecimal() and (part.isdecimal() or not part)


def _microseconds(ts: str) -> int:
    whole, _, part = ts.partition(".")
    return int(whole) * 1_000_000 + int(part[:6].ljust(6, "0"))


def _ts(message: Json) -> str:
    return str(message["ts"])


METHODS = {"conversations.history": history, "conversations.replies": replies}
