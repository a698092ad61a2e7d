"""A handover is taken back by who did it, once, and only while nobody built on it; on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from storage import commitments, handovers, owners, seat_changes, seats, turnover
from storage.commitments import New
from storage.database import Sessions
from storage.handovers import End, Handed
from storage.models import Delegate, SeatChange
from storage.seats import Putting
from tests import cast

SINCE = date(2026, 10, 5)
FIRST_DAY = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
LATER = FIRST_DAY + timedelta(days=3)


@pytest.fixture
async def people(sessions: Sessions) -> cast.Cast:
    async with sessions.begin() as session:
        return await cast.enter(session)


async def handed(sessions: Sessions, people: cast.Cast, takes: tuple[int, ...] = ()) -> Handed:
    """Renee hands Ana's seat to Tomas; Rosa's place ends with it, as if she were the same person."""
    renee, program_id = people["Renee"], people.workspace.program_id
    async with sessions.begin() as session:
        for name in ("Ana", "Rosa"):
            place = await seats.place(session, program_id, people.delegates[name].id)
            assert place is not None
            assert await seats.end(session, renee, place, SINCE - timedelta(days=1), "handed over")
        putting = Putting(people.seats["Memphis"].id, "lead", SINCE, form_key="one")
        after = await seats.put(session, people["Tomas"], putting)
        ana = await seats.place(session, program_id, people.delegates["Ana"].id)
        assert after is not None
        assert ana is not None
        await seats.follow(session, renee, ana, after, takes, "a note")
    return Handed(people.delegates["Ana"].id, after, SINCE, End(), None, [(people.delegates["Rosa"].id, End())])


async def rows(sessions: Sessions, people: cast.Cast) -> dict[int, Delegate]:
    async with sessions() as session:
        query = select(Delegate).where(Delegate.program_id == people.workspace.program_id)
        return {row.id: row for row in await session.scalars(query)}


async def test_before_its_second_day_it_was_never_there(sessions: Sessions, people: cast.Cast) -> None:
    this = await handed(sessions, people)
    async with sessions.begin() as session:
        assert await handovers.take_back(session, people["Dana"], this, FIRST_DAY) is None, "she did not do it"
        other_end = replace(this, since_on=SINCE + timedelta(days=1))
        assert await handovers.take_back(session, people["Renee"], other_end, FIRST_DAY) is None
        back = await handovers.take_back(session, people["Renee"], this, FIRST_DAY)
        assert back is not None
        assert back.ended_at is None
        assert await handovers.take_back(session, people["Renee"], this, FIRST_DAY) is None, "it was taken back"
    kept = await rows(sessions, people)
    assert this.after not in kept
    for name in ("Ana", "Rosa"):
        one = kept[people.delegates[name].id]
        assert (one.until_on, one.ended_by, one.why, one.note, one.successor_id) == (None, None, "", "", None)


async def test_afterwards_who_came_keeps_the_days_in_the_history(sessions: Sessions, people: cast.Cast) -> None:
    this = await handed(sessions, people)
    async with sessions.begin() as session:
        for due in await turnover.due_ends(session, FIRST_DAY, 9):
            assert await turnover.settle(session, due.place, FIRST_DAY)
    async with sessions.begin() as session:
        back = await handovers.take_back(session, people["Renee"], this, LATER)
        assert back is not None
        assert back.ended_at == FIRST_DAY
        assert await turnover.due_ends(session, LATER + timedelta(days=9), 9) == []
    gone = (await rows(sessions, people))[this.after]
    assert (gone.until_on, gone.ended_at, gone.greeting) == (date(2026, 10, 7), LATER, None)


async def test_what_others_built_on_it_keeps_it(sessions: Sessions, people: cast.Cast) -> None:
    this = await handed(sessions, people)
    async with sessions.begin() as session:
        place = await seats.place(session, people.workspace.program_id, this.after)
        assert place is not None
        assert await seats.end(session, people["Dana"], place, date(2026, 12, 1), "moved")
    async with sessions.begin() as session:
        assert await handovers.take_back(session, people["Renee"], this, FIRST_DAY) is None


async def test_programs_stay_apart(sessions: Sessions, people: cast.Cast) -> None:
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
    this = await handed(sessions, people)
    async with sessions.begin() as session:
        assert await handovers.take_back(session, other["Renee"], this, FIRST_DAY) is None
    assert this.after in await rows(sessions, people)


async def test_commitments_go_back_as_they_were_but_those_that_were_touched(
    sessions: Sessions, people: cast.Cast
) -> None:
    ana, tomas, city = people["Ana"], people["Tomas"], people.cities["Memphis"].id
    ids = []
    async with sessions.begin() as session:
        for text in ("one", "two", "three"):
            new = New(text, SINCE, "city", people.cohort.id, city, nudge_at=None)
            ids.append((await commitments.record(session, ana, new, cast.START)).commitment.id)
        await commitments.let_go(session, ana, "left", cast.START, seat=people.seats["Memphis"])
        passed = await owners.pass_on(session, ana, tomas, ids, "with the seat", FIRST_DAY)
        moved = {"due_on": SINCE + timedelta(days=9)}
        assert await commitments.change(session, tomas, passed[1], "moved", moved, at=FIRST_DAY)
    async with sessions.begin() as session:
        assert len(await owners.pass_back(session, tomas, ana, ids, LATER, "back", LATER)) == 3, "handed over earlier"
        kept = await owners.pass_back(session, tomas, ana, ids[:2], FIRST_DAY, "back", LATER)
        assert [one.id for one in kept] == [ids[1]]
        again = {one.id: one.state for one in await owners.open_of(session, ana.program_id, ana.id)}
        assert again == {ids[0]: "needs_owner"}
        assert {one.id for one in await owners.open_of(session, ana.program_id, tomas.id)} == {ids[1], ids[2]}


async def test_a_form_is_saved_once_and_each_step_is_taken_once(sessions: Sessions, people: cast.Cast) -> None:
    renee, dana = people["Renee"], people["Dana"]

    async def save(key: str) -> bool:
        async with sessions.begin() as session:
            return await seat_changes.save(
                session, renee, people.workspace, "add", cohort_id=people.cohort.id, form_key=key, said={}, at=LATER
            )

    assert await save("one")
    assert not await save("one")
    async with sessions() as session:
        [seen] = await seat_changes.due(session, LATER, 9)
        [twin] = await seat_changes.due(session, LATER, 9)
        assert await seat_changes.next_due(session) == LATER
        assert await seat_changes.is_saved(session, renee.program_id, "one")
        assert not await seat_changes.is_saved(session, renee.program_id + 1, "one")
    async with sessions.begin() as session:
        assert await seat_changes.hold(session, seen, LATER + timedelta(seconds=30))
        assert not await seat_changes.hold(session, twin, LATER + timedelta(seconds=30)), "somebody else tries it"
        assert await seat_changes.due(session, LATER, 9) == []
    async with sessions.begin() as session:
        assert not await seat_changes.take_back(session, renee, seen.id, LATER), "it is not done yet"
        assert await seat_changes.settle(session, seen, seat_changes.DONE)
    async with sessions.begin() as session:
        assert not await seat_changes.settle(session, twin, seat_changes.DONE)
        await seat_changes.note(session, seen, {"after": 1})
        assert not await seat_changes.take_back(session, dana, seen.id, LATER)
        assert await seat_changes.take_back(session, renee, seen.id, LATER)
        assert not await seat_changes.take_back(session, renee, seen.id, LATER)
    async with sessions() as session:
        one = (await session.scalars(select(SeatChange).where(SeatChange.program_id == renee.program_id))).one()
    assert (one.state, one.due_at, one.done) == (seat_changes.UNDOING, LATER, {"after": 1})


async def test_who_is_meant_comes_with_their_places_on_the_seat(sessions: Sessions, people: cast.Cast) -> None:
    here, cohort_id = people.workspace, people.cohort.id
    async with sessions() as session:
        by_id = await seats.meant(
            session, here, cast.user_id("Ana"), None, cohort_id=cohort_id, city=people.cities["Memphis"].id
        )
        assert [(member.name, len(held)) for member, held in by_id] == [("Ana Diaz", 1)]
        by_name = await seats.meant(session, here, None, "ana@example.org", cohort_id=cohort_id, city=("memphis", "TN"))
        assert [len(held) for _, held in by_name] == [1]
        elsewhere = await seats.meant(
            session, here, "U0ROSA", "ana@example.org", cohort_id=cohort_id, city=("Phoenix", "AZ")
        )
        assert [(member.name, held) for member, held in elsewhere] == [("Ana Diaz", []), ("Rosa Kim", [])]
        assert await seats.meant(session, here, None, None, cohort_id=cohort_id, city=1) == []
