"""auth.test, apps.connections.open, api.test, bots.info and team.info: who the app is, and where."""

import secrets

from bot.sandbox import objects
from bot.sandbox.records import Json, SlackError
from bot.sandbox.workspace import Workspace


def test(workspace: Workspace, _args: Json) -> Json:
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.team_name,
        "user": workspace.people[workspace.bot_user_id].name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
    }


def echo(_workspace: Workspace, args: Json) -> Json:
    if args.get("error"):
        raise SlackError(str(args["error"]), extra={"args": args})
    return {"args": args}


def open_connection(workspace: Workspace, _args: Json) -> Json:
    """An address for one WebSocket; the ticket in it is good once."""
    if not workspace.socket_mode:
        raise SlackError("forbidden_team", "Socket Mode is switched off for this app")
    ticket = secrets.token_urlsafe(24)
    workspace.tickets.add(ticket)
    host = workspace.base_url.replace("http", "ws", 1)
    return {"url": f"{host}/link/?ticket={ticket}&app_id={workspace.app_id}"}


def team(workspace: Workspace, args: Json) -> Json:
    asked_id, asked_domain = args.get("team", workspace.team_id), args.get("domain", workspace.domain)
    if asked_id != workspace.team_id or asked_domain != workspace.domain:
        raise SlackError("team_not_found")
    place = {"url": f"https://{workspace.domain}.slack.com/", "email_domain": "", "icon": {"image_default": True}}
    return {"team": {"id": workspace.team_id, "name": workspace.team_name, "domain": workspace.domain, **place}}


def bot(workspace: Workspace, args: Json) -> Json:
    if args.get("bot", workspace.bot_id) != workspace.bot_id:
        raise SlackError("bot_not_found")
    return {"bot": {**objects.bot(workspace), "user_id": workspace.bot_user_id}}


METHODS = {
    "auth.test": test,
    "api.test": echo,
    "apps.connections.open": open_connection,
    "team.info": team,
    "bots.info": bot,
}
