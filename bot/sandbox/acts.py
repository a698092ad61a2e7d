"""What people do through the JSON interface: each act reads its order and lets the same `Actor` do it that tests use."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox import elements, workspaces
from bot.sandbox.form import Form
from bot.sandbox.orders import body
from bot.sandbox.person import Actor

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

Json = dict[str, Any]
Act = Callable[[Actor, Json], Awaitable[Json]]


async def act(sandbox: "Sandbox", request: web.Request) -> Json:
    """POST people/{id}/{act}"""
    actor, name = workspaces.actor(sandbox, request, request.match_info["id"]), request.match_info["act"]
    if name == "uploads":
        return await _uploads(actor, request)
    if name not in ACTS:
        raise LookupError(f"There is no act {name!r}. There are {', '.join(ACTS)} and uploads.")
    return await ACTS[name](actor, await body(request))


async def add_person(sandbox: "Sandbox", request: web.Request) -> Json:
    """POST people"""
    order = await body(request)
    known = {name: order[name] for name in ("email", "tz", "title", "is_admin", "labels") if name in order}
    person = workspaces.asked(sandbox, request).add_person(order["name"], **known)
    await sandbox.settled()
    return {"ok": True, "id": person.id}


async def change_person(sandbox: "Sandbox", request: web.Request) -> Json:
    """PATCH people/{id}"""
    actor = workspaces.actor(sandbox, request, request.match_info["id"])
    actor.workspace.change_person(actor.id, **await body(request))
    await sandbox.settled()
    return {"ok": True}


async def add_channel(sandbox: "Sandbox", request: web.Request) -> Json:
    """POST channels"""
    order, workspace = await body(request), workspaces.asked(sandbox, request)
    members = [sandbox.person(one, workspace).id for one in order.get("members", [])]
    if order.get("with_app"):
        workspace.need_app()
        members.append(workspace.bot_user_id)
    channel = workspace.add_channel(order["name"], members=members, is_private=bool(order.get("private")))
    return {"ok": True, "id": channel.id}


async def _types(actor: Actor, order: Json) -> Json:
    text, channel = str(order["text"]).strip(), order.get("channel")
    if not text:
        raise ValueError("There is no text.")
    if text.startswith("/"):
        command, _, rest = text.partition(" ")
        return _shown(await actor.types(command, rest, channel=channel))
    message = await actor.says(text, channel=channel, thread_ts=order.get("thread_ts"))
    return {"ok": True, "ts": message["ts"]}


async def _clicks(actor: Actor, order: Json) -> Json:
    target: Json = {"id": order["view_id"]} if order.get("view_id") else {"ts": order["ts"]}
    found = elements.at(actor.blocks(target), order["block_id"], order["action_id"])
    if order.get("view_id"):
        _fill(actor, order["view_id"], order.get("values") or {})
    return _shown(await actor.act(target, found, _chosen(found, order)))


async def _submits(actor: Actor, order: Json) -> Json:
    _fill(actor, order["view_id"], order.get("values") or {})
    form = Form(actor, order["view_id"])
    answer = await form.submit()
    if form.errors:
        return {"ok": False, "errors": form.errors}
    return _shown(answer)


async def _closes(actor: Actor, order: Json) -> Json:
    await Form(actor, order["view_id"]).close(everything=bool(order.get("all")))
    return {"ok": True}


async def _opens(actor: Actor, order: Json) -> Json:
    if order.get("ts"):
        return _shown(await actor.uses_shortcut(order["shortcut"], {"ts": order["ts"]}))
    return _shown(await actor.opens(order["shortcut"]))


async def _home(actor: Actor, _order: Json) -> Json:
    return {"ok": True, "home": await actor.opens_home()}


async def _joins(actor: Actor, order: Json) -> Json:
    await actor.joins(order["channel"])
    return {"ok": True}


async def _reacts(actor: Actor, order: Json) -> Json:
    await actor.reacts({"ts": order["ts"]}, order["name"])
    return {"ok": True}


async def _uploads(actor: Actor, request: web.Request) -> Json:
    """Keep the files; with a `channel` they are also posted there."""
    form = await request.post()
    files = [(one.filename, one.file.read()) for one in form.values() if isinstance(one, web.FileField)]
    kept = [actor.keeps_file(name, content) for name, content in files]
    if form.get("channel"):
        await actor.shares(kept, str(form.get("text", "")), channel=str(form["channel"]))
    return {"ok": True, "files": kept}


def _chosen(found: elements.Found, order: Json) -> Json:
    kind = found.element["type"]
    if kind == "overflow":
        return {"selected_option": elements.option(found.element, order.get("selected_option") or order["selected"])}
    if kind not in elements.STATES:
        return {}
    key = elements.STATES[kind][0]
    return elements.filled(found, order[key] if key in order else order.get("selected"))


def _fill(actor: Actor, view_id: str, values: Json) -> None:
    """Take over what stands in the inputs: plain values, or Slack's state objects."""
    view = actor.open_view(view_id) or (actor.home if actor.home and actor.home["id"] == view_id else None)
    if view is None:
        raise LookupError("This form is not open any more.")
    for block_id, held in values.items():
        for action_id, value in held.items():
            found = elements.at(view["blocks"], block_id, action_id)
            key = elements.STATES[found.element["type"]][0]
            plain = value.get(key) if isinstance(value, dict) and value.get("type") == found.element["type"] else value
            actor.exchange.keep(view["state"]["values"], found, elements.filled(found, plain))


def _shown(answer: Form | Json | None) -> Json:
    """What an act led to: `form` is Slack's view object, `reply` a message."""
    if isinstance(answer, Form):
        return {"ok": True, "form": answer.view}
    return {"ok": True, "reply": answer} if answer else {"ok": True}


ACTS: dict[str, Act] = {
    "types": _types,
    "clicks": _clicks,
    "submits": _submits,
    "closes": _closes,
    "opens": _opens,
    "home": _home,
    "joins": _joins,
    "reacts": _reacts,
}
