"""Reads a roster: CSV text into checked rows, and each wrong line with its number and the reason. Pure."""

import csv
import re
from bisect import bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from storage.roster import text as texts
from storage.roster.cells import day, quoted
from storage.roster.cells import problem as problem_with

COLUMNS = (
    "network", "cohort", "city", "state", "name", "email", "slack_id", "role", "title", "expertise", "time_zone", "from", "until",
)  # fmt: skip
REQUIRED_COLUMNS = ("network", "cohort", "city", "name", "role")
FAR = date.max
MOST_ROWS = 20_000
MOST_WRONG = 1_000


@dataclass(frozen=True)
class Row:
    """One line: a person's place on a seat, or as a facilitator (then without city). `email` is in lower case; empty cells are ""."""

    line: int
    network: str
    cohort: str
    city: str
    state: str
    name: str
    email: str
    slack_id: str
    role: str
    title: str
    expertise: tuple[str, ...]
    time_zone: str
    since: date | None
    until: date | None

    @property
    def person(self) -> str:
        """What the person is recognized by inside the file."""
        return self.email or self.slack_id

    @property
    def place(self) -> tuple[str, str, str, str]:
        """The seat, cohort or program that the line is about, in a form that compares."""
        return folded(self.network), folded(self.cohort), folded(self.city), self.state


@dataclass(frozen=True)
class Wrong:
    """A line that cannot be taken, and why, in words that follow "line 12: "."""

    line: int
    reason: str


@dataclass(frozen=True)
class Sheet:
    rows: tuple[Row, ...]
    wrong: tuple[Wrong, ...]


def read(data: bytes | str) -> Sheet:
    """Everything that the file says. Commas, semicolons or tabs; UTF-8 with or without a mark, UTF-16 with one, or Windows-1252."""
    kind = texts.other_kind(data) if isinstance(data, bytes) else None
    if kind:
        return Sheet((), (Wrong(1, f"this is {kind}, not a CSV file; {texts.SAVE_AS_CSV}"),))
    records = texts.records(data if isinstance(data, str) else texts.decoded(data))
    try:
        line, header = next(records, (1, []))
    except csv.Error as error:
        return Sheet((), (Wrong(1, f"this is not a CSV file ({error}); {texts.SAVE_AS_CSV}"),))
    columns = [_column(cell) for cell in header]
    problem = _problem_with_columns(columns)
    if problem:
        return Sheet((), (Wrong(line, problem),))
    rows, wrong = _rows(records, columns, line)
    rows = _with_one_key_each(_with_states(rows))
    wrong += _contradictions(rows)
    refused = {one.line for one in wrong}
    kept = tuple(row for row in rows if row.line not in refused)
    return Sheet(kept, tuple(sorted(wrong, key=lambda one: one.line)))


def folded(text: str) -> str:
    """For comparing names: case and spacing do not count."""
    return " ".join(text.split()).casefold()


def overlap(since: date | None, until: date | None, other_since: date | None, other_until: date | None) -> bool:
    """Whether two periods have a day in common; both ends are inclusive, None is open."""
    return (since or date.min) <= (other_until or FAR) and (other_since or date.min) <= (until or FAR)


def _rows(records: texts.Records, columns: list[str], header: int) -> tuple[list[Row], list[Wrong]]:
    """The lines below the first; a file that is nonsense is not read to its end."""
    rows: list[Row] = []
    wrong: list[Wrong] = []
    line = header
    try:
        for line, cells in records:
            found = _row(line, columns, cells)
            if isinstance(found, Row):
                rows.append(found)
            else:
                wrong.append(found)
            if len(wrong) >= MOST_WRONG:
                return rows, [*wrong, Wrong(line + 1, f"{MOST_WRONG:,} lines were wrong; I stopped reading here")]
            if len(rows) > MOST_ROWS:
                return [], [*wrong, Wrong(line, f"a file may have {MOST_ROWS:,} lines; make two of it")]
    except csv.Error as error:
        reason = f"the file cannot be read from here on ({error}); is a quotation mark not closed?"
        wrong.append(Wrong(line + 1, reason))
    return rows, wrong


def _column(cell: str) -> str:
    return cell.lower().replace("-", "_").replace(" ", "_").replace("e_mail", "email")


