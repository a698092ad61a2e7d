"""oauth.v2.access, auth.revoke and apps.uninstall: how an app gets its token in a workspace, and how that ends."""

from bot.sandbox import installing, oauth
from bot.sandbox.records import Json
from bot.sandbox.workspace import Workspace


def revoke(workspace: Workspace, args: Json) -> Json:
    """End the token that the call came with; with `test` nothing happens."""
    if not args.get("test"):
        installing.revoke(workspace)
    return {"revoked": not args.get("test")}


def uninstall(workspace: Workspace, args: Json) -> Json:
    oauth.check_client(workspace, args)
    installing.uninstall(workspace)
    return {}


METHODS = {"oauth.v2.access": oauth.access, "auth.revoke": revoke, "apps.uninstall": uninstall}
