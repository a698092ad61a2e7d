"""Absences and city days in the database: noted once, merged, ended, seen on the seats they concern, never by another program."""

import asyncio
from datetime import date, datetime, timedelta

from sqlalchemy import select

from storage import absences, city_days, commitments, deliveries, members, rounds
from storage.city_days import NewDays
from storage.commitments import New
from storage.database import Sessions
from storage.days import Days, Off, Span
from storage.deliveries import Priority, Terms
from storage.models import Absence, Asking, Delivery, Member
from tests import cast
from tests.cast import Cast
from tests.storage.test_checkins_rounds import DUE, Stage, stage

__all__ = ["stage"]

MONDAY = date(2026, 10, 5)
WEEK = Span(MONDAY, date(2026, 10, 9))
RECESS = Off(date(2026, 10, 6), date(2026, 10, 7), None, "Recess")


async def noted(sessions: Sessions, member: Member, span: Span, key: str, *replaced: Absence) -> int | None:
    async with sessions.begin() as session:
        return await absences.note(session, member, member, span, replaced, key, DUE)


async def rows(sessions: Sessions, member: Member, today: date = MONDAY) -> list[Absence]:
    async with sessions() as session:
        return await absences.of_member(session, member, today)


async def spans(sessions: Sessions, member: Member, today: date = MONDAY) -> list[Span]:
    return [absences.span_of(row) for row in await rows(sessions, member, today)]


async def two_programs(sessions: Sessions) -> tuple[Cast, Cast]:
    async with sessions.begin() as session:
        return await cast.enter(session), await cast.enter(session, team_id="T0OTHER")


async def askings_of(sessions: Sessions, stage: Stage, name: str) -> tuple[datetime, str | None]:
    async with sessions() as session:
        query = select(Asking).where(Asking.program_id == stage.program_id, Asking.member_id == stage.people[name].id)
        asking = (await session.scalars(query)).one()
    return asking.due_at, asking.skipped


async def test_a_form_that_is_submitted_by_many_at_once_notes_one_absence(sessions: Sessions) -> None:
    people, _ = await two_programs(sessions)
    ids = await asyncio.gather(*(noted(sessions, people["Ana"], WEEK, "key") for _ in range(4)))
    assert len([one for one in ids if one]) == 1
    assert await spans(sessions, people["Ana"]) == [WEEK]
    assert await spans(sessions, people["Ana"], date(2026, 10, 10)) == []


async def test_what_an_absence_is_merged_with_covers_nothing_any_more(sessions: Sessions) -> None:
    people, _ = await two_programs(sessions)
    ana = people["Ana"]
    await noted(sessions, ana, WEEK, "first")
    longer = Span(MONDAY, date(2026, 10, 16))
    await noted(sessions, ana, longer, "second", *await rows(sessions, ana))
    assert await spans(sessions, ana) == [longer]
    async with sessions() as session:
        where = await members.whereabouts(session, ana.program_id, [ana.id], since=DUE)
        on_seat = await absences.on_seats(session, ana.program_id, [people.seats["Memphis"].id], MONDAY)
    assert [one for one in where[ana.id].away if one.last is None or one.last >= one.first] == [longer]
    assert [one.span for one in on_seat if one.span.covers(MONDAY)] == [longer]


async def test_an_absence_ends_with_yesterday_and_one_to_come_covers_nothing(sessions: Sessions) -> None:
    people, _ = await two_programs(sessions)
    ana, wednesday = people["Ana"], date(2026, 10, 7)
    await noted(sessions, ana, Span(MONDAY), "open")
    await noted(sessions, ana, Span(date(2026, 12, 21), date(2026, 12, 24)), "later")
    for absence in await rows(sessions, ana):
        async with sessions.begin() as session:
            assert await absences.end(session, ana, absence, wednesday, DUE)
            assert not await absences.end(session, ana, absence, wednesday, DUE)
    async with sessions() as session:
        where = (await members.whereabouts(session, ana.program_id, [ana.id], since=DUE))[ana.id]
        mine = [one.away for one in await absences.colleagues(session, ana, MONDAY) if one.member_id == ana.id]
    covered = [
        MONDAY + timedelta(days=n)
        for n in range(90)
        if any(one.covers(MONDAY + timedelta(days=n)) for one in where.away)
    ]
    assert covered == [MONDAY, date(2026, 10, 6)]
    assert mine == [Span(MONDAY, date(2026, 10, 6))]
    assert await spans(sessions, ana, wednesday) == []


