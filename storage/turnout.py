"""Who answered in rounds that are over, remembered by round: of a large program only what changed is counted anew."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import askings
from storage.database import engine_of
from storage.models import Asking, Prompt

SETTLED = timedelta(minutes=2)  # an answer that began before the round was closed is committed long before that
MOST = 5000
Who = tuple[int, int]


@dataclass(frozen=True)
class Closed:
    """A round that is closed, the `place`-th newest of its cohort. `changes` tells how often it changed afterwards."""

    id: int
    cohort_id: int
    on: date
    changes: int
    closed_at: datetime
    place: int


@dataclass(eq=False)
class Turnout:
    """What came of a round: by seat whether it answered and whether it passed; how often who was asked in vain, and who reacted.

    People are named with the seat for which they were asked. Nothing in it changes once it is made, so that what follows from the very
    same one may be remembered.
    """

    seats: dict[int, tuple[bool, bool]] = field(default_factory=dict)
    silent: Counter[Who] = field(default_factory=Counter)
    heard: set[Who] = field(default_factory=set)


# A cache and nothing else: by database, program and round, with how often the round had changed.
_known: "WeakKeyDictionary[Engine, dict[int, dict[int, tuple[int, Turnout]]]]" = WeakKeyDictionary()


async def of(session: AsyncSession, program_id: int, rounds: Sequence[Closed], now: datetime) -> dict[int, Turnout]:
    """What came of these rounds, by their ids. One statement for those that are new or changed, none when there are none."""
    known = _known.setdefault(engine_of(session), {}).setdefault(program_id, {})
    found = {one.id: known[one.id][1] for one in rounds if one.id in known and known[one.id][0] == one.changes}
    missing = [one for one in rounds if one.id not in found]
    if missing:
        found |= await _counted(session, program_id, [one.id for one in missing])
    for one in missing:
        if one.closed_at <= now - SETTLED:
            known[one.id] = (one.changes, found[one.id])
    while len(known) > MOST:
        known.pop(next(iter(known)))
    return found


async def _counted(session: AsyncSession, program_id: int, round_ids: Collection[int]) -> dict[int, Turnout]:
    """Read row by row: both databases take longer to group them. Whom the message did not reach was not asked."""
    asked = Asking.asked_at.is_not(None) & askings.reached()
    query = (
        select(Prompt.round_id, Prompt.seat_id, Asking.member_id)
        .add_columns(asked, Prompt.answered_at.is_not(None), Prompt.declined_at.is_not(None))
        .add_columns(Asking.declined_at.is_not(None))
        .join_from(Prompt, Asking, Asking.prompt_id == Prompt.id)
        .where(Prompt.program_id == program_id, Prompt.round_id.in_(round_ids))
    )
    query = askings.with_delivery(query, program_id)
    found = {round_id: Turnout() for round_id in round_ids}
    for round_id, seat_id, member_id, asked, answered, declined, passed in await session.execute(query):
        told, who = found[round_id], (member_id, seat_id)
        if asked or answered:
            before = told.seats.get(seat_id, (False, False))
            told.seats[seat_id] = (before[0] or answered, before[1] or declined)
        if asked and (answered or declined or passed):
            told.heard.add(who)
        elif asked:
            told.silent[who] += 1
    return found
