"""Processes for the bench, each ended by its own id when the block ends, and how much memory one has."""

import asyncio
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Process:
    """A running process; `said` is the file that takes its standard error."""

    running: asyncio.subprocess.Process
    said: IO[bytes]


@asynccontextmanager
async def python(*arguments: str, settings: Mapping[str, str] | None = None) -> AsyncIterator[Process]:
    """A Python process in the project's folder, ended by its own id when the block ends."""
    environment = {**os.environ, "LOG_LEVEL": "WARNING", **(settings or {})}
    with tempfile.TemporaryFile() as said:
        running = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=ROOT,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=said,
        )
        try:
            yield Process(running, said)
        finally:
            if running.returncode is None:
                running.terminate()
            try:
                async with asyncio.timeout(10):
                    await running.communicate()
            except TimeoutError:
                running.kill()
                await running.wait()


async def listening(process: Process, port: int, within: float = 30) -> None:
    """Return when somebody listens at the port; RuntimeError with what the process said when it ended instead."""
    async with asyncio.timeout(within):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                if process.running.returncode is not None:
                    process.said.seek(0)
                    raise RuntimeError(f"a process of the bench ended:\n{process.said.read().decode()}") from None
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
    command = ("ps", "-o", "rss=", "-p", str(process.running.pid))
    asked = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await asked.communicate()
    return int(said) / 1024
