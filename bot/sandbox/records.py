"""What a workspace consists of: people, channels, files, and Slack's way of refusing a call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
View = Json
"""Slack's view object as it is sent over the wire: id, hash, root_view_id, previous_view_id, state, blocks and so on."""


class SlackError(Exception):
    """A call that Slack refuses: answered as `{"ok": false, "error": code, …}`.

    Each detail becomes one line of `response_metadata.messages`; `extra` is laid over the answer.
    """

    def __init__(self, code: str, *details: str, extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(code, *details)
        self.code = code
        self.details = details
        self.extra: Json = dict(extra or {})

    @property
    def detail(self) -> str:
        return "; ".join(self.details)

    def answer(self) -> Json:
        body: Json = {"ok": False, "error": self.code, **self.extra}
        if self.details:
            body["response_metadata"] = {"messages": [f"[ERROR] {detail}" for detail in self.details]}
        return body


@dataclass
class Person:
    """A member of the workspace, human or bot. `labels` only help the page to search, Slack does not know them."""

    id: str
    name: str
    real_name: str
    email: str = ""
    tz: str = "America/New_York"
    title: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    deleted: bool = False
    labels: Json = field(default_factory=dict)


@dataclass
class Channel:
    """A channel, a direct message or a group one. Messages are Slack's message dicts, oldest first.

    `ephemeral` holds the messages that one person alone sees; each has the key "user" (the reader's id).
    `read` maps a person to the newest ts they have seen.
    """

    id: str
    name: str
    is_im: bool = False
    is_mpim: bool = False
    is_private: bool = False
    is_archived: bool = False
    creator: str = ""
    created: int = 0
    topic: str = ""
    purpose: str = ""
    members: list[str] = field(default_factory=list)
    messages: list[Json] = field(default_factory=list)
    ephemeral: list[Json] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Slack's `channel_type`: im, mpim, group or channel."""
        if self.is_im:
            return "im"
        if self.is_mpim:
            return "mpim"
        return "group" if self.is_private else "channel"

    def message(self, ts: str) -> Json | None:
        return next((message for message in self.messages if message["ts"] == ts), None)


@dataclass
class File:
    """An upload: announced with its `length`, then its bytes arrive (`content`), then the app completes it."""

    id: str
    name: str
    user: str
    length: int
    created: int
    title: str = ""
    alt_txt: str = ""
    content: bytes | None = None
    complete: bool = False
    channels: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Grant:
    """What a person allowed an app, until it fetches its token: `expires` is in seconds of the sandbox's clock."""

    user_id: str
    scopes: tuple[str, ...]
    redirect_uri: str
    expires: float


def handle_of(name: str) -> str:
    """The short name that Slack's people mention each other by: `ana.diaz`."""
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "." for letter in name.lower())
    return ".".join(part for part in kept.split(".") if part) or "someone"