async def test_one_statement_tells_where_a_member_lives_works_and_is_away(sessions: Sessions) -> None:
    people, _ = await two_programs(sessions)
    ana, memphis = people["Ana"], people.cities["Memphis"]
    friday = Off(date(2026, 10, 1), date(2026, 12, 31), 4, "Furlough")
    async with sessions.begin() as session:
        for number, off in enumerate((RECESS, friday, Off(date(2026, 1, 5), date(2026, 1, 6), None, "Over"))):
            assert await city_days.add(session, ana, NewDays(memphis.id, off, f"key {number}"), DUE)
    await noted(sessions, ana, WEEK, "week")
    await noted(sessions, ana, Span(date(2026, 11, 2)), "open")
    async with sessions() as session:
        where = await members.whereabouts(session, ana.program_id, [ana.id, people["Keola"].id], since=DUE)
    assert (where[ana.id].time_zone, where[ana.id].days.state) == ("America/Chicago", "TN")
    assert set(where[ana.id].days.off) == {RECESS, friday}
    assert set(where[ana.id].away) == {WEEK, Span(date(2026, 11, 2))}
    keola = where[people["Keola"].id]
    assert (keola.days, keola.away) == (Days("HI"), ())


async def test_of_two_programs_none_sees_or_changes_what_is_the_others(sessions: Sessions) -> None:
    ours, theirs = await two_programs(sessions)
    ana, other = ours["Ana"], theirs["Ana"]
    absence_id = await noted(sessions, ana, WEEK, "week")
    async with sessions.begin() as session:
        assert await city_days.add(session, ana, NewDays(ours.cities["Memphis"].id, RECESS, "recess"), DUE)
        [days] = await city_days.of_city(session, ana.program_id, ours.cities["Memphis"].id)
    assert absence_id is not None
    seats, city = [seat.id for seat in ours.seats.values()], ours.cities["Memphis"].id
    async with sessions.begin() as session:
        program_id = other.program_id
        assert await absences.of_id(session, program_id, absence_id) is None
        assert await absences.on_seats(session, program_id, seats, MONDAY) == []
        assert await absences.whom_for(session, theirs["Dana"], member_id=ana.id) is None
        assert {one.member_id for one in await absences.colleagues(session, other, MONDAY)} == {
            other.id,
            theirs["Rosa"].id,
        }
        assert await city_days.of_city(session, program_id, city) == []
        assert await city_days.of_id(session, program_id, days.id) is None
        assert await city_days.of_seats(session, program_id, seats) == {}
        assert await city_days.seats_of(session, program_id, city) == []
        assert await city_days.planned(session, program_id, seats) == []
        assert not await city_days.remove(session, other, days.id, DUE)
        known = await city_days.cities_for(session, theirs["Dana"], MONDAY)
    assert {one.id for one in known} == {one.id for one in theirs.cities.values()}
    assert await spans(sessions, other) == []
    assert await spans(sessions, ana) == [WEEK]


async def test_who_may_note_an_absence_for_whom(sessions: Sessions) -> None:
    people, _ = await two_programs(sessions)
    async with sessions() as session:
        for by, whom, allowed in (
            ("Dana", "Ana", True),
            ("Dana", "Renee", True),
            ("Renee", "Ana", True),
            ("Renee", "Dana", False),
            ("Ana", "Rosa", False),
        ):
            found = await absences.whom_for(session, people[by], user=(cast.TEAM, cast.user_id(whom)))
            assert (found is not None and found.id == people[whom].id) is allowed, (by, whom)
            assert await absences.whom_for(session, people[by], user=("T0OTHER", cast.user_id(whom))) is None
            same = await absences.whom_for(session, people[by], member_id=people[whom].id)
            assert (same is not None) is allowed


