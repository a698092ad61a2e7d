"""What becomes of a check-in: each change once however many make it, dates kept as text, the last round archived after a while."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from handlers import cadence, rhythm
from handlers.cadence import Cadence
from storage import archives, checkin_changes, checkins, cohort_edits, rounds
from storage.checkins import NewCheckIn
from storage.database import Sessions
from storage.models import CheckIn, Round
from tests import cast, databases
from tests.cast import Cast

AT = cast.START
MONDAY = date(2026, 10, 5)
OPENS = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
LATER = (MONDAY + timedelta(days=7), OPENS + timedelta(days=7))
MONDAYS = cadence.weekly(MONDAY, 1, [0])
QUESTION = {"position": 0, "kind": "text", "text": "What moved?", "audience": "cohort"}


async def make(sessions: Sessions, dates: Cadence = MONDAYS) -> tuple[Cast, CheckIn]:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        question = {name: value for name, value in QUESTION.items() if name != "position"}
        new = NewCheckIn(people.cohort.id, "C0COHORT", "Pulse", dates, time(9), 48, False, (question,), "k1")
        check_in = await checkins.add(session, people["Renee"], people.workspace, new, (MONDAY, OPENS), AT)
    assert check_in is not None
    return people, check_in


async def kept(sessions: Sessions, check_in: CheckIn) -> CheckIn:
    async with sessions() as session:
        return (await checkins.of_id(session, check_in.program_id, check_in.id)).check_in


async def round_of(sessions: Sessions, check_in: CheckIn) -> Round:
    async with sessions() as session:
        found = await rounds.newest_of(session, check_in.program_id, check_in.id)
    assert found
    return found


async def open_and_close(sessions: Sessions, check_in: CheckIn, at: datetime) -> None:
    async with sessions.begin() as session:
        opened = await rounds.open_round(session, check_in, MONDAY, [QUESTION], [], note="", at=at)
        assert opened
        assert await rounds.close(session, opened, at)


@pytest.mark.parametrize(
    "dates",
    [
        cadence.weekly(MONDAY, 2, [0, 3]),
        cadence.monthly_on(MONDAY, 31, 2),
        cadence.monthly_nth(MONDAY, -1, 4),
        cadence.once(MONDAY),
        cadence.without(cadence.around("Convening", -7), MONDAY),
        cadence.without(cadence.weekly(MONDAY, 1, [0]), date(2026, 10, 12)),
    ],
)
async def test_dates_are_read_back_as_they_were_made(sessions: Sessions, dates: Cadence) -> None:
    _, check_in = await make(sessions, dates)
    assert rhythm.cadence_of(await kept(sessions, check_in)) == dates


async def test_a_date_is_left_out_once_however_many_leave_it_out(sessions: Sessions) -> None:
    people, check_in = await make(sessions)
    fewer = cadence.without(MONDAYS, LATER[0])

    async def skip() -> bool:
        async with sessions.begin() as session:
            return await checkin_changes.set_dates(session, people["Renee"], check_in, fewer, (MONDAY, OPENS))

    await databases.ready_for_a_race(sessions, 4)
    assert (await asyncio.gather(*(skip() for _ in range(4)))).count(True) == 1
    now = await kept(sessions, check_in)
    assert (rhythm.cadence_of(now), now.next_on, now.next_at) == (fewer, MONDAY, OPENS)


async def test_a_date_whose_round_opened_meanwhile_is_not_left_out(sessions: Sessions) -> None:
    people, check_in = await make(sessions)
    async with sessions.begin() as session:
        assert await checkin_changes.move_on(session, check_in, *LATER, OPENS)
        fewer = cadence.without(MONDAYS, MONDAY)
        assert not await checkin_changes.set_dates(session, people["Renee"], check_in, fewer, LATER)
    assert rhythm.cadence_of(await kept(sessions, check_in)) == MONDAYS


async def test_a_check_in_is_ended_and_run_by_one_of_many(sessions: Sessions) -> None:
    _, check_in = await make(sessions)

    async def end() -> bool:
        async with sessions.begin() as session:
            return await checkin_changes.end(session, check_in.program_id, check_in.id, AT)

    await databases.ready_for_a_race(sessions, 4)
    assert (await asyncio.gather(*(end() for _ in range(4)))).count(True) == 1
    async with sessions.begin() as session:
        assert not await checkin_changes.begin_at_once(session, check_in, AT)
        assert not await checkin_changes.plan_again(session, check_in, LATER)


async def test_a_paused_check_in_is_neither_run_nor_planned_again(sessions: Sessions) -> None:
    people, check_in = await make(sessions)
    async with sessions.begin() as session:
        await checkin_changes.pause(session, people["Renee"], check_in.id, AT)
        assert not await checkin_changes.begin_at_once(session, check_in, AT)
        assert not await checkin_changes.plan_again(session, check_in, LATER)


async def test_nobody_changes_the_check_in_of_another_program(sessions: Sessions) -> None:
    _, check_in = await make(sessions)
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
        assert not await checkin_changes.end(session, other.workspace.program_id, check_in.id, AT)
        assert not await checkin_changes.set_dates(session, other["Dana"], check_in, MONDAYS, LATER)


async def test_only_what_hangs_on_a_phase_is_looked_at_when_the_phases_change(sessions: Sessions) -> None:
    people, check_in = await make(sessions)
    around = cadence.around("Convening", -7)
    async with sessions.begin() as session:
        seen = await cohort_edits.present(session, people.workspace, people.cohort.id)
        assert seen
        said = [replace(seen.said, phases=(("Convening", day),)) for day in ("2026-10-12", "2026-10-19")]
        assert await cohort_edits.edit(session, people["Dana"], people.workspace, seen, said[0], AT)
    assert (await kept(sessions, check_in)).next_at == OPENS
    async with sessions.begin() as session:
        assert await checkin_changes.set_dates(session, people["Renee"], check_in, around, (MONDAY, OPENS))
        seen = await cohort_edits.present(session, people.workspace, people.cohort.id)
        assert seen
        assert await cohort_edits.edit(session, people["Dana"], people.workspace, seen, said[1], AT)
    assert (await kept(sessions, check_in)).next_at == AT


async def test_the_last_round_of_an_ended_check_in_is_archived_a_month_later(sessions: Sessions) -> None:
    _, check_in = await make(sessions)
    async with sessions.begin() as session:
        assert await checkin_changes.move_on(session, check_in, None, None, OPENS)
    await open_and_close(sessions, check_in, OPENS)
    due_at = OPENS + archives.TAKES_LATE_ANSWERS
    assert (await round_of(sessions, check_in)).archive_at == due_at
    async with sessions() as session:
        assert await archives.next_due(session) == due_at
        assert await archives.due(session, due_at - timedelta(seconds=1), 5) == []
        [this] = await archives.due(session, due_at, 5)
    async with sessions.begin() as session:
        await archives.close(session, this, due_at)
    assert ((await round_of(sessions, check_in)).archived_at, await next_archiving(sessions)) == (due_at, None)


async def test_a_round_that_closed_before_the_end_is_archived_a_month_after_the_end(sessions: Sessions) -> None:
    _, check_in = await make(sessions)
    await open_and_close(sessions, check_in, OPENS)
    assert await next_archiving(sessions) is None, "the next round archives it"
    at = OPENS + timedelta(days=3)
    async with sessions.begin() as session:
        assert await checkin_changes.end(session, check_in.program_id, check_in.id, at)
    assert await next_archiving(sessions) == at + archives.TAKES_LATE_ANSWERS


async def test_an_earlier_round_that_closes_last_is_archived_at_once(sessions: Sessions) -> None:
    _, check_in = await make(sessions)
    async with sessions.begin() as session:
        first = await rounds.open_round(session, check_in, MONDAY, [QUESTION], [], note="", at=OPENS)
        await rounds.open_round(session, check_in, LATER[0], [QUESTION], [], note="", at=OPENS)
        assert first
        assert await rounds.close(session, first, OPENS)
    async with sessions() as session:
        query = select(Round.archived_at).where(Round.program_id == check_in.program_id)
        assert list(await session.scalars(query.order_by(Round.nominal_on))) == [OPENS, None]


async def next_archiving(sessions: Sessions) -> datetime | None:
    async with sessions() as session:
        return await archives.next_due(session)
