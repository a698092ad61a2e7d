"""Commitments: recorded once, changed with an event for each change, undone, and brought to mind."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import programs
from storage.commitment_lists import OPEN
from storage.database import INSERT
from storage.models import Base, Cohort, Commitment, CommitmentEvent, Member, Practice, Program, Seat
from storage.moments import Next

REMINDED = ("open", "at_risk")
TWICE_WITHIN = timedelta(minutes=2)
TABLE = Base.metadata.tables[Commitment.__tablename__]
EVENTS = Base.metadata.tables[CommitmentEvent.__tablename__]
NOTE = insert(EVENTS).returning(EVENTS.c.id)
TWIN = and_(
    TABLE.c.program_id == bindparam("program_id"),
    TABLE.c.created_by == bindparam("created_by"),
    TABLE.c.created_at > bindparam("twice_after"),
    TABLE.c.state.in_(OPEN),
    func.lower(TABLE.c.text) == func.lower(bindparam("text")),
)


@dataclass(frozen=True)
class New:
    """What a new commitment says. `form_key` makes a form that is submitted twice count once."""

    text: str
    due_on: date
    audience: str
    cohort_id: int | None
    city_id: int | None
    nudge_at: datetime | None
    practice_id: int | None = None
    source_url: str | None = None
    form_key: str | None = None


@dataclass(frozen=True)
class Changed:
    """A commitment as it is now, and the event that made it so; `event_id` is None when nothing changed."""

    commitment: Commitment
    event_id: int | None


async def record(session: AsyncSession, member: Member, new: New, at: datetime) -> Changed:
    """Record a commitment of a member, in three statements.

    Nothing changes when this form was submitted before, or when the member recorded the same text within the last two minutes: the
    commitment of then is given back.
    """
    # The number comes first: its row is locked until the commit, so that the look for a twin below sees what a second process wrote.
    number = await programs.next_commitment_number(session, member.program_id)
    given: dict[str, Any] = {
        "program_id": member.program_id,
        "number": number,
        "owner_id": member.id,
        "created_by": member.id,
    }
    given |= {"state": "open", "nudges": 0, "created_at": at, "updated_at": at, **vars(new)}
    found = await session.scalar(_recording(session.get_bind().dialect.name), given | _twin(at))
    if found is None:
        return Changed(await _recorded_before(session, member, new, at), None)
    after = {"state": "open", "text": new.text, "due_on": new.due_on}
    commitment = Commitment(id=found, **given)
    return Changed(commitment, await _note(session, commitment, member, "recorded", after=after, at=at))


async def change(
    session: AsyncSession,
    member: Member | None,
    seen: Commitment,
    kind: str,
    values: dict[str, Any],
    *,
    at: datetime,
    why: str = "",
) -> Changed | None:
    """Change an open commitment that was seen before, in two statements; None when it is not as seen any more, or already as wished.

    What was seen stands as the condition in the UPDATE: a double click, or a second process, changes a commitment once. Who may change
    what is for the rules to say; without a member it was the bot. A new `nudge_at` may be among the values; it is no part of the event.
    """
    told = {name: value for name, value in values.items() if name != "nudge_at"}
    before = {name: getattr(seen, name) for name in told}
    if seen.state not in OPEN or before == told:
        return None
    conditions = [getattr(Commitment, name) == value for name, value in {**before, "state": seen.state}.items()]
    changed = await _update(session, seen, values, at, conditions)
    if changed is None:
        return None
    return Changed(changed, await _note(session, changed, member, kind, before=before, after=told, why=why, at=at))


async def confirm(
    session: AsyncSession, member: Member, seen: Commitment, kind: str, *, at: datetime, why: str = ""
) -> Changed | None:
    """Note that a member says it is as it was (on track, still at risk); None when it is not as seen any more."""
    conditions = (Commitment.state == seen.state, Commitment.updated_at == seen.updated_at)
    changed = await _update(session, seen, {}, at, conditions) if seen.state in OPEN else None
    if changed is None:
        return None
    state = {"state": seen.state}
    return Changed(changed, await _note(session, changed, member, kind, before=state, after=state, why=why, at=at))


async def event_of(session: AsyncSession, member: Member, commitment: Commitment, at: datetime) -> int | None:
    """The event that the member caused at that very moment; None when there is none."""
    query = select(func.max(CommitmentEvent.id)).where(CommitmentEvent.program_id == member.program_id)
    query = query.where(CommitmentEvent.commitment_id == commitment.id, CommitmentEvent.member_id == member.id)
    return await session.scalar(query.where(CommitmentEvent.at == at))


async def undo(session: AsyncSession, member: Member, event_id: int, at: datetime) -> Commitment | None:
    """Take back the member's own change, while it is the last one of that commitment; None when it is not, or was taken back.

    A commitment that was just recorded becomes dropped: its number stays, and nobody is reminded of it. `nudge_at` is left empty.
    """
    query = select(CommitmentEvent).where(
        CommitmentEvent.program_id == member.program_id, CommitmentEvent.id == event_id
    )
    event = await session.scalar(query.where(CommitmentEvent.member_id == member.id, CommitmentEvent.kind != "undone"))
    if event is None:
        return None
    found = await _locked(session, member, event.commitment_id)
    last = select(func.max(CommitmentEvent.id)).where(CommitmentEvent.program_id == member.program_id)
    if found is None or await session.scalar(last.where(CommitmentEvent.commitment_id == found.id)) != event_id:
        return None
    restored = event.before or {"state": "dropped"}
    values = {name: date.fromisoformat(value) if name == "due_on" else value for name, value in restored.items()}
    before = {name: getattr(found, name) for name in restored}
    changed = await _update(session, found, {**values, "nudge_at": None}, at)
    await _note(session, found, member, "undone", before=before, after=restored, at=at)
    return changed


async def let_go(
    session: AsyncSession, member: Member, why: str, at: datetime, *, seat: Seat | None = None
) -> list[Commitment]:
    """The open commitments of a member who cannot keep them any more: they need an owner, and stay with the old one until they have it.

    With a seat only those of its city in its cohort.
    """
    mine = update(Commitment).where(Commitment.program_id == member.program_id, Commitment.owner_id == member.id)
    if seat is not None:
        mine = mine.where(Commitment.cohort_id == seat.cohort_id, Commitment.city_id == seat.city_id)
    released: list[Commitment] = []
    for state in REMINDED:
        query = mine.where(Commitment.state == state).values(state="needs_owner", nudge_at=None, updated_at=at)
        changed = (await session.scalars(query.returning(Commitment))).all()
        for one in sorted(changed, key=lambda one: one.number):
            await _note(
                session, one, None, "let_go", before={"state": state}, after={"state": "needs_owner"}, why=why, at=at
            )
            released.append(one)
    return released


async def remind_at(session: AsyncSession, commitment: Commitment, nudge_at: datetime | None) -> None:
    """Set when the owner is reminded next."""
    query = update(Commitment).where(Commitment.program_id == commitment.program_id, Commitment.id == commitment.id)
    await session.execute(query.values(nudge_at=nudge_at))


async def practice_title(session: AsyncSession, member: Member, practice_id: int) -> str | None:
    """The title of a practice of the member's program."""
    query = select(Practice.title).where(Practice.program_id == member.program_id, Practice.id == practice_id)
    return await session.scalar(query)


