"""Forms and Home tabs: a checked view becomes Slack's view object, and a person's open forms are a stack of three at most."""

import secrets
from typing import TYPE_CHECKING

from bot.sandbox import limits
from bot.sandbox.copying import copied
from bot.sandbox.records import Json, SlackError, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


def open_for(workspace: "Workspace", user_id: str, view: object) -> View:
    """Open a form; whatever form the person had open goes."""
    checked = limits.check_view(view)
    _refuse_taken_external_id(workspace, checked)
    opened = _built(workspace, checked)
    opened["root_view_id"] = opened["id"]
    workspace.stacks[user_id] = [opened]
    workspace.on_change("modal", {"user": user_id})
    return opened


def push_for(workspace: "Workspace", user_id: str, view: object) -> View:
    """Lay a form over the one that is open. Raises not_found without one, push_limit_reached on three."""
    checked = limits.check_view(view)
    _refuse_taken_external_id(workspace, checked)
    stack = workspace.stacks.get(user_id) or []
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= limits.STACK_MOST:
        raise SlackError("push_limit_reached")
    pushed = _built(workspace, checked)
    pushed |= {"root_view_id": stack[0]["id"], "previous_view_id": stack[-1]["id"]}
    stack.append(pushed)
    workspace.on_change("modal", {"user": user_id})
    return pushed


def update(workspace: "Workspace", view_id: str, view: object, hash_: str | None = None) -> View:
    """Replace an open form (or Home tab) in its place; what was typed stays where block_id and action_id stay.

    Raises not_found, hash_conflict, or what is wrong with the view.
    """
    user_id, current = owner_of(workspace, view_id)
    checked = limits.check_view(view, (current["type"],))
    _refuse_taken_external_id(workspace, checked, apart_from=view_id)
    if hash_ is not None and hash_ != current["hash"]:
        raise SlackError("hash_conflict")
    fresh = _built(workspace, checked)
    kept: Json = {name: current[name] for name in ("id", "root_view_id", "previous_view_id")}
    kept["state"] = {"values": _still_there(current["state"]["values"], fresh["blocks"])}
    current.clear()
    current.update(fresh | kept)
    workspace.on_change("home" if current["type"] == limits.HOME else "modal", {"user": user_id})
    return current


def publish_for(workspace: "Workspace", user_id: str, view: object, hash_: str | None = None) -> View:
    """Set a person's Home tab."""
    checked = limits.check_view(view, (limits.HOME,))
    current = workspace.homes.get(user_id)
    if hash_ is not None and (current is None or hash_ != current["hash"]):
        raise SlackError("hash_conflict")
    _refuse_taken_external_id(workspace, checked, apart_from=current["id"] if current else None)
    fresh = _built(workspace, checked)
    fresh["id"] = fresh["root_view_id"] = current["id"] if current else fresh["id"]
    workspace.homes[user_id] = fresh
    workspace.on_change("home", {"user": user_id})
    return fresh


def close(workspace: "Workspace", user_id: str, view_id: str, *, all_of_them: bool = False) -> list[View]:
    """Close a form and what lies over it, or the whole stack; returns what was closed, the topmost first."""
    stack = workspace.stacks.get(user_id) or []
    depth = next((depth for depth, view in enumerate(stack) if view["id"] == view_id), None)
    if depth is None:
        raise SlackError("not_found")
    gone = stack[0 if all_of_them else depth :][::-1]
    workspace.stacks[user_id] = stack[: len(stack) - len(gone)]
    workspace.on_change("modal", {"user": user_id})
    return gone


def owner_of(workspace: "Workspace", view_id: str) -> tuple[str, View]:
    """Who looks at this view, and the view. Raises not_found."""
    for user_id, stack in workspace.stacks.items():
        for view in stack:
            if view["id"] == view_id:
                return user_id, view
    for user_id, home in workspace.homes.items():
        if home["id"] == view_id:
            return user_id, home
    raise SlackError("not_found")


def by_external_id(workspace: "Workspace", external_id: str) -> View | None:
    return next((view for view in _all(workspace) if external_id and view["external_id"] == external_id), None)


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy in which each block has a block_id and each element an action_id, made up where the app gave none."""
    copy = [copied(block) for block in blocks]  # one by one: a block that stands twice becomes two
    for block in copy:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        elements = [*block.get("elements", []), block.get("element"), block.get("accessory")]
        if block["type"] not in {"actions", "input", "section", "context_actions"}:
            continue
        for element in elements:
            if element and element["type"] != "image":
                element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return copy


def _built(workspace: "Workspace", view: Json) -> View:
    answer: View = {
        "id": f"V{secrets.token_hex(5).upper()}",
        "team_id": workspace.team_id,
        "type": view["type"],
        "blocks": with_ids(view["blocks"]),
        "private_metadata": view.get("private_metadata", ""),
        "callback_id": view.get("callback_id", ""),
        "state": {"values": {}},
        "hash": workspace.new_hash(),
        "title": view.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": view.get("clear_on_close", False),
        "notify_on_close": view.get("notify_on_close", False),
        "close": view.get("close"),
        "submit": view.get("submit"),
        "previous_view_id": None,
        "root_view_id": None,
        "app_id": workspace.app_id,
        "external_id": view.get("external_id", ""),
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }
    return answer


def _still_there(values: Json, blocks: list[Json]) -> Json:
    elements = {(block["block_id"], block["element"]["action_id"]) for block in blocks if block["type"] == "input"}
    kept = {
        block_id: {name: v for name, v in held.items() if (block_id, name) in elements}
        for block_id, held in values.items()
    }
    return {block_id: held for block_id, held in kept.items() if held}


def _refuse_taken_external_id(workspace: "Workspace", view: Json, apart_from: str | None = None) -> None:
    other = by_external_id(workspace, view.get("external_id", ""))
    if other is not None and other["id"] != apart_from:
        raise SlackError("duplicate_external_id")


def _all(workspace: "Workspace") -> list[View]:
    return [*workspace.homes.values(), *(view for stack in workspace.stacks.values() for view in stack)]
