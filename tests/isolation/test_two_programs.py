"""Two programs in one bot: whatever their people do, even by forging, no byte of one reaches the other, and none is changed by it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.sandbox import calls
from storage.models import Base
from tests import conformity, databases, several, whole
from tests.isolation import acts, marks
from tests.isolation.acts import World
from tests.whole import Slack

Json = dict[str, Any]
TURNS, ACTS = 12, 6
WORLDS = settings(
    max_examples=2,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a shorter walk is another walk
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@WORLDS
@given(seed=st.integers(0, 2**32 - 1))
def test_nothing_of_a_program_is_told_or_changed_in_the_other(empty: str, seed: int) -> None:
    asyncio.run(_walk(empty, Random(seed)))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest) -> str:
    """What each walk makes its database of: nothing, or the server's database that is to be emptied."""
    return str(request.getfixturevalue("postgres_url")) if request.param == "postgresql" else ""


async def _walk(postgres: str, chance: Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "calls.jsonl"
        url = await _fresh(postgres, Path(folder))
        async with _two_programs(url, log) as slack:
            world = World(slack.sandbox, dict(zip(marks.MARKS, slack.sandbox.workspaces.values(), strict=True)), chance)
            history: list[str] = []
            for _ in range(TURNS):
                await _turn(slack, world, chance.choice(marks.MARKS), history)
        assert conformity.faults(log) == []


async def _turn(slack: Slack, world: World, mark: str, history: list[str]) -> None:
    """Something comes about, then people of one program act: they leave the other's rows alone, and nothing holds the other's mark."""
    said = len(slack.sandbox.calls)
    history.append(await acts.happens(world, mark))
    before = await _rows(slack, world, marks.other(mark))
    for _ in range(ACTS):
        history.append(await acts.one(world, mark))
    assert await _rows(slack, world, marks.other(mark)) == before, f"after {history}"
    for call in slack.sandbox.calls[said:]:
        for own, workspace in world.workspaces.items():
            if (call["direction"], call["team"]) == (calls.FROM_APP, workspace.team_id):
                assert not marks.told(call["args"], marks.other(own)), f"{call} after {history}"


async def _rows(slack: Slack, world: World, mark: str) -> dict[str, list[Any]]:
    """Every row of a program, by table."""
    program_id = await several.program_of(slack, world.workspaces[mark])
    async with slack.sessions() as session:
        return {
            table.name: sorted(map(repr, await session.execute(select(table).where(table.c.program_id == program_id))))
            for table in Base.metadata.sorted_tables
            if "program_id" in table.c
        }


async def _fresh(postgres: str, folder: Path) -> str:
    if postgres:
        await databases.empty_tables(postgres)
        return postgres
    url = databases.sqlite_url(folder)
    await databases.create_tables(url)
    return url


@asynccontextmanager
async def _two_programs(url: str, log: Path) -> AsyncIterator[Slack]:
    """The cast twice, in two workspaces and two programs, with the same Slack ids, and a mark in all that each of them wrote."""
    await whole.fill(url)
    async with whole.slack(url, log) as slack:
        there = await several.open_memphis(slack)
        for mark, workspace in zip(marks.MARKS, (slack.workspace, there), strict=True):
            for person in workspace.people.values():
                person.real_name = person.real_name if person.is_bot else f"{person.real_name} {mark}"
            program_id = await several.program_of(slack, workspace)
            async with slack.sessions.begin() as session:
                await marks.put(session, program_id, mark)
        await slack.settle()
        yield slack
