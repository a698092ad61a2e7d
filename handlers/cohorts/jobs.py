"""What the clock does for cohorts: finds members in Slack, answers those whom nobody knew, and looks at channels."""

from collections.abc import Sequence

from slack_sdk.errors import SlackApiError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, channels, turns, users
from handlers.cohorts import answers, forms, people_views
from handlers.errors import NotInstalled
from handlers.types import Job, Json, Services
from storage import (
    claims,
    cohort_edits,
    deliveries,
    facilitators,
    identities,
    installations,
    members,
    programs,
    strangers,
)
from storage.identities import User
from storage.models import CohortChannel, Member, Stranger, Workspace

STRANGERS_AT_ONCE = 10
CHANNELS_AT_ONCE = 50


async def identify(services: Services) -> int:
    """Look for members who are not in Slack yet, in the workspaces of their program."""
    async with services.sessions() as session:
        waiting = await identities.programs_to_look_up(session)
    return await turns.side_by_side(waiting, int, lambda program_id: _look_for(services, program_id), most=1)


async def meet(services: Services) -> int:
    """Look up those who spoke without being known; tell them what came of it."""
    async with services.sessions() as session:
        waiting = await strangers.to_look_up(session)

    async def meet_one(one: tuple[Stranger, Workspace]) -> None:
        stranger, workspace = one
        user = await users.seen_in(services, workspace.team_id, stranger.user_id)
        async with services.sessions.begin() as session:
            # Read again: it may have moved into another program while Slack was asked.
            here = await programs.by_team(session, workspace.team_id)
            if here and await strangers.looked_up(session, stranger, services.clock.now()):
                await _welcome(session, services, stranger, here, user)

    return await turns.side_by_side(waiting, lambda one: one[1].id, meet_one, most=STRANGERS_AT_ONCE)


async def end_facilitators(services: Services) -> int:
    """Whose last day has passed facilitates no longer."""
    async with services.sessions.begin() as session:
        return await facilitators.end_due(session, services.clock.now())


async def check_channels(services: Services) -> int:
    """Tell who chose a channel for a cohort when the bot is not in it."""
    async with services.sessions() as session:
        due = await cohort_edits.channels_to_check(session)

    async def look(one: tuple[CohortChannel, str, str]) -> None:
        chosen, name, team_id = one
        reachable = await channels.has_bot(services, team_id, chosen.channel)
        async with services.sessions.begin() as session:
            if await cohort_edits.channel_checked(session, chosen) and not reachable and chosen.check_for:
                member = await members.of_id(session, chosen.program_id, chosen.check_for)
                key = f"cohort:{chosen.cohort_id}:channel:{services.clock.now().isoformat()}"
                message = forms.not_in_channel(name, await _in_words(session, member, team_id, chosen.channel))
                await deliveries.owe(session, member, key, message, at=services.clock.now())

    return await turns.side_by_side(due, lambda one: one[2], look, most=CHANNELS_AT_ONCE)


JOBS = [
    Job("cohorts: identify", identify, identities.first_to_look_up, woken_by=identities.WOKEN),
    Job("cohorts: meet", meet, strangers.first_to_look_up),
    Job("cohorts: end facilitators", end_facilitators, facilitators.next_end),
    Job("cohorts: look at channels", check_channels, cohort_edits.first_channel_check),
]


async def _look_for(services: Services, program_id: int) -> None:
    """A few members one by one, many in one pass over all users; in another workspace those whom the one before did not have.

    When a workspace fails they are looked for again with the next tick, in those that did not fail, too.
    """
    async with services.sessions() as session:
        missing = await identities.to_look_up(session, program_id)
        places = await installations.reached(session, program_id)
    failed: SlackApiError | None = None
    left = missing
    for workspace in places:
        try:
            there = await _users(services, workspace, left)
        except SlackApiError as error:
            failed = failed or error
            continue
        async with services.sessions.begin() as session:
            await identities.join(session, workspace, there, services.clock.now(), members=left)
            left = await identities.still_missing(session, program_id, left)
    if failed:
        raise failed
    async with services.sessions.begin() as session:
        await identities.looked_for(session, program_id, missing, services.clock.now())


async def _users(services: Services, workspace: Workspace, missing: Sequence[Member]) -> list[User]:
    """Users of a workspace who may be these members; none where the app is not installed any more."""
    try:
        slack = await services.slack(workspace.team_id)
        few = len(missing) <= users.ONE_BY_ONE
        return [user async for user in (users.each(slack, workspace, missing) if few else users.everybody(slack))]
    except NotInstalled:
        return []


async def _in_words(session: AsyncSession, reader: Member, team_id: str, channel: str) -> str:
    """A channel, as somebody reads of it where they are written to."""
    workspace = await programs.by_team(session, team_id)
    if workspace is None or await members.reached_in(session, reader) == team_id:
        return blocks.channel(channel)
    return blocks.channel(channel, workspace.name)


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
        return
    if user is not None and ours and await claims.claim(session, workspace, user, stranger.response_url, now):
        return  # they are told how it stands when the member was asked
    if stranger.waits:
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
