"""Check-ins of the cast's cohort, as rows."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers import cadence
from storage import programs
from storage.models import CheckIn, Question
from tests import cast

A_WEEK = 7


async def plan(session: AsyncSession, count: int, *, in_days: int) -> tuple[int, list[int]]:
    """The program, and so many new weekly check-ins that ask at any hour, the next time on that day: in the past it is due now."""
    workspace = await programs.by_team(session, cast.TEAM)
    assert workspace
    now = datetime.now(UTC)
    day = (now + timedelta(days=in_days)).date()
    common = {"program_id": workspace.program_id, "cohort_id": 1, "created_by": 1, "created_at": now, "at": time(0)}
    common |= {"rule": cadence.weekly(day, 1, [day.weekday()]).rule}
    common |= {"window_hours": A_WEEK * 24, "any_hour": True}
    common |= {"next_on": day, "next_at": now + timedelta(days=max(0, in_days))}
    known = select(func.coalesce(func.max(CheckIn.number), 0)).where(CheckIn.program_id == workspace.program_id)
    first = (await session.scalars(known)).one() + 1
    rows = [{**common, "number": number, "name": f"Pulse {number}"} for number in range(first, first + count)]
    ids = list(await session.scalars(insert(CheckIn).returning(CheckIn.id, sort_by_parameter_order=True), rows))
    asked = {"program_id": workspace.program_id, "position": 0, "kind": "text", "audience": "cohort"}
    await session.execute(insert(Question), [{**asked, "check_in_id": one, "text": "What moved?"} for one in ids])
    return workspace.program_id, ids
