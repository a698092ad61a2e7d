"""Brings the message that somebody acted on up to date: a reminder, a confirmation, a page of a list, or an answer to a command."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.commitments import line, messages, rules
from handlers.commitments.asking import Asker
from handlers.commitments.messages import Notice
from handlers.types import Json
from storage import commitment_lists, deliveries, programs
from storage.commitment_lists import Item

# What a button or form says it stands on: `nudge:MEMBER:DAY:NUMBERS`, `commitment:ID:saved`, a page of a list, or one of these two.
SINGLE, COMMAND = messages.SINGLE, "command"
TITLES = {"mine": "Your commitments", "overdue": "What is late"}


def saved_key(commitment_id: int) -> str:
    return f"commitment:{commitment_id}:saved"


@dataclass(frozen=True)
class Surface:
    """The message that somebody acted on. `url` is the response_url of the act; `key` is the form's, so that a form that is submitted
    again is answered once; `command` is what people type."""

    stands_on: str
    url: str
    command: str
    key: str = ""


async def refresh(
    session: AsyncSession, asker: Asker, surface: Surface, notice: Notice, item: Item, at: datetime
) -> None:
    """Owe the new look of a message, with what just happened."""
    kind = surface.stands_on.split(":", maxsplit=1)[0]
    program_id = asker.member.program_id
    # Who handed it over may have nothing more to say about it: then there are no buttons, but for "Undo".
    one = item if rules.may_change(item.commitment, asker.member, asker.places) else None
    if kind == "nudge":
        reason, numbers = surface.stands_on.rsplit(":", 1)
        items = await commitment_lists.owned(session, asker.member, [int(number) for number in numbers.split(",")])
        message = messages.nudge(items, reason, asker.today, notice)
        await deliveries.owe_update(session, program_id, reason, message, at=at)
    elif kind == "commitment":
        message = messages.single(notice, surface.stands_on, one, asker.today)
        await deliveries.owe_update(session, program_id, surface.stands_on, message, at=at)
    elif kind in line.LISTS:
        message = await page(session, asker, surface.stands_on, surface.command, notice)
        await respond(session, asker, surface, message, at, replace=True)
    else:
        message = messages.single(notice, SINGLE, one, asker.today)
        await respond(session, asker, surface, message, at, replace=kind != COMMAND)


async def respond(
    session: AsyncSession, asker: Asker, surface: Surface, message: Json, at: datetime, *, replace: bool
) -> None:
    """Owe an answer by response_url; without one (in App Home) a direct message."""
    key = f"commitments:{surface.key or secrets.token_urlsafe(9)}"
    workspace = await programs.by_team(session, asker.team_id)
    if not surface.url or workspace is None:
        await deliveries.owe(session, asker.member, key, message, at=at)
        return
    how: Json = {"replace_original": True} if replace else {"response_type": "ephemeral", "replace_original": False}
    await deliveries.owe_response(
        session, asker.member.program_id, workspace.id, surface.url, key, message | how, at=at
    )


async def page(session: AsyncSession, asker: Asker, name: str, command: str, notice: Notice | None = None) -> Json:
    """A page of a list, as it is now."""
    which, start, key = messages.read_page(name)
    items = await _items(session, asker, which, key)
    if not items[start:] and start:
        start, name = 0, messages.page_of(which, 0, key)
    if not items:
        return messages.nothing(which, command, name, notice)
    own = {item.commitment.number for item in items if rules.may_change(item.commitment, asker.member, asker.places)}
    return messages.listing(_title(asker, which, key, items), items, name, asker.today, changeable=own, notice=notice)


async def _items(session: AsyncSession, asker: Asker, which: str, key: int) -> list[Item]:
    member, places = asker.member, asker.places
    if which == "mine":
        return await commitment_lists.mine(session, member)
    if which == "overdue":
        return await commitment_lists.overdue(session, member, places, asker.today)
    if which == "city":
        cities = {key} if key else {place.city_id for place in places if place.city_id}
        return await commitment_lists.of_cities(session, member, places, cities)
    cohorts = {key} if key else {place.cohort_id for place in places}
    return await commitment_lists.of_cohorts(session, member, places, cohorts)


def _title(asker: Asker, which: str, key: int, items: Sequence[Item]) -> str:
    if which in ("mine", "overdue"):
        return TITLES[which]
    named = {item.city if which == "city" else item.cohort for item in items}
    own = {(place.city_id if which == "city" else place.cohort_id) for place in asker.places}
    if len(named) == 1 and (key or len(own) == 1):
        return named.pop()
    return f"Your {'cities' if which == 'city' else 'cohorts'}"
