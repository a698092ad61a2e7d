"""OAuth v2: what an app may ask for, the code that a person's consent gives it, and the token that it gets for the code."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit

from bot.sandbox import installing
from bot.sandbox.records import Grant, Json, Person, SlackError
from bot.sandbox.workspace import Workspace

CODE_LIFE = timedelta(minutes=10)
"""How long a code is good, on the sandbox's clock."""


class Refusal(Exception):  # noqa: N818 (it is shown to a person, not raised at one)
    """A request for consent that Slack does not even show: its error, and what it writes about it."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code, words)
        self.code, self.words = code, words


def check_request(app: Workspace, asked: Mapping[str, str]) -> tuple[list[str], str]:
    """The scopes an app asks for and the address people go back to. Raises Refusal; `app` is any workspace of the app."""
    if asked.get("client_id") != app.client_id:
        raise Refusal("invalid_client_id", "Invalid client_id parameter")
    configured = app.manifest.get("oauth_config", {}).get("redirect_urls", [])
    back = asked.get("redirect_uri") or next(iter(configured), "")
    if not any(_leads_to(back, one) for one in configured):
        passed = f"Passed URI: {back}" if back else "None was passed, and the manifest has no redirect_urls."
        raise Refusal("bad_redirect_uri", f"redirect_uri did not match any configured URIs. {passed}")
    scopes = _listed(asked.get("scope"))
    strange = [one for one in scopes if one not in installing.wanted_scopes(app.manifest)]
    strange += _listed(asked.get("user_scope"))
    if strange:
        raise Refusal("invalid_scope", f"Invalid permissions requested: {', '.join(strange)}")
    if not scopes:
        raise Refusal("no_scopes", "No scopes requested")
    return scopes, back


def allow(workspace: Workspace, person: Person, scopes: Iterable[str], redirect_uri: str) -> str:
    """A code for what a person of the workspace allowed. `redirect_uri` is what the app passed, "" when it passed none."""
    code = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(32)}"
    expires = workspace.seconds() + CODE_LIFE.total_seconds()
    workspace.codes[code] = Grant(person.id, tuple(scopes), redirect_uri, expires)
    return code


def way_back(address: str, **answer: str) -> str:
    """The app's address with the answer in its query."""
    parts = urlsplit(address)
    query = "&".join(filter(None, [parts.query, urlencode({name: value for name, value in answer.items() if value})]))
    return urlunsplit(parts._replace(query=query))


def access(workspace: Workspace, args: Json) -> Json:
    """oauth.v2.access: the code is used up, and the app is installed with a new token."""
    check_client(workspace, args)
    if args.get("refresh_token") or args.get("grant_type") == "refresh_token":
        raise SlackError("invalid_refresh_token")  # tokens here do not expire
    if args.get("grant_type") not in (None, "", "authorization_code"):
        raise SlackError("invalid_grant_type")
    if args.get("code_verifier"):
        raise SlackError("pkce_not_allowed")
    code = str(args.get("code", ""))
    grant = workspace.codes.get(code)
    if grant is None or workspace.seconds() > grant.expires:
        raise SlackError("invalid_code")
    if args.get("redirect_uri", "") != grant.redirect_uri:
        raise SlackError("bad_redirect_uri")
    del workspace.codes[code]
    token = installing.install(workspace, grant.scopes)
    return {
        "app_id": workspace.app_id,
        "authed_user": {"id": grant.user_id},
        "scope": ",".join(sorted(workspace.scopes)),
        "token_type": "bot",
        "access_token": token,
        "bot_user_id": workspace.bot_user_id,
        "team": {"id": workspace.team_id, "name": workspace.team_name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def check_client(workspace: Workspace, args: Json) -> None:
    """The app says who it is, by Basic authorization or arguments."""
    if args.get("client_id") != workspace.client_id:
        raise SlackError("invalid_client_id")
    if args.get("client_secret") != workspace.client_secret:
        raise SlackError("bad_client_secret")


def _leads_to(address: str, configured: str) -> bool:
    """Slack takes the configured address itself, and what lies below it."""
    return address == configured or address.startswith((configured.rstrip("/") + "/", configured + "?"))


def _listed(scopes: str | None) -> list[str]:
    return list(dict.fromkeys(one.strip() for one in (scopes or "").split(",") if one.strip()))
