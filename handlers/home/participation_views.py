"""How a facilitator's cohorts take part, in words with a small bar, and what to do about messages that did not arrive. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from handlers import blocks, calendar, undelivered
from handlers.types import Json
from storage.participation import Failure, Quiet, Turn

COHORTS_FIRST, CITIES_FIRST, QUIET_CITIES, FAILURES_FIRST, NAMES = 3, 8, 5, 3, 4


@dataclass(frozen=True)
class City:
    """A city's last rounds; `rate` sorts those in need first."""

    name: str
    turns: list[Turn]
    rate: float


def by_cohort(turns: Iterable[Turn]) -> dict[str, list[str]]:
    """The lines of each cohort by its name; in each cohort, and among them, who answered least comes first."""
    return {name: [_city(one) for one in some] for (_, name), some in _ranked(tuple(turns)).items()}


def overview(turns: Sequence[Turn], more: Json | None) -> list[Json]:
    """The cohorts that answer least, a few cities of each; `more` is the button that shows all."""
    cohorts = _ranked(tuple(turns))
    if not cohorts:
        return [blocks.section("No round of a check-in has closed yet. Here will stand how often each city answered.")]
    body = [
        blocks.section("\n".join([f"*{blocks.escaped(name)}*", *_few(some)]))
        for (_, name), some in list(cohorts.items())[:COHORTS_FIRST]
    ]
    hidden = len(cohorts) > COHORTS_FIRST or any(len(some) > CITIES_FIRST for some in cohorts.values())
    return [*body, blocks.actions(more)] if hidden and more else body


def everything(turns: Sequence[Turn], most: int) -> list[Json]:
    """Every city of every cohort, in at most so many blocks."""
    cohorts = by_cohort(turns)
    body = [
        blocks.section(blocks.cut("\n".join([f"*{blocks.escaped(name)}*", *lines]), blocks.SECTION_LIMIT))
        for name, lines in cohorts.items()
    ]
    if len(body) > most:
        rest = f"and {len(body) - most + 1} cohorts that answer more often."
        return [*body[: most - 1], blocks.context(rest)]
    return body or [blocks.section("No round of a check-in has closed yet.")]


def gone_quiet(people: Sequence[Quiet], turns: Sequence[Turn], zone: str, now: datetime) -> list[Json]:
    """Who has not answered for a while, by city, those first of which nobody answered at all; whether they still read is said kindly.

    Names stand here and nowhere else.
    """
    if not people:
        return [blocks.section("*Gone quiet:* nobody. Here stands who answered none of the last two or three rounds.")]
    count = "One person has" if len(people) == 1 else f"{len(people)} people have"
    heard = {(one.cohort, one.city) for one in turns if one.answered or one.declined}
    cities: dict[tuple[str, str], list[Quiet]] = {}
    for one in people:
        cities.setdefault((one.cohort, one.city), []).append(one)
    ordered = sorted(cities.items(), key=lambda one: (one[0] in heard, -max(each.missed for each in one[1]), one[0]))
    several = len({cohort for cohort, _ in cities}) > 1
    lines = [f"*{count} gone quiet.* A personal word often helps; only facilitators see this."]
    for (cohort, city), some in ordered[:QUIET_CITIES]:
        where = f"{city}, {cohort}" if several else city
        lines.append(f"{blocks.escaped(where)}: {_quiet(some, zone, now)}{_colleagues((cohort, city) in heard)}.")
    rest = sum(len(some) for _, some in ordered[QUIET_CITIES:])
    if rest:
        lines.append(f"and {rest} more in other cities.")
    return [blocks.section("\n".join(lines))]


def not_arrived(failures: Sequence[Failure], team_id: str, zone: str, now: datetime) -> list[Json]:
    """Messages that did not arrive, why, and what to do; nothing when all arrived."""
    if not failures:
        return []
    count = sum(one.count for one in failures)
    lines = [f"*{'One message' if count == 1 else f'{count} messages'} did not arrive.*"]
    lines += [_failure(one, team_id, zone, now) for one in failures[:FAILURES_FIRST]]
    if len(failures) > FAILURES_FIRST:
        lines.append(f"and {len(failures) - FAILURES_FIRST} more places.")
    return [blocks.section("\n".join(lines))]


