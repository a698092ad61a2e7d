"""Days that are not worked, as values: a city's own days beside the holidays of its state, and spans in which somebody is away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Off:
    """Days of a city's own: all from the first to the last (inclusive), or only one weekday of them (0 is Monday)."""

    first: date
    last: date
    weekday: int | None = None
    name: str = ""

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last and self.weekday in (None, day.weekday())


@dataclass(frozen=True)
class Days:
    """What rules whether a city works on a day: its state (two letters), and its own days off."""

    state: str | None = None
    off: tuple[Off, ...] = ()


EVERYWHERE = Days()


@dataclass(frozen=True)
class Span:
    """Days from the first to the last (inclusive); without a last one it goes on."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def touches(self, other: "Span") -> bool:
        """Whether the two overlap, or follow one another without a day between."""
        return not _ends_before(self, other) and not _ends_before(other, self)


def away_on(spans: Iterable[Span], day: date) -> Span | None:
    """The span that covers a day, if any."""
    return next((span for span in spans if span.covers(day)), None)


def _ends_before(one: Span, other: Span) -> bool:
    return one.last is not None and one.last + ONE_DAY < other.first
