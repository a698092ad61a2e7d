"""The button under a part that is told in short: the part is shown in full where it stands, and the others in short."""

from handlers.errors import Refused
from handlers.people import member_of
from handlers.types import Ack, Clock, Json, Sessions
from storage import deliveries


async def show_in_full(ack: Ack, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Show in full."""
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        if not await deliveries.show_in_full(session, member, action["value"], at=clock.now()):
            raise Refused("This message was for somebody else, or is gone. Nothing was changed.")
    await ack()
