"""What follows an answer, once for each revision and right after it was saved: the confirmation, and what it changes elsewhere."""

import logging
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import due_days, turns
from handlers.blocks import escaped, message
from handlers.checkins import resting
from handlers.checkins.answering import confirming, promised
from handlers.checkins.answering.fields import is_anonymous
from handlers.checkins.summing import closing
from handlers.types import Job, Json, Services
from storage import (
    answers,
    begun,
    blockers,
    commitment_lists,
    commitments,
    deliveries,
    drafts,
    following,
    homes,
    members,
)
from storage.commitment_lists import OPEN, Item
from storage.commitments import Changed
from storage.following import Said
from storage.models import AnswerRevision, Commitment

log = logging.getLogger(__name__)

AT_ONCE = 20
PUT_OFF = timedelta(minutes=1)
KINDS = {"done": "done", "at_risk": "at_risk", "on_track": "on_track", "new_date": "moved"}
STATES = {"at_risk": "at_risk", "on_track": "open"}


async def follow(services: Services) -> int:
    """Carry over the answers that came since; how many. One that cannot be keeps no other waiting, but later ones to the same prompt."""
    now = services.clock.now()

    async def carry_over(revision: AnswerRevision) -> None:
        async with services.sessions.begin() as session:
            said = await following.take(session, revision)
            if said is not None:
                await _carry_over(session, said, now)

    async def put_off(revision: AnswerRevision, error: Exception) -> None:
        log.error("Answer %s cannot be carried over; again in %s", revision.id, PUT_OFF, exc_info=error)
        async with services.sessions.begin() as session:
            await following.put_off(session, revision, now + PUT_OFF)

    async with services.sessions() as session:
        due = await following.due(session, now, AT_ONCE)
    await turns.one_by_one(due, carry_over, put_off)
    return len(due)


FOLLOW = Job("check-ins: follow answers", follow, following.next_due, woken_by=answers.WOKEN)


async def _carry_over(session: AsyncSession, said: Said, now: datetime) -> None:
    member, this = said.member, said.this
    await drafts.drop(session, member, begun.about(this.prompt.id), until=said.revision.at)
    await confirming.confirm(session, said, now)
    await resting.answered(session, member, this, now)
    await homes.want(session, member.program_id, [member.id], now)
    await _blockers(session, said)
    await _still(session, said)
    await _commitments(session, said, now)
    await answers.note_late(session, this, said.revision.at)
    await closing.tell_again(session, this.round, now)


async def _blockers(session: AsyncSession, said: Said) -> None:
    """Raise what is in the way, change it with its answer, and close what the answer does not name any more."""
    for question in said.this.round.questions:
        if question["kind"] != "blocker" or is_anonymous(question):
            continue
        position = question["position"]
        value, before = said.values.get(str(position)), said.earlier.get(str(position))
        if value and value != before:
            topic, text = (value["topic"], value["text"]) if isinstance(value, dict) else ("", value)
            what = (position, topic, text, question["audience"])
            await blockers.raised(session, said.this, said.member, *what, said.revision.at)
        elif before and not value:
            await blockers.withdrawn(session, said.this, said.member, position, said.revision.at)


async def _still(session: AsyncSession, said: Said) -> None:
    """What earlier answers had raised: still in the way, of which no summary says anything new, or gone."""
    before = said.earlier.get("still", {})
    for blocker_id, word in said.values.get("still", {}).items():
        if word == before.get(blocker_id):
            continue
        who, changed = (session, said.member, int(blocker_id), said.revision.at), False
        if word == "gone":
            changed = await blockers.close(*who)
        elif not await blockers.still(*who):
            changed = await blockers.opened_again(*who)
        if changed:
            await closing.tell_of(session, said.member.program_id, int(blocker_id), said.revision.at)


