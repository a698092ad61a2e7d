"""Commitments change hands when people do: to who comes after on a seat, and back to who comes back."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import commitments
from storage.commitment_lists import OPEN
from storage.models import Commitment, CommitmentEvent, Member, Seat


async def open_of(session: AsyncSession, program_id: int, member_id: int, seat: Seat | None = None) -> list[Commitment]:
    """What somebody has not closed yet, the most urgent first; with a seat only what belongs to its city in its cohort."""
    query = select(Commitment).where(Commitment.program_id == program_id, Commitment.owner_id == member_id)
    query = query.where(Commitment.state.in_(OPEN)).order_by(Commitment.due_on, Commitment.number)
    if seat is not None:
        query = query.where(Commitment.cohort_id == seat.cohort_id, Commitment.city_id == seat.city_id)
    return list(await session.scalars(query))


async def pass_on(
    session: AsyncSession, before: Member, after: Member, ids: Collection[int], why: str, at: datetime
) -> list[Commitment]:
    """Give these open commitments of one member to another, who is reminded of them as their days ask for it."""
    mine = [one for one in await open_of(session, before.program_id, before.id) if one.id in ids]
    passed: list[Commitment] = []
    for seen in mine:
        values = {"owner_id": after.id, "state": "open" if seen.state == "needs_owner" else seen.state, "nudge_at": at}
        changed = await commitments.change(session, None, seen, "handed", values, at=at, why=why)
        passed += [changed.commitment] if changed else []
    return passed


async def pass_back(
    session: AsyncSession,
    after: Member,
    before: Member,
    ids: Collection[int],
    since: datetime,
    why: str,
    at: datetime,
) -> list[Commitment]:
    """Undo `pass_on` of then for what nobody touched since; the others are given back: they stay with who has them."""
    mine = [one for one in await open_of(session, after.program_id, after.id) if one.id in ids]
    events = await _newest_events(session, after.program_id, [one.id for one in mine])
    kept: list[Commitment] = []
    for seen in mine:
        event = events[seen.id]
        if event.kind != "handed" or event.member_id is not None or event.at < since:
            kept.append(seen)
            continue
        values = {"owner_id": before.id, "state": event.before["state"], "nudge_at": at}
        changed = await commitments.change(session, None, seen, "taken_up", values, at=at, why=why)
        kept += [] if changed else [seen]
    return kept


async def take_up(
    session: AsyncSession, member: Member, since: datetime, why: str, at: datetime, *, seat: Seat | None = None
) -> list[Commitment]:
    """What was let go since a moment, and nobody took over, is the member's again, in the state in which it was."""
    waiting = [one for one in await open_of(session, member.program_id, member.id, seat) if one.state == "needs_owner"]
    events = await _newest_events(session, member.program_id, [one.id for one in waiting])
    taken: list[Commitment] = []
    for seen in waiting:
        event = events[seen.id]
        if event.kind != "let_go" or event.at < since:
            continue
        values = {"state": event.before["state"], "nudge_at": at}
        changed = await commitments.change(session, None, seen, "taken_up", values, at=at, why=why)
        taken += [changed.commitment] if changed else []
    return taken


async def histories(
    session: AsyncSession, program_id: int, ids: Sequence[int]
) -> dict[int, list[tuple[CommitmentEvent, str | None]]]:
    """Each change of several commitments with the name of who made it (None: the bot), by commitment, the oldest first."""
    query = (
        select(CommitmentEvent, Member.name)
        .outerjoin(Member, Member.id == CommitmentEvent.member_id)
        .where(CommitmentEvent.program_id == program_id, CommitmentEvent.commitment_id.in_(ids))
        .order_by(CommitmentEvent.id)
    )
    told: dict[int, list[tuple[CommitmentEvent, str | None]]] = {}
    for event, name in await session.execute(query):
        told.setdefault(event.commitment_id, []).append((event, name))
    return told


async def _newest_events(session: AsyncSession, program_id: int, ids: Sequence[int]) -> dict[int, CommitmentEvent]:
    newest = select(func.max(CommitmentEvent.id)).where(CommitmentEvent.program_id == program_id)
    newest = newest.where(CommitmentEvent.commitment_id.in_(ids)).group_by(CommitmentEvent.commitment_id)
    query = select(CommitmentEvent).where(CommitmentEvent.program_id == program_id, CommitmentEvent.id.in_(newest))
    return {event.commitment_id: event for event in await session.scalars(query)}