# When the next owner is reminded.
next_nudge = Next(select(func.min(Commitment.nudge_at)).where(Commitment.state.in_(REMINDED)))


async def owners_to_nudge(session: AsyncSession, now: datetime, limit: int) -> list[Member]:
    """Whose commitments are due for a reminder, those who wait longest first."""
    query = (
        select(Member)
        .join(Commitment, Commitment.owner_id == Member.id)
        .where(Commitment.nudge_at <= now, Commitment.state.in_(REMINDED))
        .group_by(Member.id)
        .order_by(func.min(Commitment.nudge_at), Member.id)
        .limit(limit)
        .execution_options(across_programs="what is due, whosever it is")
    )
    return list(await session.scalars(query))


async def to_nudge(session: AsyncSession, owner: Member, until: datetime) -> list[tuple[Commitment, date | None]]:
    """The owner's commitments whose reminder falls before `until`, with the day on which the cohort ends."""
    query = (
        select(Commitment, Cohort.ends_on)
        .outerjoin(Cohort, Cohort.id == Commitment.cohort_id)
        .where(Commitment.program_id == owner.program_id, Commitment.owner_id == owner.id)
        .where(Commitment.nudge_at < until, Commitment.state.in_(REMINDED))
        .order_by(Commitment.due_on, Commitment.number)
    )
    return [(commitment, ends_on) for commitment, ends_on in await session.execute(query)]


