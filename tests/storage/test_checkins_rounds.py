"""Rounds as they are kept: opened once with everybody in few statements, asked once, closed once, answered with every revision."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from handlers import cadence
from storage import answers, checkins, deliveries, outbox, rounds
from storage.answers import Open
from storage.checkins import NewCheckIn, Person
from storage.database import Sessions
from storage.deliveries import Letter
from storage.models import Answer, AnswerRevision, Asking, Base, CheckIn, Delegate, Identity, Member, Prompt, Round
from storage.rounds import NewPrompt
from tests import cast
from tests.cast import Cast

AT = cast.START
MONDAY = date(2026, 10, 5)
DUE = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
ENDS = DUE + timedelta(hours=48)
QUESTION = {"position": 0, "kind": "text", "text": "What moved?", "audience": "cohort"}
EVERYWHERE = {"across_programs": "the test counts all"}


class Stage:
    """A check-in of the cast's cohort, and everybody who is asked."""

    def __init__(self, people: Cast, check_in: CheckIn, asked: list[Person]) -> None:
        self.people, self.check_in, self.asked = people, check_in, asked
        self.program_id = check_in.program_id

    def prompts(self) -> list[NewPrompt]:
        remind_at = DUE + timedelta(hours=36)
        return [NewPrompt(person, DUE, ENDS, remind_at) for person in self.asked]

    async def opens(self, sessions: Sessions, day: date = MONDAY) -> Round | None:
        async with sessions.begin() as session:
            return await rounds.open_round(session, self.check_in, day, [QUESTION], self.prompts(), note="", at=DUE)

    async def prompt_of(self, sessions: Sessions, name: str) -> Open:
        async with sessions() as session:
            [this] = await answers.open_for(session, self.people[name])
        return this


@pytest.fixture
async def stage(sessions: Sessions) -> Stage:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        question = {"kind": "text", "text": "What moved?", "audience": "cohort"}
        new = NewCheckIn(
            people.cohort.id,
            "C0COHORT",
            "Weekly pulse",
            cadence.weekly(MONDAY, 1, [0]),
            time(9),
            48,
            False,
            (question,),
            "k",
        )
        check_in = await checkins.add(session, people["Renee"], people.workspace, new, (MONDAY, DUE), AT)
        assert check_in is not None
        asked = await checkins.people_of(session, people.workspace.program_id, people.cohort.id)
    return Stage(people, check_in, asked)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


async def how_many(sessions: Sessions, table: type[Base]) -> int | None:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(table).execution_options(**EVERYWHERE))


async def test_a_round_is_opened_once_for_a_date_however_many_try(sessions: Sessions, stage: Stage) -> None:
    opened = await asyncio.gather(*(stage.opens(sessions) for _ in range(4)))
    assert len([one for one in opened if one]) == 1
    assert [await how_many(sessions, table) for table in (Round, Prompt, Asking)] == [1, 4, 4]


async def test_a_round_of_two_hundred_opens_and_asks_in_few_statements(sessions: Sessions, stage: Stage) -> None:
    async with sessions.begin() as session:
        for number in range(196):
            values = {"program_id": stage.program_id, "name": f"Person {number}", "created_at": AT}
            session.add(Member(**values, email=f"{number}@example.org", expertise=[]))
        await session.flush()
        members = await session.scalars(
            select(Member).where(Member.program_id == stage.program_id, Member.name.like("Person %"))
        )
        seat_id = stage.people.seats["Memphis"].id
        for member in members:
            session.add(Delegate(program_id=stage.program_id, seat_id=seat_id, member_id=member.id, role="delegate"))
            at = {"workspace_id": stage.people.workspace.id, "member_id": member.id, "created_at": AT}
            session.add(Identity(program_id=stage.program_id, user_id=f"U{member.id}", **at))
    async with sessions() as session:
        stage.asked = await checkins.people_of(session, stage.program_id, stage.people.cohort.id)
    assert len(stage.asked) == 200
    with counted() as statements:
        assert await stage.opens(sessions)
    assert len(statements) <= 8
    with counted() as statements:
        async with sessions.begin() as session:
            due = await rounds.due_askings(session, DUE, 200)
            mine = await rounds.claim(session, stage.program_id, [one.asking.id for one in due], DUE)
            letters = [Letter(one.member.id, f"prompt:{one.asking.id}", {"text": "Hello"}) for one in due]
            owed = await deliveries.owe_all(session, stage.program_id, letters, at=DUE)
    assert (len(mine), len(owed)) == (200, 200)
    assert len(statements) <= 10


