"""Puts the summaries of a round together and owes them: once when it closes, and as changes of the messages when something in it changes.

A job does it: looking for practices and drawing take longer than a transaction, or a listener, may.
"""

import asyncio
import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar
from handlers.blocks import escaped, message, section
from handlers.calendar import Hours
from handlers.checkins import absent, looking_after, rules, terms, wording
from handlers.checkins.blocker_views import Care
from handlers.checkins.summing import drawing, packing, summaries, trends
from handlers.checkins.summing.summaries import Brought
from handlers.types import Json, Services, Settings
from storage import answers, blockers, checkins, cohort_channels, deliveries, members, summing
from storage.cohort_channels import Spot
from storage.deliveries import Priority
from storage.models import CheckIn, Member, Practice, Round
from storage.search import fitting, library
from storage.search.index import Index

ROUNDS = 5
NOTHING_MORE = message("What stood here was changed: the summary above, and what follows it, say all there is.")


@dataclass(frozen=True)
class Prepared:
    """What takes its time: the practices for each blocker by (topic, text), and the pictures to send, `True` for the channel."""

    practices: Mapping[tuple[str, str], Sequence[Practice]]
    pictures: Mapping[bool, Json]


async def sum_up(services: Services) -> int:
    """Sum up the rounds that closed, and those in which something changed afterwards."""
    now = services.clock.now()
    async with services.sessions() as session:
        due = await summing.due(session, now, ROUNDS)
    for this in due:
        prepared = await _prepare(services, this, now)
        async with services.sessions.begin() as session:
            claimed = await summing.claim(session, this)
            if claimed is not None:
                await _tell(session, claimed, prepared, services.settings, now)
    return len(due)


async def tell_again(session: AsyncSession, this: Round, now: datetime) -> None:
    """After a late answer or an edit: change the summaries of a round that is closed."""
    await summing.again(session, this.program_id, this.id, now)


async def tell_of(session: AsyncSession, program_id: int, blocker_id: int, now: datetime) -> None:
    """What became of a blocker is said in the summary of the round that raised it."""
    found = await blockers.of_id(session, program_id, blocker_id)
    if found is not None:
        await summing.again_for(session, found.blocker, now)


async def told_in(session: AsyncSession, check_in: CheckIn, team_id: str | None) -> str:
    """The channels in which a check-in is summed up, for somebody who reads it in this workspace."""
    return wording.told_in(await cohort_channels.of_check_in(session, check_in), team_id)


async def _prepare(services: Services, this: Round, now: datetime) -> Prepared:
    """Read what is needed, then look and draw in threads, so that nobody waits meanwhile."""
    async with services.sessions() as session:
        rows = await blockers.of_round(session, this)
        index = await library.of(session, this.program_id) if rows else None
        pasts = await summing.history(session, this, trends.ROUNDS) if this.closed_at else []
        found = await checkins.of_id(session, this.program_id, this.check_in_id)
        keys = {True: [key for key, _ in await _channels(session, found.check_in, this)]}
        keys[False] = [key for key, _ in await _facilitators(session, found.check_in, this)]
        known = await deliveries.newest(session, this.program_id, [_picture(one) for one in keys[True] + keys[False]])
    wanted = {(row.blocker.topic, row.blocker.text) for row in rows}
    practices = await asyncio.to_thread(_practices, index, wanted) if index else {}
    today, pictures = calendar.today(found.zone, now), {}
    for public, parents in keys.items():
        shown = trends.of(this.questions, pasts, public=public)
        said = trends.in_words(shown, today)
        if shown and any(_alt_text(known.get(_picture(key), {})) != said for key in parents):
            drawn = await asyncio.to_thread(drawing.picture, shown, today)
            pictures[public] = _with_picture(drawn, said, trends.in_short(shown, today))
    return Prepared(practices, pictures)


