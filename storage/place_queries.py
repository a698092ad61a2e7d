"""The statements that read places: seats with their people, and who facilitates. To make one costs more than to run it: they are kept."""

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from storage.models import (
    Absence,
    City,
    Cohort,
    Delegate,
    Facilitator,
    Identity,
    Member,
    Network,
    Program,
    Seat,
    Workspace,
)

PERSON = (Member.id, Member.name, Member.title, Member.expertise, Member.email, Member.deactivated_at)


@cache
def own() -> CompoundSelect[Any]:
    """Those of one `member`, with the time zones of cohort and program at the end."""
    program_id: Any = bindparam("program")
    seats = _seats(program_id).where(Delegate.member_id == bindparam("member"))
    runs = _facilitators(program_id).where(Facilitator.member_id == bindparam("member"))
    cohort_zone, zone = Cohort.time_zone, select(Program.time_zone).where(Program.id == program_id).scalar_subquery()
    return union_all(seats.add_columns(cohort_zone, zone), runs.add_columns(cohort_zone, zone))


@cache
def places(*, of_cohorts: bool, of_members: bool, in_slack: bool, away: bool) -> CompoundSelect[Any]:
    """Those of some `cohorts` or `members`; `in_slack`: with where people are, seen from the workspace `team`."""
    program_id: Any = bindparam("program")
    seats, runs = _seats(program_id, in_slack=in_slack), _facilitators(program_id, in_slack=in_slack)
    if of_cohorts:
        cohort_ids: Any = bindparam("cohorts", expanding=True)
        seats = seats.where(Seat.cohort_id.in_(cohort_ids))
        runs = runs.where(or_(Facilitator.cohort_id.is_(None), Facilitator.cohort_id.in_(cohort_ids)))
    if of_members:
        member_ids: Any = bindparam("members", expanding=True)
        seats = seats.where(Delegate.member_id.in_(member_ids))
        runs = runs.where(Facilitator.member_id.in_(member_ids))
    if away:
        seats = seats.outerjoin(Absence, _around()).add_columns(Absence.first_on, Absence.last_on)
        runs = runs.add_columns(cast(null(), Date), cast(null(), Date))
    return union_all(seats, runs)


def _in_slack(program_id: Any, *, told: bool) -> tuple[Any, Any]:
    """Who a member is in the workspace `team`, and the name of another one where they are somebody; None and None untold."""
    if not told:
        return null(), null()
    known = select(func.min(Identity.user_id)).join(Workspace, Workspace.id == Identity.workspace_id)
    known = known.where(Identity.program_id == program_id, Identity.member_id == Member.id)
    elsewhere = known.with_only_columns(func.min(Workspace.name), maintain_column_froms=True)
    here, there = (
        known.where(Workspace.team_id == bindparam("team")),
        elsewhere.where(Workspace.team_id != bindparam("team")),
    )
    return here.scalar_subquery(), there.scalar_subquery()


def _seats(program_id: Any, *, in_slack: bool = False) -> Select[Any]:
    """Each delegate of each seat, and a row without a member for an empty seat."""
    return (
        select(Delegate.id, *PERSON, *_in_slack(program_id, told=in_slack), Delegate.role, Seat.cohort_id)
        .add_columns(Cohort.name, Network.name)
        .add_columns(Cohort.ends_on, City.name, City.state, City.time_zone, Delegate.since_on, Delegate.until_on)
        .add_columns(false())
        .select_from(Seat)
        .join(City, City.id == Seat.city_id)
        .join(Cohort, Cohort.id == Seat.cohort_id)
        .join(Network, Network.id == Cohort.network_id)
        .outerjoin(Delegate, Delegate.seat_id == Seat.id)
        .outerjoin(Member, Member.id == Delegate.member_id)
        .where(Seat.program_id == program_id)
    )


def _facilitators(program_id: Any, *, in_slack: bool = False) -> Select[Any]:
    slack = _in_slack(program_id, told=in_slack)
    return (
        select(Facilitator.id, *PERSON, *slack, literal("facilitator"), Facilitator.cohort_id)
        .add_columns(func.coalesce(Cohort.name, ""), func.coalesce(Network.name, ""), Cohort.ends_on)
        .add_columns(literal(""), literal(""), Cohort.time_zone, Facilitator.since_on, Facilitator.until_on)
        .add_columns(Facilitator.head)
        .join(Member, Member.id == Facilitator.member_id)
        .outerjoin(Cohort, Cohort.id == Facilitator.cohort_id)
        .outerjoin(Network, Network.id == Cohort.network_id)
        .where(Facilitator.program_id == program_id, Facilitator.ended_at.is_(None))
    )


def _around() -> ColumnElement[bool]:
    """The absences of a member that somewhere on earth cover the day that it is in UTC."""
    lasts = or_(Absence.last_on.is_(None), Absence.last_on >= bindparam("earliest"))
    return and_(
        Absence.program_id == Member.program_id,
        Absence.member_id == Member.id,
        Absence.ended_at.is_(None),
        Absence.first_on <= bindparam("latest"),
        lasts,
    )
