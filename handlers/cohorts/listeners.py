"""Cohorts: a Slack call comes in, rules and storage decide, a message goes out."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, users, words
from handlers.cohorts import answers, cohort_views, people_views, views
from handlers.errors import Refused
from handlers.people import ONE_MOMENT, member_of
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import deliveries, events, identities, members, programs, strangers
from storage.models import Member, Workspace


async def answer(
    ack: Ack, command: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """`/cohort …`. Whoever is not known yet is looked up in Slack, and answered by response_url a moment later."""
    asked, now = words.of(command), clock.now()
    async with sessions() as session:
        member = await members.by_identity(session, team_id, user_id)
        reply, led = await _reply(session, member, asked, team_id, now, settings)
    if not led:
        async with sessions.begin() as session:
            url = command.get("response_url")
            await strangers.note(session, team_id, user_id, response_url=url, at=now, waits=True)
    await ack(blocks.private(reply))


async def show(
    ack: Ack, action: Json, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """The button at a cohort, or the menu of all, opens it as a window wherever it stands; inside the window it fills it anew."""
    cohort_id, all_cities = cohort_views.read_show(action.get("value") or action["selected_option"]["value"])
    async with sessions() as session:
        member = await member_of(session, team_id, user_id)
        now = clock.now()
        found = await answers.cohort(session, member, cohort_id, team_id=team_id, now=now, all_cities=all_cities)
    if found is None:
        raise Refused("I do not know this cohort any more.")
    window = cohort_views.form(found)
    if body.get("view", {}).get("type") == "modal":
        await client.views_update(view_id=body["view"]["id"], view=window)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=window)
    await ack()


async def show_more(
    ack: Ack, action: Json, body: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """ "Show 10 more" turns the page of a list of people, "Show the first 10" turns it back."""
    words, start = people_views.read_more(action["value"])
    now = clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        reply = await answers.more_people(session, member, words, start, team_id=team_id, now=now, settings=settings)
        await _replace(session, member, team_id, body, reply, clock)
    await ack()


async def somebody_joined(ack: Ack, body: Json, event: Json, team_id: str, sessions: Sessions, clock: Clock) -> None:
    """A new user of the workspace may be somebody whom the roster knows already."""
    user = users.read(event["user"])
    async with sessions.begin() as session:
        workspace = await _workspace_of_news(session, body, team_id, clock)
        if workspace and not user.is_bot and not user.deleted:
            await identities.recognize_one(session, workspace, user, clock.now())
    await ack()


async def somebody_changed(ack: Ack, body: Json, event: Json, team_id: str, sessions: Sessions, clock: Clock) -> None:
    """Time zone, leaving and coming back."""
    user = users.read(event["user"])
    async with sessions.begin() as session:
        workspace = await _workspace_of_news(session, body, team_id, clock)
        if workspace and not user.is_bot:
            await identities.changed(session, workspace, user, clock.now())
    await ack()


async def _reply(
    session: AsyncSession, member: Member | None, asked: words.Asked, team_id: str, now: datetime, settings: Settings
) -> tuple[Json, bool]:
    """What a command is answered with, and whether anybody leads the program already."""
    if asked.kind == "help":
        facilitates = member is not None and await members.facilitates(session, member)
        return views.help_text(settings, facilitates=facilitates), True
    if member is None:
        return blocks.message(ONE_MOMENT), False
    if asked.kind == "mine":
        return await answers.mine(session, member, now=now, settings=settings)
    return await answers.to(session, member, asked, team_id=team_id, now=now, settings=settings), True


async def _workspace_of_news(session: AsyncSession, body: Json, team_id: str, clock: Clock) -> Workspace | None:
    """None when this event took effect before, or comes from nowhere that is known."""
    if not await events.first_time(session, body["event_id"], clock.now()):
        return None
    return await programs.by_team(session, team_id)


async def _replace(session: AsyncSession, member: Member, team_id: str, body: Json, reply: Json, clock: Clock) -> None:
    """Owe a new text in place of the message with the button, which only its reader sees."""
    workspace = await programs.by_team(session, team_id)
    if workspace is not None:
        key = f"cohorts:more:{body['trigger_id']}"
        message = {**reply, "replace_original": True, "response_type": "ephemeral"}
        place = (member.program_id, workspace.id, body["response_url"])
        await deliveries.owe_response(session, *place, key, message, at=clock.now())
