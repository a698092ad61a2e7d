"""When a round is summed up, what is remembered of anonymous answers, and what the rounds before brought; on both databases."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import summing
from storage.database import Sessions
from storage.models import Answer, AnswerRevision, Blocker, CheckIn, Prompt, Round
from tests import cast
from tests.cast import Cast

QUESTIONS = [
    {"position": 0, "kind": "text", "text": "What moved?", "audience": "cohort"},
    {"position": 1, "kind": "scale", "text": "How sure?", "audience": "cohort"},
    {"position": 2, "kind": "scale", "text": "How safe?", "audience": "cohort", "anonymous": True},
]


async def a_round(session: AsyncSession, people: Cast, check_in: CheckIn, on: date, at: datetime, **more: Any) -> Round:
    values = {"program_id": check_in.program_id, "check_in_id": check_in.id, "nominal_on": on, "questions": QUESTIONS}
    this = Round(**values, opened_at=at, closes_at=at, **more)
    session.add(this)
    await session.flush()
    return this


async def an_answer(session: AsyncSession, people: Cast, this: Round, who: str, at: datetime, *revisions: Any) -> None:
    program = {"program_id": this.program_id}
    seat = people.delegates[who].seat_id
    prompt = Prompt(**program, round_id=this.id, subject=f"delegate:{who}", seat_id=seat, due_at=at, ends_at=at)
    session.add(prompt)
    await session.flush()
    answer = Answer(**program, prompt_id=prompt.id, member_id=people[who].id, first_at=at)
    session.add(answer)
    await session.flush()
    for number, values in enumerate(revisions):
        key = f"{this.id}:{who}:{number}"
        session.add(
            AnswerRevision(**program, answer_id=answer.id, member_id=people[who].id, values=values, at=at, form_key=key)
        )
        await session.flush()


@pytest.fixture
async def people(sessions: Sessions) -> Cast:
    async with sessions.begin() as session:
        return await cast.enter(session)


async def a_check_in(session: AsyncSession, people: Cast, at: datetime) -> CheckIn:
    made = CheckIn(
        program_id=people.workspace.program_id, number=1, cohort_id=people.cohort.id, name="Pulse", at=at.time(),
        created_by=people["Renee"].id, created_at=at,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    return made


async def test_the_measured_answers_of_the_last_rounds_come_oldest_first_in_their_newest_revision(
    sessions: Sessions, people: Cast, at: datetime
) -> None:
    async with sessions.begin() as session:
        check_in = await a_check_in(session, people, at)
        rounds = [
            await a_round(session, people, check_in, date(2026, 9, day), at, closed_at=at if day < 22 else None)
            for day in (7, 14, 21, 28)
        ]
        await an_answer(session, people, rounds[0], "Ana", at, {"0": "x" * 3000, "1": "2"}, {"1": "4"})
        await an_answer(session, people, rounds[0], "Keola", at, {"1": "5"})
        await an_answer(session, people, rounds[1], "Ana", at, {"0": "No figure"})
        await an_answer(session, people, rounds[2], "Ana", at, {"1": "1"})
        await an_answer(session, people, rounds[3], "Ana", at, {"1": "3"})
        await summing.keep_anonymous(session, rounds[1], {2: ["5", "1"]})
    async with sessions() as session:
        [second] = [one for one in await _all(session, people) if one.nominal_on == date(2026, 9, 14)]
        found = await summing.history(session, second, 12)
        assert [(one.on.day, one.values) for one in found] == [(7, {1: ["4", "5"]}), (14, {2: ["1", "5"]})]
        assert [one.on.day for one in await summing.history(session, second, 1)] == [14]


async def test_a_round_is_summed_up_once_and_again_when_something_changed(
    sessions: Sessions, people: Cast, at: datetime
) -> None:
    async with sessions.begin() as session:
        check_in = await a_check_in(session, people, at)
        this = await a_round(session, people, check_in, date(2026, 9, 7), at, closed_at=at, sum_up_at=at)
        still_open = await a_round(session, people, check_in, date(2026, 9, 14), at)
        await summing.again(session, this.program_id, still_open.id, at)
    async with sessions.begin() as session:
        [due] = await summing.due(session, at, 5)
        assert await summing.claim(session, due) is not None
        assert await summing.claim(session, due) is None
        assert await summing.next_due(session) is None
    async with sessions.begin() as session:
        await summing.again(session, this.program_id, this.id, at + timedelta(hours=1))
        assert await summing.due(session, at, 5) == []
        assert await summing.next_due(session) == at + timedelta(hours=1)


async def _all(session: AsyncSession, people: Cast) -> list[Round]:
    return list(await session.scalars(select(Round).where(Round.program_id == people.workspace.program_id)))


async def test_nothing_of_another_program_is_spared_or_summed_up_again(
    sessions: Sessions, people: Cast, at: datetime
) -> None:
    async with sessions.begin() as session:
        check_in = await a_check_in(session, people, at)
        this = await a_round(session, people, check_in, date(2026, 9, 7), at, closed_at=at, sum_up_at=at)
        await an_answer(session, people, this, "Ana", at, {"1": "2"})
        own = select(Prompt.id).where(Prompt.program_id == this.program_id, Prompt.round_id == this.id)
        prompt_id = await session.scalar(own)
        elsewhere = (await cast.enter(session, team_id="T0OTHER")).workspace.program_id
        await summing.spare(session, Round(id=this.id, program_id=elsewhere))
        later = at + timedelta(hours=1)
        await summing.again_for(session, Blocker(program_id=elsewhere, prompt_id=prompt_id), later)
        assert await summing.next_due(session) == at
        await summing.again_for(session, Blocker(program_id=this.program_id, prompt_id=prompt_id), later)
        assert await summing.next_due(session) == later
