"""Taking an import back: everything as it was, or nothing and the reasons."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from storage import claims, deliveries, identities, roster
from storage.database import Sessions
from storage.identities import User
from storage.models import (
    Base,
    CheckIn,
    City,
    Cohort,
    Commitment,
    Delegate,
    Delivery,
    Facilitator,
    Identity,
    Member,
    Network,
    Owed,
    Seat,
    Workspace,
)
from storage.roster import file as roster_file
from storage.roster import undo
from tests import cast
from tests.cast import Cast

HEADER = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"
BO = "PMI,Advisory group,Austin,TX,Bo Li,bo@austin.gov,,lead,Chief of Staff,,America/Chicago,,\n"
ANA = "City Accelerator,Inclusive procurement,Memphis,TN,Ana Diaz-Lee,ana@example.org,,lead,Mayor,law,,,2026-12-31\n"
RENEE = "City Accelerator,Inclusive procurement,,,Renee Okonjo,renee@example.org,,facilitator,,,,,2026-09-01\n"
TABLES = (Network, Cohort, City, Seat, Member, Delegate, Facilitator, Identity)
ALL = {"across_programs": "the test looks at all"}


async def everything(sessions: Sessions) -> list[Any]:
    async with sessions() as session:
        tables = [Base.metadata.tables[table.__tablename__] for table in TABLES]
        return [
            [tuple(row) for row in await session.execute(select(table).order_by(table.c.id).execution_options(**ALL))]
            for table in tables
        ]


async def imported(sessions: Sessions, people: Cast, *lines: str) -> list[dict[str, Any]]:
    """Import lines; what was done."""
    program_id, at = people.workspace.program_id, cast.START
    sheet = roster_file.read(HEADER + "".join(lines))
    async with sessions.begin() as session:
        prepared = await roster.prepare(session, program_id, sheet, at=at)
        await roster.apply(session, prepared.plan)
        return undo.record(prepared.plan)


async def back(sessions: Sessions, people: Cast, done: list[dict[str, Any]]) -> list[str]:
    async with sessions.begin() as session:
        return await undo.take_back(session, people.workspace.program_id, done)


@pytest.fixture
async def people(sessions: Sessions) -> Cast:
    async with sessions.begin() as session:
        return await cast.enter(session)


async def test_what_was_added_changed_and_ended_is_put_back(sessions: Sessions, people: Cast) -> None:
    before = await everything(sessions)
    done = await imported(sessions, people, BO, ANA, RENEE)
    assert await everything(sessions) != before
    assert await back(sessions, people, done) == []
    assert await everything(sessions) == before


async def test_who_was_recognized_in_slack_and_not_written_to_yet_goes_without_a_trace(
    sessions: Sessions, people: Cast
) -> None:
    before = await everything(sessions)
    done = await imported(sessions, people, BO)
    async with sessions.begin() as session:
        user = User("U0BO", people.workspace.team_id, "Bo Li", "bo@austin.gov", "America/Denver")
        bo = await identities.recognize_one(session, people.workspace, user, cast.START)
        assert bo is not None
        await deliveries.owe(session, bo, "welcome", {"text": "Welcome."}, at=cast.START)
    assert undo.members_of(done) == [bo.id]
    assert await back(sessions, people, done) == []
    assert await everything(sessions) == before
    async with sessions() as session:
        query = select(Delivery.outcome, Owed.member_id).join(Owed, Owed.delivery_id == Delivery.id)
        assert (await session.execute(query.execution_options(**ALL))).all() == [("withdrawn", None)]


async def test_what_was_used_since_is_named_and_nothing_is_undone(sessions: Sessions, people: Cast) -> None:
    done = await imported(sessions, people, BO)
    program_id, at = people.workspace.program_id, cast.START
    async with sessions.begin() as session:
        bo = (
            await session.scalars(select(Member).where(Member.program_id == program_id, Member.name == "Bo Li"))
        ).one()
        seat = (
            await session.scalars(select(Seat).where(Seat.program_id == program_id).order_by(Seat.id.desc()))
        ).first()
        assert seat is not None
        session.add(Delegate(program_id=program_id, seat_id=seat.id, member_id=people["Ana"].id, role="delegate"))
        session.add(_commitment(program_id, bo))
        session.add(
            CheckIn(
                program_id=program_id,
                number=1,
                cohort_id=seat.cohort_id,
                name="Pulse",
                at=at.time(),
                created_by=people["Dana"].id,
                created_at=at,
            )
        )
    before = await everything(sessions)
    assert sorted(await back(sessions, people, done)) == [
        "Advisory group has a check-in",
        "Austin, TX in Advisory group has people on it that came otherwise",
        "Bo Li has commitments",
    ]
    assert await everything(sessions) == before


async def test_what_was_changed_or_removed_since_is_named_and_nothing_is_undone(
    sessions: Sessions, people: Cast
) -> None:
    done = await imported(sessions, people, BO, ANA)
    async with sessions.begin() as session:
        named = update(Member).where(Member.email.in_(["bo@austin.gov", "ana@example.org"]))
        await session.execute(named.values(title="Deputy").execution_options(**ALL))
        ended = update(Delegate).where(Delegate.until_on == date(2026, 12, 31)).values(until_on=None)
        await session.execute(ended.execution_options(**ALL))
    before = await everything(sessions)
    assert sorted(await back(sessions, people, done)) == [
        "Ana Diaz-Lee was changed since (title)",
        "Ana Diaz-Lee, lead of Memphis, TN in Inclusive procurement was changed since (until on)",
        "Bo Li was changed since (title)",
    ]
    assert await everything(sessions) == before


async def test_an_import_of_another_program_is_out_of_reach(sessions: Sessions, people: Cast) -> None:
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
    done = await imported(sessions, people, BO)
    before = await everything(sessions)
    assert await back(sessions, other, done)
    assert await everything(sessions) == before


def _commitment(program_id: int, owner: Member) -> Commitment:
    at = cast.START
    return Commitment(
        program_id=program_id, number=1, text="x", owner_id=owner.id, due_on=date(2026, 12, 1), audience="city",
        created_by=owner.id, created_at=at, updated_at=at,
    )  # fmt: skip


async def test_who_wants_to_be_known_as_somebody_taken_back_is_not_asked_for_any_more(
    sessions: Sessions, people: Cast
) -> None:
    done = await imported(sessions, people, BO)
    program_id = people.workspace.program_id
    async with sessions.begin() as session:
        here = User("UBO", cast.TEAM, "Bo", "bo@austin.gov", None)
        assert await identities.recognize_one(session, people.workspace, here, cast.START)
        values = {"program_id": program_id, "team_id": "T0CITY", "name": "City hall", "bot_user_id": "U0BOT"}
        second = Workspace(**values, created_at=cast.START, linked_at=cast.START)
        session.add(second)
        await session.flush()
        there = User("UBO2", "T0CITY", "Bo", "bo@austin.gov", None)
        assert await claims.claim(session, second, there, None, cast.START)
    assert await back(sessions, people, done) == []
    async with sessions() as session:
        assert await claims.next_due(session) is None
