"""A large program: a roster goes in, and over signed HTTP people look at a cohort, look for people, and open their Home."""

import asyncio
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from datetime import time as dt_time

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Person, Workspace
from storage import database, migrations, practices, programs, roster
from storage.database import Sessions
from storage.models import Asking, CheckIn, Delegate, Home, Identity, Member, Prompt, Round, Seat
from tests import cast, databases, whole
from tests.bench import commands, importing, load, processes, signed
from tests.bench import roster as large
from tests.bench.figures import Figure, Section
from tests.bench.load import Timing
from tests.bench.sizes import Sizes

P99_MOST = 100.0
ROUNDS = 5
QUESTIONS = ("who procurement", "who lead memfis", "who Gonzales", "who budget austin", "who jose gonzalez", "who")
WELL = b'"response_type": "ephemeral"'
FACILITATOR, DELEGATE = "U9FACILITATOR", "U9DELEGATE"
PEOPLE = (("who runs all", FACILITATOR), ("a delegate", DELEGATE))
COUNTED = {"across_programs": "the bench looks at all that there is"}


async def measure(sizes: Sizes, urls: dict[str, str]) -> Section:
    """`urls` are empty databases by name."""
    figures: list[Figure] = []
    for name, url in urls.items():
        figures += await _import(sizes, name, url)
        async with AsyncExitStack() as stack:
            workspace = whole.people_the_workspace()
            for _, user_id in PEOPLE:
                workspace.people[user_id] = Person(user_id, user_id.lower(), user_id, "", "America/Chicago", "")
            sandbox = await stack.enter_async_context(Sandbox(workspace))
            stock = await commands.stocks(stack, sandbox)
            port = processes.free_port()
            settings = commands.environment(sandbox.workspace, sandbox.url, url, port)
            settings["SECONDS_BETWEEN_MESSAGES"] = "0"  # nobody opens their Home again and again as the bench does
            process = await stack.enter_async_context(processes.python("-m", "bot", "run", settings=settings))
            await asyncio.gather(
                processes.listening(process, port), processes.listening(stock[0].process, stock[0].port)
            )
            figures += await _ask(sizes, sandbox.workspace, name, port, stock[0].port)
            figures += await _open(sizes, sandbox, name, url, port)
            figures += await importing.measure(sizes, sandbox.workspace, name, url, port, FACILITATOR, DELEGATE)
    return Section(f"{sizes.people:,} people over {sizes.cohorts} cohorts", figures)


async def _import(sizes: Sizes, name: str, url: str) -> list[Figure]:
    """The roster goes in; then five closed rounds of a check-in in each cohort, and identities for two people."""
    await migrations.upgrade_async(url)
    sessions, now = database.connect(url), datetime.now(UTC)
    async with sessions.begin() as session:
        office = {"team_id": cast.TEAM, "name": "Office", "bot_user_id": cast.BOT_USER, "time_zone": "America/New_York"}
        workspace = await programs.ensure(session, **office, at=now)
        await practices.load_starter(session, workspace.program_id, now)
    text = large.text(sizes.people, sizes.cohorts)
    read, checked, applied = Timing(), Timing(), Timing()
    for timing, dry_run in ((checked, True), (applied, False)):
        for _ in range(sizes.imports if dry_run else 1):
            started = time.perf_counter()
            roster.file.read(text)
            read.latencies.append(time.perf_counter() - started)
            started = time.perf_counter()
            done = await roster.import_roster(sessions, workspace.program_id, text, dry_run=dry_run, at=now)
            timing.latencies.append(time.perf_counter() - started)
            timing.failed += not done.ok
    await _fill(sessions, workspace.program_id, workspace.id, now)
    await databases.rested(sessions)
    await sessions.close()
    beside = "reading the file"
    return [
        Figure(f"import, dry run ({name}): p50", checked.p50, "ms", beside, read.p50),
        Figure(f"import, dry run ({name}): p99", checked.p99, "ms", beside, read.p99),
        Figure(f"import, applied once ({name})", applied.p50, "ms", beside, read.p50),
        Figure(f"imports ({name}): failed", checked.failed + applied.failed, "", most=0),
    ]


async def _ask(sizes: Sizes, workspace: Workspace, name: str, port: int, stock: int) -> list[Figure]:
    """Commands one at a time, each beside a stock echo asked in turn; as the facilitator of everything, and as a delegate."""
    figures = []
    asked = [("/cohort show …", FACILITATOR, ("show cohort 2",), None)]
    for who, user_id in PEOPLE:
        asked.append((f"/cohort who …, {who}", user_id, QUESTIONS, P99_MOST))
    for what, user_id, lines, most in asked:
        ours, echo = Timing(), Timing()
        for _ in range(2):  # what is made once
            await load.run(port, signed.commands(workspace, user_id, "/cohort", lines), 1, WELL)
        for _ in range(sizes.questions_each):
            ours.add(await load.run(port, signed.commands(workspace, user_id, "/cohort", lines), 1, WELL))
            echo.add(await load.run(stock, signed.commands(workspace, user_id, "/echo", lines), 1, b""))
        figures += _of(f"{what} ({name})", ours, echo, commands.STOCK, most)
    return figures


