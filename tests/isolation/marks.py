"""A mark in every text of a program, so that any byte of it is known wherever it turns up."""

import json
import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import JSON, String, Table, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Base

Json = dict[str, Any]
MARKS = ("Qxzebra", "Qxyak")
WRITTEN_BY_PEOPLE = {
    "cities": ("name",),
    "cohorts": ("name", "theme"),
    "members": ("name", "title", "expertise"),
    "networks": ("name",),
    "practices": ("title", "summary", "steps", "outcome"),
    "programs": ("name",),
    "workspaces": ("name",),
}
"""The columns that are marked after the cast has entered; what people write later carries their own mark."""


async def put(session: AsyncSession, program_id: int, mark: str) -> None:
    """Add the mark to what the program's people wrote."""
    for name, columns in WRITTEN_BY_PEOPLE.items():
        table = Base.metadata.tables[name]
        key = table.c.id if name == "programs" else table.c.program_id
        for row in (await session.execute(select(table).where(key == program_id))).mappings().all():
            values = {column: _marked(table, column, row[column], mark) for column in columns}
            await session.execute(update(table).where(key == program_id, table.c.id == row["id"]).values(values))


def other(mark: str) -> str:
    return MARKS[1 - MARKS.index(mark)]


def told(said: object, mark: str) -> bool:
    """Whether something that was said holds the mark, however it is written."""
    return mark.casefold() in json.dumps(said, ensure_ascii=False, default=str).casefold()


def as_own(said: Json, mark: str) -> Json:
    """What somebody of another program saw, as somebody of this one would forge it: with their own mark in each text."""
    text = re.sub(other(mark), mark, json.dumps(said), flags=re.IGNORECASE)
    forged: Json = json.loads(text)
    return forged


def _marked(table: Table, column: str, value: Any, mark: str) -> Any:
    if isinstance(table.c[column].type, JSON):
        return _each(value, mark)
    return f"{value} {mark}" if value and isinstance(table.c[column].type, String) else value


def _each(values: Iterable[Any], mark: str) -> list[Any]:
    return [f"{value} {mark}" if isinstance(value, str) else value for value in values]
