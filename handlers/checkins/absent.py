"""Who is away when a check-in would ask them: when they are asked instead, who of the same city is, and how they stand in a round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, rhythm
from handlers.rhythm import Pattern, Place
from storage import absences, city_days, days, members, rounds
from storage.absences import Absent
from storage.days import Days, Off, Span
from storage.models import Round
from storage.rounds import Ask, Standing


@dataclass(frozen=True)
class Around:
    """What rules the askings of one program: the own days of their cities, and who of their seats is away."""

    off: Mapping[int, tuple[Off, ...]]
    away: Sequence[Absent]

    def place(self, one: Ask) -> Place:
        """Where somebody works who is to be asked."""
        return Place(one.zone, Days(one.state, self.off.get(one.prompt.seat_id, ())))

    def absence(self, one: Ask, now: datetime) -> Span | None:
        """The absence in which somebody who is to be asked is today."""
        mine = [each.span for each in self.away if each.member_id == one.member.id]
        return days.away_on(mine, calendar.today(one.zone, now))

    def colleagues(self, one: Ask, now: datetime) -> list[str]:
        """The names of those who would be asked for the same seat today, and are away."""
        today = calendar.today(one.zone, now)
        seat = [each for each in self.away if each.seat_id == one.prompt.seat_id and each.span.covers(today)]
        return list(dict.fromkeys(each.name for each in seat if each.member_id != one.member.id))


async def around(session: AsyncSession, program_id: int, asks: Sequence[Ask], now: datetime) -> Around:
    """Two statements, however many the askings are."""
    seats = {one.prompt.seat_id for one in asks}
    yesterday = now.date() - timedelta(days=1)
    off = await city_days.of_seats(session, program_id, seats)
    return Around(off, await absences.on_seats(session, program_id, seats, yesterday))


def asked_when_back(pattern: Pattern, ends_at: datetime, absence: Span, place: Place) -> datetime | None:
    """The moment at which somebody is asked who is back before their window ends; None when nobody knows, or it is over by then."""
    if absence.last is None:
        return None
    back = rhythm.due_at(pattern, absence.last + timedelta(days=1), place)
    return back if back < ends_at else None


async def standings(session: AsyncSession, this: Round) -> list[Standing]:
    """How everybody stands in a round, also whether they were away on the day on which their window ended."""
    return await marked(session, this, await rounds.standings(session, this))


async def marked(session: AsyncSession, this: Round, people: Sequence[Standing]) -> list[Standing]:
    """The same for some of them, whose standing is known."""
    ids = sorted({person.member_id for person in people})
    where = await members.whereabouts(session, this.program_id, ids, since=this.opened_at)

    def away(person: Standing) -> bool:
        place = where[person.member_id]
        return days.away_on(place.away, calendar.today(place.time_zone, person.ends_at)) is not None

    return [replace(person, away=away(person)) for person in people]
