"""Decides which days somebody means who is away, how absences are merged, and what an absence changes. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers import alike, calendar, dates, rhythm
from handlers.rhythm import Place
from storage.absences import Colleague
from storage.checkins import ASKED_ROLES
from storage.city_days import Planned
from storage.days import Days, Span, away_on

ONE_DAY = timedelta(days=1)
FURTHEST = timedelta(days=731)
LISTED = 5
UNTIL = re.compile(r"(?:until|till|til|through|thru|to)\b\s*(?P<last>.+)", re.IGNORECASE)
FROM = re.compile(r"(?:from|starting|beginning|as of)\s+(?P<first>.+)", re.IGNORECASE)
FOR = re.compile(r"for\s+(?P<length>.+)", re.IGNORECASE)
ON = re.compile(r"on\s+(?P<day>.+)", re.IGNORECASE)
BETWEEN = re.compile(
    r"\s+(?:to|until|till|til|through|thru|and|-)\s+|\s*[–—]\s*|(?<=[0-9])-(?=[0-9]{1,2}$)", re.IGNORECASE
)


@dataclass(frozen=True)
class Missed:
    """The rounds of one check-in that somebody would not be asked, the first of them by day; `instead` are asked for the same city."""

    check_in: str
    cohort: str
    cohort_id: int
    city: str
    days: tuple[date, ...]
    more: bool
    instead: tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """What an absence changes. `before` are the known absences that it is merged with or replaces."""

    span: Span
    before: tuple[Span, ...]
    missed: tuple[Missed, ...]
    reminders: tuple[int, ...]


def read(text: str, today: date) -> Span | None:
    """The days that are meant; None when the words name none.

    `until Tuesday` and `Tuesday` run from today to that day, which belongs to them; `on Tuesday` is that day alone, `from Tuesday` has no
    end, `next week` is its Monday to Friday, `for two weeks` begins today.
    """
    said = text.strip().rstrip(".!")
    if re.fullmatch(r"(?:all )?next week", said, re.IGNORECASE):
        monday = today + timedelta(days=7 - today.weekday())
        return Span(monday, monday + timedelta(days=4))
    if match := ON.fullmatch(said):
        day = dates.read(match["day"], today)
        return Span(day, day) if day else None
    if match := FOR.fullmatch(said):
        back = dates.read(f"in {match['length']}", today)
        return Span(today, max(today, back - ONE_DAY)) if back else None
    if match := UNTIL.fullmatch(said):
        last = dates.read(match["last"], today)
        return Span(today, last) if last else None
    if match := FROM.fullmatch(said):
        first = dates.read(match["first"], today)
        return Span(first) if first else _between(match["first"], today)
    last = dates.read(said, today)
    return Span(today, last) if last else _between(said, today)


def problem_with(span: Span, today: date) -> str | None:
    """Why somebody is asked again until when they are away; None when the days make sense."""
    last = span.last
    if last is not None and last < today:
        return f"{_with_year(last)} is over already."
    if last is not None and last < span.first:
        return f"{_with_year(last)} comes before {_with_year(span.first)}."
    if max(span.first, last or span.first) - today > FURTHEST:
        return f"{_with_year(last or span.first)} is more than two years ahead."
    return None


def merged(known: Sequence[Span], wanted: Span, today: date) -> tuple[Span, tuple[Span, ...]]:
    """The absence that comes of a wish, and the known ones that it takes the place of.

    Who is away and says from today until when changes the end of that absence, to an earlier day as well. Others that it overlaps or
    touches are joined to it; one without a last day gets this one's.
    """
    running = away_on(known, today)
    result = Span(max(wanted.first, today), wanted.last)
    taken = [running] if running and result.first <= today else []
    result = Span(min([result.first, *(one.first for one in taken)]), result.last)
    while more := [one for one in known if one not in taken and one.touches(result)]:
        taken += more
        for one in more:
            result = _joined(result, one)
    return result, tuple(taken)


def seats(people: Sequence[Colleague], member_id: int, today: date) -> list[Colleague]:
    """The member's own places on which they are asked, of today or later, in cohorts that go on."""
    mine = {one.seat_id: one for one in people if one.member_id == member_id and one.role in ASKED_ROLES}
    return [
        one
        for one in mine.values()
        if (one.until_on is None or one.until_on >= today) and (one.ends_on is None or one.ends_on >= today)
    ]


