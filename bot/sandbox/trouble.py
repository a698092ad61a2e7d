"""The part of the JSON interface where faults are ordered and rate limits are switched on: `/sandbox/faults`, `/sandbox/limits`."""

from typing import TYPE_CHECKING, Any, get_args

from aiohttp import web

from bot.sandbox import acts, methods
from bot.sandbox.faults import KINDS
from bot.sandbox.rate_limits import Limits
from bot.sandbox.socket_mode import Reason

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

Json = dict[str, Any]


async def listed(sandbox: "Sandbox", _request: web.Request) -> Json:
    """GET faults: what is ordered, and what can be."""
    subscriptions = sandbox.workspace.manifest.get("settings", {}).get("event_subscriptions", {})
    events = [name.partition(".")[0] for name in subscriptions.get("bot_events", [])]
    return {
        "orders": list(sandbox.faults.listed()),
        "kinds": [{"kind": kind, **what} for kind, what in KINDS.items()],
        "methods": sorted(methods.REFERENCE),
        "events": sorted({*events, "slash_commands", "block_actions", "view_submission", "shortcut", "message_action"}),
        "reasons": list(get_args(Reason)),
        "limits": sandbox.workspace.rates is not None,
    }


async def order(sandbox: "Sandbox", request: web.Request) -> Json:
    """POST faults: something goes wrong now, or with the next call or event."""
    wanted = await acts.body(request)
    kind = wanted.get("kind")
    if kind == "dropped_socket":
        await sandbox.links.drop()
    elif kind == "connect":
        sandbox.workspace.socket_mode = True
    elif kind == "disconnect":
        reason = wanted.get("reason", "refresh_requested")
        if reason not in get_args(Reason):
            raise ValueError(f"A reason is one of {', '.join(get_args(Reason))}.")
        await sandbox.links.disconnect(reason)
    else:
        ordered = sandbox.faults.ordered(wanted)
        sandbox.tell("faults", {"id": ordered.id})
        return {"ok": True, "id": ordered.id}
    return {"ok": True}


async def cancel(sandbox: "Sandbox", request: web.Request) -> Json:
    """DELETE faults, or faults/{id}"""
    number = request.match_info.get("id")
    sandbox.faults.cancel(int(number) if number else None)
    sandbox.tell("faults", {"id": number})
    return {"ok": True}


async def limit(sandbox: "Sandbox", request: web.Request) -> Json:
    """POST limits {on}"""
    on = (await acts.body(request)).get("on")
    if not isinstance(on, bool):
        raise ValueError("Say on: true or false.")
    sandbox.limit(Limits() if on else None)
    return {"ok": True, "limits": on}
