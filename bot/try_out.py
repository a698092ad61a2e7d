"""A cohort's first week on this machine: the sandbox with the sample roster, and the bot in it, on one clock."""

import asyncio
import csv
import gc
import io
import json
import logging
import re
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bot import run, sample
from bot.config import Settings
from bot.run import Bot
from bot.sandbox.clock import Clock
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from handlers import calendar
from storage import migrations, roster

MANIFEST = Path(__file__).parent / "manifest.json"
COMMANDS = (
    "Type `/commit publish the MWBE dashboard by next Friday`, then `/commit mine`.",
    "Type `/practices inclusive procurement`, or ask the app in a direct message, and adopt a practice.",
)
ROSTER = Path(roster.__file__).parent.parent / "library" / "roster.csv"


async def serve(host: str, port: int, *, log: Path | None, bare: bool, people: Path | None) -> int:
    """Serve the workspace until Ctrl+C, with the bot inside unless `bare`; the exit status."""
    logging.basicConfig(level="WARNING", format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("bot.scheduler").setLevel(logging.ERROR)  # a tick that waited in vain while the clock was turned
    data = await asyncio.to_thread((people or ROSTER).read_bytes)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with opened(data, host=host, port=port, log=log, bare=bare) as served:
        _say(served.url, _tokens(served) if bare else served.welcome)
        await stop.wait()
    return 0


@asynccontextmanager
async def opened(
    data: bytes,
    *,
    clock: Clock | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    log: Path | None = None,
    bare: bool = False,
) -> AsyncIterator[Sandbox]:
    """The workspace of a roster's people, served until the block ends, with the bot inside unless `bare`."""
    clock = clock or Clock()
    workspace = Workspace(manifest=json.loads(await asyncio.to_thread(MANIFEST.read_text)))
    address = f"http://127.0.0.1:{Settings.port if bare else _free_port()}"
    workspace.manifest["oauth_config"]["redirect_urls"] = [f"{address}/slack/oauth_redirect"]
    sample.move_in(workspace, list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")))), clock.now().date())
    async with Sandbox(workspace, clock=clock, host=host, port=port, log=log) as served:
        served.install_url = f"{address}/slack/install"
        if bare:
            yield served
            return
        with tempfile.TemporaryDirectory(prefix="civic-cohort-") as folder:
            async with _bot_in(served, address, data, Path(folder)):
                yield served


@asynccontextmanager
async def _bot_in(served: Sandbox, address: str, data: bytes, folder: Path) -> AsyncIterator[None]:
    workspace = served.workspace
    settings = Settings(
        slack_bot_token=workspace.bot_token,
        slack_app_token=workspace.app_token,
        slack_client_id=workspace.client_id,
        slack_client_secret=workspace.client_secret,
        public_url=address,
        port=urlsplit(address).port or 0,
        slack_api_url=f"{served.url}/api/",
        database_url=f"sqlite+aiosqlite:///{folder / 'civic-cohort.db'}",
        messages_a_minute=0,
        seconds_between_messages=0,
        tick_seconds=0.25,
    )
    await migrations.upgrade_async(settings.database_url)
    async with run.running(settings, served.clock) as bot:
        served.welcome = await _fill(bot, served, data)
        await bot.settle()
        await run.warm(bot.ticker.services, bot.program_id)
        served.app_next_due, served.app_settle = bot.next_due, bot.settle
        usual = gc.get_threshold()
        gc.set_threshold(*run.COLLECTED_AFTER)
        gc.freeze()  # as the bot by itself does
        try:
            yield
        finally:
            gc.unfreeze()
            gc.set_threshold(*usual)


async def _fill(bot: Bot, served: Sandbox, data: bytes) -> list[str]:
    """The roster, the cohorts' channels and the check-in; the lines that say what to try."""
    now = served.clock.now()
    report = await roster.import_roster(bot.sessions, bot.program_id, data, dry_run=False, at=now)
    if not report.ok:
        raise SystemExit("\n".join(report.lines))
    channels = {channel.name: channel.id for channel in served.workspace.channels.values()}
    async with bot.sessions.begin() as session:
        monday = await sample.fill(session, bot.program_id, channels, now)
    return _welcome(calendar.spoken_date(monday, now.date()) if monday else None)


def _welcome(when: str | None) -> list[str]:
    """What to try; `when` is the day of the sample's first check-in, None with another roster than the sample."""
    last = "turn the clock, and read the summary in the channel."
    if when is None:
        return [
            "Choose a person on the left and type `/cohort` to see who they learn with.",
            f"Be a facilitator: type `/checkin new`, {last}",
            *COMMANDS,
        ]
    return [
        "Be *Zane Kim* of Memphis (choose a person on the left) and type `/cohort` to see who you learn with.",
        f"Press “Next Monday 9:00”: a check-in arrives on {when}, at nine in everybody's own zone. Answer it.",
        *COMMANDS,
        f"Be *Renee Okonjo*, who facilitates the cohort: type `/checkin new`, {last}",
    ]


def _tokens(served: Sandbox) -> list[str]:
    workspace = served.workspace
    return [
        "Connect a bot with these settings; it runs on the machine's time:",
        f"SLACK_BOT_TOKEN={workspace.bot_token}",
        f"SLACK_APP_TOKEN={workspace.app_token}",
        f"SLACK_API_URL={served.url}/api/",
        "and these, to install it in workspaces that you add:",
        f"SLACK_CLIENT_ID={workspace.client_id}",
        f"SLACK_CLIENT_SECRET={workspace.client_secret}",
        f"PUBLIC_URL={served.install_url.removesuffix('/slack/install')}",
    ]


def _free_port() -> int:
    """Where the bot serves the pages that install it in another workspace."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _say(url: str, lines: Sequence[str]) -> None:
    text = "\n".join(f"  {re.sub('[*`]', '', line)}" for line in lines)
    print(f"\nCivic Cohort is ready: open {url}  (Ctrl+C stops it)\n\n{text}\n", flush=True)  # noqa: T201
