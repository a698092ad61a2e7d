"""Reads what an answer needs, in at most five statements, and hands it to the views."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import people
from handlers.cohorts import cohort_views, people_views, rules, views
from handlers.cohorts.rules import Asked, Standing
from handlers.types import Json, Settings
from storage import cohorts, commitment_lists, members
from storage.cohorts import Listed, Place
from storage.models import Member


@dataclass(frozen=True)
class Program:
    """The cohorts of a program, the people whom the asker may see, and where the asker stands."""

    cohorts: list[Listed]
    places: list[Place]
    standing: Standing
    now: datetime
    zone: str


async def to(session: AsyncSession, member: Member, asked: Asked, *, now: datetime, settings: Settings) -> Json:
    """The message that answers what a member asked for; `mine` has a function of its own."""
    # A list shows no people: one's own places are enough.
    program = await _program(session, member, now, only_own=asked.kind == "list")
    if asked.kind == "list":
        reply = views.listing(program.cohorts, program.standing, now=now, zone=program.zone, settings=settings)
    elif asked.kind == "show":
        reply = await _show(session, member, program, asked.words, settings)
    elif asked.kind == "who":
        reply = people_views.people(asked.words, rules.people_meant(asked.words, program.places), settings)
    else:
        reply = await _anything(session, member, program, asked.words, settings)
    return views.with_note(views.read_as(*asked.read_as), reply) if asked.read_as else reply


async def mine(session: AsyncSession, member: Member, *, now: datetime, settings: Settings) -> tuple[Json, bool]:
    """One's own cohorts; and whether the program has a facilitator at all."""
    places = await cohorts.places(session, member.program_id, member_id=member.id)
    zone = await _zone(session, member, places)
    own = rules.own(member.id, places, now, zone)
    check_ins = await cohorts.next_check_ins(session, member.program_id, rules.cohort_ids(own))
    promises = await commitment_lists.mine(session, member)
    reply = views.mine(own, check_ins, promises, now=now, zone=zone, settings=settings)
    return reply, any(one.role == "facilitator" for one in places)


async def cohort(
    session: AsyncSession, member: Member, cohort_id: int, *, now: datetime, all_cities: bool
) -> Json | None:
    """A cohort by its id, for buttons; None when the program has none with it."""
    program = await _program(session, member, now)
    one = next((one for one in program.cohorts if one.id == cohort_id), None)
    return await _full(session, member, program, one, all_cities=all_cities) if one else None


async def more_people(
    session: AsyncSession, member: Member, words: str, shown: int, *, now: datetime, settings: Settings
) -> Json:
    """The same search again with more people in it."""
    program = await _program(session, member, now)
    return people_views.people(words, rules.people_meant(words, program.places), settings, shown=shown)


async def whom_to_ask(session: AsyncSession, program_id: int) -> str:
    """For somebody who is in no roster."""
    whom = await people.who_can(session, program_id)
    return (
        f"I looked you up in Slack, and you are not on the roster of any cohort here. {whom} "
        "They can add you with the e-mail address that you use in Slack."
    )


async def _program(session: AsyncSession, member: Member, now: datetime, *, only_own: bool = False) -> Program:
    places = await cohorts.places(session, member.program_id, member_id=member.id if only_own else None)
    known = await cohorts.listed(session, member.program_id)
    zone = await _zone(session, member, places)
    standing = rules.standing(member.id, places, now, zone)
    return Program(known, rules.visible(standing, places, now, zone), standing, now, zone)


async def _show(session: AsyncSession, member: Member, program: Program, name: str, settings: Settings) -> Json:
    """The cohort that is meant; else a question, or what is near. Without a name: the only one that is the asker's own."""
    if name:
        meant = rules.cohorts_meant(name, program.cohorts, program.standing)
        near = rules.near_cohorts(name, program.cohorts)
        if not meant:
            return views.nothing_fits(name, near, settings)
    else:
        meant = [one for one in program.cohorts if one.id in program.standing.cohort_ids]
        meant = _running(program, meant) or meant or _running(program, program.cohorts) or program.cohorts
    if len(meant) == 1:
        return await _full(session, member, program, meant[0])
    if not meant:
        return views.listing([], program.standing, now=program.now, zone=program.zone, settings=settings)
    return views.which(name, meant, settings)


async def _anything(session: AsyncSession, member: Member, program: Program, words: str, settings: Settings) -> Json:
    """No word that is known: a cohort's name, else people, whatever fits."""
    command = settings.command_cohort
    meant = rules.cohorts_meant(words, program.cohorts, program.standing)
    if len(meant) == 1:
        reply = await _full(session, member, program, meant[0])
        return views.with_note(views.taken_for(words, f"{command} show"), reply)
    if meant:
        return views.which(words, meant, settings)
    found = rules.people_meant(words, program.places)
    if found and found[0].whole:
        reply = people_views.people(words, found, settings)
        return views.with_note(views.taken_for(words, f"{command} who"), reply)
    return views.not_understood(words, rules.near_cohorts(words, program.cohorts), settings)


def _running(program: Program, known: list[Listed]) -> list[Listed]:
    return [one for one in known if not rules.is_over(one, program.now, program.zone)]


async def _full(
    session: AsyncSession, member: Member, program: Program, one: Listed, *, all_cities: bool = False
) -> Json:
    check_ins = await cohorts.next_check_ins(session, member.program_id, [one.id])
    who, now, zone = program.standing, program.now, program.zone
    return cohort_views.full(one, program.places, check_ins, who, now=now, zone=zone, all_cities=all_cities)


async def _zone(session: AsyncSession, member: Member, places: list[Place]) -> str:
    """The member's own zone, else that of a seat; asks the database only when neither is known."""
    own = member.app_time_zone or member.slack_time_zone or member.roster_time_zone
    seats = (one.time_zone for one in places if one.person and one.person.id == member.id and one.time_zone)
    return own or next(seats, None) or await members.zone_of(session, member)
