"""The JSON interface under `/sandbox/`: what the page and other programs may see and do. `docs/sandbox.md` describes it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.sandbox import acts, trouble, workspaces
from bot.sandbox.exchange import AppFailed, AppSilent
from bot.sandbox.fault_orders import BadOrder
from bot.sandbox.orders import body
from bot.sandbox.workspace import Channel, Person, SlackError, Workspace

if TYPE_CHECKING:
    from bot.sandbox.person import Actor
    from bot.sandbox.server import Sandbox

Json = dict[str, Any]
MORNING = time(9)
PAGE_SIZE = 200


def routes(sandbox: "Sandbox") -> list[web.RouteDef]:
    def reads(path: str, read: Callable[["Sandbox", web.Request], Awaitable[Json]]) -> web.RouteDef:
        return web.get(f"/sandbox/{path}", _answering(lambda request: read(sandbox, request)))

    def does(path: str, do: Callable[["Sandbox", web.Request], Awaitable[Json]], verb: str = "POST") -> web.RouteDef:
        return web.route(verb, f"/sandbox/{path}", _answering(lambda request: do(sandbox, request)))

    async def changes(request: web.Request) -> web.StreamResponse:
        return await _changes(sandbox, request)

    return [
        reads("state", _state),
        reads("messages", _messages),
        reads("clock", _clock),
        reads("calls", _calls),
        web.get("/sandbox/changes", changes),
        reads("faults", trouble.listed),
        does("faults", trouble.order),
        does("faults", trouble.cancel, "DELETE"),
        does("faults/{id}", trouble.cancel, "DELETE"),
        does("limits", trouble.limit),
        does("clock", _turn),
        does("people", acts.add_person),
        does("people/{id}", acts.change_person, "PATCH"),
        does("people/{id}/{act}", acts.act),
        does("channels", acts.add_channel),
        does("workspaces", workspaces.add),
        does("workspaces/{id}/install", workspaces.install),
        does("workspaces/{id}/uninstall", workspaces.uninstall),
    ]


async def _state(sandbox: "Sandbox", request: web.Request) -> Json:
    workspace = workspaces.asked(sandbox, request)
    features = workspace.manifest.get("features", {}) if workspace.installed else {}
    viewer = request.query.get("as", "")
    actor = sandbox.person(viewer, workspace) if viewer in workspace.people else None
    channels = [_channel(workspace, one, actor.id if actor else "") for one in workspace.channels.values()]
    modal = actor.form.view if actor and actor.form else None
    return {
        "team": {"id": workspace.team_id, "name": workspace.team_name},
        "bot": {"user_id": workspace.bot_user_id, "name": workspace.app_name},
        "installed": workspace.installed,
        "install_url": sandbox.install_url or None,
        "workspaces": workspaces.listed(sandbox, request),
        "me": _person(actor.person) if actor else None,
        **_people(sandbox, workspace, request.query.get("known", "")),
        "channels": [one for one in channels if one["kind"] == "channel" or one["member"]],
        "commands": [_only(one, "command", "description", "usage_hint") for one in features.get("slash_commands", [])],
        "shortcuts": [
            _only(one, "name", "type", "callback_id", "description") for one in features.get("shortcuts", [])
        ],
        "modal": modal,
        "home": actor.home if actor else None,
        "clock": await _clock(sandbox, request),
        "connected": 1 if sandbox.links.http else len(sandbox.links.sockets),
        "request_url": sandbox.links.http.url if sandbox.links.http else None,
        "faults": len(sandbox.faults.waiting()),
        "limits": workspace.rates is not None,
        **({"welcome": sandbox.welcome} if sandbox.welcome and workspace is sandbox.workspace else {}),
    }


def _people(sandbox: "Sandbox", workspace: Workspace, known: str) -> Json:
    """Everybody, for whom does not know them yet: of four hundred people they are nearly all that there is to send."""
    as_of = f"{workspace.team_id}-{sandbox.people_as_of}"
    if known == as_of:
        return {"people_as_of": as_of}
    return {"people_as_of": as_of, "people": [_person(one) for one in workspace.people.values() if not one.is_bot]}


async def _messages(sandbox: "Sandbox", request: web.Request) -> Json:
    actor = workspaces.actor(sandbox, request, request.query["as"])
    channel = _visible(actor, request.query["channel"])
    whispered = [
        one | {"ephemeral": True, "user": one["author"]} for one in channel.ephemeral if one["user"] == actor.id
    ]
    thread = request.query.get("thread")
    messages = sorted([*channel.messages, *whispered], key=lambda one: str(one["ts"]))
    if thread:
        messages = [one for one in messages if thread in (one["ts"], one.get("thread_ts"))]
    else:
        messages = [one for one in messages if _stands_in_channel(one)]
    if request.query.get("read") and actor.id in channel.members:
        actor.workspace.mark_read(channel.id, actor.id)
    return {"messages": messages[-PAGE_SIZE:], "more": len(messages) > PAGE_SIZE}


async def _clock(sandbox: "Sandbox", _request: web.Request) -> Json:
    due = await sandbox.next_due()
    frozen = sandbox.clock.frozen
    return {"now": sandbox.clock.now().isoformat(), "next_due": due.isoformat() if due else None, "frozen": frozen}


async def _turn(sandbox: "Sandbox", request: web.Request) -> Json:
    order, workspace = await body(request), workspaces.asked(sandbox, request)
    to = datetime.fromisoformat(order["to"]) if order.get("to") else _moved(workspace, order)
    visited = await sandbox.turn_to(to)
    return await _clock(sandbox, request) | {"visited": [moment.isoformat() for moment in visited]}


async def _calls(sandbox: "Sandbox", request: web.Request) -> Json:
    calls = sandbox.calls.after(int(request.query.get("after", 0)))
    last = sandbox.calls[-1]["n"] if sandbox.calls else 0
    return {"calls": calls, "next": last}


async def _changes(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    """Server-sent events: one for each change, until the page or the sandbox goes."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    changes: asyncio.Queue[Json | None] = asyncio.Queue()
    sandbox.watchers.add(changes)
    try:
        await response.write(b": hello\n\n")
        while (change := await changes.get()) is not None:
            await response.write(f"data: {json.dumps(change)}\n\n".encode())
    except ConnectionError:  # the page was closed
        pass
    finally:
        sandbox.watchers.discard(changes)
    return response


