"""users.* and usergroups.list: the people of the workspace and the groups they are in."""

from bot.sandbox import objects
from bot.sandbox.methods import access, paging
from bot.sandbox.records import Json, SlackError
from bot.sandbox.workspace import Workspace


def info(workspace: Workspace, args: Json) -> Json:
    return {"user": _shown(workspace, access.person(workspace, args["user"]).id, args)}


def list_all(workspace: Workspace, args: Json) -> Json:
    people, cursor = paging.page(list(workspace.people), str, args, lenient=True)
    members = [_shown(workspace, user_id, args) for user_id in people]
    return {"members": members, "cache_ts": int(workspace.seconds()), **paging.metadata(cursor)}


def look_up_by_email(workspace: Workspace, args: Json) -> Json:
    wanted = args["email"].casefold()
    for person in workspace.people.values():
        if wanted and person.email.casefold() == wanted and not person.deleted:
            return {"user": workspace.user(person.id)}
    raise SlackError("users_not_found")


def conversations(workspace: Workspace, args: Json) -> Json:
    """The conversations a person is in, of others those alone that the app can see, too."""
    kinds = access.kinds(workspace, args)
    user_id = args.get("user") or workspace.bot_user_id
    if user_id not in workspace.people:
        raise SlackError("invalid_arguments", "user not found [json-pointer:/user]")
    mine = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and user_id in channel.members
        and (channel.kind == "channel" or workspace.bot_user_id in channel.members)
        and not (args.get("exclude_archived") and channel.is_archived)
    ]
    found, cursor = paging.page(mine, lambda channel: channel.id, args)
    channels = [objects.conversation(channel, workspace.bot_user_id, workspace.team_id) for channel in found]
    return {"channels": channels, **paging.metadata(cursor)}


def groups(workspace: Workspace, args: Json) -> Json:
    """User groups as `{id, handle, name, users: […], date_delete: 0}` in the workspace; members are shown when asked for."""
    shown = [group for group in workspace.usergroups if args.get("include_disabled") or not group.get("date_delete")]
    return {"usergroups": [_group(workspace, group, args) for group in shown]}


def _shown(workspace: Workspace, user_id: str, args: Json) -> Json:
    locale: Json = {"locale": "en-US"} if args.get("include_locale") else {}
    return workspace.user(user_id) | locale


def _group(workspace: Workspace, group: Json, args: Json) -> Json:
    users = group.get("users", [])
    answer = {"team_id": workspace.team_id, "is_usergroup": True, "is_external": False, "description": ""}
    answer |= {"date_create": 0, "date_update": 0, "date_delete": 0, "auto_type": None, "user_count": len(users)}
    answer |= {name: value for name, value in group.items() if name != "users"}
    if args.get("include_users"):
        answer["users"] = users
    if not args.get("include_count"):
        del answer["user_count"]
    return answer


METHODS = {
    "users.info": info,
    "users.list": list_all,
    "users.lookupByEmail": look_up_by_email,
    "users.conversations": conversations,
    "usergroups.list": groups,
}
