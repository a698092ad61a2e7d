"""Slack's pages on which a person lets an app in: `/oauth/v2/authorize` asks, Allow and Cancel lead back to the app."""

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox import oauth, scopes
from bot.sandbox.workspace import Person, Workspace

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

PATH = "/oauth/v2/authorize"
ASKED = ("client_id", "scope", "user_scope", "redirect_uri", "state")
"""What an app puts into the address, and what the page hands on."""

_HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'"}


def routes(sandbox: "Sandbox") -> list[web.RouteDef]:
    async def ask(request: web.Request) -> web.Response:
        try:
            return _page(_question(sandbox, dict(request.query)))
        except oauth.Refusal as refusal:
            return _page(_trouble(refusal), status=400)

    async def answer(request: web.Request) -> web.Response:
        origin = request.headers.get("Origin")
        if origin and origin.partition("://")[2] != request.host:
            return web.Response(status=403, text="Only the sandbox's own page may do that.")
        given = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        try:
            address = _answered(sandbox, given)
        except oauth.Refusal as refusal:
            return _page(_trouble(refusal), status=400)
        return web.Response(status=302, headers={"Location": address, "Cache-Control": "no-store"})

    return [web.get(PATH, ask), web.post(PATH, answer)]


def _answered(sandbox: "Sandbox", given: Mapping[str, str]) -> str:
    """Where a person's answer leads: to the app with a code, or with access_denied."""
    wanted, back = oauth.check_request(sandbox.workspace, given)
    if given.get("answer") != "allow":
        return oauth.way_back(back, error="access_denied", state=given.get("state", ""))
    workspace = sandbox.workspaces.get(given.get("team", ""))
    person = workspace.people.get(given.get("user", "")) if workspace else None
    if workspace is None or person is None or person not in _people(workspace):
        raise oauth.Refusal("invalid_user", "Whoever allows this must be a person of the workspace")
    code = oauth.allow(workspace, person, wanted, given.get("redirect_uri", ""))
    return oauth.way_back(back, code=code, state=given.get("state", ""))


def _question(sandbox: "Sandbox", asked: Mapping[str, str]) -> str:
    wanted, _ = oauth.check_request(sandbox.workspace, asked)
    workspace = sandbox.workspaces.get(asked.get("team", ""), sandbox.workspace)
    app, team = escape(workspace.app_name), escape(workspace.team_name)
    words = "".join(f"<li>{escape(scopes.in_words(one, workspace.app_name))}</li>" for one in wanted)
    again = (
        f"<p>{app} is installed there already. Allowing it again gives it a new token.</p>"
        if workspace.installed
        else ""
    )
    return f"""<h1>{app} is asking to be installed in <strong>{team}</strong></h1>
{_elsewhere(sandbox, workspace, asked)}{again}
<h2>What {app} will be able to do there</h2>
<ul>{words}</ul>
{_form(workspace, asked)}"""


def _form(workspace: Workspace, asked: Mapping[str, str]) -> str:
    people = _people(workspace)
    kept = {name: asked.get(name, "") for name in ASKED} | {"team": workspace.team_id}
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in kept.items())
    cancel = '<button class="button" name="answer" value="cancel">Cancel</button>'
    if not people:
        nobody = f"<p>Nobody is in {escape(workspace.team_name)} yet who could allow this. Add a person on the sandbox's page.</p>"
        return f'<form method="post" action="{PATH}">{hidden}{nobody}<p class="buttons">{cancel}</p></form>'
    chosen = asked.get("user", people[0].id)
    options = "".join(_option(one, chosen) for one in people)
    return f"""<form method="post" action="{PATH}">{hidden}
<label class="label" for="user">You are</label>
<select class="field" id="user" name="user">{options}</select>
<p class="buttons">{cancel} <button class="button primary" name="answer" value="allow">Allow</button></p></form>"""


def _option(person: Person, chosen: str) -> str:
    role = ", workspace admin" if person.is_admin else ""
    selected = " selected" if person.id == chosen else ""
    return f'<option value="{person.id}"{selected}>{escape(person.real_name)}{role}</option>'


def _elsewhere(sandbox: "Sandbox", here: Workspace, asked: Mapping[str, str]) -> str:
    """Links to the same question in the other workspaces."""
    kept = {name: value for name, value in asked.items() if name in ASKED}
    others = [one for one in sandbox.workspaces.values() if one is not here]
    links = [
        f'<a href="{PATH}?{escape(urlencode(kept | {"team": one.team_id}))}">{escape(one.team_name)}</a>'
        for one in others
    ]
    return f"<p>Another workspace: {' · '.join(links)}</p>" if links else ""


def _people(workspace: Workspace) -> list[Person]:
    """Who may let an app in: everybody who is there, admins first."""
    there = [one for one in workspace.people.values() if not one.is_bot and not one.deleted]
    return sorted(there, key=lambda one: (not one.is_admin, one.real_name))


def _trouble(refusal: oauth.Refusal) -> str:
    return f"""<h1>Something went wrong when authorizing this app</h1>
<p>Nothing was installed. Go back and try again; whoever runs the app should look at the address it opened.</p>
<p class="problem">{escape(refusal.code)}: {escape(refusal.words)}</p>"""


def _page(body: str, status: int = 200) -> web.Response:
    text = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Install an app · Sandbox</title><link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/base.css"><link rel="stylesheet" href="/blocks.css"><link rel="stylesheet" href="/consent.css"></head>
<body class="consent"><main>{body}</main></body></html>"""
    return web.Response(text=text, status=status, content_type="text/html", headers=_HEADERS)
