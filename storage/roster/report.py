"""Says in lines of text what a roster file would change, or has changed. Pure."""

from collections import Counter
from typing import Any

from storage.models import City, Cohort, Delegate, Facilitator, Member, Network, Seat
from storage.roster.wanted import Plan, Wanted

NOUNS = {
    Network: ("network", "networks"),
    Cohort: ("cohort", "cohorts"),
    City: ("city", "cities"),
    Seat: ("seat", "seats"),
    Member: ("person", "people"),
    Delegate: ("delegate on a seat", "delegates on seats"),
    Facilitator: ("facilitator", "facilitators"),
}
COLUMNS = {
    "email": "e-mail",
    "roster_slack_id": "Slack id",
    "roster_time_zone": "time zone",
    "time_zone": "time zone",
    "since_on": "from",
    "until_on": "until",
    "starts_on": "first day",
    "ends_on": "last day",
}
HIDDEN = {"looked_up_at", "ended_at"}
SHOWN = 20


def lines(plan: Plan, read: int, *, dry_run: bool) -> list[str]:
    """The report: counts first, then each thing by name, at the end what happened."""
    if plan.wrong:
        return [
            *(f"line {one.line}: {one.reason}" for one in plan.wrong),
            f"Nothing was changed: {_count(len(plan.wrong), 'line is', 'lines are')} wrong. "
            "Correct them and import the file again.",
        ]
    added, changed, ended = plan.added, [one for one in plan.changed if _shown(one)], plan.ended
    if not (added or changed or ended):
        return [f"{_count(read, 'line', 'lines')} read. Everything is as the file says: nothing changes."]
    return [
        f"{_count(read, 'line', 'lines')} read.",
        *_chapter(
            "Added", added, [_line(one, one.label) for one in added if one.table in (Cohort, Delegate, Facilitator)]
        ),
        *_chapter("Changed", changed, [_line(one, f"{one.label}: {_differences(one)}") for one in changed]),
        *_chapter("Ended", ended, [_line(one, f"{one.label}: until {one.values['until_on']}") for one in ended]),
        "This was a dry run: nothing was changed." if dry_run else "Done. The same file again changes nothing.",
    ]


def _chapter(title: str, wanted: list[Wanted], details: list[str]) -> list[str]:
    if not wanted:
        return []
    counted = Counter(one.table for one in wanted)
    counts = ", ".join(_count(counted[table], *nouns) for table, nouns in NOUNS.items() if counted[table])
    more = [f"  and {len(details) - SHOWN} more"] if len(details) > SHOWN else []
    return [f"{title}: {counts}.", *details[:SHOWN], *more]


def _line(wanted: Wanted, text: str) -> str:
    return f"  line {wanted.line}: {text}" if wanted.line else f"  {text}"


def _differences(wanted: Wanted) -> str:
    return "; ".join(
        f"{COLUMNS.get(column, column)} {_said(before)} becomes {_said(after)}"
        for column, (before, after) in _shown(wanted).items()
    )


def _shown(wanted: Wanted) -> dict[str, tuple[Any, Any]]:
    return {column: pair for column, pair in wanted.changes.items() if column not in HIDDEN}


def _said(value: Any) -> str:
    if isinstance(value, list):
        return _said("; ".join(value))
    return f'"{value}"' if isinstance(value, str) and value else str(value or "empty")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
