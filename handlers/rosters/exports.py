"""`/cohort export`: the roster of one's cohorts as a CSV file, by direct message."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, naming, standing, words
from handlers.errors import Refused
from handlers.people import member_of, who_can
from handlers.types import Ack, Clock, Json, Sessions, Settings
from storage import cohorts, deliveries
from storage.cohorts import Listed
from storage.models import Member
from storage.roster import export


async def answer(
    ack: Ack,
    command: Json,
    team_id: str,
    user_id: str,
    sessions: Sessions,
    clock: Clock,
    settings: Settings,
) -> None:
    """Makes the file and owes it; a name chooses one cohort."""
    name = words.of(command).words
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        everything, chosen, reply = await _chosen(session, member, name, clock.now(), settings)
        if reply is None:
            key = f"cohorts:export:{command['trigger_id']}"
            reply = await _owe(session, member, key, None if everything else chosen, clock.now(), settings)
    await ack(blocks.private(reply))


async def _chosen(
    session: AsyncSession, member: Member, name: str, now: datetime, settings: Settings
) -> tuple[bool, list[Listed], Json | None]:
    """(the whole program?, the cohorts, or what to answer instead)."""
    own = await cohorts.own(session, member)
    held = [one for one in standing.own(member.id, own.places, now, own.zone) if one.role == "facilitator"]
    runs_all = any(one.cohort_id is None for one in held)
    known = await cohorts.listed(session, member.program_id)
    mine = [one for one in known if runs_all or one.id in {place.cohort_id for place in held}]
    if not held:
        whom = await who_can(session, member.program_id)
        raise Refused(f"Only facilitators can export a roster. {whom}")
    if not name:
        return runs_all, mine, None
    meant = naming.cohorts_meant(name, mine, standing.of(member.id, own.places, now, own.zone))
    if len(meant) == 1:
        return False, meant, None
    if meant:
        return False, [], _which(name, meant, settings)
    return False, [], naming.nothing_fits(name, naming.near_cohorts(name, mine), settings)


async def _owe(
    session: AsyncSession, member: Member, key: str, chosen: list[Listed] | None, now: datetime, settings: Settings
) -> Json:
    ids = None if chosen is None else [one.id for one in chosen]
    content, lines = await export.of(session, member.program_id, ids)
    whose = "the whole program" if chosen is None else _named(chosen)
    if not lines:
        text = f"There is nobody in the roster of {whose} yet. `{settings.command_cohort} import` brings people in."
        return blocks.message(text)
    count = "one line" if lines == 1 else f"{lines:,} lines"
    text = f"The roster of {whose}: {count}. `{settings.command_cohort} import` takes the file again, changed or not."
    name = f"roster-{now:%Y-%m-%d}.csv"
    await deliveries.owe_file(session, member, key, text, name=name, content=content.decode(), at=now)
    return blocks.message(f"The roster of {whose} ({count}) comes to you as a direct message, in a moment.")


def _named(chosen: list[Listed]) -> str:
    names = [blocks.escaped(one.name) for one in chosen]
    return f"*{names[0]}*" if len(names) == 1 else f"your {len(names)} cohorts"


def _which(typed: str, meant: list[Listed], settings: Settings) -> Json:
    lines = ", ".join(f"`{settings.command_cohort} export {blocks.escaped(one.name)}`" for one in meant[:5])
    return blocks.message(f"Several cohorts fit {blocks.escaped(blocks.cut(typed, 100))}. Type one of these: {lines}.")
