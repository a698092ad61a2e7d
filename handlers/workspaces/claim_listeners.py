"""The buttons of the question whether somebody in another workspace is oneself, and of where one wants to be written to."""

from handlers.errors import Refused
from handlers.people import member_of
from handlers.types import Ack, Clock, Json, Sessions
from handlers.workspaces import claim_views
from handlers.workspaces.claiming import question_key
from storage import claims, deliveries, identities, links, programs

ANSWERED = "This question was answered before, or is not yours to answer. Nothing was changed."


async def confirm(ack: Ack, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """ "Yes, that is me": from now on that user is this member."""
    claim_id, now = int(action["value"]), clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        outcome = await claims.confirm(session, member, claim_id, now)
        told = await claims.of_member(session, member, claim_id)
        if outcome is None or told is None:
            raise Refused(ANSWERED)
        message = claim_views.taken(told)
        if outcome == claims.JOINED:
            message = claim_views.confirmed(told, await links.workspaces(session, member))
        await deliveries.owe_update(session, member.program_id, question_key(claim_id), message, at=now)
    await ack()


async def deny(ack: Ack, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """ "No, that is not me": the facilitators hear of it."""
    claim_id, now = int(action["value"]), clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        denied = await claims.deny(session, member, claim_id, now)
        told = await claims.of_member(session, member, claim_id)
        if not denied or told is None:
            raise Refused(ANSWERED)
        await deliveries.owe_update(
            session, member.program_id, question_key(claim_id), claim_views.denied(told), at=now
        )
    await ack()


async def prefer(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock
) -> None:
    """ "Write to me in … instead"."""
    now = clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        chosen = await identities.prefer(session, member, int(action["value"]), now)
        workspace = await programs.by_team(session, team_id)
        message = claim_views.where(await links.workspaces(session, member))
        if not chosen or message is None or workspace is None:
            raise Refused("I do not know you in that workspace any more, so nothing was changed.")
        private = {**message, "replace_original": True}
        place = (member.program_id, workspace.id, body["response_url"])
        await deliveries.owe_response(session, *place, f"claim:prefer:{body['trigger_id']}", private, at=now)
    await ack()
