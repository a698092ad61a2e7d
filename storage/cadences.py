"""On which dates a check-in asks, as it is kept. `handlers/cadence.py` makes and reads it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cadence:
    """`rule` is iCalendar text (RFC 5545: DTSTART, RRULE, RDATE, EXDATE).

    With an `event` the dates are `event_days` after each phase of that name of the cohort (before it when negative), and the rule holds
    only what is left out.
    """

    rule: str
    event: str | None = None
    event_days: int | None = None
