"""Pure decisions: whom a text mentions, and whose places are shown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from storage.cohorts import Person, Place

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class Found:
    """Somebody with all places that the asker may see."""

    person: Person
    places: tuple[Place, ...]


def mentioned(text: str) -> str | None:
    """The Slack user whom a text mentions, if any."""
    found = MENTION.search(text)
    return found[1] if found else None


def found(member_ids: Iterable[int], places: Iterable[Place]) -> list[Found]:
    """These people with their places, in this order; without those of whom no place is known."""
    by_person: dict[int, list[Place]] = {}
    for place in places:
        if place.person:
            by_person.setdefault(place.person.id, []).append(place)
    groups = [by_person[member_id] for member_id in member_ids if member_id in by_person]
    return [Found(group[0].person, tuple(group)) for group in groups if group[0].person]
