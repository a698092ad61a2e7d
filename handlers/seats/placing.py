"""People are put on seats and leave them: the forms come in, and what was done is told."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, calendar, rights
from handlers.errors import Refused
from handlers.people import allowed, refuse_unless, who_can
from handlers.seats import forms, opening, places, views
from handlers.seats.places import Adding, Going, Handing, Somebody
from handlers.types import Ack, Clock, Json, Sessions
from storage import deliveries, members, owners, programs, seats, turnover
from storage.models import Member, Workspace
from storage.seats import Putting, Seated

ONE_DAY = timedelta(days=1)
GONE = (
    "They are not on that seat any more, or somebody changed their days just now. Nothing was saved; please look again."
)


async def add(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Put a person on a seat, or let them facilitate."""
    adding, now = forms.read_add(view), clock.now()
    async with sessions.begin() as session:
        by = await allowed(session, team_id, user_id, "cohort add", adding.cohort_id)
        workspace = await _workspace(session, team_id)
        today = calendar.today(await members.zone_of(session, by), now)
        problems = places.problems_with_person(adding.person, workspace.bot_user_id)
        problems |= places.problems_with_place(adding, today)
        if not problems and not await seats.by_form(session, by.program_id, adding.key):
            member = await _member(session, workspace, adding.person, now)
            await (_seat(session, by, member, adding, now) if adding.seated else _run(session, by, member, adding, now))
    if problems:
        await ack(response_action="errors", errors=problems)
    else:
        await ack(response_action="clear")


