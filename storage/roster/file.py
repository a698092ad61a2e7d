"""Reads a roster: CSV text into checked rows, and each wrong line with its number and the reason. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

COLUMNS = (
    "network", "cohort", "city", "state", "name", "email", "slack_id", "role", "title", "expertise", "time_zone", "from", "until",
)  # fmt: skip
REQUIRED_COLUMNS = ("network", "cohort", "city", "name", "role")
ROLES = ("facilitator", "lead", "delegate", "sponsor")
STATES = re.findall(
    r"\w+",
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA "
    "RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI",
)
LIMITS = {"expertise": 1000} | dict.fromkeys(("network", "cohort", "city", "name", "email", "title"), 200)
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
FAR = date.max


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
    text = data if isinstance(data, str) else _decoded(data)
    records = _records(text.removeprefix("\ufeff"))
    line, header = next(records, (1, []))
    columns = [_column(cell) for cell in header]
    problem = _problem_with_columns(columns)
    if problem:
        return Sheet((), (Wrong(line, problem),))
    rows: list[Row] = []
    wrong: list[Wrong] = []
    try:
        for line, cells in records:
            found = _row(line, columns, cells)
            if isinstance(found, Row):
                rows.append(found)
            else:
                wrong.append(found)
    except csv.Error as error:
        wrong.append(
            Wrong(line + 1, f"the file cannot be read from here on ({error}); is a quotation mark not closed?")
        )
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


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:  # what Excel on Windows calls CSV
        return data.decode("cp1252", errors="replace")


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each filled line with the number of the line on which it starts (a quoted cell may go over several)."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    start = 1
    for cells in reader:
        trimmed = [" ".join(cell.split()) for cell in cells]
        if any(trimmed):
            yield start, trimmed
        start = reader.line_num + 1


def _column(cell: str) -> str:
    return cell.lower().replace("-", "_").replace(" ", "_").replace("e_mail", "email")


def _problem_with_columns(columns: list[str]) -> str | None:
    if not columns:
        return "the file is empty"
    unknown = [name for name in columns if name and name not in COLUMNS]
    if unknown:
        return f"unknown column {_quoted(unknown)}; the columns are {', '.join(COLUMNS)}"
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        return f"column {_quoted(twice)} stands there twice"
    missing = [name for name in REQUIRED_COLUMNS if name not in columns]
    if missing:
        return f"column {_quoted(missing)} is missing; the columns are {', '.join(COLUMNS)}"
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
    problem = _problem_with_person(cell) or _problem_with_place(cell) or _problem_with_details(cell)
    if problem:
        return Wrong(line, problem)
    names = ("network", "cohort", "city", "state", "name", "email", "slack_id", "role", "title", "time_zone")
    expertise = tuple(part.strip() for part in re.split("[;,]", cell["expertise"]) if part.strip())
    dates = {"since": _date(cell["from"]), "until": _date(cell["until"])}
    return Row(line=line, expertise=expertise, **dates, **{name: cell[name] for name in names})  # type: ignore[arg-type]


def _problem_with_person(cell: dict[str, str]) -> str | None:
    if not cell["name"]:
        return "the name is missing"
    if not cell["email"] and not cell["slack_id"]:
        return "the e-mail address is missing (or a slack_id): people are recognized by one of them"
    if cell["email"] and not EMAIL.fullmatch(cell["email"]):
        return f'"{cell["email"]}" is not an e-mail address'
    if cell["slack_id"] and not SLACK_ID.fullmatch(cell["slack_id"]):
        return f'"{cell["slack_id"]}" is not a Slack member id; these look like U024BE7LH'
    if cell["role"] in ROLES:
        return None
    return (
        f"the role {_quoted([cell['role']]) + ' is unknown' if cell['role'] else 'is missing'}; it is {_either(ROLES)}"
    )


def _problem_with_place(cell: dict[str, str]) -> str | None:
    if bool(cell["network"]) != bool(cell["cohort"]):
        absent = "network" if not cell["network"] else "cohort"
        return f"the {absent} is missing; network and cohort go together"
    if cell["role"] == "facilitator":
        return "a facilitator has no city; leave city and state empty" if cell["city"] or cell["state"] else None
    absent = next((name for name in ("network", "city") if not cell[name]), "")
    if absent == "network":
        return "network and cohort are missing; only a facilitator of the whole program has none"
    return "the city is missing; only a facilitator has none" if absent else None


def _problem_with_details(cell: dict[str, str]) -> str | None:
    if cell["state"] and cell["state"] not in STATES:
        return f'"{cell["state"]}" is not a state; write its two letters, such as TN'
    if cell["time_zone"] and cell["time_zone"] not in _zones():
        near = get_close_matches(cell["time_zone"], sorted(_zones()), n=1)
        return f'"{cell["time_zone"]}" is not a time zone{f"; did you mean {near[0]}?" if near else ", such as America/Chicago"}'
    for name in ("from", "until"):
        if cell[name] and _date(cell[name]) is None:
            return f'"{cell[name]}" in {name} is not a date; write it as 2026-12-31'
    since, until = _date(cell["from"]), _date(cell["until"])
    if since and until and until < since:
        return f"until ({until}) is before from ({since})"
    long = next((name for name, limit in LIMITS.items() if len(cell[name]) > limit), None)
    return f"the {long} is longer than {LIMITS[long]} characters" if long else None


def _date(text: str) -> date | None:
    """2026-12-31, or 12/31/2026 as spreadsheets rewrite it."""
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day, not a moment)
        except ValueError:
            continue
    return None


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
    taken: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        keys = [key for key in (row.email, row.slack_id) if key]
        earlier = next((first_of[key] for key in keys if key in first_of), row)
        same_place = taken.setdefault((row.person, row.place), [])
        reason = _contradiction(earlier, row) or next(filter(None, (_clash(other, row) for other in same_place)), None)
        if reason:
            wrong.append(Wrong(row.line, reason))
            continue
        same_place.append(row)
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


def _clash(other: Row, row: Row) -> str | None:
    """A line that merely repeats another is harmless; the same seat with other facts on the same days is not."""
    if replace(other, line=row.line) == row or not overlap(other.since, other.until, row.since, row.until):
        return None
    return f"{row.name} has this place on line {other.line} already, on days that overlap"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _either(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
