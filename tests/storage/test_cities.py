"""One answer for a city, as it is kept: asked of all who have the seat, given by whoever is first, with every version and its author."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from storage import answers, cities, prompting, rounds
from storage.answers import Open
from storage.askings import OPEN_END
from storage.database import Sessions
from storage.models import Answer, AnswerRevision, Asking, CheckIn, Delegate, Prompt, Round
from storage.prompting import NewPrompt
from tests.storage.test_checkins_rounds import DUE, ENDS, MONDAY, QUESTION, Stage, how_many, stage

__all__ = ["stage"]
LATER = timedelta(hours=2)


@pytest.fixture
async def city(sessions: Sessions, stage: Stage) -> Stage:
    """The same check-in with one answer for each city; Rosa is asked two hours after Ana."""
    stage.check_in.one_per_city = True
    async with sessions.begin() as session:
        query = update(CheckIn).where(CheckIn.program_id == stage.program_id, CheckIn.id == stage.check_in.id)
        await session.execute(query.values(one_per_city=True))
        await rounds.open_round(session, stage.check_in, MONDAY, [QUESTION], prompts(stage), note="", at=DUE)
    return stage


def prompts(stage: Stage) -> list[NewPrompt]:
    later = {"Rosa Kim": LATER}
    spans = [(person, later.get(person.name, timedelta())) for person in stage.asked]
    return [NewPrompt(person, DUE + by, ENDS + by, DUE + by + timedelta(hours=36)) for person, by in spans]


async def asked(sessions: Sessions, stage: Stage) -> dict[str, int]:
    """Everybody whose moment has come is asked; their askings by name."""
    async with sessions.begin() as session:
        due = await rounds.due_askings(session, DUE, 50)
        await rounds.claim(session, stage.program_id, [one.asking.id for one in due], DUE)
    return {one.member.name: one.asking.id for one in due}


async def skipped(sessions: Sessions, asking_id: int) -> str | None:
    async with sessions() as session:
        query = select(Asking.skipped).where(Asking.id == asking_id)
        return await session.scalar(query.execution_options(across_programs="the test reads one"))


async def test_a_city_has_one_prompt_and_everybody_of_it_an_asking_with_a_window_of_their_own(
    sessions: Sessions, city: Stage
) -> None:
    assert [await how_many(sessions, table) for table in (Round, Prompt, Asking)] == [1, 3, 4]
    ana, rosa = await city.prompt_of(sessions, "Ana"), await city.prompt_of(sessions, "Rosa")
    assert ana.prompt.id == rosa.prompt.id
    assert (ana.own_end, rosa.own_end, ana.prompt.ends_at) == (ENDS, ENDS + LATER, ENDS + LATER)
    assert ana.open_until(ENDS) == ENDS
    assert ana.open_until(ENDS + timedelta(minutes=1)) == ENDS + LATER, "Rosa may still answer for both"


async def test_after_the_answer_nobody_else_of_the_city_is_asked_or_reminded(sessions: Sessions, city: Stage) -> None:
    ana, rosa = await city.prompt_of(sessions, "Ana"), await city.prompt_of(sessions, "Rosa")
    await asked(sessions, city)
    async with sessions.begin() as session:
        await answers.save(session, city.people["Ana"], ana, {"0": "For Memphis"}, "f1", DUE)
        due = await rounds.due_askings(session, DUE + LATER, 50)
        reminded = await rounds.due_reminders(session, ENDS, 50)
        assert await answers.open_for(session, city.people["Rosa"]) == []
    memphis = {city.people["Ana"].id, city.people["Rosa"].id}
    assert memphis.isdisjoint(one.member.id for one in (*due, *reminded))
    assert await skipped(sessions, rosa.asking.id) == "answered"


async def test_whoever_was_asked_already_is_not_reminded_after_the_other_answered(
    sessions: Sessions, city: Stage
) -> None:
    rosa = await city.prompt_of(sessions, "Rosa")
    await asked(sessions, city)
    async with sessions.begin() as session:
        await answers.save(session, city.people["Rosa"], rosa, {"0": "Before my turn"}, "f1", DUE)
        reminded = await rounds.due_reminders(session, ENDS, 50)
    assert city.people["Ana"].id not in {one.member.id for one in reminded}


async def test_two_who_answer_at_the_same_moment_are_both_kept(sessions: Sessions, city: Stage) -> None:
    forms = {name: await city.prompt_of(sessions, name) for name in ("Ana", "Rosa")}

    async def submit(name: str, number: int) -> bool:
        async with sessions.begin() as session:
            said = {"0": f"{name} {number}"}
            return await answers.save(session, city.people[name], forms[name], said, f"{name}{number}", DUE)

    saved = await asyncio.gather(*(submit(name, number) for number in range(4) for name in forms))
    assert all(saved)
    assert [await how_many(sessions, table) for table in (Answer, AnswerRevision)] == [1, 8]
    async with sessions() as session:
        told = await cities.revisions(session, city.program_id, forms["Ana"].prompt.id)
        [given] = await answers.of_round(session, forms["Ana"].round)
    assert sorted(one.values["0"] for one in told) == [f"{name} {n}" for name in ("Ana", "Rosa") for n in range(4)]
    assert all(one.name.startswith(one.values["0"].split()[0]) for one in told)
    assert given.values == told[-1].values, "the last one counts"
    assert given.member_id == told[0].member_id, "the first one answered for the city"


async def test_a_pass_holds_for_the_person_as_long_as_somebody_is_left(sessions: Sessions, city: Stage) -> None:
    ana, rosa = await city.prompt_of(sessions, "Ana"), await city.prompt_of(sessions, "Rosa")
    asking_ids = await asked(sessions, city)
    async with sessions.begin() as session:
        assert await answers.decline(session, city.people["Ana"], ana, DUE)
        assert not await answers.decline(session, city.people["Ana"], ana, DUE)
        assert await answers.open_for(session, city.people["Ana"]) == []
        assert len(await answers.open_for(session, city.people["Rosa"])) == 1
        reminded = await rounds.due_reminders(session, ENDS, 50)
        assert city.people["Ana"].id not in {one.member.id for one in reminded}
        people = await rounds.standings(session, ana.round)
        assert [one.name for one in people if one.declined] == ["Ana Diaz"]
    async with sessions.begin() as session:
        assert await answers.decline(session, city.people["Rosa"], rosa, DUE)
        people = await rounds.standings(session, ana.round)
    assert [one.name for one in people if one.declined] == ["Ana Diaz", "Rosa Kim"]
    assert (await prompt(sessions, ana)).declined_at is not None
    assert asking_ids["Ana Diaz"] == ana.asking.id


async def test_a_pass_is_for_the_city_when_the_other_one_is_not_asked(sessions: Sessions, city: Stage) -> None:
    ana, rosa = await city.prompt_of(sessions, "Ana"), await city.prompt_of(sessions, "Rosa")
    async with sessions.begin() as session:
        await rounds.skip(session, city.program_id, [rosa.asking.id], "away")
        await answers.decline(session, city.people["Ana"], ana, DUE)
    assert (await prompt(sessions, ana)).declined_at == DUE


async def test_two_who_pass_at_the_same_moment_pass_for_the_city(sessions: Sessions, city: Stage) -> None:
    forms = {name: await city.prompt_of(sessions, name) for name in ("Ana", "Rosa")}

    async def passes(name: str) -> bool:
        async with sessions.begin() as session:
            return await answers.decline(session, city.people[name], forms[name], DUE)

    assert await asyncio.gather(*(passes(name) for name in forms)) == [True, True]
    assert (await prompt(sessions, forms["Ana"])).declined_at == DUE


async def test_an_answer_is_late_after_the_last_window_of_the_city(sessions: Sessions, city: Stage) -> None:
    ana = await city.prompt_of(sessions, "Ana")
    async with sessions.begin() as session:
        await answers.save(session, city.people["Ana"], ana, {"0": "Rosa still could"}, "f1", ENDS + LATER)
    async with sessions() as session:
        [given] = await answers.of_round(session, ana.round)
    assert not given.late


async def test_who_is_moved_moves_the_end_of_the_city_and_not_the_window_of_the_others(
    sessions: Sessions, city: Stage
) -> None:
    async with sessions.begin() as session:
        due = await rounds.due_askings(session, DUE + LATER, 50)
        rosa = next(one for one in due if one.member.id == city.people["Rosa"].id)
        await rounds.move(session, rosa, DUE + 3 * LATER, ENDS + 3 * LATER, None)
    ana = await city.prompt_of(sessions, "Ana")
    assert (ana.own_end, ana.prompt.due_at, ana.prompt.ends_at) == (ENDS, DUE, ENDS + 3 * LATER)
    async with sessions() as session:
        assert await rounds.next_closing(session) == ENDS + 3 * LATER


async def test_who_changed_an_answer_is_named_beside_who_gave_it(sessions: Sessions, city: Stage) -> None:
    ana, rosa = await city.prompt_of(sessions, "Ana"), await city.prompt_of(sessions, "Rosa")
    async with sessions.begin() as session:
        await answers.save(session, city.people["Ana"], ana, {"0": "First"}, "f1", DUE)
        await answers.save(session, city.people["Rosa"], rosa, {"0": "Second"}, "f2", DUE)
    async with sessions() as session:
        [given] = await answers.of_round(session, ana.round)
        other = await cities.revisions(session, city.program_id + 1, ana.prompt.id)
        strangers = await cities.on(session, city.program_id + 1, [ana.prompt.id])
    assert (given.by, given.values) == ("Ana Diaz, changed by Rosa Kim", {"0": "Second"})
    assert (other, strangers) == ([], []), "another program sees nothing of it"


async def test_the_answer_of_a_city_belongs_to_who_has_the_seat(sessions: Sessions, city: Stage) -> None:
    assert (await city.prompt_of(sessions, "Ana")).sits_until == OPEN_END
    async with sessions.begin() as session:
        place = update(Delegate).where(Delegate.program_id == city.program_id)
        place = place.where(Delegate.member_id == city.people["Ana"].id)
        await session.execute(place.values(until_on=MONDAY))
    assert (await city.prompt_of(sessions, "Ana")).sits_until == MONDAY
    assert (await city.prompt_of(sessions, "Rosa")).sits_until == OPEN_END
    async with sessions.begin() as session:
        await session.execute(place.values(role="sponsor"))
    assert (await city.prompt_of(sessions, "Ana")).sits_until is None, "who only looks on does not answer for the city"


async def prompt(sessions: Sessions, this: Open) -> Prompt:
    async with sessions() as session:
        query = select(Prompt).where(Prompt.program_id == this.prompt.program_id, Prompt.id == this.prompt.id)
        return (await session.scalars(query)).one()


async def test_the_subject_of_a_prompt_says_whether_it_is_for_a_city(sessions: Sessions, city: Stage) -> None:
    async with sessions() as session:
        query = select(func.count()).where(Prompt.program_id == city.program_id, Prompt.subject.like("seat:%"))
        assert await session.scalar(query) == 3
    assert prompting.for_city((await city.prompt_of(sessions, "Ana")).prompt)