async def remove(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Say what will happen before anything does."""
    going, now = forms.read_remove(view), clock.now()
    async with sessions() as session:
        by = await allowed(session, team_id, user_id, "cohort remove", going.cohort_id)
        place = await _still_there(session, by, going.cohort_id, going.delegate_id, now)
        last_day = date.fromisoformat(going.last_day)
        problems = _problems_with_end(place, last_day, going.why)
        if problems:
            await ack(response_action="errors", errors=problems)
            return
        open_now = await owners.open_of(session, by.program_id, place.member.id, place.seat)
        today = calendar.today(place.zone, now)
        left = await turnover.beside(session, place, max(today, last_day), ("lead", "delegate"))
    until = place.delegate.until_on
    sure = Going(
        going.cohort_id, going.key, place.delegate.id, going.last_day, going.why, until.isoformat() if until else None
    )
    lines = views.what_will_happen(place, last_day, open_now, left, today)
    await ack(response_action="push", view=forms.going(sure, lines))


async def remove_now(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """It was confirmed: set the last day; what follows is done when it has passed."""
    going, now = forms.read_going(view), clock.now()
    last_day = date.fromisoformat(going.last_day)
    async with sessions.begin() as session:
        by = await allowed(session, team_id, user_id, "cohort remove", going.cohort_id)
        key = f"cohort:ended:{going.key}"
        place = await seats.place(session, by.program_id, going.delegate_id)
        if await deliveries.find(session, by.program_id, key) is None:
            before = place.delegate.until_on.isoformat() if place and place.delegate.until_on else None
            if place is None or place.seat.cohort_id != going.cohort_id or before != going.until_on:
                raise Refused(GONE)
            if not await seats.end(session, by, place, last_day, going.why):
                raise Refused(GONE)
            message = views.ended(place, last_day, views.Undo(place.delegate.id, last_day, before, key), now)
            await deliveries.owe(session, by, key, message, at=now)
    await ack(response_action="clear")


async def undo(ack: Ack, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Take the end of a place back; what followed from it is taken back, too, as far as nobody acted on it."""
    wanted, now = views.read_undo(action["value"]), clock.now()
    async with sessions.begin() as session:
        by = await allowed(session, team_id, user_id, "cohort undo")
        before = date.fromisoformat(wanted.before) if wanted.before else None
        found = await seats.take_back(session, by, wanted.delegate_id, wanted.last_day, before)
        if found is None:
            raise Refused("This cannot be taken back any more: it was changed since, or somebody has come after.")
        place, ended_at = found
        await refuse_unless(session, by, "cohort undo", place.seat.cohort_id)
        if ended_at is not None:
            why = "the end of the place was taken back"
            await owners.take_up(session, place.member, ended_at, why, now, seat=place.seat)
            await _tell_again(session, place, ended_at, now)
        await deliveries.owe_update(session, by.program_id, wanted.key, views.taken_back(place), at=now)
    await ack()


async def handover(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Ask which open commitments go along; without any, hand the seat over."""
    handing, now = forms.read_handover(view), clock.now()
    open_now: Sequence[object] = ()
    following: Json = {}
    async with sessions.begin() as session:
        by = await allowed(session, team_id, user_id, "cohort handover", handing.cohort_id)
        workspace = await _workspace(session, team_id)
        problems = places.problems_with_person(handing.person, workspace.bot_user_id)
        too_long = places.problem_with_text(handing.note)
        problems |= {places.NOTE: too_long} if too_long else {}
        if not problems and not await seats.by_form(session, by.program_id, handing.key):
            place = await _still_there(session, by, handing.cohort_id, handing.delegate_id, now)
            _refuse_day(place, date.fromisoformat(handing.since_on))
            open_now = commitments = await owners.open_of(session, by.program_id, place.member.id, place.seat)
            if commitments:
                name = await _name(session, workspace, handing.person)
                lines = views.before_taking(place, name, handing, calendar.today(place.zone, now))
                following = forms.taking(handing, lines, commitments)
            else:
                await _hand_over(session, by, workspace, place, handing, now)
    if problems:
        await ack(response_action="errors", errors=problems)
    elif open_now:
        await ack(response_action="push", view=following)
    else:
        await ack(response_action="clear")


async def take(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """It was chosen what goes along: hand the seat over."""
    handing, along, chosen = forms.read_taking(view)
    now = clock.now()
    if along == "chosen" and not chosen:
        raise Refused("Please choose those that go along, or “None” above.", field=places.CHOSEN)
    async with sessions.begin() as session:
        by = await allowed(session, team_id, user_id, "cohort handover", handing.cohort_id)
        workspace = await _workspace(session, team_id)
        if not await seats.by_form(session, by.program_id, handing.key):
            place = await _still_there(session, by, handing.cohort_id, handing.delegate_id, now)
            open_now = await owners.open_of(session, by.program_id, place.member.id, place.seat)
            handing.takes.extend(
                one.id for one in open_now if along == "all" or (along == "chosen" and one.id in chosen)
            )
            await _hand_over(session, by, workspace, place, handing, now)
    await ack(response_action="clear")


async def _seat(session: AsyncSession, by: Member, member: Member, adding: Adding, now: datetime) -> None:
    program_id = by.program_id
    city_id = adding.city_id or await seats.city(session, program_id, adding.new_city, adding.state)
    seat_id = await seats.seat(session, program_id, adding.cohort_id, city_id)
    since = adding.since_on or now.date()
    putting = Putting(seat_id, adding.role, since, adding.until_on, form_key=adding.key)
    if await seats.sits(session, member, putting):
        raise Refused(f"{blocks.escaped(member.name)} is on this seat already.", field=places.ROLE)
    placed = await seats.put(session, member, putting)
    place = await seats.place(session, program_id, placed) if placed else None
    if place is not None:
        message = views.added(place, calendar.today(place.zone, now))
        await deliveries.owe(session, by, f"cohort:added:{adding.key}", message, at=now)


async def _run(session: AsyncSession, by: Member, member: Member, adding: Adding, now: datetime) -> None:
    cohort_id = None if adding.role == "program" else adding.cohort_id
    if cohort_id is None:
        whom = await who_can(session, by.program_id)
        if not rights.may("cohort add program", await members.runs(session, by)):
            raise Refused(f"Only facilitators of the whole program can do this. {whom}", field=places.ROLE)
    if cohort_id in await members.facilitated(session, member):
        raise Refused(f"{blocks.escaped(member.name)} facilitates this already.", field=places.ROLE)
    days = (adding.since_on or now.date(), adding.until_on)
    if await seats.facilitate(session, member, cohort_id, head=adding.role == "head", days=days, key=adding.key):
        message = views.facilitates(member, adding.cohort_id, whole=cohort_id is None)
        await deliveries.owe(session, by, f"cohort:added:{adding.key}", message, at=now)
        await deliveries.owe(session, member, f"cohort:runs:{adding.key}", views.you_facilitate(by, adding), at=now)


async def _hand_over(
    session: AsyncSession, by: Member, workspace: Workspace, place: Seated, handing: Handing, now: datetime
) -> None:
    since = date.fromisoformat(handing.since_on)
    _refuse_day(place, since)
    member = await _member(session, workspace, handing.person, now)
    if member.id == place.member.id:
        raise Refused(f"{blocks.escaped(member.name)} has this seat already. Please choose somebody else.")
    last_day, until = since - ONE_DAY, place.delegate.until_on
    if not await seats.end(session, by, place, last_day, f"handed over to {member.name}"):
        raise Refused(GONE)
    await _end_other_roles(session, by, place, member, last_day)
    putting = Putting(place.seat.id, place.delegate.role, since, until, form_key=handing.key)
    if await seats.sits(session, member, putting):
        raise Refused(f"{blocks.escaped(member.name)} has a place on this seat already from a later day.")
    placed = await seats.put(session, member, putting)
    if placed is not None:
        await seats.follow(session, by, place, placed, handing.takes, handing.note)
        message = views.handed_over(place, member, since, len(handing.takes), calendar.today(place.zone, now))
        await deliveries.owe(session, by, f"cohort:handed:{handing.key}", message, at=now)


async def _end_other_roles(session: AsyncSession, by: Member, place: Seated, member: Member, last_day: date) -> None:
    """A co-delegate who takes over has one place afterwards, in the role of whom they follow."""
    for other in await turnover.places_of(session, member):
        one = other.delegate
        begun = one.since_on is None or one.since_on <= last_day
        if one.seat_id == place.seat.id and begun and (one.until_on is None or one.until_on > last_day):
            await seats.end(session, by, other, last_day, f"takes over from {place.member.name}")


async def _member(session: AsyncSession, workspace: Workspace, person: Somebody, now: datetime) -> Member:
    """The member who is meant, made when there is none yet; `Refused` when the words contradict what is known."""
    found = await seats.people(session, workspace, person.user_id, person.email or None)
    if len(found) > 1:
        names = " and ".join(blocks.escaped(one.name) for one in found[:2])
        raise Refused(f"These are two people here, {names}. Please give only one of them.", field=places.EMAIL)
    if not found:
        if not person.name:
            raise Refused("I do not know this person yet. Please give their name, too.", field=places.NAME)
        email, user_id = person.email or None, person.user_id
        return await seats.add_person(session, workspace.program_id, person.name, email, user_id, now)
    member = found[0]
    if person.name and person.name.casefold() != member.name.casefold():
        name = blocks.escaped(member.name)
        raise Refused(f"I know this person as {name}. Please use that name, or another address.", field=places.NAME)
    if member.deactivated_at is not None:
        raise Refused(f"{blocks.escaped(member.name)} has left Slack. Please choose somebody else.", field=places.USER)
    return member


async def _name(session: AsyncSession, workspace: Workspace, person: Somebody) -> str:
    """What to call somebody before they are taken into the roster; `Refused` when a name is missing."""
    found = await seats.people(session, workspace, person.user_id, person.email or None)
    if not found and not person.name:
        raise Refused("I do not know this person yet. Please give their name, too.", field=places.NAME)
    return found[0].name if found else person.name


async def _still_there(session: AsyncSession, by: Member, cohort_id: int, delegate_id: int, now: datetime) -> Seated:
    place = await seats.place(session, by.program_id, delegate_id)
    if place is None or place.seat.cohort_id != cohort_id or not opening.here(place, now):
        raise Refused(GONE, field=places.WHO)
    return place


async def _tell_again(session: AsyncSession, place: Seated, ended_at: datetime, now: datetime) -> None:
    """Whoever was told that the place ended reads that it did not."""
    told = await turnover.beside(session, place, calendar.today(place.zone, now))
    told += await members.facilitators(session, place.delegate.program_id, place.seat.cohort_id)
    for member in told:
        key = views.told_key(place.delegate.id, ended_at, member.id)
        await deliveries.owe_update(session, member.program_id, key, views.taken_back(place), at=now)


async def _workspace(session: AsyncSession, team_id: str) -> Workspace:
    workspace = await programs.by_team(session, team_id)
    if workspace is None:
        raise Refused("I do not know this workspace yet, so nothing was saved.")
    return workspace


def _refuse_day(place: Seated, since: date) -> None:
    """The first day of who comes lies within the place that is handed over."""
    one = place.delegate
    if one.since_on and since <= one.since_on:
        day = f"{one.since_on:%B} {one.since_on.day}, {one.since_on.year}"
        raise Refused(
            f"{blocks.escaped(place.member.name)} comes on {day}; please choose a later day.", field=places.SINCE
        )
    if one.until_on and since > one.until_on + ONE_DAY:
        day = f"{one.until_on:%B} {one.until_on.day}, {one.until_on.year}"
        text = f"{blocks.escaped(place.member.name)}'s last day is {day}; please choose the day after it or an earlier one."
        raise Refused(text, field=places.SINCE)


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
