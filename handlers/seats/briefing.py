"""Reads what somebody needs who comes to a seat, and opens the longer parts of their brief."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, windows
from handlers.errors import Refused
from handlers.people import member_of
from handlers.seats import brief_views
from handlers.seats.brief_views import Arrival
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import answers, cohorts, commitment_lists, members, owners, seats, turnover
from storage.commitment_lists import Item
from storage.commitment_lists import Place as Standing
from storage.models import Member
from storage.seats import Seated

ROUNDS = 4


async def arrival(session: AsyncSession, place: Seated, now: datetime) -> Arrival:
    """All that the brief tells, as the successor may see it."""
    program_id, today = place.delegate.program_id, calendar.today(place.zone, now)
    listed = await cohorts.listed(session, program_id, await members.reached_in(session, place.member))
    given = await answers.of_seat(session, program_id, place.seat.id, ROUNDS)
    return Arrival(
        place=place,
        cohort=next(one for one in listed if one.id == place.seat.cohort_id),
        before=await turnover.before(session, place),
        beside=await turnover.beside(session, place, today),
        facilitators=await members.facilitators(session, program_id, place.seat.cohort_id),
        items=await _of_city(session, place.member, place, today),
        answers=[one for one in given if brief_views.readable(one[0], one[1])],
        coming=await cohorts.next_check_ins(session, program_id, [place.seat.cohort_id]),
        today=today,
    )


async def show_commitments(
    ack: Ack, action: Json, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Open commitments of a place, or of somebody who left, with their history, as far as who asks may see them."""
    kind, _, id_ = action["value"].partition(":")
    now = clock.now()
    async with sessions() as session:
        member = await member_of(session, team_id, user_id)
        zone = await members.zone_of(session, member)
        today = calendar.today(zone, now)
        if kind == "place":
            place = await _place(session, member, int(id_))
            items = await _of_city(session, member, place, today)
        else:
            standing = await _standing(session, member, today)
            items = await commitment_lists.needing_owner(session, member, standing, int(id_))
        told = await owners.histories(session, member.program_id, [one.commitment.id for one in items])
    await windows.open_from(client, body, brief_views.all_commitments(items, told, zone, today))
    await ack()


async def show_answers(
    ack: Ack, action: Json, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """The last answers of one's own seat."""
    async with sessions() as session:
        member = await member_of(session, team_id, user_id)
        place = await _place(session, member, int(action["value"]))
        today = calendar.today(place.zone, clock.now())
        until = place.delegate.until_on
        if place.member.id != member.id or (until is not None and until < today):
            raise Refused("Only who is on the seat now reads its answers here.")
        given = await answers.of_seat(session, member.program_id, place.seat.id, ROUNDS)
    await windows.open_from(client, body, brief_views.last_answers(given, place.city, today))
    await ack()


async def show_when(
    ack: Ack,
    body: Json,
    team_id: str,
    user_id: str,
    client: Client,
    sessions: Sessions,
    clock: Clock,
    settings: Settings,
) -> None:
    """ "When do I hear from you?"."""
    cohort_id = int(body["actions"][0]["value"])
    async with sessions() as session:
        member = await member_of(session, team_id, user_id)
        today = calendar.today(await members.zone_of(session, member), clock.now())
        coming = await cohorts.next_check_ins(session, member.program_id, [cohort_id])
    await windows.open_from(client, body, brief_views.when(coming, today, settings))
    await ack()


async def _of_city(session: AsyncSession, member: Member, place: Seated, today: date) -> list[Item]:
    """The open commitments of a city in a cohort that somebody may see."""
    standing = await _standing(session, member, today)
    found = await commitment_lists.of_cities(session, member, standing, {place.seat.city_id})
    return [one for one in found if one.commitment.cohort_id == place.seat.cohort_id]


async def _standing(session: AsyncSession, member: Member, today: date) -> list[Standing]:
    """Where somebody stands today."""
    known = await commitment_lists.places_of(session, member)
    return [one for one in known if (one.since_on or today) <= today <= (one.until_on or today)]


async def _place(session: AsyncSession, member: Member, delegate_id: int) -> Seated:
    place = await seats.place(session, member.program_id, delegate_id)
    if place is None:
        raise Refused("I do not know this seat any more.")
    return place
