"""How long `cohort run` takes until it hears Slack, and what memory it has then; the imports counted apart."""

import time

from bot.sandbox.server import Sandbox
from tests import whole
from tests.bench import commands, processes
from tests.bench.figures import Figure, Section
from tests.bench.sizes import Sizes

READY_WITHIN, MEMORY_MOST = 1000, 150
RUN = (
    "import sys, time; from bot import __main__; print(time.monotonic(), flush=True); sys.exit(__main__.main(['run']))"
)


async def measure(sizes: Sizes, urls: dict[str, str]) -> Section:
    """`urls` are empty databases by name; the first start makes the tables and loads the practices, the second finds them."""
    figures = []
    async with Sandbox(whole.people_the_workspace()) as sandbox:
        for name, url in urls.items():
            for start in sizes.starts:
                imports, ready, memory = await _start(sandbox, url)
                figures += [
                    Figure(f"{start} ({name}): imports", imports, "ms"),
                    Figure(f"{start} ({name}): from there to ready", ready, "ms", most=READY_WITHIN),
                    Figure(f"{start} ({name}): memory when ready", memory, "MB", most=MEMORY_MOST),
                ]
    return Section("Start of `cohort run`", figures)


async def _start(sandbox: Sandbox, url: str) -> tuple[float, float, float]:
    """Milliseconds of the interpreter with the imports, milliseconds from there to ready, and MB."""
    port, started = processes.free_port(), time.monotonic()
    settings = commands.environment(sandbox.workspace, sandbox.url, url, port)
    async with processes.python("-c", RUN, settings=settings) as process:
        assert process.running.stdout is not None
        imported = float(await process.running.stdout.readline())
        await processes.listening(process, port)
        ready = time.monotonic()
        return (imported - started) * 1000, (ready - imported) * 1000, await processes.memory(process)
