"""Where the app is installed: the newest token counts, a removal that is old news does not, and who comes back from Slack does so once."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import text

from storage import deliveries, installations, members, programs
from storage.database import Sessions
from storage.deliveries import Letter
from storage.installations import Grant
from storage.models import Identity, Member, Workspace
from tests import cast, databases

ELSEWHERE = "T0MEMPHIS"
WITHIN = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)


async def another_workspace(sessions: Sessions, program_id: int, at: datetime) -> Workspace:
    """A second workspace of the program, with the app in it."""
    async with sessions.begin() as session:
        workspace = Workspace(
            program_id=program_id, team_id=ELSEWHERE, name="Memphis city hall", bot_user_id="U0BOT", created_at=at
        )
        session.add(workspace)
        await session.flush()
        await installations.save(session, workspace, Grant("xoxb-1", "B1", "chat:write", "U0ANA"), at)
    return workspace


async def token(sessions: Sessions, team_id: str) -> str | None:
    async with sessions() as session:
        found = await installations.of(session, team_id)
    return found[1].bot_token if found else None


async def test_the_newest_installation_counts(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
    workspace = await another_workspace(sessions, people.workspace.program_id, at)
    assert await token(sessions, ELSEWHERE) == "xoxb-1"
    async with sessions.begin() as session:
        await installations.save(session, workspace, Grant("xoxb-2", "B1"), at + MINUTE)
    assert await token(sessions, ELSEWHERE) == "xoxb-2"
    assert await token(sessions, "T0NOWHERE") is None
    async with sessions() as session:
        found = await installations.everywhere(session)
    assert [(one.team_id, installation.bot_token) for one, installation in found] == [
        (cast.TEAM, None),
        (ELSEWHERE, "xoxb-2"),
    ]


async def test_a_removal_ends_an_installation_once_and_a_new_one_revives_it(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
    workspace = await another_workspace(sessions, people.workspace.program_id, at)
    async with sessions.begin() as session:
        assert await installations.end(session, workspace, at + MINUTE, at + MINUTE)
        assert not await installations.end(session, workspace, at + MINUTE, at + MINUTE)
    assert await token(sessions, ELSEWHERE) is None
    async with sessions.begin() as session:
        assert [one.team_id for one in await installations.reached(session, workspace.program_id)] == [cast.TEAM]
        await installations.save(session, workspace, Grant("xoxb-2", "B1"), at + 2 * MINUTE)
        assert len(await installations.reached(session, workspace.program_id)) == 2
    assert await token(sessions, ELSEWHERE) == "xoxb-2"


async def test_a_removal_that_is_told_late_does_not_end_what_was_installed_since(
    sessions: Sessions, at: datetime
) -> None:
    """Slack tells of moments in whole seconds: one within the second of the installation counts as after it."""
    async with sessions.begin() as session:
        people = await cast.enter(session)
    workspace = await another_workspace(sessions, people.workspace.program_id, at + timedelta(microseconds=500_000))
    async with sessions.begin() as session:
        assert not await installations.end(session, workspace, at - timedelta(seconds=1), at + MINUTE)
        assert await installations.end(session, workspace, at, at + MINUTE)


async def test_nobody_is_written_to_where_the_app_was_removed(sessions: Sessions, at: datetime) -> None:
    """Ana is known in both workspaces: while one is gone, the other one has her."""
    async with sessions.begin() as session:
        people = await cast.enter(session)
    ana, program_id = people["Ana"], people.workspace.program_id
    second = await another_workspace(sessions, program_id, at)
    async with sessions.begin() as session:
        known = {"program_id": program_id, "workspace_id": second.id, "created_at": at}
        session.add(Identity(member_id=ana.id, user_id="U0ANA2", **known))
    async with sessions.begin() as session:
        await installations.end(session, people.workspace, at + MINUTE, at + MINUTE)
        identity = await members.identity_of(session, ana)
        assert identity is not None
        assert identity.user_id == "U0ANA2"
        assert await members.identity_of(session, people["Rosa"]) is None
        letters = [Letter(people[name].id, f"to {name}", {"text": "News."}) for name in ("Ana", "Rosa")]
        assert await deliveries.owe_all(session, program_id, letters, at=at) == {"to Ana"}
        delivery = await deliveries.find(session, program_id, "to Ana")
    assert delivery is not None
    assert (delivery.workspace_id, delivery.place) == (second.id, "U0ANA2")


async def test_two_people_with_the_same_id_in_two_workspaces_are_each_written_to_in_their_own(
    sessions: Sessions, at: datetime
) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
    program_id = people.workspace.program_id
    second = await another_workspace(sessions, program_id, at)
    async with sessions.begin() as session:
        namesake = Member(program_id=program_id, name="Zoe", email="zoe@example.org", created_at=at)
        session.add(namesake)
        await session.flush()
        identity = {"program_id": program_id, "workspace_id": second.id, "user_id": cast.user_id("Ana")}
        session.add(Identity(member_id=namesake.id, created_at=at, **identity))
    async with sessions.begin() as session:
        letters = [
            Letter(namesake.id, "to Zoe", {"text": "Zoe."}),
            Letter(people["Ana"].id, "to Ana", {"text": "Ana."}),
        ]
        assert len(await deliveries.owe_all(session, program_id, letters, at=at)) == 2
    async with sessions() as session:
        found = [await deliveries.find(session, program_id, key) for key in ("to Ana", "to Zoe")]
    assert [one.workspace_id for one in found if one] == [people.workspace.id, second.id]


async def test_a_word_brings_somebody_back_once_and_in_time(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        state, slow = [await installations.begin(session, within=WITHIN, at=at) for _ in range(2)]
    assert state != slow
    async with sessions.begin() as session:
        assert not await installations.come_back(session, "made up", at)
        assert not await installations.come_back(session, slow, at + WITHIN)
        assert await installations.come_back(session, state, at + MINUTE)
        assert not await installations.come_back(session, state, at + MINUTE)


async def test_of_many_who_come_back_with_one_word_at_the_same_time_one_is_let_in(
    sessions: Sessions, at: datetime
) -> None:
    async with sessions.begin() as session:
        state = await installations.begin(session, within=WITHIN, at=at)
    await databases.ready_for_a_race(sessions, 5)

    async def come() -> bool:
        async with sessions.begin() as session:
            return await installations.come_back(session, state, at)

    assert sorted(await asyncio.gather(*(come() for _ in range(5)))) == [False] * 4 + [True]


async def test_a_workspace_that_several_take_in_at_the_same_time_gets_one_program(
    sessions: Sessions, at: datetime
) -> None:
    await databases.ready_for_a_race(sessions, 4)

    async def take_in() -> tuple[int, int]:
        async with sessions.begin() as session:
            names = {"team_id": ELSEWHERE, "name": "Memphis city hall", "bot_user_id": "U0BOT"}
            workspace = await programs.ensure(session, **names, time_zone="America/Chicago", at=at)
            return workspace.id, workspace.program_id

    [(workspace_id, program_id)] = set(await asyncio.gather(*(take_in() for _ in range(4))))
    async with sessions() as session:
        assert [one.id for one in await programs.workspaces(session, program_id)] == [workspace_id]
        assert (await session.execute(text("SELECT count(*) FROM programs"))).scalar_one() == 1
