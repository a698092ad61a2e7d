"""How a world lives: from moment to moment things come due, people act, the bot restarts, Slack fails; and all of it is watched."""

import heapq
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from bot import run
from bot.run import Bot
from bot.sandbox.clock import Clock
from bot.sandbox.server import Sandbox
from storage.models import Delivery
from tests import whole
from tests.simulation import acts, facts, invariants, settling
from tests.simulation import world as worlds
from tests.simulation.acts import Act, Stage
from tests.simulation.facts import OF_ALL, Asked, Message, Reader
from tests.simulation.invariants import Book, Look, Truth
from tests.simulation.world import START, World

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NOBODY = ""
PATIENCE = 20
DAYS_A_DROP = 28
FAULTS: dict[str, tuple[str, dict[str, object]]] = {
    "429": ("chat.postMessage", {"status": 429, "retry_after": 2, "times": 3}),
    "500": ("chat.postMessage", {"status": 500, "times": 2}),
    "cut-off answers": ("chat.postMessage", {"lost": True, "times": 2}),
    "cut-off answers of changes": ("chat.update", {"lost": True, "times": 2}),
}
DROPPED = "dropped sockets"
Told = tuple[str, str, str]


class Broken(AssertionError):  # noqa: N818 (it reads as what happened)
    """Something that always holds did not; the text names the messages."""


@dataclass
class Life:
    """A world with its bot. `told` is who was told what at which local minute, `counts` how often what happened."""

    world: World
    sandbox: Sandbox
    database_url: str
    agenda: list[Act] = field(default_factory=list)
    truth: Truth = field(default_factory=Truth)
    book: Book = field(default_factory=Book)
    counts: dict[str, int] = field(default_factory=dict)
    told: set[Told] = field(default_factory=set)
    newest_round: int = 0
    faulty: bool = False
    looked_at: datetime = START
    next_full: datetime = START + DAY

    def __post_init__(self) -> None:
        self.reader = Reader(self.sandbox.workspace)
        self.stage = Stage(self.sandbox, self.truth, self.counts)

    @property
    def now(self) -> datetime:
        return self.sandbox.clock.now()


@asynccontextmanager
async def begun(world: World, url: str, days: int, restarts: int, faults: int) -> AsyncIterator[Life]:
    """A world that was settled, with all that will befall it in so many days."""
    await settling.fill(url, world)
    async with Sandbox(settling.workspace_of(world), clock=Clock(START, frozen=True)) as sandbox:
        life = Life(world, sandbox, url)
        life.agenda = [*acts.absences(world, days), *_befalls(world, days, restarts, faults)]
        heapq.heapify(life.agenda)
        yield life


async def live(life: Life, days: int, tell: Callable[[str], None] = lambda _words: None) -> None:
    """So many days, from the start on; raises Broken as soon as something that always holds does not."""
    end, began = START + DAY * days, time.monotonic()
    next_week = START + DAY * 7
    stop: timedelta | None = None
    while life.now < end:
        async with started(life) as bot:
            while life.now < end and (stop := await _until_stop(life, bot, min(end, next_week))) is None:
                if life.now >= next_week:
                    next_week += DAY * 7
                    tell(_progress(life, began))
        if life.now < end and stop is not None:
            life.sandbox.clock.set(life.now + stop)
    async with started(life) as bot:
        await _look(life, bot)
        await look_in_full(life, bot)


@asynccontextmanager
async def started(life: Life) -> AsyncIterator[Bot]:
    """The bot, started on the database that is there, until the block ends."""
    settings = whole.settings_for(life.sandbox.workspace, life.sandbox.url, life.database_url)
    async with run.running(settings, life.sandbox.clock, ticking=False) as bot:

        async def settle() -> None:
            await bot.settle()
            # Looked for only after a fault was ordered: to look each time would cost as much as the rest.
            while life.faulty and await _is_unclear(bot):
                await _leases_end(bot)
                # Slack may have bidden the bot wait meanwhile: that runs on the world's clock.
                life.sandbox.clock.set(max(life.now, await bot.next_due() or life.now))
                await bot.settle()
            life.faulty = bool(life.sandbox.faults.waiting())

        life.sandbox.app_next_due, life.sandbox.app_settle = bot.next_due, settle
        try:
            yield bot
        finally:
            life.sandbox.app_next_due = life.sandbox.app_settle = None


async def _until_stop(life: Life, bot: Bot, end: datetime) -> timedelta | None:
    """Live until `end`, or until the bot is stopped: then for how long it is."""
    stuck = 0
    while True:
        due = await life.sandbox.next_due()
        act = life.agenda[0].at if life.agenda else end
        to = max(life.now, min(due or end, act, life.next_full, end))
        stuck = stuck + 1 if due and due <= life.now else 0
        if stuck > PATIENCE:
            raise Broken(f"The bot does not do what has been due since {due} (seed {life.world.seed}).")
        life.sandbox.clock.set(to)
        await life.sandbox.settled()
        await _look(life, bot)
        if life.now >= life.next_full:
            await look_in_full(life, bot)
        while life.agenda and life.agenda[0].at <= life.now:
            one = heapq.heappop(life.agenda)
            if one.kind == "restart":
                life.stage.note("restarts")
                life.truth.stops.append((life.now, life.now + one.what))
                return one.what
            await _happen(life, bot, one)
        if life.now >= end:
            return None


