"""Link codes: made, listed, taken back and used once, and what moving a workspace does to the program that it leaves."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage import commitments, deliveries, identities, links, members, moving, practices, programs
from storage.database import Sessions
from storage.identities import User
from storage.models import Base, Cohort, Gap, Identity, LinkCode, Member, Network, Program, Stranger, Workspace
from tests import cast, databases
from tests.cast import Cast

NOW = cast.START
SOON = NOW + timedelta(hours=1)
CIVIC = {"name": "City hall", "bot_user_id": "U0BOT", "time_zone": "America/Chicago"}


async def enter(sessions: Sessions) -> Cast:
    async with sessions.begin() as session:
        return await cast.enter(session, channel="C0COHORT")


async def city_hall(sessions: Sessions, team_id: str = "T0CITY", *, admin: str | None = "Ada") -> Workspace:
    """A workspace with a program of its own, empty but for the administrator who facilitates it."""
    async with sessions.begin() as session:
        workspace = await programs.ensure(session, team_id=team_id, at=NOW, **CIVIC)
        if admin:
            user = User(f"U{admin.upper()}", team_id, admin, f"{admin.lower()}@city.gov", None, is_admin=True)
            assert await identities.make_first_facilitator(session, workspace, user, NOW)
    return workspace


async def code_of(sessions: Sessions, member: Member, at: datetime = NOW) -> str:
    async with sessions.begin() as session:
        made = await links.make(session, member, at)
    assert made is not None
    return made.code


async def move(sessions: Sessions, workspace: Workspace, code: str, at: datetime = SOON) -> str | None:
    """What was in the way; None when it was moved."""
    async with sessions.begin() as session:
        return (await moving.move(session, workspace.id, code, at)).problem


async def program_of(sessions: Sessions, team_id: str) -> int:
    async with sessions() as session:
        found = await programs.by_team(session, team_id)
    assert found is not None
    return found.program_id


async def rows_of(sessions: Sessions, program_id: int) -> dict[str, Any]:
    """Every row of a program, by table."""
    found = {}
    async with sessions() as session:
        for table in Base.metadata.sorted_tables:
            key = table.c.id if table is Program.__table__ else table.c.get("program_id")
            if key is not None:
                query = select(table).where(key == program_id).execution_options(across_programs="all tables")
                found[table.name] = sorted(map(str, await session.execute(query)))
    return {name: rows for name, rows in found.items() if rows}


async def test_a_code_is_made_listed_and_taken_back_once(sessions: Sessions) -> None:
    people = await enter(sessions)
    first, second = await code_of(sessions, people["Dana"]), await code_of(sessions, people["Dana"])
    async with sessions() as session:
        listed = await links.open_codes(session, people["Dana"].program_id, SOON)
    assert [(one.code, one.maker) for one in listed] == [(second, "Dana Whitfield"), (first, "Dana Whitfield")]
    assert first != second
    assert set(first) <= set(links.LETTERS)
    assert len(first) == links.LENGTH
    async with sessions.begin() as session:
        assert await links.take_back(session, people["Renee"], listed[0].id, SOON)
        assert not await links.take_back(session, people["Dana"], listed[0].id, SOON)
    async with sessions() as session:
        assert [one.code for one in await links.open_codes(session, people["Dana"].program_id, SOON)] == [first]
        assert await links.open_codes(session, people["Dana"].program_id, NOW + links.GOOD_FOR) == []
    assert await move(sessions, await city_hall(sessions), second) == "taken_back"


async def test_nobody_takes_back_or_sees_the_code_of_another_program(sessions: Sessions) -> None:
    people = await enter(sessions)
    code = await code_of(sessions, people["Dana"])
    workspace = await city_hall(sessions)
    async with sessions.begin() as session:
        ada = await members.by_identity(session, "T0CITY", "UADA")
        assert ada is not None
        assert await links.open_codes(session, workspace.program_id, SOON) == []
        [own] = await links.open_codes(session, people["Dana"].program_id, SOON)
        assert not await links.take_back(session, ada, own.id, SOON)
        assert [one.workspace.team_id for one in await links.workspaces(session, ada)] == ["T0CITY"]
    assert await move(sessions, workspace, code) is None


async def test_there_are_ten_open_codes_at_most(sessions: Sessions) -> None:
    people = await enter(sessions)
    for _ in range(links.MOST_OPEN):
        await code_of(sessions, people["Dana"])
    async with sessions.begin() as session:
        assert await links.make(session, people["Dana"], SOON) is None
        assert await links.make(session, people["Dana"], NOW + links.GOOD_FOR)  # by then they are too old


async def test_of_many_who_make_codes_at_once_none_goes_over_the_limit(sessions: Sessions) -> None:
    people = await enter(sessions)

    async def make() -> bool:
        async with sessions.begin() as session:
            return await links.make(session, people["Dana"], NOW) is not None

    await databases.ready_for_a_race(sessions, 12)
    made = await asyncio.gather(*(make() for _ in range(12)))
    assert made.count(True) == links.MOST_OPEN


async def test_a_code_brings_a_workspace_into_the_program_once(sessions: Sessions) -> None:
    people = await enter(sessions)
    code = await code_of(sessions, people["Dana"])
    first, second = await city_hall(sessions), await city_hall(sessions, "T0TOWN", admin=None)
    old = first.program_id
    async with sessions() as session:
        looked = await moving.look(session, first.id, code, SOON)
    assert (looked.problem, looked.first) == (None, "UADA")
    assert looked.program is not None
    assert looked.program.name == "Programme Office"
    assert await move(sessions, first, code) is None
    assert await program_of(sessions, "T0CITY") == people.workspace.program_id
    assert await move(sessions, second, code) == "used"
    assert await move(sessions, first, code) == "same"
    assert await program_of(sessions, "T0TOWN") == second.program_id
    assert await rows_of(sessions, old) == {}
    async with sessions() as session:
        [own, linked] = await links.workspaces(session, people["Dana"])
        assert await links.open_codes(session, people["Dana"].program_id, SOON) == []
        [used] = await session.scalars(select(LinkCode).where(LinkCode.program_id == people["Dana"].program_id))
    assert (own.user_id, own.workspace.linked_at) == (cast.user_id("Dana"), None)
    assert (linked.user_id, linked.workspace.linked_at, linked.workspace.team_id) == (None, SOON, "T0CITY")
    assert (used.used_at, used.workspace_id) == (SOON, first.id)


async def test_of_two_workspaces_that_use_a_code_at_once_one_is_linked(sessions: Sessions) -> None:
    people = await enter(sessions)
    code = await code_of(sessions, people["Dana"])
    halls = [await city_hall(sessions, f"T0CITY{number}", admin=None) for number in range(4)]
    await databases.ready_for_a_race(sessions, len(halls))
    problems = await asyncio.gather(*(move(sessions, hall, code) for hall in halls))
    assert sorted(str(one) for one in problems) == ["None", "used", "used", "used"]
    async with sessions() as session:
        assert len(await programs.workspaces(session, people.workspace.program_id)) == 2


async def test_two_programs_that_would_swallow_each_other_do_not(sessions: Sessions) -> None:
    one, two = await city_hall(sessions, "T0ONE", admin="Ada"), await city_hall(sessions, "T0TWO", admin="Bea")
    codes = []
    for team_id, user_id in (("T0ONE", "UADA"), ("T0TWO", "UBEA")):
        async with sessions() as session:
            admin = await members.by_identity(session, team_id, user_id)
        assert admin is not None
        codes.append(await code_of(sessions, admin))
    await databases.ready_for_a_race(sessions, 2)
    problems = await asyncio.gather(move(sessions, one, codes[1]), move(sessions, two, codes[0]))
    assert sorted(str(problem) for problem in problems) in (["None", "same"], ["None", "unknown"])
    assert await program_of(sessions, "T0ONE") == await program_of(sessions, "T0TWO")


async def test_codes_that_are_wrong_old_or_of_the_same_program_change_nothing(sessions: Sessions) -> None:
    people = await enter(sessions)
    code, hall = await code_of(sessions, people["Dana"]), await city_hall(sessions)
    before = await rows_of(sessions, hall.program_id), await rows_of(sessions, people.workspace.program_id)
    assert await move(sessions, hall, "") == "unknown"
    assert await move(sessions, hall, code[:-1]) == "unknown"
    assert await move(sessions, hall, code, NOW + links.GOOD_FOR) == "expired"
    assert await move(sessions, people.workspace, code) == "same"
    assert (await rows_of(sessions, hall.program_id), await rows_of(sessions, people.workspace.program_id)) == before
    assert await move(sessions, hall, code, NOW + links.GOOD_FOR - timedelta(seconds=1)) is None


async def add_person(session: AsyncSession, workspace: Workspace) -> None:
    session.add(Member(program_id=workspace.program_id, name="Bo", email="bo@city.gov", created_at=NOW))


async def add_cohort(session: AsyncSession, workspace: Workspace) -> None:
    network = Network(program_id=workspace.program_id, name="Own network")
    session.add(network)
    await session.flush()
    session.add(Cohort(program_id=workspace.program_id, network_id=network.id, name="Own cohort", created_at=NOW))


async def add_commitment(session: AsyncSession, workspace: Workspace) -> None:
    ada = await members.by_identity(session, workspace.team_id, "UADA")
    assert ada is not None
    new = commitments.New(
        text="Publish it", due_on=NOW.date(), audience="city", cohort_id=None, city_id=None, nudge_at=None
    )
    await commitments.record(session, ada, new, NOW)


async def add_workspace(session: AsyncSession, workspace: Workspace) -> None:
    other = {"program_id": workspace.program_id, "team_id": "T0THIRD", "name": "Third", "bot_user_id": "U0BOT"}
    session.add(Workspace(**other, created_at=NOW))


@pytest.mark.parametrize(
    ("add", "problem"),
    [(add_person, "people"), (add_cohort, "things"), (add_commitment, "things"), (add_workspace, "things")],
)
async def test_a_program_that_somebody_would_lose_something_of_stays(
    sessions: Sessions, add: Any, problem: str
) -> None:
    people = await enter(sessions)
    code, hall = await code_of(sessions, people["Dana"]), await city_hall(sessions)
    async with sessions.begin() as session:
        await add(session, hall)
    before = await rows_of(sessions, hall.program_id)
    assert await move(sessions, hall, code) == problem
    assert await rows_of(sessions, hall.program_id) == before
    async with sessions() as session:  # and the code is still good
        assert [one.code for one in await links.open_codes(session, people["Dana"].program_id, SOON)] == [code]


async def test_a_single_person_who_does_not_facilitate_the_program_is_people(sessions: Sessions) -> None:
    people = await enter(sessions)
    code, hall = await code_of(sessions, people["Dana"]), await city_hall(sessions, admin=None)
    async with sessions.begin() as session:
        await add_person(session, hall)
    assert await move(sessions, hall, code) == "people"


async def test_the_emptied_program_goes_with_all_its_rows_and_nothing_of_others(sessions: Sessions) -> None:
    people = await enter(sessions)
    other = await city_hall(sessions, "T0OTHER", admin="Otto")
    code, hall = await code_of(sessions, people["Dana"]), await city_hall(sessions)
    async with sessions.begin() as session:
        ada = await members.by_identity(session, "T0CITY", "UADA")
        assert ada is not None
        await practices.load_starter(session, hall.program_id, NOW)
        await deliveries.owe(session, ada, "welcome", {"text": "Welcome"}, at=NOW)
        await deliveries.owe_update(session, ada.program_id, "welcome", {"text": "Hello"}, at=NOW)
        await links.make(session, ada, NOW)
        session.add(Gap(program_id=hall.program_id, member_id=ada.id, question="Trees?", at=NOW))
        session.add(Stranger(workspace_id=hall.id, user_id="USTRANGER", asked_at=NOW))
    kept = await rows_of(sessions, other.program_id)
    mine = await rows_of(sessions, people.workspace.program_id)
    assert await move(sessions, hall, code) is None
    assert await rows_of(sessions, hall.program_id) == {}
    assert await rows_of(sessions, other.program_id) == kept
    after = await rows_of(sessions, people.workspace.program_id)
    changed = {name for name in after if after[name] != mine.get(name)}
    assert changed == {"link_codes", "workspaces"}
    async with sessions() as session:
        assert (await session.scalars(select(Stranger.user_id))).all() == ["USTRANGER"]
        assert await members.by_identity(session, "T0CITY", "UADA") is None


async def test_what_is_under_way_in_the_emptied_program_is_written_nowhere(sessions: Sessions) -> None:
    """A command that began before the move knows the old program; its rows do not land in the new one, nor in one made later."""
    people = await enter(sessions)
    code, hall = await code_of(sessions, people["Dana"]), await city_hall(sessions)
    async with sessions() as session:
        ada = await members.by_identity(session, "T0CITY", "UADA")
    assert ada is not None
    assert await move(sessions, hall, code) is None
    later = await city_hall(sessions, "T0LATER", admin=None)
    assert later.program_id not in (hall.program_id, people.workspace.program_id)
    with pytest.raises(IntegrityError):
        async with sessions.begin() as session:
            session.add(Gap(program_id=ada.program_id, member_id=None, question="Trees?", at=NOW))
    with pytest.raises(IntegrityError):
        async with sessions.begin() as session:
            await links.make(session, ada, NOW)
    async with sessions() as session:
        assert await session.scalar(select(func.count(Gap.id)).execution_options(across_programs="all")) == 0


async def test_who_is_not_in_slack_yet_is_looked_for_in_the_workspace_that_came(sessions: Sessions) -> None:
    people = await enter(sessions)
    program_id = people.workspace.program_id
    async with sessions.begin() as session:
        values = {"program_id": program_id, "name": "Bo", "email": "bo@city.gov", "looked_up_at": NOW}
        await session.execute(insert(Member).values(**values, title="", expertise=[], created_at=NOW))
        await session.execute(update(Member).where(Member.program_id == program_id).values(looked_up_at=NOW))
    code, hall = await code_of(sessions, people["Dana"]), await city_hall(sessions)
    assert await move(sessions, hall, code) is None
    async with sessions() as session:
        assert [one.name for one in await identities.to_look_up(session, program_id)] == ["Bo"]
        assert await session.scalar(select(func.count(Identity.id)).where(Identity.program_id == program_id)) == 6
