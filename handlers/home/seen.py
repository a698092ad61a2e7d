"""What a Home shows, as it was read. Pure."""

from dataclasses import dataclass, field
from datetime import datetime

from handlers.home.suggesting import Suggestion
from storage.answers import Open
from storage.away import Away
from storage.cohorts import NextCheckIn, Place
from storage.commitment_lists import Item
from storage.days import Span
from storage.participation import Failure, Quiet, Turn


@dataclass(frozen=True)
class Runs:
    """What a facilitator sees of their cohorts; nobody else gets it."""

    turns: list[Turn]
    quiet: list[Quiet]
    failures: list[Failure]
    away: list[Away] = field(default_factory=list)


@dataclass(frozen=True)
class Seen:
    """All that a Home shows, in the workspace `team_id`. `running` are one's own places of today, `people` everybody's in the first few
    of their cohorts.

    `absence` is the nearest one of one's own that is not over, with its id.
    """

    open_now: list[Open]
    items: list[Item]
    running: list[Place]
    check_ins: list[NextCheckIn]
    people: list[Place]
    suggestion: Suggestion
    runs: Runs | None
    member_id: int
    zone: str
    now: datetime
    team_id: str = ""
    absence: tuple[int, Span] | None = None
