"""Absences: the days are typed or filled in, what they change is shown, and it is confirmed; "back" ends one."""

import secrets
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, calendar, words
from handlers.absences import rules, views
from handlers.absences.rules import Effect
from handlers.absences.views import Carried
from handlers.errors import Refused
from handlers.people import member_of, who_can
from handlers.rhythm import Place
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import absences, answers, city_days, deliveries, members, programs
from storage.absences import Colleague, span_of
from storage.days import Days, Span, away_on
from storage.deliveries import Priority, Terms
from storage.models import Absence, Member

ONE_DAY = timedelta(days=1)


async def away(
    ack: Ack, command: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """`/cohort away until Tuesday` shows what changes; without days, or with unclear ones, the form asks for them."""
    typed, now = words.of(command).words, clock.now()
    async with sessions() as session:
        member = await member_of(session, team_id, user_id)
        people, zone = await _around(session, member, now)
        today = calendar.today(zone, now)
        wanted = rules.read(typed, today) if typed else None
        carried = Carried(secrets.token_urlsafe(12), user_id, wanted)
        if wanted and not rules.problem_with(wanted, today):
            what = await _effect(session, member, people, wanted, zone, now)
            view = views.effect(carried, what, None, today)
        else:
            for_others = await members.facilitates(session, member)
            note = _why_asked(typed, wanted, rules.absences_of(people, member.id), today)
            view = views.form(Carried(carried.key, user_id), today, note=note, for_others=for_others)
    await client.views_open(trigger_id=command["trigger_id"], view=view)
    await ack()


async def show_effect(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """The days were filled in: the next page shows what they change."""
    carried, now = views.read_form(view), clock.now()
    wanted = carried.span or Span(now.date())
    async with sessions() as session:
        member = await member_of(session, team_id, user_id)
        whom = await _whom(session, member, team_id, user_id, carried.user_id)
        people, zone = await _around(session, whom, now)
        today = calendar.today(zone, now)
        if problem := rules.problem_with(wanted, today):
            raise Refused(f"{problem} Please choose another day.", field=views.LAST)
        what = await _effect(session, whom, people, wanted, zone, now)
    page = views.effect(carried, what, None if whom is member else whom.name, today)
    await ack(response_action="update", view=page)


async def change_dates(
    ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Back to the form, with the days in it."""
    carried = views.read_carried(body["view"])
    async with sessions() as session:
        member = await member_of(session, team_id, user_id)
        for_others = await members.facilitates(session, member)
        today = calendar.today(await members.zone_of(session, member), clock.now())
    page = views.form(carried, today, for_others=for_others)
    await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=page)
    await ack()


async def confirm(
    ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """Note the absence, and tell those who have to know."""
    carried, now = views.read_carried(view), clock.now()
    wanted = carried.span or Span(now.date())
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        whom = await _whom(session, member, team_id, user_id, carried.user_id)
        await absences.lock(session, whom)
        people, zone = await _around(session, whom, now)
        today = calendar.today(zone, now)
        if problem := rules.problem_with(wanted, today):
            raise Refused(f"{problem} Nothing was saved. Please choose the days again with the command “away”.")
        rows = await absences.of_member(session, whom, today)
        span, before = rules.merged([span_of(row) for row in rows], wanted, today)
        replaced = [row for row in rows if span_of(row) in before]
        absence_id = await absences.note(session, whom, member, span, replaced, carried.key, now)
        if absence_id is not None:
            what = await _effect(session, whom, people, span, zone, now)
            await _tell(session, member, whom, absence_id, what, today, now, settings)
    await ack()


async def back(
    ack: Ack, command: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """`/cohort back` ends the absence of today; one to come, and with a name somebody else's, is offered with a button."""
    named, now = words.of(command).words, clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        today = calendar.today(await members.zone_of(session, member), now)
        rows = await absences.of_member(session, member, today)
        running = next((row for row in rows if span_of(row).covers(today)), None)
        if named:
            found = await absences.of_others(session, member, today)
            away = [(row.id, whom.name, span_of(row)) for row, whom in found if rules.is_named(named, whom.name)]
            reply = views.others(named, away, today, settings)
        elif running is None:
            reply = views.not_away([(row.id, span_of(row)) for row in rows], today, settings)
        else:
            reply = await _end(session, member, member, running, now, settings)
    await ack(blocks.private(reply))


async def end(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """The buttons "I am back", "Cancel the absence" and "End the absence"."""
    now = clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        found = await absences.of_id(session, member.program_id, int(action["value"]))
        if found is None or (found[1].id != member.id and not await _may(session, member, found[1])):
            raise Refused("This absence is somebody else's, or is gone. Nothing was changed.")
        whom = member if found[1].id == member.id else found[1]
        in_place = whom is member and _in_message(body)
        reply = await _end(session, member, whom, found[0], now, settings, in_place=in_place)
        workspace = await programs.by_team(session, team_id)
        if workspace and body.get("response_url"):
            key, answer = f"absence:{found[0].id}:end:{body['trigger_id']}", {**reply, "replace_original": True}
            place = (member.program_id, workspace.id, body["response_url"])
            await deliveries.owe_response(session, *place, key, answer, at=now)
        elif workspace:
            await deliveries.owe(session, member, f"absence:{found[0].id}:end", reply, at=now)  # pressed in their Home
    await ack()


async def _end(
    session: AsyncSession,
    by: Member,
    whom: Member,
    absence: Absence,
    now: datetime,
    settings: Settings,
    *,
    in_place: bool = False,
) -> Json:
    """End an absence; the message for whoever ended it. Somebody whose absence another person ended is told.

    `in_place` says that the answer itself takes the place of the message that said that the absence was noted.
    """
    span = span_of(absence)
    people, zone = await _around(session, whom, now)
    today = calendar.today(zone, now)
    if not await absences.end(session, whom, absence, today, now):
        return views.already_ended()
    welcome = await _welcome(session, whom, people, span, zone, now, settings)
    if not in_place:
        over = views.over(span, today)
        await deliveries.owe_update(session, whom.program_id, f"absence:{absence.id}:noted", over, at=now)
    if by is whom:
        return welcome
    told = views.told_back(by.name)
    await deliveries.owe(session, whom, f"absence:{absence.id}:ended", told, at=now)
    return views.ended_for(whom.name)


async def _welcome(
    session: AsyncSession,
    whom: Member,
    people: list[Colleague],
    span: Span,
    zone: str,
    now: datetime,
    settings: Settings,
) -> Json:
    today = calendar.today(zone, now)
    seats = {one.seat_id: one for one in rules.seats(people, whom.id, today)}
    planned = await city_days.planned(session, whom.program_id, seats)
    plans = [(plan, Place(zone, Days(seats[plan.seat_id].state, plan.off))) for plan in planned]
    following = rules.next_asked(plans, now)
    coming = None
    if following:
        plan, at = following
        name = f"{plan.check_in.name} ({seats[plan.seat_id].cohort})"
        coming = (name, calendar.spoken_moment(at, zone, now))
    waiting = [one for one in await answers.open_for(session, whom) if one.asking.due_at <= now < one.open_until(now)]
    return views.back(span, today, waiting, coming, zone, now, settings)


async def _around(session: AsyncSession, whom: Member, now: datetime) -> tuple[list[Colleague], str]:
    """Who sits on the member's seats, and the member's zone; one statement where the zone is known, or a seat tells it."""
    people = await absences.colleagues(session, whom, now.date() - ONE_DAY)
    own = whom.app_time_zone or whom.slack_time_zone or whom.roster_time_zone
    seat = next((one.zone for one in people if one.member_id == whom.id), None)
    return people, own or seat or await members.zone_of(session, whom)


async def _effect(
    session: AsyncSession, whom: Member, people: list[Colleague], wanted: Span, zone: str, now: datetime
) -> Effect:
    """What an absence changes, in two statements for somebody on a seat."""
    today = calendar.today(zone, now)
    known = rules.absences_of(people, whom.id)
    if not people:
        known = [span_of(row) for row in await absences.of_member(session, whom, today)]
    known = [one for one in known if one.last is None or one.last >= today]
    span, before = rules.merged(known, wanted, today)
    seats = [one.seat_id for one in rules.seats(people, whom.id, today)]
    planned = await city_days.planned(session, whom.program_id, seats)
    missed = rules.missed(span, people, planned, whom.id, zone, today)
    starts = calendar.at_local(span.first, time(0), zone)
    ends = calendar.at_local(span.last + ONE_DAY, time(0), zone) if span.last else None
    reminders = await absences.reminders_within(session, whom, (starts, ends))
    return Effect(span, before, missed, tuple(reminders))


async def _tell(
    session: AsyncSession,
    by: Member,
    whom: Member,
    absence_id: int,
    what: Effect,
    today: date,
    now: datetime,
    settings: Settings,
) -> None:
    """The person, who noted it for them, and the facilitators of the cohorts in which nobody else answers for the city."""
    noted = views.noted(absence_id, what.span, None if by is whom else by.name, today, settings)
    await deliveries.owe(session, whom, f"absence:{absence_id}:noted", noted, at=now)
    if by is not whom:
        told = views.noted_for(absence_id, what.span, whom.name, today)
        await deliveries.owe(session, by, f"absence:{absence_id}:noted:{by.id}", told, at=now)
    alone = [one for one in what.missed if not one.instead]
    terms = Terms(own_accord=True, priority=Priority.DIGEST)
    for cohort_id in dict.fromkeys(one.cohort_id for one in alone):
        theirs = [one for one in alone if one.cohort_id == cohort_id]
        message = views.nobody_instead(whom.name, what.span, theirs, today)
        for person in await members.facilitators(session, whom.program_id, cohort_id):
            if person.id not in (by.id, whom.id):
                key = f"absence:{absence_id}:alone:{cohort_id}:{person.id}"
                await deliveries.owe(session, person, key, message, at=now, terms=terms)


async def _whom(session: AsyncSession, member: Member, team_id: str, user_id: str, about: str) -> Member:
    """The member whom it is about: the one who asks, or somebody whom they facilitate."""
    if about == user_id:
        return member
    whom = await absences.whom_for(session, member, user=(team_id, about))
    if whom is None:
        who = await who_can(session, member.program_id)
        raise Refused(f"Facilitators note absences for the people of their own cohorts. Nothing was changed. {who}")
    return whom


async def _may(session: AsyncSession, member: Member, whom: Member) -> bool:
    return await absences.whom_for(session, member, member_id=whom.id) is not None


def _in_message(body: Json) -> bool:
    """Whether the button stands in the message that said that the absence was noted, rather than in an answer or in Home."""
    return bool(body.get("response_url")) and not body.get("container", {}).get("is_ephemeral")


def _why_asked(said: str, wanted: Span | None, known: list[Span], today: date) -> str:
    """What stands above the form: why the days are asked for, or what is known already."""
    if wanted and (problem := rules.problem_with(wanted, today)):
        return f"{problem} Until when are you away?"
    if said:
        return f"I could not read “{blocks.escaped(blocks.cut(said, 100))}” as days. Please choose them here."
    if running := away_on(known, today):
        return f"You are away {views.in_words(running, today)}. Another last day changes that."
    return ""
