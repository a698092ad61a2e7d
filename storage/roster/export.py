"""Writes a roster file: the columns and lines that an import of the same file would find unchanged."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, func, literal, null, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import City, Cohort, Delegate, Facilitator, Identity, Member, Network, Program, Seat, Workspace
from storage.roster import text
from storage.roster.file import COLUMNS

MARK = "\ufeff"  # by it a spreadsheet knows that the accents are UTF-8


async def of(session: AsyncSession, program_id: int, cohort_ids: Iterable[int] | None) -> tuple[bytes, int]:
    """The file, and how many lines it has, of these cohorts; None: of the whole program, with those who facilitate it."""
    chosen = None if cohort_ids is None else list(cohort_ids)
    found = [
        *await session.execute(_facilitators(program_id, chosen)),
        *await session.execute(_delegates(program_id, chosen)),
    ]
    rows = sorted((_cells(row) for row in found), key=lambda cells: [cell.casefold() for cell in cells])
    return (MARK + text.written([COLUMNS, *rows])).encode(), len(rows)


def _delegates(program_id: int, cohort_ids: list[int] | None) -> Select[Any]:
    query = (
        select(*_place(City.name, City.state), *_person(program_id), Delegate.role, *_days(Delegate), null())
        .join_from(Delegate, Seat, Seat.id == Delegate.seat_id)
        .join(City, City.id == Seat.city_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .join(Network, Network.id == Cohort.network_id)
        .join(Member, Member.id == Delegate.member_id)
        .join(Program, Program.id == Delegate.program_id)
        .where(Delegate.program_id == program_id)
    )
    return query if cohort_ids is None else query.where(Seat.cohort_id.in_(cohort_ids))


def _facilitators(program_id: int, cohort_ids: list[int] | None) -> Select[Any]:
    nowhere = (literal(""), literal(""))
    role = literal("facilitator")
    query = (
        select(*_place(*nowhere), *_person(program_id), role, *_days(Facilitator), Facilitator.ended_at)
        .join_from(Facilitator, Member, Member.id == Facilitator.member_id)
        .join(Program, Program.id == Facilitator.program_id)
        .outerjoin(Cohort, Cohort.id == Facilitator.cohort_id)
        .outerjoin(Network, Network.id == Cohort.network_id)
        .where(Facilitator.program_id == program_id)
    )
    return query if cohort_ids is None else query.where(Facilitator.cohort_id.in_(cohort_ids))


def _place(city: Any, state: Any) -> tuple[Any, ...]:
    return Network.name, Cohort.name, city, state


def _person(program_id: int) -> tuple[Any, ...]:
    """With the id that the roster gives; Slack's own, of the program's own workspace, only where nothing else tells who this is."""
    told = select(func.min(Identity.user_id)).join(Workspace, Workspace.id == Identity.workspace_id)
    told = told.where(Identity.program_id == program_id, Identity.member_id == Member.id, Workspace.linked_at.is_(None))
    nameless = and_(Member.email.is_(None), or_(Member.roster_slack_id.is_(None), Member.roster_slack_id == ""))
    slack_id = func.coalesce(Member.roster_slack_id, told.where(nameless).scalar_subquery())
    return Member.name, Member.email, slack_id, Member.title, Member.expertise, Member.roster_time_zone


def _days(place: type[Delegate] | type[Facilitator]) -> tuple[Any, ...]:
    return place.since_on, place.until_on, Program.time_zone


def _cells(row: Any) -> list[str]:
    network, cohort, city, state, name, email, slack_id, title, expertise, zone, role, since, until, local, ended = row
    last: date | None = until or _day_of(ended, local)
    cells = (network, cohort, city, state, name, email, slack_id, role, title, "; ".join(expertise), zone, since, last)
    return [str(cell or "") for cell in cells]


def _day_of(moment: datetime | None, zone: str) -> date | None:
    """A facilitator who was ended without a last day had it on that date."""
    return moment.astimezone(ZoneInfo(zone)).date() if moment else None
