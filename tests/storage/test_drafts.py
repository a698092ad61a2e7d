"""Drafts: kept once for each form and person, replaced, dropped, and nobody else's."""

import asyncio
from datetime import timedelta

from storage import drafts
from storage.database import Sessions
from tests import cast, databases

ABOUT = "check-in:new"
AT = cast.START


async def test_what_was_typed_last_stands_in_a_draft_until_it_is_dropped(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        await drafts.keep(session, people["Renee"], ABOUT, {"name": "Pulse"}, AT)
        await drafts.keep(session, people["Renee"], ABOUT, {"name": "Weekly pulse"}, AT + timedelta(hours=1))
    async with sessions() as session:
        kept = await drafts.find(session, people["Renee"], ABOUT)
        assert kept is not None
        assert (kept.values, kept.changed_at) == ({"name": "Weekly pulse"}, AT + timedelta(hours=1))
        assert await drafts.find(session, people["Renee"], "check-in:1") is None
    async with sessions.begin() as session:
        assert not await drafts.drop(session, people["Renee"], ABOUT, until=AT), "it was changed after that"
        assert await drafts.drop(session, people["Renee"], ABOUT, until=AT + timedelta(hours=1))
        assert not await drafts.drop(session, people["Renee"], ABOUT)
        assert await drafts.find(session, people["Renee"], ABOUT) is None


async def test_nobody_sees_or_drops_the_draft_of_somebody_else(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        other = await cast.enter(session, team_id="T0OTHER")
        await drafts.keep(session, people["Renee"], ABOUT, {"name": "Pulse"}, AT)
    for stranger in (people["Dana"], other["Renee"]):
        async with sessions.begin() as session:
            assert await drafts.find(session, stranger, ABOUT) is None
            assert not await drafts.drop(session, stranger, ABOUT)


async def test_two_windows_that_send_at_once_keep_one_draft(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)

    async def send(name: str) -> None:
        async with sessions.begin() as session:
            await drafts.keep(session, people["Renee"], ABOUT, {"name": name}, AT)

    await databases.ready_for_a_race(sessions, 4)
    await asyncio.gather(*(send(f"Pulse {number}") for number in range(4)))
    async with sessions.begin() as session:
        assert await drafts.drop(session, people["Renee"], ABOUT)
        assert not await drafts.drop(session, people["Renee"], ABOUT)
