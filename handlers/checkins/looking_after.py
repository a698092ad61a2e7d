"""Blockers and who looks after them: facilitators list them, say who does, and take it back; those concerned are told once."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, naming
from handlers.checkins import blocker_views, rules
from handlers.errors import Refused
from handlers.people import asker_allowed, refuse_unless
from handlers.standing import Standing
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import blockers, cohorts, deliveries, members, summing
from storage.blockers import Found
from storage.deliveries import Priority, Terms
from storage.members import Asker
from storage.models import Member

ACT = "checkin blockers"
GONE = "That blocker is gone, so nothing was changed."
NOBODY = "I do not know this person yet. Please choose somebody who facilitates, or sits on a seat."
NOT_THEIRS = "This blocker is not for everybody's eyes. Please choose one of the cohort's facilitators."


async def listed(session: AsyncSession, asker: Asker, name: str, now: datetime, settings: Settings) -> Json:
    """`/checkin blockers [COHORT]`: a window with what is open in one's cohorts, or the message that says why there is none."""
    known = await cohorts.listed(session, asker.member.program_id)
    own = [one for one in known if asker.runs(one.id)]
    if not own:
        await refuse_unless(session, asker.member, ACT)
        raise Refused("There is no cohort that you facilitate, so there are no blockers to list.")
    chosen = own
    if name:
        here = Standing(runs_program=False, cohort_ids=frozenset(one.id for one in own))
        meant = naming.cohorts_meant(name, known, here)
        if not meant:
            return naming.nothing_fits(name, naming.near_cohorts(name, own), settings)
        chosen = [one for one in meant if one in own]
        if not chosen:
            await refuse_unless(session, asker.member, ACT, meant[0].id)
    found = await blockers.to_care_for(session, asker.member.program_id, [one.id for one in chosen])
    if not found:
        return blocker_views.none_open([one.name for one in chosen], settings)
    # Only the cohorts that have any: the names stand in the window.
    blocked = {each.blocker.cohort_id for each in found}
    names = {one.id: one.name for one in chosen if one.id in blocked}
    return await _list(session, asker.member, found, names, 0, now)


