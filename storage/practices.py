"""Practices: the starter library and imports go in, the published ones come out, and questions without an answer are kept."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import practice_file
from storage.database import Sessions
from storage.models import Gap, Practice, Program
from storage.practice_file import Entry

ASKED_AGAIN = timedelta(days=1)
GAP_LIMIT = 500  # letters of a question that are kept


@dataclass(frozen=True)
class Report:
    """What an import did, line by line; when it is not `ok`, nothing was changed and the lines say what is wrong."""

    lines: list[str]
    ok: bool


@dataclass(frozen=True)
class Question:
    """A question without an answer: how often it was asked, and when last."""

    text: str
    times: int
    last_at: datetime


async def starter() -> tuple[Entry, ...]:
    """The practices that come with the program. Reading them takes a while, the first time: do it before a transaction begins."""
    return await asyncio.to_thread(_starter)


async def load_starter(session: AsyncSession, program_id: int, at: datetime) -> int:
    """Add the practices that come with the program and are not there yet; how many. What was changed here stays as it is."""
    entries = await starter()
    await _lock(session, program_id)
    known = await _slugs(session, program_id)
    new = [entry for entry in entries if entry.slug not in known]
    await _add(session, program_id, new, at)
    return len(new)


async def import_practices(sessions: Sessions, program_id: int, data: bytes, at: datetime) -> Report:
    """Add and update practices from a YAML file, all or nothing; entries are known by their id. Absence from the file ends nothing."""
    reading = await asyncio.to_thread(practice_file.read, data)
    if reading.problems:
        return Report([*reading.problems, "Nothing was imported."], ok=False)
    async with sessions.begin() as session:
        await _lock(session, program_id)
        rows = await session.scalars(select(Practice).where(Practice.program_id == program_id))
        known = {row.slug: row for row in rows}
        new = [entry for entry in reading.entries if entry.slug not in known]
        changed = [entry for entry in reading.entries if entry.slug in known and entry.differs(known[entry.slug])]
        for entry in changed:
            query = update(Practice).where(Practice.program_id == program_id, Practice.slug == entry.slug)
            await session.execute(query.values(updated_at=at, **asdict(entry)))
        await _add(session, program_id, new, at, changed=len(changed))
    same = len(reading.entries) - len(new) - len(changed)
    return Report([*_told("Added", new), *_told("Changed", changed), f"As before: {same}."], ok=True)


async def version(session: AsyncSession, program_id: int) -> int:
    """Grows with every change of the program's practices."""
    return (await session.scalars(select(Program.practices_version).where(Program.id == program_id))).one()


async def published(session: AsyncSession, program_id: int) -> list[Practice]:
    query = select(Practice).where(Practice.program_id == program_id, Practice.status == "published")
    return list(await session.scalars(query.order_by(Practice.number)))


async def find(session: AsyncSession, program_id: int, number: int) -> Practice | None:
    """The published practice with this number."""
    query = select(Practice).where(Practice.program_id == program_id, Practice.number == number)
    return await session.scalar(query.where(Practice.status == "published"))


async def by_id(session: AsyncSession, program_id: int, practice_id: int) -> Practice | None:
    """A practice whatever its status: a message from last month may still show one that was retired."""
    query = select(Practice).where(Practice.program_id == program_id, Practice.id == practice_id)
    return await session.scalar(query)


async def note_gap(session: AsyncSession, program_id: int, member_id: int, question: str, at: datetime) -> None:
    """Keep a question that found nothing. The same one by the same person within a day is kept once."""
    question = question[:GAP_LIMIT]
    again = select(Gap.id).where(Gap.program_id == program_id, Gap.member_id == member_id, Gap.question == question)
    if await session.scalar(again.where(Gap.at > at - ASKED_AGAIN).limit(1)) is None:
        session.add(Gap(program_id=program_id, member_id=member_id, question=question, at=at))


async def gaps(session: AsyncSession, program_id: int, limit: int) -> list[Question]:
    """The questions that found nothing, those asked last first."""
    last = func.max(Gap.at)
    query = select(func.min(Gap.question), func.count(), last).where(Gap.program_id == program_id)
    rows = await session.execute(query.group_by(func.lower(Gap.question)).order_by(last.desc()).limit(limit))
    return [Question(text, times, at) for text, times, at in rows]


@cache
def _starter() -> tuple[Entry, ...]:
    data = resources.files("storage").joinpath("library/practices.yaml").read_bytes()
    return tuple(practice_file.read(data).entries)


async def _lock(session: AsyncSession, program_id: int) -> None:
    """Two processes that load or import at the same time do so one after the other."""
    (await session.scalars(select(Program.id).where(Program.id == program_id).with_for_update(key_share=True))).one()


async def _slugs(session: AsyncSession, program_id: int) -> set[str]:
    return set(await session.scalars(select(Practice.slug).where(Practice.program_id == program_id)))


async def _add(session: AsyncSession, program_id: int, new: Sequence[Entry], at: datetime, changed: int = 0) -> None:
    """Insert entries with the program's next numbers, and tell that the practices changed."""
    if not new and not changed:
        return
    query = update(Program).where(Program.id == program_id)
    query = query.values(
        last_practice_number=Program.last_practice_number + len(new), practices_version=Program.practices_version + 1
    )
    last = (await session.scalars(query.returning(Program.last_practice_number))).one()
    first = last - len(new) + 1
    session.add_all(entry.row(program_id, number, at) for number, entry in enumerate(new, start=first))
    await session.flush()


def _told(verb: str, entries: Sequence[Entry]) -> list[str]:
    if not entries:
        return []
    names = ", ".join(entry.slug for entry in entries[:5])
    rest = f" and {len(entries) - 5} more" if len(entries) > 5 else ""
    return [f"{verb} {len(entries)}: {names}{rest}."]
