"""Places and what follows from their ends, on both databases: each step once, whoever comes first."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from storage import commitments, identities, members, owners, seats, turnover
from storage.commitments import New
from storage.database import Sessions
from storage.identities import User
from storage.models import Commitment, CommitmentEvent, Delegate, Member
from storage.seats import Putting
from tests import cast

DAY = date(2026, 10, 2)
# In Memphis the day after DAY begins at 05:00 UTC, in Honolulu five hours later.
AFTER_MEMPHIS = datetime(2026, 10, 3, 5, 0, tzinfo=UTC)
AFTER_HONOLULU = datetime(2026, 10, 3, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def people(sessions: Sessions) -> cast.Cast:
    async with sessions.begin() as session:
        return await cast.enter(session)


async def end(sessions: Sessions, people: cast.Cast, name: str, last_day: date = DAY) -> bool:
    async with sessions.begin() as session:
        place = await seats.place(session, people.workspace.program_id, people.delegates[name].id)
        assert place is not None
        return await seats.end(session, people["Renee"], place, last_day, "moved")


async def promised(sessions: Sessions, owner: Member, text: str, cohort: int | None, city: int | None) -> Commitment:
    async with sessions.begin() as session:
        new = New(text, DAY, "city", cohort, city, nudge_at=None)
        return (await commitments.record(session, owner, new, cast.START)).commitment


async def test_a_place_ends_with_the_day_of_its_city(sessions: Sessions, people: cast.Cast) -> None:
    await end(sessions, people, "Ana")
    await end(sessions, people, "Keola")
    async with sessions() as session:
        assert await turnover.next_end(session) == AFTER_MEMPHIS
        assert await turnover.due_ends(session, AFTER_MEMPHIS - SECOND, 9) == []
        names = [one.place.member.name for one in await turnover.due_ends(session, AFTER_MEMPHIS, 9)]
        assert names == ["Ana Diaz"]
        assert len(await turnover.due_ends(session, AFTER_HONOLULU, 9)) == 2
        assert len(await turnover.due_ends(session, AFTER_HONOLULU, 1)) == 1


async def test_an_end_takes_effect_once(sessions: Sessions, people: cast.Cast) -> None:
    await end(sessions, people, "Ana")
    async with sessions() as session:
        [first] = await turnover.due_ends(session, AFTER_MEMPHIS, 9)
        [second] = await turnover.due_ends(session, AFTER_MEMPHIS, 9)
    async with sessions.begin() as session:
        assert await turnover.settle(session, first.place, AFTER_MEMPHIS)
    async with sessions.begin() as session:
        assert not await turnover.settle(session, second.place, AFTER_MEMPHIS)
        assert await turnover.due_ends(session, AFTER_HONOLULU, 9) == []
        assert await turnover.next_end(session) is None


async def test_an_end_that_was_moved_meanwhile_does_not_take_effect(sessions: Sessions, people: cast.Cast) -> None:
    await end(sessions, people, "Ana")
    async with sessions() as session:
        [due] = await turnover.due_ends(session, AFTER_MEMPHIS, 9)
    assert await end(sessions, people, "Ana", DAY + timedelta(days=9))
    async with sessions.begin() as session:
        assert not await turnover.settle(session, due.place, AFTER_MEMPHIS)


async def test_of_two_who_end_a_place_one_wins(sessions: Sessions, people: cast.Cast) -> None:
    async with sessions() as session:
        seen = await seats.place(session, people.workspace.program_id, people.delegates["Ana"].id)
    assert seen is not None
    for by, wins in (("Renee", True), ("Dana", False)):
        async with sessions.begin() as session:
            assert await seats.end(session, people[by], seen, DAY, by) is wins
    async with sessions() as session:
        kept = await seats.place(session, people.workspace.program_id, people.delegates["Ana"].id)
    assert kept is not None
    assert (kept.delegate.why, kept.delegate.ended_by) == ("Renee", people["Renee"].id)


async def test_an_end_is_taken_back_by_who_set_it_and_once(sessions: Sessions, people: cast.Cast) -> None:
    await end(sessions, people, "Ana")
    place = people.delegates["Ana"].id
    async with sessions.begin() as session:
        assert await seats.take_back(session, people["Dana"], place, DAY, None) is None
        assert await seats.take_back(session, people["Renee"], place, DAY + timedelta(days=1), None) is None
        assert await seats.take_back(session, people["Renee"], place, DAY, None) is not None
        assert await seats.take_back(session, people["Renee"], place, DAY, None) is None


async def test_only_the_first_who_follows_gets_a_brief(sessions: Sessions, people: cast.Cast) -> None:
    await end(sessions, people, "Ana")
    async with sessions.begin() as session:
        putting = Putting(people.seats["Memphis"].id, "delegate", DAY + timedelta(days=1), form_key="one")
        sponsor = Putting(people.seats["Memphis"].id, "sponsor", DAY + timedelta(days=1), form_key="none")
        assert await seats.put(session, people["Dana"], sponsor)
        first = await seats.put(session, people["Tomas"], putting)
        assert await seats.put(session, people["Tomas"], putting) is None, "the same form again"
        second = await seats.put(session, people["Keola"], Putting(putting.seat_id, "delegate", putting.since_on))
    async with sessions() as session:
        rows = {
            row.id: row
            for row in await session.scalars(select(Delegate).where(Delegate.program_id == people.workspace.program_id))
        }
    assert rows[people.delegates["Ana"].id].successor_id == first
    assert (rows[first or 0].greeting, rows[second or 0].greeting) == ("brief", "welcome")


async def test_who_follows_is_greeted_on_the_first_day_after_the_other_has_left(
    sessions: Sessions, people: cast.Cast
) -> None:
    await end(sessions, people, "Ana")
    async with sessions.begin() as session:
        await seats.put(session, people["Tomas"], Putting(people.seats["Memphis"].id, "lead", DAY + timedelta(days=1)))
    async with sessions.begin() as session:
        assert await turnover.next_greeting(session) is None
        [due] = await turnover.due_ends(session, AFTER_MEMPHIS, 9)
        await turnover.settle(session, due.place, AFTER_MEMPHIS)
        assert await turnover.next_greeting(session) == AFTER_MEMPHIS
        assert await turnover.due_greetings(session, AFTER_MEMPHIS - SECOND, 9) == []
        [place] = await turnover.due_greetings(session, AFTER_MEMPHIS, 9)
        assert place.member.id == people["Tomas"].id
        assert await turnover.greet(session, place)
        assert not await turnover.greet(session, place)


async def test_who_is_not_in_slack_yet_is_not_greeted(sessions: Sessions, people: cast.Cast) -> None:
    async with sessions.begin() as session:
        new = await seats.add_person(session, people.workspace, "Bo Li", "bo@austin.gov", None, cast.START)
        await seats.put(session, new, Putting(people.seats["Memphis"].id, "delegate", date(2026, 9, 1)))
        assert await turnover.due_greetings(session, AFTER_HONOLULU, 9) == []
        assert await turnover.next_greeting(session) is None
        user = User("U0BO", cast.TEAM, "Bo Li", "bo@austin.gov", None)
        await identities.recognize(session, people.workspace, [user], cast.START, members=[new])
        assert len(await turnover.due_greetings(session, AFTER_HONOLULU, 9)) == 1


async def test_only_what_belongs_to_the_seat_is_let_go(sessions: Sessions, people: cast.Cast) -> None:
    ana, cohort = people["Ana"], people.cohort.id
    here = await promised(sessions, ana, "here", cohort, people.cities["Memphis"].id)
    elsewhere = await promised(sessions, ana, "elsewhere", cohort, people.cities["Phoenix"].id)
    own = await promised(sessions, ana, "own", None, None)
    async with sessions.begin() as session:
        gone = await commitments.let_go(session, ana, "left", AFTER_MEMPHIS, seat=people.seats["Memphis"])
        assert [one.id for one in gone] == [here.id]
        gone = await commitments.let_go(session, ana, "left", AFTER_MEMPHIS)
        assert {one.id for one in gone} == {elsewhere.id, own.id}


async def test_commitments_are_passed_on_with_an_event_each(sessions: Sessions, people: cast.Cast) -> None:
    ana, tomas = people["Ana"], people["Tomas"]
    one = await promised(sessions, ana, "one", people.cohort.id, people.cities["Memphis"].id)
    two = await promised(sessions, ana, "two", people.cohort.id, people.cities["Memphis"].id)
    other = await promised(sessions, people["Keola"], "three", people.cohort.id, people.cities["Memphis"].id)
    async with sessions.begin() as session:
        await commitments.let_go(session, ana, "left", AFTER_MEMPHIS)
        passed = await owners.pass_on(session, ana, tomas, [one.id, other.id], "with the seat", AFTER_MEMPHIS)
        assert [(row.id, row.owner_id, row.state, row.nudge_at) for row in passed] == [
            (one.id, tomas.id, "open", AFTER_MEMPHIS)
        ]
        assert await owners.pass_on(session, ana, tomas, [one.id], "again", AFTER_MEMPHIS) == []
        assert [row.id for row in await owners.open_of(session, ana.program_id, ana.id)] == [two.id]
    async with sessions() as session:
        told = await owners.histories(session, ana.program_id, [one.id, two.id])
    assert [event.kind for event, _ in told[one.id]] == ["recorded", "let_go", "handed"]
    assert [name for _, name in told[two.id]] == ["Ana Diaz", None]


async def test_who_comes_back_takes_up_what_was_let_go_since(sessions: Sessions, people: cast.Cast) -> None:
    ana = people["Ana"]
    one = await promised(sessions, ana, "one", None, None)
    two = await promised(sessions, ana, "two", None, None)
    async with sessions.begin() as session:
        await commitments.change(session, ana, two, "at_risk", {"state": "at_risk"}, at=cast.START)
        await commitments.let_go(session, ana, "left", AFTER_MEMPHIS)
        assert await owners.take_up(session, ana, AFTER_HONOLULU, "back", AFTER_HONOLULU) == []
        taken = await owners.take_up(session, ana, AFTER_MEMPHIS, "back", AFTER_HONOLULU)
        assert {(row.id, row.state) for row in taken} == {(one.id, "open"), (two.id, "at_risk")}
        events = await session.scalars(select(CommitmentEvent.kind).where(CommitmentEvent.program_id == ana.program_id))
        assert list(events).count("taken_up") == 2


async def test_leaving_and_coming_back_is_news_that_is_taken_once(sessions: Sessions, people: cast.Cast) -> None:
    gone = User(cast.user_id("Ana"), cast.TEAM, "Ana Diaz", "ana@example.org", None, deleted=True)
    back = User(cast.user_id("Ana"), cast.TEAM, "Ana Diaz", "ana@example.org", None)
    async with sessions.begin() as session:
        assert await turnover.first_news(session) is None
        await identities.changed(session, people.workspace, gone, AFTER_MEMPHIS)
        await identities.changed(session, people.workspace, gone, AFTER_HONOLULU)
    async with sessions() as session:
        [left] = await turnover.news(session, 9)
        assert (left.turnover_since, await turnover.first_news(session)) == (AFTER_MEMPHIS, AFTER_MEMPHIS)
    async with sessions.begin() as session:
        await identities.changed(session, people.workspace, back, AFTER_HONOLULU)
        assert not await turnover.take_news(session, left), "it is old: they are back"
    async with sessions.begin() as session:
        [returned] = await turnover.news(session, 9)
        assert (returned.deactivated_at, returned.turnover_since) == (None, AFTER_MEMPHIS)
        assert await turnover.take_news(session, returned)
        assert not await turnover.take_news(session, returned)


async def test_programs_stay_apart(sessions: Sessions, people: cast.Cast) -> None:
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
    await end(sessions, people, "Ana")
    mine, theirs = people.workspace.program_id, other.workspace.program_id
    async with sessions.begin() as session:
        assert await seats.place(session, theirs, people.delegates["Ana"].id) is None
        assert await seats.seated(session, theirs, people.cohort.id) == []
        assert await seats.take_back(session, other["Renee"], people.delegates["Ana"].id, DAY, None) is None
        assert [one.id for one in await seats.people(session, other.workspace, None, "ana@example.org")] == [
            other["Ana"].id
        ]
        place = await seats.place(session, mine, people.delegates["Ana"].id)
        assert place is not None
        assert not await seats.end(session, other["Renee"], place, DAY, "theirs")
        assert await members.facilitated(session, other["Renee"]) == {other.cohort.id}
        assert [one.id for one in await members.own_facilitators(session, other["Ana"])] == [other["Renee"].id]
