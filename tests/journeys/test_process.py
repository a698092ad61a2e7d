"""The bot as a process of its own: what it acknowledged survives a kill, it stops when told, and it hears Slack over signed HTTP."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import select

from bot.sandbox import interaction
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from storage import database, migrations
from storage.models import Commitment
from tests import databases, whole

ROOT = Path(__file__).parent.parent.parent
LINE = "publish the dashboard by 2027-01-15"


@pytest.fixture(params=["sqlite", "postgresql"])
async def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database with the cast, for a bot of its own."""
    if request.param == "sqlite":
        url = databases.sqlite_url(tmp_path)
    else:
        url = await databases.new_postgres(request.getfixturevalue("postgres"), "process")
    await migrations.upgrade_async(url)
    await whole.fill(url)
    return url


@asynccontextmanager
async def process(sandbox: Sandbox, address: str, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`cohort run`, until the block ends."""
    tokens = {"SLACK_BOT_TOKEN": sandbox.workspace.bot_token, "SLACK_APP_TOKEN": sandbox.workspace.app_token}
    environment = {**os.environ, **tokens, "SLACK_API_URL": f"{sandbox.url}/api/", "DATABASE_URL": address, **settings}
    command = (sys.executable, "-m", "bot", "run")
    bot = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stderr=asyncio.subprocess.PIPE)
    try:
        yield bot
    finally:
        if bot.returncode is None:
            bot.kill()
        await bot.communicate()


async def commitments(address: str) -> list[str]:
    sessions = database.connect(address)
    async with sessions() as session:
        query = select(Commitment.text).order_by(Commitment.id).execution_options(across_programs="the test counts all")
        texts = list(await session.scalars(query))
    await sessions.close()
    return texts


def command(workspace: Workspace, text: str) -> dict[str, object]:
    """`/commit …` by Ana, as Slack sends it."""
    urls = {"response_url": "http://127.0.0.1:9/", "trigger_id": workspace.triggers.issue("U0ANA")}
    return interaction.command(workspace, "U0ANA", workspace.direct_channel("U0ANA"), "/commit", text, urls)


async def test_what_was_acknowledged_is_saved_although_the_process_is_killed_at_once(address: str) -> None:
    saved: list[str] = []
    async with Sandbox(whole.people_the_workspace()) as sandbox:
        for number in range(3):
            async with process(sandbox, address) as bot, asyncio.timeout(30):
                await sandbox.links.connected()
                ack = await sandbox.links.request("slash_commands", command(sandbox.workspace, f"{number} {LINE}"))
                os.kill(bot.pid, signal.SIGKILL)
                assert ack is not None
                assert ack.body is not None
                assert ack.body["text"].startswith("Saved")
                saved.append(f"{number} publish the dashboard")
            await sandbox.links.gone()
    assert await commitments(address) == saved


async def test_it_stops_when_told_and_says_so(address: str) -> None:
    async with Sandbox(whole.people_the_workspace()) as sandbox, process(sandbox, address) as bot, asyncio.timeout(30):
        await sandbox.links.connected()
        bot.send_signal(signal.SIGTERM)
        _, said = await bot.communicate()
    assert bot.returncode == 0
    assert b"what is under way is finished first" in said
    assert b"Traceback" not in said


async def test_over_http_a_signed_command_is_answered_and_an_unsigned_one_refused(
    address: str, unused_tcp_port: int
) -> None:
    workspace = whole.people_the_workspace()
    settings = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": workspace.signing_secret, "PORT": str(unused_tcp_port)}
    url = f"http://127.0.0.1:{unused_tcp_port}"
    async with Sandbox(workspace) as sandbox, process(sandbox, address, **settings), aiohttp.ClientSession() as http:
        await healthy(http, f"{url}/health")
        body = urlencode({key: value for key, value in command(workspace, LINE).items() if isinstance(value, str)})
        async with http.post(f"{url}/slack/events", data=body, headers=signed(workspace, body)) as answer:
            said = json.loads(await answer.text())
        async with http.post(
            f"{url}/slack/events", data=body, headers={**signed(workspace, body), "X-Slack-Signature": "v0=0"}
        ) as answer:
            refused = answer.status

    assert "publish the dashboard" in said["text"]
    assert refused == 401
    assert await commitments(address) == ["publish the dashboard"]


def signed(workspace: Workspace, body: str) -> Mapping[str, str]:
    at = str(int(time.time()))
    signature = SignatureVerifier(workspace.signing_secret).generate_signature(timestamp=at, body=body)
    kind = "application/x-www-form-urlencoded"
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": str(signature), "Content-Type": kind}


async def healthy(http: aiohttp.ClientSession, url: str) -> None:
    """Return when the process answers."""
    async with asyncio.timeout(30):
        while True:
            try:
                async with http.get(url) as answer:
                    assert await answer.json() == {"ok": True}
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
