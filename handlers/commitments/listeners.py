"""Commitments are recorded: a command, a shortcut, a practice's button or the form comes in, and a confirmation goes out."""

import secrets
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, due_days
from handlers.commitments import asking, changing, line, looking, messages, rules, source, story, surfaces, views
from handlers.commitments.asking import Asker
from handlers.commitments.line import Line
from handlers.commitments.views import Carried, Filled
from handlers.errors import Refused
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import commitments, deliveries
from storage.commitment_lists import Item, Place
from storage.commitments import New
from storage.days import Days
from storage.models import Commitment


async def commit(
    ack: Ack,
    command: Json,
    team_id: str,
    user_id: str,
    client: Client,
    sessions: Sessions,
    clock: Clock,
    settings: Settings,
) -> None:
    """`/commit publish the dashboard by Friday` is recorded at once; anything unclear opens the form with the text kept."""
    if line.asks_for_help(command["text"]):
        await ack(blocks.private(story.helps(settings.command_commit)))  # strangers read it, too
        return
    async with sessions() as session:
        asker = await asking.load(session, team_id, user_id, clock.now(), command["channel_id"])
        names = await looking.names(session, asker, command["text"])
        read = line.read(command["text"], asker.today, names)
        answer = await looking.answer(session, asker, read, names, settings)
    if answer is not None:
        await ack(blocks.private(answer))
    elif read.verb == "record":
        await _record(ack, read, asker, command, client, sessions, clock)
    else:
        await changing.by_command(ack, read, asker, command, client, sessions, clock)


