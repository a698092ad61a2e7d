"""The outbox: owed once, withdrawn, changed while it waits."""

from datetime import datetime

from sqlalchemy import func, select

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
