"""Members are recognized among the users of a workspace, take over what Slack says of them, and one becomes the first facilitator."""

import asyncio
from datetime import datetime

from sqlalchemy import delete, select, update

from storage import identities, members, programs, strangers
from storage.database import Sessions
from storage.identities import User
from storage.models import Facilitator, Identity, Member, Stranger, Workspace
from tests import cast


def user(name: str, **facts: object) -> User:
    known: dict[str, object] = {
        "team_id": cast.TEAM,
        "email": f"{name.lower()}@example.org",
        "time_zone": "America/Denver",
    }
    return User(f"U{name.upper()}", name=name, **(known | facts))  # type: ignore[arg-type]


async def newcomers(sessions: Sessions, at: datetime, *names: str, slack_id: str | None = None) -> Workspace:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        for name in names:
            address = f"{name.lower()}@example.org"
            session.add(
                Member(
                    program_id=people.workspace.program_id,
                    name=name,
                    email=address,
                    roster_slack_id=slack_id,
                    created_at=at,
                )
            )
    return people.workspace


async def found(sessions: Sessions, workspace: Workspace) -> dict[str, str]:
    async with sessions() as session:
        query = select(Member.name, Identity.user_id).join(Identity, Identity.member_id == Member.id)
        query = query.where(Member.program_id == workspace.program_id, Member.created_at > cast.START)
        return {name: user_id for name, user_id in await session.execute(query)}  # noqa: C416 (rows are no pairs)


async def look(sessions: Sessions, workspace: Workspace, at: datetime, *users: User) -> int:
    async with sessions.begin() as session:
        missing = await identities.to_look_up(session, workspace.program_id)
        return await identities.recognize(session, workspace, users, at, members=missing)


LATER = cast.START.replace(day=2)


async def test_members_are_found_by_slack_id_else_by_address_and_only_once(sessions: Sessions) -> None:
    workspace = await newcomers(sessions, LATER, "Bo", "Li")
    async with sessions() as session:
        assert await identities.first_to_look_up(session) == LATER
    assert await look(sessions, workspace, LATER, user("Bo"), user("Somebody")) == 1
    assert await found(sessions, workspace) == {"Bo": "UBO"}
    async with sessions() as session:
        assert await identities.first_to_look_up(session) is None  # Li was looked for; nobody was there
        bo = await members.by_identity(session, cast.TEAM, "UBO")
        assert bo is not None
        assert bo.slack_time_zone == "America/Denver"


async def test_a_slack_id_goes_before_an_address(sessions: Sessions) -> None:
    workspace = await newcomers(sessions, LATER, "Bo", slack_id="UREAL")
    await look(sessions, workspace, LATER, user("Bo"), user("Real", email="other@example.org"))
    assert await found(sessions, workspace) == {"Bo": "UREAL"}


async def test_bots_the_deleted_and_guests_of_other_workspaces_are_nobody(sessions: Sessions) -> None:
    workspace = await newcomers(sessions, LATER, "Bo", "Li", "Mo")
    away = user("Bo", deleted=True), user("Li", is_bot=True), user("Mo", team_id="TOTHER")
    assert await look(sessions, workspace, LATER, *away) == 0
    assert await found(sessions, workspace) == {}


async def test_a_user_who_is_somebody_already_does_not_become_somebody_else(sessions: Sessions) -> None:
    workspace = await newcomers(sessions, LATER, "Bo")
    taken = User(cast.user_id("Ana"), cast.TEAM, "Bo", "bo@example.org", None)
    assert await look(sessions, workspace, LATER, taken) == 0
    async with sessions() as session:
        ana = await members.by_identity(session, cast.TEAM, cast.user_id("Ana"))
    assert ana is not None
    assert ana.name == "Ana Diaz"


async def test_leaving_slack_and_coming_back_is_noticed_and_so_is_a_new_time_zone(sessions: Sessions) -> None:
    workspace = await newcomers(sessions, LATER)
    ana = User(cast.user_id("Ana"), cast.TEAM, "Ana", "", "America/Phoenix", deleted=True)
    async with sessions.begin() as session:
        await identities.changed(session, workspace, ana, LATER)
    async with sessions() as session:
        assert await members.by_identity(session, cast.TEAM, ana.id) is None
    back = User(cast.user_id("Ana"), cast.TEAM, "Ana", "", "America/Phoenix")
    async with sessions.begin() as session:
        await identities.changed(session, workspace, back, LATER)
    async with sessions() as session:
        member = await members.by_identity(session, cast.TEAM, ana.id)
    assert member is not None
    assert (member.slack_time_zone, member.deactivated_at) == ("America/Phoenix", None)


