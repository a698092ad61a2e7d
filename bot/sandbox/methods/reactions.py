"""reactions.add: the app's own reactions."""

from bot.sandbox import reactions
from bot.sandbox.methods import access
from bot.sandbox.records import Json, SlackError
from bot.sandbox.workspace import Workspace


def add(workspace: Workspace, args: Json) -> Json:
    channel = access.channel(workspace, args["channel"])
    if channel.is_archived:
        raise SlackError("is_archived")
    if not args["timestamp"].replace(".", "", 1).isdecimal():
        raise SlackError("bad_timestamp")
    if workspace.bot_user_id not in channel.members:
        raise SlackError("no_access")
    reactions.add(workspace, channel.id, args["timestamp"], args["name"], workspace.bot_user_id)
    return {}


METHODS = {"reactions.add": add}