async def turn_page(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """More blockers, or earlier ones."""
    view = body["view"]
    async with sessions() as session:
        changed = await _redrawn(session, team_id, user_id, view, clock.now(), page=int(action["value"]))
    await client.views_update(view_id=view["id"], hash=view["hash"], view=changed)
    await ack()


async def open_form(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions
) -> None:
    """Looked after: asks by whom."""
    async with sessions() as session:
        _, found = await _concerned(session, team_id, user_id, int(action["value"]))
    if found.blocker.closed_at:
        raise Refused("Somebody said meanwhile that this is no longer in the way, so nothing was changed.")
    view = body.get("view") or {}
    back = {"id": view["id"], "metadata": view["private_metadata"]} if view.get("type") == "modal" else None
    form = blocker_views.form(found, user_id, back)
    await (client.views_push if back else client.views_open)(trigger_id=body["trigger_id"], view=form)
    await ack()


async def save(
    ack: Ack, view: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Say who looks after it; the list from which the form was opened says so, too."""
    blocker_id, chosen, back = blocker_views.read_form(view)
    now = clock.now()
    async with sessions.begin() as session:
        asker, found = await _concerned(session, team_id, user_id, blocker_id)
        carer = await members.asker(session, team_id, chosen)
        if carer is None or carer.member.program_id != asker.member.program_id:
            raise Refused(NOBODY, field=blocker_views.WHO)
        if not _may_look_after(carer, found):
            raise Refused(NOT_THEIRS, field=blocker_views.WHO)
        if await blockers.look_after(session, asker.member, blocker_id, carer.member.id, now):
            await summing.again_for(session, found.blocker, now)
    if back:
        async with sessions() as session:
            shown = {"private_metadata": back["metadata"]}
            await client.views_update(view_id=back["id"], view=await _redrawn(session, team_id, user_id, shown, now))
    await ack()


async def let_go(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Undo: nobody looks after it."""
    await _change(ack, body, action, (team_id, user_id), client, sessions, clock.now())


async def close(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """No longer blocked."""
    await _change(ack, body, action, (team_id, user_id), client, sessions, clock.now())


async def reopen(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Still blocked, after all."""
    await _change(ack, body, action, (team_id, user_id), client, sessions, clock.now())


async def tell(session: AsyncSession, rows: Sequence[Found], now: datetime) -> None:
    """Tell those concerned who looks after what, once; what they were told is changed when it is true no more."""
    for found in rows:
        of = found.blocker.looked_after_by
        if of != found.blocker.told_of:
            await blockers.told(session, found, of)
            await _tell_raiser(session, found, now)
            if of and of != found.blocker.looked_after_said_by:
                await _tell_carer(session, found, of, now)


async def _tell_raiser(session: AsyncSession, found: Found, now: datetime) -> None:
    blocker, key = found.blocker, f"blocker:{found.blocker.id}:looked_after"
    said = blocker_views.told_raiser(found) if blocker.looked_after_by else blocker_views.told_raiser_otherwise(found)
    if await deliveries.owe_update(session, blocker.program_id, key, said, at=now):
        return
    if blocker.looked_after_by and blocker.member_id != blocker.looked_after_by:
        raiser = await members.of_id(session, blocker.program_id, blocker.member_id)
        await deliveries.owe(session, raiser, key, said, at=now, terms=_kindly())


async def _tell_carer(session: AsyncSession, found: Found, of: int, now: datetime) -> None:
    blocker = found.blocker
    carer = await members.of_id(session, blocker.program_id, of)
    by = await members.of_id(session, blocker.program_id, blocker.looked_after_said_by or of)
    key = f"blocker:{blocker.id}:carer:{of}"
    await deliveries.owe(session, carer, key, blocker_views.told_carer(found, by.name), at=now, terms=_kindly())


def _kindly() -> Terms:
    """It is no answer to anything that they did: it keeps to their working hours."""
    return Terms(own_accord=True, priority=Priority.NUDGE)


async def _concerned(session: AsyncSession, team_id: str, user_id: str, blocker_id: int) -> tuple[Asker, Found]:
    """Who presses, when they facilitate the cohort of the blocker; and the blocker."""
    asker = await asker_allowed(session, team_id, user_id, ACT)
    found = await blockers.of_id(session, asker.member.program_id, blocker_id)
    if found is None:
        raise Refused(GONE)
    await _refuse_elsewhere(session, asker, [found.blocker.cohort_id])
    return asker, found


async def _refuse_elsewhere(session: AsyncSession, asker: Asker, cohort_ids: Collection[int]) -> None:
    for cohort_id in cohort_ids:
        if not asker.runs(cohort_id):
            await refuse_unless(session, asker.member, ACT, cohort_id)


def _may_look_after(carer: Asker, found: Found) -> bool:
    """Whoever looks after a blocker must be one of those who may read it."""
    return rules.seen_by_cohort(found.blocker.audience) or bool(carer.runs(found.blocker.cohort_id))


async def _change(
    ack: Ack, body: Json, action: Json, who: tuple[str, str], client: Client, sessions: Sessions, now: datetime
) -> None:
    """Do what a button says, tell it in the summaries, and show it in the window where it was pressed."""
    blocker_id, act = int(action["value"]), action["action_id"]
    async with sessions.begin() as session:
        asker, found = await _concerned(session, *who, blocker_id)
        if await _done(session, asker.member, act, blocker_id, now):
            await summing.again_for(session, found.blocker, now)
    view = body.get("view") or {}
    if view.get("type") == "modal":
        async with sessions() as session:
            closed = blocker_id if act == blocker_views.CLOSE else None
            changed = await _redrawn(session, *who, view, now, closed=closed)
        await client.views_update(view_id=view["id"], hash=view["hash"], view=changed)
    await ack()


async def _done(session: AsyncSession, member: Member, act: str, blocker_id: int, now: datetime) -> bool:
    if act == blocker_views.CLOSE:
        return await blockers.close(session, member, blocker_id, now)
    if act == blocker_views.LET_GO:
        return await blockers.let_go(session, member, blocker_id)
    return await blockers.reopen(session, member, blocker_id)


async def _redrawn(
    session: AsyncSession,
    team_id: str,
    user_id: str,
    view: Json,
    now: datetime,
    *,
    page: int | None = None,
    closed: int | None = None,
) -> Json:
    """The list anew, with what was closed in this window, so that it can be taken back."""
    metadata = json.loads(view["private_metadata"])
    asker = await asker_allowed(session, team_id, user_id, ACT)
    names = {one.id: one.name for one in await cohorts.listed(session, asker.member.program_id)}
    chosen = {cohort_id: names[cohort_id] for cohort_id in metadata["cohorts"] if cohort_id in names}
    await _refuse_elsewhere(session, asker, chosen)
    kept = [*metadata["kept"], *([closed] if closed else [])]
    found = await blockers.to_care_for(session, asker.member.program_id, list(chosen), kept)
    return await _list(session, asker.member, found, chosen, metadata["page"] if page is None else page, now)


async def _list(
    session: AsyncSession, member: Member, found: Sequence[Found], names: dict[int, str], page: int, now: datetime
) -> Json:
    zone = await members.zone_of(session, member)
    return blocker_views.listing(found, names, page, calendar.today(zone, now), zone)
