"""Cohorts are made and edited: the form comes in, and what was saved is told."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar
from handlers.cohorts import forms
from handlers.cohorts.forms import Carried, Filled
from handlers.errors import Refused
from handlers.people import allowed, refuse_unless
from handlers.types import Ack, Clock, Json, Sessions
from storage import cohort_edits, deliveries, members, programs
from storage.models import Member, Workspace

TAKEN = "A cohort of this network has that name already. Please choose another one."


async def save(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Make the cohort, or change it; when somebody else changed it meanwhile, show both and write nothing."""
    now = clock.now()
    stale: Json | None = None
    async with sessions.begin() as session:
        member = await allowed(session, team_id, user_id, "cohort new")
        filled = forms.read(view, calendar.today(await members.zone_of(session, member), now))
        workspace = await programs.by_team(session, team_id)
        if workspace is None:
            raise Refused("I do not know this workspace yet, so nothing was saved.")
        if not filled.problems and filled.carried.cohort_id:
            await refuse_unless(session, member, "cohort edit", filled.carried.cohort_id)
            stale = await _edit(session, member, workspace, filled, now)
        elif not filled.problems:
            await _make(session, member, workspace, filled, now)
    if filled.problems:
        await ack(response_action="errors", errors=_on_fields(filled.problems, view))
    elif stale is not None:
        await ack(response_action="update", view=stale)
    else:
        await ack(response_action="clear")


async def _make(session: AsyncSession, member: Member, workspace: Workspace, filled: Filled, now: datetime) -> None:
    said, key = filled.said, filled.carried.key
    if await cohort_edits.by_form(session, member.program_id, key) is not None:
        return
    if await cohort_edits.name_taken(session, member.program_id, said):
        raise Refused(TAKEN, field=forms.NAME)
    runs = "program" not in await members.runs(session, member)
    cohort_id = await cohort_edits.add(session, member, workspace, said, key, now, runs=runs)
    if cohort_id is None:
        raise Refused(TAKEN, field=forms.NAME)
    message = forms.made(cohort_id, said)
    await deliveries.owe(session, member, f"cohort:{cohort_id}:made", message, at=now)


async def _edit(
    session: AsyncSession, member: Member, workspace: Workspace, filled: Filled, now: datetime
) -> Json | None:
    """None when it is saved; else the form again, with what somebody else made of the cohort meanwhile."""
    cohort_id = filled.carried.cohort_id
    present = await cohort_edits.present(session, workspace, cohort_id)
    if present is None:
        raise Refused("I do not know this cohort any more.")
    said = filled.said if filled.said.channel else replace(filled.said, channel=present.said.channel)
    if present.said == said:
        return None
    if await cohort_edits.name_taken(session, member.program_id, said, but=cohort_id):
        raise Refused(TAKEN, field=forms.NAME)
    as_seen = forms.as_seen(present.said) == filled.carried.seen
    if as_seen and await cohort_edits.edit(session, member, workspace, present, said, now):
        key = f"cohort:{cohort_id}:edited:{filled.carried.key}"
        await deliveries.owe(session, member, key, forms.edited(cohort_id, said), at=now)
        return None
    present = await cohort_edits.present(session, workspace, cohort_id) or present
    today = calendar.today(await members.zone_of(session, member), now)
    networks = await cohort_edits.network_names(session, member.program_id)
    carried = Carried(filled.carried.key, cohort_id, forms.as_seen(present.said))
    return forms.form(networks, said, carried, forms.changed_meanwhile(present, said, today))


def _on_fields(problems: dict[str, str], view: Json) -> dict[str, str]:
    """Only fields of this very form can show an error."""
    known = {block["block_id"] for block in view["blocks"]}
    return {name: text for name, text in problems.items() if name in known}
