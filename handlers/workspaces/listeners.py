"""`/cohort link` and its buttons: codes are made and taken back, and entered in another workspace; jobs ask Slack and do the rest."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, rights, words
from handlers.people import allowed, who_can
from handlers.types import Ack, Clock, Json, Sessions, Settings
from handlers.workspaces import claim_views, rules, views
from storage import deliveries, link_requests, links, members, programs, strangers
from storage.models import Member

LINK = "cohort link"


async def link(
    ack: Ack, command: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """`/cohort link` shows the code and the workspaces; with a code it is entered: whoever types it, Slack is asked who they are."""
    typed, now = words.of(command).words, clock.now()
    async with sessions.begin() as session:
        if typed:
            code, url = rules.read_code(typed), command["response_url"]
            await link_requests.ask(session, team_id, user_id, code, url, now)
            reply = views.one_moment()
        else:
            reply = await _page(session, command, team_id, user_id, now, settings)
    await ack(blocks.private(reply))


async def make_another(
    ack: Ack, body: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """The button "Make another code"."""
    now = clock.now()
    async with sessions.begin() as session:
        member = await allowed(session, team_id, user_id, LINK)
        await links.make(session, member, now)
        await _replace(session, member, team_id, body, now, settings)
    await ack()


async def take_back(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """The button "Take it back": nobody can use the code any more."""
    now = clock.now()
    async with sessions.begin() as session:
        member = await allowed(session, team_id, user_id, LINK)
        done = await links.take_back(session, member, int(action["value"]), now)
        await _replace(session, member, team_id, body, now, settings, note=views.taken_back(done=done))
    await ack()


async def confirm(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """The button "Link this workspace": done by a job, which first asks Slack again whether they administer it."""
    now, url = clock.now(), body["response_url"]
    async with sessions.begin() as session:
        since = now - rules.STANDS_FOR
        sure = await link_requests.confirm(session, team_id, user_id, action["value"], url, since=since, at=now)
        workspace = await programs.by_team(session, team_id)
        if workspace is not None:
            told = views.linking() if sure else blocks.message(views.old_question(settings))
            message = {**told, "replace_original": True, "response_type": "ephemeral"}
            key = f"workspaces:confirm:{body['trigger_id']}"
            await deliveries.owe_response(session, workspace.program_id, workspace.id, url, key, message, at=now)
    await ack()


async def _page(
    session: AsyncSession, command: Json, team_id: str, user_id: str, now: datetime, settings: Settings
) -> Json:
    """For who facilitates the program their newest code, made when they have none; for others where they are written to, or how to link."""
    member = await members.by_identity(session, team_id, user_id)
    if member is None:
        workspace = await programs.by_team(session, team_id)
        await strangers.note(session, team_id, user_id, response_url=command["response_url"], at=now)
        return views.how_to_link(settings, await who_can(session, workspace.program_id) if workspace else "")
    if not rights.may(LINK, await members.runs(session, member)):
        reached = claim_views.where(await links.workspaces(session, member))
        return reached or views.how_to_link(settings, await who_can(session, member.program_id))
    return await _codes(session, member, team_id, now, settings, make=True)


async def _codes(
    session: AsyncSession, member: Member, team_id: str, now: datetime, settings: Settings, *, make: bool
) -> Json:
    codes = await links.open_codes(session, member.program_id, now)
    if make and not any(one.maker_id == member.id for one in codes) and await links.make(session, member, now):
        codes = await links.open_codes(session, member.program_id, now)
    mine = next((one for one in codes if one.maker_id == member.id), None)
    known = await links.workspaces(session, member)
    zone = await members.zone_of(session, member)
    return views.page(mine, codes, known, team_id, zone, now, settings)


async def _replace(
    session: AsyncSession,
    member: Member,
    team_id: str,
    body: Json,
    now: datetime,
    settings: Settings,
    *,
    note: str = "",
) -> None:
    """Owe the page as it is now in place of the one with the button."""
    reply = await _codes(session, member, team_id, now, settings, make=False)
    if note:
        reply = {"text": f"{note} {reply['text']}", "blocks": [blocks.context(note), *reply["blocks"]]}
    workspace = await programs.by_team(session, team_id)
    if workspace is not None:
        message = {**reply, "replace_original": True, "response_type": "ephemeral"}
        place = (member.program_id, workspace.id, body["response_url"])
        await deliveries.owe_response(session, *place, f"workspaces:codes:{body['trigger_id']}", message, at=now)