async def move_nudge_on(session: AsyncSession, commitment: Commitment, nudge_at: datetime | None) -> bool:
    """Set the next reminder, for whoever comes first: False when another process did it, or the person just changed it."""
    query = update(Commitment).where(Commitment.program_id == commitment.program_id, Commitment.id == commitment.id)
    query = query.where(Commitment.nudge_at == commitment.nudge_at, Commitment.updated_at == commitment.updated_at)
    query = query.values(nudge_at=nudge_at, nudges=Commitment.nudges + 1).execution_options(synchronize_session=False)
    return await session.scalar(query.returning(Commitment.id)) is not None


@cache
def _recording(dialect: str) -> Any:
    """INSERT unless there is a twin or the form was submitted before; built once for each database, every `/commit` runs it."""
    names = ["program_id", "number", "owner_id", "created_by", "state", "nudges", "created_at", "updated_at"]
    names += [field.name for field in fields(New)]
    chosen = select(*(bindparam(name, type_=TABLE.c[name].type) for name in names)).where(~exists().where(TWIN))
    query = INSERT[dialect](TABLE).from_select(names, chosen).on_conflict_do_nothing()
    return query.returning(TABLE.c.id)


def _twin(at: datetime) -> dict[str, Any]:
    return {"twice_after": at - TWICE_WITHIN}


async def _recorded_before(session: AsyncSession, member: Member, new: New, at: datetime) -> Commitment:
    """The commitment that was there already; the number taken for the new one is given back while its row is still locked."""
    back = update(Program).where(Program.id == member.program_id)
    await session.execute(back.values(last_commitment_number=Program.last_commitment_number - 1))
    mine = select(Commitment).where(Commitment.program_id == member.program_id)
    by_form = mine.where(Commitment.form_key == new.form_key) if new.form_key else None
    found = await session.scalar(by_form) if by_form is not None else None
    if found is not None:
        return found
    twin = mine.where(TWIN).order_by(Commitment.id).limit(1)
    given: dict[str, Any] = {"program_id": member.program_id, "created_by": member.id, "text": new.text}
    return (await session.scalars(twin, given | _twin(at))).one()


async def _locked(session: AsyncSession, member: Member, commitment_id: int) -> Commitment | None:
    query = select(Commitment).where(Commitment.program_id == member.program_id, Commitment.id == commitment_id)
    return await session.scalar(query.with_for_update().execution_options(populate_existing=True))


async def _update(
    session: AsyncSession, found: Commitment, values: dict[str, Any], at: datetime, conditions: Sequence[Any] = ()
) -> Commitment | None:
    closed_at = None if values.get("state", found.state) in OPEN else at
    query = update(Commitment).where(Commitment.program_id == found.program_id, Commitment.id == found.id, *conditions)
    query = query.values(**values, updated_at=at, closed_at=closed_at).returning(Commitment)
    query = query.execution_options(populate_existing=True, synchronize_session=False)
    return (await session.scalars(query)).one_or_none()


async def _note(
    session: AsyncSession,
    commitment: Commitment,
    member: Member | None,
    kind: str,
    *,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    why: str = "",
) -> int:
    """Write an event; its id."""
    event = {
        "program_id": commitment.program_id,
        "commitment_id": commitment.id,
        "member_id": member.id if member else None,
        "kind": kind,
        "before": {name: _json(value) for name, value in (before or {}).items()},
        "after": {name: _json(value) for name, value in (after or {}).items()},
        "why": why,
        "at": at,
    }
    event_id: int = (await session.scalars(NOTE, event)).one()
    return event_id


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
