"""The forms about places come in: what is wrong is said beside its field, and what is right is saved for the job that carries it out."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, rights
from handlers.errors import Refused
from handlers.people import allowed, asker_allowed, refuse_unless, today_of, who_can
from handlers.seats import forms, opening, places, returning, views, whom
from handlers.seats.places import Adding, Going, Handing, Somebody
from handlers.types import Ack, Clock, Json, Sessions
from storage import members, owners, seat_changes, seats, turnover
from storage.members import Asker
from storage.models import Commitment, Delegate, Member
from storage.seats import Seated


async def add(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Put a person on a seat, or let them facilitate."""
    adding, now = forms.read_add(view), clock.now()
    async with sessions.begin() as session:
        asker = await asker_allowed(session, team_id, user_id, "cohort add", adding.cohort_id)
        problems = places.problems_with_person(adding.person, asker.workspace.bot_user_id)
        problems |= places.problems_with_place(adding, await today_of(session, asker.member, now))
        if not problems and await _save(session, asker, seat_changes.ADD, adding, adding.said(), now):
            await (_refuse_seat if adding.seated else _refuse_facilitator)(session, asker, adding, now)
    if problems:
        await ack(response_action="errors", errors=problems)
    else:
        await ack(response_action="clear")


async def remove(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Say what will happen before anything does."""
    going, now = forms.read_remove(view), clock.now()
    async with sessions() as session:
        by = await allowed(session, team_id, user_id, "cohort remove", going.cohort_id)
        place = await _still_there(session, by, going, now)
        last_day = date.fromisoformat(going.last_day)
        problems = _problems_with_end(place, last_day, going.why)
        if problems:
            await ack(response_action="errors", errors=problems)
            return
        open_now = await owners.open_of(session, by.program_id, place.member.id, place.seat)
        today = calendar.today(place.zone, now)
        left = await turnover.beside(session, place, max(today, last_day), ("lead", "delegate"))
    sure = replace(going, delegate_id=place.delegate.id, until_on=places.iso(place.delegate.until_on))
    tells = place.member.id != by.id and place.member.deactivated_at is None
    lines = views.what_will_happen(place, last_day, open_now, left, today, tells=tells)
    await ack(response_action="push", view=forms.going(sure, lines))


async def remove_now(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """It was confirmed: set the last day; what follows is done when it has passed."""
    going, now = forms.read_going(view), clock.now()
    async with sessions.begin() as session:
        asker = await asker_allowed(session, team_id, user_id, "cohort remove", going.cohort_id)
        if await _save(session, asker, seat_changes.REMOVE, going, vars(going), now):
            place = await seats.place(session, asker.member.program_id, going.delegate_id)
            if place is None or place.seat.cohort_id != going.cohort_id:
                raise Refused(places.GONE)
            whom.refuse_changed(place, going)
            last_day = date.fromisoformat(going.last_day)
            if not await seats.end(session, asker.member, place, last_day, going.why):
                raise Refused(places.GONE)
    await ack(response_action="clear")


async def undo(ack: Ack, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Take back the end of a place, or a handover, with what followed from it, as far as nobody acted on it."""
    async with sessions.begin() as session:
        by = await allowed(session, team_id, user_id, "cohort undo")
        cohort_id = await seat_changes.take_back(session, by, int(action["value"]), clock.now())
        if cohort_id is None:
            raise Refused(returning.TOO_LATE)
        await refuse_unless(session, by, "cohort undo", cohort_id)
    await ack()


async def handover(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Ask which open commitments go along; without any, hand the seat over."""
    handing, now = forms.read_handover(view), clock.now()
    following: Json | None = None
    async with sessions.begin() as session:
        asker = await asker_allowed(session, team_id, user_id, "cohort handover", handing.cohort_id)
        problems = places.problems_with_person(handing.person, asker.workspace.bot_user_id)
        too_long = places.problem_with_text(handing.note)
        problems |= {places.NOTE: too_long} if too_long else {}
        if not problems:
            following = await _ask_what_goes_along(session, asker, handing, now)
    if problems:
        await ack(response_action="errors", errors=problems)
    elif following:
        await ack(response_action="push", view=following)
    else:
        await ack(response_action="clear")


async def take(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """It was chosen what goes along: hand the seat over."""
    handing, now = forms.read_taking(view), clock.now()
    if handing.along == "chosen" and not handing.chosen:
        raise Refused("Please choose those that go along, or “None” above.", field=places.CHOSEN)
    async with sessions.begin() as session:
        asker = await asker_allowed(session, team_id, user_id, "cohort handover", handing.cohort_id)
        if await _save(session, asker, seat_changes.HANDOVER, handing, vars(handing), now):
            place, _ = await _successor(session, asker, handing, now)
            whom.refuse_changed(place, handing)
    await ack(response_action="clear")


async def _save(
    session: AsyncSession, asker: Asker, kind: str, form: Adding | Going | Handing, said: Json, now: datetime
) -> bool:
    """False when this form was saved before."""
    return await seat_changes.save(
        session, asker.member, asker.workspace, kind, cohort_id=form.cohort_id, form_key=form.key, said=said, at=now
    )


async def _refuse_seat(session: AsyncSession, asker: Asker, adding: Adding, now: datetime) -> None:
    """Whoever is unclear, or has the seat already."""
    found = await _found(session, asker, adding.person, adding.cohort_id, adding.city)
    member = whom.meant([one for one, _ in found], adding.person)
    if member is not None:
        whom.refuse_twice(member, found[0][1], places.first_day(adding, now), adding.until_on)


async def _refuse_facilitator(session: AsyncSession, asker: Asker, adding: Adding, _now: datetime) -> None:
    """Whoever is unclear, or facilitates it already; and who may not name facilitators of the program."""
    if adding.role == "program" and not rights.may("cohort add program", asker.runs()):
        can = await who_can(session, asker.member.program_id)
        raise Refused(f"Only facilitators of the whole program can do this. {can}", field=places.ROLE)
    found = await seats.people(session, asker.workspace, adding.person.user_id, adding.person.email or None)
    member = whom.meant(found, adding.person)
    if member is not None:
        cohort_id = None if adding.role == "program" else adding.cohort_id
        whom.refuse_facilitator(member, await members.facilitated(session, member), cohort_id)


async def _ask_what_goes_along(session: AsyncSession, asker: Asker, handing: Handing, now: datetime) -> Json | None:
    """The page that asks it; None when there is nothing to ask, and the handover is saved, or was saved before."""
    program_id = asker.member.program_id
    try:
        place, name = await _successor(session, asker, handing, now)
    except Refused:
        if await seat_changes.is_saved(session, program_id, handing.key):
            return None
        raise
    handing = replace(handing, until_on=places.iso(place.delegate.until_on))
    open_now: list[Commitment] = await owners.open_of(session, program_id, place.member.id, place.seat)
    if not open_now:
        await _save(session, asker, seat_changes.HANDOVER, handing, vars(handing), now)
        return None
    lines = views.before_taking(place, name, handing, calendar.today(place.zone, now))
    return forms.taking(handing, lines, open_now)


async def _successor(session: AsyncSession, asker: Asker, handing: Handing, now: datetime) -> tuple[Seated, str]:
    """The place that is handed over, and the name of who takes it; `Refused` when that cannot be."""
    place = await _still_there(session, asker.member, handing, now)
    since, person = date.fromisoformat(handing.since_on), handing.person
    whom.refuse_day(place, since)
    found = await _found(session, asker, person, handing.cohort_id, place.seat.city_id)
    member = whom.meant([one for one, _ in found], person)
    if member is None:
        return place, person.name
    whom.refuse_successor(place, member, found[0][1], since)
    return place, member.name


async def _found(
    session: AsyncSession, asker: Asker, person: Somebody, cohort_id: int, city: int | tuple[str, str]
) -> list[tuple[Member, list[Delegate]]]:
    """Who may be meant, each with their places on the seat."""
    who = (person.user_id, person.email or None)
    return await seats.meant(session, asker.workspace, *who, cohort_id=cohort_id, city=city)


async def _still_there(session: AsyncSession, by: Member, form: Going | Handing, now: datetime) -> Seated:
    place = await seats.place(session, by.program_id, form.delegate_id)
    if place is None or place.seat.cohort_id != form.cohort_id or not opening.here(place, now):
        raise Refused(places.GONE, field=places.WHO)
    return place


def _problems_with_end(place: Seated, last_day: date, why: str) -> dict[str, str]:
    found = {}
    if not why:
        found[places.WHY] = "Please say why in a few words."
    too_long = places.problem_with_text(why)
    if too_long:
        found[places.WHY] = too_long
    if place.delegate.since_on and last_day < place.delegate.since_on:
        found[places.UNTIL] = "Their first day is later than that. Please choose a later day."
    if place.delegate.until_on and last_day > place.delegate.until_on:
        found[places.UNTIL] = "Their last day is earlier than that already. Please choose an earlier day."
    return found
