"""Commands over signed HTTP: a stock Bolt echo beside our own, each app in a process of its own, all asked in turn."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from bot.sandbox import interaction
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from storage import migrations
from tests import whole
from tests.bench import crowd, load, names, processes
from tests.bench.figures import Figure, Section
from tests.bench.load import Timing
from tests.bench.processes import Process
from tests.bench.sizes import Sizes

PEOPLE = 60
STOCK = "stock echo"
COMMIT, PRACTICES = "/commit … by …", "/practices …"
LINE = "publish dashboard {} by 2027-11-30"
QUESTION = "inclusive procurement for small vendors"
COMMIT_RATIO, P99_MOST = 0.9, 500.0


@dataclass
class Target:
    """A command of an app that listens at a port. `line` gets the number of the request; `well` stands in each good answer."""

    name: str
    process: Process
    port: int
    command: str
    line: str
    well: bytes
    serial: Timing = field(default_factory=Timing)
    parallel: Timing = field(default_factory=Timing)
    asked: int = 0


async def measure(sizes: Sizes, urls: dict[str, str]) -> Section:
    """`urls` are empty databases by name."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(whole.people_the_workspace()))
        targets = await stocks(stack, sandbox)
        for name, url in urls.items():
            targets += await _ours(stack, sandbox, name, url)
        await asyncio.gather(*(processes.listening(target.process, target.port) for target in targets))
        for target in targets:
            await _ask(sandbox.workspace, target, Timing(), 3, 1)  # connections, caches and the index are made once
        for _ in range(sizes.rounds):
            for target in targets:
                await _ask(sandbox.workspace, target, target.serial, sizes.serial, 1)
                await _ask(sandbox.workspace, target, target.parallel, sizes.parallel, sizes.at_once)
    return Section("Commands over signed HTTP", _figures(targets, sizes))


def environment(workspace: Workspace, slack_url: str, database_url: str, port: int) -> dict[str, str]:
    """The settings of a bot that hears Slack over HTTP."""
    return {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": "",
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
        "SLACK_API_URL": f"{slack_url}/api/",
        "DATABASE_URL": database_url,
        "PORT": str(port),
    }


async def fill(url: str, people: int) -> None:
    """A migrated database with the cast, the practices and a crowd."""
    await migrations.upgrade_async(url)
    await whole.fill(url)
    await crowd.enter(url, people)


def requests(workspace: Workspace, command: str, lines: Sequence[str]) -> list[bytes]:
    """Signed requests as Slack sends them; each line by the next one of the crowd."""
    verifier, at = SignatureVerifier(workspace.signing_secret), str(int(time.time()))
    made = []
    for number, line in enumerate(lines):
        urls = {"response_url": "http://127.0.0.1:9/", "trigger_id": f"{number}.0.bench"}
        channel = workspace.channels["C0COHORT"]
        payload = interaction.command(workspace, "U0ANA", channel, command, line, urls)
        body = urlencode(payload | {"user_id": names.user_id(number % PEOPLE)})
        signature = verifier.generate_signature(timestamp=at, body=body)
        headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": str(signature)}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        made.append(load.request("/slack/events", body.encode(), headers))
    return made


async def stocks(stack: AsyncExitStack, sandbox: Sandbox) -> list[Target]:
    """The two references: Bolt with its default settings, and one that answers after the listener."""
    targets = []
    for name, more in ((STOCK, ()), ("stock echo, process_before_response", ("before",))):
        port, workspace = processes.free_port(), sandbox.workspace
        given = (str(port), f"{sandbox.url}/api/", workspace.bot_token, workspace.signing_secret, *more)
        process = await stack.enter_async_context(processes.python("-m", "tests.bench.stock", *given))
        targets.append(Target(name, process, port, "/echo", LINE, b"publish dashboard"))
    return targets


async def _ours(stack: AsyncExitStack, sandbox: Sandbox, name: str, url: str) -> list[Target]:
    await fill(url, PEOPLE)
    port = processes.free_port()
    settings = environment(sandbox.workspace, sandbox.url, url, port)
    process = await stack.enter_async_context(processes.python("-m", "bot", "run", settings=settings))
    return [
        Target(f"{COMMIT} ({name})", process, port, "/commit", LINE, b'"text": "Saved #'),
        Target(f"{PRACTICES} ({name})", process, port, "/practices", QUESTION, b'"Adopt"'),
    ]


async def _ask(workspace: Workspace, target: Target, timing: Timing, times: int, at_once: int) -> None:
    lines = [target.line.format(target.asked + number) for number in range(times)]
    target.asked += times
    timing.add(await load.run(target.port, requests(workspace, target.command, lines), at_once, target.well))


def _figures(targets: Sequence[Target], sizes: Sizes) -> list[Figure]:
    figures = []
    for target in targets:
        ours = target.name.startswith("/")
        ratio = COMMIT_RATIO if target.name.startswith(COMMIT) else None
        figures += _of_load(f"{target.name}, 1 at a time", target.serial, targets[0].serial, most_ratio=ratio)
        most = P99_MOST if ours else None
        figures += _of_load(f"{target.name}, {sizes.at_once} at a time", target.parallel, targets[0].parallel, most)
    return figures


def _of_load(
    name: str, mine: Timing, stock: Timing, p99_most: float | None = None, most_ratio: float | None = None
) -> list[Figure]:
    beside = STOCK if mine is not stock else ""
    p50, p99, rate = (stock.p50, stock.p99, stock.a_second) if beside else (None, None, None)
    return [
        Figure(f"{name}: p50", mine.p50, "ms", beside, p50, most_ratio=most_ratio),
        Figure(f"{name}: p99", mine.p99, "ms", beside, p99, most=p99_most),
        Figure(f"{name}: rate", mine.a_second, "/s", beside, rate),
        Figure(f"{name}: failed of {len(mine.latencies)}", mine.failed, "", most=0),
    ]
