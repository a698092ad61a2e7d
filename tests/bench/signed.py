"""Requests as Slack signs them: commands and events."""

import json
import time
from collections.abc import Sequence
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from bot.sandbox import interaction
from bot.sandbox.workspace import Workspace
from tests.bench import load


def commands(workspace: Workspace, user_id: str, command: str, lines: Sequence[str]) -> list[bytes]:
    urls = {"response_url": "http://127.0.0.1:9/", "trigger_id": "0.0.bench"}
    channel = workspace.channels["C0COHORT"]
    payloads = (interaction.command(workspace, user_id, channel, command, line, urls) for line in lines)
    return [_signed(workspace, urlencode(one), "application/x-www-form-urlencoded") for one in payloads]


def opening(workspace: Workspace, user_id: str) -> bytes:
    """Somebody opens the app's Home."""
    opened = {"type": "app_home_opened", "user": user_id, "channel": "D0BENCH", "tab": "home"}
    return _signed(workspace, json.dumps(interaction.event(workspace, opened)), "application/json")


def _signed(workspace: Workspace, body: str, kind: str) -> bytes:
    at = str(int(time.time()))
    signature = SignatureVerifier(workspace.signing_secret).generate_signature(timestamp=at, body=body)
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": str(signature), "Content-Type": kind}
    return load.request("/slack/events", body.encode(), headers)
