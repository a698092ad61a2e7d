"""A round of many prompts: the first are written with it, the others in turns, each once; on both databases."""

import asyncio
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from handlers import cadence
from storage import checkins, fillings, programs, rounds
from storage.checkins import NewCheckIn, Person
from storage.database import Sessions
from storage.days import EVERYWHERE
from storage.fillings import AT_ONCE
from storage.models import Asking, Filling, Prompt, Round
from storage.prompting import NewPrompt
from tests import cast

COUNTED = {"across_programs": "the test counts all"}
MANY = 2 * AT_ONCE + 3
MONDAYS = cadence.weekly(date(2026, 10, 5), 1, [0])


async def opened(sessions: Sessions, at: datetime, count: int) -> Round:
    """A round of so many prompts, all to Ana: for the database they are as good as so many people's."""
    async with sessions.begin() as session:
        people = await cast.enter(session, channel="C0COHORT")
        workspace = await programs.by_team(session, cast.TEAM)
        assert workspace
        question = {"kind": "text", "text": "What moved?", "audience": "cohort"}
        new = NewCheckIn(people.cohort.id, "C0COHORT", "Pulse", MONDAYS, time(9), 48, False, (question,), "form")
        check_in = await checkins.add(session, people["Dana"], workspace, new, (at.date(), at), at)
        assert check_in
        seat, ana = people.seats["Memphis"].id, people["Ana"].id
        prompts = [
            NewPrompt(
                Person(number, ana, "Ana", seat, "Memphis", EVERYWHERE, "America/Chicago", None, None),
                at + timedelta(minutes=number),
                at + timedelta(days=2),
                None if number % 2 else at + timedelta(days=1),
                "late" if number % 7 == 0 else None,
            )
            for number in range(count)
        ]
        this = await rounds.open_round(session, check_in, date(2026, 10, 5), [question], prompts, note="", at=at)
        assert this
    return this


async def count(sessions: Sessions, table: type) -> int:
    async with sessions() as session:
        return int(await session.scalar(select(func.count()).select_from(table).execution_options(**COUNTED)) or 0)


async def fill(sessions: Sessions) -> bool:
    async with sessions.begin() as session:
        return await fillings.fill(session)


async def test_the_first_prompts_are_written_with_the_round_and_the_others_in_turns(
    sessions: Sessions, at: datetime
) -> None:
    await opened(sessions, at, MANY)
    assert await count(sessions, Prompt) == await count(sessions, Asking) == AT_ONCE
    async with sessions() as session:
        assert await fillings.next_due(session) == at
    written = []
    while await fill(sessions):
        written.append(await count(sessions, Prompt))
    assert written == [2 * AT_ONCE, MANY]
    assert await count(sessions, Filling) == 0
    async with sessions() as session:
        assert await fillings.next_due(session) is None
        query = select(Prompt.subject, Prompt.due_at, Asking.due_at, Asking.remind_at, Asking.skipped)
        query = query.join(Asking, Asking.prompt_id == Prompt.id).order_by(Prompt.id)
        rows = [tuple(row) for row in await session.execute(query.execution_options(**COUNTED))]
    assert rows == [
        (
            f"delegate:{number}",
            at + timedelta(minutes=number),
            at + timedelta(minutes=number),
            None if number % 2 or number % 7 == 0 else at + timedelta(days=1),
            "late" if number % 7 == 0 else None,
        )
        for number in range(MANY)
    ]


async def test_a_small_round_is_written_at_once(sessions: Sessions, at: datetime) -> None:
    await opened(sessions, at, AT_ONCE)
    assert (await count(sessions, Prompt), await count(sessions, Filling)) == (AT_ONCE, 0)
    assert not await fill(sessions)


async def test_two_processes_write_each_prompt_once(sessions: Sessions, at: datetime) -> None:
    await opened(sessions, at, MANY)
    while any(await asyncio.gather(fill(sessions), fill(sessions))):
        pass
    assert await count(sessions, Prompt) == await count(sessions, Asking) == MANY


async def test_a_round_is_not_closed_before_all_its_prompts_are_there(sessions: Sessions, at: datetime) -> None:
    await opened(sessions, at, MANY)
    later = at + timedelta(days=3)
    async with sessions() as session:
        assert await rounds.due_closings(session, later, 5) == []
    while await fill(sessions):
        pass
    async with sessions() as session:
        assert len(await rounds.due_closings(session, later, 5)) == 1