async def test_a_crash_between_asking_and_owing_leaves_neither(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)

    async def ask_and_die() -> None:
        async with sessions.begin() as session:
            due = await rounds.due_askings(session, DUE, 50)
            await rounds.claim(session, stage.program_id, [one.asking.id for one in due], DUE)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await ask_and_die()
    async with sessions() as session:
        assert len(await rounds.due_askings(session, DUE, 50)) == 4


async def test_everybody_is_asked_once_although_two_ask_at_the_same_time(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)

    async def ask() -> set[int]:
        async with sessions.begin() as session:
            due = await rounds.due_askings(session, DUE, 50)
            return await rounds.claim(session, stage.program_id, [one.asking.id for one in due], DUE)

    taken = await asyncio.gather(*(ask() for _ in range(3)))
    assert sorted(len(one) for one in taken) == [0, 0, 4]
    async with sessions() as session:
        assert await rounds.next_asking(session) is None


async def test_who_was_asked_or_passed_over_is_not_asked_again(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    async with sessions.begin() as session:
        first, second, *_ = due = await rounds.due_askings(session, DUE, 50)
        ids = [one.asking.id for one in due]
        assert await rounds.claim(session, stage.program_id, ids[:1], DUE) == {first.asking.id}
        await rounds.skip(session, stage.program_id, [second.asking.id], "late")
        assert await rounds.claim(session, stage.program_id, ids, DUE) == set(ids[2:])


async def test_whoever_was_asked_meanwhile_is_not_passed_over(sessions: Sessions, stage: Stage) -> None:
    opened = await stage.opens(sessions)
    assert opened is not None
    async with sessions.begin() as session:
        first, *_ = await rounds.due_askings(session, DUE, 50)
        await rounds.claim(session, stage.program_id, [first.asking.id], DUE)  # by another bot
        await rounds.skip(session, stage.program_id, [first.asking.id], "away")
    async with sessions() as session:
        [standing] = [one for one in await rounds.standings(session, opened) if one.member_id == first.member.id]
    assert (standing.asked, standing.skipped) == (True, None)


async def test_whoever_answered_is_not_reminded(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    this, ana = await stage.prompt_of(sessions, "Ana"), stage.people["Ana"]
    async with sessions.begin() as session:
        due = await rounds.due_askings(session, DUE, 50)
        await rounds.claim(session, stage.program_id, [one.asking.id for one in due], DUE)
        await answers.save(session, ana, this, {"0": "Answered"}, "f1", DUE)
        reminded = await rounds.due_reminders(session, ENDS, 50)
    assert len(reminded) == 3
    assert ana.id not in {one.member.id for one in reminded}


async def test_who_is_asked_later_keeps_the_round_open_and_who_was_asked_stays_asked(
    sessions: Sessions, stage: Stage
) -> None:
    opened = await stage.opens(sessions)
    assert opened is not None
    later, ends = DUE + timedelta(hours=5), ENDS + timedelta(hours=5)
    async with sessions.begin() as session:
        first, second, *_ = await rounds.due_askings(session, DUE, 50)
        await rounds.claim(session, stage.program_id, [first.asking.id], DUE)
        for one in (first, second):
            await rounds.move(session, one, later, ends, None)
        moments = select(Asking.due_at).where(Asking.program_id == stage.program_id)
        for one, due_at in ((first, DUE), (second, later)):
            assert await session.scalar(moments.where(Asking.id == one.asking.id)) == due_at
        assert await rounds.next_closing(session) == ends
        assert not await rounds.close(session, opened, ENDS), "a window was prolonged"
        assert await rounds.close(session, opened, ends)


async def test_rounds_of_two_programs_are_apart(sessions: Sessions, stage: Stage) -> None:
    opened = await stage.opens(sessions)
    assert opened is not None
    async with sessions.begin() as session:
        others = await cast.enter(session, team_id="T0OTHER")
        elsewhere = others.workspace.program_id
        first, *_ = await rounds.due_askings(session, DUE, 50)
        assert await deliveries.owe(session, others["Ana"], f"prompt:{first.asking.id}", {"text": "Hello"}, at=DUE)
    async with sessions() as session:
        assert await rounds.of_id(session, elsewhere, opened.id) is None
        assert await rounds.newest_of(session, elsewhere, stage.check_in.id) is None
        assert await rounds.standings(session, Round(id=opened.id, program_id=elsewhere)) == []
        delivery = await deliveries.find(session, elsewhere, f"prompt:{first.asking.id}")
    async with sessions.begin() as session:
        assert delivery is not None
        await outbox.closed(session, delivery, DUE, "account_inactive")
        assert {one.outcome for one in await rounds.standings(session, opened)} == {None}


async def test_a_prompt_belongs_to_the_one_who_is_asked(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    this = await stage.prompt_of(sessions, "Ana")
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
    async with sessions() as session:
        assert await answers.prompt_for(session, stage.people["Rosa"], this.prompt.id) is None
        assert await answers.prompt_for(session, other["Ana"], this.prompt.id) is None
        assert await answers.prompt_for(session, stage.people["Ana"], this.prompt.id) is not None


async def test_an_answer_keeps_every_revision_and_the_newest_counts(sessions: Sessions, stage: Stage) -> None:
    opened = await stage.opens(sessions)
    assert opened is not None
    this, ana = await stage.prompt_of(sessions, "Ana"), stage.people["Ana"]
    async with sessions.begin() as session:
        assert await answers.save(session, ana, this, {"0": "First"}, "f1", DUE)
    async with sessions.begin() as session:
        assert await answers.save(session, ana, this, {"0": "Second"}, "f2", DUE + timedelta(hours=1))
    async with sessions() as session:
        [given] = await answers.of_round(session, opened)
        assert await answers.of_member(session, ana, this.prompt.id) == {"0": "Second"}
        assert await answers.open_for(session, ana) == []
        later = await answers.prompt_for(session, ana, this.prompt.id)
    assert later is not None
    assert later.prompt.answered_at == DUE, "the moment of the first one counts"
    assert (given.values, given.city, given.late) == ({"0": "Second"}, "Memphis", False)
    assert [await how_many(sessions, table) for table in (Answer, AnswerRevision)] == [1, 2]


async def test_a_form_submitted_again_after_a_lost_answer_changes_nothing(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    this, ana = await stage.prompt_of(sessions, "Ana"), stage.people["Ana"]

    async def submit() -> bool:
        async with sessions.begin() as session:
            return await answers.save(session, ana, this, {"0": "First"}, "the same form", DUE)

    assert sorted(await asyncio.gather(*(submit() for _ in range(3)))) == [False, False, True]
    assert [await how_many(sessions, table) for table in (Answer, AnswerRevision)] == [1, 1]


async def test_an_answer_after_its_own_window_is_late_and_stays_so(sessions: Sessions, stage: Stage) -> None:
    opened = await stage.opens(sessions)
    assert opened is not None
    this, ana = await stage.prompt_of(sessions, "Ana"), stage.people["Ana"]
    async with sessions.begin() as session:
        await answers.save(session, ana, this, {"0": "Late"}, "f1", ENDS + timedelta(minutes=1))
    async with sessions() as session:
        [given] = await answers.of_round(session, opened)
    assert given.late


async def test_answering_early_leaves_nothing_to_ask_and_nothing_to_remind(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    this, ana = await stage.prompt_of(sessions, "Ana"), stage.people["Ana"]
    async with sessions.begin() as session:
        await answers.save(session, ana, this, {"0": "Early"}, "f1", DUE - timedelta(hours=1))
    async with sessions() as session:
        due = await rounds.due_askings(session, DUE, 50)
    assert ana.id not in {one.member.id for one in due}


async def test_who_declines_is_neither_open_nor_reminded_and_may_answer_after_all(
    sessions: Sessions, stage: Stage
) -> None:
    await stage.opens(sessions)
    this, ana = await stage.prompt_of(sessions, "Ana"), stage.people["Ana"]
    async with sessions.begin() as session:
        assert await answers.decline(session, ana, this, DUE)
        assert not await answers.decline(session, ana, this, DUE)
    async with sessions() as session:
        assert await answers.open_for(session, ana) == []
        reminded = await rounds.due_reminders(session, ENDS, 50)
    assert ana.id not in {one.member.id for one in reminded}
    async with sessions.begin() as session:
        assert await answers.save(session, ana, this, {"0": "After all"}, "f1", DUE)
        assert not await answers.decline(session, ana, this, DUE)


async def test_who_answered_has_nothing_left_to_decline(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    this, ana = await stage.prompt_of(sessions, "Ana"), stage.people["Ana"]
    async with sessions.begin() as session:
        assert await answers.save(session, ana, this, {"0": "Here"}, "f1", DUE)
        assert not await answers.decline(session, ana, this, DUE)


async def test_a_reminder_is_taken_once_and_not_after_it_was_refused(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    async with sessions.begin() as session:
        due = await rounds.due_askings(session, DUE, 50)
        ids = [one.asking.id for one in due]
        await rounds.claim(session, stage.program_id, ids, DUE)
        refused = next(one for one in due if one.member.id == stage.people["Ana"].id)
        await rounds.remind_no_more(session, stage.people["Ana"], refused.asking.id)
        await rounds.remind_no_more(session, stage.people["Ana"], next(id_ for id_ in ids if id_ != refused.asking.id))
    async with sessions.begin() as session:
        later = DUE + timedelta(hours=36)
        assert await rounds.next_reminder(session) == later
        due = await rounds.due_reminders(session, later, 50)
        assert len(due) == 3
        ids = [one.asking.id for one in due]
        assert len(await rounds.claim_reminders(session, stage.program_id, ids, later)) == 3
        assert await rounds.claim_reminders(session, stage.program_id, ids, later) == set()


async def test_a_round_closes_once_and_is_archived_by_the_next(sessions: Sessions, stage: Stage) -> None:
    opened = await stage.opens(sessions)
    assert opened is not None
    async with sessions.begin() as session:
        assert await rounds.due_closings(session, ENDS - timedelta(seconds=1), 5) == []
        assert await rounds.next_closing(session) == ENDS
        assert [await rounds.close(session, opened, ENDS) for _ in range(2)] == [True, False]
    async with sessions() as session:
        assert len(await answers.open_for(session, stage.people["Ana"])) == 1, "late answers are taken"
    await stage.opens(sessions, MONDAY + timedelta(days=7))
    async with sessions() as session:
        [this] = await answers.open_for(session, stage.people["Ana"])
        before = await rounds.of_id(session, stage.program_id, opened.id)
    assert this.round.nominal_on == MONDAY + timedelta(days=7)
    assert before is not None
    assert before.archived_at is not None


async def test_a_round_that_is_still_open_when_the_next_begins_is_archived_when_it_closes(
    sessions: Sessions, stage: Stage
) -> None:
    opened = await stage.opens(sessions)
    assert opened is not None
    await stage.opens(sessions, MONDAY + timedelta(days=7))
    async with sessions.begin() as session:
        still = await rounds.of_id(session, stage.program_id, opened.id)
        assert still is not None
        assert still.archived_at is None
        await rounds.close(session, opened, ENDS)
    async with sessions() as session:
        before = await rounds.of_id(session, stage.program_id, opened.id)
        newest = await rounds.newest_of(session, stage.program_id, stage.check_in.id)
    assert before is not None
    assert before.archived_at == ENDS
    assert newest is not None
    assert newest.id != opened.id


async def test_last_time_is_what_the_same_city_said_in_the_round_before(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    async with sessions.begin() as session:
        [ana] = await answers.open_for(session, stage.people["Ana"])
        await answers.save(session, stage.people["Ana"], ana, {"0": "Memphis moved"}, "f1", DUE)
        [keola] = await answers.open_for(session, stage.people["Keola"])
        await answers.save(session, stage.people["Keola"], keola, {"0": "Honolulu moved"}, "f2", DUE)
    await stage.opens(sessions, MONDAY + timedelta(days=7))
    async with sessions() as session:
        this = next(
            one for one in await answers.open_for(session, stage.people["Rosa"]) if one.round.nominal_on > MONDAY
        )
        last = await answers.last_time(session, this)
    assert last is not None
    assert (last[0].name, last[0].values, last[1]) == ("Ana Diaz", {"0": "Memphis moved"}, [QUESTION])


async def test_standings_tell_who_was_reached(sessions: Sessions, stage: Stage) -> None:
    opened = await stage.opens(sessions)
    assert opened is not None
    async with sessions.begin() as session:
        due = await rounds.due_askings(session, DUE, 50)
        first = due[0]
        await rounds.claim(session, stage.program_id, [first.asking.id], DUE)
        await deliveries.owe(session, first.member, f"prompt:{first.asking.id}", {"text": "Hello"}, at=DUE)
        await rounds.skip(session, stage.program_id, [one.asking.id for one in due[1:]], "late")
    async with sessions() as session:
        standing = {one.member_id: one for one in await rounds.standings(session, opened)}
    assert standing[first.member.id].asked
    assert {one.skipped for one in standing.values() if not one.asked} == {"late"}


async def test_what_binds_a_member_to_a_cohort(sessions: Sessions, stage: Stage) -> None:
    async with sessions() as session:
        ana = await answers.ties(session, stage.people["Ana"], stage.check_in, MONDAY)
        renee = await answers.ties(session, stage.people["Renee"], stage.check_in, MONDAY)
    assert (ana.facilitates, ana.seat_ids) == (False, frozenset({stage.people.seats["Memphis"].id}))
    assert (renee.facilitates, renee.seat_ids, renee.in_network) == (True, frozenset(), False)
    assert ana.in_network
