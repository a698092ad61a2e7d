"""A small load generator: ready-made requests over kept connections to 127.0.0.1, so many at a time, each answer looked at."""

import asyncio
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"


@dataclass
class Timing:
    """What a load came to: seconds of each request, how many failed, seconds of the whole; several loads may be added up."""

    latencies: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0

    @property
    def p50(self) -> float:
        """Milliseconds."""
        return self._percentile(0.5)

    @property
    def p99(self) -> float:
        """Milliseconds."""
        return self._percentile(0.99)

    @property
    def a_second(self) -> float:
        return len(self.latencies) / self.seconds

    def add(self, other: "Timing") -> None:
        self.latencies += other.latencies
        self.failed += other.failed
        self.seconds += other.seconds

    def _percentile(self, part: float) -> float:
        ranked = sorted(self.latencies)
        return ranked[math.ceil(part * len(ranked)) - 1] * 1000


def request(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """The bytes of a POST request."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def run(port: int, requests: Sequence[bytes], at_once: int, well: bytes) -> Timing:
    """Send all requests, `at_once` at a time; an answer that is no 200, or in which `well` is missing, failed."""
    timing = Timing()
    rest = iter(requests)
    connections = [await asyncio.open_connection(HOST, port) for _ in range(at_once)]
    started = time.perf_counter()
    await asyncio.gather(*(_work(connection, rest, well, timing) for connection in connections))
    timing.seconds = time.perf_counter() - started
    for _, writer in connections:
        writer.close()
        await writer.wait_closed()
    return timing


async def _work(
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], rest: Iterator[bytes], well: bytes, timing: Timing
) -> None:
    reader, writer = connection
    for one in rest:
        started = time.perf_counter()
        writer.write(one)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_length(head))
        timing.latencies.append(time.perf_counter() - started)
        if b" 200 " not in head[:20] or well not in body:
            timing.failed += 1


def _length(head: bytes) -> int:
    return next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
