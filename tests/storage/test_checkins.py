"""Check-ins as they are kept: made once, listed for those they concern, moved on by one of many, and never across programs."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select, update

from handlers import cadence
from storage import checkin_changes, checkins
from storage.checkins import NewCheckIn
from storage.database import Sessions
from storage.models import CheckIn, CohortChannel, Delegate
from tests import cast, databases
from tests.cast import Cast

AT = cast.START
TODAY = date(2026, 10, 1)
MONDAY = date(2026, 10, 5)
OPENS = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
MONDAYS = cadence.weekly(MONDAY, 1, [0])
QUESTIONS = (
    {"kind": "text", "text": "What moved?", "audience": "cohort"},
    {"kind": "blocker", "text": "What is in the way?", "audience": "facilitators"},
)


def new(people: Cast, **changes: object) -> NewCheckIn:
    made = NewCheckIn(
        people.cohort.id,
        "C0COHORT",
        "Weekly pulse",
        MONDAYS,
        time(9),
        48,
        any_hour=False,
        questions=QUESTIONS,
        form_key="k1",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def make(sessions: Sessions, **changes: object) -> tuple[Cast, CheckIn]:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        check_in = await checkins.add(
            session, people["Renee"], people.workspace, new(people, **changes), (MONDAY, OPENS), AT
        )
    assert check_in is not None
    return people, check_in


async def test_a_check_in_keeps_its_questions_in_order_and_gives_the_cohort_its_channel(sessions: Sessions) -> None:
    _, check_in = await make(sessions)
    async with sessions() as session:
        questions = await checkins.questions_of(session, check_in)
        of_cohort = select(CohortChannel.channel).where(CohortChannel.program_id == check_in.program_id)
        channel = await session.scalar(of_cohort)
        zone = (await checkins.of_id(session, check_in.program_id, check_in.id)).zone
    assert [(one["position"], one["text"]) for one in questions] == [(0, "What moved?"), (1, "What is in the way?")]
    assert (check_in.number, check_in.next_on, check_in.next_at, channel) == (1, MONDAY, OPENS, "C0COHORT")
    assert zone == "America/New_York"


async def test_the_channel_that_a_cohort_has_stays(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session, channel="C0FIRST")
        await checkins.add(session, people["Renee"], people.workspace, new(people), (MONDAY, OPENS), AT)
    async with sessions() as session:
        query = select(CohortChannel.channel).where(CohortChannel.program_id == people.workspace.program_id)
        assert list(await session.scalars(query)) == ["C0FIRST"]


async def test_a_form_submitted_twice_at_once_makes_one_check_in(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)

    async def submit() -> CheckIn | None:
        async with sessions.begin() as session:
            return await checkins.add(session, people["Renee"], people.workspace, new(people), (MONDAY, OPENS), AT)

    made = await asyncio.gather(*(submit() for _ in range(4)))
    assert len([one for one in made if one]) == 1


async def test_a_check_in_is_listed_for_its_cohort_only(sessions: Sessions) -> None:
    people, check_in = await make(sessions)
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
    async with sessions() as session:
        for name in ("Ana", "Dana", "Renee"):
            assert [one.check_in.id for one in await checkins.listed_for(session, people[name], TODAY)] == [check_in.id]
        for name in ("Ana", "Dana", "Renee"):
            assert await checkins.listed_for(session, other[name], TODAY) == []


async def test_somebody_whose_seat_has_ended_lists_nothing(sessions: Sessions) -> None:
    people, _ = await make(sessions)
    async with sessions.begin() as session:
        ended = update(Delegate).where(Delegate.program_id == people.workspace.program_id)
        ended = ended.where(Delegate.member_id == people["Ana"].id)
        await session.execute(ended.values(until_on=TODAY - timedelta(days=1)))
    async with sessions() as session:
        assert await checkins.listed_for(session, people["Ana"], TODAY) == []
        assert len(await checkins.listed_for(session, people["Ana"], TODAY - timedelta(days=1))) == 1


async def test_only_one_of_many_moves_a_check_in_on(sessions: Sessions) -> None:
    _, check_in = await make(sessions)
    following = MONDAY + timedelta(days=7)

    async def move() -> bool:
        async with sessions.begin() as session:
            [due] = await checkins.due(session, OPENS, 5) or [check_in]
            return await checkin_changes.move_on(session, due, following, OPENS + timedelta(days=7), OPENS)

    await databases.ready_for_a_race(sessions, 4)
    moved = await asyncio.gather(*(move() for _ in range(4)))
    assert moved.count(True) == 1
    async with sessions() as session:
        listed = await checkins.of_id(session, check_in.program_id, check_in.id)
        assert (listed.check_in.next_on, await checkins.due(session, OPENS, 5)) == (following, [])


async def test_who_saw_an_earlier_round_does_not_move_on_the_one_after_it(sessions: Sessions) -> None:
    """After a stop several rounds may be due at once."""
    _, check_in = await make(sessions)
    at, turns = OPENS + timedelta(days=30), [timedelta(days=7), timedelta(days=14)]
    moved = []
    for turn in turns:
        async with sessions.begin() as session:
            moved.append(await checkin_changes.move_on(session, check_in, MONDAY + turn, OPENS + turn, at))
    assert moved == [True, False]


async def test_a_paused_check_in_is_never_due_and_goes_on_when_resumed(sessions: Sessions) -> None:
    people, check_in = await make(sessions)
    async with sessions.begin() as session:
        assert await checkin_changes.pause(session, people["Renee"], check_in.id, AT)
        assert not await checkin_changes.pause(session, people["Renee"], check_in.id, AT)
    async with sessions() as session:
        assert await checkins.due(session, OPENS + timedelta(days=99), 5) == []
        assert await checkins.next_due(session) is None
    async with sessions.begin() as session:
        assert await checkin_changes.resume(session, people["Renee"], check_in.id, (MONDAY, OPENS))
        assert not await checkin_changes.resume(session, people["Renee"], check_in.id, (MONDAY, OPENS))
    async with sessions() as session:
        assert [one.id for one in await checkins.due(session, OPENS, 5)] == [check_in.id]
        assert await checkins.next_due(session) == OPENS


async def test_a_check_in_that_ended_does_not_go_on(sessions: Sessions) -> None:
    people, check_in = await make(sessions)
    async with sessions.begin() as session:
        assert await checkin_changes.end(session, check_in.program_id, check_in.id, AT)
        assert not await checkin_changes.end(session, check_in.program_id, check_in.id, AT)
        assert not await checkin_changes.pause(session, people["Renee"], check_in.id, AT)
        assert not await checkin_changes.move_on(session, check_in, MONDAY, OPENS, AT)
    async with sessions() as session:
        assert await checkins.next_due(session) is None
        assert await checkins.due(session, OPENS, 5) == []


async def test_nobody_pauses_the_check_in_of_another_program(sessions: Sessions) -> None:
    _, check_in = await make(sessions)
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
        assert not await checkin_changes.pause(session, other["Dana"], check_in.id, AT)


async def test_sponsors_are_not_asked_and_people_come_with_their_zone_and_state(sessions: Sessions) -> None:
    people, _ = await make(sessions)
    async with sessions.begin() as session:
        seat = {"program_id": people.workspace.program_id, "seat_id": people.seats["Memphis"].id}
        session.add(Delegate(**seat, member_id=people["Dana"].id, role="sponsor"))
    async with sessions() as session:
        found = await checkins.people_of(session, people.workspace.program_id, people.cohort.id)
    assert [(one.name, one.city, one.days.state, one.zone) for one in found] == [
        ("Keola Akana", "Honolulu", "HI", "Pacific/Honolulu"),
        ("Ana Diaz", "Memphis", "TN", "America/Chicago"),
        ("Rosa Kim", "Memphis", "TN", "America/Chicago"),
        ("Tomas Reyes", "Phoenix", "AZ", "America/Phoenix"),
    ]


async def test_a_channel_is_looked_at_once_however_many_look(sessions: Sessions) -> None:
    await make(sessions)
    async with sessions() as session:
        [(check_in, _)] = await checkins.channels_to_check(session, AT)
        assert await checkins.next_channel_check(session) == AT
    async with sessions.begin() as session:
        assert [await checkins.channel_checked(session, check_in) for _ in range(2)] == [True, False]
    async with sessions() as session:
        assert await checkins.channels_to_check(session, AT) == []
