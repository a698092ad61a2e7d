"""Somebody opens the app's Home, wants more of a part of it, or another suggestion."""

from handlers.home import reading, views
from handlers.people import member_of
from handlers.types import Ack, Client, Clock, Json, Sessions
from storage import events, homes, members, programs


async def opened(
    ack: Ack, body: Json, event: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock
) -> None:
    """`app_home_opened` comes for the tab of messages as well; only the Home is drawn anew, right after the acknowledgement."""
    if event.get("tab") != "home":
        await ack()
        return
    now = clock.now()
    async with sessions.begin() as session:
        workspace = await programs.by_team(session, team_id)
        if workspace and await events.first_time(session, body["event_id"], now):
            member = await members.by_identity(session, team_id, user_id)
            member_id = member.id if member else None
            await homes.opened(session, workspace.program_id, workspace.id, user_id, member_id, now)
    await ack()


async def show_more(
    ack: Ack,
    body: Json,
    action: Json,
    team_id: str,
    user_id: str,
    client: Client,
    sessions: Sessions,
    clock: Clock,
) -> None:
    """A part of the Home in full, in a window; read anew, so that nobody sees what they may not see any more."""
    async with sessions() as session:
        seen = await reading.of(session, await member_of(session, team_id, user_id), clock.now(), team_id)
    await client.views_open(trigger_id=body["trigger_id"], view=views.window(action["value"], seen))
    await ack()


async def suggest_another(ack: Ack, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """The suggested practice is put away; the next one that fits takes its place."""
    now = clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        await homes.set_aside(session, member, int(action["value"]), now)
        await homes.want(session, member.program_id, [member.id], now)
    await ack()
