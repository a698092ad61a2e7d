"""A city's calendar: it is shown, and its lead or a facilitator adds days or removes them, once what changes was shown."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, words
from handlers.absences import days_rules, days_views
from handlers.absences.days_rules import Moved
from handlers.absences.days_views import Carried
from handlers.errors import Refused
from handlers.people import member_of, today_of
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import city_days, deliveries, programs
from storage.city_days import Known, off_of
from storage.days import Days, Off
from storage.models import Member

FIELDS = {"name": days_views.NAME, "first": days_views.FIRST, "last": days_views.LAST}
NOT_YOURS = "The lead of a city and the facilitators of its cohorts change its calendar. Nothing was changed."


@dataclass(frozen=True)
class Asker:
    """Who asks, the cities whose calendars they may see, and their own day."""

    member: Member
    cities: list[Known]
    today: date


async def calendar_of(
    ack: Ack, command: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """`/cohort days Memphis`; without a name one's own city, or a menu of those that one may see."""
    named = words.of(command).words
    async with sessions() as session:
        asker = await _asker(session, team_id, user_id, clock.now())
        meant = days_rules.meant(named, asker.cities)
        if len(meant) == 1:
            rows = await city_days.of_city(session, asker.member.program_id, meant[0].id)
            reply = days_views.month_ahead(meant[0], rows, asker.today, settings)
        else:
            reply = days_views.which("" if meant else named, meant or asker.cities, settings)
    await ack(blocks.private(reply))


