"""What the clock does with claims: asks the member where they are known, and tells whoever wants to be known how it stands."""

import secrets

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import people
from handlers.types import Job, Json, Services
from handlers.workspaces import claim_views
from storage import claims, deliveries, links, members
from storage.claims import Told

AT_ONCE = 20


async def tell(services: Services) -> int:
    """Whoever is to be told of a claim, is."""
    async with services.sessions() as session:
        waiting = await claims.due(session, services.clock.now(), AT_ONCE)
    for told in waiting:
        async with services.sessions.begin() as session:
            if await claims.tell(session, told.claim):
                await _tell(session, services, told)
    return len(waiting)


JOBS = [Job("workspaces: claims", tell, claims.next_due, woken_by=claims.WOKEN)]


def question_key(claim_id: int) -> str:
    """What the question to the member is owed under."""
    return f"claim:{claim_id}"


async def _tell(session: AsyncSession, services: Services, told: Told) -> None:
    claim = told.claim
    if claim.answer == claims.NO:
        await _tell_facilitators(session, services, told)
        message = claim_views.not_you(await people.who_can(session, claim.program_id))
    elif claim.answer == claims.YES:
        known = await members.by_identity(session, told.workspace.team_id, claim.user_id)
        joined = known is not None and known.id == claim.member_id
        message = claim_views.known_now(told) if joined else claim_views.taken(told)
    else:
        message = await _ask(session, services, told)
    await _answer(session, services, told, message)


async def _ask(session: AsyncSession, services: Services, told: Told) -> Json:
    """Ask the member, once; what to say to whoever waits."""
    now, claim, key = services.clock.now(), told.claim, question_key(told.claim.id)
    if claim.asked_at is None and await deliveries.owe(session, told.member, key, claim_views.question(told), at=now):
        await claims.asked(session, claim, now)
    elif claim.asked_at is None:
        return claim_views.cannot_ask(await people.who_can(session, claim.program_id))
    asked_in = await _asked_in(session, told)
    return claim_views.waits(asked_in)


async def _asked_in(session: AsyncSession, told: Told) -> str:
    """The name of the workspace in which the question stands."""
    asked = await deliveries.find(session, told.claim.program_id, question_key(told.claim.id))
    known = await links.workspaces(session, told.member)
    return next((one.workspace.name for one in known if asked and one.workspace.id == asked.workspace_id), "")


async def _tell_facilitators(session: AsyncSession, services: Services, told: Told) -> None:
    for person in await members.facilitators(session, told.claim.program_id):
        key = f"claim:{told.claim.id}:denied:{person.id}"
        message = claim_views.for_facilitators(told)
        await deliveries.owe(session, person, key, message, at=services.clock.now())


async def _answer(session: AsyncSession, services: Services, told: Told, message: Json) -> None:
    """By response_url when they typed a command, else as a direct message: they are no member (yet)."""
    claim, now = told.claim, services.clock.now()
    key = f"claim:{claim.id}:told:{secrets.token_urlsafe(9)}"  # `claims.tell` lets this be reached once
    if claim.response_url:
        private = {**message, "response_type": "ephemeral", "replace_original": False}
        place = (claim.program_id, claim.workspace_id, claim.response_url)
        await deliveries.owe_response(session, *place, key, private, at=now)
    else:
        place = (claim.program_id, claim.workspace_id, claim.user_id)
        await deliveries.owe_channel(session, *place, key, message, at=now)
