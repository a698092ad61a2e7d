"""What a report counts: who was asked, who answered, how fast, and where it is going. Pure.

A prompt counts when its question reached somebody, or was answered without that. Who was away, rests, is not in Slack, or whose message did
not arrive, was not asked: they count nowhere. A pass counts as asked, and is no answer; a late answer is one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from storage.reports import Line, Occurrence

MINUTE = 60
TREND_ROUNDS = 3
STEADY_WITHIN = 0.05


@dataclass(frozen=True)
class Turn:
    """A prompt that was asked; `people` are those whom it reached, or who answered it. `minutes` from the message to the answer."""

    round_id: int
    seat_id: int
    city: str
    people: frozenset[int]
    answered: bool
    declined: bool
    minutes: float | None


@dataclass(frozen=True)
class Rate:
    """How often prompts were answered, and how many of the people asked took part: answered at least once."""

    asked: int = 0
    answered: int = 0
    passed: int = 0
    people: int = 0
    took_part: int = 0
    minutes: tuple[float, ...] = ()

    @property
    def share(self) -> float:
        """Answers of those asked, 0 to 1; 0 when nobody was asked."""
        return self.answered / self.asked if self.asked else 0.0

    @property
    def percent(self) -> int:
        """Rounded; 0 and 100 only where it is exactly that."""
        rounded = round(100 * self.share)
        return min(99, max(1, rounded)) if 0 < self.answered < self.asked else rounded

    @property
    def median_minutes(self) -> float | None:
        return median(self.minutes) if self.minutes else None


@dataclass(frozen=True)
class City:
    """A city over the rounds; `marks` are (answered, passed) by round, oldest first, None where nobody of it was asked."""

    name: str
    rate: Rate
    marks: tuple[tuple[bool, bool] | None, ...]


@dataclass(frozen=True)
class Over:
    """A round; `cities` of it were asked, `heard` of these answered."""

    round: Occurrence
    rate: Rate
    cities: int
    heard: int


@dataclass(frozen=True)
class Trend:
    """The last `rounds` rounds beside as many before them."""

    rounds: int
    now: Rate
    before: Rate

    @property
    def direction(self) -> str:
        change = self.now.share - self.before.share
        return "steady" if abs(change) < STEADY_WITHIN else "rising" if change > 0 else "falling"


@dataclass(frozen=True)
class Report:
    """Closed rounds, the oldest first, but for the `unasked` ones in which nobody was; cities, who answers least first; rounds that are
    still open apart from all this.
    """

    total: Rate = Rate()
    rounds: tuple[Over, ...] = ()
    cities: tuple[City, ...] = ()
    still_open: tuple[Over, ...] = ()
    trend: Trend | None = None
    several: bool = False
    unasked: int = 0

    @property
    def cities_heard(self) -> int:
        """Cities that answered at least once."""
        return sum(one.rate.answered > 0 for one in self.cities)


def report(rounds: Sequence[Occurrence], lines: Iterable[Line]) -> Report:
    """Everything that the report says. `several`: the rounds are of more than one check-in."""
    found = turns(lines)
    closed, still_open = [one for one in rounds if one.closed], [one for one in rounds if not one.closed]
    ids = {one.id for one in closed}
    counted = [turn for turn in found if turn.round_id in ids]
    over = tuple(_over(one, mine) for one, mine in _by_round(closed, counted) if mine)
    opened = tuple(_over(one, mine) for one, mine in _by_round(still_open, found))
    several = len({one.name for one in rounds}) > 1
    shown = [one.round for one in over]
    return Report(
        rate(counted), over, _cities(shown, counted), opened, _trend(shown, counted), several, len(closed) - len(over)
    )


def turns(lines: Iterable[Line]) -> list[Turn]:
    """The prompts that count, each once, however many people were asked for it."""
    prompts: dict[int, list[Line]] = {}
    for line in lines:
        prompts.setdefault(line.prompt_id, []).append(line)
    return [turn for some in prompts.values() if (turn := _turn(some))]


def minutes_between(asked: datetime | None, answered: datetime | None) -> float | None:
    """How long somebody took; None when they answered without being asked, or before the message was settled."""
    if asked is None or answered is None:
        return None
    return max(0.0, (answered - asked).total_seconds() / MINUTE)


def minutes_of(lines: Sequence[Line]) -> float | None:
    """How long the answer to a prompt took, from the own message of whoever answered."""
    author = next((line for line in lines if line.member_id == line.answered_by), None)
    return minutes_between(author.sent_at or author.asked_at, author.answered_at) if author and author.reached else None


def rate(some: Sequence[Turn]) -> Rate:
    people = frozenset[int]().union(*(turn.people for turn in some))
    took_part = frozenset[int]().union(*(turn.people for turn in some if turn.answered))
    return Rate(
        asked=len(some),
        answered=sum(turn.answered for turn in some),
        passed=sum(turn.declined and not turn.answered for turn in some),
        people=len(people),
        took_part=len(took_part),
        minutes=tuple(sorted(turn.minutes for turn in some if turn.minutes is not None)),
    )


def _turn(lines: Sequence[Line]) -> Turn | None:
    one = lines[0]
    answered, declined = one.answered_at is not None, one.declined_at is not None
    people = {line.member_id for line in lines if line.reached}
    people |= {one.answered_by} if answered and one.answered_by is not None else set()
    if not (people or answered or declined):
        return None
    return Turn(one.round_id, one.seat_id, one.city_name, frozenset(people), answered, declined, minutes_of(lines))


def _by_round(rounds: Sequence[Occurrence], some: Iterable[Turn]) -> list[tuple[Occurrence, list[Turn]]]:
    mine: dict[int, list[Turn]] = {one.id: [] for one in rounds}
    for turn in some:
        if turn.round_id in mine:
            mine[turn.round_id].append(turn)
    return [(one, mine[one.id]) for one in rounds]


def _over(this: Occurrence, some: Sequence[Turn]) -> Over:
    seats = {turn.seat_id for turn in some}
    heard = {turn.seat_id for turn in some if turn.answered}
    return Over(this, rate(some), len(seats), len(heard))


def _cities(rounds: Sequence[Occurrence], some: Iterable[Turn]) -> tuple[City, ...]:
    seats: dict[int, list[Turn]] = {}
    for turn in some:
        seats.setdefault(turn.seat_id, []).append(turn)
    found = [City(mine[0].city, rate(mine), _marks(rounds, mine)) for mine in seats.values()]
    return tuple(sorted(found, key=lambda one: (one.rate.share, one.name)))


def _marks(rounds: Sequence[Occurrence], some: Sequence[Turn]) -> tuple[tuple[bool, bool] | None, ...]:
    marks: dict[int, tuple[bool, bool]] = {}
    for turn in some:
        answered, declined = marks.get(turn.round_id, (False, False))
        marks[turn.round_id] = (answered or turn.answered, declined or turn.declined)
    return tuple(marks.get(one.id) for one in rounds)


def _trend(rounds: Sequence[Occurrence], some: Sequence[Turn]) -> Trend | None:
    """The last three rounds beside the three before; of fewer rounds as many as there are, and none of a single one."""
    count = min(TREND_ROUNDS, len(rounds) // 2)
    if not count:
        return None
    last, before = ({one.id for one in part} for part in (rounds[-count:], rounds[-2 * count : -count]))
    now, then = (rate([turn for turn in some if turn.round_id in ids]) for ids in (last, before))
    return Trend(count, now, then)
