"""Opens the form of a cohort, new or edited: by a word of the command, or by a button at a cohort."""

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import choosing, windows
from handlers.cohorts import forms
from handlers.errors import Refused
from handlers.people import allowed, refuse_unless
from handlers.types import Ack, Client, Json, Sessions, Settings
from storage import cohort_edits, programs
from storage.cohort_edits import Said
from storage.models import Member

WORDS = ("new", "edit")


async def by_word(
    session: AsyncSession, member: Member, team_id: str, word: str, name: str, *, now: datetime, settings: Settings
) -> Json:
    """The form that a word of the command opens, or a message when it must be said first which cohort is meant."""
    if word == "new":
        await refuse_unless(session, member, "cohort new")
        return await _new(session, member)
    chosen = await choosing.cohort_for(session, member, word, name, now=now, settings=settings)
    return chosen if isinstance(chosen, dict) else await _edit(session, member, team_id, chosen.id)


async def pressed(
    ack: Ack, action: Json, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions
) -> None:
    """ "New cohort", and "Edit cohort" at one, which only its facilitators get."""
    async with sessions() as session:
        if action["action_id"] == "cohort_new":
            view = await _new(session, await allowed(session, team_id, user_id, "cohort new"))
        else:
            cohort_id = int(action["value"])
            member = await allowed(session, team_id, user_id, "cohort edit", cohort_id)
            view = await _edit(session, member, team_id, cohort_id)
    await windows.open_from(client, body, view)
    await ack()


async def picked(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions) -> None:
    """The cohort was chosen: its form follows."""
    word, cohort_id = choosing.read_pick(view)
    async with sessions() as session:
        member = await allowed(session, team_id, user_id, f"cohort {word}", cohort_id)
        following = await _edit(session, member, team_id, cohort_id)
    await ack(response_action="update", view=following)


async def _new(session: AsyncSession, member: Member) -> Json:
    networks = await cohort_edits.network_names(session, member.program_id)
    only = networks[0] if len(networks) == 1 else ""
    return forms.form(networks, Said(only, ""), forms.Carried(_key()))


async def _edit(session: AsyncSession, member: Member, team_id: str, cohort_id: int) -> Json:
    workspace = await programs.by_team(session, team_id)
    found = await cohort_edits.present(session, workspace, cohort_id) if workspace else None
    if found is None:
        raise Refused("I do not know this cohort any more.")
    networks = await cohort_edits.network_names(session, member.program_id)
    carried = forms.Carried(_key(), cohort_id, forms.as_seen(found.said))
    return forms.form(networks, found.said, carried)


def _key() -> str:
    return secrets.token_urlsafe(12)
