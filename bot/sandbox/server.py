"""The sandbox itself: one local web server with Slack's Web API, Socket Mode, response_urls, files, the control interface and the page."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from aiohttp import web

from bot.sandbox import clock as clocks
from bot.sandbox import consent, control, installing, interaction, person, teams, web_api
from bot.sandbox.calls import Calls
from bot.sandbox.exchange import Exchange
from bot.sandbox.faults import Faults
from bot.sandbox.http_mode import HttpMode
from bot.sandbox.links import Links
from bot.sandbox.rate_limits import Limits, RateLimits
from bot.sandbox.responses import Responses
from bot.sandbox.socket_mode import Sockets
from bot.sandbox.transport import Timing, team_of
from bot.sandbox.workspace import Workspace

Json = dict[str, Any]
T = TypeVar("T")

PAGE = Path(__file__).parent / "page"


class Sandbox:
    """`async with Sandbox(workspace) as sandbox:` serves it at `sandbox.url` until the block ends.

    `workspace` is the home workspace, where the app is installed from the start; `workspaces` has it and all that were added,
    by team id. `install_url` is the address at which the app lets itself be installed, for the page.
    `next_due` and `app_settle` come from an app in the same process: when its next work is due, and a wait until it has
    handled all and owes nothing that is due. Without them the clock just jumps, and acts return on acknowledgement.
    With `limits` it counts calls as Slack does. `welcome` holds the lines of the page's first screen.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        clock: clocks.Clock | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        log: Path | None = None,
        next_due: clocks.NextDue | None = None,
        timing: Timing | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.workspace = workspace
        self.workspaces: dict[str, Workspace] = {}
        self.exchanges: dict[str, Exchange] = {}
        self.clock = clock or workspace.clock
        self.url = self.install_url = ""
        self.watchers: set[asyncio.Queue[Json | None]] = set()
        self._news = asyncio.Event()
        self.people_as_of = secrets.token_hex(4)
        self.calls = Calls(self.clock.now, log)
        self.timing = timing or Timing()
        self.faults = Faults(on_change=lambda: self.tell("faults", {}))
        sockets = Sockets(workspace, self.calls, self.timing)
        sockets.on_link = lambda: self.tell("connected", {"sockets": len(sockets.sockets)})
        self.links = Links(self.calls, self.timing, self.clock, self.faults, sockets, wanted=self._wanted)
        self.limits = limits
        self._take_in(workspace)
        self.exchange = self.exchanges[workspace.team_id]
        self.app_next_due = next_due
        self.app_settle: clocks.Settle | None = None
        self.welcome: list[str] = []
        self._address = (host, port)
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.add_routes([web.get("/link/", self.links.door.serve), *web_api.routes(self), *consent.routes(self)])
        application.add_routes(control.routes(self))
        application.router.add_get("/", _first_page)
        application.router.add_static("/", PAGE)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, *self._address).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        for workspace in self.workspaces.values():
            self._open(workspace)
        self.calls.on_call = lambda call: self.tell("call", {"n": call["n"]})
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for watcher in list(self.watchers):
            watcher.put_nowait(None)
        await self.links.close()
        if self._runner:
            await self._runner.cleanup()
        self.calls.close()

    def add_workspace(self, name: str, domain: str = "") -> Workspace:
        """Another team with the same app, which is not installed there yet: no bot user, no commands, no events."""
        added = teams.another(self.workspace, self.workspaces, name, domain)
        self._take_in(added)
        self.tell("workspaces", {"team": added.team_id})
        return added

    def install(self, workspace: Workspace) -> str:
        """Let the app into a workspace, with the manifest's scopes; returns its token there. A token it had is revoked."""
        return installing.install(workspace)

    def uninstall(self, workspace: Workspace) -> None:
        """Take the app out of a workspace: its token ends, and it hears `tokens_revoked` and `app_uninstalled`."""
        installing.uninstall(workspace)

    def person(self, name: str, workspace: Workspace | None = None) -> person.Actor:
        """Somebody of a workspace (the home one), by id, handle, real name or the beginning of it."""
        return person.find_person(self.exchanges[(workspace or self.workspace).team_id], name)

    def limit(self, limits: Limits | None) -> None:
        """Count calls from now on as these limits say, in each workspace by itself; None lets everything through."""
        self.limits = limits
        for workspace in self.workspaces.values():
            self._count(workspace)
        self.tell("limits", {"on": limits is not None})

    async def deliver_to(self, url: str, *, verify: bool = True) -> None:
        """Send everything to this address from now on, signed, as Slack does in HTTP mode; "" goes back to Socket Mode.

        The address must first answer Slack's challenge, unless the app comes up later (`verify`); ValueError when it does not.
        """
        http = HttpMode(url, self.workspace.signing_secret, self.calls, self.timing) if url else None
        if http and verify:
            try:
                await http.verify(interaction.token(self.workspace))
            except ValueError:
                await http.close()
                raise
        former, self.links.http = self.links.http, http
        if former:
            await former.close()

    async def next_due(self) -> datetime | None:
        """When the app, a scheduled message or a redelivery is due next."""
        own = [self.links.next_redelivery(), *(one.next_scheduled() for one in self.workspaces.values())]
        apps = await self.app_next_due() if self.app_next_due else None
        return min((moment for moment in (*own, apps) if moment), default=None)

    async def turn_to(self, to: datetime) -> list[datetime]:
        """Turn the clock from due moment to due moment; returns the moments visited."""
        visited = await clocks.turn(self.clock, to, self.next_due, self.settled)
        self.tell("clock", {"now": self.clock.now().isoformat()})
        return visited

    async def settled(self) -> None:
        """Return when every event has arrived and the app has done what followed from it."""
        self._post_scheduled()
        await self.links.quiet()
        while self.app_settle:
            before = self.links.delivered
            await self.app_settle()
            await self.links.quiet()
            if self.links.delivered == before:
                return

    async def until(self, condition: Callable[[], T], within: float = 3.0) -> T:
        """Wait until the condition holds, looking at each change; returns what it gave. TimeoutError after `within` seconds."""
        async with asyncio.timeout(within):
            while True:
                news = self._news
                if met := condition():
                    return met
                await news.wait()

    def later(self, moment: datetime) -> None:
        """Look for scheduled messages again when the clock gets there."""
        task = asyncio.get_running_loop().create_task(self._post_at(moment))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _post_at(self, moment: datetime) -> None:
        await self.clock.sleep((moment - self.clock.now()).total_seconds())
        self._post_scheduled()

    def _post_scheduled(self) -> None:
        for workspace in self.workspaces.values():
            workspace.post_scheduled()

    def _take_in(self, workspace: Workspace) -> None:
        workspace.use_clock(self.clock)
        self._count(workspace)
        self.workspaces[workspace.team_id] = workspace
        urls = Responses(workspace)
        self.exchanges[workspace.team_id] = Exchange(workspace, self.links, self.calls, urls, self.settled)
        if self.url:
            self._open(workspace)

    def _open(self, workspace: Workspace) -> None:
        workspace.base_url = self.url
        workspace.on_event = partial(self._event, workspace)
        workspace.on_change = lambda kind, what: self.tell(kind, {"team": workspace.team_id, **what})

    def _count(self, workspace: Workspace) -> None:
        workspace.rates = RateLimits(self.limits, workspace.seconds) if self.limits else None

    def _event(self, workspace: Workspace, inner: Json) -> None:
        subscriptions = workspace.manifest.get("settings", {}).get("event_subscriptions", {})
        payload = interaction.event(workspace, inner)
        if interaction.subscription(inner) in subscriptions.get("bot_events", []) and self._wanted(payload):
            self.links.deliver(payload)

    def _wanted(self, payload: Json) -> bool:
        """Whether the app is still where this event comes from; its end it hears all the same."""
        workspace = self.workspaces.get(team_of(payload))
        return workspace is None or workspace.installed or payload["event"]["type"] in installing.FAREWELLS

    def tell(self, kind: str, what: Json) -> None:
        self._news.set()
        self._news = asyncio.Event()
        if kind == "people":
            self.people_as_of = secrets.token_hex(4)
        for watcher in self.watchers:
            watcher.put_nowait({"kind": kind, **what})


async def _first_page(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html")
