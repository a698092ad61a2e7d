"""The reference: a Bolt app with one echo command, as Bolt's own documentation has it, served by aiohttp.

`python -m tests.bench.stock PORT API_URL TOKEN SECRET [before]`; with `before`, the response waits for the listener.
"""

import sys
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


def main(port: str, api_url: str, token: str, secret: str, *before: str) -> None:
    client = AsyncWebClient(token, base_url=api_url)
    app = AsyncApp(client=client, signing_secret=secret, process_before_response=bool(before))

    @app.command("/echo")
    async def echo(ack: Any, command: dict[str, Any]) -> None:
        await ack(command["text"])

    web.run_app(app.web_app("/slack/events"), host="127.0.0.1", port=int(port), print=None, access_log=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
