"""What comes next of a check-in, and whom it asks: what those who change one are told before they do. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers import cadence, calendar, rhythm
from handlers.cadence import Cadence
from handlers.checkins import asking, rules
from handlers.rhythm import Pattern, Place
from storage.checkins import Listed, Person
from storage.models import Round


@dataclass(frozen=True)
class Outlook:
    """A check-in with everybody of its cohort and the newest round there was, at a moment."""

    found: Listed
    people: Sequence[Person]
    newest: Round | None
    now: datetime

    @property
    def today(self) -> date:
        """The day that the cohort's clock shows."""
        return calendar.today(self.found.zone, self.now)

    @property
    def pattern(self) -> Pattern:
        return rhythm.pattern_of(self.found.check_in, self.found.cohort.phases)

    @property
    def places(self) -> list[Place]:
        """Where those are who are, or will be, on a seat; the cohort's own zone when nobody is."""
        coming = [one for one in self.people if one.until_on is None or one.until_on >= self.today]
        return [Place(one.zone, one.days) for one in coming] or [Place(self.found.zone)]

    @property
    def has_open_round(self) -> bool:
        return self.newest is not None and self.newest.closed_at is None

    @property
    def is_over(self) -> bool:
        """Whether the cohort has ended, which then sends nothing."""
        ends_on = self.found.cohort.ends_on
        return ends_on is not None and ends_on < self.today

    @property
    def planned(self) -> tuple[date, datetime] | None:
        """The date for which the clock waits, with its earliest moment; None while it is paused, over, or has none."""
        check_in = self.found.check_in
        return (check_in.next_on, check_in.next_at) if check_in.next_on and check_in.next_at else None

    def turn(self, dates: Cadence | None = None, *, asked_last: date | None = None) -> tuple[date, datetime] | None:
        """What comes next, by its own dates or by others, after what was asked last; None when no date is left."""
        pattern = replace(self.pattern, cadence=dates) if dates else self.pattern
        newest = self.newest.nominal_on if self.newest else None
        turn = rules.first_turn(pattern, self.places, self.now, asked_last=asked_last or newest)
        ends_on = self.found.cohort.ends_on
        return None if turn and ends_on and turn[0] > ends_on else turn

    def is_ahead(self, day: date) -> bool:
        """Whether everybody's moment of a date is still to come."""
        return rules.first_at(self.pattern, day, self.places) > self.now

    def asked(self, day: date) -> list[Person]:
        """Who is asked in a round of this day."""
        return asking.seated(self.people, day)

    def coming(self, count: int) -> list[date]:
        """The next dates, as far as there are any."""
        turn = self.planned or self.turn()
        if turn is None:
            return []
        return [turn[0], *cadence.dates_after(self.pattern.cadence, turn[0], count - 1, self.pattern.phases)]

    def asked_at_once(self) -> tuple[int, int]:
        """How many are asked now in a round that is opened by hand, and how many when their working hours begin."""
        places = [Place(one.zone, one.days) for one in self.asked(self.today)]
        now = sum(rhythm.due_at_once(self.pattern, self.now, place) <= self.now for place in places)
        return now, len(places) - now
