"""Turns: what fails in one workspace, or is slow there, keeps no other from its turn."""

import asyncio

import pytest

from handlers import turns


async def test_an_error_ends_the_turn_of_its_workspace_alone_and_is_raised_at_the_end() -> None:
    done: list[str] = []

    async def do(thing: str) -> None:
        if thing == "A2":
            raise ValueError(thing)
        done.append(thing)

    with pytest.raises(ValueError, match="A2"):
        await turns.side_by_side(["A1", "A2", "A3", "B1", "B2"], lambda thing: thing[0], do, most=5)
    assert sorted(done) == ["A1", "B1", "B2"]


async def test_each_workspace_does_so_many_at_most_and_in_order() -> None:
    done: list[str] = []

    async def do(thing: str) -> None:
        done.append(thing)

    assert await turns.side_by_side(["A1", "A2", "A3", "B1"], lambda thing: thing[0], do, most=2) == 3
    assert [one for one in done if one[0] == "A"] == ["A1", "A2"]
    assert await turns.side_by_side([], lambda thing: thing, do, most=2) == 0


async def test_what_fails_is_done_with_instead_and_the_others_have_their_turn() -> None:
    done: list[str] = []

    async def do(thing: str) -> None:
        if thing in ("A2", "B1"):
            raise ValueError(thing)
        done.append(thing)

    async def instead(thing: str, error: Exception) -> None:
        if thing == "B1":
            raise error
        done.append(f"not {error}")

    with pytest.raises(ValueError, match="B1"):
        await turns.one_by_one(["A1", "A2", "A3", "B1", "B2"], do, instead)
    assert done == ["A1", "not A2", "A3"]


async def test_a_workspace_that_is_slow_is_not_waited_for_by_the_others() -> None:
    done: list[str] = []
    others_are_done = asyncio.Event()

    async def do(thing: str) -> None:
        if thing == "slow":
            await others_are_done.wait()
        done.append(thing)
        if thing == "quick":
            others_are_done.set()

    async with asyncio.timeout(1):
        assert await turns.side_by_side(["slow", "quick"], lambda thing: thing, do, most=1) == 2
    assert done == ["quick", "slow"]
