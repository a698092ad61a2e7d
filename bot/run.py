"""Starts and stops in order: database, Slack, clock; drains before closing."""

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.exc import SQLAlchemyError

import handlers
from bot import clients, installing, scheduler, serving
from bot.app import CivicApp
from bot.clients import Clients
from bot.config import Settings
from bot.installing import Names
from bot.lateness import Request
from bot.scheduler import Ticker
from bot.sender import Sender
from handlers.types import Client, Clock, Services, Sessions
from storage import database, practices
from storage.installations import Grant
from storage.search import library

log = logging.getLogger(__name__)
COLLECTED_AFTER = (5_000, 10, 50)
"""What a batch of messages needs is over before it is looked for: with Python's own 700 it was taken for old, and old things cost much."""


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

    @property
    def slack(self) -> Callable[[str], Awaitable[Client]]:
        """The client of a workspace, by its team id."""
        return self.ticker.services.slack

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
    # As many connections as calls: each workspace has a batch of them, and a slow one must leave some to the others.
    connector, no_cookies = aiohttp.TCPConnector(limit=0), aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, cookie_jar=no_cookies, request_class=Request) as http:
        try:
            async with _connected(settings, sessions, clock, http, ticking=ticking) as bot:
                yield bot
        finally:
            await sessions.close()


async def warm(services: Services, program_id: int) -> None:
    """Make what the first question and the first Home need before anybody waits; a database that does not answer is no reason to stop."""
    try:
        async with services.sessions() as session:
            await library.of(session, program_id)
        await handlers.home.jobs.rehearse(services, program_id)
    except (SQLAlchemyError, OSError) as error:
        log.warning("The first question will take a little longer (%s)", type(error).__name__)


async def until_stopped(settings: Settings) -> None:
    """Run until the process is told to stop; it may be told so while it is still starting."""
    gc.set_threshold(*COLLECTED_AFTER)
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
        gc.freeze()  # what a start makes stays: looking through it again and again held everything up
        log.info("Civic Cohort is running. Stop it with Ctrl+C.")
        await stopped
        log.info("Stopping: what is under way is finished first.")


@asynccontextmanager
async def _connected(
    settings: Settings, sessions: Sessions, clock: Clock, http: aiohttp.ClientSession, *, ticking: bool
) -> AsyncIterator[Bot]:
    slack = clients.raw(settings, http, settings.slack_bot_token)
    who = await slack.auth_test()
    program_id = await _first_start(settings, sessions, clock, who)
    with suppress(SQLAlchemyError, OSError):  # who is locked out now does it within the hour
        await database.analyze(sessions)
    everybody = Clients(settings, sessions, http, who["team_id"])
    await everybody.of(who["team_id"])  # now, and not with the first request
    flow = installing.flow(sessions, clock, everybody)
    app = CivicApp(settings, sessions, clock, everybody, flow)
    services = Services(sessions, clock, everybody.of, settings)
    ticker = Ticker(services, Sender(sessions, clock, everybody.of, http, settings), handlers.JOBS)
    async with _listening(settings, app, slack, flow):
        warming = None
        if ticking:
            scheduler.start(ticker, settings.tick_seconds)
            warming = asyncio.get_running_loop().create_task(warm(services, program_id))
        try:
            yield Bot(app, ticker, sessions, program_id)
        finally:
            await app.drain()
            await scheduler.stop(ticker)
            if warming:
                await warming


async def _first_start(settings: Settings, sessions: Sessions, clock: Clock, who: AsyncSlackResponse) -> int:
    """The program of the workspace whose token stands in the settings; made on the first start."""
    names = Names(who["team_id"], who["team"], who["user_id"])
    grant = Grant(bot_token=None, bot_id=who.get("bot_id"), scopes=clients.scopes(who))
    await practices.starter()  # read before the transaction
    async with sessions.begin() as session:
        workspace = await installing.take_in(session, settings, names, grant, clock.now())
        return workspace.program_id


@asynccontextmanager
async def _listening(
    settings: Settings, app: CivicApp, slack: Client, flow: AsyncOAuthFlow | None
) -> AsyncIterator[None]:
    """Hear Slack: by Socket Mode when there is an app-level token, else over signed HTTP. HTTP also serves the pages that install."""
    async with AsyncExitStack() as stack:
        if flow or not settings.slack_app_token:
            await stack.enter_async_context(serving.serving(settings, app, flow))
        if settings.slack_app_token:
            await stack.enter_async_context(_socket(settings, app, slack))
        yield


@asynccontextmanager
async def _socket(settings: Settings, app: CivicApp, slack: Client) -> AsyncIterator[None]:
    # The SDK asks again and again for an address that a wrong token never gets: ask for the first one ourselves.
    address = (await slack.apps_connections_open(app_token=settings.slack_app_token))["url"]
    socket = AsyncSocketModeHandler(app, settings.slack_app_token)
    socket.client.wss_uri = address
    try:
        await socket.connect_async()
        yield
    finally:
        await socket.close_async()