async def _commitments(session: AsyncSession, said: Said, now: datetime) -> None:
    """Change what is said otherwise than before; tell the person what could not be changed."""
    before = {one["number"]: one for one in _about(said, said.earlier)}
    told = [one for one in _about(said, said.values) if before.get(one["number"]) != one]
    if not told:
        return
    numbers = [one["number"] for one in told]
    found = await commitment_lists.of_seat(session, said.member, said.this.prompt.seat_id, numbers)
    items = {item.commitment.number: (item, role) for item, role in found}
    left = []
    for one in told:
        item, role = items.get(one["number"], (None, ""))
        may = item is not None and promised.promise(item, role, said.member.id).asked
        if item is None or not may or not await _change(session, said, item, one, before.get(one["number"]), now):
            left.append(one)
    if left:
        await deliveries.owe(session, said.member, f"answer:{said.revision.id}:left", _left_as_it_was(left), at=now)


def _about(said: Said, values: Json) -> list[Json]:
    positions = [str(one["position"]) for one in said.this.round.questions if one["kind"] == "commitments"]
    return [one for position in positions for one in values.get(position, [])]


async def _change(session: AsyncSession, said: Said, item: Item, one: Json, before: Json | None, now: datetime) -> bool:
    """False when it is closed by now, or changed at this very moment by somebody else."""
    commitment: Commitment | None = item.commitment
    closed_by_it = item.commitment.state not in OPEN and before is not None and one["went"] != "done"
    if closed_by_it:
        commitment = await _taken_back(session, said, item, now)
    if commitment is None:
        return False
    return _is_so(commitment, one) or await _changed(session, said, commitment, one, now) is not None


def _is_so(commitment: Commitment, one: Json) -> bool:
    """Whether somebody did already what is said: there is nothing to change, and nothing to tell."""
    if one["went"] == "new_date":
        return commitment.state in OPEN and commitment.due_on == date.fromisoformat(one["due_on"])
    return one["went"] == "done" and commitment.state == "done"


async def _taken_back(session: AsyncSession, said: Said, item: Item, now: datetime) -> Commitment | None:
    """The commitment as it was before the earlier answer closed it; None when somebody else did, or changed it since."""
    event_id = await commitments.event_of(session, said.member, item.commitment, "done")
    undone = event_id and await commitments.undo(session, said.member, event_id, said.revision.at)
    if not undone:
        return None
    await commitments.remind_at(session, undone, await _next_nudge(session, undone, undone.due_on, now))
    return undone


async def _changed(
    session: AsyncSession, said: Said, commitment: Commitment, one: Json, now: datetime
) -> Changed | None:
    went, at = one["went"], said.revision.at
    why = one["why"] if went == "new_date" else f"in {said.this.check_in.name}"
    values = await _values(session, commitment, one, now)
    changed = await commitments.change(session, said.member, commitment, KINDS[went], values, at=at, why=why)
    if changed is None and went in STATES:
        changed = await commitments.confirm(session, said.member, commitment, KINDS[went], at=at, why=why)
    return changed


async def _values(session: AsyncSession, commitment: Commitment, one: Json, now: datetime) -> dict[str, Any]:
    """What changes; with a new date the owner's next reminder."""
    if one["went"] == "done":
        return {"state": "done", "nudge_at": None}
    if one["went"] != "new_date":
        return {"state": STATES[one["went"]]}
    due_on = date.fromisoformat(one["due_on"])
    return {"due_on": due_on, "nudge_at": await _next_nudge(session, commitment, due_on, now)}


async def _next_nudge(session: AsyncSession, commitment: Commitment, due_on: date, now: datetime) -> datetime | None:
    owner_id = commitment.owner_id
    if owner_id is None:
        return None
    where = (await members.whereabouts(session, commitment.program_id, [owner_id], since=now))[owner_id]
    return due_days.next_nudge(due_on, now, where.time_zone, where.days)


def _left_as_it_was(some: list[Json]) -> Json:
    names = ", ".join(f"#{one['number']} {escaped(one['text'])}" for one in some)
    return message(
        f"Your answer is saved, but I left {names} as it was: it was closed, handed over or changed in the meantime. "
        "If it should be otherwise, change it from its list."
    )
