"""Commitments in the database: recorded once, changed with an event for each change, undone, seen by whom they are meant for."""

import asyncio
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.commitments import rules
from storage import commitment_lists, commitments, programs
from storage.commitment_lists import Place
from storage.commitments import New
from storage.database import Sessions
from storage.models import (
    City,
    Cohort,
    Commitment,
    CommitmentEvent,
    Delegate,
    Facilitator,
    Identity,
    Member,
    Network,
    Seat,
)
from tests import cast, databases
from tests.cast import Cast

DUE = date(2026, 10, 9)
NUDGE = datetime(2026, 10, 9, 14, 0, tzinfo=UTC)
LATER = timedelta(minutes=3)


def new(people: Cast, text: str = "publish the dashboard", *, city: str | None = "Memphis", **values: object) -> New:
    known = {"text": text, "due_on": DUE, "audience": "city", "cohort_id": people.cohort.id, "nudge_at": NUDGE}
    return New(**{**known, "city_id": people.cities[city].id if city else None, **values})  # type: ignore[arg-type]


async def enter(sessions: Sessions) -> Cast:
    async with sessions.begin() as session:
        return await cast.enter(session, channel="C1")


async def record(sessions: Sessions, member: Member, what: New, at: datetime) -> commitments.Changed:
    async with sessions.begin() as session:
        return await commitments.record(session, member, what, at)


async def events(sessions: Sessions, commitment: Commitment) -> list[CommitmentEvent]:
    async with sessions() as session:
        return [event for event, _ in await commitment_lists.history(session, commitment)]


async def places(session: AsyncSession, member: Member, channel: str = "") -> list[Place]:
    return rules.current(await commitment_lists.places_of(session, member, channel), date(2026, 10, 1))


