"""What the clock does for cohorts: finds members in Slack, answers those whom nobody knew, and looks at channels."""

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import channels, users
from handlers.cohorts import answers, forms, people_views
from handlers.types import Job, Json, Services
from storage import cohort_edits, deliveries, facilitators, identities, members, programs, strangers
from storage.identities import User
from storage.models import Stranger, Workspace

STRANGERS_AT_ONCE = 10
CHANNELS_AT_ONCE = 50


async def identify(services: Services) -> int:
    """Look for members who are not in Slack yet: a few of them one by one, many in one pass over all users."""
    async with services.sessions() as session:
        if await identities.first_to_look_up(session) is None:
            return 0
    team_id = (await services.slack.auth_test())["team_id"]
    async with services.sessions() as session:
        workspace = await programs.by_team(session, team_id)
        missing = await identities.to_look_up(session, workspace.program_id) if workspace else []
    if workspace is None or not missing:
        return 0
    few = len(missing) <= users.ONE_BY_ONE
    found = [user async for user in (users.each(services.slack, missing) if few else users.everybody(services.slack))]
    async with services.sessions.begin() as session:
        await identities.recognize(session, workspace, found, services.clock.now(), members=missing)
    return len(missing)


async def meet(services: Services) -> int:
    """Look up those who spoke without being known; tell them what came of it."""
    async with services.sessions() as session:
        waiting = await strangers.to_look_up(session, STRANGERS_AT_ONCE)
    for stranger, workspace in waiting:
        user = await users.look_up(services.slack.users_info, user=stranger.user_id)
        async with services.sessions.begin() as session:
            if await strangers.looked_up(session, stranger, services.clock.now()):
                await _welcome(session, services, stranger, workspace, user)
    return len(waiting)


async def end_facilitators(services: Services) -> int:
    """Whose last day has passed facilitates no longer."""
    async with services.sessions.begin() as session:
        return await facilitators.end_due(session, services.clock.now())


async def check_channels(services: Services) -> int:
    """Tell who chose a channel for a cohort when the bot is not in it."""
    async with services.sessions() as session:
        due = await cohort_edits.channels_to_check(session, CHANNELS_AT_ONCE)
    for chosen, name in due:
        reachable = await channels.has_bot(services.slack, chosen.channel)
        async with services.sessions.begin() as session:
            if await cohort_edits.channel_checked(session, chosen) and not reachable and chosen.check_for:
                member = await members.of_id(session, chosen.program_id, chosen.check_for)
                key = f"cohort:{chosen.cohort_id}:channel:{services.clock.now().isoformat()}"
                message = forms.not_in_channel(name, chosen.channel)
                await deliveries.owe(session, member, key, message, at=services.clock.now())
    return len(due)


JOBS = [
    Job("cohorts: identify", identify, identities.first_to_look_up),
    Job("cohorts: meet", meet, strangers.first_to_look_up),
    Job("cohorts: end facilitators", end_facilitators, facilitators.next_end),
    Job("cohorts: look at channels", check_channels, cohort_edits.first_channel_check),
]


async def _welcome(
    session: AsyncSession, services: Services, stranger: Stranger, workspace: Workspace, user: User | None
) -> None:
    """Owe the answer: what a member sees, that somebody is the first facilitator now, or whom to ask."""
    now, settings = services.clock.now(), services.settings
    known = await members.by_identity(session, workspace.team_id, stranger.user_id)
    ours = user is not None and user.team_id == workspace.team_id and not user.is_bot and not user.deleted
    first = None
    if user is not None and ours and user.is_admin and stranger.waits:
        first = await identities.make_first_facilitator(session, workspace, user, now)
    if first is not None:
        await _answer(session, stranger, workspace, people_views.first_facilitator(settings), services)
        return
    if known is not None:
        return
    member = await identities.recognize_one(session, workspace, user, now) if user is not None and ours else None
    if member is not None:
        overview, _ = await answers.mine(session, member, now=now, settings=settings)
        greeting = people_views.recognized(member.name, overview)
        await _answer(session, stranger, workspace, greeting, services)
        if not stranger.response_url:  # they wrote a message, or opened the Home
            await deliveries.owe(session, member, _key(stranger), greeting, at=now)
    elif stranger.waits:
        text = await answers.whom_to_ask(session, workspace.program_id)
        await _answer(session, stranger, workspace, people_views.still_unknown(text), services)


async def _answer(
    session: AsyncSession, stranger: Stranger, workspace: Workspace, message: Json, services: Services
) -> None:
    if stranger.response_url:
        private = {**message, "response_type": "ephemeral", "replace_original": False}
        place = (workspace.program_id, workspace.id, stranger.response_url)
        await deliveries.owe_response(session, *place, _key(stranger), private, at=services.clock.now())


def _key(stranger: Stranger) -> str:
    return f"stranger:{stranger.id}:{stranger.asked_at.timestamp():.6f}"
