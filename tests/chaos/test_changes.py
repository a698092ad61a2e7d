"""A change that comes while the message is just being taken is not lost."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession

from storage import deliveries, outbox, parts
from storage.database import Sessions
from tests import cast
from tests.chaos.test_ceiling import LEASE, NOW

OLD, NEW = {"text": "Two answers."}, {"text": "Three answers."}


async def test_a_message_that_is_changed_while_it_is_taken_is_sent_changed_or_changed_afterwards(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        program_id = await _owe(session, "summary:1")

    async def change() -> None:
        async with sessions.begin() as session:
            assert await deliveries.owe_update(session, program_id, "summary:1", NEW, at=NOW)

    async with sessions.begin() as session:
        [parcel] = await outbox.take_due(session, cast.OFFICE, NOW, LEASE, 1)
        changing = asyncio.create_task(change())
        await asyncio.wait(
            {changing}, timeout=0.3
        )  # it should wait for this transaction; a change that does not is done by then
    await changing
    async with sessions.begin() as session:
        following = await outbox.take_due(session, cast.OFFICE, NOW, LEASE, 1)
    assert [one.payload for taken in (parcel, *following) for one in taken.owed] == [OLD, NEW]


async def test_a_change_that_comes_while_its_message_is_merged_reaches_the_message_that_carries_it(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        program_id = await _owe(session, "nudge:1", "nudge:2")

    async def change() -> None:
        async with sessions.begin() as session:
            assert await deliveries.owe_update(session, program_id, "nudge:2", NEW, at=NOW)
            assert not await deliveries.withdraw(session, program_id, "nudge:2", NOW)

    async with sessions.begin() as session:
        carrier, joining = await outbox.take_due(session, cast.OFFICE, NOW, LEASE, 2)
        changing = asyncio.create_task(change())
        await asyncio.wait({changing}, timeout=0.3)  # as above
        await parts.join(session, [(carrier.delivery, joining.delivery)], NOW)
    await changing
    async with sessions.begin() as session:
        [following] = await outbox.take_due(session, cast.OFFICE, NOW, LEASE, 2)
    assert [one.payload for one in following.parts] == [OLD, NEW]


async def _owe(session: AsyncSession, *keys: str) -> int:
    """Owe Ana a message for each key; the program."""
    people = await cast.enter(session)
    for key in keys:
        await deliveries.owe(session, people["Ana"], key, OLD, at=NOW)
    return people.workspace.program_id
