"""Bots as processes of their own: started, struck, and watched until they stop or end."""

import asyncio
import itertools
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.chaos.strikes import Strike

ROOT = Path(__file__).parent.parent.parent


@dataclass
class Bot:
    """A process that runs a bot. `stopped` and `ended` are set when the machine says so."""

    pid: int = 0
    started: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    killed: bool = False

    def kill(self) -> None:
        self.strike(signal.SIGKILL)

    def strike(self, number: signal.Signals) -> None:
        """Send a signal, which takes effect before this returns; nothing happens to one that ended."""
        if not self.ended.is_set():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def go_on(self) -> None:
        self.stopped.clear()
        self.strike(signal.SIGCONT)


@dataclass
class Nursery:
    process: asyncio.subprocess.Process
    folder: Path
    bots: dict[int, Bot] = field(default_factory=dict)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    @asynccontextmanager
    async def bot(self, settings: Mapping[str, str], strike: Strike | None = None) -> AsyncIterator[Bot]:
        """A bot of its own, killed when the block ends."""
        number, bot = next(self.numbers), Bot()
        self.bots[number] = bot
        log = str(self.folder / f"bot-{number}.log")
        wanted = {"number": number, "settings": dict(settings), "log": log, "strike": strike and asdict(strike)}
        assert self.process.stdin
        self.process.stdin.write(json.dumps(wanted).encode() + b"\n")
        await self.process.stdin.drain()
        await bot.started.wait()
        try:
            yield bot
        finally:
            bot.kill()
            await bot.ended.wait()

    def logged(self) -> str:
        """What the bots complained of."""
        return "\n".join(log.read_text() for log in sorted(self.folder.glob("bot-*.log")) if log.stat().st_size)

    async def listen(self) -> None:
        """Note what the nursery tells, until it is gone."""
        assert self.process.stdout
        by_pid: dict[int, Bot] = {}
        async for line in self.process.stdout:
            told = json.loads(line)
            if told["what"] == "started":
                by_pid[told["pid"]] = bot = self.bots[told["number"]]
                bot.pid = told["pid"]
                bot.started.set()
                continue
            bot = by_pid[told["pid"]]
            bot.killed = told["signal"] == signal.SIGKILL
            getattr(bot, told["what"]).set()


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Nursery]:
    """A nursery until the block ends; the bots' logs are in the folder."""
    pipe, command = asyncio.subprocess.PIPE, (sys.executable, "-m", "tests.chaos.bot")
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)
    nursery = Nursery(process, folder)
    listening = asyncio.create_task(nursery.listen())
    try:
        yield nursery
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()
        await listening
