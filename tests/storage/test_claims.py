"""Somebody in a second workspace who has a member's e-mail address: nobody until the member says so, in the workspace that knows them."""

import asyncio
from datetime import timedelta

from sqlalchemy import delete, select, update

from storage import (
    claims,
    deliveries,
    directory,
    identities,
    link_requests,
    links,
    members,
    programs,
    roster,
    seats,
    strangers,
)
from storage.claims import Told
from storage.database import Sessions
from storage.identities import User
from storage.models import Delegate, Delivery, Facilitator, Identity, Member, Workspace
from storage.roster import export
from tests import cast, databases
from tests.cast import Cast

NOW = cast.START
SOON = NOW + timedelta(hours=1)
CITY = "T0CITY"


def user(name: str, **facts: object) -> User:
    known: dict[str, object] = {"team_id": CITY, "email": f"{name.lower()}@example.org", "time_zone": None}
    return User(f"U{name.upper()}", name=f"{name} of City", **(known | facts))  # type: ignore[arg-type]


async def enter(sessions: Sessions) -> tuple[Cast, Workspace]:
    """The cast, and a second workspace of their program."""
    async with sessions.begin() as session:
        people = await cast.enter(session)
        values = {"program_id": people.workspace.program_id, "team_id": CITY, "name": "City hall"}
        second = Workspace(**values, bot_user_id="U0BOT", created_at=NOW, linked_at=NOW)
        session.add(second)
    return people, second


async def claim(sessions: Sessions, workspace: Workspace, who: User, url: str | None = "https://a") -> bool:
    async with sessions.begin() as session:
        return await claims.claim(session, workspace, who, url, NOW)


async def open_claim(sessions: Sessions) -> Told:
    async with sessions() as session:
        [told] = await claims.due(session, SOON, 10)
    return told


async def known_as(sessions: Sessions, team_id: str, user_id: str) -> str | None:
    async with sessions() as session:
        found = await members.by_identity(session, team_id, user_id)
    return found.name if found else None


