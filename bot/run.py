"""Starts and stops in order: database, Slack, clock; drains before closing."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

import handlers
from bot import delivery, scheduler
from bot.app import CivicApp
from bot.config import Settings
from bot.scheduler import Ticker
from handlers.types import Client, Clock, Services, Sessions
from storage import database, practices, programs
from storage.search import library

log = logging.getLogger(__name__)


class MachineClock:
    """The clock of a bot that meets real Slack."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True)
class Bot:
    """A bot that runs. `settle` and `next_due` are what turns a sandbox's clock."""

    app: CivicApp
    ticker: Ticker
    sessions: Sessions
    program_id: int

    async def settle(self) -> None:
        """Return when every request was answered and nothing that is due now is left to do."""
        while True:
            await self.app.idle.wait()
            if not await scheduler.run_due(self.ticker) and not self.app.under_way:
                return

    async def next_due(self) -> datetime | None:
        return await scheduler.next_due(self.ticker)


@asynccontextmanager
async def running(settings: Settings, clock: Clock, *, ticking: bool = True) -> AsyncIterator[Bot]:
    """A bot on a migrated database, connected to Slack until the block ends. Without `ticking` only `settle` makes time pass."""
    sessions = database.connect(settings.database_url)
    async with aiohttp.ClientSession() as http:
        try:
            async with _connected(settings, sessions, clock, http, ticking=ticking) as bot:
                yield bot
        finally:
            await sessions.close()


async def until_stopped(settings: Settings) -> None:
    """Run until the process is told to stop; it may be told so while it is still starting."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    stopped = asyncio.ensure_future(stop.wait())
    async with AsyncExitStack() as stack:
        starting = asyncio.ensure_future(stack.enter_async_context(running(settings, MachineClock())))
        await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            await asyncio.wait({starting})
            return
        starting.result()
        log.info("Civic Cohort is running. Stop it with Ctrl+C.")
        await stopped
        log.info("Stopping: what is under way is finished first.")


def web_client(settings: Settings, http: aiohttp.ClientSession) -> Client:
    """Slack's Web API on one connection pool. Nothing is repeated behind our back: a repeated post may be a second message."""
    return _client(settings, http, settings.slack_bot_token)


async def program_of(session: AsyncSession, settings: Settings, who: AsyncSlackResponse, at: datetime) -> int:
    """The program of the workspace that `auth.test` named; made when it is not known yet."""
    names = {"team_id": who["team_id"], "name": who["team"], "bot_user_id": who["user_id"]}
    workspace = await programs.ensure(session, **names, time_zone=settings.time_zone, at=at)
    return workspace.program_id


def _client(settings: Settings, http: aiohttp.ClientSession, token: str | None) -> Client:
    return AsyncWebClient(token, base_url=settings.slack_api_url, session=http, timeout=10, retry_handlers=[])


@asynccontextmanager
async def _connected(
    settings: Settings, sessions: Sessions, clock: Clock, http: aiohttp.ClientSession, *, ticking: bool
) -> AsyncIterator[Bot]:
    slack = web_client(settings, http)
    who = await slack.auth_test()
    program_id = await _first_start(settings, sessions, clock, who)
    identity = AuthorizeResult.from_auth_test_response(auth_test_response=who, bot_token=settings.slack_bot_token)
    app = CivicApp(settings, sessions, clock, _client(settings, http, None), identity)
    services = Services(sessions, clock, slack, settings)
    ticker = Ticker(services, delivery.sender(sessions, clock, slack, http, settings), handlers.JOBS)
    async with _listening(settings, app, slack):
        warming = None
        if ticking:
            scheduler.start(ticker, settings.tick_seconds)
            warming = asyncio.get_running_loop().create_task(_warm(sessions, program_id))
        try:
            yield Bot(app, ticker, sessions, program_id)
        finally:
            await app.drain()
            await scheduler.stop(ticker)
            if warming:
                await warming


async def _first_start(settings: Settings, sessions: Sessions, clock: Clock, who: AsyncSlackResponse) -> int:
    """The program and its workspace, made on the first start together with the starter practices."""
    async with sessions.begin() as session:
        program_id = await program_of(session, settings, who, clock.now())
        await practices.load_starter(session, program_id, clock.now())
        return program_id


async def _warm(sessions: Sessions, program_id: int) -> None:
    """Build the practice index before anybody asks; a database that does not answer is no reason to stop."""
    try:
        async with sessions() as session:
            await library.of(session, program_id)
    except (SQLAlchemyError, OSError) as error:
        log.warning("The practice index is built with the first question (%s)", type(error).__name__)


@asynccontextmanager
async def _listening(settings: Settings, app: CivicApp, slack: Client) -> AsyncIterator[None]:
    """Hear Slack: by Socket Mode when there is an app-level token, else over signed HTTP."""
    if settings.slack_app_token:
        # The SDK asks again and again for an address that a wrong token never gets: ask for the first one ourselves.
        address = (await slack.apps_connections_open(app_token=settings.slack_app_token))["url"]
        socket = AsyncSocketModeHandler(app, settings.slack_app_token)
        socket.client.wss_uri = address
        try:
            await socket.connect_async()
            yield
        finally:
            await socket.close_async()
        return
    runner = web.AppRunner(_web_app(app))
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        log.info("Waiting for Slack at http://%s:%s/slack/events", settings.host, settings.port)
        yield
    finally:
        await runner.cleanup()


def _web_app(app: CivicApp) -> web.Application:
    served: web.Application = app.web_app(path="/slack/events")

    async def healthy(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    served.router.add_get("/health", healthy)
    return served
