"""Rounds that begin with an early answer: made once, completed when they open, and left alone when they never do."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage import answers, checkin_changes, coming, prompting, rounds
from storage.answers import Open
from storage.database import Sessions
from storage.models import Asking, CheckIn, Delegate, Prompt, Round
from storage.prompting import NewPrompt
from tests.storage.test_checkins_rounds import DUE, ENDS, MONDAY, QUESTION, Stage, how_many, stage

__all__ = ["stage"]
EARLIER = DUE - timedelta(days=3)
EARLY_END = ENDS - timedelta(hours=5)
CHANGED = {**QUESTION, "text": "What moved, really?"}


async def begins(sessions: Sessions, stage: Stage, name: str) -> Open:
    """Somebody opens the form of the coming round."""
    person = next(one for one in stage.asked if one.name.startswith(name))
    mine = NewPrompt(person, DUE, EARLY_END, DUE + timedelta(hours=36))
    async with sessions.begin() as session:
        prompt_id = await prompting.begin(session, stage.check_in, MONDAY, [QUESTION], mine, EARLIER)
        this = await answers.prompt_for(session, stage.people[name], prompt_id)
    assert this is not None
    return this


async def answered(sessions: Sessions, stage: Stage, name: str) -> Open:
    this = await begins(sessions, stage, name)
    async with sessions.begin() as session:
        await answers.save(session, stage.people[name], this, {"0": f"{name}, early"}, f"early {name}", EARLIER)
    return this


async def per_city(sessions: Sessions, stage: Stage) -> None:
    stage.check_in.one_per_city = True
    async with sessions.begin() as session:
        query = update(CheckIn).where(CheckIn.program_id == stage.program_id, CheckIn.id == stage.check_in.id)
        await session.execute(query.values(one_per_city=True))


async def due(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        return sorted(one.member.name for one in await rounds.due_askings(session, DUE, 50))


async def test_several_who_answer_early_at_once_begin_one_round(sessions: Sessions, stage: Stage) -> None:
    these = await asyncio.gather(*(answered(sessions, stage, name) for name in ("Ana", "Rosa", "Keola", "Tomas")))
    assert len({this.round.id for this in these}) == 1
    assert [await how_many(sessions, table) for table in (Round, Prompt, Asking)] == [1, 4, 4]


async def test_opening_the_form_twice_begins_nothing_twice(sessions: Sessions, stage: Stage) -> None:
    first, second = await begins(sessions, stage, "Ana"), await begins(sessions, stage, "Ana")
    assert first.prompt.id == second.prompt.id
    assert [await how_many(sessions, table) for table in (Round, Prompt, Asking)] == [1, 1, 1]
    assert await due(sessions) == []
    async with sessions() as session:
        assert await answers.open_for(session, stage.people["Ana"]) == [], "it is not open before it is asked"
        assert await rounds.newest_of(session, stage.program_id, stage.check_in.id) is None


async def test_who_answered_early_is_not_asked_and_the_others_are_with_whole_windows(
    sessions: Sessions, stage: Stage
) -> None:
    ana = await answered(sessions, stage, "Ana")
    opened = await stage.opens(sessions)
    assert opened is not None
    assert opened.id == ana.round.id
    assert await due(sessions) == ["Keola Akana", "Rosa Kim", "Tomas Reyes"]
    assert (await stage.prompt_of(sessions, "Rosa")).own_end == ENDS
    async with sessions() as session:
        assert await rounds.next_closing(session) == ENDS
        [given] = await answers.of_round(session, opened)
    assert (given.values, given.late) == ({"0": "Ana, early"}, False)
    assert await stage.opens(sessions) is None, "it is opened once"


async def test_who_only_looked_is_asked_and_of_the_questions_as_they_are_then(sessions: Sessions, stage: Stage) -> None:
    await begins(sessions, stage, "Ana")
    async with sessions.begin() as session:
        await rounds.open_round(session, stage.check_in, MONDAY, [CHANGED], stage.prompts(), note="", at=DUE)
    assert len(await due(sessions)) == 4
    this = await stage.prompt_of(sessions, "Ana")
    assert this.round.questions == [CHANGED]
    assert not this.round.early


async def test_what_was_answered_keeps_its_questions(sessions: Sessions, stage: Stage) -> None:
    await answered(sessions, stage, "Ana")
    async with sessions.begin() as session:
        await rounds.open_round(session, stage.check_in, MONDAY, [CHANGED], stage.prompts(), note="", at=DUE)
    assert (await stage.prompt_of(sessions, "Rosa")).round.questions == [QUESTION]


async def test_an_early_answer_for_a_city_is_not_asked_of_the_others_of_it(sessions: Sessions, stage: Stage) -> None:
    await per_city(sessions, stage)
    await answered(sessions, stage, "Ana")
    await stage.opens(sessions)
    assert await due(sessions) == ["Keola Akana", "Tomas Reyes"]
    assert [await how_many(sessions, table) for table in (Prompt, Asking)] == [3, 4]


async def test_who_left_the_seat_after_looking_is_not_asked(sessions: Sessions, stage: Stage) -> None:
    await begins(sessions, stage, "Ana")
    others = [one for one in stage.prompts() if one.person.name != "Ana Diaz"]
    async with sessions.begin() as session:
        await rounds.open_round(session, stage.check_in, MONDAY, [QUESTION], others, note="", at=DUE)
    assert await due(sessions) == ["Keola Akana", "Rosa Kim", "Tomas Reyes"]


async def test_a_round_that_is_still_to_be_asked_stays_open_and_one_that_never_is_closes(
    sessions: Sessions, stage: Stage
) -> None:
    await answered(sessions, stage, "Ana")
    async with sessions.begin() as session:
        assert await rounds.due_closings(session, ENDS, 5) == []
        assert await rounds.next_closing(session) is None
        await checkin_changes.pause(session, stage.people["Renee"], stage.check_in.id, DUE)
        [this] = await rounds.due_closings(session, ENDS, 5)
        assert await rounds.next_closing(session) == EARLY_END
        assert await rounds.close(session, this, ENDS)


async def test_an_early_round_archives_nothing_before_it_opens(sessions: Sessions, stage: Stage) -> None:
    before = await stage.opens(sessions, MONDAY - timedelta(days=7))
    assert before is not None
    await answered(sessions, stage, "Ana")
    async with sessions.begin() as session:
        assert await rounds.close(session, before, ENDS)
    query = select(Round.archived_at).where(Round.program_id == stage.program_id, Round.id == before.id)
    async with sessions() as session:
        assert await session.scalar(query) is None, "late answers are still welcome"
    await stage.opens(sessions)
    async with sessions() as session:
        assert await session.scalar(query) is not None


async def test_the_coming_round_is_told_to_who_will_be_asked(sessions: Sessions, stage: Stage) -> None:
    async with sessions() as session:
        [one] = await coming.of_member(session, stage.people["Ana"])
        assert await coming.of_member(session, stage.people["Renee"]) == []
    assert (one.on, one.person.city, one.answered_by) == (MONDAY, "Memphis", None)
    assert one.person == replace(next(each for each in stage.asked if each.name == "Ana Diaz"))
    ana = stage.people["Ana"]
    await answered(sessions, stage, "Ana")
    async with sessions() as session:
        [one] = await coming.of_member(session, ana)
        assert (one.answered_by, one.answered_at) == ((ana.id, "Ana Diaz"), EARLIER)
        [rosa] = await coming.of_member(session, stage.people["Rosa"])
        assert rosa.answered_by is None, "each delegate answers for themselves"


@pytest.mark.parametrize("gone", ["place", "pause", "end"])
async def test_nothing_comes_where_nothing_is_asked(sessions: Sessions, stage: Stage, gone: str) -> None:
    async with sessions.begin() as session:
        if gone == "place":
            query = update(Delegate).where(Delegate.program_id == stage.program_id)
            await session.execute(query.values(until_on=MONDAY - timedelta(days=1)))
        elif gone == "pause":
            await checkin_changes.pause(session, stage.people["Renee"], stage.check_in.id, DUE)
        else:
            await checkin_changes.end(session, stage.program_id, stage.check_in.id, DUE)
        assert await coming.of_member(session, stage.people["Ana"]) == []
