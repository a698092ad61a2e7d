"""Processes for the bench, each ended by its own id when the block ends, and how much memory one has."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
Process = asyncio.subprocess.Process


@asynccontextmanager
async def python(*arguments: str, settings: Mapping[str, str] | None = None) -> AsyncIterator[Process]:
    """A Python process in the project's folder; what it logs is shown only when it ends by itself with an error."""
    environment = {**os.environ, "LOG_LEVEL": "WARNING", **(settings or {})}
    pipes = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.PIPE}
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT, env=environment, **pipes)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(10):
                await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()


async def listening(process: Process, port: int, within: float = 30) -> None:
    """Return when somebody listens at the port; RuntimeError with the log when the process ended instead."""
    async with asyncio.timeout(within):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                if process.returncode is not None:
                    _, said = await process.communicate()
                    raise RuntimeError(f"a process of the bench ended:\n{said.decode()}") from None
                await asyncio.sleep(0.005)
            else:
                writer.close()
                await writer.wait_closed()
                return


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def memory(process: Process) -> float:
    """Resident memory in MB."""
    command = ("ps", "-o", "rss=", "-p", str(process.pid))
    asked = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await asked.communicate()
    return int(said) / 1024
