"""Commitments are changed: by command, by button, or by a form that asks for the reason; the message acted on follows."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, dates, due_days
from handlers.commitments import asking, messages, rules, surfaces, views
from handlers.commitments.asking import Asker
from handlers.commitments.line import Line
from handlers.commitments.messages import Notice
from handlers.commitments.surfaces import Surface
from handlers.commitments.views import Carried, Filled, Press
from handlers.errors import Refused
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import commitment_lists, commitments, deliveries
from storage.commitment_lists import Item
from storage.deliveries import Priority, Terms

DONE: Json = {"state": "done", "nudge_at": None}
DROPPED: Json = {"state": "dropped", "nudge_at": None}
AT_ONCE = {views.MARK_DONE: ("done", DONE), views.AT_RISK: ("at_risk", {"state": "at_risk"})}
ASKING_MORE = {views.MOVE_DATE: "move", views.DROP_IT: "drop", views.HAND_OVER: "hand", views.CHANGE: "change"}
BY_FORM = {views.MOVE: "moved", views.DROP: "dropped", views.HAND: "handed"}
FRESH = timedelta(minutes=10)


async def by_command(
    ack: Ack, read: Line, asker: Asker, command: Json, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """`done 128` changes at once; `move 128 to Friday`, `drop 128 WHY` and `hand 128` open their forms."""
    async with sessions() as session:
        item = await asking.changeable(session, asker, read.number)
        carried = _carried(read.number, surfaces.COMMAND, command["response_url"])
        view = None if read.verb == "done" else await _form(session, read.verb, asker, item, carried, read.rest)
    if view is not None and rules.is_open(item.commitment):
        await client.views_open(trigger_id=command["trigger_id"], view=view)
        await ack()
        return
    async with sessions.begin() as session:
        values = DONE if read.verb == "done" else {}
        item, notice = await _change(session, asker, item, read.verb, values, clock.now(), read.rest)
    await ack(blocks.private(messages.single(notice, surfaces.SINGLE, item, asker.today)))


async def press(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """The buttons that change at once: "Mark done" and "At risk"."""
    kind, values = AT_ONCE[action["action_id"]]
    pressed, now = views.read_press(action["value"]), clock.now()
    async with sessions.begin() as session:
        asker = await asking.load(session, team_id, user_id, now)
        item = await asking.changeable(session, asker, pressed.number)
        item, notice = await _change(session, asker, item, kind, values, now)
        await surfaces.refresh(session, asker, _surface(pressed, body, settings), notice, item, now)
    await ack()


async def undo(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """The button "Undo" takes back the last change of the same person, once."""
    pressed, now = views.read_press(action["value"]), clock.now()
    async with sessions.begin() as session:
        asker = await asking.load(session, team_id, user_id, now)
        undone = await commitments.undo(session, asker.member, pressed.event_id, now)
        item = await asking.find(session, asker, pressed.number)
        kind = "not_undone" if undone is None else ("taken_back" if undone.state == "dropped" else "undone")
        if undone is not None and rules.is_open(undone):
            await commitments.remind_at(session, undone, await asking.next_nudge(session, item, now))
        notice = messages.happened(kind, item.commitment, None, asker.today)
        await surfaces.refresh(session, asker, _surface(pressed, body, settings), notice, item, now)
    await ack()


async def open_form(
    ack: Ack,
    body: Json,
    action: Json,
    team_id: str,
    user_id: str,
    client: Client,
    sessions: Sessions,
    clock: Clock,
) -> None:
    """The buttons that ask for more: "Move the date", "Drop", "Hand over" and "Change"."""
    pressed, now = views.read_press(action["value"]), clock.now()
    async with sessions() as session:
        asker = await asking.load(session, team_id, user_id, now)
        item = await asking.changeable(session, asker, pressed.number)
        carried = _carried(pressed.number, pressed.stands_on, _url(body))
        view = await _form(session, ASKING_MORE[action["action_id"]], asker, item, carried)
    if not rules.is_open(item.commitment):
        raise Refused(_unchanged(item, asker).text)
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def submit(
    ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """The forms that those buttons and commands open: with the new date, with the reason for giving up, with the new owner."""
    kind, filled, now = BY_FORM[view["callback_id"]], views.read_form(view), clock.now()
    if kind != "handed" and not filled.why:
        raise Refused("Please say why in a few words.", field=views.WHY)
    async with sessions.begin() as session:
        asker = await asking.load(session, team_id, user_id, now)
        item = await asking.changeable(session, asker, filled.carried.number)
        if kind == "handed":
            await _hand(session, asker, item, filled, now, settings)
        else:
            values = DROPPED if kind == "dropped" else await _moved(session, asker, item, filled, now)
            await _submitted(session, asker, item, filled, kind, values, now, settings)
    await ack()


async def correct(session: AsyncSession, asker: Asker, filled: Filled, settings: Settings, now: datetime) -> None:
    """The form "Change": text, day and audience; a day that moves needs a reason, unless it was recorded just now."""
    item = await asking.changeable(session, asker, filled.carried.number)
    one = item.commitment
    values: dict[str, Any] = {"text": filled.text, "audience": filled.audience}
    if filled.due_on != one.due_on:
        fresh = now - one.created_at < FRESH and one.created_by == asker.member.id
        if not fresh and not filled.why:
            raise Refused("The date moves: please say why in a few words.", field=views.WHY)
        values |= await _moved(session, asker, item, filled, now)
    await _submitted(session, asker, item, filled, "edited", values, now, settings)


async def _hand(
    session: AsyncSession, asker: Asker, item: Item, filled: Filled, now: datetime, settings: Settings
) -> None:
    """Give it to the new owner, who is told."""
    people = await commitment_lists.colleagues(session, asker.member, item.commitment)
    owner = next((one for one in people if one.id == filled.new_owner), None)
    if owner is None:
        raise Refused("They cannot take it over any more. Please choose somebody else.", field=views.NEW_OWNER)
    nudge_at = await asking.next_nudge(session, item, now, owner=owner)
    values = {"owner_id": owner.id, "state": "open", "nudge_at": nudge_at}
    filled, item = replace(filled, why=f"to {owner.name}"), replace(item, owner=owner)
    changed = await _submitted(session, asker, item, filled, "handed", values, now, settings)
    if changed and owner.id != asker.member.id:
        key = f"commitment:{item.commitment.id}:handed:{filled.carried.key}"
        message = messages.handed_to_you(item, asker.member.name, key, asker.today)
        terms = Terms(own_accord=True, priority=Priority.NUDGE)
        await deliveries.owe(session, owner, key, message, at=now, terms=terms)


async def _submitted(
    session: AsyncSession,
    asker: Asker,
    item: Item,
    filled: Filled,
    kind: str,
    values: Json,
    now: datetime,
    settings: Settings,
) -> bool:
    """Change it and bring the message up to date; False when it was so already, as when a form is submitted again."""
    item, notice = await _change(session, asker, item, kind, values, now, filled.why)
    carried = filled.carried
    surface = Surface(carried.stands_on, carried.url, settings.command_commit, carried.key)
    await surfaces.refresh(session, asker, surface, notice, item, now)
    return notice.event_id is not None


async def _change(
    session: AsyncSession, asker: Asker, item: Item, kind: str, values: Json, now: datetime, why: str = ""
) -> tuple[Item, Notice]:
    """The commitment after the change, and what to say; nothing changed when it is closed, or as wished already."""
    changed = await commitments.change(session, asker.member, item.commitment, kind, values, at=now, why=why)
    if changed is None:
        item = await asking.find(session, asker, item.commitment.number)
        return item, _unchanged(item, asker)
    item = replace(item, commitment=changed.commitment)
    name = item.owner.name if item.owner else ""
    return item, messages.happened(kind, changed.commitment, changed.event_id, asker.today, name)


async def _form(session: AsyncSession, verb: str, asker: Asker, item: Item, carried: Carried, rest: str = "") -> Json:
    one = item.commitment
    if verb == "hand":
        people = await commitment_lists.colleagues(session, asker.member, one)
        others = [person for person in people if person.id != one.owner_id]
        if not others:
            raise Refused(f"There is nobody else in this cohort who could take #{one.number} over.")
        return views.hand_form(carried, one, others)
    if verb == "drop":
        return views.drop_form(carried, one, rest)
    if verb == "change":
        return views.change_form(carried, one)
    day = dates.read(rest, asker.today) if rest else None
    problem = due_days.problem_with_day(day, asker.today) if day else None
    if rest and day is None:
        problem = f"I could not read “{blocks.escaped(blocks.cut(rest, 80))}” as a date. Please choose one."
    return views.move_form(carried, one, None if problem else day, problem or "")


async def _moved(session: AsyncSession, asker: Asker, item: Item, filled: Filled, now: datetime) -> Json:
    """The new day with the next reminder; `Refused` when the day cannot be."""
    if filled.due_on is None:
        raise Refused("Please choose a day.", field=views.DUE)
    problem = due_days.problem_with_day(filled.due_on, asker.today)
    if problem:
        raise Refused(problem, field=views.DUE)
    return {"due_on": filled.due_on, "nudge_at": await asking.next_nudge(session, item, now, due_on=filled.due_on)}


def _unchanged(item: Item, asker: Asker) -> Notice:
    kind = "same" if rules.is_open(item.commitment) else "closed"
    return messages.happened(kind, item.commitment, None, asker.today)


def _carried(number: int, stands_on: str, url: str) -> Carried:
    return Carried(key=secrets.token_urlsafe(12), number=number, stands_on=stands_on, url=url)


def _surface(pressed: Press, body: Json, settings: Settings) -> Surface:
    return Surface(pressed.stands_on, _url(body), settings.command_commit)


def _url(body: Json) -> str:
    return str(body.get("response_url") or "")
