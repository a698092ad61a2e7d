"""views.*: opening, pushing and changing forms by trigger or id, and publishing Home tabs."""

from bot.sandbox import limits, modals
from bot.sandbox.copying import copied
from bot.sandbox.records import Json, SlackError, View
from bot.sandbox.workspace import Workspace


def open_(workspace: Workspace, args: Json) -> Json:
    """Open a form for whoever acted last; a view that Slack refuses does not use up the trigger."""
    limits.check_view(args["view"])
    return _shown(modals.open_for(workspace, workspace.triggers.use(_trigger(args)), args["view"]))


def push(workspace: Workspace, args: Json) -> Json:
    limits.check_view(args["view"])
    user_id = workspace.triggers.peek(_trigger(args))
    pushed = modals.push_for(workspace, user_id, args["view"])
    workspace.triggers.use(_trigger(args))
    return _shown(pushed)


def update(workspace: Workspace, args: Json) -> Json:
    """Change a view named by view_id or external_id, when `hash` (if given) is still its own."""
    if not args.get("view_id") and not args.get("external_id"):
        raise SlackError("invalid_arguments", "must provide either `view_id` or `external_id`")
    limits.check_view(args["view"], (limits.MODAL, limits.HOME))
    named = modals.by_external_id(workspace, args.get("external_id") or "")
    view_id = args.get("view_id") or (named["id"] if named else "")
    return _shown(modals.update(workspace, view_id, args["view"], args.get("hash")))


def publish(workspace: Workspace, args: Json) -> Json:
    if not workspace.manifest.get("features", {}).get("app_home", {}).get("home_tab_enabled"):
        raise SlackError("not_enabled")
    person = workspace.people.get(args["user_id"])
    if person is None or person.deleted or person.is_bot:
        raise SlackError("invalid_arguments", "invalid `user_id` [json-pointer:/user_id]")
    return _shown(modals.publish_for(workspace, person.id, args["view"], args.get("hash")))


def _trigger(args: Json) -> str:
    trigger = args.get("trigger_id") or args.get("interactivity_pointer")
    if not trigger:
        raise SlackError("invalid_arguments", "missing required field: trigger_id")
    return str(trigger)


def _shown(view: View) -> Json:
    return {"view": copied(view)}


METHODS = {"views.open": open_, "views.push": push, "views.update": update, "views.publish": publish}
