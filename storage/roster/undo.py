"""Notes what an import did, and takes all of it back as long as nobody changed or used any of it since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import Moment
from storage.models import Delivery, Identity, IdentityClaim, Member, Owed
from storage.models.base import Base
from storage.roster.wanted import Plan, Wanted

TABLES = Base.metadata.tables
CHILDREN_FIRST = ("delegates", "facilitators", "seats", "cohorts", "cities", "members", "networks")
FOUND_OUT = {"members": frozenset({"looked_up_at", "slack_time_zone"})}
"""What the bot finds out by itself after an import: nobody's change."""
GO_ALONG = frozenset({"identities", "identity_claims", "owed"})
NOUNS = {
    "check_ins": "a check-in",
    "prompts": "a check-in that was asked",
    "answers": "an answer to a check-in",
    "delegates": "people on it that came otherwise",
    "facilitators": "a facilitator who came otherwise",
    "seats": "a city that came otherwise",
    "cohorts": "a cohort that came otherwise",
    "cohort_channels": "a channel",
    "roster_imports": "an import of their own",
    "seat_changes": "a change of seats by hand",
    "link_codes": "a link code that they made",
}


@dataclass(frozen=True)
class Row:
    """A row that an import added (`values` are all it said) or changed (`before` and `values` of the changed columns)."""

    table: str
    id: int
    label: str
    values: dict[str, Any]
    before: dict[str, Any] | None = None


def record(planned: Plan) -> list[dict[str, Any]]:
    """What was done by a plan just applied, to be kept as JSON."""
    everything = planned.everything()
    rows = [_changed(wanted) for wanted in everything if wanted.changes]
    rows += [_new(wanted) for wanted in everything if wanted.found is None]
    return [dict(vars(row)) for row in rows]  # `asdict` would copy every value of thousands of rows, while all wait


async def take_back(session: AsyncSession, program_id: int, kept: Sequence[dict[str, Any]]) -> list[str]:
    """Undo what was recorded; or nothing, and the reasons why not, a sentence's beginning each."""
    rows = [Row(**one) for one in kept]
    reasons = [*await _changes_since(session, program_id, rows), *await _uses_since(session, program_id, rows)]
    if reasons:
        return reasons
    for row in rows:
        if row.before is not None:
            table = TABLES[row.table]
            values = {name: _value(table.c[name], value) for name, value in row.before.items()}
            await session.execute(_of(update(table), table, program_id, [row.id]).values(values))
    await _forget_in_slack(session, program_id, _added(rows).get("members", {}))
    for name in CHILDREN_FIRST:
        ids = list(_added(rows).get(name, {}))
        if ids:
            await session.execute(_of(delete(TABLES[name]), TABLES[name], program_id, ids))
    return []


async def _changes_since(session: AsyncSession, program_id: int, rows: Sequence[Row]) -> list[str]:
    reasons = []
    for name in dict.fromkeys(row.table for row in rows):
        mine = {row.id: row for row in rows if row.table == name}
        present = {found["id"]: _said(name, found) for found in await _present(session, program_id, name, mine)}
        for row_id, row in mine.items():
            now = present.get(row_id)
            if now is None:
                reasons.append(f"{row.label} is not there any more")
                continue
            differ = [column.replace("_", " ") for column, value in row.values.items() if now.get(column) != value]
            if differ:
                reasons.append(f"{row.label} was changed since ({', '.join(differ)})")
    return reasons


async def _uses_since(session: AsyncSession, program_id: int, rows: Sequence[Row]) -> list[str]:
    """Whatever points to what the import added and did not come with it."""
    added = _added(rows)
    reasons = []
    for table in TABLES.values():
        if table.name in GO_ALONG or "program_id" not in table.c:
            continue
        for key in table.foreign_keys:
            labels = added.get(key.column.table.name, {})
            if not labels:
                continue
            query = select(key.parent).distinct().where(table.c.program_id == program_id, key.parent.in_(list(labels)))
            if table.name in added:
                query = query.where(table.c.id.not_in(list(added[table.name])))
            noun = NOUNS.get(table.name, table.name.replace("_", " "))
            reasons += [f"{labels[used]} has {noun}" for used in await session.scalars(query)]
    return list(dict.fromkeys(reasons))


async def _forget_in_slack(session: AsyncSession, program_id: int, members: Iterable[int]) -> None:
    """Who they are in Slack goes along; what was said to them stays said, what was not said yet is not sent."""
    ids = list(members)
    theirs = select(Owed.delivery_id).where(Owed.program_id == program_id, Owed.member_id.in_(ids))
    waiting = update(Delivery).where(Delivery.program_id == program_id, Delivery.id.in_(theirs))
    waiting = waiting.where(Delivery.settled_at.is_(None), Delivery.tries == 0)
    await session.execute(waiting.values(settled_at=Delivery.due_at, outcome="withdrawn"))
    owed = update(Owed).where(Owed.program_id == program_id, Owed.member_id.in_(ids))
    await session.execute(owed.values(member_id=None))
    for table in (IdentityClaim, Identity):
        await session.execute(delete(table).where(table.program_id == program_id, table.member_id.in_(ids)))


def members_of(kept: Iterable[dict[str, Any]]) -> list[int]:
    """The ids of the people whom an import added."""
    return [row["id"] for row in kept if row["table"] == Member.__tablename__ and row["before"] is None]


async def _present(session: AsyncSession, program_id: int, name: str, ids: Iterable[int]) -> list[dict[str, Any]]:
    table = TABLES[name]
    found = await session.execute(_of(select(table), table, program_id, list(ids)))
    return [dict(row) for row in found.mappings()]


def _of(query: Any, table: Table, program_id: int, ids: list[int]) -> Any:
    return query.where(table.c.program_id == program_id, table.c.id.in_(ids))


def _added(rows: Iterable[Row]) -> dict[str, dict[int, str]]:
    """Table to id to label, of what was added."""
    added: dict[str, dict[int, str]] = {}
    for row in rows:
        if row.before is None:
            added.setdefault(row.table, {})[row.id] = row.label
    return added


def _new(wanted: Wanted) -> Row:
    name = wanted.table.__tablename__
    return Row(name, wanted.id, wanted.label, _said(name, wanted.row))


def _changed(wanted: Wanted) -> Row:
    name = wanted.table.__tablename__
    pairs = {column: pair for column, pair in wanted.changes.items() if column not in FOUND_OUT.get(name, ())}
    before = {column: _plain(old) for column, (old, _) in pairs.items()}
    return Row(name, wanted.found.id, wanted.label, {column: _plain(new) for column, (_, new) in pairs.items()}, before)


def _said(name: str, found: dict[str, Any]) -> dict[str, Any]:
    return {column: _plain(value) for column, value in found.items() if column not in FOUND_OUT.get(name, ())}


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def _value(column: Column[Any], kept: Any) -> Any:
    if isinstance(kept, str) and isinstance(column.type, Moment):
        return datetime.fromisoformat(kept)
    return date.fromisoformat(kept) if isinstance(kept, str) and isinstance(column.type, Date) else kept
