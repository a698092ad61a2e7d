"""Changes of check-ins in the database: one of many counts, rounds keep their terms, and nobody reaches another program's."""

import asyncio
from datetime import UTC, date, datetime, time

from sqlalchemy import select

from storage import check_in_edits, checkin_changes, checkins, drafts, members, rounds
from storage.database import Sessions
from storage.models import CheckIn, Question
from tests import cast, databases
from tests.cast import Cast
from tests.storage.test_checkins import AT, MONDAY, OPENS, QUESTIONS, TODAY, make

LATER = (date(2026, 10, 12), datetime(2026, 10, 12, 15, 0, tzinfo=UTC))


async def asker(sessions: Sessions, name: str, team_id: str = cast.TEAM) -> members.Asker:
    async with sessions() as session:
        found = await members.asker(session, team_id, cast.user_id(name))
    assert found is not None
    return found


async def save(sessions: Sessions, people: Cast, seen: int, **values: object) -> bool:
    async with sessions.begin() as session:
        check_in = await check_in_edits.locked(session, people.workspace.program_id, 1)
        assert check_in is not None
        return await check_in_edits.edit(session, people["Renee"], check_in, seen, values, QUESTIONS[:1], LATER)


async def test_of_many_who_change_a_check_in_at_once_one_counts(sessions: Sessions) -> None:
    people, check_in = await make(sessions)
    await databases.ready_for_a_race(sessions, 4)
    saved = await asyncio.gather(*(save(sessions, people, 0, name=f"Pulse {number}") for number in range(4)))
    assert saved.count(True) == 1
    async with sessions() as session:
        found = await check_in_edits.of_id(session, check_in.program_id, check_in.id)
        assert found is not None
        assert (found.changes, found.name, found.next_on) == (1, f"Pulse {saved.index(True)}", LATER[0])
        assert [one["text"] for one in await checkins.questions_of(session, found)] == ["What moved?"]
        assert await check_in_edits.changed_by(session, found) == "Renee Okonjo"


async def test_a_round_keeps_the_terms_on_which_it_was_opened(sessions: Sessions) -> None:
    people, check_in = await make(sessions)
    async with sessions.begin() as session:
        this = await rounds.open_round(session, check_in, MONDAY, [], [], note="", at=OPENS)
    assert this is not None
    terms = {"at": time(11), "window_hours": 24, "reminds": False, "one_per_city": True, "any_hour": True}
    assert await save(sessions, people, 0, **terms, quiet_from=time(20), quiet_until=time(7))
    async with sessions() as session:
        found = await check_in_edits.of_id(session, check_in.program_id, check_in.id)
        newest = await rounds.newest_of(session, check_in.program_id, check_in.id)
    assert found is not None
    assert newest is not None
    kept = checkins.as_asked(found, newest)
    asked = (kept.at, kept.window_hours, kept.reminds, kept.one_per_city, kept.any_hour, kept.quiet_from)
    assert asked == (time(9), 48, True, False, False, time(18))
    assert (kept.quiet_until, kept.id, kept.changes) == (time(8), check_in.id, 1)


async def test_a_paused_check_in_gets_no_next_round_by_a_change(sessions: Sessions) -> None:
    people, check_in = await make(sessions)
    async with sessions.begin() as session:
        await checkin_changes.pause(session, people["Renee"], check_in.id, AT)
    assert await save(sessions, people, 0, name="Pulse")
    async with sessions() as session:
        found = await check_in_edits.of_id(session, check_in.program_id, check_in.id)
    assert found is not None
    assert (found.name, found.next_on, found.next_at) == ("Pulse", None, None)


async def test_a_check_in_of_another_program_is_neither_found_nor_changed(sessions: Sessions) -> None:
    _, check_in = await make(sessions)
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
        assert await check_in_edits.locked(session, other.workspace.program_id, check_in.id) is None
        assert await check_in_edits.of_id(session, other.workspace.program_id, check_in.id) is None
        assert not await check_in_edits.edit(session, other["Renee"], check_in, 0, {"name": "x"}, (), None)
        query = select(Question.text).where(Question.program_id == check_in.program_id)
        assert len(list(await session.scalars(query))) == 2
        assert await session.scalar(select(CheckIn.name).where(CheckIn.program_id == check_in.program_id)) != "x"
        known = await check_in_edits.cohort_and_namesake(session, other.workspace.program_id, 1, "Weekly pulse")
        assert known is None


async def test_a_draft_comes_with_the_cohort_that_it_names_and_the_rounds_there_are(sessions: Sessions) -> None:
    people, check_in = await make(sessions)
    values = {"cohort": people.cohort.id, "name": "Pulse"}
    async with sessions.begin() as session:
        await drafts.keep(session, people["Renee"], "check-in:1", values, AT)
        await rounds.open_round(session, check_in, MONDAY, [], [], note="", at=OPENS)
    renee = await asker(sessions, "Renee")
    async with sessions() as session:
        found = await check_in_edits.begun(session, renee, "check-in:1", check_in.id)
        assert found is not None
        assert found.cohort is not None
        assert (found.cohort.name, found.zone, found.channel) == (
            "Inclusive procurement",
            "America/New_York",
            "C0COHORT",
        )
        assert (found.newest_on, found.open_on) == (MONDAY, MONDAY)
        assert await check_in_edits.begun(session, renee, "check-in:new") is None


async def test_a_draft_that_names_the_cohort_of_another_program_gets_none(sessions: Sessions) -> None:
    people, _ = await make(sessions)
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
        await drafts.keep(session, other["Renee"], "check-in:new", {"cohort": people.cohort.id}, AT)
    renee = await asker(sessions, "Renee", "T0OTHER")
    async with sessions() as session:
        found = await check_in_edits.begun(session, renee, "check-in:new")
    assert found is not None
    assert (found.cohort, found.channel) == (None, None)


async def test_a_facilitator_chooses_among_their_running_cohorts(sessions: Sessions) -> None:
    await make(sessions)
    for name, count in (("Renee", 1), ("Dana", 1), ("Ana", 0)):
        who = await asker(sessions, name)
        async with sessions() as session:
            assert len(await check_in_edits.cohorts_for(session, who, TODAY)) == count


async def test_a_name_is_taken_in_whatever_letters_but_by_itself(sessions: Sessions) -> None:
    people, check_in = await make(sessions)
    program_id = check_in.program_id
    async with sessions() as session:
        for name, but, taken in (("WEEKLY pulse", 0, True), ("weekly pulse", check_in.id, False), ("Other", 0, False)):
            known = await check_in_edits.cohort_and_namesake(session, program_id, people.cohort.id, name, but)
            assert known is not None
            assert known[1] is taken


async def test_questions_are_kept_with_all_that_they_say(sessions: Sessions) -> None:
    asked = {
        "kind": "choice",
        "text": "Which?",
        "audience": "city",
        "options": {"choices": ["a", "b"]},
        "required": True,
    }
    _, check_in = await make(sessions, questions=(asked,), one_per_city=True, reminds=False)
    async with sessions() as session:
        [kept] = await checkins.questions_of(session, check_in)
    assert kept == {**asked, "position": 0, "anonymous": False}
    assert (check_in.one_per_city, check_in.reminds) == (True, False)
