"""What may stand in the cells of one line of a roster, and what is wrong with them. Pure."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache, lru_cache
from zoneinfo import available_timezones

ROLES = ("facilitator", "lead", "delegate", "sponsor")
STATES = re.findall(
    r"\w+",
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA "
    "RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI",
)
LIMITS = {"expertise": 1000} | dict.fromkeys(("network", "cohort", "city", "name", "email", "title"), 200)
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
QUOTED = 60


def problem(cell: dict[str, str]) -> str | None:
    """Why this line cannot be taken, by its cells; None when it can."""
    return _problem_with_person(cell) or _problem_with_place(cell) or _problem_with_details(cell)


def day(text: str) -> date | None:
    """2026-12-31, or 12/31/2026 as spreadsheets rewrite it."""
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day, not a moment)
        except ValueError:
            continue
    return None


def quoted(names: Iterable[str]) -> str:
    """At most three of them, each short enough to be read."""
    listed = list(names)
    shown = [name if len(name) <= QUOTED else f"{name[:QUOTED]}…" for name in listed[:3]]
    more = f" and {len(listed) - 3:,} more" if len(listed) > 3 else ""
    return ", ".join(f'"{name}"' for name in shown) + more


def _problem_with_person(cell: dict[str, str]) -> str | None:
    if not cell["name"]:
        return "the name is missing"
    if not cell["email"] and not cell["slack_id"]:
        return "the e-mail address is missing (or a slack_id): people are recognized by one of them"
    if cell["email"] and not EMAIL.fullmatch(cell["email"]):
        return f"{quoted([cell['email']])} is not an e-mail address"
    if cell["slack_id"] and not SLACK_ID.fullmatch(cell["slack_id"]):
        return f"{quoted([cell['slack_id']])} is not a Slack member id; these look like U024BE7LH"
    if cell["role"] in ROLES:
        return None
    return (
        f"the role {quoted([cell['role']]) + ' is unknown' if cell['role'] else 'is missing'}; it is {_either(ROLES)}"
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
        return f"{quoted([cell['state']])} is not a state; write its two letters, such as TN"
    if cell["time_zone"] and cell["time_zone"] not in _zones():
        near = _near_zone(cell["time_zone"][:QUOTED])
        hint = f"; did you mean {near}?" if near else ", such as America/Chicago"
        return f"{quoted([cell['time_zone']])} is not a time zone{hint}"
    for name in ("from", "until"):
        if cell[name] and day(cell[name]) is None:
            return f"{quoted([cell[name]])} in {name} is not a date; write it as 2026-12-31"
    since, until = day(cell["from"]), day(cell["until"])
    if since and until and until < since:
        return f"until ({until}) is before from ({since})"
    long = next((name for name, limit in LIMITS.items() if len(cell[name]) > limit), None)
    return f"the {long} is longer than {LIMITS[long]} characters" if long else None


def _either(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


@lru_cache(maxsize=1000)
def _near_zone(typed: str) -> str | None:
    return next(iter(get_close_matches(typed, sorted(_zones()), n=1)), None)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
