"""Brings the people of a world into a database and into a Slack workspace."""

from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.sandbox.workspace import Channel, Person, Workspace
from handlers import cadence
from storage import database, installations, programs
from storage.installations import Grant
from storage.models import (
    CheckIn,
    City,
    CityDay,
    Cohort,
    CohortChannel,
    Delegate,
    Facilitator,
    Identity,
    Member,
    Network,
    Question,
    Seat,
)
from tests import cast, databases, whole
from tests.simulation.world import OFFICE, START, Group, Someone, World

QUESTIONS: tuple[dict[str, Any], ...] = (
    {"kind": "text", "text": "What moved forward since last time?", "audience": "cohort"},
    {"kind": "scale", "text": "How sure are you that you will reach your goal in time?", "audience": "city"},
    {"kind": "blocker", "text": "What is in your way?", "audience": "facilitators"},
)


def workspace_of(world: World) -> Workspace:
    """Everybody in Slack, and a channel for each cohort."""
    workspace = Workspace(
        manifest=whole.MANIFEST, team_id=cast.TEAM, team_name="Programme Office", bot_user_id=cast.BOT_USER
    )
    for one in world.people.values():
        handle = one.user_id.lower()
        workspace.people[one.user_id] = Person(one.user_id, handle, one.name, f"{handle}@example.org", one.zone, "")
    for group in world.groups:
        members = [*dict.fromkeys(person.user_id for _, person in group.seated), group.facilitator.user_id]
        workspace.channels[group.channel] = Channel(
            group.channel, group.name.lower().replace(" ", "-"), members=[*members, cast.BOT_USER]
        )
    return workspace


async def fill(url: str, world: World) -> None:
    """The tables, and everybody on their seats; each check-in waits for its first round."""
    await databases.create_tables(url)
    sessions = database.connect(url)
    try:
        async with sessions.begin() as session:
            await _enter(session, world)
    finally:
        await sessions.close()


async def _enter(session: AsyncSession, world: World) -> None:
    workspace = await programs.ensure(
        session, team_id=cast.TEAM, name="Programme Office", bot_user_id=cast.BOT_USER, time_zone=OFFICE, at=START
    )
    await installations.save(session, workspace, Grant(bot_token=None, bot_id="B0BOT"), START)
    common = {"program_id": workspace.program_id}
    members = await _added(session, Member, [_member(one) for one in world.people.values()], common)
    of = dict(zip(world.people, members, strict=True))
    joined = [{"workspace_id": workspace.id, "member_id": of[one], "user_id": one, "created_at": START} for one in of]
    await _added(session, Identity, joined, common)
    rows = [{"name": town.name, "state": town.state, "time_zone": town.zone} for town in world.towns]
    cities = dict(zip(world.towns, await _added(session, City, rows, common), strict=True))
    recesses = [
        {"city_id": cities[town], "name": "Recess", "first_on": town.recess[0], "last_on": town.recess[1]}
        | {"added_by": members[0], "created_at": START, "form_key": town.name}
        for town in world.towns
        if town.recess
    ]
    await _added(session, CityDay, recesses, common)
    names = [{"name": name} for name in world.networks]
    networks = dict(zip(world.networks, await _added(session, Network, names, common), strict=True))
    for number, group in enumerate(world.groups, 1):
        cohort = {"name": group.name, "network_id": networks[group.network], "theme": "", "created_at": START}
        [cohort_id] = await _added(session, Cohort, [cohort], common)
        place = {"cohort_id": cohort_id, "workspace_id": workspace.id, "channel": group.channel}
        await _added(session, CohortChannel, [place], common)
        leads = {"member_id": of[group.facilitator.user_id], "cohort_id": cohort_id}
        await _added(session, Facilitator, [leads], common)
        for town, people in group.seats.items():
            [seat_id] = await _added(session, Seat, [{"cohort_id": cohort_id, "city_id": cities[town]}], common)
            sitting = [{"seat_id": seat_id, "member_id": of[one.user_id], "role": "delegate"} for one in people]
            await _added(session, Delegate, sitting, common)
        await _plan(session, group, number, place | {"created_by": leads["member_id"]}, common)


async def _plan(
    session: AsyncSession, group: Group, number: int, place: dict[str, Any], common: dict[str, Any]
) -> None:
    """The check-in of a cohort. Its first moment is looked for by the bot itself, from the start on."""
    pulse = group.pulse
    rule = cadence.weekly(pulse.first_on, pulse.weeks, [pulse.weekday]).rule
    when = {"rule": rule, "at": pulse.at, "window_hours": pulse.window_hours}
    when |= {"next_on": pulse.first_on, "next_at": START}
    row = {"number": number, "name": pulse.name, "form_key": pulse.name, "created_at": START, **place, **when}
    [check_in_id] = await _added(session, CheckIn, [row], common)
    asked = [{"check_in_id": check_in_id, "position": position, **one} for position, one in enumerate(QUESTIONS)]
    await _added(session, Question, asked, common)


async def _added(session: AsyncSession, table: Any, rows: list[dict[str, Any]], common: dict[str, Any]) -> list[int]:
    """Write rows; their ids in the order in which they were given."""
    if not rows:
        return []
    query = insert(table).returning(table.id, sort_by_parameter_order=True)
    return list(await session.scalars(query, [{**common, **row} for row in rows]))


def _member(one: Someone) -> dict[str, Any]:
    return {"name": one.name, "title": "", "expertise": [], "slack_time_zone": one.zone, "created_at": START}
