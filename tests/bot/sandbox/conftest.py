"""A workspace with two people and a manifest of its own, served for one test."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession

from bot.sandbox.clock import Clock
from bot.sandbox.server import Sandbox
from bot.sandbox.socket_mode import Timing
from bot.sandbox.workspace import Workspace
from tests.bot.sandbox.page import Page
from tests.bot.sandbox.raw_app import RawApp, raw_app

MANIFEST = {
    "display_information": {"name": "Echo"},
    "features": {
        "bot_user": {"display_name": "echo", "always_online": True},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/echo", "description": "Says it again", "usage_hint": "words", "should_escape": False},
            {"command": "/ask", "description": "Opens a form", "should_escape": False},
        ],
        "shortcuts": [
            {"name": "New note", "type": "global", "callback_id": "new_note", "description": "Opens a form"},
            {"name": "Keep this", "type": "message", "callback_id": "keep", "description": "Keeps a message"},
        ],
    },
    "oauth_config": {
        "redirect_urls": ["https://app.example/slack/oauth_redirect"],
        "scopes": {
            "bot": [
                "app_mentions:read",
                "channels:history",
                "channels:join",
                "channels:read",
                "chat:write",
                "commands",
                "files:read",
                "files:write",
                "im:history",
                "im:read",
                "im:write",
                "reactions:write",
                "users:read",
                "users:read.email",
            ]
        },
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_mention",
                "app_uninstalled",
                "message.im",
                "team_join",
                "tokens_revoked",
                "user_change",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}
START = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
QUICK = Timing(ack=0.5, event_ack=0.2, retry_after=(0, 60, 300), warning_close=0.2, refresh_close=0.2)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Ana, Ben and #general; the clock stands still, and the app is given up on quickly."""
    workspace = Workspace(manifest=MANIFEST)
    workspace.add_person("Ana Diaz", email="ana@city.example", tz="America/Chicago")
    workspace.add_person("Ben Osei", email="ben@city.example")
    async with Sandbox(workspace, clock=Clock(START, frozen=True), timing=QUICK) as opened:
        yield opened


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    async with ClientSession() as session:
        yield Page(session, sandbox)


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[RawApp]:
    async with raw_app(sandbox) as connected:
        yield connected


@pytest.fixture
async def memphis(sandbox: Sandbox) -> Workspace:
    """A second workspace, where Cleo is and the app is not; her id is Ana's at home."""
    added = sandbox.add_workspace("Memphis city hall", "memphis")
    added.add_person("Cleo Moss", email="cleo@memphis.example", is_admin=True)
    return added


@pytest.fixture
def ana(sandbox: Sandbox) -> str:
    return sandbox.person("Ana").id
