"""Slack tells that the app was removed from a workspace, or that its token was taken back: nothing is sent there any more."""

from datetime import UTC, datetime

from handlers.types import Ack, Clock, Json, Sessions
from storage import events, installations, programs


async def removed(ack: Ack, body: Json, event: Json, team_id: str, sessions: Sessions, clock: Clock) -> None:
    """Both events come when an app is removed, in any order, and perhaps late: one that was installed again since then stays.

    `tokens_revoked` comes for tokens of users as well; only the bot's matters.
    """
    if event["type"] == "tokens_revoked" and not event.get("tokens", {}).get("bot"):
        await ack()
        return
    now, happened_at = clock.now(), datetime.fromtimestamp(body["event_time"], UTC)
    async with sessions.begin() as session:
        workspace = await programs.by_team(session, team_id)
        if workspace and await events.first_time(session, body["event_id"], now):
            await installations.end(session, workspace, happened_at, now)
    await ack()
