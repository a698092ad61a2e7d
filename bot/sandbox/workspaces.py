"""The part of the JSON interface about several workspaces: which one is meant, adding one, the app coming in and going."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.orders import body

if TYPE_CHECKING:
    from bot.sandbox.person import Actor
    from bot.sandbox.server import Sandbox
    from bot.sandbox.workspace import Workspace

Json = dict[str, Any]


def meant(sandbox: "Sandbox", team_id: str | None) -> "Workspace":
    """The workspace of this id, the home one without an id; LookupError when there is none."""
    if not team_id:
        return sandbox.workspace
    if team_id not in sandbox.workspaces:
        raise LookupError(f"There is no workspace {team_id}. There are {', '.join(sandbox.workspaces)}.")
    return sandbox.workspaces[team_id]


def asked(sandbox: "Sandbox", request: web.Request) -> "Workspace":
    """The workspace that a request names with `?team=T1`."""
    return meant(sandbox, request.query.get("team"))


def actor(sandbox: "Sandbox", request: web.Request, name: str) -> "Actor":
    """Somebody of the workspace that a request names."""
    return sandbox.person(name, asked(sandbox, request))


def listed(sandbox: "Sandbox", request: web.Request) -> list[Json]:
    """All workspaces, the home one first; `?also=T1.U1` asks how much is unread for somebody in another one."""
    people = dict(one.partition(".")[::2] for one in request.query.getall("also", []))
    return [
        {
            "id": one.team_id,
            "name": one.team_name,
            "domain": one.domain,
            "installed": one.installed,
            "unread": _unread(one, people.get(one.team_id, "")),
        }
        for one in sandbox.workspaces.values()
    ]


def _unread(workspace: "Workspace", user_id: str) -> int:
    mine = [one.id for one in workspace.channels.values() if user_id in one.members]
    return sum(workspace.unread(channel_id, user_id) for channel_id in mine)


async def add(sandbox: "Sandbox", request: web.Request) -> Json:
    """POST workspaces {name, domain?, owner?, email?}: another one; the owner is its first person, and its admin."""
    order = await body(request)
    owner = str(order.get("owner") or "").strip()
    added = sandbox.add_workspace(str(order["name"]), str(order.get("domain") or ""))
    first = added.add_person(owner, email=str(order.get("email") or ""), is_admin=True).id if owner else None
    return {"ok": True, "id": added.team_id, "owner": first}


async def install(sandbox: "Sandbox", request: web.Request) -> Json:
    """POST workspaces/{id}/install: as `Sandbox.install`, without the pages people see."""
    token = sandbox.install(meant(sandbox, request.match_info["id"]))
    return {"ok": True, "bot_token": token}


async def uninstall(sandbox: "Sandbox", request: web.Request) -> Json:
    """POST workspaces/{id}/uninstall"""
    sandbox.uninstall(meant(sandbox, request.match_info["id"]))
    await sandbox.settled()
    return {"ok": True}
