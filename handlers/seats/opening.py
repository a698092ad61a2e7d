"""Opens the forms about places: by a word of the command, or by a button at a cohort."""

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, calendar, choosing, rights, windows, words
from handlers.errors import Refused
from handlers.people import asker_allowed, asker_or_wait, today_of
from handlers.seats import forms
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import cohort_edits, seats
from storage.members import Asker
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
    line = words.of(command)
    async with sessions() as session:
        asker = await asker_or_wait(session, team_id, user_id)
        reply = await by_word(session, asker, line.kind, line.words, now=clock.now(), settings=settings)
    await windows.answer(ack, client, command, reply)


async def by_word(
    session: AsyncSession, asker: Asker, word: str, name: str, *, now: datetime, settings: Settings
) -> Json:
    """The form that a word of the command opens, or a message when it must be said first which cohort is meant."""
    chosen = await choosing.cohort_for(session, asker, word, name, now=now, settings=settings)
    return chosen if isinstance(chosen, dict) else await _form(session, asker, word, (chosen.id, chosen.name), now)


async def pressed(
    ack: Ack, action: Json, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """The buttons at a cohort that only its facilitators get."""
    word = action["action_id"].removeprefix("cohort_")
    cohort_id, _, delegate_id = action["value"].partition(":")
    async with sessions() as session:
        asker = await asker_allowed(session, team_id, user_id, f"cohort {word}", int(cohort_id))
        cohort = await _known(session, asker, int(cohort_id))
        view = await _form(session, asker, word, cohort, clock.now(), int(delegate_id or 0))
    await windows.open_from(client, body, view)
    await ack()


async def picked(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """The cohort was chosen: its form follows."""
    word, cohort_id = choosing.read_pick(view)
    async with sessions() as session:
        asker = await asker_allowed(session, team_id, user_id, f"cohort {word}", cohort_id)
        following = await _form(session, asker, word, await _known(session, asker, cohort_id), clock.now())
    await ack(response_action="update", view=following)


def here(place: Seated, now: datetime) -> bool:
    """Whether somebody has the place, or will have it."""
    until = place.delegate.until_on
    return until is None or until >= calendar.today(place.zone, now)


async def _known(session: AsyncSession, asker: Asker, cohort_id: int) -> tuple[int, str]:
    """The cohort's id with its name."""
    name = await cohort_edits.name_of(session, asker.member.program_id, cohort_id)
    if name is None:
        raise Refused("I do not know this cohort any more.")
    return cohort_id, name


async def _form(
    session: AsyncSession, asker: Asker, word: str, cohort: tuple[int, str], now: datetime, delegate_id: int = 0
) -> Json:
    """The form for one cohort that the asker may change."""
    today = await today_of(session, asker.member, now)
    if word == "add":
        program = rights.may("cohort add program", asker.runs(cohort[0]))
        cities = await seats.cities(session, asker.member.program_id)
        return forms.add(cohort, cities, _key(), today, program=program)
    sitting = [one for one in await seats.seated(session, asker.member.program_id, cohort[0]) if here(one, now)]
    if not sitting:
        raise Refused(f"Nobody sits for a city in {blocks.escaped(cohort[1])}, so nobody can leave a seat.")
    make = forms.remove if word == "remove" else forms.handover
    return make(cohort, sitting, _key(), today, delegate_id)


def _key() -> str:
    return secrets.token_urlsafe(12)