async def test_who_has_a_members_address_is_nobody_before_the_member_says_so(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    async with sessions.begin() as session:
        assert await identities.recognize_one(session, second, user("Ana"), NOW) is None
        assert await identities.recognize(session, second, [user("Ana")], NOW, members=[people["Ana"]]) == 0
    assert await claim(sessions, second, user("Ana"))
    assert await known_as(sessions, CITY, "UANA") is None
    told = await open_claim(sessions)
    assert (told.claim.user_id, told.member.name, told.workspace.team_id) == ("UANA", "Ana Diaz", CITY)
    async with sessions.begin() as session:
        assert await claims.confirm(session, people["Ana"], told.claim.id, SOON) == claims.JOINED
        assert await claims.confirm(session, people["Ana"], told.claim.id, SOON) is None
    assert await known_as(sessions, CITY, "UANA") == "Ana Diaz"
    assert await known_as(sessions, cast.TEAM, cast.user_id("Ana")) == "Ana Diaz"


async def test_only_the_member_whom_a_claim_names_answers_it(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    async with sessions.begin() as session:
        stranger_program = await cast.enter(session, team_id="T0OTHER")
    assert await claim(sessions, second, user("Ana"))
    told = await open_claim(sessions)
    for somebody in (people["Rosa"], people["Dana"], stranger_program["Ana"]):
        async with sessions.begin() as session:
            assert await claims.confirm(session, somebody, told.claim.id, SOON) is None
            assert not await claims.deny(session, somebody, told.claim.id, SOON)
            assert await claims.of_member(session, somebody, told.claim.id) is None
    assert await known_as(sessions, CITY, "UANA") is None


async def test_after_a_no_nobody_is_joined_until_the_member_thinks_otherwise(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    assert await claim(sessions, second, user("Ana"))
    told = await open_claim(sessions)
    async with sessions.begin() as session:
        assert await claims.deny(session, people["Ana"], told.claim.id, SOON)
        assert not await claims.deny(session, people["Ana"], told.claim.id, SOON)
    assert await claim(sessions, second, user("Ana"))  # they speak again: told again, asked no more
    again = await open_claim(sessions)
    assert (again.claim.id, again.claim.answer) == (told.claim.id, claims.NO)
    assert await known_as(sessions, CITY, "UANA") is None
    async with sessions.begin() as session:
        assert await claims.confirm(session, people["Ana"], told.claim.id, SOON) == claims.JOINED
        assert not await claims.deny(session, people["Ana"], told.claim.id, SOON)
    assert await known_as(sessions, CITY, "UANA") == "Ana Diaz"


async def test_nobody_claims_to_be_who_is_unknown_gone_here_already_or_of_another_program(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
        gone = update(Member).where(Member.program_id == second.program_id, Member.id == people["Tomas"].id)
        await session.execute(gone.values(deactivated_at=NOW))
        here = {"program_id": second.program_id, "workspace_id": second.id, "member_id": people["Keola"].id}
        session.add(Identity(**here, user_id="UKEOLA", created_at=NOW))
        only_there = Member(program_id=other.workspace.program_id, name="Bo", email="bo@example.org", created_at=NOW)
        session.add(only_there)
    for somebody in (user("Nobody"), user("Ana", email=""), user("Tomas"), user("Keola2", email="keola@example.org")):
        assert not await claim(sessions, second, somebody)
    assert not await claim(sessions, second, user("Bo"))
    assert not await claim(sessions, people.workspace, user("Ana", team_id=cast.TEAM))
    async with sessions() as session:
        assert await claims.due(session, SOON, 10) == []
        assert await claims.next_due(session) is None


async def test_a_user_who_became_somebody_else_meanwhile_is_not_joined(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    assert await claim(sessions, second, user("Ana"))
    told = await open_claim(sessions)
    async with sessions.begin() as session:
        who = {"program_id": second.program_id, "workspace_id": second.id, "member_id": people["Rosa"].id}
        session.add(Identity(**who, user_id="UANA", created_at=NOW))
    async with sessions.begin() as session:
        assert await claims.confirm(session, people["Ana"], told.claim.id, SOON) == claims.TAKEN
    assert await known_as(sessions, CITY, "UANA") == "Rosa Kim"


async def test_who_waits_is_told_once_even_by_two(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    assert await claim(sessions, second, user("Ana"))
    told = await open_claim(sessions)

    async def tell() -> bool:
        async with sessions.begin() as session:
            return await claims.tell(session, told.claim)

    await databases.ready_for_a_race(sessions, 3)
    assert sorted(await asyncio.gather(*(tell() for _ in range(3)))) == [False, False, True]
    async with sessions.begin() as session:
        await claims.asked(session, told.claim, SOON)
        again = await claims.of_member(session, people["Ana"], told.claim.id)
    assert again is not None
    assert (again.claim.asked_at, again.claim.due_at) == (SOON, None)


async def test_an_address_is_found_at_once_while_the_member_is_nowhere_yet_but_in_one_workspace_only(
    sessions: Sessions,
) -> None:
    people, second = await enter(sessions)
    async with sessions.begin() as session:
        bo = Member(program_id=second.program_id, name="Bo Li", email="bo@example.org", created_at=NOW)
        session.add(bo)
    places = {CITY: second, cast.TEAM: people.workspace}

    async def join(team_id: str) -> int:
        async with sessions.begin() as session:
            return await identities.join(session, places[team_id], [user("Bo", team_id=team_id)], NOW, members=[bo])

    await databases.ready_for_a_race(sessions, 2)
    assert sorted(await asyncio.gather(*map(join, places))) == [0, 1]
    async with sessions() as session:
        query = select(Identity).where(Identity.program_id == second.program_id, Identity.member_id == bo.id)
        assert len((await session.scalars(query)).all()) == 1


async def test_a_slack_id_of_the_roster_is_somebody_else_in_a_linked_workspace(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    async with sessions.begin() as session:
        who = {"program_id": second.program_id, "name": "Bo", "created_at": NOW}
        session.add(Member(**who, email="bo@example.org", roster_slack_id="USAME"))
    same = user("Same", email="other@example.org")
    async with sessions.begin() as session:
        assert await identities.recognize_one(session, second, same, NOW) is None
        missing = await identities.to_look_up(session, second.program_id)
        assert await identities.recognize(session, second, [same], NOW, members=missing) == 0
        assert await seats.people(session, second, "USAME", None) == []
        [bo] = await seats.people(session, people.workspace, "USAME", None)
        new = await seats.add_person(session, second, "Sam", None, "USAME", NOW)
    assert (bo.name, new.roster_slack_id) == ("Bo", None)
    assert await known_as(sessions, CITY, "USAME") == "Sam"
    assert await known_as(sessions, cast.TEAM, "USAME") is None


async def test_who_has_the_roster_id_of_one_and_the_address_of_another_is_the_latter_in_a_linked_workspace(
    sessions: Sessions,
) -> None:
    _, second = await enter(sessions)
    async with sessions.begin() as session:
        who = {"program_id": second.program_id, "created_at": NOW}
        session.add(Member(**who, name="Bo", email="bo@example.org", roster_slack_id="USAME"))
        session.add(Member(**who, name="Cy", email="cy@example.org"))
    async with sessions.begin() as session:
        same = user("Same", email="cy@example.org")
        found = await identities.recognize_one(session, second, same, NOW)
    assert found is not None
    assert found.name == "Cy"


async def test_the_administrator_of_a_linked_workspace_does_not_become_first_facilitator(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    async with sessions.begin() as session:
        await session.execute(delete(Facilitator).where(Facilitator.program_id == second.program_id))
        assert await identities.make_first_facilitator(session, second, user("Admin"), NOW) is None
        assert await identities.make_first_facilitator(session, people.workspace, user("Admin", team_id=cast.TEAM), NOW)


async def test_a_member_is_written_to_where_they_chose_else_where_they_were_first(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    ana = people["Ana"]
    async with sessions.begin() as session:
        who = {"program_id": second.program_id, "workspace_id": second.id, "member_id": ana.id}
        session.add(Identity(**who, user_id="UANA", created_at=NOW))

    async def written_to(key: str) -> list[tuple[int, str]]:
        async with sessions.begin() as session:
            assert await deliveries.owe(session, ana, key, {"text": "Hello"}, at=NOW)
            assert await deliveries.owe_all(
                session, ana.program_id, [deliveries.Letter(ana.id, f"{key}:all", {"text": "Hello"})], at=NOW
            )
            found = [await deliveries.find(session, ana.program_id, one) for one in (key, f"{key}:all")]
            assert await members.reached_in(session, ana) == (CITY if found[0].workspace_id == second.id else cast.TEAM)  # type: ignore[union-attr]
        return sorted({(one.workspace_id, one.place) for one in found if isinstance(one, Delivery)})

    first = (people.workspace.id, cast.user_id("Ana"))
    assert await written_to("a") == [first]
    async with sessions.begin() as session:
        assert await identities.prefer(session, ana, second.id, NOW)
        assert not await identities.prefer(session, people["Rosa"], second.id, NOW)
    assert await written_to("b") == [(second.id, "UANA")]
    async with sessions.begin() as session:
        assert await identities.prefer(session, ana, people.workspace.id, SOON)
        known = await links.workspaces(session, ana)
    assert await written_to("c") == [first]
    assert [one.user_id for one in known] == [cast.user_id("Ana"), "UANA"]


async def test_who_left_one_of_two_workspaces_is_reached_in_the_other(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    async with sessions.begin() as session:
        who = {"program_id": second.program_id, "workspace_id": second.id, "member_id": people["Ana"].id}
        session.add(Identity(**who, user_id="UANA", created_at=NOW))
    async with sessions.begin() as session:
        left = User(cast.user_id("Ana"), cast.TEAM, "Ana", "", None, deleted=True)
        await identities.changed(session, people.workspace, left, NOW)
    async with sessions() as session:
        assert await members.reached_in(session, people["Ana"]) == CITY
        assert await members.by_identity(session, cast.TEAM, cast.user_id("Ana")) is None
        assert await members.by_identity(session, cast.TEAM, cast.user_id("Rosa")) is not None


async def test_a_mention_means_the_user_of_the_workspace_in_which_it_is_typed(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    async with sessions.begin() as session:
        who = {"program_id": second.program_id, "workspace_id": second.id, "member_id": people["Rosa"].id}
        session.add(Identity(**who, user_id=cast.user_id("Ana"), created_at=NOW))
        program_id = second.program_id
        assert await directory.of_user(session, program_id, cast.TEAM, cast.user_id("Ana")) == people["Ana"].id
        assert await directory.of_user(session, program_id, CITY, cast.user_id("Ana")) == people["Rosa"].id
        assert await directory.of_user(session, program_id, CITY, cast.user_id("Rosa")) is None


async def test_a_code_that_was_entered_is_stepped_through_once_and_the_newest_counts(sessions: Sessions) -> None:
    await enter(sessions)
    async with sessions.begin() as session:
        assert not await link_requests.ask(session, "TUNKNOWN", "UA", "ABC", "https://a", NOW)
        assert await link_requests.ask(session, CITY, "UA", "ABC", "https://a", NOW)
    async with sessions.begin() as session:
        [(first, team_id)] = await link_requests.due(session, NOW)
        assert (first.code, first.state, team_id) == ("ABC", link_requests.ASKED, CITY)
        assert not await link_requests.confirm(session, CITY, "UA", first.key, "https://b", since=NOW, at=SOON)
        assert await link_requests.step(session, first, link_requests.OFFERED)
        assert not await link_requests.step(session, first, link_requests.OFFERED)
        assert await link_requests.next_due(session) is None
    for team_id, who, key, since in (
        (CITY, "UB", first.key, NOW),
        (cast.TEAM, "UA", first.key, NOW),
        (CITY, "UA", "another", NOW),
        (CITY, "UA", first.key, SOON),
    ):
        async with sessions.begin() as session:
            assert not await link_requests.confirm(session, team_id, who, key, "https://b", since=since, at=SOON)
    async with sessions.begin() as session:
        assert await link_requests.confirm(session, CITY, "UA", first.key, "https://b", since=NOW, at=SOON)
        assert not await link_requests.confirm(session, CITY, "UA", first.key, "https://b", since=NOW, at=SOON)
    async with sessions.begin() as session:
        [(confirmed, _)] = await link_requests.due(session, SOON)
        assert (confirmed.state, confirmed.response_url) == (link_requests.CONFIRMED, "https://b")
        await link_requests.postpone(session, confirmed, SOON + timedelta(minutes=1))
        assert await link_requests.due(session, SOON) == []
        assert await link_requests.ask(session, CITY, "UA", "DEF", "https://c", SOON)
        assert not await link_requests.step(session, confirmed, link_requests.SETTLED)
        [(newest, _)] = await link_requests.due(session, SOON)
    assert (newest.code, newest.tries) == ("DEF", 0)


async def test_a_stranger_of_a_moved_workspace_is_one_of_its_new_program(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    async with sessions.begin() as session:
        await strangers.note(session, CITY, "USTRANGER", response_url=None, at=NOW)
        assert (await programs.by_team(session, CITY)) is not None
    async with sessions() as session:
        [(_, workspace), *_] = await strangers.to_look_up(session)
    assert (workspace.id, workspace.program_id) == (second.id, people.workspace.program_id)


async def test_a_roster_file_speaks_of_the_ids_of_the_programs_own_workspace(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    program_id = second.program_id
    async with sessions.begin() as session:
        sam = Member(program_id=program_id, name="Sam No-Address", created_at=NOW)
        session.add(sam)
        await session.flush()
        for member_id, user_id in ((people["Rosa"].id, "UONLYTHERE"), (sam.id, "USAM")):
            who = {"program_id": program_id, "workspace_id": second.id, "member_id": member_id}
            session.add(Identity(**who, user_id=user_id, created_at=NOW))
        session.add(
            Delegate(program_id=program_id, seat_id=people.seats["Memphis"].id, member_id=sam.id, role="sponsor")
        )
    header = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"
    line = "City Accelerator,Inclusive procurement,Memphis,TN,Una New,,UONLYTHERE,delegate,,,,,\n"
    report = await roster.import_roster(sessions, program_id, header + line, dry_run=False, at=NOW)
    assert report.ok, report.lines
    async with sessions() as session:
        query = select(Member.name).where(Member.program_id == program_id, Member.roster_slack_id == "UONLYTHERE")
        assert (await session.scalars(query)).all() == ["Una New"]
        content, _ = await export.of(session, program_id, None)
    assert "Sam No-Address,,," in content.decode()
    assert "USAM" not in content.decode()


async def test_who_is_somebody_in_that_workspace_already_becomes_nobody_else_there(sessions: Sessions) -> None:
    people, second = await enter(sessions)
    await claim(sessions, second, user("Ana"))
    told, ana = await open_claim(sessions), people["Ana"]
    async with sessions.begin() as session:
        who = {"program_id": ana.program_id, "workspace_id": second.id, "member_id": ana.id}
        session.add(Identity(**who, user_id="UOTHER", created_at=NOW))
    async with sessions.begin() as session:
        assert await claims.confirm(session, ana, told.claim.id, SOON) == claims.TAKEN
    assert await known_as(sessions, CITY, "UANA") is None
    assert await known_as(sessions, CITY, "UOTHER") == "Ana Diaz"
