"""Who may do what: the one table. docs/rights.md says the same, and a test compares the two. Pure."""

from collections.abc import Set
from dataclasses import dataclass

# How somebody stands toward the cohort that an act is about; the order is that of the columns in docs/rights.md.
PROGRAM, COHORT, LEAD, DELEGATE, SPONSOR = "program", "cohort", "lead", "delegate", "sponsor"
ELSEWHERE, STRANGER = "elsewhere", "stranger"
ROLES = (PROGRAM, COHORT, LEAD, DELEGATE, SPONSOR, ELSEWHERE, STRANGER)

FACILITATORS = frozenset({PROGRAM, COHORT})
SEATED = frozenset({LEAD, DELEGATE, SPONSOR})
MEMBERS = FACILITATORS | SEATED | {ELSEWHERE}
EVERYBODY = frozenset(ROLES)


@dataclass(frozen=True)
class Right:
    """An act as people read of it, and in which roles it may be done."""

    words: str
    roles: frozenset[str]


TABLE = {
    "help": Right("Read the help of a command", EVERYBODY),
    "cohort names": Right("See the names of all cohorts and who facilitates them", MEMBERS),
    "cohort people": Right("See the cities and people of a cohort", FACILITATORS | SEATED),
    "cohort new": Right("Make a cohort: whoever facilitates anything", FACILITATORS),
    "cohort edit": Right("Edit a cohort", FACILITATORS),
    "cohort add": Right("Put a person on a seat, or name a facilitator of the cohort", FACILITATORS),
    "cohort add program": Right("Name a facilitator of the whole program", frozenset({PROGRAM})),
    "cohort remove": Right("End a person's place on a seat", FACILITATORS),
    "cohort handover": Right("Hand a seat over", FACILITATORS),
    "cohort undo": Right("Undo the end of a place, or a handover: whoever did it", FACILITATORS),
    "cohort import": Right("Import a roster", frozenset({PROGRAM})),
    "cohort export": Right("Export a roster: of one's own cohorts", FACILITATORS),
    "cohort link": Right("Make a code that brings another Slack workspace in, or take one back", frozenset({PROGRAM})),
    "days see": Right("See a city's calendar", FACILITATORS | SEATED),
    "days change": Right("Add days off to a city's calendar, or remove them", FACILITATORS | {LEAD}),
    "away": Right("Note one's own absence", MEMBERS),
    "checkin see": Right("See a cohort's check-ins", FACILITATORS | SEATED),
    "checkin new": Right("Make a check-in: whoever facilitates anything", FACILITATORS),
    "checkin edit": Right("Change a check-in", FACILITATORS),
    "checkin switch": Right("Pause, resume or end a check-in, leave a date out, run a round by hand", FACILITATORS),
    "checkin blockers": Right("See a cohort's open blockers, say who looks after one, and close it", FACILITATORS),
    "checkin report": Right("Read the report of a cohort's check-ins, and get it as files", FACILITATORS),
    "checkin deliveries": Right("See which messages of a round were sent, wait or failed", FACILITATORS),
    "commit record": Right("Record a commitment", MEMBERS),
    "commit change": Right("Change, move, drop or hand over somebody else's commitment", FACILITATORS | {LEAD}),
}


def may(act: str, roles: Set[str]) -> bool:
    """Whether somebody in these roles may do it."""
    return bool(TABLE[act].roles & roles)
