"""Several workspaces with one app: another one beside the first, and which of them a token belongs to."""

import itertools
import re
from collections.abc import Iterable, Mapping

from bot.sandbox.workspace import Workspace

_SAME = ("manifest", "app_id", "app_token", "signing_secret", "client_id", "client_secret", "clock", "base_url")
"""What belongs to the app, or to the machine, and not to a workspace."""

NAME_MOST = 100
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,19}[a-z0-9])?")


def another(home: Workspace, others: Mapping[str, Workspace], name: str, domain: str = "") -> Workspace:
    """A new workspace where the app is not installed yet. ValueError when the name or the domain cannot be had."""
    name = name.strip()
    if not name or len(name) > NAME_MOST:
        raise ValueError(f"A workspace needs a name of at most {NAME_MOST} characters.")
    taken = {one.domain for one in others.values()}
    if domain and (domain in taken or not _DOMAIN.fullmatch(domain)):
        why = "taken" if domain in taken else "no domain: 1 to 21 small letters, digits and hyphens"
        raise ValueError(f"{domain} is {why}.")
    team_id = next(f"T{number:08d}" for number in itertools.count(2) if f"T{number:08d}" not in others)
    shared = {one: getattr(home, one) for one in _SAME}
    return Workspace(
        team_id=team_id, team_name=name, domain=domain or _free_domain(name, taken), installed=False, **shared
    )


def of_token(workspaces: Iterable[Workspace], token: str) -> Workspace | None:
    """The workspace in which a bot's token is good, or was good once."""
    return next((one for one in workspaces if token and token in (one.bot_token, *one.ended_tokens)), None)


def of_code(workspaces: Iterable[Workspace], code: object) -> Workspace | None:
    """The workspace whose people allowed what this code stands for."""
    return next((one for one in workspaces if code in one.codes), None)


def _free_domain(name: str, taken: set[str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower())[:18].strip("-") or "workspace"
    return next(
        one for one in itertools.chain([plain], (f"{plain}-{n}" for n in itertools.count(2))) if one not in taken
    )
