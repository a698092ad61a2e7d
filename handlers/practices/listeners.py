"""Practices: a question comes in, the library answers, and what it could not answer is kept for the facilitators."""

import json
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks
from handlers.errors import Refused
from handlers.people import facilitator_of, member_of
from handlers.practices import rules, views
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import deliveries, practices, programs
from storage.models import Member
from storage.search import finder, library
from storage.search.finder import Answer

GAPS_SHOWN = 20


async def ask(
    ack: Ack, command: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """`/practices inclusive procurement` answers at once; only the person who asked sees it."""
    asked = rules.read(command.get("text") or "")
    if asked.kind != "search":
        reply = await _reply(asked, team_id, user_id, sessions, settings)
        await ack(blocks.private(reply))
        return
    member, answer = await search(sessions, team_id, user_id, asked.words)
    if answer.asks and not answer.hits:
        await note(sessions, member, asked.words, clock.now())
    reply = views.found(answer, asked.words) if answer.hits else views.nothing(answer, settings, noted=answer.asks)
    await ack(blocks.private(reply))


async def search_again(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """A topic's button, and "Show more": the answer appears below, for the person who clicked."""
    start, question = 0, action["value"]
    if action["action_id"] == views.MORE:
        value = json.loads(question)
        start, question = value["start"], value["question"]
    member, answer = await search(sessions, team_id, user_id, question)
    # The library may have shrunk since the button was drawn.
    start = start if start < len(answer.hits) else 0
    reply = views.found(answer, question, start=start) if answer.hits else views.nothing(answer, settings, noted=False)
    async with sessions.begin() as session:
        await _owe_reply(session, member, team_id, body, reply, clock.now())
    await ack()


async def open_one(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions
) -> None:
    """ "Read" opens a practice in full, on top of the window when there is one already."""
    async with sessions() as session:
        member = await member_of(session, team_id, user_id)
        practice = await practices.by_id(session, member.program_id, int(action["value"]))
    if practice is None:
        raise Refused("This practice is not in the library any more.")
    view = views.full_form(practice)
    if body.get("view", {}).get("type") == "modal":
        await client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def open_search(ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions) -> None:
    """The shortcut "Find practices"."""
    async with sessions() as session:
        await member_of(session, team_id, user_id)
    await client.views_open(trigger_id=body["trigger_id"], view=views.search_form())
    await ack()


async def answer_form(
    ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    question = views.read_search(view)
    member, answer = await search(sessions, team_id, user_id, question)
    if not answer.asks:
        raise Refused("Please name what you are looking for, for example: inclusive procurement.", field=views.QUESTION)
    if not answer.hits:
        await note(sessions, member, question, clock.now())
    changed = views.found_form(answer) if answer.hits else views.nothing_form(answer, settings)
    await ack(response_action="update", view=changed)


async def search(sessions: Sessions, team_id: str, user_id: str, question: str) -> tuple[Member, Answer]:
    """Who asks, and what their program's library answers. Two statements when the index is warm."""
    async with sessions() as session:
        member = await member_of(session, team_id, user_id)
        index = await library.of(session, member.program_id)
    return member, finder.ask(index, question)


async def note(sessions: Sessions, member: Member, question: str, at: datetime) -> None:
    """Keep a question without an answer, for the facilitators."""
    async with sessions.begin() as session:
        await practices.note_gap(session, member.program_id, member.id, question, at)


async def _reply(asked: rules.Asked, team_id: str, user_id: str, sessions: Sessions, settings: Settings) -> Json:
    """The answer to what is not a question."""
    if asked.kind == "help":
        return views.usage(settings)  # strangers read it, too
    async with sessions() as session:
        if asked.kind == "gaps":
            member = await facilitator_of(session, team_id, user_id)
            return views.gaps(await practices.gaps(session, member.program_id, GAPS_SHOWN), settings)
        member = await member_of(session, team_id, user_id)
        if asked.kind == "show":
            practice = await practices.find(session, member.program_id, asked.number)
            return views.full(practice, read_as=asked.read_as) if practice else views.missing(asked.number, settings)
        if asked.kind == "topics":
            index = await library.of(session, member.program_id)
            return views.topics(finder.topics(index), len(index.practices), settings)
    return views.not_yet(asked.kind)


async def _owe_reply(
    session: AsyncSession, member: Member, team_id: str, body: Json, reply: Json, at: datetime
) -> None:
    workspace = await programs.by_team(session, team_id)
    if workspace is None:
        raise Refused("I do not know this workspace.")
    message = {**blocks.private(reply), "replace_original": False}
    key, url = f"practices:{body['trigger_id']}", body["response_url"]
    await deliveries.owe_response(session, member.program_id, workspace.id, url, key, message, at=at)
