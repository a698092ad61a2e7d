"""Help: hears mentions and direct messages, and answers each where it was asked, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks
from handlers.errors import Unknown
from handlers.help import rules, views
from handlers.help.rules import Heard
from handlers.people import member_of
from handlers.practices import views as practice_views
from handlers.types import Ack, Clock, Json, Sessions, Settings
from storage import deliveries, events, practices, programs, strangers
from storage.models import Member, Workspace
from storage.search import finder, library
from storage.search.index import Index

SURE = 2  # words of a practice that a message must speak of when it is not put as a question


@dataclass(frozen=True)
class Reply:
    """The answer; `gap` is the question that found nothing."""

    message: Json
    gap: str | None = None


async def hear(
    ack: Ack, body: Json, event: Json, team_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """A mention is answered in its thread, a direct message where it stands; nothing of it is private to anybody."""
    heard = rules.heard(event)
    if heard is None:
        await ack()
        return
    async with sessions() as session:
        workspace = await programs.by_team(session, team_id)
        try:
            member = await member_of(session, team_id, heard.user)
            reply = _reply(heard, await library.of(session, member.program_id), settings)
        except Unknown as stranger:
            member, reply = None, Reply(blocks.message(stranger.text))
    async with sessions.begin() as session:
        if workspace and await events.first_time(session, body["event_id"], clock.now()):
            await _keep(session, workspace, heard, member, reply, clock.now())
    await ack()


async def _keep(
    session: AsyncSession, workspace: Workspace, heard: Heard, member: Member | None, reply: Reply, at: datetime
) -> None:
    """Owe the answer under a key of the message: a mention in a direct message arrives as two events."""
    if member is None:
        await strangers.note(session, workspace.team_id, heard.user, response_url=None, at=at)
    elif reply.gap:
        await practices.note_gap(session, member.program_id, member.id, reply.gap, at)
    place, key = heard.channel, f"answer:{workspace.id}:{heard.channel}:{heard.ts}"
    await deliveries.owe_channel(
        session, workspace.program_id, workspace.id, place, key, reply.message, at=at, thread_ts=heard.thread_ts
    )


def _reply(heard: Heard, index: Index, settings: Settings) -> Reply:
    kind, words = rules.about(heard.text)
    told: dict[str, Callable[[], Json]] = {
        "help": lambda: views.abilities(settings),
        "thanks": lambda: views.thanks(settings),
        "stop": views.stop,
        "commit": lambda: views.commitment(words, settings),
        "checkin": lambda: views.check_in(settings),
        "cohort": lambda: views.cohort(settings),
    }
    return Reply(told[kind]()) if kind in told else _from_library(kind, words, index, settings)


def _from_library(kind: str, words: str, index: Index, settings: Settings) -> Reply:
    """What other cities have done; what is not put as a question must fit well to be taken for one."""
    answer = finder.ask(index, words)
    fits = answer.hits and (kind == "question" or len(answer.hits[0].matches) >= SURE)
    if fits:
        return Reply(practice_views.found(answer, words))
    if kind == "question" and answer.asks:
        return Reply(practice_views.nothing(answer, settings), gap=words)
    return Reply(views.unclear(words, settings))
