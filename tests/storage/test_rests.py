"""Rests as they are kept: who read three rounds and said nothing is asked no more, until they are back."""

import asyncio
from datetime import date, datetime, timedelta

from sqlalchemy import update

from handlers.checkins import rules
from storage import answers, rests, rounds
from storage.database import Sessions
from storage.models import Asking, Rest, Round
from tests import cast
from tests.storage.test_checkins_rounds import DUE, ENDS, MONDAY, Stage, how_many, stage

__all__ = ["stage"]
WEEK = timedelta(days=7)


async def passes(sessions: Sessions, stage: Stage, day: date, *, silent: bool = True) -> Round:
    """A round is opened, asked and closed; Ana was silent, or was not asked."""
    opened = await stage.opens(sessions, day)
    assert opened is not None
    by = timedelta(days=(day - MONDAY).days)
    async with sessions.begin() as session:
        due = await rounds.due_askings(session, DUE + by, 50)
        await rounds.claim(session, stage.program_id, [one.asking.id for one in due], DUE + by)
        moved = update(Asking).where(Asking.program_id == stage.program_id, Asking.due_at == DUE)
        await session.execute(moved.values(due_at=DUE + by))
        if silent:
            await rests.note_silent(session, opened, [stage.people["Ana"].id])
    return opened


async def row(sessions: Sessions, stage: Stage, this: Round) -> int:
    async with sessions() as session:
        return rules.silent_in_a_row(await rests.heard(session, this, [stage.people["Ana"].id]))


async def test_silent_rounds_are_counted_in_a_row_and_an_answer_clears_them(sessions: Sessions, stage: Stage) -> None:
    ana = stage.people["Ana"]
    first = await passes(sessions, stage, MONDAY)
    second = await passes(sessions, stage, MONDAY + WEEK)
    assert [await row(sessions, stage, one) for one in (first, second)] == [1, 2]
    async with sessions.begin() as session:
        this, *_ = await answers.open_for(session, ana)
        await answers.save(session, ana, this, {"0": "Late, but here"}, "f1", ENDS + WEEK)
    third = await passes(sessions, stage, MONDAY + 2 * WEEK)
    assert await row(sessions, stage, third) == (1 if this.round.id == second.id else 2)


async def test_a_round_that_was_not_asked_neither_counts_nor_clears(sessions: Sessions, stage: Stage) -> None:
    await passes(sessions, stage, MONDAY)
    await passes(sessions, stage, MONDAY + WEEK, silent=False)
    last = await passes(sessions, stage, MONDAY + 2 * WEEK)
    assert await row(sessions, stage, last) == 2


async def test_a_rest_begins_once_and_what_was_planned_is_not_asked(sessions: Sessions, stage: Stage) -> None:
    this = await stage.opens(sessions)
    assert this is not None
    ana = stage.people["Ana"]

    async def begin() -> int:
        async with sessions.begin() as session:
            return len(await rests.start(session, this, [ana.id], DUE))

    assert sorted(await asyncio.gather(*(begin() for _ in range(3)))) == [0, 0, 1]
    async with sessions() as session:
        assert await rests.ids(session, stage.program_id, stage.check_in.id) == {ana.id}
        assert await rests.ids(session, stage.program_id + 1, stage.check_in.id) == set()
        assert [one.name for one in await rests.of_check_in(session, stage.program_id, stage.check_in.id)] == [ana.name]
        assert ana.id not in {one.member.id for one in await rounds.due_askings(session, DUE, 50)}
        assert await rests.of_member(session, stage.people["Rosa"]) == []


async def test_whoever_is_back_is_asked_in_the_open_round_when_their_moment_is_still_to_come(
    sessions: Sessions, stage: Stage
) -> None:
    this = await stage.opens(sessions)
    assert this is not None
    ana = stage.people["Ana"]
    async with sessions.begin() as session:
        await rests.start(session, this, [ana.id, stage.people["Rosa"].id], DUE - WEEK)
    async with sessions.begin() as session:
        assert await rests.end(session, ana, stage.check_in.id, DUE - timedelta(hours=1))
        assert await rests.end(session, ana, stage.check_in.id, DUE) is None, "it ends once"
        assert await rests.end(session, stage.people["Rosa"], stage.check_in.id, DUE + timedelta(hours=1))
    async with sessions() as session:
        names = {one.member.name for one in await rounds.due_askings(session, DUE + WEEK, 50)}
    assert "Ana Diaz" in names
    assert "Rosa Kim" not in names, "her moment was over: the next round asks her"


async def test_after_a_rest_three_new_rounds_are_counted_and_the_next_rest_is_another_one(
    sessions: Sessions, stage: Stage
) -> None:
    ana = stage.people["Ana"]
    last = [await passes(sessions, stage, MONDAY + number * WEEK) for number in range(3)][-1]
    assert await row(sessions, stage, last) == 3
    async with sessions.begin() as session:
        [first] = await rests.start(session, last, [ana.id], ENDS + 2 * WEEK)
        await rests.end(session, ana, stage.check_in.id, ENDS + 2 * WEEK)
    again = await passes(sessions, stage, MONDAY + 3 * WEEK)
    assert await row(sessions, stage, again) == 1
    async with sessions.begin() as session:
        [second] = await rests.start(session, again, [ana.id], ENDS + 3 * WEEK)
    assert rests.key(second) != rests.key(first)
    assert await how_many(sessions, Rest) == 1


async def test_a_rest_belongs_to_one_person(sessions: Sessions, stage: Stage) -> None:
    this = await stage.opens(sessions)
    assert this is not None
    now: datetime = DUE
    async with sessions.begin() as session:
        [rest] = await rests.start(session, this, [stage.people["Ana"].id], now)
        assert await rests.of_id(session, stage.people["Rosa"], rest.id) is None
        assert await rests.of_id(session, stage.people["Ana"], rest.id) is not None
        assert await rests.end(session, stage.people["Rosa"], stage.check_in.id, now) is None


async def test_another_program_begins_no_rest_in_a_check_in(sessions: Sessions, stage: Stage) -> None:
    this = await stage.opens(sessions)
    assert this is not None
    ana = stage.people["Ana"]
    async with sessions.begin() as session:
        await rests.start(session, this, [ana.id], DUE)
        assert await rests.end(session, ana, stage.check_in.id, DUE)
        elsewhere = (await cast.enter(session, team_id="T0OTHER")).workspace.program_id
        theirs = Round(id=this.id, program_id=elsewhere, check_in_id=this.check_in_id)
        assert await rests.start(session, theirs, [ana.id], DUE) == []
        assert await rests.ids(session, stage.program_id, stage.check_in.id) == set()
