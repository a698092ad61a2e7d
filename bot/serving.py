"""What is served over HTTP: Slack's signed requests, the pages that install the app, and whether the bot runs."""

import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import ClientError, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import install_pages, installing
from bot.app import CivicApp
from bot.config import Settings

log = logging.getLogger(__name__)
EVENTS = "/slack/events"


@asynccontextmanager
async def serving(settings: Settings, app: CivicApp, flow: AsyncOAuthFlow | None) -> AsyncIterator[None]:
    """Serve until the block ends. Requests of Slack's come here only without an app-level token: else they come by Socket Mode."""
    runner = web.AppRunner(_web_app(settings, app, flow))
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        if not settings.slack_app_token:
            log.info("Waiting for Slack at http://%s:%s%s", settings.host, settings.port, EVENTS)
        if flow:
            log.info("Other workspaces install the app at %s", installing.install_url(settings))
        yield
    finally:
        await runner.cleanup()


def _web_app(settings: Settings, app: CivicApp, flow: AsyncOAuthFlow | None) -> web.Application:
    served = web.Application()

    async def healthy(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    served.router.add_get("/health", healthy)
    if not settings.slack_app_token:
        served.router.add_post(EVENTS, events)
    if flow:
        served.router.add_get(flow.install_path, _page(settings, flow.handle_installation))
        served.router.add_get(flow.redirect_uri_path, _page(settings, flow.handle_callback))
    return served


def _page(
    settings: Settings, step: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A step of the installation; whatever fails, somebody sits before a browser and is told."""

    async def answer(request: web.Request) -> web.Response:
        try:
            response = await step(await to_bolt_request(request))
        except Exception as error:
            reference = secrets.token_hex(3).upper()
            log.error("Reference %s: installing failed (%s)", reference, type(error).__name__, exc_info=error)
            reason = "unreachable" if isinstance(error, ClientError | TimeoutError) else ""
            body = install_pages.failed(reason, installing.install_url(settings), reference)
            response = BoltResponse(status=500, body=body, headers=dict(installing.HEADERS))
        return await to_aiohttp_response(response)

    return answer