async def _happen(life: Life, bot: Bot, one: Act) -> None:
    if one.user_id != NOBODY:
        await acts.do(life.stage, one)
        await _look(life, bot)
    elif one.kind == DROPPED:
        await life.sandbox.links.drop()
        await life.sandbox.links.connected()
    else:
        method, how = FAULTS[one.kind]
        life.sandbox.faults.order(method, **how)
        life.faulty = True
    if one.user_id == NOBODY:
        life.stage.note(one.kind)


async def _look(life: Life, bot: Bot) -> None:
    """Check what is new in Slack and what is overdue, and let people take notice."""
    messages = life.reader.new()
    if not messages and life.now - life.looked_at < HOUR:
        return
    life.looked_at = life.now
    known = await facts.about(bot.sessions, bot.program_id, messages, life.now)
    look = Look(life.world, life.truth, life.book, known, life.now)
    _check(life, invariants.broken(look))
    life.stage.note("looks")
    for message in messages:
        _hear(life, look, message)
    if messages:
        await _notice_rounds(life, bot)


def _hear(life: Life, look: Look, message: Message) -> None:
    person = life.world.people.get(message.to)
    minute = worlds.local(message.at, person.zone if person else "UTC")
    life.told.add((person.name if person else message.to, message.key, f"{minute:%Y-%m-%d %H:%M}"))
    life.stage.note(f"message: {message.key.partition(':')[0]}")
    for kind, asked in look.places(message):
        if kind == "prompt":
            for act in acts.after_prompt(life.world, message, asked):
                heapq.heappush(life.agenda, act)


async def _notice_rounds(life: Life, bot: Bot) -> None:
    """Who likes to be early sees that a round is open that has not come to them."""
    opened: list[Asked] = await facts.opened_since(bot.sessions, life.newest_round)
    for asked in opened:
        life.newest_round = max(life.newest_round, asked.round_id)
        if act := acts.before_prompt(life.world, asked, life.now):
            heapq.heappush(life.agenda, act)


async def look_in_full(life: Life, bot: Bot) -> None:
    """Check everything there is against everything else, as if it had never been seen."""
    everything = await facts.everything(bot.sessions, life.sandbox.workspace)
    _check(life, invariants.broken_in_full(Look(life.world, life.truth, Book(), everything, life.now)))
    life.stage.note("looks at everything")
    life.stage.note("messages compared with the ledger", len(everything.messages))
    while life.next_full <= life.now:
        life.next_full += DAY


def _check(life: Life, broken: list[str]) -> None:
    if broken:
        shown = "\n".join(broken[:20])
        raise Broken(
            f"{len(broken)} do not hold at {life.now:%Y-%m-%d %H:%M:%S} UTC (seed {life.world.seed}):\n{shown}"
        )


def _befalls(world: World, days: int, restarts: int, faults: int) -> list[Act]:
    """When the bot is stopped, and for how long; and when what goes wrong in Slack: mostly while the cities work."""
    dice = random.Random(f"{world.seed} weather")

    def moment() -> datetime:
        at = worlds.BEGINS + DAY * dice.randrange(4, max(5, days - 2))
        return worlds.at_midnight(at, "UTC") + MINUTE * dice.randrange(13 * 60, 23 * 60) + timedelta(seconds=15)

    stops = [Act(moment(), NOBODY, "restart", MINUTE * dice.choice((0, 0, 1, 7, 45, 200))) for _ in range(restarts)]
    kinds = [list(FAULTS)[number % len(FAULTS)] for number in range(faults)]
    # Few: Slack's own client takes its time, the machine's, until it connects again.
    kinds += [DROPPED] * (days // DAYS_A_DROP)
    return stops + [Act(moment(), NOBODY, kind) for kind in kinds]


async def _is_unclear(bot: Bot) -> bool:
    """Whether something waits, on the machine's clock, to be looked for."""
    query = (
        select(func.count())
        .select_from(Delivery)
        .where(Delivery.settled_at.is_(None), Delivery.leased_until.is_not(None))
    )
    async with bot.sessions() as session:
        return bool(await session.scalar(query, execution_options=OF_ALL))


async def _leases_end(bot: Bot) -> None:
    """The waits that run on the machine's clock are over: in the simulation no moment passes for them."""
    query = update(Delivery).where(Delivery.settled_at.is_(None), Delivery.leased_until.is_not(None))
    async with bot.sessions.begin() as session:
        await session.execute(query.values(leased_until=datetime.now(UTC)), execution_options=OF_ALL)


def _progress(life: Life, began: float) -> str:
    week = (life.now - START).days // 7
    counts = life.counts
    posted, answers = (
        sum(count for name, count in counts.items() if name.startswith(beginning))
        for beginning in ("message:", "answered")
    )
    happened = sum(counts.get(name, 0) for name in (*FAULTS, DROPPED))
    return (
        f"week {week}: {posted:,} messages, {answers:,} answers, {counts.get('restarts', 0)} restarts, "
        f"{happened} faults; looked {counts['looks']:,} times at what was new and {counts['looks at everything']} times at "
        f"everything; {time.monotonic() - began:.0f} seconds"
    )