def _problem_with_columns(columns: list[str]) -> str | None:
    if not columns:
        return "the file is empty"
    unknown = [name for name in columns if name and name not in COLUMNS]
    if unknown:
        return f"unknown column {quoted(unknown)}; the columns are {', '.join(COLUMNS)}"
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        return f"column {quoted(twice)} stands there twice"
    missing = [name for name in REQUIRED_COLUMNS if name not in columns]
    if missing:
        return f"column {quoted(missing)} is missing; the columns are {', '.join(COLUMNS)}"
    if "email" not in columns and "slack_id" not in columns:
        return 'column "email" is missing (or "slack_id"): people are recognized by one of them'
    return None


def _row(line: int, columns: list[str], cells: list[str]) -> Row | Wrong:
    if len(cells) > len(columns):
        return Wrong(
            line, f"{len(cells)} cells where the first line has {len(columns)}; put a text with a comma in quotes"
        )
    cell = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=False))
    cell |= {"role": cell["role"].lower(), "email": cell["email"].lower(), "state": cell["state"].upper()}
    problem = problem_with(cell)
    if problem:
        return Wrong(line, problem)
    names = ("network", "cohort", "city", "state", "name", "email", "slack_id", "role", "title", "time_zone")
    expertise = tuple(part.strip() for part in re.split("[;,]", cell["expertise"]) if part.strip())
    dates = {"since": day(cell["from"]), "until": day(cell["until"])}
    return Row(line=line, expertise=expertise, **dates, **{name: cell[name] for name in names})  # type: ignore[arg-type]


def _with_states(rows: list[Row]) -> list[Row]:
    """A city without a state is the one city of that name whose state another line gives."""
    states: dict[str, set[str]] = {}
    for row in rows:
        states.setdefault(folded(row.city), set()).update({row.state} - {""})
    known = {name: next(iter(given)) for name, given in states.items() if len(given) == 1}
    return [replace(row, state=row.state or known.get(folded(row.city), "")) if row.city else row for row in rows]


def _with_one_key_each(rows: list[Row]) -> list[Row]:
    """Fill in the e-mail address or Slack id that another line of the same person gives."""
    email_of = {row.slack_id: row.email for row in reversed(rows) if row.slack_id and row.email}
    filled = [replace(row, email=row.email or email_of.get(row.slack_id, "")) for row in rows]
    slack_of = {row.email: row.slack_id for row in reversed(filled) if row.slack_id and row.email}
    return [replace(row, slack_id=row.slack_id or slack_of.get(row.email, "")) for row in filled]


def _contradictions(rows: Iterable[Row]) -> list[Wrong]:
    """Lines that say something else than an earlier line of the same person."""
    wrong: list[Wrong] = []
    first_of: dict[str, Row] = {}
    taken: dict[tuple[object, ...], list[tuple[date, int, Row]]] = {}
    for row in rows:
        keys = [key for key in (row.email, row.slack_id) if key]
        earlier = next((first_of[key] for key in keys if key in first_of), row)
        same_place = taken.setdefault((row.person, row.place), [])
        reason = _contradiction(earlier, row) or _clash(same_place, row)
        if reason:
            wrong.append(Wrong(row.line, reason))
            continue
        if not any(replace(other, line=row.line) == row for other in _neighbors(same_place, row)):
            insort(same_place, (row.since or date.min, row.line, row))
        for key in keys:
            first_of.setdefault(key, row)
    return wrong


def _contradiction(earlier: Row, row: Row) -> str | None:
    if earlier.email == row.email and folded(earlier.name) != folded(row.name):
        return f"{row.person} is {row.name} here and {earlier.name} on line {earlier.line}"
    if earlier.email != row.email:
        return f"the slack_id {row.slack_id} has the e-mail address {row.email} here and {earlier.email} on line {earlier.line}"
    if earlier.slack_id != row.slack_id:
        return f"{row.email} has the slack_id {row.slack_id} here and {earlier.slack_id} on line {earlier.line}"
    return None


def _clash(same_place: list[tuple[date, int, Row]], row: Row) -> str | None:
    """A line that merely repeats another is harmless; the same seat with other facts on the same days is not."""
    for other in _neighbors(same_place, row):
        same_days = overlap(other.since, other.until, row.since, row.until)
        if same_days and replace(other, line=row.line) != row:
            return f"{row.name} has this place on line {other.line} already, on days that overlap"
    return None


def _neighbors(same_place: list[tuple[date, int, Row]], row: Row) -> list[Row]:
    """Of places that do not overlap, in the order of their first days, those that this one can touch first."""
    at = bisect_right(same_place, row.since or date.min, key=lambda one: one[0])
    return [other for _, _, other in same_place[max(0, at - 1) : at + 1]]
