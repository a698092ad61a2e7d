"""When the next of everything is due: a statement for each, or one for many of them."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

OF_ALL = {"across_programs": "the clock asks for what is due next, of all programs"}


@dataclass(frozen=True, eq=False)
class Next:
    """The moment at which something is due next. `query` gives one moment, or None when nothing is to come."""

    query: Select[Any]

    async def __call__(self, session: AsyncSession) -> datetime | None:
        moment: datetime | None = await session.scalar(self.query, execution_options=OF_ALL)
        return moment


async def of_all(session: AsyncSession, some: tuple[Next, ...]) -> dict[Next, datetime | None]:
    """When each of these is due next, in one statement."""
    if not some:
        return {}
    rows = await session.execute(_together(some), execution_options=OF_ALL)
    return {some[place]: moment for place, moment in rows}


@lru_cache(maxsize=8)
def _together(some: tuple[Next, ...]) -> CompoundSelect[Any]:
    """Kept: to make it costs more than to run it."""
    return union_all(*(select(literal(place), one.query.scalar_subquery()) for place, one in enumerate(some)))