async def new(
    ack: Ack, shortcut: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """The shortcut "New commitment" opens an empty form."""
    async with sessions() as session:
        asker = await asking.load(session, team_id, user_id, clock.now())
    await client.views_open(trigger_id=shortcut["trigger_id"], view=_form(asker, _carried()))
    await ack()


async def record_message(
    ack: Ack, shortcut: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """The shortcut "Record as commitment" on a message opens the form with its text and a link back."""
    async with sessions() as session:
        asker = await asking.load(session, team_id, user_id, clock.now(), shortcut["channel"]["id"])
    text = source.plain(shortcut["message"].get("text") or "")
    read = line.read(text, asker.today)
    link = source.permalink(shortcut["team"]["domain"], shortcut["channel"]["id"], shortcut["message"])
    carried = _carried(source_url=link)
    shown = text if len(text) <= rules.LONGEST_TEXT else blocks.cut(text, rules.LONGEST_TEXT)
    await client.views_open(trigger_id=shortcut["trigger_id"], view=_form(asker, carried, text=shown, read=read))
    await ack()


async def adopt(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """The button "Adopt" of a practice opens the form with the practice linked, on top of the practice when that is open."""
    async with sessions() as session:
        channel = (body.get("channel") or {}).get("id", "")
        asker = await asking.load(session, team_id, user_id, clock.now(), channel)
        title = await commitments.practice_title(session, asker.member, int(action["value"]))
    if title is None:
        raise Refused("This practice is not in the library any more.")
    view = _form(asker, _carried(practice_id=int(action["value"])), text=f"Adopt: {title}")
    if (body.get("view") or {}).get("type") == "modal":
        await client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def save(
    ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """The form of a new commitment, or of one that is changed, was filled in."""
    filled, now = views.read_form(view), clock.now()
    async with sessions() as session:
        asker = await asking.load(session, team_id, user_id, now)
    problem = rules.problem_with_text(filled.text)
    if problem:
        raise Refused(problem, field=views.TEXT)
    async with sessions.begin() as session:
        if filled.carried.number:
            await changing.correct(session, asker, filled, settings, now)
        else:
            await _save(session, asker, filled, now)
    await ack()


async def _record(
    ack: Ack, read: Line, asker: Asker, command: Json, client: Client, sessions: Sessions, clock: Clock
) -> None:
    place = rules.place_of(asker.open_places)
    reason = _reason(read, asker, place)
    if reason is not None or read.due_on is None:
        view = _form(asker, _carried(), read=read, reason=reason or "")
        await client.views_open(trigger_id=command["trigger_id"], view=view)
        await ack()
        return
    new_one = _new(read.text, read.due_on, rules.audience_for(place), place, asker, clock.now())
    async with sessions.begin() as session:
        saved = await commitments.record(session, asker.member, new_one, clock.now())
    item = _item(saved.commitment, place, asker)
    if saved.event_id is None:
        await ack(blocks.private(messages.saved_before(item, asker.today)))
    else:
        await ack(blocks.private(messages.saved(item, saved.event_id, surfaces.SINGLE, asker.today)))


def _reason(read: Line, asker: Asker, place: Place | None) -> str | None:
    """Why the form opens instead of recording at once; None when nothing stands in the way."""
    if read.due_on is None:
        if read.guessed:
            return "Please check the due date: I took it from the end of your text." if read.text else ""
        if read.unread:
            return f"I could not read “{blocks.escaped(blocks.cut(read.unread, 80))}” as a date. Please choose one."
        return "When will it be done? I found no date in your text." if read.text else ""
    problem = rules.problem_with_text(read.text) or due_days.problem_with_day(read.due_on, asker.today)
    if problem is None and place is None and len(asker.open_places) > 1:
        return "You are in several cohorts. Please choose the one that this belongs to."
    return problem


def _form(
    asker: Asker,
    carried: Carried,
    *,
    text: str = "",
    read: Line | None = None,
    reason: str = "",
) -> Json:
    """What was typed is kept; a day is filled in only when it may stand."""
    day = (read.due_on or read.guessed) if read else None
    if day and due_days.problem_with_day(day, asker.today):
        day = None
    text = text or (read.text if read else "")
    chosen = rules.place_of(asker.open_places)
    return views.form(carried, asker.open_places, text=text, due_on=day, chosen=chosen, reason=reason)


def _carried(*, practice_id: int | None = None, source_url: str | None = None) -> Carried:
    return Carried(key=secrets.token_urlsafe(12), practice_id=practice_id, source_url=source_url)


async def _save(session: AsyncSession, asker: Asker, filled: Filled, now: datetime) -> None:
    place = next((one for one in asker.open_places if views.place_value(one) == filled.place), None)
    if place is None and filled.place != views.WHOLE_PROGRAM:
        raise Refused("You are not on that seat any more. Please choose another one.", field=views.PLACE)
    day, carried = filled.due_on or asker.today, filled.carried
    problem = due_days.problem_with_day(day, asker.today)
    if problem:
        raise Refused(problem, field=views.DUE)
    if carried.practice_id and await commitments.practice_title(session, asker.member, carried.practice_id) is None:
        raise Refused("This practice is not in the library any more.")
    new_one = _new(filled.text, day, filled.audience, place, asker, now, carried)
    saved = await commitments.record(session, asker.member, new_one, now)
    item, key = _item(saved.commitment, place, asker), surfaces.saved_key(saved.commitment.id)
    if saved.event_id is not None:
        message = messages.saved(item, saved.event_id, key, asker.today)
        await deliveries.owe(session, asker.member, key, message, at=now)
    elif saved.commitment.form_key != carried.key:
        message = messages.saved_before(item, asker.today)
        await deliveries.owe(session, asker.member, f"{key}:again:{carried.key}", message, at=now)


def _new(
    text: str,
    day: date,
    audience: str,
    place: Place | None,
    asker: Asker,
    now: datetime,
    carried: Carried | None = None,
) -> New:
    carried = carried or Carried()
    return New(
        text=text,
        due_on=day,
        audience=audience,
        cohort_id=place.cohort_id if place else None,
        city_id=place.city_id if place else None,
        nudge_at=due_days.next_nudge(day, now, asker.zone, Days(place.state if place else None)),
        practice_id=carried.practice_id,
        source_url=carried.source_url,
        form_key=carried.key or None,
    )


def _item(commitment: Commitment, place: Place | None, asker: Asker) -> Item:
    return Item(commitment, asker.member, place.city if place else "", place.cohort if place else "")
