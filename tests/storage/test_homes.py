"""Whose Home is to be drawn, and when that is done; on both databases."""

from datetime import date, datetime, timedelta

from storage import commitments, homes, practices
from storage.commitments import New
from storage.database import Sessions
from tests import cast
from tests.cast import Cast

NEW = New("publish the list", date(2026, 10, 9), "city", None, None, None)


async def opened(sessions: Sessions, at: datetime, *names: str) -> Cast:
    """The cast, of whom these opened their Home, which was drawn then."""
    async with sessions.begin() as session:
        people = await cast.enter(session)
        place = (people.workspace.program_id, people.workspace.id)
        for name in names:
            await homes.opened(session, *place, cast.user_id(name), people[name].id, at)
    async with sessions.begin() as session:
        for home, *_ in await homes.wanted(session, 10):
            assert await homes.drawn(session, home, digest="first", owed_key="k")
    return people


async def wanted(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        return [home.user_id for home, team, _ in await homes.wanted(session, 10) if team == cast.TEAM]


async def test_a_home_is_wanted_when_it_is_opened_again_and_there_is_one_for_each_user(
    sessions: Sessions, at: datetime
) -> None:
    people = await opened(sessions, at, "Ana", "Rosa")
    assert await wanted(sessions) == []
    async with sessions.begin() as session:
        place = (people.workspace.program_id, people.workspace.id)
        await homes.opened(session, *place, cast.user_id("Ana"), people["Ana"].id, at + timedelta(hours=1))
        assert await homes.first_wanted(session) == at + timedelta(hours=1)
    assert await wanted(sessions) == ["U0ANA"]
    async with sessions() as session:
        [(home, *_)] = await homes.wanted(session, 10)
    assert (home.digest, home.owed_key, home.wants) == ("first", "k", 2)


async def test_a_reason_that_comes_while_it_is_drawn_is_not_lost_and_two_do_not_draw_the_same(
    sessions: Sessions, at: datetime
) -> None:
    people = await opened(sessions, at, "Ana")
    async with sessions.begin() as session:
        await homes.want(session, people.workspace.program_id, [people["Ana"].id, people["Keola"].id], at)
    async with sessions() as session:
        [(seen, *_)] = await homes.wanted(session, 10)
    async with sessions.begin() as session:
        await homes.want(session, people.workspace.program_id, [people["Ana"].id], at)
    async with sessions.begin() as session:
        assert not await homes.drawn(session, seen, digest="old", owed_key=None)
        [(seen, *_)] = await homes.wanted(session, 10)
        assert await homes.drawn(session, seen, digest="new", owed_key=None)
        assert not await homes.drawn(session, seen, digest="twice", owed_key=None)
    assert await wanted(sessions) == []


async def test_who_recorded_or_owns_a_changed_commitment_wants_their_home_once(
    sessions: Sessions, at: datetime
) -> None:
    people = await opened(sessions, at, "Ana", "Rosa", "Dana")
    async with sessions.begin() as session:
        saved = (await commitments.record(session, people["Ana"], NEW, at)).commitment
        assert await homes.news(session) == at
        await homes.follow(session, at)
        assert await homes.news(session) is None
    assert await wanted(sessions) == ["U0ANA"]
    async with sessions.begin() as session:
        given = {"owner_id": people["Rosa"].id}
        assert await commitments.change(session, people["Dana"], saved, "handed", given, at=at)
        await homes.follow(session, at)
    assert sorted(await wanted(sessions)) == ["U0ANA", "U0DANA", "U0ROSA"]


async def test_where_nobody_opened_a_home_nothing_is_followed(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        await commitments.record(session, people["Ana"], NEW, at)
        assert await homes.first_wanted(session) is None


async def test_what_was_put_away_or_adopted_is_not_suggested_to_that_member(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        await practices.load_starter(session, people.workspace.program_id, at)
        one, two, *_ = await practices.published(session, people.workspace.program_id)
        for _ in range(2):
            await homes.set_aside(session, people["Ana"], one.id, at)
        adopted = New("Adopt", date(2026, 10, 9), "city", None, None, None, practice_id=two.id)
        await commitments.record(session, people["Ana"], adopted, at)
        assert await homes.not_to_suggest(session, people["Ana"]) == {one.id, two.id}
        assert await homes.not_to_suggest(session, people["Rosa"]) == set()


async def test_what_changes_around_somebody_shows_on_the_homes_of_their_own_facilitators_alone(
    sessions: Sessions, at: datetime
) -> None:
    people = await opened(sessions, at, "Ana", "Rosa", "Dana", "Renee")
    async with sessions.begin() as session:
        others = await cast.enter(session, team_id="T0OTHERS")
        place = (others.workspace.program_id, others.workspace.id)
        await homes.opened(session, *place, cast.user_id("Dana"), others["Dana"].id, at)
    async with sessions.begin() as session:
        for home, *_ in await homes.wanted(session, 10):
            assert await homes.drawn(session, home, digest="first", owed_key="k")
    async with sessions.begin() as session:
        await homes.want_around(session, people["Ana"], at)
    assert sorted(await wanted(sessions)) == ["U0ANA", "U0DANA", "U0RENEE"]
    async with sessions() as session:
        assert {team for _, team, _ in await homes.wanted(session, 10)} == {cast.TEAM}
