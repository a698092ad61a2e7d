"""When the next of everything is due: a statement for each, or one for many of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CompoundSelect, Select, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

OF_ALL = {"across_programs": "the clock asks for what is due next, of all programs"}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Next:
    """The moment at which something is due next. `query` gives one moment, or None when nothing is to come."""

    query: Select[Any]

    async def __call__(self, session: AsyncSession) -> datetime | None:
        moment: datetime | None = await session.scalar(self.query, execution_options=OF_ALL)
        return moment


@dataclass(frozen=True, eq=False)
class NextDay:
    """The moment at which a day begins on which something is due next, or at which it is `over`.

    `query` gives days, each with the time zone in which it begins.
    """

    query: Select[Any]
    over: bool = False

    async def __call__(self, session: AsyncSession) -> datetime | None:
        return self.first(tuple(row) for row in await session.execute(self.query, execution_options=OF_ALL))

    def first(self, days: Iterable[tuple[date, str]]) -> datetime | None:
        return min((begins(day + ONE_DAY * self.over, zone) for day, zone in days), default=None)


async def of_all(session: AsyncSession, some: tuple[Next | NextDay, ...]) -> dict[Next | NextDay, datetime | None]:
    """When each of these is due next: one statement for the moments, and one for the days."""
    moments = tuple(one for one in some if isinstance(one, Next))
    days = tuple(one for one in some if isinstance(one, NextDay))
    found: dict[Next | NextDay, datetime | None] = {}
    if moments:
        rows = await session.execute(_together(moments), execution_options=OF_ALL)
        found |= {moments[place]: moment for place, moment in rows}
    if days:
        told = (await session.execute(_days_together(days), execution_options=OF_ALL)).all()
        found |= {
            one: one.first((day, zone) for at, day, zone in told if at == place) for place, one in enumerate(days)
        }
    return found


def begins(day: date, zone: str) -> datetime:
    """The moment at which a day begins in a time zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=8)
def _together(some: tuple[Next, ...]) -> CompoundSelect[Any]:
    """Kept: to make it costs more than to run it."""
    return union_all(*(select(literal(place), one.query.scalar_subquery()) for place, one in enumerate(some)))


@lru_cache(maxsize=8)
def _days_together(some: tuple[NextDay, ...]) -> CompoundSelect[Any]:
    queries = [one.query.subquery() for one in some]
    return union_all(*(select(literal(place), *query.c) for place, query in enumerate(queries)))
