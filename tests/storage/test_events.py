"""Which events took effect: remembered with the effect, and forgotten when Slack repeats them no more."""

from datetime import datetime, timedelta

import pytest

from storage import events
from storage.database import Sessions


async def test_an_event_is_new_once(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        assert await events.first_time(session, "Ev1", at)
        assert not await events.first_time(session, "Ev1", at)
    async with sessions.begin() as session:
        assert not await events.first_time(session, "Ev1", at)


async def test_an_event_whose_effect_failed_is_still_new(sessions: Sessions, at: datetime) -> None:
    async def fail() -> None:
        async with sessions.begin() as session:
            assert await events.first_time(session, "Ev1", at)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await fail()
    async with sessions.begin() as session:
        assert await events.first_time(session, "Ev1", at)


async def test_old_events_are_forgotten_and_new_ones_are_not(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        await events.first_time(session, "Old", at - timedelta(days=2))
        await events.first_time(session, "New", at)
    async with sessions.begin() as session:
        assert await events.forget(session, at - timedelta(days=1)) == 1
    async with sessions.begin() as session:
        assert await events.first_time(session, "Old", at)
        assert not await events.first_time(session, "New", at)
