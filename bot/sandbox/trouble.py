"""The part of the JSON interface where faults are ordered and rate limits are switched on: `/sandbox/faults`, `/sandbox/limits`."""

from typing import TYPE_CHECKING, Any, get_args

from aiohttp import web

from bot.sandbox import fault_orders, methods
from bot.sandbox.orders import body
from bot.sandbox.rate_limits import Limits
from bot.sandbox.socket_mode import Reason

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

Json = dict[str, Any]
INTERACTIONS = (
    "block_actions",
    "block_suggestion",
    "message_action",
    "shortcut",
    "slash_commands",
    "view_closed",
    "view_submission",
)


async def listed(sandbox: "Sandbox", _request: web.Request) -> Json:
    """GET faults: what waits, what is used up, and what can be ordered."""
    choices = _choices(sandbox)
    return {
        "orders": list(fault_orders.told(sandbox.faults.waiting())),
        "spent": list(fault_orders.told([*sandbox.faults.spent])),
        "kinds": [{"kind": kind, **what} for kind, what in fault_orders.KINDS.items()],
        "methods": choices["call"],
        "events": choices["event"],
        "interactions": list(INTERACTIONS),
        "reasons": choices["reason"],
        "limits": sandbox.workspace.rates is not None,
    }


async def order(sandbox: "Sandbox", request: web.Request) -> Json:
    """POST faults: something goes wrong now, or with the next call or payload."""
    kind, how = fault_orders.read(await body(request), _choices(sandbox))
    if fault_orders.KINDS[kind]["about"] == "socket":
        return {"ok": True, "sockets": await _at_once(sandbox, kind, how)}
    return {"ok": True, "id": fault_orders.place(sandbox.faults, kind, how).id}


async def cancel(sandbox: "Sandbox", request: web.Request) -> Json:
    """DELETE faults, or faults/{id}"""
    number = request.match_info.get("id")
    if not number:
        sandbox.faults.cancel()
    elif not number.isdecimal() or not sandbox.faults.cancel(int(number)):
        raise LookupError("This fault does not wait any more.")
    return {"ok": True}


async def limit(sandbox: "Sandbox", request: web.Request) -> Json:
    """POST limits {on}"""
    on = (await body(request)).get("on")
    if not isinstance(on, bool):
        raise ValueError("Say on: true or false.")
    sandbox.limit(Limits() if on else None)
    return {"ok": True, "limits": on}


async def _at_once(sandbox: "Sandbox", kind: str, how: Json) -> int:
    """What happens to the sockets now; how many there were."""
    sockets = len(sandbox.links.sockets)
    if kind == "dropped_socket":
        await sandbox.links.drop()
    elif kind == "disconnect":
        await sandbox.links.disconnect(how["reason"])
    else:
        sandbox.workspace.socket_mode = True
    sandbox.tell("faults", {})
    return sockets


def _choices(sandbox: "Sandbox") -> dict[str, list[str]]:
    subscriptions = sandbox.workspace.manifest.get("settings", {}).get("event_subscriptions", {})
    events = sorted({name.partition(".")[0] for name in subscriptions.get("bot_events", [])})
    return {
        "call": sorted(methods.REFERENCE),
        "event": events,
        "payload": [*events, *INTERACTIONS],
        "reason": list(get_args(Reason)),
    }
