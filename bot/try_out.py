"""A first week on this machine: the sandbox with the sample roster, and the bot in it, on one clock."""

import asyncio
import csv
import io
import json
import logging
import re
import signal
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from bot import run
from bot.config import Settings
from bot.run import Bot
from bot.sandbox.clock import Clock
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from handlers import calendar
from storage import migrations, roster

LIBRARY = Path(roster.__file__).parent / "library"
MANIFEST = Path(__file__).parent / "manifest.json"
SAMPLE_COHORT = "Cohort 4: Inclusive procurement"
Row = dict[str, str]


async def sandbox(host: str, port: int, *, log: Path | None = None, bare: bool = False, sample: Path | None = None) -> int:
    """Serve the workspace until Ctrl+C; with the bot inside unless `bare`."""
    logging.basicConfig(level="WARNING", format="%(levelname)s %(name)s: %(message)s")
    data = (sample or LIBRARY / "roster.csv").read_bytes()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    clock = Clock()
    workspace = Workspace(manifest=json.loads(MANIFEST.read_text()))
    move_in(workspace, list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")))), clock.now().date())
    async with Sandbox(workspace, clock=clock, host=host, port=port, log=log) as served:
        if bare:
            _say(served.url, [f"SLACK_BOT_TOKEN={workspace.bot_token}", f"SLACK_APP_TOKEN={workspace.app_token}", f"SLACK_API_URL={served.url}/api/"])
            await stop.wait()
            return 0
        with tempfile.TemporaryDirectory(prefix="civic-cohort-") as folder:
            await _with_bot(served, data, Path(folder), stop)
    return 0


def move_in(workspace: Workspace, rows: Sequence[Row], today: date) -> None:
    """The people of the roster, and a channel for each open cohort with its people and the bot."""
    people: dict[str, str] = {}
    seats: dict[str, list[Row]] = {}
    for row in rows:
        seats.setdefault(row["email"], []).append(row)
    for email, own in seats.items():
        labels = {"city": _cities(own), "cohorts": sorted({row["cohort"] for row in own if row["cohort"]})}
        first = own[0]
        person = workspace.add_person(first["name"], email=email, tz=first["time_zone"], title=first["title"], labels=labels)
        people[email] = person.id
    whole_program = [row["email"] for row in rows if row["role"] == "facilitator" and not row["cohort"]]
    for email in whole_program:
        workspace.people[people[email]].is_admin = True
    for cohort in dict.fromkeys(row["cohort"] for row in rows if row["cohort"] and _is_open(row, today)):
        emails = [row["email"] for row in rows if row["cohort"] == cohort and _is_open(row, today)] + whole_program
        members = [people[email] for email in dict.fromkeys(emails)]
        workspace.add_channel(channel_name(cohort), members=[*members, workspace.bot_user_id])


def channel_name(cohort: str) -> str:
    """The name of a cohort's channel: `inclusive-procurement` for "Cohort 4: Inclusive procurement"."""
    return re.sub(r"[^a-z0-9]+", "-", cohort.split(": ")[-1].lower()).strip("-")


def next_working_monday(today: date) -> date:
    """The Monday after today that is no holiday."""
    monday = today + timedelta(days=7 - today.weekday())
    while not calendar.is_working_day(monday):
        monday += timedelta(days=7)
    return monday


async def _with_bot(served: Sandbox, data: bytes, folder: Path, stop: asyncio.Event) -> None:
    workspace = served.workspace
    settings = Settings(
        slack_bot_token=workspace.bot_token,
        slack_app_token=workspace.app_token,
        slack_api_url=f"{served.url}/api/",
        database_url=f"sqlite+aiosqlite:///{folder / 'civic-cohort.db'}",
        messages_a_minute=0,
        seconds_between_messages=0,
        tick_seconds=0.25,
    )
    await migrations.upgrade_async(settings.database_url)
    async with run.running(settings, served.clock) as bot:
        await _fill(bot, served, data)
        await bot.settle()
        served.app_next_due, served.app_settle = bot.next_due, bot.settle
        _say(served.url, served.welcome)
        await stop.wait()


async def _fill(bot: Bot, served: Sandbox, data: bytes) -> None:
    """The roster, the cohorts' channels, and a check-in that is due on the next working Monday at nine."""
    workspace, now = served.workspace, served.clock.now()
    report = await roster.import_roster(bot.sessions, bot.program_id, data, dry_run=False, at=now)
    if not report.ok:
        raise SystemExit("\n".join(report.lines))
    channels = {channel.name: channel.id for channel in workspace.channels.values()}
    async with bot.sessions.begin() as session:
        await sample.fill(session, bot.program_id, channels, now)


def _cities(rows: Sequence[Row]) -> str:
    return ", ".join(dict.fromkeys(f"{row['city']}, {row['state']}" for row in rows if row["city"]))


def _is_open(row: Row, today: date) -> bool:
    return not row["until"] or date.fromisoformat(row["until"]) >= today


def _say(url: str, lines: Sequence[str]) -> None:
    print(f"\nCivic Cohort is ready: open {url}  (Ctrl+C stops it)\n", *(f"  {line}" for line in lines), "", sep="\n", flush=True)  # noqa: T201
