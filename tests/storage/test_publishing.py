"""App Homes that are owed: one for each person, and nothing kept of those that were replaced."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from storage import deliveries, publishing
from storage.database import Sessions
from storage.models import Delivery, Owed
from tests import cast

HOME = {"type": "home", "blocks": []}


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 10, 5, 13, tzinfo=UTC)


async def test_only_the_newest_home_of_a_person_is_published(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        other = await cast.enter(session, team_id="T0OTHER")
        place = (people.workspace.program_id, people.workspace.id)
        await publishing.owe(session, *place, cast.user_id("Ana"), "home:0", HOME, at=at)
        await publishing.owe(session, *place, cast.user_id("Rosa"), "home:1", HOME, at=at)
        elsewhere = (other.workspace.program_id, other.workspace.id)
        await publishing.owe(session, *elsewhere, cast.user_id("Ana"), "home:1", HOME, at=at)
        await publishing.owe(session, *place, cast.user_id("Ana"), "home:2", {**HOME, "blocks": [{}]}, at=at)
    async with sessions() as session:
        found = [await deliveries.find(session, place[0], f"home:{number}") for number in range(3)]
        theirs = await deliveries.find(session, elsewhere[0], "home:1")
        assert [one and one.outcome for one in (*found, theirs)] == ["superseded", None, None, None]
        query = select(Owed.payload).where(Owed.program_id == place[0], Owed.key == "home:2")
        assert await session.scalar(query) == {**HOME, "blocks": [{}]}


async def test_what_was_replaced_is_forgotten_and_what_is_still_to_be_published_is_not(
    sessions: Sessions, at: datetime
) -> None:
    async with sessions.begin() as session:
        people, other = await cast.enter(session), await cast.enter(session, team_id="T0OTHER")
        for one in (people, other):
            place = (one.workspace.program_id, one.workspace.id)
            for name in ("Ana", "Rosa"):
                await publishing.owe(session, *place, cast.user_id(name), f"home:{name}", HOME, at=at)
            sent = update(Delivery).where(Delivery.program_id == place[0], Delivery.place == cast.user_id("Ana"))
            await session.execute(sent.values(settled_at=at, outcome="sent"))
        for name in ("Ana", "Rosa", "nobody"):
            await publishing.forget(session, people.workspace.program_id, f"home:{name}")
    async with sessions() as session:
        for one, left in ((people, ["home:Rosa"]), (other, ["home:Ana", "home:Rosa"])):
            program_id = one.workspace.program_id
            keys = select(Owed.key).where(Owed.program_id == program_id).order_by(Owed.key)
            assert list(await session.scalars(keys)) == left
            count = select(func.count()).select_from(Delivery).where(Delivery.program_id == program_id)
            assert await session.scalar(count) == len(left)
