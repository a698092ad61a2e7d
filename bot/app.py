"""The Bolt app: what listeners receive, who hears of errors, which features; an acknowledgement means "saved"."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncCallableAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest

import handlers
from bot import errors
from bot.clients import Clients, raw
from bot.config import Settings
from handlers.errors import NOT_INSTALLED, Unknown
from handlers.types import Ack, Clock, Sessions
from storage import strangers

log = logging.getLogger(__name__)
NAME = "civic-cohort"
ANSWER_WITHIN = 2.5
LISTENERS_AT_ONCE = 6  # more would only wait for the database, and run into its time-outs there
RUN_AGAIN_AFTER = (1.0, 10.0)


class CivicApp(AsyncApp):
    """Bolt's app with a time limit for listeners, a count of what is under way, and a second chance for events that failed."""

    def __init__(
        self,
        settings: Settings,
        sessions: Sessions,
        clock: Clock,
        clients: Clients,
        install_flow: AsyncOAuthFlow | None = None,
    ) -> None:
        async def authorize(team_id: str | None) -> AuthorizeResult | None:
            return await clients.authorize(team_id)

        # Without a name Bolt looks through the source of every module for one: a third of the time that a start takes.
        super().__init__(
            name=NAME,
            client=raw(settings, clients.http),
            authorize=AsyncCallableAuthorize(logger=log, func=authorize),  # type: ignore[arg-type]  # None is allowed
            oauth_flow=install_flow,  # given here, since Bolt makes one of its own when the environment has a client id
            user_facing_authorize_error_message=NOT_INSTALLED,
            signing_secret=settings.slack_signing_secret or None,
            process_before_response=True,
        )
        self.settings = settings
        self.under_way = 0
        self.idle = asyncio.Event()
        self.idle.set()
        self.turns = asyncio.Semaphore(LISTENERS_AT_ONCE)
        self.listening: set[asyncio.Task[BoltResponse]] = set()
        self.second_chances: set[asyncio.Task[None]] = set()
        _provide(self, settings, sessions, clock, clients)
        handlers.register(self, settings)
        _acknowledge_the_rest(self)

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        self.under_way += 1
        self.idle.clear()
        try:
            response = await self._within_the_limit(req)
        finally:
            self.under_way -= 1
            if not self.under_way:
                self.idle.set()
        if response.status >= 500 and errors.kind_of(req.body) == "event":
            self._give_second_chance(req)
        return response

    async def drain(self) -> None:
        """Wait for the requests under way; events waiting for a second chance are Slack's to send again."""
        await self.idle.wait()
        await asyncio.gather(*self.listening, return_exceptions=True)
        for task in list(self.second_chances):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await errors.drain()

    async def _within_the_limit(self, req: AsyncBoltRequest) -> BoltResponse:
        """The listener's answer, or words in time; a listener that is too slow is cancelled, and may clean up after the answer."""
        listening = asyncio.get_running_loop().create_task(self._in_turn(req))
        self.listening.add(listening)
        listening.add_done_callback(self.listening.discard)
        done, _ = await asyncio.wait({listening}, timeout=ANSWER_WITHIN)
        if done:
            return listening.result()
        listening.cancel()
        return errors.answer(req, TimeoutError(), self.settings)

    async def _in_turn(self, req: AsyncBoltRequest) -> BoltResponse:
        async with self.turns:
            return await super().async_dispatch(req)

    def _give_second_chance(self, req: AsyncBoltRequest) -> None:
        """Run a failed event again: over Socket Mode nobody promises that Slack will. What took effect meanwhile is not repeated."""
        if "second_chance" in req.context:
            return
        task = asyncio.get_running_loop().create_task(self._run_again(req))
        self.second_chances.add(task)
        task.add_done_callback(self.second_chances.discard)

    async def _run_again(self, req: AsyncBoltRequest) -> None:
        for seconds in RUN_AGAIN_AFTER:
            await asyncio.sleep(seconds)
            body = req.raw_body if req.mode == "http" else req.body
            again = AsyncBoltRequest(body=body, headers=req.headers, mode=req.mode, context={"second_chance": True})
            if (await self.async_dispatch(again)).status < 500:
                return
        log.error("An event of type %s failed three times", req.body.get("event", {}).get("type"))


def _provide(app: CivicApp, settings: Settings, sessions: Sessions, clock: Clock, clients: Clients) -> None:
    """Give listeners what they name, and turn what they raise into an answer."""

    @app.middleware
    async def provide(context: AsyncBoltContext, next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002 (Bolt's name)
        context["sessions"], context["clock"], context["settings"] = sessions, clock, settings
        if context.bot_token:
            context["client"] = await clients.of(
                context.team_id or ""
            )  # unlike Bolt's own it gets along with a new token
        await next()

    @app.error
    async def answer(error: Exception, request: AsyncBoltRequest) -> BoltResponse:
        if isinstance(error, Unknown):
            await _remember(sessions, clock, error, request)
        return errors.answer(request, error, settings)


async def _remember(sessions: Sessions, clock: Clock, error: Unknown, request: AsyncBoltRequest) -> None:
    """Note a stranger, so that they are looked up in Slack and recognized if the roster has their e-mail."""
    async with sessions.begin() as session:
        url = request.body.get("response_url")
        at, waits = clock.now(), error.waits
        await strangers.note(session, error.team_id, error.user_id, response_url=url, at=at, waits=waits)


def _acknowledge_the_rest(app: AsyncApp) -> None:
    """The last listeners: what nobody wanted (a button that opens a page, an event of no interest) is acknowledged."""

    async def acknowledge(ack: Ack) -> None:
        await ack()

    everything = re.compile(".*")
    app.event(everything)(acknowledge)
    app.action(everything)(acknowledge)
    app.view_closed(everything)(acknowledge)
