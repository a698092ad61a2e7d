"""Where an asking stands: the joins from it to its prompt, round, check-in and cohort, and to the city that is asked."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, or_, select

from storage.checkins import ASKED_ROLES
from storage.models import Asking, CheckIn, City, Cohort, Delegate, Delivery, Owed, Program, Prompt, Round, Seat

Rows = Select[*tuple[Any, ...]]

# The end of somebody's own window: what several are asked together ends with the last of them.
ENDS_AT = func.coalesce(Asking.ends_at, Prompt.ends_at)
OPEN_END = date(9999, 12, 31)
# The last day on which whoever is asked has the seat; None when it was never theirs.
SITS_UNTIL = (
    select(func.max(func.coalesce(Delegate.until_on, OPEN_END, type_=Delegate.until_on.type)))
    .where(Delegate.program_id == Asking.program_id, Delegate.member_id == Asking.member_id)
    .where(Delegate.seat_id == Prompt.seat_id, Delegate.role.in_(ASKED_ROLES))
    .correlate(Asking, Prompt)
    .scalar_subquery()
)
COHORT_ZONE = func.coalesce(Cohort.time_zone, Program.time_zone)
PROMPT_KEY = literal("prompt:") + cast(Asking.id, String)


def placed(query: Rows) -> Rows:
    """What the query selects of askings, with all that they stand in."""
    query = (
        query.select_from(Asking)
        .join(Prompt, Prompt.id == Asking.prompt_id)
        .join(Round, Round.id == Prompt.round_id)
        .join(CheckIn, CheckIn.id == Round.check_in_id)
        .join(Cohort, Cohort.id == CheckIn.cohort_id)
        .join(Program, Program.id == Asking.program_id)
    )
    return with_city(query)


def with_city(query: Rows) -> Rows:
    """The seat and the city of the prompts that the query joined already."""
    return query.join(Seat, Seat.id == Prompt.seat_id).join(City, City.id == Seat.city_id)


def with_delivery(query: Rows, program_id: int) -> Rows:
    """What the query selects of askings, with the message of each, if one was owed."""
    owed = (Owed.program_id == program_id) & (Owed.key == PROMPT_KEY)
    return query.outerjoin(Owed, owed).outerjoin(Delivery, Delivery.id == Owed.delivery_id)


def reached() -> ColumnElement[bool]:
    """Whether the message of an asking arrived, of those joined by `with_delivery`; what was owed to nobody is taken on trust."""
    return or_(Owed.id.is_(None), func.coalesce(Delivery.outcome == "sent", False))
