"""The Web API's one entry: which method, whose token, which scope, which arguments; then the method itself answers."""

import json
from collections.abc import Callable
from pathlib import Path

from bot.sandbox.methods import (
    access,
    apps,
    arguments,
    auth,
    chat,
    conversations,
    files,
    history,
    reactions,
    scheduled,
    users,
    views,
)
from bot.sandbox.records import Json, SlackError
from bot.sandbox.workspace import Workspace

REFERENCE: dict[str, Json] = json.loads((Path(__file__).parent / "reference.json").read_text())
"""Per method: args with their types, required, bot_scopes (one of them is enough), errors, success_keys, tier."""

GENERAL = {
    "not_authed",
    "invalid_auth",
    "token_revoked",
    "account_inactive",
    "not_allowed_token_type",
    "missing_scope",
    "invalid_arguments",
    "unknown_method",
    "ratelimited",
}
"""Errors that every method has; the reference names them once, apart from the methods."""

_POSTS = {"chat.postMessage"}
WITH_APP_TOKEN = {"apps.connections.open"}
"""Methods of the app-level token, which is taken from the header only."""

WITHOUT_TOKEN = {"oauth.v2.access"}
"""Methods by which an app gets its token; the client's id and secret may come by Basic authorization."""

_METHODS: dict[str, Callable[[Workspace, Json], Json]] = {
    **auth.METHODS,
    **apps.METHODS,
    **users.METHODS,
    **conversations.METHODS,
    **history.METHODS,
    **chat.METHODS,
    **scheduled.METHODS,
    **views.METHODS,
    **files.METHODS,
    **reactions.METHODS,
}


async def call(workspace: Workspace, method: str, args: Json, token: str) -> Json:
    """What Slack answers to this call. Arguments come merged from query, form and JSON; the token without "Bearer".

    An answer `ratelimited` also has `retry_after` in seconds, which is for the response's header.
    """
    try:
        return {"ok": True, **_answered(workspace, method, args, token)}
    except SlackError as refusal:
        return _in_the_methods_words(method, refusal).answer()


def _answered(workspace: Workspace, method: str, args: Json, token: str) -> Json:
    if method not in _METHODS:
        raise SlackError("unknown_method", extra={"req_method": method})
    known = REFERENCE[method]
    if method not in WITHOUT_TOKEN:
        _check_token(workspace, method, token)
    _check_scope(workspace, known["bot_scopes"])
    if workspace.rates:
        workspace.rates.count(method, known["tier"], access.place(workspace, args) if method in _POSTS else "")
    workspace.post_scheduled()
    answer = _METHODS[method](workspace, arguments.read(args, known["args"], known["required"]))
    unknown = arguments.unknown(args, known["args"])
    if unknown:
        warnings = [*filter(None, [answer.get("warning")]), f"unknown_arguments: {', '.join(unknown)}"]
        answer = answer | {"warning": "; ".join(warnings)}
    return answer


def _in_the_methods_words(method: str, refusal: SlackError) -> SlackError:
    """Not every method that takes blocks or metadata has an error for them; what it has no word for is a wrong argument."""
    known = {*REFERENCE.get(method, {}).get("errors", []), *GENERAL}
    if refusal.code in known or method == "api.test":
        return refusal
    return SlackError("invalid_arguments", *(refusal.details or (refusal.code,)))


def _check_token(workspace: Workspace, method: str, token: str) -> None:
    if not token:
        raise SlackError("not_authed")
    if token in workspace.ended_tokens:
        raise SlackError(workspace.ended_tokens[token])
    if token not in {workspace.bot_token, workspace.app_token}:
        raise SlackError("invalid_auth")
    if (token == workspace.app_token) != (method in WITH_APP_TOKEN):
        raise SlackError("not_allowed_token_type")


def _check_scope(workspace: Workspace, any_of: list[str]) -> None:
    if any_of and not workspace.scopes & set(any_of):
        access.refuse_scope(workspace, any_of[0])
