"""Draws the Homes that are wanted, and owes those that look different from what was published last."""

import hashlib
import json
import secrets
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import people
from handlers.home import reading, views
from handlers.types import Job, Json, Services
from storage import deliveries, events, homes, installations, members, outbox, publishing, strangers
from storage.models import Home, Member

AT_ONCE = 20
ARRIVING = (None, "sent")
NOBODY = "a rehearsal"


async def draw(services: Services) -> int:
    """Draw a few of the Homes that somebody opened, or whose owner did something; how many."""
    now = services.clock.now()
    async with services.sessions() as session:
        news = await homes.news(session)
        drawn = [] if news else await _drawn(session, services)
    if news:
        async with services.sessions.begin() as session:
            await homes.follow(session, now)
        async with services.sessions() as session:
            drawn = await _drawn(session, services)
    if drawn:
        async with services.sessions.begin() as session:
            for home, team_id, member, view in drawn:
                if member is None:
                    # Looked up in Slack; should the roster know them, their next look shows it.
                    await strangers.note(session, team_id, home.user_id, response_url=None, at=now)
                await _publish(session, home, member, view, services)
    return len(drawn)


async def rehearse(services: Services, program_id: int) -> None:
    """Draw the Home of a delegate; open, draw, owe and send one as it looks to somebody who facilitates, and undo all of it.

    To make the statements costs more than to run them: the first one who opens theirs shall not wait for that.
    """
    now = services.clock.now()
    async with services.sessions() as session:
        facilitators = await members.facilitators(session, program_id)
        places = await installations.reached(session, program_id)
        await homes.wanted(session, AT_ONCE)
        if seated := await members.somebody_seated(session, program_id):
            views.home(await reading.of(session, seated, now), services.settings)
    if not facilitators or not places:
        return
    async with services.sessions.begin() as session, session.begin_nested() as undone:
        await events.first_time(session, NOBODY, now)
        await members.by_identity(session, places[0].team_id, NOBODY)
        await homes.opened(session, program_id, places[0].id, NOBODY, facilitators[0].id, now)
        for home, team_id, member in await homes.wanted(session, AT_ONCE):
            if home.user_id == NOBODY:
                await _publish(session, home, member, await _view(session, home, team_id, member, services), services)
        taken = await outbox.take_due(session, places[0].id, services.clock.now(), timedelta(seconds=1), 1)
        await outbox.all_sent(session, [outbox.Sent(one.delivery, now) for one in taken])
        await publishing.forget(session, program_id, NOBODY)
        await undone.rollback()
        session.info.clear()


JOBS = [Job("home: draw", draw, homes.first_wanted, woken_by=homes.WOKEN, batch=AT_ONCE)]


async def _drawn(session: AsyncSession, services: Services) -> list[tuple[Home, str, Member | None, Json]]:
    """The Homes that are wanted as they are to look now, with the Slack id of the workspace and the member."""
    waiting = await homes.wanted(session, AT_ONCE)
    return [
        (home, team_id, member, await _view(session, home, team_id, member, services))
        for home, team_id, member in waiting
    ]


async def _view(session: AsyncSession, home: Home, team_id: str, member: Member | None, services: Services) -> Json:
    if member is None:
        return views.unknown(await people.who_can(session, home.program_id))
    return views.home(await reading.of(session, member, services.clock.now(), team_id), services.settings)


async def _publish(session: AsyncSession, home: Home, member: Member | None, view: Json, services: Services) -> None:
    """Owe a view that changed, or that did not arrive; whoever draws the same Home at the same time comes too late."""
    now, digest = services.clock.now(), _digest(view)
    if digest == home.digest and await _arrives(session, home):
        await homes.drawn(session, home, digest=digest, owed_key=home.owed_key)
        return
    key = f"home:{home.workspace_id}:{home.user_id}:{secrets.token_urlsafe(9)}"
    if await homes.drawn(session, home, digest=digest, owed_key=key):
        place = (home.program_id, home.workspace_id, home.user_id)
        member_id = member.id if member else None
        await publishing.owe(session, *place, key, view, at=now, member_id=member_id)
        if home.owed_key:
            await publishing.forget(session, home.program_id, home.owed_key)


async def _arrives(session: AsyncSession, home: Home) -> bool:
    """Whether what was owed last was published, or still will be."""
    found = await deliveries.find(session, home.program_id, home.owed_key or "")
    return found is not None and found.outcome in ARRIVING


def _digest(view: Json) -> str:
    return hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