async def test_who_is_still_in_another_workspace_of_the_program_stays(sessions: Sessions) -> None:
    workspace = await newcomers(sessions, LATER)
    async with sessions.begin() as session:
        ana = await members.by_identity(session, cast.TEAM, cast.user_id("Ana"))
        assert ana is not None
        other = Workspace(program_id=workspace.program_id, team_id="TB", name="B", bot_user_id="UBOT", created_at=LATER)
        session.add(other)
        await session.flush()
        places = {"program_id": workspace.program_id, "workspace_id": other.id, "member_id": ana.id}
        session.add(Identity(**places, user_id="UANAB", created_at=LATER))
    async with sessions.begin() as session:
        left = User(cast.user_id("Ana"), cast.TEAM, "Ana", "", None, deleted=True)
        await identities.changed(session, workspace, left, LATER)
    async with sessions() as session:
        assert await members.by_identity(session, "TB", "UANAB") is not None


async def test_the_first_facilitator_is_made_only_while_there_is_none(sessions: Sessions) -> None:
    workspace = await newcomers(sessions, LATER)
    admin = user("Admin", email="")
    async with sessions.begin() as session:
        assert await identities.make_first_facilitator(session, workspace, admin, LATER) is None
        await session.execute(delete(Facilitator).where(Facilitator.program_id == workspace.program_id))
        made = await identities.make_first_facilitator(session, workspace, admin, LATER)
        assert made is not None
        assert await members.facilitates(session, made)
        assert await identities.make_first_facilitator(session, workspace, user("Second"), LATER) is None
    assert await found(sessions, workspace) == {"Admin": "UADMIN"}


async def test_a_member_is_one_user_of_a_workspace(sessions: Sessions) -> None:
    workspace = await newcomers(sessions, LATER)
    async with sessions.begin() as session:
        second = user("Second", email="ana@example.org")
        assert await identities.recognize_one(session, workspace, second, LATER) is None
        assert await members.by_identity(session, cast.TEAM, second.id) is None


async def test_of_two_admins_who_come_at_once_one_becomes_the_first_facilitator(sessions: Sessions) -> None:
    workspace = await newcomers(sessions, LATER)
    async with sessions.begin() as session:
        await session.execute(delete(Facilitator).where(Facilitator.program_id == workspace.program_id))

    async def come(name: str) -> Member | None:
        async with sessions.begin() as session:
            return await identities.make_first_facilitator(session, workspace, user(name), LATER)

    made = await asyncio.gather(*(come(name) for name in ("First", "Second", "Third")))
    assert len([one for one in made if one]) == 1


async def test_a_user_id_means_somebody_in_their_own_workspace_only(sessions: Sessions) -> None:
    await newcomers(sessions, LATER)
    async with sessions.begin() as session:
        others = await cast.enter(session, team_id="T0OTHER")
        gone = update(Member).where(Member.program_id == others.workspace.program_id, Member.name == "Ana Diaz")
        await session.execute(gone.values(deactivated_at=LATER))
    async with sessions() as session:
        assert await members.by_identity(session, "T0OTHER", cast.user_id("Ana")) is None
        for team_id in (cast.TEAM, "T0OTHER"):
            rosa = await members.by_identity(session, team_id, cast.user_id("Rosa"))
            assert rosa is not None
            assert (rosa.program_id == others.workspace.program_id) is (team_id == "T0OTHER")


async def test_a_stranger_is_looked_up_once_and_again_when_they_speak_again(sessions: Sessions) -> None:
    await newcomers(sessions, LATER)
    async with sessions.begin() as session:
        await strangers.note(session, cast.TEAM, "UX", response_url="https://a", at=LATER, waits=True)
        assert await programs.by_team(session, "TUNKNOWN") is None
        await strangers.note(session, "TUNKNOWN", "UY", response_url=None, at=LATER)
    async with sessions.begin() as session:
        [(first, workspace)] = await strangers.to_look_up(session)
        assert (first.user_id, first.waits, workspace.team_id) == ("UX", True, cast.TEAM)
        assert await strangers.first_to_look_up(session) == LATER
    async with sessions.begin() as session:
        again = LATER.replace(hour=20)
        await strangers.note(session, cast.TEAM, "UX", response_url="https://b", at=again)
        assert not await strangers.looked_up(session, first, again)  # they spoke again meanwhile
    async with sessions.begin() as session:
        [(second, _)] = await strangers.to_look_up(session)
        assert await strangers.looked_up(session, second, again)
        assert not await strangers.looked_up(session, second, again)
        assert await strangers.first_to_look_up(session) is None
    async with sessions() as session:
        [kept] = await session.scalars(select(Stranger))
    assert kept.response_url == "https://b"


async def test_who_is_known_in_one_program_is_still_missing_in_another(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        ours = await cast.enter(session)
        others = await cast.enter(session, team_id="T0OTHERS")
        both = [ours["Ana"], others["Ana"]]
        left = await identities.still_missing(session, ours.workspace.program_id, both)
    assert [one.id for one in left] == [others["Ana"].id]
