"""The prompts of a large round, written a few hundred at a time: the first together with the round, the others in turns of their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy import insert as bulk_insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Asking, Filling, Prompt, Round
from storage.moments import Next

AT_ONCE = 250
MOMENTS = ("due_at", "ends_at", "remind_at")


@dataclass(frozen=True)
class NewPlace:
    """Somebody's asking as it will be written, and the `subject` of its prompt; several may be asked about the same one."""

    subject: str
    seat_id: int
    member_id: int
    due_at: datetime
    ends_at: datetime
    remind_at: datetime | None
    skipped: str | None


async def add(session: AsyncSession, this: Round, places: Sequence[NewPlace], at: datetime) -> None:
    """Write the first of these prompts, and keep the others for their turn."""
    first, *later = list(_parts(places)) or [[]]
    await write(session, this.program_id, this.id, first, {})
    common = {"program_id": this.program_id, "round_id": this.id, "since": at}
    for some in later:  # one by one, so that others have their turn in between
        await session.execute(bulk_insert(Filling), [{**common, "places": [_kept(one) for one in some]}])


async def fill(session: AsyncSession) -> bool:
    """Write the prompts whose turn it is. False when there are none, or somebody else writes them."""
    first = select(Filling.id).order_by(Filling.id).limit(1).with_for_update(skip_locked=True)
    query = delete(Filling).where(Filling.id == first.scalar_subquery()).returning(Filling)
    taken = await session.scalar(
        query.execution_options(across_programs="rounds that are being opened, of all programs")
    )
    if taken is None:
        return False
    await write(session, taken.program_id, taken.round_id, [_given(one) for one in taken.places], {})
    return True


# Since when a round is being opened.
next_due = Next(select(func.min(Filling.since)))


async def write(
    session: AsyncSession, program_id: int, round_id: int, places: Sequence[NewPlace], known: Mapping[str, int]
) -> None:
    """The prompts and askings of these places in two statements; `known` are the ids of prompts that are there already, by subject."""
    groups = _by_subject(places)
    rows = [
        {"program_id": program_id, "round_id": round_id, "subject": subject, "seat_id": group[0].seat_id}
        | {"due_at": min(one.due_at for one in group), "ends_at": max(one.ends_at for one in group)}
        for subject, group in groups.items()
        if subject not in known
    ]
    ids = dict(known)
    if rows:
        added = await session.execute(bulk_insert(Prompt).returning(Prompt.subject, Prompt.id), rows)
        ids |= {row.subject: row.id for row in added}
    askings = [
        {"program_id": program_id, "prompt_id": ids[one.subject], "member_id": one.member_id, "due_at": one.due_at}
        | {"ends_at": one.ends_at, "remind_at": None if one.skipped else one.remind_at, "skipped": one.skipped}
        for one in places
    ]
    if askings:
        await session.execute(bulk_insert(Asking), askings)


def _parts(places: Sequence[NewPlace]) -> Iterator[list[NewPlace]]:
    """A few hundred each; who is asked about the same prompt stays together."""
    part: list[NewPlace] = []
    for group in _by_subject(places).values():
        if part and len(part) + len(group) > AT_ONCE:
            yield part
            part = []
        part = part + group
    if part:
        yield part


def _by_subject(places: Sequence[NewPlace]) -> dict[str, list[NewPlace]]:
    groups: dict[str, list[NewPlace]] = {}
    for one in places:
        groups.setdefault(one.subject, []).append(one)
    return groups


def _kept(one: NewPlace) -> dict[str, Any]:
    return vars(one) | {name: _text(getattr(one, name)) for name in MOMENTS}


def _given(kept: dict[str, Any]) -> NewPlace:
    return NewPlace(**(kept | {name: kept[name] and datetime.fromisoformat(kept[name]) for name in MOMENTS}))


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