async def test_a_commitment_is_recorded_with_a_number_and_an_event(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    first = await record(sessions, people["Ana"], new(people), at)
    second = await record(sessions, people["Rosa"], new(people, "call Phoenix"), at)
    assert (first.commitment.number, second.commitment.number) == (1, 2)
    assert (first.commitment.state, first.commitment.owner_id, first.commitment.due_on) == (
        "open",
        people["Ana"].id,
        DUE,
    )
    [event] = await events(sessions, first.commitment)
    assert (event.id, event.kind, event.member_id, event.at) == (first.event_id, "recorded", people["Ana"].id, at)
    assert event.after == {"state": "open", "text": "publish the dashboard", "due_on": "2026-10-09"}


async def test_the_same_text_within_two_minutes_is_one_commitment(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    first = await record(sessions, people["Ana"], new(people), at)
    again = await record(sessions, people["Ana"], new(people, "Publish the Dashboard"), at + timedelta(seconds=119))
    assert (again.event_id, again.commitment.number) == (None, 1)
    assert (await record(sessions, people["Rosa"], new(people), at)).commitment.number == 2
    assert (await record(sessions, people["Ana"], new(people), at + timedelta(seconds=121))).commitment.number == 3
    assert len(await events(sessions, first.commitment)) == 1


async def test_a_form_submitted_again_is_one_commitment_however_late(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    first = await record(sessions, people["Ana"], new(people, form_key="k1"), at)
    again = await record(sessions, people["Ana"], new(people, "other words", form_key="k1"), at + timedelta(hours=1))
    assert (again.event_id, again.commitment.id) == (None, first.commitment.id)
    assert (await record(sessions, people["Ana"], new(people, "more"), at)).commitment.number == 2


async def test_the_same_text_at_the_same_time_is_one_commitment(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    both = await asyncio.gather(*(record(sessions, people["Ana"], new(people), at) for _ in range(4)))
    assert sorted(one.event_id is not None for one in both) == [False, False, False, True]
    assert {one.commitment.number for one in both} == {1}
    assert (await record(sessions, people["Ana"], new(people, "next"), at)).commitment.number == 2


async def test_what_was_undone_may_be_recorded_again_at_once(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    first = await record(sessions, people["Ana"], new(people), at)
    async with sessions.begin() as session:
        undone = await commitments.undo(session, people["Ana"], first.event_id or 0, at)
    assert undone is not None
    assert (undone.state, undone.nudge_at, undone.closed_at) == ("dropped", None, at)
    assert (await record(sessions, people["Ana"], new(people), at)).commitment.number == 2


async def test_each_change_is_an_event_with_who_when_from_to_and_why(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    seen = (await record(sessions, people["Ana"], new(people), at)).commitment
    values = {"due_on": date(2026, 10, 16), "nudge_at": None}
    async with sessions.begin() as session:
        moved = await commitments.change(
            session, people["Dana"], seen, "moved", values, at=at + LATER, why="the vendor is late"
        )
    assert moved is not None
    assert (moved.commitment.due_on, moved.commitment.nudge_at, moved.commitment.updated_at) == (
        date(2026, 10, 16),
        None,
        at + LATER,
    )
    event = (await events(sessions, seen))[-1]
    assert (event.kind, event.member_id, event.at, event.why) == (
        "moved",
        people["Dana"].id,
        at + LATER,
        "the vendor is late",
    )
    assert (event.before, event.after) == ({"due_on": "2026-10-09"}, {"due_on": "2026-10-16"})


async def test_a_double_click_closes_once(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    seen = (await record(sessions, people["Ana"], new(people), at)).commitment

    async def close() -> bool:
        async with sessions.begin() as session:
            values = {"state": "done", "nudge_at": None}
            return await commitments.change(session, people["Ana"], seen, "done", values, at=at) is not None

    await databases.ready_for_a_race(sessions, 3)
    assert sorted(await asyncio.gather(close(), close(), close())) == [False, False, True]
    assert [event.kind for event in await events(sessions, seen)] == ["recorded", "done"]
    async with sessions() as session:
        item = await commitment_lists.find(session, people["Ana"], [], 1)
    assert item is not None
    assert (item.commitment.state, item.commitment.closed_at) == ("done", at)


async def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    seen = (await record(sessions, people["Ana"], new(people), at)).commitment
    for day, succeeds in ((12, True), (13, False)):
        async with sessions.begin() as session:
            values = {"due_on": date(2026, 10, day)}
            changed = await commitments.change(session, people["Ana"], seen, "moved", values, at=at)
            assert (changed is not None) is succeeds


async def test_what_is_closed_or_so_already_is_not_changed(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    seen = (await record(sessions, people["Ana"], new(people), at)).commitment

    async def change(found: Commitment, values: dict[str, object]) -> commitments.Changed | None:
        async with sessions.begin() as session:
            return await commitments.change(session, people["Ana"], found, "edited", values, at=at)

    assert await change(seen, {"due_on": DUE, "state": "open"}) is None
    closed = await change(seen, {"state": "dropped"})
    assert closed is not None
    assert await change(closed.commitment, {"state": "at_risk"}) is None
    assert [event.kind for event in await events(sessions, seen)] == ["recorded", "edited"]


async def test_what_is_closed_is_brought_to_nobodys_mind(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    seen = (await record(sessions, people["Ana"], new(people), at)).commitment
    async with sessions.begin() as session:
        await commitments.change(session, people["Ana"], seen, "done", {"state": "done"}, at=at)
    async with sessions() as session:
        assert await commitments.next_nudge(session) is None
        assert await commitments.owners_to_nudge(session, NUDGE, 10) == []
        assert await commitments.to_nudge(session, people["Ana"], NUDGE + LATER) == []


async def test_who_facilitates_no_longer_stands_nowhere(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    ended = update(Facilitator).where(Facilitator.program_id == people.workspace.program_id).values(ended_at=at)
    async with sessions.begin() as session:
        await session.execute(ended)
    one = (await record(sessions, people["Ana"], new(people), at)).commitment
    async with sessions() as session:
        assert await commitment_lists.places_of(session, people["Renee"]) == []
        assert await commitment_lists.places_of(session, people["Dana"]) == []
        found = await commitment_lists.colleagues(session, people["Ana"], one)
    assert [member.name for member in found] == ["Ana Diaz", "Rosa Kim"]


async def test_undo_restores_what_was_before_for_the_same_person_and_once(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    seen = (await record(sessions, people["Ana"], new(people), at)).commitment
    async with sessions.begin() as session:
        values = {"due_on": date(2026, 10, 16), "text": "publish both"}
        changed = await commitments.change(session, people["Ana"], seen, "edited", values, at=at)
    assert changed is not None
    assert changed.event_id is not None

    async def undo(name: str) -> Commitment | None:
        async with sessions.begin() as session:
            return await commitments.undo(session, people[name], changed.event_id or 0, at)

    assert await undo("Rosa") is None
    undone = await undo("Ana")
    assert undone is not None
    assert (undone.due_on, undone.text, undone.state) == (DUE, "publish the dashboard", "open")
    assert await undo("Ana") is None
    last = (await events(sessions, seen))[-1]
    assert (last.kind, last.after) == ("undone", {"due_on": "2026-10-09", "text": "publish the dashboard"})


async def test_two_clicks_at_once_take_a_change_back_once(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    first = await record(sessions, people["Ana"], new(people), at)

    async def undo() -> bool:
        async with sessions.begin() as session:
            return await commitments.undo(session, people["Ana"], first.event_id or 0, at) is not None

    await databases.ready_for_a_race(sessions, 3)
    assert sorted(await asyncio.gather(undo(), undo(), undo())) == [False, False, True]
    assert [event.kind for event in await events(sessions, first.commitment)] == ["recorded", "undone"]


async def test_only_the_last_change_can_be_undone(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    first = await record(sessions, people["Ana"], new(people), at)
    async with sessions.begin() as session:
        await commitments.change(session, people["Dana"], first.commitment, "at_risk", {"state": "at_risk"}, at=at)
    async with sessions.begin() as session:
        assert await commitments.undo(session, people["Ana"], first.event_id or 0, at) is None


async def test_letting_go_leaves_open_commitments_in_need_of_an_owner(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    kept = (await record(sessions, people["Ana"], new(people), at)).commitment
    closed = (await record(sessions, people["Ana"], new(people, "call"), at)).commitment
    async with sessions.begin() as session:
        await commitments.change(session, people["Ana"], closed, "done", {"state": "done", "nudge_at": None}, at=at)
    async with sessions.begin() as session:
        [released] = await commitments.let_go(session, people["Ana"], "left", at)
    assert (released.id, released.state, released.nudge_at, released.owner_id) == (
        kept.id,
        "needs_owner",
        None,
        people["Ana"].id,
    )
    event = (await events(sessions, kept))[-1]
    assert (event.kind, event.member_id, event.before, event.why) == ("let_go", None, {"state": "open"}, "left")
    async with sessions.begin() as session:
        assert await commitments.let_go(session, people["Ana"], "left", at) == []


async def test_places_are_seats_and_facilitated_cohorts_with_the_channel_marked(sessions: Sessions) -> None:
    people = await enter(sessions)
    async with sessions() as session:
        [ana] = await commitment_lists.places_of(session, people["Ana"], "C1", cast.TEAM)
        [elsewhere] = await commitment_lists.places_of(session, people["Ana"], "C1", "T0OTHER")
        [renee] = await commitment_lists.places_of(session, people["Renee"])
        [dana] = await commitment_lists.places_of(session, people["Dana"])
    assert (ana.city, ana.state, ana.role, ana.zone, ana.here) == ("Memphis", "TN", "lead", "America/Chicago", True)
    assert not elsewhere.here  # in another workspace another channel has that id
    assert (ana.facilitates, ana.cohort) == (False, "Inclusive procurement")
    assert (renee.city_id, renee.facilitates, renee.everywhere, renee.here) == (None, True, False, False)
    assert (dana.facilitates, dana.everywhere) == (True, True)


async def test_one_who_sits_and_facilitates_has_both_places(sessions: Sessions) -> None:
    people = await enter(sessions)
    async with sessions.begin() as session:
        session.add(
            Facilitator(program_id=people.workspace.program_id, member_id=people["Ana"].id, cohort_id=people.cohort.id)
        )
    async with sessions() as session:
        found = await places(session, people["Ana"])
    assert [(place.city, place.facilitates) for place in found] == [("Memphis", False), ("", True)]


async def test_the_audience_rules_every_list(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    program_id = people.workspace.program_id
    async with sessions.begin() as session:
        cohort = Cohort(program_id=program_id, network_id=people.network.id, name="Second", created_at=at)
        network = Network(program_id=program_id, name="Elsewhere")
        session.add_all([cohort, network])
        await session.flush()
        third = Cohort(program_id=program_id, network_id=network.id, name="Third", created_at=at)
        session.add(third)
        await session.flush()
        await _sit(session, people, "Same network", cohort)
        await _sit(session, people, "Other network", third)
    for number, audience in enumerate(("city", "facilitators", "cohort", "network"), 1):
        await record(
            sessions,
            people["Ana"],
            new(people, f"promise {number}", audience=audience, due_on=DUE + timedelta(number)),
            at,
        )
    seen = {
        "Ana": [1, 2, 3, 4],
        "Rosa": [1, 3, 4],
        "Keola": [3, 4],
        "Same network": [4],
        "Other network": [],
        "Dana": [1, 2, 3, 4],
        "Renee": [1, 2, 3, 4],
    }
    for name, numbers in seen.items():
        member = people[name]
        async with sessions() as session:
            where = await places(session, member)
            found = await commitment_lists.overdue(session, member, where, date(2027, 1, 1))
            in_cohort = await commitment_lists.of_cohorts(session, member, where, {people.cohort.id})
            of_city = await commitment_lists.of_cities(session, member, where, {people.cities["Memphis"].id})
            single = [n for n in range(1, 5) if await commitment_lists.find(session, member, where, n)]
        lists = [[item.commitment.number for item in items] for items in (found, in_cohort, of_city)]
        assert [*lists, single] == [numbers] * 4, name


async def test_another_program_sees_nothing(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    await record(sessions, people["Ana"], new(people, audience="network"), at)
    async with sessions.begin() as session:
        others = await cast.enter(session, team_id="T0OTHER")
    async with sessions() as session:
        where = await places(session, others["Dana"])
        assert await commitment_lists.overdue(session, others["Dana"], where, date(2027, 1, 1)) == []
        assert await commitment_lists.find(session, others["Dana"], where, 1) is None
    assert (await record(sessions, others["Dana"], new(others), at)).commitment.number == 1


async def test_lists_hold_open_commitments_the_most_urgent_first(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    for number, day in enumerate((20, 5, 12), 1):
        await record(sessions, people["Ana"], new(people, f"promise {number}", due_on=date(2026, 10, day)), at)
    closed = (await record(sessions, people["Ana"], new(people, "closed"), at)).commitment
    async with sessions.begin() as session:
        await commitments.change(session, people["Ana"], closed, "dropped", {"state": "dropped"}, at=at)
    async with sessions() as session:
        items = await commitment_lists.mine(session, people["Ana"])
        assert [item.commitment.number for item in items] == [2, 3, 1]
        assert (items[0].owner, items[0].city, items[0].cohort) == (items[0].owner, "Memphis", "Inclusive procurement")
        assert items[0].owner is not None
        assert items[0].owner.name == "Ana Diaz"
        late = await commitment_lists.overdue(session, people["Ana"], [], date(2026, 10, 12))
        assert [item.commitment.number for item in late] == [2]


async def test_colleagues_are_the_seat_and_the_facilitators(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    one = (await record(sessions, people["Ana"], new(people), at)).commitment
    async with sessions() as session:
        found = await commitment_lists.colleagues(session, people["Ana"], one)
    assert [member.name for member in found] == ["Ana Diaz", "Dana Whitfield", "Renee Okonjo", "Rosa Kim"]


async def test_a_reminder_is_moved_on_once(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    await record(sessions, people["Ana"], new(people), at)
    await record(sessions, people["Rosa"], new(people, "later", nudge_at=NUDGE + timedelta(hours=1)), at)
    async with sessions() as session:
        assert await commitments.next_nudge(session) == NUDGE
        [owner] = await commitments.owners_to_nudge(session, NUDGE, 10)
        [(due, ends_on)] = await commitments.to_nudge(session, owner, NUDGE + timedelta(seconds=1))
    assert (owner.id, due.number, ends_on) == (people["Ana"].id, 1, None)

    async def move_on() -> bool:
        async with sessions.begin() as session:
            return await commitments.move_nudge_on(session, due, NUDGE + timedelta(days=7))

    await databases.ready_for_a_race(sessions, 2)
    assert sorted(await asyncio.gather(move_on(), move_on())) == [False, True]
    async with sessions() as session:
        assert await commitments.next_nudge(session) == NUDGE + timedelta(hours=1)


async def test_a_reminder_of_what_was_just_changed_is_left_to_the_next_turn(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    seen = (await record(sessions, people["Ana"], new(people), at)).commitment
    async with sessions.begin() as session:
        await commitments.change(session, people["Ana"], seen, "at_risk", {"state": "at_risk"}, at=at + LATER)
    before = replace_row(seen, at)
    async with sessions.begin() as session:
        assert not await commitments.move_nudge_on(session, before, None)


async def test_numbers_go_on_after_one_was_given_back(sessions: Sessions, at: datetime) -> None:
    people = await enter(sessions)
    await record(sessions, people["Ana"], new(people), at)
    await record(sessions, people["Ana"], new(people), at)
    async with sessions() as session:
        assert (await programs.of(session, people.workspace.program_id)).last_commitment_number == 1


def replace_row(row: Commitment, updated_at: datetime) -> Commitment:
    return Commitment(id=row.id, program_id=row.program_id, nudge_at=row.nudge_at, updated_at=updated_at)


async def _sit(session: AsyncSession, people: Cast, name: str, cohort: Cohort) -> None:
    program_id = people.workspace.program_id
    member = Member(program_id=program_id, name=name, created_at=cast.START)
    city = City(program_id=program_id, name=f"City of {name}", state="TX")
    session.add_all([member, city])
    await session.flush()
    seat = Seat(program_id=program_id, cohort_id=cohort.id, city_id=city.id)
    session.add(seat)
    await session.flush()
    session.add(Delegate(program_id=program_id, seat_id=seat.id, member_id=member.id, role="delegate"))
    session.add(
        Identity(
            program_id=program_id,
            workspace_id=people.workspace.id,
            member_id=member.id,
            user_id=f"U{name}",
            created_at=cast.START,
        )
    )
    people.members[name] = member
