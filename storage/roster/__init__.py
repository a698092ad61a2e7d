"""Imports a roster file: what it would change, then all of it or nothing.

What an import takes is prepared while everybody else goes on; the transaction that writes only sees whether the roster is still the same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import database, programs, roster_imports
from storage.database import Sessions
from storage.models import Member, Program, RosterImport
from storage.roster import file, planning, report, state, undo
from storage.roster.file import Row, Sheet
from storage.roster.state import Snapshot
from storage.roster.wanted import Plan, Wanted

TRIES = 3
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Report:
    """What an import did, or would do, in lines to print; `ok` is False when a line is wrong, and then nothing was changed."""

    ok: bool
    lines: list[str]


@dataclass(frozen=True)
class Source:
    """A file of the command line, to be remembered with what it did."""

    workspace_id: int
    file_name: str


@dataclass(frozen=True)
class Prepared:
    """A plan with its new rows, ready to be written as long as the roster is as it was `seen`."""

    plan: Plan
    seen: Snapshot


async def import_roster(
    sessions: Sessions,
    program_id: int,
    data: bytes | str,
    *,
    dry_run: bool,
    at: datetime,
    source: Source | None = None,
) -> Report:
    """Read a file and take all of it in one transaction, or nothing when a line is wrong or `dry_run` is set.

    With its `source` what it did can be taken back.
    """
    sheet = file.read(data)
    if dry_run or sheet.wrong:
        async with sessions() as session:
            return _report(sheet, await plan_of(session, program_id, sheet, at=at), dry_run=dry_run)

    async def take(session: AsyncSession, prepared: Prepared) -> Report:
        done = _report(sheet, prepared.plan, dry_run=dry_run)
        return await _written(session, prepared.plan, done, source, at) if done.ok else done

    return await write(sessions, program_id, lambda session: prepare(session, program_id, sheet, at=at), take)


async def write(
    sessions: Sessions,
    program_id: int,
    make_ready: Callable[[AsyncSession], Awaitable[Prepared]],
    take: Callable[[AsyncSession, Prepared], Awaitable[Answer]],
) -> Answer:
    """Prepare while others go on, then `take` in one transaction. When the roster changed between the two it is prepared again, the last
    time inside the transaction, so that an import comes to its end whatever others do.
    """
    for _ in range(TRIES):
        async with sessions() as session:
            prepared = await make_ready(session)
        async with sessions.begin() as session:
            await alone(session, program_id)
            if await state.snapshot(session, program_id) == prepared.seen:
                return await take(session, prepared)
    async with sessions.begin() as session:
        await alone(session, program_id)
        return await take(session, await make_ready(session))


async def prepare(
    session: AsyncSession, program_id: int, sheet: Sheet, *, at: datetime, looked_up_at: datetime | None = None
) -> Prepared:
    """What is to be written, new rows included; new people count as looked for in Slack at `looked_up_at`."""
    seen = await state.snapshot(session, program_id)  # first: what changes from here on is noticed
    planned = await plan_of(session, program_id, sheet, at=at)
    await asyncio.to_thread(_make_rows, planned, looked_up_at)
    return Prepared(planned, seen)


async def take_back(sessions: Sessions, program_id: int, *, dry_run: bool, at: datetime) -> Report:
    """Undo the last import, when it came from the command line: all of it, or nothing and the reasons why not."""
    async with sessions.write() as session:
        await alone(session, program_id)
        last = await roster_imports.last(session, program_id)
        report_ = await _take_back(session, last, at)
        await (session.commit() if report_.ok and not dry_run else session.rollback())
    return Report(True, ["This can be undone; nothing was undone yet."]) if dry_run and report_.ok else report_


async def plan_of(session: AsyncSession, program_id: int, sheet: Sheet, *, at: datetime) -> Plan:
    """As `plan`, with the lines that are wrong in themselves."""
    planned = await plan(session, program_id, sheet.rows, at=at)
    planned.wrong = sorted([*sheet.wrong, *planned.wrong], key=lambda one: one.line)
    await asyncio.to_thread(lambda: planned.digest)
    return planned


async def plan(session: AsyncSession, program_id: int, rows: Sequence[Row], *, at: datetime) -> Plan:
    """What these rows would add, change and end; nothing is written."""
    program = await programs.of(session, program_id)
    present = await state.load(session, program_id)
    today = at.astimezone(ZoneInfo(program.time_zone)).date()
    # In a thread: a long file must not keep the bot from answering meanwhile.
    return await asyncio.to_thread(planning.of, present, program_id, rows, today=today, at=at)


async def apply(session: AsyncSession, planned: Plan) -> None:
    """Write a plan that was prepared; refuses one with wrong lines. A statement or two for each table, whatever its size."""
    if planned.wrong:
        raise ValueError(f"a plan with {len(planned.wrong)} wrong lines cannot be applied")
    connection = await session.connection()
    for stage in planned.stages():
        await _change(session, planned.program_id, [wanted for wanted in stage if wanted.changes])
        for table, new in _new(stage).items():
            for row_id, wanted in zip(await database.next_ids(session, table, len(new)), new, strict=True):
                wanted.row |= {"id": row_id} | {column: parent.id for column, parent in wanted.refs.items()}
            await connection.execute(insert(table.__table__), [wanted.row for wanted in new])


async def alone(session: AsyncSession, program_id: int) -> None:
    """Two imports at the same time wait for each other."""
    await session.execute(select(Program.id).where(Program.id == program_id).with_for_update())


async def _written(session: AsyncSession, planned: Plan, done: Report, source: Source | None, at: datetime) -> Report:
    """Write the plan; one of the command line is remembered, and says how it is taken back."""
    await apply(session, planned)
    kept = undo.record(planned) if source else []
    if source is None or not kept:
        return done
    await roster_imports.applied(session, planned.program_id, source.workspace_id, source.file_name, kept, at)
    return replace(done, lines=[*done.lines, "`cohort import roster --undo` takes it back."])


async def _take_back(session: AsyncSession, last: RosterImport | None, at: datetime) -> Report:
    if last is None:
        return Report(False, ["There is no import that could be undone."])
    when = f"{last.file_name} ({at if last.applied_at is None else last.applied_at:%B %d, %Y, %H:%M} UTC)"
    if last.member_id is not None:
        way = "The message about it there has the button “Undo this import”. Nothing was undone."
        return Report(False, [f"The last import, {when}, came through Slack.", way])
    reasons = await undo.take_back(session, last.program_id, last.done)
    if reasons:
        way = "Put that back first, or import a corrected file."
        return Report(False, [f"The import of {when} cannot be undone, and nothing was undone:", *reasons, way])
    await roster_imports.move(session, last, roster_imports.UNDONE, since=(roster_imports.APPLIED,))
    return Report(True, [f"The import of {when} is undone: the roster is as it was before."])


def _make_rows(planned: Plan, looked_up_at: datetime | None) -> None:
    for wanted in planned.added:
        if wanted.table is Member:
            wanted.values["looked_up_at"] = looked_up_at
        wanted.row = wanted.complete(planned.program_id)


def _new(stage: Sequence[Wanted]) -> dict[Any, list[Wanted]]:
    """What is not there yet, by table."""
    new: dict[Any, list[Wanted]] = {}
    for wanted in stage:
        if wanted.found is None:
            new.setdefault(wanted.table, []).append(wanted)
    return new


async def _change(session: AsyncSession, program_id: int, changed: Sequence[Wanted]) -> None:
    """One statement for all rows of a table in which the same columns change."""
    alike: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for wanted in changed:
        values = {f"new_{column}": value for column, (_, value) in wanted.changes.items()}
        alike.setdefault((wanted.table, *wanted.changes), []).append({"row_id": wanted.found.id} | values)
    connection = await session.connection()
    for (model, *columns), rows in alike.items():
        table = model.__table__
        query = update(table).where(table.c.program_id == program_id, table.c.id == bindparam("row_id"))
        await connection.execute(query.values({column: bindparam(f"new_{column}") for column in columns}), rows)


def _report(sheet: Sheet, planned: Plan, *, dry_run: bool) -> Report:
    return Report(not planned.wrong, report.lines(report.summary(planned, len(sheet.rows)), dry_run=dry_run))
