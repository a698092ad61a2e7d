"""Whom a form about places means, and whether they can have the place; what is wrong stands beside its field. Pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from handlers import blocks
from handlers.errors import Refused
from handlers.seats import places
from handlers.seats.places import Going, Handing, Somebody
from storage.models import Delegate, Member
from storage.seats import Seated

ONE_DAY = timedelta(days=1)


def meant(found: Sequence[Member], person: Somebody) -> Member | None:
    """The only one who was found; None for somebody new. `Refused` when the words contradict what is known."""
    if len(found) > 1:
        names = " and ".join(blocks.escaped(one.name) for one in found[:2])
        raise Refused(f"These are two people here, {names}. Please give only one of them.", field=places.EMAIL)
    if not found:
        if not person.name:
            raise Refused("I do not know this person yet. Please give their name, too.", field=places.NAME)
        return None
    member = found[0]
    if person.name and person.name.casefold() != member.name.casefold():
        name = blocks.escaped(member.name)
        raise Refused(f"I know this person as {name}. Please use that name, or another address.", field=places.NAME)
    if member.deactivated_at is not None:
        raise Refused(f"{blocks.escaped(member.name)} has left Slack. Please choose somebody else.", field=places.USER)
    return member


def refuse_twice(member: Member, held: Iterable[Delegate], since: date, until: date | None) -> None:
    """Nobody has the same seat twice on one day; `held` are the member's places on it."""
    if any(_meets(one, since, until) for one in held):
        raise Refused(sits_already(member), field=places.ROLE)


def sits_already(member: Member) -> str:
    return f"{blocks.escaped(member.name)} is on this seat already."


def refuse_facilitator(member: Member, facilitated: Collection[int | None], cohort_id: int | None) -> None:
    """Nobody facilitates the same twice."""
    if cohort_id in facilitated:
        raise Refused(f"{blocks.escaped(member.name)} facilitates this already.", field=places.ROLE)


def refuse_successor(place: Seated, member: Member, held: Iterable[Delegate], since: date) -> None:
    """Who comes is somebody else, and has no place on the seat that begins later: an earlier one ends with the day before."""
    name = blocks.escaped(member.name)
    if member.id == place.member.id:
        raise Refused(f"{name} has this seat already. Please choose somebody else.")
    later = [one for one in held if one.since_on is not None and one.since_on >= since]
    if any(_meets(one, since, place.delegate.until_on) for one in later):
        raise Refused(f"{name} has a place on this seat already from a later day.")


def refuse_day(place: Seated, since: date) -> None:
    """The first day of who comes lies within the place that is handed over."""
    one, name = place.delegate, blocks.escaped(place.member.name)
    if one.since_on and since <= one.since_on:
        day = f"{one.since_on:%B} {one.since_on.day}, {one.since_on.year}"
        raise Refused(f"{name} comes on {day}; please choose a later day.", field=places.SINCE)
    if one.until_on and since > one.until_on + ONE_DAY:
        day = f"{one.until_on:%B} {one.until_on.day}, {one.until_on.year}"
        text = f"{name}'s last day is {day}; please choose the day after it or an earlier one."
        raise Refused(text, field=places.SINCE)
    if one.until_on and one.successor_id and since > one.until_on:
        text = f"Somebody takes the seat over from {name} already. Take that back first, or end their place."
        raise Refused(text, field=places.WHO)


def refuse_changed(place: Seated, seen: Going | Handing) -> None:
    """Somebody else set another last day since it was seen."""
    if places.iso(place.delegate.until_on) != seen.until_on:
        raise Refused(places.GONE)


def _meets(one: Delegate, since: date, until: date | None) -> bool:
    """Whether a place has a day of these."""
    ends_after = one.until_on is None or one.until_on >= since
    return ends_after and (until is None or one.since_on is None or one.since_on <= until)
