"""Says in lines of text what a roster file would change, or has changed. Pure."""

from collections import Counter
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Chapter:
    """What is added, changed or ended: how many of what, and each by name."""

    title: str
    counts: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """What a file would do, or which of its lines are wrong; without either, nothing changes."""

    read: int
    wrong: tuple[str, ...]
    chapters: tuple[Chapter, ...]


def summary(plan: Plan, read: int) -> Summary:
    """Made before a plan is applied: afterwards nothing is new any more."""
    if plan.wrong:
        return Summary(read, tuple(f"line {one.line}: {one.reason}" for one in plan.wrong), ())
    added, changed, ended = plan.added, [one for one in plan.changed if _shown(one)], plan.ended
    told = [one for one in added if one.table in (Cohort, Delegate, Facilitator)]
    chapters = (
        _chapter("Added", added, [_line(one, one.label) for one in told]),
        _chapter("Changed", changed, [_line(one, f"{one.label}: {_differences(one)}") for one in changed]),
        _chapter("Ended", ended, [_line(one, f"{one.label}: until {one.values['until_on']}") for one in ended]),
    )
    return Summary(read, (), tuple(one for one in chapters if one.counts))


def lines(told: Summary, *, dry_run: bool) -> list[str]:
    """The report: counts first, then each thing by name, at the end what happened."""
    if told.wrong:
        wrong = _count(len(told.wrong), "line is", "lines are")
        return [*told.wrong, f"Nothing was changed: {wrong} wrong. Correct them and import the file again."]
    if not told.chapters:
        return [f"{_count(told.read, 'line', 'lines')} read. Everything is as the file says: nothing changes."]
    body: list[str] = []
    for chapter in told.chapters:
        more = len(chapter.details) - SHOWN
        body += [f"{chapter.title}: {chapter.counts}.", *(f"  {detail}" for detail in chapter.details[:SHOWN])]
        body += [f"  and {more} more"] if more > 0 else []
    end = "This was a dry run: nothing was changed." if dry_run else "Done. The same file again changes nothing."
    return [f"{_count(told.read, 'line', 'lines')} read.", *body, end]


def _chapter(title: str, wanted: list[Wanted], details: list[str]) -> Chapter:
    counted = Counter(one.table for one in wanted)
    counts = ", ".join(_count(counted[table], *nouns) for table, nouns in NOUNS.items() if counted[table])
    return Chapter(title, counts, tuple(details))


def _line(wanted: Wanted, text: str) -> str:
    return f"line {wanted.line}: {text}" if wanted.line else text


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
