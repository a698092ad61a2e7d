"""Opens the forms of facilitators: by a word of the command, or by a button at a cohort."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, calendar, rights
from handlers.cohorts import cohort_forms, rules, seat_forms, views
from handlers.cohorts.rules import Standing
from handlers.errors import Refused
from handlers.people import allowed, refuse_unless
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import cohort_edits, cohorts, members, programs, seats
from storage.cohort_edits import Said
from storage.cohorts import Listed
from storage.models import Member
from storage.seats import Seated


async def by_word(
    session: AsyncSession, member: Member, team_id: str, word: str, words: str, *, now: datetime, settings: Settings
) -> Json:
    """The form that a word of the command opens, or a message when it must be said first which cohort is meant."""
    if word == "new":
        await refuse_unless(session, member, "cohort new")
        return await new(session, member)
    known = await cohorts.listed(session, member.program_id)
    own = await _facilitated(session, member, known)
    if not own:
        await refuse_unless(session, member, f"cohort {word}")
    if not words:
        zone = member.slack_time_zone or await members.zone_of(session, member)
        running = own if word == "edit" else [one for one in own if not rules.is_over(one, now, zone)]
        if not running:
            raise Refused(f"No cohort that you facilitate is running. `{settings.command_cohort} new` makes one.")
        return await _of(session, member, team_id, word, running, now)
    standing = Standing(runs_program=False, cohort_ids=frozenset(one.id for one in own))
    meant = rules.cohorts_meant(words, known, standing)
    if not meant:
        return views.nothing_fits(words, rules.near_cohorts(words, own), settings)
    mine = [one for one in meant if one in own]
    if not mine:
        await refuse_unless(session, member, f"cohort {word}", meant[0].id)
    return await _of(session, member, team_id, word, mine, now)


async def pressed(
    ack: Ack, action: Json, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """The buttons at a cohort that only its facilitators get."""
    word = action["action_id"].removeprefix("cohort_")
    cohort_id, _, delegate_id = action["value"].partition(":")
    async with sessions() as session:
        if word == "new":
            view = await new(session, await allowed(session, team_id, user_id, "cohort new"))
        else:
            member = await allowed(session, team_id, user_id, f"cohort {word}", int(cohort_id))
            view = await form(session, member, team_id, word, int(cohort_id), clock.now(), int(delegate_id or 0))
    if (body.get("view") or {}).get("type") == "modal":
        await client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def picked(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """The cohort was chosen: its form follows."""
    word, cohort_id = seat_forms.read_pick(view)
    async with sessions() as session:
        member = await allowed(session, team_id, user_id, f"cohort {word}", cohort_id)
        following = await form(session, member, team_id, word, cohort_id, clock.now())
    await ack(response_action="update", view=following)


async def new(session: AsyncSession, member: Member) -> Json:
    networks = await cohort_edits.network_names(session, member.program_id)
    only = networks[0] if len(networks) == 1 else ""
    return cohort_forms.form(networks, Said(only, ""), cohort_forms.Carried(_key()))


async def form(
    session: AsyncSession, member: Member, team_id: str, word: str, cohort_id: int, now: datetime, delegate_id: int = 0
) -> Json:
    """The form for one cohort that the member may change."""
    if word == "edit":
        return await _edit(session, member, team_id, cohort_id)
    name = await cohort_edits.name_of(session, member.program_id, cohort_id)
    if name is None:
        raise Refused("I do not know this cohort any more.")
    own = member.app_time_zone or member.slack_time_zone or member.roster_time_zone
    today = calendar.today(own or await members.zone_of(session, member), now)
    if word == "add":
        program = rights.may("cohort add program", await members.runs(session, member, cohort_id))
        cities = await seats.cities(session, member.program_id)
        return seat_forms.add((cohort_id, name), cities, _key(), today, program=program)
    sitting = [one for one in await seats.seated(session, member.program_id, cohort_id) if here(one, now)]
    if not sitting:
        raise Refused(f"Nobody sits for a city in {blocks.escaped(name)}, so nobody can leave a seat.")
    make = seat_forms.remove if word == "remove" else seat_forms.handover
    return make((cohort_id, name), sitting, _key(), today, delegate_id)


async def _edit(session: AsyncSession, member: Member, team_id: str, cohort_id: int) -> Json:
    workspace = await programs.by_team(session, team_id)
    found = await cohort_edits.present(session, workspace, cohort_id) if workspace else None
    if found is None:
        raise Refused("I do not know this cohort any more.")
    networks = await cohort_edits.network_names(session, member.program_id)
    carried = cohort_forms.Carried(_key(), cohort_id, cohort_forms.as_seen(found.said))
    return cohort_forms.form(networks, found.said, carried)


def here(place: Seated, now: datetime) -> bool:
    """Whether somebody has the place, or will have it."""
    until = place.delegate.until_on
    return until is None or until >= calendar.today(place.zone, now)


async def _of(
    session: AsyncSession, member: Member, team_id: str, word: str, known: Sequence[Listed], now: datetime
) -> Json:
    if len(known) == 1:
        return await form(session, member, team_id, word, known[0].id, now)
    return seat_forms.pick(word, known)


async def _facilitated(session: AsyncSession, member: Member, known: Sequence[Listed]) -> list[Listed]:
    ids = await members.facilitated(session, member)
    return [one for one in known if None in ids or one.id in ids]


def _key() -> str:
    return secrets.token_urlsafe(12)
