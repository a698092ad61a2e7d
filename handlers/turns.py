"""Several things that wait for their turn: one that fails, or is slow, keeps no other from its own."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing")


async def side_by_side(
    things: Iterable[Thing], whose: Callable[[Thing], Hashable], do: Callable[[Thing], Awaitable[None]], *, most: int
) -> int:
    """Do them, in order within a workspace (`whose`), at most so many in each; how many were done.

    An error ends the turn of its workspace alone, and is raised when all others have had theirs: the next tick tries again.
    """
    queues: dict[Hashable, list[Thing]] = {}
    for thing in things:
        queues.setdefault(whose(thing), []).append(thing)
    turns = await asyncio.gather(*(_in_order(queue[:most], do) for queue in queues.values()), return_exceptions=True)
    for turn in turns:
        if isinstance(turn, BaseException):
            raise turn
    return sum(len(queue[:most]) for queue in queues.values())


async def one_by_one(
    things: Iterable[Thing],
    do: Callable[[Thing], Awaitable[None]],
    instead: Callable[[Thing, Exception], Awaitable[None]],
) -> None:
    """Do them in order. One that fails keeps no other from its turn: `instead` gets it with its error, and ends all when it fails, too."""
    for thing in things:
        [outcome] = await asyncio.gather(do(thing), return_exceptions=True)
        if isinstance(outcome, Exception):
            await instead(thing, outcome)


async def _in_order(things: list[Thing], do: Callable[[Thing], Awaitable[None]]) -> None:
    for thing in things:
        await do(thing)
