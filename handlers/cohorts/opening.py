"""Opens the form of a cohort, new or edited: by a word of the command, or by a button at a cohort."""

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import choosing, windows, words
from handlers.cohorts import forms
from handlers.errors import Refused
from handlers.people import allowed, asker_allowed, asker_or_wait, refuse_unless
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import cohort_edits
from storage.cohort_edits import Said
from storage.members import Asker
from storage.models import Member, Workspace

WORDS = ("new", "edit")


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
    """`/cohort new` and `edit`: the form, or what must be said first about which cohort is meant."""
    line = words.of(command)
    async with sessions() as session:
        asker = await asker_or_wait(session, team_id, user_id)
        reply = await by_word(session, asker, line.kind, line.words, now=clock.now(), settings=settings)
    await windows.answer(ack, client, command, reply)


async def by_word(
    session: AsyncSession, asker: Asker, word: str, name: str, *, now: datetime, settings: Settings
) -> Json:
    """The form that a word of the command opens, or a message when it must be said first which cohort is meant."""
    if word == "new":
        await refuse_unless(session, asker.member, "cohort new")
        return await _new(session, asker.member)
    chosen = await choosing.cohort_for(session, asker, word, name, now=now, settings=settings)
    return chosen if isinstance(chosen, dict) else await _edit(session, asker.workspace, chosen.id)


async def pressed(
    ack: Ack, action: Json, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions
) -> None:
    """ "New cohort", and "Edit cohort" at one, which only its facilitators get."""
    async with sessions() as session:
        if action["action_id"] == "cohort_new":
            view = await _new(session, await allowed(session, team_id, user_id, "cohort new"))
        else:
            cohort_id = int(action["value"])
            asker = await asker_allowed(session, team_id, user_id, "cohort edit", cohort_id)
            view = await _edit(session, asker.workspace, cohort_id)
    await windows.open_from(client, body, view)
    await ack()


async def picked(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions) -> None:
    """The cohort was chosen: its form follows."""
    word, cohort_id = choosing.read_pick(view)
    async with sessions() as session:
        asker = await asker_allowed(session, team_id, user_id, f"cohort {word}", cohort_id)
        following = await _edit(session, asker.workspace, cohort_id)
    await ack(response_action="update", view=following)


async def _new(session: AsyncSession, member: Member) -> Json:
    networks = await cohort_edits.network_names(session, member.program_id)
    only = networks[0] if len(networks) == 1 else ""
    return forms.form(networks, Said(only, ""), forms.Carried(_key()))


async def _edit(session: AsyncSession, workspace: Workspace, cohort_id: int) -> Json:
    found = await cohort_edits.present(session, workspace, cohort_id)
    if found is None:
        raise Refused("I do not know this cohort any more.")
    networks = await cohort_edits.network_names(session, workspace.program_id)
    carried = forms.Carried(_key(), cohort_id, forms.as_seen(found.said))
    return forms.form(networks, found.said, carried)


def _key() -> str:
    return secrets.token_urlsafe(12)
