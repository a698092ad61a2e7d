"""The outbox: owed once, withdrawn, changed while it waits."""

from datetime import datetime

from sqlalchemy import func, select, update

from storage import deliveries
from storage.database import Sessions
from storage.models import Delivery, Owed
from tests import cast

HELLO = {"text": "Hello"}


async def test_what_is_owed_twice_for_the_same_reason_is_owed_once(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        assert await deliveries.owe(session, people["Ana"], "greeting:1", HELLO, at=at)
        assert not await deliveries.owe(session, people["Ana"], "greeting:1", HELLO, at=at)
    async with sessions() as session:
        everything = {"across_programs": "the test counts all"}
        assert await session.scalar(select(func.count()).select_from(Delivery).execution_options(**everything)) == 1
        assert await session.scalar(select(func.count()).select_from(Owed).execution_options(**everything)) == 1


async def test_two_changes_of_a_sent_message_at_the_same_moment_are_both_owed(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id = people.workspace.program_id
        await deliveries.owe(session, people["Ana"], "greeting:1", HELLO, at=at)
        settled = update(Delivery).where(Delivery.program_id == program_id).values(settled_at=at, outcome="sent")
        await session.execute(settled)
    for text in ("first", "second"):
        async with sessions.begin() as session:
            assert await deliveries.owe_update(session, program_id, "greeting:1", {"text": text}, at=at)
            await session.execute(settled)
    async with sessions() as session:
        texts = select(Owed.payload).where(Owed.program_id == program_id).order_by(Owed.id)
        assert [payload["text"] for payload in await session.scalars(texts)] == ["Hello", "first", "second"]
