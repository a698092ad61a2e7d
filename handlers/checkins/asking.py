"""When each person is asked in a round, or why they are not."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import date, datetime

from handlers.checkins import rules
from handlers.rhythm import Pattern, Place
from storage.checkins import Person
from storage.prompting import NewPrompt
from storage.rests import RESTING

AT_ONCE = 50


def places(people: Sequence[Person], day: date) -> list[Place]:
    """Where those work who have a seat on a day, each place once: thousands of people work in a few."""
    found = {(one.zone, one.days.state, one.days.off): one.days for one in people if one.sits_on(day)}
    return [Place(zone, days) for (zone, _, _), days in found.items()]


def seated(people: Sequence[Person], day: date) -> list[Person]:
    """Who has a seat on a day; whoever is named twice for one seat, once."""
    return list({(one.seat_id, one.member_id): one for one in people if one.sits_on(day)}.values())


async def prompts(
    pattern: Pattern,
    nominal: date,
    people: Sequence[Person],
    resting: Collection[int],
    now: datetime,
    *,
    at_once: bool = False,
) -> list[NewPrompt]:
    """Everybody who has a seat on the nominal date, each with their own window; `resting` are members who want to be left alone.

    `at_once` says that somebody opens the round by hand now. Of thousands some at a time, so that others have their turn in between.
    """
    planned = []
    for place, person in enumerate(seated(people, nominal), 1):
        planned.append(prompt(pattern, nominal, person, resting, now, at_once=at_once))
        if place % AT_ONCE == 0:
            await asyncio.sleep(0)
    return [one for one in planned if one.ends_at > one.due_at]


def prompt(
    pattern: Pattern, nominal: date, person: Person, resting: Collection[int], now: datetime, *, at_once: bool = False
) -> NewPrompt:
    """One person's own moment, end and reminder."""
    place = Place(person.zone, person.days)
    window = rules.window(pattern, nominal, place, at_once=now if at_once else None)
    remind_at = rules.remind_at(pattern, window, place)
    late = "late" if rules.too_late(window, now) else None
    skipped = RESTING if person.member_id in resting else late
    return NewPrompt(person, window.due_at, window.ends_at, None if skipped else remind_at, skipped)
