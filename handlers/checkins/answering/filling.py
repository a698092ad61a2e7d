"""Fills the form of an answer: reads what it is made of, lays out its steps, and puts together what a finished one says."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.checkins.answering import answer_form, cities, fields, promised, stepping
from handlers.checkins.answering.answer_form import Material
from handlers.checkins.answering.promised import Promise
from handlers.checkins.answering.stepping import Walk
from handlers.types import Json
from storage import answers, begun, commitment_lists, drafts, members
from storage.answers import Open, Values
from storage.begun import Asked
from storage.blockers import Found
from storage.models import Member
from storage.search import library

CLOSED_BY_ME = "done"


async def first_page(session: AsyncSession, asked: Asked, now: datetime, turn: int = 0) -> Json:
    """The form of a prompt, with what was answered or begun before in it."""
    this = asked.this
    material = await _material(session, asked, begun_with(asked), now)
    blockers = list(material.blockers)
    commitments = [number for number, one in material.promises.items() if one.asked]
    answered = this.prompt.answered_at is not None
    steps = stepping.plan(this.round.questions, blockers, commitments, answered=answered)
    walk = Walk(this.prompt.id, await cities.form_key(session, this), steps, turn=turn)
    return answer_form.page(replace(material, since=asked.start.since), walk)


async def blank(session: AsyncSession, member: Member, this: Open, zone: str, now: datetime) -> Material:
    """What a form is made of for a city that said nothing before and owes nothing: that of a preview."""
    return Material(this, {}, None, {}, {}, await _topics(session, member, this), zone, now)


async def page(session: AsyncSession, asked: Asked, walk: Walk, values: Mapping[str, Any], now: datetime) -> Json:
    """Another step of a form that is open."""
    material = await _material(session, asked, {**values, **walk.carried}, now)
    return answer_form.page(material, walk)


async def keep(session: AsyncSession, asked: Asked, values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Remember what was typed so far, but for what is anonymous; what is kept."""
    kept = answer_form.without_anonymous(values, asked.this.round.questions)
    await drafts.keep(session, asked.member, begun.about(asked.this.prompt.id), kept, now)
    return kept


async def finished(session: AsyncSession, asked: Asked, values: Mapping[str, Any]) -> tuple[Values, dict[int, str]]:
    """What a form says that is filled in: the answer as it is kept, and apart from it what is anonymous, by position."""
    said: Values = {}
    anonymous: dict[int, str] = {}
    for question in asked.this.round.questions:
        position, value = question["position"], values.get(f"a{question['position']}")
        if question["kind"] == "commitments":
            value = await _went(session, asked, values, position)
        if not value:
            continue
        if fields.is_anonymous(question):
            anonymous[position] = fields.as_text(value)
        else:
            said[str(position)] = value
    still = {unit[1:]: value for unit, value in values.items() if unit.startswith("s") and value}
    return said | ({"still": still} if still else {}), anonymous


def begun_with(asked: Asked) -> dict[str, Any]:
    """What stands in a form, unit by unit: what was typed and not sent goes before what was answered."""
    return {**opened(asked.start.own), **(asked.start.draft or {})}


def opened(own: Values) -> dict[str, Any]:
    """An answer that was given, unit by unit."""
    units: dict[str, Any] = {f"s{blocker_id}": word for blocker_id, word in own.get("still", {}).items()}
    for position, value in own.items():
        if position != "still" and not _is_about_commitments(value):
            units[f"a{position}"] = value
    for one in _said_of_commitments(own):
        units[f"c{one['number']}"] = one["went"]
        if one.get("due_on"):
            units[f"d{one['number']}"] = {"due_on": one["due_on"], "why": one["why"]}
    return units


async def _material(session: AsyncSession, asked: Asked, values: Mapping[str, Any], now: datetime) -> Material:
    member, this, start = asked.member, asked.this, asked.start
    topics = await _topics(session, member, this, start.practices)
    return Material(
        this=this,
        values=values,
        last=await answers.last_time(session, this),
        blockers={one.blocker.id: one for one in start.blockers if _may_read(one, member)},
        promises=await _promises(session, member, this, start.own),
        topics=topics,
        zone=await members.zone_of(session, member),
        now=now,
    )


async def _topics(session: AsyncSession, member: Member, this: Open, version: int | None = None) -> Sequence[Json]:
    """The topics of the practices, where a question asks what is in the way."""
    if all(one["kind"] != "blocker" for one in this.round.questions):
        return ()
    index = await library.of(session, member.program_id, version)
    return fields.menu_of_topics(Counter(topic for one in index.practices for topic in set(one.topics)))


async def _promises(
    session: AsyncSession, member: Member, this: Open, own: Values, also: Collection[int] = ()
) -> dict[int, Promise]:
    """The commitments of the city by number, with those that this very answer closed, and `also` these."""
    closed = {one["number"] for one in _said_of_commitments(own) if one["went"] == CLOSED_BY_ME}
    found = await commitment_lists.of_seat(session, member, this.prompt.seat_id, closed | set(also))
    return {item.commitment.number: promised.promise(item, role, member.id) for item, role in found}


async def _went(session: AsyncSession, asked: Asked, values: Mapping[str, Any], position: int) -> list[Json]:
    own = asked.start.own
    earlier = own.get(str(position), [])
    told = [int(unit[1:]) for unit, value in values.items() if unit.startswith("c") and value]
    if not earlier and not told:
        return []
    # What somebody closed since the form opened was said all the same.
    return promised.kept(values, earlier, await _promises(session, asked.member, asked.this, own, told))


def _said_of_commitments(own: Values) -> list[Json]:
    return [one for value in own.values() if _is_about_commitments(value) for one in value]


def _is_about_commitments(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _may_read(found: Found, member: Member) -> bool:
    """What only facilitators may read is brought back to whoever said it, not to their colleagues."""
    return found.blocker.audience != "facilitators" or found.blocker.member_id == member.id
