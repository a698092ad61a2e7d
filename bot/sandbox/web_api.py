"""Slack's addresses for an app: `/api/{method}`, response_urls, and the bytes of files."""

import asyncio
import base64
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox import methods, teams
from bot.sandbox.workspace import File, SlackError, Workspace

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

Json = dict[str, Any]


def routes(sandbox: "Sandbox") -> list[web.RouteDef]:
    async def api(request: web.Request) -> web.StreamResponse:
        return await _api(sandbox, request)

    async def respond(request: web.Request) -> web.StreamResponse:
        return await _respond(sandbox, request)

    async def upload(request: web.Request) -> web.StreamResponse:
        return await _upload(sandbox, request)

    async def download(request: web.Request) -> web.StreamResponse:
        return _download(sandbox, request)

    return [
        web.route("*", "/api/{method}", api),
        web.post("/respond/{word}", respond),
        web.post("/upload/{id}", upload),
        web.get("/files/{id}/{name}", download),
    ]


async def _api(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    method = request.match_info["method"]
    try:
        args = await _arguments(request, method)
    except SlackError as error:
        sandbox.calls.said(method, {}, 200, error.answer(), error.code)
        return web.json_response(error.answer())
    given = str(args.pop("token", ""))
    token = _bearer(request) or ("" if method in methods.WITH_APP_TOKEN else given)
    asked = _workspace(sandbox, method, args, token)
    team = asked.team_id if asked else ""
    headers = _granted(asked, token)
    fault = sandbox.faults.take(method, team)
    if fault and not fault.runs:
        await asyncio.sleep(fault.seconds)
        sandbox.calls.said(method, args, fault.status, fault.body, f"ordered to fail: {fault.error}", team=team)
        return web.json_response(fault.body, status=fault.status, headers=headers | fault.headers)
    answer = await methods.call(asked or sandbox.workspace, method, args, token)
    status, wait = (429, answer.pop("retry_after")) if answer.get("error") == "ratelimited" else (200, 0)
    verdict = "ok" if answer["ok"] else _verdict(answer)
    sandbox.calls.said(method, args, status, answer, verdict + (fault.mark if fault else ""), team=team)
    if answer["ok"] and method == "chat.scheduleMessage":
        sandbox.later(datetime.fromtimestamp(int(answer["post_at"]), UTC))
    if fault:
        await asyncio.sleep(fault.seconds)
    if fault and fault.lost and request.transport:
        request.transport.abort()
    return web.json_response(answer, status=status, headers=headers | ({"Retry-After": str(wait)} if wait else {}))


async def _respond(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    try:
        body = await request.json()
    except ValueError:
        body = {}
    word = request.match_info["word"]
    exchange = next((one for one in sandbox.exchanges.values() if word in one.urls.urls), sandbox.exchange)
    team = exchange.workspace.team_id
    try:
        exchange.urls.use(word, body)
    except SlackError as error:
        status = 404 if error.code.endswith("_url") else 400
        answer = error.answer()
        sandbox.calls.said("response_url", body, status, answer, _verdict(answer), team=team)
        return web.json_response(answer, status=status)
    sandbox.calls.said("response_url", body, 200, {"ok": True}, team=team)
    return web.json_response({"ok": True})


async def _upload(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    _, file = _file(sandbox, request)
    if file is None or file.complete:
        return web.Response(status=404, text="File upload URL not found or already used.")
    content = await _content(request)
    if len(content) != file.length:
        return web.Response(status=400, text=f"Announced were {file.length} bytes, {len(content)} came.")
    file.content = content
    return web.Response(text=f"OK - {len(content)}")


def _download(sandbox: "Sandbox", request: web.Request) -> web.StreamResponse:
    """As with Slack, the app needs its token here; the page needs none."""
    workspace, file = _file(sandbox, request)
    from_page, token = request.headers.get("Sec-Fetch-Site") == "same-origin", _bearer(request)
    if not from_page and not (token and workspace and token == workspace.bot_token):
        return web.Response(status=302, headers={"Location": f"{sandbox.url}/"})
    if file is None or file.content is None:
        return web.Response(status=404, text="There is no such file.")
    return web.Response(body=file.content, headers={"Content-Disposition": f'inline; filename="{file.name}"'})


def _workspace(sandbox: "Sandbox", method: str, args: Json, token: str) -> Workspace | None:
    """The workspace in which an app may call: its token says so, or the code that it gets one for."""
    if method in methods.WITHOUT_TOKEN:
        return teams.of_code(sandbox.workspaces.values(), args.get("code"))
    return teams.of_token(sandbox.workspaces.values(), token)


def _granted(workspace: Workspace | None, token: str) -> dict[str, str]:
    """The header that names the scopes of a good token."""
    good = workspace is not None and token != "" and token == workspace.bot_token
    return {"X-OAuth-Scopes": ",".join(sorted(workspace.scopes))} if workspace and good else {}


def _file(sandbox: "Sandbox", request: web.Request) -> tuple[Workspace | None, File | None]:
    """The workspace and the file that an address names, as Slack's do: `T1-F1`."""
    team_id, _, file_id = request.match_info["id"].partition("-")
    workspace = sandbox.workspaces.get(team_id)
    return workspace, workspace.files.get(file_id) if workspace else None


async def _arguments(request: web.Request, method: str) -> Json:
    """Query, form, JSON and Basic authorization merged, as Slack takes them; methods that take no JSON do not look into it."""
    args: Json = dict(request.query) | (_client(request) if method in methods.WITHOUT_TOKEN else {})
    if request.content_type == "application/json" and request.can_read_body:
        if not methods.REFERENCE.get(method, {}).get("json"):
            return args
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError as error:
            raise SlackError("invalid_json") from error
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return args | body
    form = await request.post()
    return args | {name: value for name, value in form.items() if isinstance(value, str)}


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    form = await request.post()
    part = next((value for value in form.values() if isinstance(value, web.FileField)), None)
    return part.file.read() if part else b""


def _client(request: web.Request) -> Json:
    """The client's id and secret from Basic authorization, as far as it can be read."""
    kind, _, word = request.headers.get("Authorization", "").partition(" ")
    try:
        client_id, _, secret = base64.b64decode(word, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client_id, "client_secret": secret} if kind.lower() == "basic" else {}


def _bearer(request: web.Request) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _verdict(answer: Json) -> str:
    messages = answer.get("response_metadata", {}).get("messages", [])
    return ": ".join([str(answer["error"]), *messages])
