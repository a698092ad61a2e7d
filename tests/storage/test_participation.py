"""How cohorts take part, and which messages did not arrive, as facilitators see it; on both databases."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import answers, participation, turnout
from storage.database import Sessions
from storage.models import Asking, CheckIn, Delegate, Delivery, Owed, Prompt, Round
from storage.turnout import Closed
from tests import cast
from tests.cast import Cast

TODAY = date(2026, 10, 1)
WHO = ("Ana", "Rosa", "Keola", "Tomas")


async def rounds(session: AsyncSession, people: Cast, at: datetime, *answers: str) -> None:
    """A closed round for each text, which names who answered; everybody else was asked in vain, `-Name` passed, `!Name` was not asked."""
    program_id = people.workspace.program_id
    common = {"program_id": program_id}
    check_in = CheckIn(**common, number=1, cohort_id=people.cohort.id, name="Pulse", at=time(9))
    check_in.created_by, check_in.created_at = people["Dana"].id, at
    session.add(check_in)
    await session.flush()
    for week, told in enumerate(answers):
        when, said = at + timedelta(days=7 * week), told.split()
        opened = Round(**common, check_in_id=check_in.id, nominal_on=when.date(), questions=[], opened_at=when)
        opened.closes_at = opened.closed_at = when
        session.add(opened)
        await session.flush()
        for name in WHO:
            seat_id = people.delegates[name].seat_id
            prompt = Prompt(**common, round_id=opened.id, subject=name, seat_id=seat_id, due_at=when, ends_at=when)
            prompt.answered_at = when if name in said else None
            prompt.declined_at = when if f"-{name}" in said else None
            session.add(prompt)
            await session.flush()
            asked_at = None if f"!{name}" in said else when
            session.add(
                Asking(**common, prompt_id=prompt.id, member_id=people[name].id, due_at=when, asked_at=asked_at)
            )
    await session.flush()


async def test_a_city_answers_when_any_of_its_delegates_does_and_the_last_five_rounds_count(
    sessions: Sessions, at: datetime
) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        told = ("Keola", "Ana", "Rosa -Tomas", "Ana Rosa", "!Keola Ana", "Ana Keola")
        await rounds(session, people, at, *told)
        program_id = people.workspace.program_id
        found, _ = await participation.of(session, program_id, [people.cohort.id], TODAY, at)
        other = await participation.of(session, program_id, [people.cohort.id + 1], TODAY, at)
    bars: dict[str, str] = {}
    for turn in found:
        bars[turn.city] = bars.get(turn.city, "") + ("a" if turn.answered else "p" if turn.declined else ".")
    assert bars == {"Honolulu, HI": "...a", "Memphis, TN": "aaaaa", "Phoenix, AZ": ".p..."}
    assert other == ([], [])


async def test_quiet_is_who_answered_none_of_three_and_still_sits_there(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        await rounds(session, people, at, "Rosa Tomas", "Ana", "Ana -Keola", "Ana !Tomas")
        program_id = people.workspace.program_id
        _, found = await participation.of(session, program_id, None, TODAY, at)
        assert [(one.name, one.city, one.missed, one.read_at) for one in found] == [
            ("Rosa Kim", "Memphis, TN", 3, None),
            ("Tomas Reyes", "Phoenix, AZ", 2, None),
        ]
        left = update(Delegate).where(Delegate.program_id == program_id, Delegate.member_id == people["Rosa"].id)
        await session.execute(left.values(until_on=TODAY - timedelta(days=1)))
        _, found = await participation.of(session, program_id, None, TODAY, at)
        assert [one.name for one in found] == ["Tomas Reyes"]


async def test_an_answer_or_a_pass_that_comes_late_is_counted_although_the_round_was_counted_before(
    sessions: Sessions, at: datetime
) -> None:
    long_after = at + timedelta(days=60)
    async with sessions.begin() as session:
        people = await cast.enter(session)
        await rounds(session, people, at, "", "")
        program_id = people.workspace.program_id

    async def marks() -> dict[str, str]:
        async with sessions() as session:
            turns, _ = await participation.of(session, program_id, None, TODAY, long_after)
        told: dict[str, str] = {}
        for turn in turns:
            told[turn.city[:3]] = told.get(turn.city[:3], "") + (
                "a" if turn.answered else "p" if turn.declined else "."
            )
        return told

    assert await marks() == {"Hon": "..", "Mem": "..", "Pho": ".."}
    async with sessions.begin() as session:
        [late, *_] = await answers.open_for(session, people["Keola"])
        assert await answers.save(session, people["Keola"], late, {"0": "Late"}, "form", long_after)
        await answers.note_late(session, late, long_after)
    assert await marks() == {"Hon": "a.", "Mem": "..", "Pho": ".."}
    async with sessions.begin() as session:
        [late, *_] = await answers.open_for(session, people["Tomas"])
        assert await answers.decline(session, people["Tomas"], late, long_after)
    assert await marks() == {"Hon": "a.", "Mem": "..", "Pho": "p."}


async def test_whom_the_message_did_not_reach_is_neither_missing_nor_quiet(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        await rounds(session, people, at, "Ana", "Ana")
        program_id = people.workspace.program_id
        keola = select(Asking.id).where(Asking.program_id == program_id, Asking.member_id == people["Keola"].id)
        for number, asking_id in enumerate(await session.scalars(keola)):
            row = Delivery(program_id=program_id, workspace_id=people.workspace.id, kind="post", place="U1", due_at=at)
            row.settled_at, row.outcome = at, ("user_not_found", "expired")[number]
            session.add(row)
            await session.flush()
            owed = Owed(program_id=program_id, delivery_id=row.id, key=f"prompt:{asking_id}", own_accord=True)
            owed.priority, owed.payload, owed.created_at = 1, {}, at
            session.add(owed)
        await session.flush()
        turns, quiet = await participation.of(session, program_id, None, TODAY, at)
    assert {turn.city for turn in turns} == {"Memphis, TN", "Phoenix, AZ"}
    assert [one.name for one in quiet] == ["Rosa Kim", "Tomas Reyes"]


async def test_a_round_that_has_just_closed_is_counted_each_time(sessions: Sessions, at: datetime) -> None:
    """Somebody's answer may have begun before the round was closed, and be committed after it was counted."""
    async with sessions.begin() as session:
        people = await cast.enter(session)
        await rounds(session, people, at, "")
        program_id = people.workspace.program_id
    answered = []
    for _ in range(2):
        async with sessions() as session:
            turns, _ = await participation.of(session, program_id, None, TODAY, at + timedelta(seconds=1))
        answered.append(sum(turn.answered for turn in turns))
        async with sessions.begin() as session:
            everybody = update(Prompt).where(Prompt.program_id == program_id)
            await session.execute(everybody.values(answered_at=at))
    assert answered == [0, 3]


