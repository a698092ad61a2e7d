"""Calls to the sandbox's Web API as values; every answer is held against the method reference."""

from datetime import UTC, datetime
from typing import Any

from bot.sandbox import methods
from bot.sandbox.clock import Clock
from bot.sandbox.workspace import Workspace

Json = dict[str, Any]

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
EVERYWHERE = {"ok", "response_metadata", "warning"}
GENERAL = methods.GENERAL - {"ratelimited"}
"""What every method may answer here, where no rates are limited."""

SCOPES = sorted(
    {scope for known in methods.REFERENCE.values() for scope in known["bot_scopes"]} - {"chat:write.public"}
)
MANIFEST = {
    "display_information": {"name": "Cohort"},
    "features": {"app_home": {"home_tab_enabled": True, "messages_tab_enabled": True}},
    "oauth_config": {"scopes": {"bot": SCOPES}},
}


def workspace(**changes: Any) -> Workspace:
    """A workspace whose clock stands still, with Ana, Ben and #general, where the app is not."""
    made = Workspace(manifest=MANIFEST, clock=Clock(START, frozen=True), **changes)
    made.add_person("Ana Ruiz", email="ana@example.gov", tz="America/Chicago", title="Director", is_admin=True)
    made.add_person("Ben Okafor", email="ben@example.gov")
    return made


def id_of(slack: Workspace, name: str) -> str:
    people = {person.real_name.split()[0]: person.id for person in slack.people.values()}
    channels = {channel.name: channel.id for channel in slack.channels.values()}
    return people.get(name) or channels[name.removeprefix("#")]


async def answer(slack: Workspace, method: str, args: Json, token: str | None = None) -> Json:
    usual = slack.app_token if method == "apps.connections.open" else slack.bot_token
    body = await methods.call(slack, method, args, usual if token is None else token)
    known = methods.REFERENCE.get(method, {"errors": [], "success_keys": []})
    if body["ok"]:
        assert set(body) <= {*known["success_keys"], *EVERYWHERE}, method
    else:
        assert body["error"] in {*known["errors"], *GENERAL}, (method, body)
    return body


async def ok(slack: Workspace, method: str, **args: Any) -> Json:
    body = await answer(slack, method, args)
    assert body["ok"], (method, body)
    return body


async def refused(slack: Workspace, method: str, **args: Any) -> str:
    body = await answer(slack, method, args)
    assert not body["ok"], (method, body)
    return str(body["error"])


async def faults(slack: Workspace, method: str, **args: Any) -> list[str]:
    """What Slack says is wrong, without its "[ERROR] "."""
    body = await answer(slack, method, args)
    assert not body["ok"], (method, body)
    return [line.removeprefix("[ERROR] ") for line in body.get("response_metadata", {}).get("messages", [])]


def section(text: str = "Hello", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str = "Answer now", action_id: str = "answer", **more: Any) -> Json:
    return {"type": "button", "text": {"type": "plain_text", "text": text}, "action_id": action_id, **more}


def text_input(block_id: str = "text", label: str = "What will you do?", **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": block_id, **more}
    return {"type": "input", "block_id": block_id, "label": {"type": "plain_text", "text": label}, "element": element}


def modal(*blocks: Json, **more: Any) -> Json:
    title, submit = {"type": "plain_text", "text": "New commitment"}, {"type": "plain_text", "text": "Save"}
    return {"type": "modal", "title": title, "submit": submit, "blocks": list(blocks or [text_input()]), **more}