async def choose(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """The menu of cities, and "Show all": the calendar takes the place of the message."""
    city_id, _, everything = (action.get("value") or action["selected_option"]["value"]).partition(":")
    now = clock.now()
    async with sessions.begin() as session:
        asker = await _asker(session, team_id, user_id, now)
        city = _one(asker.cities, int(city_id))
        rows = await city_days.of_city(session, asker.member.program_id, city.id)
        reply = days_views.month_ahead(city, rows, asker.today, settings, everything=bool(everything))
        await _replace(session, asker.member, team_id, body["response_url"], f"shown:{body['trigger_id']}", reply, now)
    await ack()


async def open_page(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """ "Add days" opens the form, "Remove" the question."""
    async with sessions() as session:
        asker = await _asker(session, team_id, user_id, clock.now())
        page = await PAGES[action["action_id"]](session, asker, int(action["value"]), body.get("response_url", ""))
    await client.views_open(trigger_id=body["trigger_id"], view=page)
    await ack()


async def show_effect(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """The days were filled in: the next page shows what they move."""
    carried = days_views.read_form(view)
    async with sessions() as session:
        asker = await _asker(session, team_id, user_id, clock.now())
        city, off = _changeable(asker.cities, carried.city_id), _filled(carried)
        known = tuple(off_of(row) for row in await city_days.of_city(session, asker.member.program_id, city.id))
        if problems := days_rules.problems_with(off, known, city, asker.today):
            await ack(response_action="errors", errors={FIELDS[about]: text for about, text in problems.items()})
            return
        before, after = Days(city.state, known), Days(city.state, (*known, off))
        moves = await _moves(session, asker.member, city, before, after, off)
    await ack(response_action="update", view=days_views.effect(carried, city, off, moves, asker.today))


async def change(
    ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Back to the form, with what was filled in."""
    carried = days_views.read_carried(body["view"])
    async with sessions() as session:
        asker = await _asker(session, team_id, user_id, clock.now())
    page = days_views.form(carried, _mine(asker.cities), asker.today)
    await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=page)
    await ack()


async def confirm(
    ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """Confirmed: the days are in the calendar, or out of it, and what they move is planned anew."""
    carried, now = days_views.read_carried(view), clock.now()
    adds = view["callback_id"] == days_views.CONFIRM
    async with sessions.begin() as session:
        asker = await _asker(session, team_id, user_id, now)
        city, off = _changeable(asker.cities, carried.city_id), _filled(carried)
        if adds:
            changed = await city_days.add(session, asker.member, days_views.new_days(carried), now)
        else:
            changed = await city_days.remove(session, asker.member, carried.days_id, now)
        if changed:
            said = days_views.changed("added" if adds else "removed", city, off, asker.today)
            await _tell(session, asker, team_id, carried, said, now, settings)
    await ack()


async def _asker(session: AsyncSession, team_id: str, user_id: str, now: datetime) -> Asker:
    """Two statements where the zone of who asks is known."""
    member = await member_of(session, team_id, user_id)
    today = await today_of(session, member, now)
    return Asker(member, await city_days.cities_for(session, member, today), today)


async def _new_days(_session: AsyncSession, asker: Asker, city_id: int, url: str) -> Json:
    city = _changeable(asker.cities, city_id)
    carried = Carried(secrets.token_urlsafe(12), city.id, url)
    return days_views.form(carried, _mine(asker.cities), asker.today)


async def _removal(session: AsyncSession, asker: Asker, days_id: int, url: str) -> Json:
    """What moves back is shown first."""
    row, city = await _found(session, asker, days_id)
    known = [(one.id, off_of(one)) for one in await city_days.of_city(session, asker.member.program_id, city.id)]
    before = Days(city.state, tuple(off for _, off in known))
    after = Days(city.state, tuple(off for other_id, off in known if other_id != row[0]))
    moves = await _moves(session, asker.member, city, before, after, row[1])
    return days_views.removal(Carried("", city.id, url, row[1], row[0]), city, row[1], moves, asker.today)


async def _moves(
    session: AsyncSession, member: Member, city: Known, before: Days, after: Days, off: Off
) -> tuple[Moved, ...]:
    held = await city_days.seats_of(session, member.program_id, city.id)
    planned = await city_days.planned(session, member.program_id, {one.seat_id for one in held})
    return days_rules.moved(held, planned, before, after, off.last)


async def _found(session: AsyncSession, asker: Asker, days_id: int) -> tuple[tuple[int, Off], Known]:
    found = await city_days.of_id(session, asker.member.program_id, days_id)
    if found is None:
        raise Refused("These days were removed already. Nothing was changed.")
    return (found.id, off_of(found)), _changeable(asker.cities, found.city_id)


async def _tell(
    session: AsyncSession, asker: Asker, team_id: str, carried: Carried, said: str, now: datetime, settings: Settings
) -> None:
    """The calendar that the person looked at follows, with what happened above it; where there is none, a message of its own."""
    city = _one(asker.cities, carried.city_id)
    rows = await city_days.of_city(session, asker.member.program_id, city.id)
    reply = blocks.with_note(said, days_views.month_ahead(city, rows, asker.today, settings))
    key = f"{carried.key or carried.days_id}:{now.isoformat()}"
    if carried.url:
        await _replace(session, asker.member, team_id, carried.url, key, reply, now)
    else:
        await deliveries.owe(session, asker.member, f"days:{key}", reply, at=now)


async def _replace(
    session: AsyncSession, member: Member, team_id: str, url: str, key: str, reply: Json, now: datetime
) -> None:
    workspace = await programs.by_team(session, team_id)
    if workspace is not None:
        answer = {**reply, "replace_original": True, "response_type": "ephemeral"}
        await deliveries.owe_response(session, member.program_id, workspace.id, url, f"days:{key}", answer, at=now)


def _one(cities: list[Known], city_id: int) -> Known:
    city = next((one for one in cities if one.id == city_id), None)
    if city is None:
        raise Refused("This city is in none of your cohorts.")
    return city


def _changeable(cities: list[Known], city_id: int) -> Known:
    city = _one(cities, city_id)
    if not city.may_change:
        raise Refused(NOT_YOURS)
    return city


def _mine(cities: list[Known]) -> list[Known]:
    return [city for city in cities if city.may_change]


def _filled(carried: Carried) -> Off:
    if carried.off is None:
        raise Refused("Which days? Please press “Add days” again. Nothing was saved.")
    return carried.off


PAGES: dict[str, Callable[[AsyncSession, Asker, int, str], Awaitable[Json]]] = {
    days_views.ADD: _new_days,
    days_views.REMOVE: _removal,
}
