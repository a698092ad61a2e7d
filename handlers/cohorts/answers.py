"""Reads what an answer needs, in at most five statements, and hands it to the views."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, naming, people, standing
from handlers.cohorts import cohort_views, finding, people_views, rules, views
from handlers.cohorts.finding import Meant
from handlers.standing import Standing
from handlers.types import Json, Settings
from handlers.words import Asked
from storage import cohorts, commitment_lists, directory, members
from storage.cohorts import Listed, Place
from storage.models import Member


@dataclass(frozen=True)
class Asker:
    """Who asks and in which workspace, where they stand today, and their own time."""

    member: Member
    team_id: str
    standing: Standing
    now: datetime
    zone: str

    @property
    def sees(self) -> frozenset[int] | None:
        """The cohorts whose people they may see; None for all."""
        return None if self.standing.runs_program else self.standing.cohort_ids


async def to(
    session: AsyncSession, member: Member, asked: Asked, *, team_id: str, now: datetime, settings: Settings
) -> Json:
    """The message that answers what a member asked for in a workspace; `mine` has a function of its own."""
    asker = await _asker(session, member, team_id, now)
    if asked.kind == "list":
        known = await cohorts.listed(session, member.program_id)
        reply = views.listing(known, asker.standing, now=now, zone=asker.zone, settings=settings)
    elif asked.kind == "show":
        reply = await _show(session, asker, asked.words, settings)
    elif asked.kind == "who":
        reply = await _people(session, asker, asked.words, await _meant(session, asker, asked.words), settings)
    else:
        reply = await _anything(session, asker, asked.words, settings)
    return blocks.with_note(views.read_as(*asked.read_as), reply) if asked.read_as else reply


async def mine(session: AsyncSession, member: Member, *, now: datetime, settings: Settings) -> tuple[Json, bool]:
    """One's own cohorts; and whether the program has a facilitator at all."""
    known = await cohorts.own(session, member)
    zone, own = known.zone, standing.own(member.id, known.places, now, known.zone)
    check_ins = await cohorts.next_check_ins(session, member.program_id, standing.cohort_ids(own))
    promises = await commitment_lists.mine(session, member)
    reply = views.mine(own, check_ins, promises, now=now, zone=zone, settings=settings)
    led = any(one.role == "facilitator" for one in own)
    return reply, led or bool(await members.facilitators_anywhere(session, member.program_id))


async def cohort(
    session: AsyncSession, member: Member, cohort_id: int, *, team_id: str, now: datetime, all_cities: bool
) -> Json | None:
    """A cohort by its id, for buttons; None when the program has none with it."""
    asker = await _asker(session, member, team_id, now)
    known = await cohorts.listed(session, member.program_id, team_id)
    one = next((one for one in known if one.id == cohort_id), None)
    return await _full(session, asker, one, all_cities=all_cities) if one else None


async def more_people(
    session: AsyncSession, member: Member, words: str, start: int, *, team_id: str, now: datetime, settings: Settings
) -> Json:
    """The same search again, another page of it."""
    asker = await _asker(session, member, team_id, now)
    return await _people(session, asker, words, await _meant(session, asker, words), settings, start=start)


async def whom_to_ask(session: AsyncSession, program_id: int) -> str:
    """For somebody who is in no roster."""
    whom = await people.who_can(session, program_id)
    return (
        f"I looked you up in Slack, and you are not on the roster of any cohort here. {whom} "
        "They can add you with the e-mail address that you use in Slack."
    )


async def _asker(session: AsyncSession, member: Member, team_id: str, now: datetime) -> Asker:
    known = await cohorts.own(session, member)
    return Asker(member, team_id, standing.of(member.id, known.places, now, known.zone), now, known.zone)


async def _meant(session: AsyncSession, asker: Asker, text: str) -> Meant:
    """Whom the words fit, among the people whom the asker may see."""
    program_id, user_id = asker.member.program_id, rules.mentioned(text)
    if user_id:
        known = await directory.of_user(session, program_id, asker.team_id, user_id)
        return Meant((known,) if known else ())
    everybody = await directory.read(session, program_id, asker.sees)
    return finding.meant(text, everybody, asker.now, asker.zone)


async def _people(
    session: AsyncSession, asker: Asker, text: str, meant: Meant, settings: Settings, *, start: int = 0
) -> Json:
    """One page of them, as a message; should there be fewer by now, the first page."""
    start = start if start < len(meant.member_ids) else 0
    page = meant.member_ids[start : start + people_views.AT_ONCE]
    places = await _places(session, asker, member_ids=page) if page else []
    found = rules.found(page, standing.visible(asker.standing, places, asker.now, asker.zone))
    reply = people_views.people(text, meant, found, settings, start=start)
    note = people_views.read_as(meant)
    return blocks.with_note(note, reply) if note else reply


async def _show(session: AsyncSession, asker: Asker, name: str, settings: Settings) -> Json:
    """The cohort that is meant; else a question, or what is near. Without a name: the only one that is the asker's own."""
    known = await cohorts.listed(session, asker.member.program_id, asker.team_id)
    if name:
        meant = naming.cohorts_meant(name, known, asker.standing)
        near = naming.near_cohorts(name, known)
        if not meant:
            return naming.nothing_fits(name, near, settings)
    else:
        meant = [one for one in known if one.id in asker.standing.cohort_ids]
        meant = _running(asker, meant) or meant or _running(asker, known) or known
    if len(meant) == 1:
        return await _full(session, asker, meant[0])
    if not meant:
        return views.listing([], asker.standing, now=asker.now, zone=asker.zone, settings=settings)
    return views.which(name, meant, settings)


async def _anything(session: AsyncSession, asker: Asker, words: str, settings: Settings) -> Json:
    """No word that is known: a cohort's name, else people, whatever fits."""
    command = settings.command_cohort
    known = await cohorts.listed(session, asker.member.program_id, asker.team_id)
    meant = naming.cohorts_meant(words, known, asker.standing)
    if len(meant) == 1:
        reply = await _full(session, asker, meant[0])
        return blocks.with_note(views.taken_for(words, f"{command} show"), reply)
    if meant:
        return views.which(words, meant, settings)
    people = await _meant(session, asker, words)
    if people.member_ids and people.whole:
        reply = await _people(session, asker, words, people, settings)
        return blocks.with_note(views.taken_for(words, f"{command} who"), reply)
    return views.not_understood(words, naming.near_cohorts(words, known), settings)


async def _places(
    session: AsyncSession, asker: Asker, *, away_on: date | None = None, **which: Collection[int]
) -> list[Place]:
    """Places with where their people are in Slack, as far as it helps in the asker's workspace."""
    program_id = asker.member.program_id
    return await cohorts.places(session, program_id, team_id=asker.team_id, away_on=away_on, **which)


def _running(asker: Asker, known: list[Listed]) -> list[Listed]:
    return [one for one in known if not standing.is_over(one, asker.now, asker.zone)]


async def _full(session: AsyncSession, asker: Asker, one: Listed, *, all_cities: bool = False) -> Json:
    program_id = asker.member.program_id
    places = await _places(session, asker, cohort_ids=[one.id], away_on=asker.now.date())
    check_ins = await cohorts.next_check_ins(session, program_id, [one.id])
    who, now, zone = asker.standing, asker.now, asker.zone
    seen = standing.visible(who, places, now, zone)
    return cohort_views.full(one, seen, check_ins, who, now=now, zone=zone, all_cities=all_cities)
