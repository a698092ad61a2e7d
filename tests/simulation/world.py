"""Who lives in the simulation: networks, cohorts, towns in nine zones and their people, all drawn from a seed. Pure.

What is a working day, and whose hour it is, stands here once more, apart from the calendar that is held against it.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

BEGINS = date(2026, 10, 1)
START = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
ZONES = (
    ("America/New_York", "NY"),
    ("America/Chicago", "TN"),
    ("America/Denver", "CO"),
    ("America/Phoenix", "AZ"),
    ("America/Los_Angeles", "CA"),
    ("America/Anchorage", "AK"),
    ("Pacific/Honolulu", "HI"),
    ("America/Puerto_Rico", "PR"),
    ("Pacific/Guam", "GU"),
)
OFFICE = "America/New_York"
CITIES_A_ZONE = 3
SEATS_A_COHORT = 5
GUEST_EVERY = 8
MOVED_EVERY = 11
RECESS_EVERY = 3
TIMES = (time(8, 30), time(9, 0), time(10, 0), time(13, 0), time(16, 0))
WINDOWS = (24, 48, 72)
TEMPERS = ("prompt", "prompt", "prompt", "slow", "late", "early", "declining", "changing", "silent")
WORK_STARTS, WORK_ENDS = time(8, 0), time(18, 0)


@dataclass(frozen=True)
class Town:
    """A city; `recess` is the first and the last day (inclusive) on which it does not work although others do."""

    name: str
    zone: str
    state: str
    recess: tuple[date, date] | None = None


@dataclass(frozen=True)
class Someone:
    """A person. Their own zone may be another one than their town's; who facilitates has no town."""

    user_id: str
    name: str
    zone: str
    town: Town | None
    temper: str


@dataclass(frozen=True)
class Pulse:
    """A check-in that is asked every so many weeks on this weekday (0 is Monday), for the first time on `first_on`."""

    name: str
    weeks: int
    weekday: int
    at: time
    window_hours: int
    first_on: date

    def dates(self, until: date) -> list[date]:
        """The nominal dates up to a day."""
        weeks = (until - self.first_on).days // 7 + 1
        return [self.first_on + timedelta(weeks=week) for week in range(0, max(0, weeks), self.weeks)]


@dataclass(frozen=True)
class Group:
    """A cohort: who sits for which town, who facilitates it, and what it is asked."""

    name: str
    network: str
    channel: str
    facilitator: Someone
    seats: dict[Town, list[Someone]]
    pulse: Pulse

    @property
    def seated(self) -> list[tuple[Town, Someone]]:
        return [(town, person) for town, people in self.seats.items() for person in people]


@dataclass(frozen=True)
class World:
    """Everybody and everything, as it is at the start."""

    seed: int
    towns: list[Town]
    people: dict[str, Someone]
    groups: list[Group] = field(default_factory=list)

    @property
    def networks(self) -> list[str]:
        return list(dict.fromkeys(group.network for group in self.groups))


def made(seed: int, *, networks: int, cohorts: int, people: int, paces: Sequence[int] = (1,)) -> World:
    """A world of so many; of the people one of each network facilitates. The cohorts are asked, in turn, every so many weeks."""
    dice = random.Random(f"{seed} world")
    towns = [_town(dice, number) for number in range(len(ZONES) * CITIES_A_ZONE)]
    leaders = [
        Someone(f"U2{number:06d}", f"Facilitator {number}", OFFICE, None, "reader") for number in range(networks)
    ]
    world = World(seed, towns, {one.user_id: one for one in leaders})
    seats = [dice.sample(towns, SEATS_A_COHORT) for _ in range(cohorts)]
    seated: list[dict[Town, list[Someone]]] = [{town: [] for town in some} for some in seats]
    for number in range(people - networks):
        cohort = number % cohorts
        town = seats[cohort][number // cohorts % SEATS_A_COHORT]
        person = _someone(dice, number, town)
        world.people[person.user_id] = person
        seated[cohort][town].append(person)
        if number % GUEST_EVERY == 0:
            # Two seats, and so twice as much to be asked: that is what the daily ceiling is for.
            other = next((one for one in range(cohorts) if one != cohort and town in seated[one]), None)
            if other is not None:
                seated[other][town].append(person)
    for number in range(cohorts):
        leader = leaders[number % networks]
        pulse = Pulse(f"Pulse {number}", paces[number % len(paces)], *_rhythm(dice))
        name, network = f"Cohort {number}", f"Network {number % networks}"
        world.groups.append(Group(name, network, f"C2{number:06d}", leader, seated[number], pulse))
    return world


def local(moment: datetime, zone: str) -> datetime:
    """What the clock on the wall shows."""
    return moment.astimezone(_zone(zone))


def at_midnight(day: date, zone: str) -> datetime:
    """The moment at which a local day begins."""
    return datetime.combine(day, time(0), _zone(zone)).astimezone(UTC)


def works_on(town: Town | None, day: date) -> bool:
    """Whether a town works on a day; the office, which is no town, keeps federal holidays."""
    if day.weekday() > 4 or day in _holidays(None) or (town and day in _holidays(town.state)):
        return False
    return not (town and town.recess and town.recess[0] <= day <= town.recess[1])


def next_working_day(town: Town | None, day: date) -> date:
    while not works_on(town, day):
        day += timedelta(days=1)
    return day


def is_working_hour(person: Someone, moment: datetime) -> bool:
    """Whether somebody may be written to unasked."""
    there = local(moment, person.zone)
    return WORK_STARTS <= there.time() < WORK_ENDS and works_on(person.town, there.date())


def _town(dice: random.Random, number: int) -> Town:
    zone, state = ZONES[number % len(ZONES)]
    recess = None
    if number % RECESS_EVERY == 0:
        first = BEGINS + timedelta(days=dice.randrange(10, 350))
        recess = (first, first + timedelta(days=dice.randrange(0, 10)))
    return Town(f"Town {number}", zone, state, recess)


def _someone(dice: random.Random, number: int, town: Town) -> Someone:
    # A laptop that was never told of the move: the person's own zone goes before the town's.
    zone = dice.choice(ZONES)[0] if number % MOVED_EVERY == 0 else town.zone
    return Someone(f"U1{number:06d}", f"Delegate {number}", zone, town, dice.choice(TEMPERS))


def _rhythm(dice: random.Random) -> tuple[int, time, int, date]:
    weekday = dice.randrange(5)
    first_on = BEGINS + timedelta(days=4)
    first_on += timedelta(days=(weekday - first_on.weekday()) % 7)
    return weekday, dice.choice(TIMES), dice.choice(WINDOWS), first_on


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache
def _holidays(state: str | None) -> holidays.HolidayBase:
    return holidays.country_holidays("US", subdiv=state)
