"""Opens the forms about places: by a word of the command, or by a button at a cohort."""

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, calendar, choosing, rights, windows, words
from handlers.errors import Refused
from handlers.people import allowed, member_or_wait
from handlers.seats import forms
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import cohort_edits, members, seats
from storage.models import Member
from storage.seats import Seated

WORDS = ("add", "remove", "handover")


async def asked(
    ack: Ack,
    command: Json,
    team_id: str,
    user_id: str,
    client: Client,
    sessions: Sessions,
    clock: Clock,
    settings: Settings,
) -> None:
    """`/cohort add`, `remove` and `handover`: the form, or what must be said first about which cohort is meant."""
    line, now = words.of(command), clock.now()
    async with sessions() as session:
        member = await member_or_wait(session, team_id, user_id)
        reply = await by_word(session, member, line.kind, line.words, now=now, settings=settings)
    await windows.answer(ack, client, command, reply)


async def by_word(
    session: AsyncSession, member: Member, word: str, name: str, *, now: datetime, settings: Settings
) -> Json:
    """The form that a word of the command opens, or a message when it must be said first which cohort is meant."""
    chosen = await choosing.cohort_for(session, member, word, name, now=now, settings=settings)
    return chosen if isinstance(chosen, dict) else await form(session, member, word, chosen.id, now)


async def pressed(
    ack: Ack, action: Json, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """The buttons at a cohort that only its facilitators get."""
    word = action["action_id"].removeprefix("cohort_")
    cohort_id, _, delegate_id = action["value"].partition(":")
    async with sessions() as session:
        member = await allowed(session, team_id, user_id, f"cohort {word}", int(cohort_id))
        view = await form(session, member, word, int(cohort_id), clock.now(), int(delegate_id or 0))
    await windows.open_from(client, body, view)
    await ack()


async def picked(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """The cohort was chosen: its form follows."""
    word, cohort_id = choosing.read_pick(view)
    async with sessions() as session:
        member = await allowed(session, team_id, user_id, f"cohort {word}", cohort_id)
        following = await form(session, member, word, cohort_id, clock.now())
    await ack(response_action="update", view=following)


async def form(
    session: AsyncSession, member: Member, word: str, cohort_id: int, now: datetime, delegate_id: int = 0
) -> Json:
    """The form for one cohort that the member may change."""
    name = await cohort_edits.name_of(session, member.program_id, cohort_id)
    if name is None:
        raise Refused("I do not know this cohort any more.")
    own = member.app_time_zone or member.slack_time_zone or member.roster_time_zone
    today = calendar.today(own or await members.zone_of(session, member), now)
    if word == "add":
        program = rights.may("cohort add program", await members.runs(session, member, cohort_id))
        cities = await seats.cities(session, member.program_id)
        return forms.add((cohort_id, name), cities, _key(), today, program=program)
    sitting = [one for one in await seats.seated(session, member.program_id, cohort_id) if here(one, now)]
    if not sitting:
        raise Refused(f"Nobody sits for a city in {blocks.escaped(name)}, so nobody can leave a seat.")
    make = forms.remove if word == "remove" else forms.handover
    return make((cohort_id, name), sitting, _key(), today, delegate_id)


def here(place: Seated, now: datetime) -> bool:
    """Whether somebody has the place, or will have it."""
    until = place.delegate.until_on
    return until is None or until >= calendar.today(place.zone, now)


def _key() -> str:
    return secrets.token_urlsafe(12)
