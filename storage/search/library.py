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


async def of(session: AsyncSession, program_id: int, version: int | None = None) -> Index:
    """The index of a program's published practices; else than when nothing changed it is built in a thread.

    One statement to see whether anything did; none for who knows the `version` of the practices.
    """
    version = await practices.version(session, program_id) if version is None else version
    programs = _indexes.setdefault(engine_of(session), {})
    kept = programs.get(program_id)
    if kept is not None and kept[0] == version:
        return kept[1]
    rows = await practices.published(session, program_id)
    built = await asyncio.to_thread(index.build, rows)
    programs[program_id] = (version, built)
    return built
