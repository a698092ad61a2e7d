"""What one call costs in the sandbox, beside the least that aiohttp takes for it."""

import json

from tests import whole
from tests.bench import load, names, processes
from tests.bench.figures import Figure, Section
from tests.bench.load import Timing
from tests.bench.sizes import Sizes

BESIDE = "bare aiohttp"
MOST = 5.0


async def measure(sizes: Sizes) -> Section:
    sandbox = await _post(sizes, "slack", sizes.calls)
    bare = await _post(sizes, "late", 0)
    what = f"chat.postMessage, {sizes.calls:,} calls one after another"
    figures = [
        Figure(f"{what}: p50", sandbox.p50, "ms", BESIDE, bare.p50, most=MOST),
        Figure(f"{what}: p99", sandbox.p99, "ms", BESIDE, bare.p99),
        Figure(f"{what}: failed", sandbox.failed + bare.failed, "", most=0),
    ]
    return Section("The sandbox itself", figures)


async def _post(sizes: Sizes, module: str, argument: int) -> Timing:
    """Messages to one person after another."""
    port, token = processes.free_port(), whole.people_the_workspace().bot_token
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    bodies = [
        json.dumps({"channel": names.user_id(number), "text": "The check-in is open."}).encode()
        for number in range(sizes.calls)
    ]
    requests = [load.request("/api/chat.postMessage", body, headers) for body in bodies]
    async with processes.python("-m", f"tests.bench.{module}", str(port), str(argument)) as process:
        await processes.listening(process, port)
        return await load.run(port, requests, 1, b'"ok": true')
