"""The index of each program, built when it is first asked and again when its practices changed."""

import asyncio
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncSession

from storage import practices
from storage.database import engine_of
from storage.search import index
from storage.search.index import Index

# A cache and nothing else: by database, and in it by program, so that no program is ever answered from another's practices.
_indexes: "WeakKeyDictionary[Engine, dict[int, tuple[int, Index]]]" = WeakKeyDictionary()


async def of(session: AsyncSession, program_id: int) -> Index:
    """The index of a program's published practices. One statement when nothing changed; else it is built in a thread."""
    version = await practices.version(session, program_id)
    programs = _indexes.setdefault(engine_of(session), {})
    kept = programs.get(program_id)
    if kept is not None and kept[0] == version:
        return kept[1]
    rows = await practices.published(session, program_id)
    built = await asyncio.to_thread(index.build, rows)
    programs[program_id] = (version, built)
    return built
