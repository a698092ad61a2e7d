"""The rows behind the report and the ledger, on both databases: few statements, and a report that equals a recount of them."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.checkins.reports import rules as report_rules
from storage import answers, ledger, reports
from storage.database import Sessions, connect
from storage.models import Answer, Asking, CheckIn, Delivery, Owed, Prompt, Round
from tests import cast, databases
from tests.bench.statements import counted
from tests.cast import Cast

WHO = ("Ana", "Rosa", "Keola", "Tomas")
AT = cast.START
# What may become of somebody in a round: (why not asked, what became of the message, what they did).
FATES = st.tuples(
    st.sampled_from([None, None, None, "away", "not_in_slack"]),
    st.sampled_from(["sent", "sent", "user_not_found", None]),
    st.sampled_from(["answered", "passed", "", ""]),
)


async def check_in_of(session: AsyncSession, people: Cast) -> CheckIn:
    program_id = people.workspace.program_id
    number = await session.scalar(select(func.count(CheckIn.id)).where(CheckIn.program_id == program_id))
    check_in = CheckIn(program_id=program_id, number=(number or 0) + 1, cohort_id=people.cohort.id, name="Pulse")
    check_in.cadence, check_in.at, check_in.created_by, check_in.created_at = {}, AT.time(), people["Dana"].id, AT
    session.add(check_in)
    await session.flush()
    return check_in


async def a_round(
    session: AsyncSession, people: Cast, check_in: CheckIn, week: int, fates: dict[str, tuple[Any, Any, str]]
) -> Round:
    """A closed round in which these fates befell everybody, each with a prompt of their own."""
    common, at = {"program_id": check_in.program_id}, AT + timedelta(days=7 * week)
    this = Round(**common, check_in_id=check_in.id, nominal_on=at.date(), questions=[], opened_at=at)
    this.closes_at = this.closed_at = at + timedelta(days=2)
    session.add(this)
    await session.flush()
    for name, (skipped, outcome, did) in fates.items():
        prompt = Prompt(**common, round_id=this.id, subject=name, seat_id=people.delegates[name].seat_id)
        prompt.due_at, prompt.ends_at = at, at + timedelta(days=2)
        prompt.answered_at = at + timedelta(hours=1) if did == "answered" else None
        prompt.declined_at = at if did == "passed" else None
        session.add(prompt)
        await session.flush()
        asking = Asking(**common, prompt_id=prompt.id, member_id=people[name].id, due_at=at, skipped=skipped)
        asking.asked_at = None if skipped else at
        session.add(asking)
        if did == "answered":
            session.add(Answer(**common, prompt_id=prompt.id, member_id=people[name].id, first_at=prompt.answered_at))
        await session.flush()
        if not skipped:
            await _message(session, people, f"prompt:{asking.id}", outcome, at)
    return this


async def _message(session: AsyncSession, people: Cast, key: str, outcome: str | None, at: datetime) -> None:
    program_id = people.workspace.program_id
    row = Delivery(program_id=program_id, workspace_id=people.workspace.id, kind="post", place="U1", due_at=at)
    row.outcome, row.settled_at = outcome, at if outcome else None
    session.add(row)
    await session.flush()
    owed = Owed(program_id=program_id, delivery_id=row.id, key=key, own_accord=True, priority=1, payload={})
    owed.created_at = at
    session.add(owed)


async def _report(session: AsyncSession, program_id: int, cohort_id: int) -> report_rules.Report:
    rounds = await reports.rounds(session, program_id, cohort_id)
    return report_rules.report(rounds, await reports.lines(session, program_id, [one.id for one in rounds]))


async def test_two_statements_read_a_report_and_two_a_ledger(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        check_in = await check_in_of(session, people)
        told = dict.fromkeys(WHO, (None, "sent", "answered"))
        weeks = [await a_round(session, people, check_in, week, told) for week in range(3)]
    with counted() as statements:
        async with sessions() as session:
            found = await _report(session, check_in.program_id, people.cohort.id)
            other = await reports.rounds(session, check_in.program_id, people.cohort.id + 1)
    assert len(statements) == 3
    assert (found.total.asked, found.total.answered, found.total.median_minutes) == (12, 12, 60.0)
    assert [one.name for one in found.cities] == ["Honolulu, HI", "Memphis, TN", "Phoenix, AZ"]
    assert other == []
    with counted() as statements:
        async with sessions() as session:
            entries = await ledger.entries(session, check_in.program_id, weeks[0].id)
            assert await ledger.together(session, check_in.program_id, entries) == {}
    assert len(statements) == 2
    assert [(one.name, one.zone, one.prompt and one.prompt.outcome) for one in entries] == [
        ("Keola Akana", "Pacific/Honolulu", "sent"),
        ("Ana Diaz", "America/Chicago", "sent"),
        ("Rosa Kim", "America/Chicago", "sent"),
        ("Tomas Reyes", "America/Phoenix", "sent"),
    ]


async def test_only_the_newest_rounds_are_read_the_oldest_of_them_first(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        check_in = await check_in_of(session, people)
        for week in range(reports.MOST_ROUNDS + 2):
            await a_round(session, people, check_in, week, {})
    async with sessions() as session:
        found = await reports.rounds(session, check_in.program_id, people.cohort.id)
    days = [one.nominal_on for one in found]
    assert len(days) == reports.MOST_ROUNDS
    assert days == sorted(days)
    assert days[0] == (AT + timedelta(days=14)).date()
    assert found[0].zone == "America/New_York"


async def test_answers_are_read_in_their_newest_revision(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        check_in = await check_in_of(session, people)
        this = await a_round(session, people, check_in, 0, {"Ana": (None, "sent", "")})
        [prompt] = await answers.open_for(session, people["Ana"])
        await answers.save(session, people["Ana"], prompt, {"0": "First"}, "a", AT + timedelta(hours=1))
        await answers.save(session, people["Ana"], prompt, {"0": "Second"}, "b", AT + timedelta(days=3))
        [one] = await reports.answers(session, check_in.program_id, [this.id])
    assert (one.values, one.city, one.name, one.first_at) == (
        {"0": "Second"},
        "Memphis",
        "Ana Diaz",
        AT + timedelta(hours=1),
    )


async def test_another_program_reads_nothing_of_it(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        check_in = await check_in_of(session, people)
        this = await a_round(session, people, check_in, 0, dict.fromkeys(WHO, (None, "sent", "answered")))
        other = (await cast.enter(session, team_id="T0OTHER")).workspace.program_id
        assert await reports.rounds(session, other, people.cohort.id) == []
        assert await reports.lines(session, other, [this.id]) == []
        assert await reports.answers(session, other, [this.id]) == []
        assert await ledger.book(session, other, this.id) is None
        assert await ledger.entries(session, other, this.id) == []


@pytest.fixture(scope="module")
def with_cast(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A SQLite database with the cast and a check-in, used by many histories: each in a cohort of its own time."""
    url = databases.sqlite_url(tmp_path_factory.mktemp("reports"))
    asyncio.run(databases.create_tables(url))
    return url


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weeks=st.lists(st.fixed_dictionaries(dict.fromkeys(WHO, FATES)), min_size=1, max_size=4))
def test_the_report_equals_a_recount_from_the_rows_of_random_histories(
    with_cast: str, weeks: list[dict[str, tuple[Any, Any, str]]]
) -> None:
    found, again = asyncio.run(_both(with_cast, weeks))
    assert found == again


async def _both(url: str, weeks: list[dict[str, tuple[Any, Any, str]]]) -> tuple[Any, Any]:
    """(asked, answered, passed) as the report says, and as counted from what was drawn; nothing of it stays."""
    sessions = connect(url)
    try:
        async with sessions.write() as session:
            people = await cast.enter(session, team_id="T0RANDOM")
            check_in = await check_in_of(session, people)
            for week, fates in enumerate(weeks):
                # Who was not asked answers early or not at all; who was not reached cannot pass.
                await a_round(session, people, check_in, week, fates)
            found = await _report(session, check_in.program_id, people.cohort.id)
            await session.rollback()
    finally:
        await sessions.close()
    every = [fate for fates in weeks for fate in fates.values()]
    asked = [one for one in every if (one[0] is None and one[1] == "sent") or one[2]]
    total = found.total
    return (total.asked, total.answered, total.passed), (
        len(asked),
        sum(one[2] == "answered" for one in every),
        sum(one[2] == "passed" for one in every),
    )