@lru_cache(maxsize=64)
def _ranked(turns: tuple[Turn, ...]) -> dict[tuple[int, str], list[City]]:
    """The cities of each cohort, by its id and name, in the order of `by_cohort`; no words are made of those that nobody sees.

    Remembered: of a large program they are thousands of turns, and most Homes are drawn with the same ones.
    """
    cities: dict[tuple[int, str], dict[str, list[Turn]]] = {}
    for turn in turns:
        cities.setdefault((turn.cohort_id, turn.cohort), {}).setdefault(turn.city, []).append(turn)
    rated = {
        key: sorted((City(name, some, _rate(some)) for name, some in found.items()), key=lambda one: one.rate)
        for key, found in cities.items()
    }
    return dict(sorted(rated.items(), key=lambda one: (_mean(one[1]), one[0][1])))


def _rate(turns: Sequence[Turn]) -> float:
    return sum(turn.answered or turn.declined for turn in turns) / len(turns)


def _city(city: City) -> str:
    """Memphis ▇▇▇▇▁ answered 4 of the last 5; the words carry the numbers, the bar only shows when."""
    turns = city.turns
    answered, passed = sum(turn.answered for turn in turns), sum(turn.declined and not turn.answered for turn in turns)
    bar = "".join(blocks.turn_mark(answered=one.answered, declined=one.declined) for one in turns)
    said = f"answered {answered} of the last {len(turns)}"
    if len(turns) == 1:
        said = "answered the last one" if answered else "did not answer the last one"
    also = f", passed {passed}" if passed else ""
    return f"{blocks.escaped(city.name)} {bar} {said}{also}"


def _few(cities: Sequence[City]) -> list[str]:
    rest = len(cities) - CITIES_FIRST
    more = [f"and {rest} more {'city' if rest == 1 else 'cities'}, which answered as often or oftener"]
    return [*map(_city, cities[:CITIES_FIRST]), *(more if rest > 0 else [])]


def _mean(cities: Sequence[City]) -> float:
    return sum(city.rate for city in cities) / len(cities)


def _quiet(some: Sequence[Quiet], zone: str, now: datetime) -> str:
    """Carla Vargas and Jamal Singh, no answer to the last 3; of who still reads, when they did last."""
    today = calendar.today(zone, now)
    names = [blocks.escaped(one.name) for one in some[:NAMES]]
    names += [f"{len(some) - NAMES} more"] if len(some) > NAMES else []
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    missed = sorted({one.missed for one in some})
    numbers = str(missed[0]) if len(missed) == 1 else f"{missed[0]} or {missed[-1]}"
    read = [
        f"{blocks.escaped(one.name)} still looks in, last on "
        f"{calendar.spoken_date(calendar.today(zone, one.read_at), today)}"
        for one in some
        if one.read_at
    ]
    return "; ".join([f"{joined}, no answer to the last {numbers}", *read[:1]])


def _colleagues(heard: bool) -> str:
    return " (a colleague answered)" if heard else ""


def _failure(one: Failure, team_id: str, zone: str, now: datetime) -> str:
    there = blocks.channel(one.place, None if one.team_id == team_id else one.workspace)
    whom = blocks.escaped(one.person) if one.person else there
    count = "a message" if one.count == 1 else f"{one.count} messages"
    day = calendar.spoken_date(calendar.today(zone, one.at), calendar.today(zone, now))
    if one.reason is None:
        return f"{whom}: {count}, tried since {day} and not through yet. I keep trying; is the channel still mine to write in?"
    return f"{whom}: {count}, last on {day}. {undelivered.what_to_do(one.reason, directly=one.person is not None)}"
