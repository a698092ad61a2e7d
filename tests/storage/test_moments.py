"""When the next of everything is due: asked together it is the same as each by itself; on both databases."""

from datetime import datetime, timedelta

import handlers
from storage import commitments, homes, moments, roster_imports, strangers
from storage.commitments import New
from storage.database import Sessions
from storage.moments import Next, NextDay
from tests import cast


async def test_all_together_are_told_as_each_by_itself(sessions: Sessions, at: datetime) -> None:
    some = tuple(job.next_due for job in handlers.JOBS if isinstance(job.next_due, Next | NextDay))
    async with sessions() as session:
        assert set((await moments.of_all(session, some)).values()) == {None}
    async with sessions.begin() as session:
        people = await cast.enter(session)
        place = (people.workspace.program_id, people.workspace.id)
        await homes.opened(session, *place, cast.user_id("Ana"), people["Ana"].id, at + timedelta(hours=1))
        nudge_at = at + timedelta(days=3)
        new = New("publish it", at.date() + timedelta(days=6), "city", None, None, nudge_at)
        await commitments.record(session, people["Ana"], new, at)
        await strangers.note(session, cast.TEAM, "U0NEW", response_url=None, at=at + timedelta(hours=2))
    async with sessions() as session:
        together = await moments.of_all(session, some)
        alone = {one: await one(session) for one in some}
    assert together == alone
    assert together[homes.first_wanted] == at
    assert together[strangers.first_to_look_up] == at + timedelta(hours=2)
    assert together[commitments.next_nudge] == nudge_at
    assert together[roster_imports.next_due] is None


async def test_nothing_is_asked_when_nobody_has_anything(sessions: Sessions) -> None:
    async with sessions() as session:
        assert await moments.of_all(session, ()) == {}