def _answering(handle: Callable[[web.Request], Awaitable[Json]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Answer in JSON; what cannot be done is `{"error": "a sentence"}`."""

    async def answer(request: web.Request) -> web.Response:
        origin = request.headers.get("Origin")
        if origin and origin.partition("://")[2] != request.host:
            return _refusal("Only the sandbox's own page may do that.", 403)
        try:
            return web.json_response(await handle(request), headers={"Cache-Control": "no-store"})
        except Exception as error:
            status, words = _explained(error)
            if not status:
                raise
            errors = {"errors": error.errors} if isinstance(error, BadOrder) else {}
            return _refusal(words, status, **errors)

    return answer


def _refusal(words: str, status: int, **more: Any) -> web.Response:
    return web.json_response({"ok": False, "error": words, **more}, status=status)


def _explained(error: Exception) -> tuple[int, str]:
    """The status and sentence for what a person may cause; (0, "") for a defect."""
    match error:
        case AppSilent() | AppFailed():
            return 200, str(error)
        case KeyError():
            return 400, f"There is no {error.args[0]!r}, or it is missing."
        case LookupError() | ValueError() | TypeError():
            return 400, str(error)
        case SlackError():
            return 400, f"{error.code} {error.detail}".strip()
        case RuntimeError():
            return 409, str(error)
    return 0, ""


def _moved(workspace: Workspace, order: Json) -> datetime:
    """`hour`, or nine o'clock of the next day or Monday in the zone of the person `as`."""
    now = workspace.clock.now()
    move = order.get("move")
    if move == "hour":
        return now + timedelta(hours=1)
    if move not in ("next_morning", "next_monday"):
        raise ValueError("Say where to turn the clock: to, or move: hour, next_morning or next_monday.")
    zone = ZoneInfo(workspace.people[order["as"]].tz if order.get("as") else "America/New_York")
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=(7 - local.weekday()) % 7 if move == "next_monday" else 0)
    if datetime.combine(day, MORNING, zone) <= local:
        day += timedelta(days=7 if move == "next_monday" else 1)
    return datetime.combine(day, MORNING, zone)


def _stands_in_channel(message: Json) -> bool:
    return message.get("thread_ts", message["ts"]) == message["ts"] or message.get("subtype") == "thread_broadcast"


def _visible(actor: "Actor", channel_id: str) -> Channel:
    channel = actor.workspace.channels.get(channel_id)
    if channel is None or (channel.kind != "channel" and actor.id not in channel.members):
        raise LookupError(f"There is no channel {channel_id} that {actor.person.real_name} can see.")
    return channel


def _channel(workspace: Workspace, channel: Channel, user_id: str) -> Json:
    kind = {"group": "private"}.get(channel.kind, channel.kind)
    member = user_id in channel.members
    answer: Json = {"id": channel.id, "name": channel.name, "kind": kind, "member": member}
    answer["unread"] = workspace.unread(channel.id, user_id) if member else 0
    answer["topic"] = channel.topic
    if channel.is_im:
        answer["with"] = next((one for one in channel.members if one != user_id), user_id)
    return answer


def _person(person: Person) -> Json:
    names = ("id", "name", "real_name", "title", "tz", "labels", "is_admin", "deleted")
    return {name: getattr(person, name) for name in names}


def _only(thing: Json, *names: str) -> Json:
    return {name: thing[name] for name in names if name in thing}
