"""A year of a large cohort: what its report and the ledger of one of its rounds cost, from the statements to the drawn view."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config import Settings
from handlers.checkins.reports import ledger_views
from handlers.checkins.reports import rules as report_rules
from handlers.checkins.reports import views as report_views
from handlers.checkins.reports.ledger_views import Place
from storage import database, ledger, reports
from storage.cohorts import Listed
from storage.database import Sessions
from storage.models import Answer, Asking, CheckIn, City, Delivery, Member, Owed, Prompt, Round, Seat
from tests import cast, databases
from tests.bench.figures import Figure, Section
from tests.bench.load import Timing
from tests.bench.sizes import Sizes

MOST = 100.0
TURNS = 20
PEOPLE_IN_A_CITY = 2
AT = cast.START
SETTINGS = Settings("xoxb-")


async def measure(sizes: Sizes, urls: dict[str, str]) -> Section:
    """`urls` are empty databases by name."""
    figures: list[Figure] = []
    for name, url in urls.items():
        await databases.create_tables(url)
        sessions = database.connect(url)
        program_id, cohort, round_id = await _fill(sessions, sizes)

        async def report(session: AsyncSession, program_id: int = program_id, cohort: Listed = cohort) -> None:
            rounds = await reports.rounds(session, program_id, cohort.id)
            lines = await reports.lines(session, program_id, [one.id for one in rounds])
            found = report_rules.report(rounds, lines)
            report_views.short(cohort, found, AT.date(), SETTINGS)

        async def deliveries(session: AsyncSession, program_id: int = program_id, round_id: int = round_id) -> None:
            book = await ledger.book(session, program_id, round_id)
            assert book is not None
            entries = await ledger.entries(session, program_id, round_id)
            together = await ledger.together(session, program_id, entries)
            ledger_views.ledger(book, ledger_views.rows(entries, together, AT), Place(), AT)

        for what, work in (("report of a year", report), ("ledger of a round", deliveries)):
            timing = await _timed(sessions, work)
            figures += [
                Figure(f"{what} ({name}): p50", timing.p50, "ms", most=MOST),
                Figure(f"{what} ({name}): p99", timing.p99, "ms"),
            ]
        await sessions.close()
    people = sizes.report_cities * PEOPLE_IN_A_CITY
    return Section(
        f"Report of {sizes.report_rounds} rounds with {people} people of {sizes.report_cities} cities", figures
    )


async def _timed(sessions: Sessions, work: Callable[[AsyncSession], Awaitable[None]]) -> Timing:
    timing = Timing()
    for turn in range(TURNS + 2):
        started = time.perf_counter()
        async with sessions() as session:
            await work(session)
        if turn > 1:  # what is made once
            timing.latencies.append(time.perf_counter() - started)
    return timing


async def _fill(sessions: Sessions, sizes: Sizes) -> tuple[int, Listed, int]:
    """Closed rounds in which two of three answered; the program, its cohort, and the newest round."""
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id = people.workspace.program_id
        common = {"program_id": program_id}
        seats = await _seats(session, common, people.cohort.id, sizes.report_cities)
        check_in = CheckIn(**common, number=1, cohort_id=people.cohort.id, name="Pulse", at=AT.time())
        check_in.created_by, check_in.created_at = people["Dana"].id, AT
        session.add(check_in)
        await session.flush()
        for week in range(sizes.report_rounds):
            at = AT - timedelta(days=14 * (sizes.report_rounds - week))
            this = Round(**common, check_in_id=check_in.id, nominal_on=at.date(), questions=[], opened_at=at)
            this.closes_at = this.closed_at = at + timedelta(days=2)
            session.add(this)
            await session.flush()
            asked = [(seat, member) for seat, members in seats.items() for member in members]
            prompts = [
                common
                | {"round_id": this.id, "subject": f"delegate:{member}", "seat_id": seat, "due_at": at}
                | {"ends_at": at, "answered_at": at + timedelta(hours=1) if (member + week) % 3 else None}
                for seat, member in asked
            ]
            await session.execute(insert(Prompt), prompts)
        await _messages(session, common, people.workspace.id)
        cohort = Listed(people.cohort.id, people.cohort.name, "City Accelerator", "", None, None, None, None)
        return program_id, cohort, this.id


async def _seats(session: AsyncSession, common: dict[str, int], cohort_id: int, count: int) -> dict[int, list[int]]:
    """The ids of the people on each seat."""
    seats: dict[int, list[int]] = {}
    for number in range(count):
        city = City(**common, name=f"City {number}", state="TX", time_zone="America/Chicago")
        members = [
            Member(**common, name=f"Person {number}.{place}", expertise=[], created_at=AT)
            for place in range(PEOPLE_IN_A_CITY)
        ]
        session.add_all([city, *members])
        await session.flush()
        seat = Seat(**common, cohort_id=cohort_id, city_id=city.id)
        session.add(seat)
        await session.flush()
        seats[seat.id] = [member.id for member in members]
    return seats


async def _messages(session: AsyncSession, common: dict[str, int], workspace_id: int) -> None:
    """An asking, a message that was sent, and an answer where there is one, for each prompt."""
    program_id = common["program_id"]
    query = select(Prompt.id, Prompt.subject, Prompt.due_at, Prompt.answered_at).where(Prompt.program_id == program_id)
    prompts = [
        (id_, int(subject.partition(":")[2]), at, answered)
        for id_, subject, at, answered in await session.execute(query)
    ]
    rows = [
        common | {"prompt_id": id_, "member_id": member, "due_at": at, "asked_at": at} for id_, member, at, _ in prompts
    ]
    await session.execute(insert(Asking), rows)
    given = [
        common | {"prompt_id": id_, "member_id": member, "first_at": answered, "late": False}
        for id_, member, _, answered in prompts
        if answered
    ]
    await session.execute(insert(Answer), given)
    sent = common | {"workspace_id": workspace_id, "kind": "post", "place": "U1", "tries": 1, "outcome": "sent"}
    sent |= {"conversation": "D1", "ts": "1.2"}
    await session.execute(insert(Delivery), [sent | {"due_at": at, "settled_at": at} for _, _, at, _ in prompts])
    ids = list(
        await session.scalars(select(Delivery.id).where(Delivery.program_id == program_id).order_by(Delivery.id))
    )
    asked = await session.scalars(select(Asking.id).where(Asking.program_id == program_id).order_by(Asking.id))
    owed = [
        common
        | {"delivery_id": delivery_id, "key": f"prompt:{asking_id}", "own_accord": True, "priority": 1}
        | {"payload": {}, "created_at": AT, "any_hour": False}
        for delivery_id, asking_id in zip(ids, asked, strict=True)
    ]
    await session.execute(insert(Owed), owed)