def absences_of(people: Sequence[Colleague], member_id: int) -> list[Span]:
    return list(dict.fromkeys(one.away for one in people if one.member_id == member_id and one.away))


def missed(
    span: Span, people: Sequence[Colleague], planned: Sequence[Planned], member_id: int, zone: str, today: date
) -> tuple[Missed, ...]:
    """The rounds that ask somebody on a day of the absence, by check-in, and who of the same seat is asked on the first of these days."""
    found = []
    for seat in seats(people, member_id, today):
        for plan in (plan for plan in planned if plan.seat_id == seat.seat_id):
            days = asked_within(plan, Place(zone, Days(seat.state, plan.off)), span, seat.ends_on)
            if days:
                instead = _present(people, seat.seat_id, member_id, days[0])
                check_in, more = plan.check_in.name, len(days) > LISTED
                one = Missed(check_in, seat.cohort, seat.cohort_id, seat.city, tuple(days[:LISTED]), more, instead)
                found.append(one)
    return tuple(found)


def asked_within(plan: Planned, place: Place, span: Span, ends_on: date | None = None) -> list[date]:
    """On which local days of a span a check-in asks somewhere: six at most."""
    pattern, nominal = rhythm.pattern_of(plan.check_in, plan.phases), plan.check_in.next_on
    found: list[date] = []
    while nominal and len(found) <= LISTED and (ends_on is None or nominal <= ends_on):
        day = calendar.today(place.zone, rhythm.due_at(pattern, nominal, place))
        if span.last is not None and day > span.last:
            break
        if span.covers(day) and day not in found:
            found.append(day)
        nominal = rhythm.next_after(pattern, nominal)
    return found


def next_asked(plans: Sequence[tuple[Planned, Place]], now: datetime) -> tuple[Planned, datetime] | None:
    """The check-in that asks next, and when."""
    coming = [
        (plan, rhythm.due_at(rhythm.pattern_of(plan.check_in, plan.phases), plan.check_in.next_on, place))
        for plan, place in plans
        if plan.check_in.next_on
    ]
    return min(((plan, at) for plan, at in coming if at > now), key=lambda one: one[1], default=None)


def is_named(text: str, name: str) -> bool:
    """Whether each word of a text is, or begins, a word of somebody's name."""
    wanted = alike.of(text)
    return bool(wanted) and all(any(part.startswith(word) for part in alike.of(name)) for word in wanted)


def _between(said: str, today: date) -> Span | None:
    """Two days with a word between them; the second one is read as said on the first."""
    for match in BETWEEN.finditer(said):
        first = dates.read(said[: match.start()].removeprefix("between "), today)
        right = said[match.end() :].strip()
        last = dates.read(f"{right}th" if right.isdigit() and len(right) <= 2 else right, first) if first else None
        if first and last:
            return Span(first, last)
    return None


def _joined(result: Span, other: Span) -> Span:
    first = min(result.first, other.first)
    if result.last is None:
        return Span(first)
    if other.last is None:
        return Span(first, None if other.first > result.last else result.last)
    return Span(first, max(result.last, other.last))


def _present(people: Sequence[Colleague], seat_id: int, member_id: int, day: date) -> tuple[str, ...]:
    """Who else of a seat is asked on a day."""
    here = [one for one in people if one.seat_id == seat_id and one.member_id != member_id]
    here = [one for one in here if one.role in ASKED_ROLES and one.sits_on(day)]
    gone = {one.member_id for one in here if one.away and one.away.covers(day)}
    return tuple(dict.fromkeys(one.name for one in here if one.member_id not in gone))


def _with_year(day: date) -> str:
    return f"{day:%A}, {day:%B} {day.day}, {day.year}"
