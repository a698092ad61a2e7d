"""Settings from the environment and `.env`, checked once; each wrong or missing one is named with what to do."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from dotenv import dotenv_values

INSTALLING = ("slack_client_id", "slack_client_secret", "public_url")


class WrongSettingsError(Exception):
    """`problems` is one sentence for each setting that is wrong or missing."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Every setting; the name in the environment is the field's in capitals."""

    slack_bot_token: str
    slack_app_token: str = ""
    slack_signing_secret: str = ""
    slack_client_id: str = ""
    slack_client_secret: str = ""
    public_url: str = ""
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = "sqlite+aiosqlite:///civic-cohort.db"
    time_zone: str = "America/New_York"
    host: str = "127.0.0.1"
    port: int = 3000
    command_cohort: str = "/cohort"
    command_checkin: str = "/checkin"
    command_commit: str = "/commit"
    command_practices: str = "/practices"
    messages_a_minute: int = 300
    seconds_between_messages: float = 1.0
    lease_seconds: float = 60.0
    look_up_seconds: float = 30.0
    tick_seconds: float = 1.0
    log_level: str = "INFO"

    @property
    def commands(self) -> tuple[str, ...]:
        return (self.command_cohort, self.command_checkin, self.command_commit, self.command_practices)

    @property
    def installs(self) -> bool:
        """Whether the app may be installed in more workspaces than the one whose token stands here."""
        return bool(self.public_url)

    @property
    def install_url(self) -> str:
        """Where somebody begins to install the app in another workspace; empty where that is not possible."""
        return f"{self.public_url}/slack/install" if self.public_url else ""


def load(env_file: Path | None = Path(".env"), environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `.env`, over which the environment wins; raises `WrongSettingsError` with every problem at once."""
    given = dict(dotenv_values(env_file)) if env_file else {}
    given |= os.environ if environment is None else environment
    return check({field.name: (given.get(field.name.upper()) or "").strip() for field in fields(Settings)})


def check(given: Mapping[str, str]) -> Settings:
    """Settings from texts by field name; an empty text means the default."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field in fields(Settings):
        text = given.get(field.name, "")
        try:
            if text:
                values[field.name] = READERS.get(field.name, str)(text)
        except ValueError as error:
            problems.append(f"{field.name.upper()} {error}")
    problems += _missing(given)
    if problems:
        raise WrongSettingsError(problems)
    return Settings(**values)


def _missing(given: Mapping[str, str]) -> list[str]:
    problems = []
    if not given.get("slack_bot_token"):
        problems.append(
            "SLACK_BOT_TOKEN is missing. Copy the Bot User OAuth Token (xoxb-…) from your Slack app's page OAuth & Permissions into .env."
        )
    if not given.get("slack_app_token") and not given.get("slack_signing_secret"):
        problems.append(
            "SLACK_APP_TOKEN is missing. Make an app-level token (xapp-…) with connections:write on the page Basic Information,"
            " or set SLACK_SIGNING_SECRET to receive Slack's requests over HTTP."
        )
    absent = [name.upper() for name in INSTALLING if not given.get(name)]
    if 0 < len(absent) < len(INSTALLING):
        problems += [
            f"{name} is missing. To let other workspaces install the app set all of {_listed(INSTALLING)}; for one workspace none of them."
            for name in absent
        ]
    names = [given.get(f"command_{name}") or f"/{name}" for name in ("cohort", "checkin", "commit", "practices")]
    if len(set(names)) < len(names):
        problems.append(
            f"Two commands have the same name: {', '.join(names)}. Give each COMMAND_… setting a name of its own."
        )
    return problems


def _listed(names: Sequence[str]) -> str:
    *first, last = (name.upper() for name in names)
    return f"{', '.join(first)} and {last}"


def _starting(prefix: str, what: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text.startswith(prefix):
            raise ValueError(f"should start with {prefix}. Copy {what} again from your Slack app's page.")
        return text

    return read


def _database(text: str) -> str:
    kind, separator, rest = text.partition("://")
    if not separator:
        raise ValueError("is not an address. Use sqlite:///civic-cohort.db or postgresql://user:password@host/name.")
    known = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
    kind = known.get(kind.split("+")[0], "")
    if not kind:
        raise ValueError(
            "names a database that is not supported. Use sqlite:///civic-cohort.db or postgresql://user:password@host/name."
        )
    folder = Path(rest.removeprefix("/")).parent
    if kind.startswith("sqlite") and not folder.is_dir():
        raise ValueError(f"names a folder that is not there: {folder}. Make it, or choose another place.")
    return f"{kind}://{rest}"


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError(f"is {text!r}, which is no time zone. Use a name such as America/Chicago.")
    return text


def _command(text: str) -> str:
    if not text.startswith("/") or not 2 <= len(text) <= 32 or " " in text:
        raise ValueError("should be a slash and one word, such as /checkin, at most 32 characters.")
    return text.lower()


def _url(text: str) -> str:
    if urlsplit(text).scheme not in ("http", "https"):
        raise ValueError("should be an address that starts with https://. Leave it out for Slack itself.")
    return text if text.endswith("/") else f"{text}/"


def _client_id(text: str) -> str:
    if not re.fullmatch(r"\d+\.\d+", text):
        raise ValueError(
            "should be two numbers with a dot between. Copy the Client ID again from your app's Basic Information."
        )
    return text


def _public(text: str) -> str:
    """Where browsers reach the bot. Their cookie comes back only over https, or on the same machine."""
    parts = urlsplit(text)
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("should be the bot's address as browsers reach it, such as https://cohort.example.org.")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")):
        raise ValueError(
            "should start with https://, since Slack sends people there; http:// is for this machine alone."
        )
    return text.rstrip("/")


def _number(least: float, most: float, kind: type) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            number = kind(text)
        except ValueError:
            raise ValueError(f"is {text!r}; it should be a number from {least:g} to {most:g}.") from None
        if not least <= number <= most:
            raise ValueError(f"is {text}; it should be from {least:g} to {most:g}.")
        return number

    return read


def _log_level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("should be DEBUG, INFO, WARNING or ERROR.")
    return text.upper()


READERS: dict[str, Callable[[str], Any]] = {
    "slack_bot_token": _starting("xoxb-", "the Bot User OAuth Token"),
    "slack_app_token": _starting("xapp-", "the app-level token"),
    "slack_client_id": _client_id,
    "public_url": _public,
    "slack_api_url": _url,
    "database_url": _database,
    "time_zone": _zone,
    "port": _number(1, 65535, int),
    "command_cohort": _command,
    "command_checkin": _command,
    "command_commit": _command,
    "command_practices": _command,
    "messages_a_minute": _number(0, 100_000, int),
    "seconds_between_messages": _number(0, 60, float),
    "lease_seconds": _number(1, 3600, float),
    "look_up_seconds": _number(0.1, 3600, float),
    "tick_seconds": _number(0.05, 60, float),
    "log_level": _log_level,
}