async def test_failures_are_told_by_place_with_the_reason_and_only_of_ones_own_cohorts(
    sessions: Sessions, at: datetime
) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session, channel="C0COHORT")
        program_id = people.workspace.program_id
        places = (
            ("U0ANA", "Ana", "user_not_found"),
            ("C0COHORT", None, "is_archived"),
            ("C0OTHER", None, "is_archived"),
        )
        for number, (place, name, outcome) in enumerate((*places, ("U0ANA", "Ana", "sent"), places[0])):
            row = Delivery(program_id=program_id, workspace_id=people.workspace.id, kind="post", place=place, due_at=at)
            row.settled_at, row.outcome = at + timedelta(hours=number), outcome
            session.add(row)
            await session.flush()
            owed = Owed(program_id=program_id, delivery_id=row.id, key=f"k{number}", own_accord=False, priority=0)
            owed.payload, owed.created_at, owed.member_id = {}, at, people[name].id if name else None
            session.add(owed)
        await session.flush()
        every = await participation.failures(session, program_id, None, at)
        own = await participation.failures(session, program_id, [people.cohort.id], at)
        later = await participation.failures(session, program_id, None, at + timedelta(hours=3))
    assert [(one.place, one.person, one.reason, one.count) for one in every] == [
        ("U0ANA", "Ana Diaz", "user_not_found", 2),
        ("C0OTHER", None, "is_archived", 1),
        ("C0COHORT", None, "is_archived", 1),
    ]
    assert [one.place for one in own] == ["U0ANA", "C0COHORT"]
    assert [one.count for one in later] == [1]


async def test_another_program_counts_nothing_of_a_round(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        await rounds(session, people, at, "Ana", "Ana")
        elsewhere = (await cast.enter(session, team_id="T0OTHER")).workspace.program_id
        own = select(Round).where(Round.program_id == people.workspace.program_id).limit(1)
        this = (await session.scalars(own)).one()
        closed = Closed(this.id, people.cohort.id, this.nominal_on, 0, at, 1)
        assert (await turnout.of(session, people.workspace.program_id, [closed], at))[this.id].seats
        assert (await turnout.of(session, elsewhere, [closed], at))[this.id].seats == {}