async def _open(sizes: Sizes, sandbox: Sandbox, name: str, url: str, port: int) -> list[Figure]:
    """Home from the event to its publication; what was published is forgotten between, so that each time it is."""
    figures, sessions = [], database.connect(url)
    for who, user_id in PEOPLE:
        acked, shown = Timing(), Timing()
        for turn in range(sizes.openings + 1):
            async with sessions.begin() as session:
                await session.execute(update(Home).values(digest=None).execution_options(**COUNTED))
            request = signed.opening(sandbox.workspace, user_id)
            published = asyncio.Event()
            sandbox.calls.on_call = lambda call, seen=published: (
                seen.set() if call["method"] == "views.publish" else None
            )
            started = time.perf_counter()
            ack = await load.run(port, [request], 1, b"")
            try:
                async with asyncio.timeout(10):
                    await published.wait()
            except TimeoutError:
                shown.failed += 1
            if turn:  # the first one builds the index of practices
                shown.latencies.append(time.perf_counter() - started)
                acked.add(ack)
        figures += _of(f"Home published, {who} ({name})", shown, acked, "its acknowledgement", P99_MOST)
    await sessions.close()
    return figures


def _of(name: str, mine: Timing, other: Timing, beside: str, most: float | None) -> list[Figure]:
    return [
        Figure(f"{name}: p50", mine.p50, "ms", beside, other.p50),
        Figure(f"{name}: p99", mine.p99, "ms", beside, other.p99, most=most),
        Figure(f"{name}: failed of {len(mine.latencies)}", mine.failed, "", most=0),
    ]


async def _fill(sessions: Sessions, program_id: int, workspace_id: int, now: datetime) -> None:
    """Two people in Slack, and rounds with a prompt for every delegate, of which every other one was answered."""
    common = {"program_id": program_id}
    async with sessions.begin() as session:
        for user_id, address in ((FACILITATOR, large.PROGRAM_LEAD), (DELEGATE, large.email(0))):
            query = select(Member.id).where(Member.program_id == program_id, Member.email == address)
            member_id = (await session.scalars(query)).one()
            session.add(
                Identity(**common, workspace_id=workspace_id, member_id=member_id, user_id=user_id, created_at=now)
            )
        everybody = update(Member).where(Member.program_id == program_id).values(looked_up_at=now)
        await session.execute(everybody)
        seated = select(Delegate.id, Delegate.member_id, Delegate.seat_id, Seat.cohort_id)
        seated = seated.join(Seat, Seat.id == Delegate.seat_id).where(Delegate.program_id == program_id)
        delegates = list(await session.execute(seated))
        cohort_ids = {cohort_id for *_, cohort_id in delegates}
        rounds = {cohort_id: await _rounds(session, common, cohort_id, now) for cohort_id in cohort_ids}
        prompts = [
            {**common, "round_id": round_id, "subject": f"delegate:{delegate_id}", "seat_id": seat_id, "due_at": now}
            | {"ends_at": now, "answered_at": now if (delegate_id + place) % 2 else None, "declined_at": None}
            for delegate_id, _, seat_id, cohort_id in delegates
            for place, round_id in enumerate(rounds[cohort_id])
        ]
        await session.execute(insert(Prompt), prompts)
        who = {f"delegate:{delegate_id}": member_id for delegate_id, member_id, *_ in delegates}
        told = select(Prompt.id, Prompt.subject).where(Prompt.program_id == program_id)
        askings = [
            {**common, "prompt_id": prompt_id, "member_id": who[subject], "due_at": now, "asked_at": now}
            for prompt_id, subject in await session.execute(told)
        ]
        await session.execute(insert(Asking), askings)


async def _rounds(session: AsyncSession, common: dict[str, int], cohort_id: int, now: datetime) -> list[int]:
    """A check-in of the cohort with its closed rounds."""
    creator = select(func.min(Member.id)).where(Member.program_id == common["program_id"])
    check_in = CheckIn(**common, number=cohort_id, cohort_id=cohort_id, name="Weekly pulse", at=dt_time(9))
    check_in.created_by, check_in.created_at = (await session.scalars(creator)).one(), now
    session.add(check_in)
    await session.flush()
    past = [now - timedelta(days=7 * (ROUNDS - place)) for place in range(ROUNDS)]
    made = [
        Round(
            **common,
            check_in_id=check_in.id,
            nominal_on=at.date(),
            questions=[],
            opened_at=at,
            closes_at=at,
            closed_at=at,
        )
        for at in past
    ]
    session.add_all(made)
    await session.flush()
    return [one.id for one in made]
