"""response_url: where an app may answer a command or a click five times within half an hour."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.sandbox.methods import composing
from bot.sandbox.workspace import SlackError, Workspace

Json = dict[str, Any]

USES = 5
LIFE = timedelta(minutes=30)


@dataclass
class Url:
    """One response_url: whose act it answers, where, and from which message (`ts`) it came."""

    user_id: str
    channel_id: str
    ts: str | None
    expires: float
    uses: int = 0
    posted: list[Json] = field(default_factory=list)


@dataclass
class Responses:
    """All response_urls of a workspace by the last part of their address. Their age is time of the sandbox's clock."""

    workspace: Workspace
    urls: dict[str, Url] = field(default_factory=dict)

    def issue(self, user_id: str, channel_id: str, ts: str | None = None) -> tuple[str, Url]:
        """A new address, and what it stands for."""
        word = secrets.token_urlsafe(18)
        url = Url(user_id, channel_id, ts, self.workspace.seconds() + LIFE.total_seconds())
        self.urls[word] = url
        return f"{self.workspace.base_url}/respond/{word}", url

    def use(self, word: str, body: Json) -> None:
        """Do what the app posted there. SlackError says why not: unknown, `expired_url`, `used_url`, or a faulty message."""
        url = self.urls.get(word)
        if url is None:
            raise SlackError("invalid_url")
        if self.workspace.seconds() > url.expires or not self.workspace.installed:
            raise SlackError("expired_url")
        if url.uses >= USES:
            raise SlackError("used_url")
        answer(self.workspace, url, body)
        url.uses += 1


def answer(workspace: Workspace, url: Url, body: Json) -> Json | None:
    """Show what the app answered, as a new message or in place of the one that was acted on."""
    if body.get("delete_original"):
        _take_away(workspace, url)
        return None
    composing.check_content(workspace, body)
    message = composing.message(workspace, body)
    if body.get("replace_original") and url.ts:
        return _replace(workspace, url, message)
    if body.get("response_type") == "in_channel":
        shown = workspace.post(url.channel_id, message)
    else:
        shown = workspace.post_ephemeral(url.channel_id, url.user_id, message)
    url.posted.append(shown)
    return shown


def _take_away(workspace: Workspace, url: Url) -> None:
    channel = workspace.channels[url.channel_id]
    if url.ts is not None and channel.message(url.ts):
        workspace.delete(url.channel_id, url.ts)
        return
    channel.ephemeral = [one for one in channel.ephemeral if one["ts"] != url.ts]
    workspace.on_change("message", {"channel": channel.id, "ts": url.ts, "what": "deleted", "user": url.user_id})


def _replace(workspace: Workspace, url: Url, message: Json) -> Json | None:
    channel = workspace.channels[url.channel_id]
    if channel.message(str(url.ts)):
        return workspace.edit(url.channel_id, str(url.ts), {"blocks": None} | message)
    whispered = next((one for one in channel.ephemeral if one["ts"] == url.ts), None)
    if whispered is None:
        return None
    whispered.pop("blocks", None)
    whispered.update(message | {"user": url.user_id})
    workspace.on_change("message", {"channel": channel.id, "ts": url.ts, "what": "edited", "user": url.user_id})
    return whispered