async def _tell(session: AsyncSession, this: Round, prepared: Prepared, settings: Settings, now: datetime) -> None:
    """Owe what is new in the summaries, in the cohort's next working hour; what stands there already is changed."""
    found = await checkins.of_id(session, this.program_id, this.check_in_id)
    care = Care(await blockers.of_round(session, this), prepared.practices)
    await looking_after.tell(session, care.rows, now)
    if this.closed_at is None:
        return
    if any((row.blocker.topic, row.blocker.text) not in prepared.practices for row in care.rows):
        await summing.again(session, this.program_id, this.id, now)  # a blocker that came meanwhile
    given, people = await answers.of_round(session, this), await absent.standings(session, this)
    pasts = await summing.history(session, this, trends.ROUNDS)
    brought = Brought(found, this, given, people, calendar.today(found.zone, now), pasts, care)
    hours = Hours(found.check_in.quiet_from, found.check_in.quiet_until)
    at = rules.summary_at(now, found.zone, any_hour=found.check_in.any_hour, hours=hours)
    if not summaries.nobody_to_tell(given, people):
        public = summaries.for_channel(brought, settings)
        for key, spot in await _channels(session, found.check_in, this):
            place = (this.program_id, spot.workspace_id, spot.channel)
            if not await _changed(session, this, key, public[0], now):
                await deliveries.owe_channel(session, *place, key, public[0], at=at)
            await _continue(session, this, key, public[1:], prepared.pictures.get(True), now)
    private = summaries.for_facilitators(brought)
    if private:
        # Nobody asked for it at this moment: it waits for the facilitator's own working hours and counts.
        for key, person in await _facilitators(session, found.check_in, this):
            if not await _changed(session, this, key, private[0], now):
                await deliveries.owe(
                    session, person, key, private[0], at=at, terms=terms.of(found.check_in, Priority.DIGEST)
                )
            await _continue(session, this, key, private[1:], prepared.pictures.get(False), now)


async def _changed(session: AsyncSession, this: Round, key: str, wanted: Json, now: datetime) -> bool:
    """Change a message that was owed before, when it is to say something else now; False when there is none."""
    stands = (await deliveries.newest(session, this.program_id, [key])).get(key)
    if stands is not None and stands != wanted:
        await deliveries.owe_update(session, this.program_id, key, wanted, at=now)
    return stands is not None


async def _continue(
    session: AsyncSession, this: Round, parent: str, replies: Sequence[Json], picture: Json | None, now: datetime
) -> None:
    """The thread: the picture first, then what did not fit, in order. A reply that has become one too many says so."""
    program_id = this.program_id
    if picture and not await deliveries.owe_reply(session, program_id, parent, _picture(parent), picture, at=now):
        await deliveries.owe_update(session, program_id, _picture(parent), picture, at=now)
    keys = [f"{parent}:thread:{number}" for number in range(1, packing.REPLIES + 1)]
    stand = await deliveries.newest(session, program_id, keys)
    for key, wanted in zip(keys, [*replies, *[NOTHING_MORE] * (len(keys) - len(replies))], strict=True):
        if key in stand and stand[key] != wanted:
            await deliveries.owe_update(session, program_id, key, wanted, at=now)
        elif key not in stand and wanted is not NOTHING_MORE:
            await deliveries.owe_reply(session, program_id, parent, key, wanted, at=now)


async def _channels(session: AsyncSession, check_in: CheckIn, this: Round) -> list[tuple[str, Spot]]:
    """Its own channel, and the cohort's in the other workspaces, each with the key of what is said there."""
    spots = await cohort_channels.of_check_in(session, check_in)
    own = check_in.workspace_id
    start = f"summary:{this.id}"
    return [(start if one.workspace_id == own else f"{start}:in:{one.workspace_id}", one) for one in spots]


async def _facilitators(session: AsyncSession, check_in: CheckIn, this: Round) -> list[tuple[str, Member]]:
    people = await members.facilitators(session, this.program_id, check_in.cohort_id)
    return [(f"summary:{this.id}:{person.id}", person) for person in people]


def _picture(parent: str) -> str:
    return f"{parent}:picture"


def _alt_text(payload: Json) -> str | None:
    return (payload.get("file") or {}).get("alt_text")


def _with_picture(drawn: bytes, alt_text: str, in_short: str) -> Json:
    file = {"name": "rounds.png", "picture": base64.b64encode(drawn).decode(), "alt_text": alt_text}
    return {**message(escaped(in_short), [section(escaped(in_short))]), "file": file}


def _practices(index: Index, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Practice]]:
    return {(topic, text): fitting.for_blocker(index, topic, text) for topic, text in wanted}
