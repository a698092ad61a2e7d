"""What the clock does with codes that were entered: asks Slack who entered one, offers what it would do, and does it."""

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers import turns, users
from handlers.types import Job, Json, Services
from handlers.workspaces import rules, views
from storage import claims, deliveries, identities, link_requests, members, moving
from storage.identities import User
from storage.models import LinkRequest
from storage.moving import Look

AT_ONCE = 10
NETWORK = (aiohttp.ClientError, TimeoutError, OSError)
Waiting = tuple[LinkRequest, str]


async def look_at_codes(services: Services) -> int:
    """Take the next step with each code that was entered."""
    async with services.sessions() as session:
        waiting = await link_requests.due(session, services.clock.now())

    async def look(one: Waiting) -> None:
        request, team_id = one
        try:
            user = await users.seen_in(services, team_id, request.user_id)
        except (SlackApiError, *NETWORK):
            await _later(services, request)
            return
        async with services.sessions.begin() as session:
            await _go_on(session, services, request, user, team_id)

    return await turns.side_by_side(waiting, lambda one: one[1], look, most=AT_ONCE)


JOBS = [Job("workspaces: look at codes", look_at_codes, link_requests.next_due, woken_by=link_requests.WOKEN)]


async def _go_on(
    session: AsyncSession, services: Services, request: LinkRequest, user: User | None, team_id: str
) -> None:
    """One step. Whether somebody administers the workspace comes first: nobody else learns anything about a code."""
    now, settings = services.clock.now(), services.settings
    if user is None or not user.is_admin or user.deleted or user.is_bot or user.team_id != team_id:
        await _answer(session, services, request, link_requests.SETTLED, views.not_admin(settings))
    elif request.state == link_requests.ASKED:
        look = await moving.look(session, request.workspace_id, request.code, now)
        await _offer(session, services, request, look)
    elif await link_requests.step(session, request, link_requests.SETTLED):
        look = await moving.move(session, request.workspace_id, request.code, now)
        await _tell(session, services, request, user, look)


async def _offer(session: AsyncSession, services: Services, request: LinkRequest, look: Look) -> None:
    if look.problem or look.program is None:
        message = views.refused(look.problem or "unknown")
        await _answer(session, services, request, link_requests.SETTLED, message)
    else:
        message = views.offer(look, await _who_runs(session, look.program.id), request.key)
        await _answer(session, services, request, link_requests.OFFERED, message)


async def _tell(session: AsyncSession, services: Services, request: LinkRequest, user: User, look: Look) -> None:
    """Both sides hear of it: who entered the code, who facilitates the program, and who did so with the one that is no more."""
    now, settings = services.clock.now(), services.settings
    if look.problem or look.program is None or look.code is None:
        await _owe(session, services, request, views.refused(look.problem or "unknown"))
        return
    workspace = await moving.workspace(session, request.workspace_id)
    member = await identities.recognize_one(session, workspace, user, now)
    claimed = member is None and await claims.claim(session, workspace, user, None, now)
    runs = await _who_runs(session, look.program.id)
    name = member.name if member else None
    await _owe(session, services, request, views.linked(look, runs, name, settings, claimed=claimed))
    for person in await members.facilitators(session, look.program.id):
        key = f"workspaces:came:{look.code.id}:{person.id}"
        await deliveries.owe(session, person, key, views.came(look, user.name, settings), at=now)
    if look.first and look.first != user.id:
        key = f"workspaces:gone:{look.code.id}"
        place = (look.program.id, workspace.id, look.first)
        await deliveries.owe_channel(session, *place, key, views.program_gone(look, user.name), at=now)


async def _answer(session: AsyncSession, services: Services, request: LinkRequest, state: str, message: Json) -> None:
    if await link_requests.step(session, request, state):
        await _owe(session, services, request, message)


async def _owe(session: AsyncSession, services: Services, request: LinkRequest, message: Json) -> None:
    workspace = await moving.workspace(session, request.workspace_id)
    by_button = request.state != link_requests.ASKED  # what a command was answered with stays
    private = {**message, "response_type": "ephemeral", "replace_original": by_button}
    place = (workspace.program_id, workspace.id, request.response_url)
    key = f"workspaces:request:{request.key}:{request.state}"
    await deliveries.owe_response(session, *place, key, private, at=services.clock.now())


async def _later(services: Services, request: LinkRequest) -> None:
    """Slack did not answer: again in a while, at last say so."""
    wait = rules.wait(request.tries)
    async with services.sessions.begin() as session:
        if wait is not None:
            await link_requests.postpone(session, request, services.clock.now() + wait)
        else:
            message = views.slack_is_silent(services.settings)
            await _answer(session, services, request, link_requests.SETTLED, message)


async def _who_runs(session: AsyncSession, program_id: int) -> list[str]:
    return [person.name for person in await members.facilitators(session, program_id)]
