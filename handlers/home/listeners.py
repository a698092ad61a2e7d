"""Somebody opens the app's Home: what it shows is read, and owed."""

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import people
from handlers.cohorts import rules
from handlers.home import views
from handlers.types import Ack, Clock, Json, Sessions, Settings
from storage import answers, cohorts, commitment_lists, deliveries, events, members, programs, strangers
from storage.models import Member


async def opened(
    ack: Ack,
    body: Json,
    event: Json,
    team_id: str,
    user_id: str,
    sessions: Sessions,
    clock: Clock,
    settings: Settings,
) -> None:
    """`app_home_opened` comes for the tab of messages as well; only the Home is drawn anew."""
    if event.get("tab") != "home":
        await ack()
        return
    now = clock.now()
    async with sessions.begin() as session:
        if await events.first_time(session, body["event_id"], now):
            member = await members.by_identity(session, team_id, user_id)
            if member is None:
                await _of_stranger(session, team_id, user_id, clock)
            else:
                await deliveries.owe_home(session, member, await _of(session, member, clock, settings), at=now)
    await ack()


async def _of(session: AsyncSession, member: Member, clock: Clock, settings: Settings) -> Json:
    known, now = await cohorts.own(session, member), clock.now()
    zone, own = known.zone, rules.own(member.id, known.places, now, known.zone)
    running = [place for place in own if not rules.is_over(place, now, zone)]
    return views.home(
        [one for one in await answers.open_for(session, member) if one.prompt.ends_at > now],
        await commitment_lists.mine(session, member),
        running,
        await cohorts.next_check_ins(session, member.program_id, rules.cohort_ids(running)),
        zone=zone,
        now=now,
        settings=settings,
    )


async def _of_stranger(session: AsyncSession, team_id: str, user_id: str, clock: Clock) -> None:
    """They are looked up in Slack; should the roster know them, their next look shows it."""
    workspace = await programs.by_team(session, team_id)
    if workspace is None:
        return
    await strangers.note(session, team_id, user_id, response_url=None, at=clock.now())
    view = views.unknown(await people.who_can(session, workspace.program_id))
    place = (workspace.program_id, workspace.id, user_id)
    await deliveries.owe_strangers_home(session, *place, view, at=clock.now())