async def test_whose_calendar_somebody_sees_and_who_may_change_it(sessions: Sessions) -> None:
    people, _ = await two_programs(sessions)
    async with sessions() as session:
        may = {
            name: [
                (one.name, one.sits, one.may_change)
                for one in await city_days.cities_for(session, people[name], MONDAY)
            ]
            for name in ("Ana", "Rosa", "Renee")
        }
    others = [("Honolulu", False, False), ("Phoenix", False, False)]
    assert may["Ana"] == [others[0], ("Memphis", True, True), others[1]]
    assert may["Rosa"] == [others[0], ("Memphis", True, False), others[1]]
    assert may["Renee"] == [(name, False, True) for name in ("Honolulu", "Memphis", "Phoenix")]


async def test_who_is_back_becomes_due_again_while_the_window_is_open(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    ana, now = stage.people["Ana"], DUE + timedelta(hours=5)
    async with sessions.begin() as session:
        due = await rounds.due_askings(session, DUE, 10)
        ids = {one.member.name.split()[0]: one.asking.id for one in due}
        await rounds.skip(session, stage.program_id, [ids["Ana"]], "away")
        await rounds.skip(session, stage.program_id, [ids["Rosa"]], "left")
        await absences.look_again(session, ana, now)
        await absences.look_again(session, stage.people["Rosa"], now)
        await absences.look_again(session, stage.people["Rosa"], DUE - timedelta(hours=1))
    assert await askings_of(sessions, stage, "Ana") == (now, None)
    assert await askings_of(sessions, stage, "Rosa") == (DUE, "left")
    assert await askings_of(sessions, stage, "Keola") == (DUE, None)
    over = DUE + timedelta(hours=49)
    async with sessions.begin() as session:
        await rounds.skip(session, stage.program_id, [ids["Ana"]], "away")
        await absences.look_again(session, ana, over)
    assert await askings_of(sessions, stage, "Ana") == (now, "away")


async def test_what_is_planned_for_a_city_is_looked_at_again_when_its_days_change(
    sessions: Sessions, stage: Stage
) -> None:
    await stage.opens(sessions)
    before, memphis = DUE - timedelta(days=1), stage.people.cities["Memphis"].id
    async with sessions.begin() as session:
        new = NewDays(memphis, RECESS, "recess")
        assert await city_days.add(session, stage.people["Ana"], new, before)
        assert not await city_days.add(session, stage.people["Ana"], new, before - timedelta(days=1))
    assert await askings_of(sessions, stage, "Ana") == (before, None)
    assert await askings_of(sessions, stage, "Keola") == (DUE, None)
    async with sessions() as session:
        [plan] = await city_days.planned(session, stage.program_id, [stage.people.seats["Memphis"].id])
    assert (plan.check_in.next_at, plan.off) == (before, (RECESS,))


async def test_messages_held_back_go_when_somebody_is_back_and_reminders_are_put_off(sessions: Sessions) -> None:
    people, _ = await two_programs(sessions)
    ana, rosa, later = people["Ana"], people["Rosa"], DUE + timedelta(days=3)
    terms = Terms(own_accord=True, priority=Priority.NUDGE)
    async with sessions.begin() as session:
        for member in (ana, rosa):
            for key, kind in (("own", terms), ("asked", Terms())):
                await deliveries.owe(session, member, f"{key}:{member.id}", {"text": "Hi"}, at=later, terms=kind)
            new = New("Publish it", MONDAY, "city", None, None, DUE)
            await commitments.record(session, member, new, DUE)
        await absences.look_again(session, ana, DUE)
        await absences.put_off_reminders(session, ana, DUE + timedelta(hours=1), later)
        assert await absences.reminders_within(session, ana, (later, None)) == [1]
        assert await absences.reminders_within(session, rosa, (DUE, later)) == [2]
        assert await absences.reminders_within(session, rosa, (later, None)) == []
    async with sessions() as session:
        found = [await deliveries.find(session, ana.program_id, f"own:{member.id}") for member in (ana, rosa)]
        asked = await deliveries.find(session, ana.program_id, f"asked:{ana.id}")
    assert [one.due_at for one in (*found, asked) if isinstance(one, Delivery)] == [DUE, later, later]
