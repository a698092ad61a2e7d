"""The command for check-ins, and the form and buttons by which facilitators make, pause and resume them."""

import secrets
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, rhythm
from handlers.blocks import context, message, private, section
from handlers.checkins import absent, answering, cities, closing, early, forms, resting, rules, views
from handlers.errors import Refused
from handlers.people import facilitator_of, member_of
from handlers.rhythm import Pattern, Place
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import answers, checkins, deliveries, members, programs, rounds
from storage.checkins import Listed, NewCheckIn
from storage.members import Whereabouts
from storage.models import Member

MOST_BLOCKS = 50


async def command(
    ack: Ack,
    command: Json,
    team_id: str,
    user_id: str,
    client: Client,
    sessions: Sessions,
    clock: Clock,
    settings: Settings,
) -> None:
    """`/checkin …`: answers what is open, or does what the word says."""
    word, rest, instead = rules.read_command(command["text"])
    if word in ("pause", "resume"):
        async with sessions.begin() as session:
            member = await member_of(session, team_id, user_id)
            found = await _named(session, member, rest, clock.now(), settings)
            reply = message(await _switch(session, team_id, user_id, found, word, clock.now(), settings))
        await ack(private(reply))
        return
    async with sessions() as session:
        if word == "help" and await members.by_identity(session, team_id, user_id) is None:
            await ack(private(message(views.help_text(settings, facilitates=False))))  # strangers read it, too
            return
        member = await member_of(session, team_id, user_id)
        if word == "new":
            answer = await _new_form(session, team_id, user_id, clock.now())
        elif word == "answer":
            answer = await _open(session, member, clock.now(), settings)
        elif word in ("list", "show"):
            answer = await _shown(session, member, word, rest, team_id, clock.now(), settings)
        else:
            answer = message(await _explained(session, member, word, rest, instead, settings))
    if "type" in answer:
        await client.views_open(trigger_id=command["trigger_id"], view=answer)
        await ack()
    else:
        await ack(private(_read_as(answer, word, instead) if word in rules.HARMLESS and instead else answer))


async def make(
    ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """Make the check-in that a facilitator filled in, and tell them when it starts."""
    new, now = forms.read_new(view), clock.now()
    async with sessions() as session:
        member = await facilitator_of(session, team_id, user_id)
        problems = await _problems(session, member, view, now)
    if problems:
        await ack(response_action="errors", errors=problems)
        return
    async with sessions.begin() as session:
        await _make(session, member, team_id, new, now, settings)
    await ack()


async def pause(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """Pause the check-in, as a button."""
    await _switch_by_button(ack, body, team_id, user_id, (action["value"], "pause"), sessions, clock.now(), settings)


async def resume(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """Resume the check-in, as a button."""
    await _switch_by_button(ack, body, team_id, user_id, (action["value"], "resume"), sessions, clock.now(), settings)


async def _new_form(session: AsyncSession, team_id: str, user_id: str, now: datetime) -> Json:
    member = await facilitator_of(session, team_id, user_id)
    today = calendar.today(await members.zone_of(session, member), now)
    cohorts = await checkins.cohorts_for(session, member, today)
    if not cohorts:
        raise Refused("There is no running cohort that you facilitate, so there is nobody to ask yet.")
    workspace = await programs.by_team(session, team_id)
    channel = await checkins.channel_of(session, cohorts[0], workspace.id) if workspace and len(cohorts) == 1 else None
    return forms.new_form(cohorts, channel, secrets.token_urlsafe(12))


async def _problems(session: AsyncSession, member: Member, view: Json, now: datetime) -> dict[str, str]:
    """What keeps a check-in from being made, by field; nothing when this very form was saved before."""
    new = forms.read_new(view)
    if await checkins.by_form(session, member, new.form_key):
        return {}
    problems = forms.problems_with_texts(view)
    today = calendar.today(await members.zone_of(session, member), now)
    if new.cohort_id not in {cohort.id for cohort in await checkins.cohorts_for(session, member, today)}:
        problems[forms.COHORT] = "You do not facilitate this cohort, or it has ended. Please choose another one."
    if await checkins.name_taken(session, member, new.cohort_id, new.name):
        problems[forms.NAME] = "A check-in of this cohort has that name already. Please choose another one."
    found = {
        forms.WEEKDAY: rules.problem_with_weekday(new.weekday, any_hour=new.any_hour),
        forms.AT: rules.problem_with_time(new.at, any_hour=new.any_hour),
    }
    return problems | {field: text for field, text in found.items() if text}


async def _make(
    session: AsyncSession, member: Member, team_id: str, new: NewCheckIn, now: datetime, settings: Settings
) -> None:
    workspace = await programs.by_team(session, team_id)
    if workspace is None:
        raise Refused("I do not know this workspace yet, so nothing was saved.")
    pattern = Pattern((new.weekday,), new.at, new.window_hours, new.any_hour)
    turn, asked = await _first_turn(session, member.program_id, new.cohort_id, pattern, now)
    check_in = await checkins.add(session, member, workspace, new, turn, now)
    if check_in is None:
        return
    found = await checkins.of_id(session, member.program_id, check_in.id)
    told_in = await closing.told_in(session, check_in, await members.reached_in(session, member))
    reply = views.saved(found, told_in, asked, now, settings)
    await deliveries.owe(session, member, f"checkin:{check_in.id}:saved", reply, at=now)


async def _first_turn(
    session: AsyncSession, program_id: int, cohort_id: int, pattern: Pattern, now: datetime
) -> tuple[tuple[date, datetime], int]:
    """The first nominal date with its earliest moment, and how many will be asked."""
    zone = await checkins.zone_of_cohort(session, program_id, cohort_id)
    people = await checkins.people_of(session, program_id, cohort_id)
    here = calendar.today(zone, now)
    coming = [person for person in people if person.until_on is None or person.until_on >= here]
    places = [Place(person.zone, person.days) for person in coming]
    turn = rules.first_turn(pattern, places or [Place(zone)], now)
    return turn, sum(person.sits_on(turn[0]) for person in people)


async def _open(session: AsyncSession, member: Member, now: datetime, settings: Settings) -> Json:
    """The form when exactly one prompt is open, a list when there is a choice, else when the next one comes."""
    waiting = await cities.theirs(session, member, await answers.open_for(session, member), now)
    waiting = [this for this in waiting if rules.takes_answers(this.round, this.check_in, now)]
    in_time = [this for this in waiting if now <= this.open_until(now)]
    if len(in_time) == 1:
        return await answering.form(session, member, in_time[0], now)
    where = (await members.whereabouts(session, member.program_id, [member.id], since=now))[member.id]
    late = [this for this in waiting if this not in in_time]
    more = [] if in_time or not waiting else await early.below(session, member, where, now)
    more += await resting.offered(session, member)
    reply = views.open_list(in_time, late, where.time_zone, now) if waiting else None
    reply = reply or await early.nothing_open(session, member, where, now)
    reply = reply or await _nothing_open(session, member, where, now, settings)
    if not more:
        return reply
    blocks = reply.get("blocks") or [section(reply["text"])]
    return message(reply["text"], [*blocks[: MOST_BLOCKS - len(more)], *more])


async def _nothing_open(
    session: AsyncSession, member: Member, where: Whereabouts, now: datetime, settings: Settings
) -> Json:
    """The same for somebody whom no check-in will ask: what comes next in the cohorts that they facilitate."""
    found = await checkins.listed_for(session, member, calendar.today(where.time_zone, now))
    coming = [one for one in found if one.check_in.next_at]
    next_one = min(coming, key=lambda one: (one.check_in.next_at or now, one.check_in.id), default=None)
    may_make = await members.facilitates(session, member)
    if next_one is None or next_one.check_in.next_on is None:
        return views.nothing_open(None, "", may_make=may_make, settings=settings)
    place = Place(where.time_zone, where.days)
    due = rhythm.due_at(rhythm.pattern_of(next_one.check_in), next_one.check_in.next_on, place)
    when = calendar.spoken_moment(due, where.time_zone, now)
    return views.nothing_open(next_one, when, may_make=may_make, settings=settings)


async def _shown(
    session: AsyncSession, member: Member, word: str, rest: str, team_id: str, now: datetime, settings: Settings
) -> Json:
    """`/checkin list` and `/checkin show N`."""
    if word == "list":
        today = calendar.today(await members.zone_of(session, member), now)
        found = await checkins.listed_for(session, member, today)
        may_make = await members.facilitates(session, member)
        return views.check_ins(found, now, may_make=may_make, settings=settings)
    return await _one(session, member, await _named(session, member, rest, now, settings), team_id, now)


async def _one(session: AsyncSession, member: Member, found: Listed, team_id: str, now: datetime) -> Json:
    facilitates = await members.facilitates(session, member, found.cohort.id)
    questions = await checkins.questions_of(session, found.check_in)
    newest = await rounds.newest_of(session, member.program_id, found.check_in.id)
    people = await absent.standings(session, newest) if newest and facilitates else []
    told_in = await closing.told_in(session, found.check_in, team_id)
    reply = views.one(found, questions, newest, people, told_in, now)
    if facilitates:
        reply["blocks"] += await resting.shown(session, member.program_id, found.check_in.id)
        reply["blocks"].append(views.switch(found))
    return reply


async def _named(session: AsyncSession, member: Member, rest: str, now: datetime, settings: Settings) -> Listed:
    """The check-in that a number or a name means; refuses with what there is."""
    today = calendar.today(await members.zone_of(session, member), now)
    found = await checkins.listed_for(session, member, today)
    wanted = rest.strip().lstrip("#")
    if not wanted and len(found) == 1:
        return found[0]
    numbered = [one for one in found if str(one.check_in.number) == wanted]
    name = rules.nearest(wanted, [one.check_in.name for one in found]) if wanted and not numbered else None
    matching = numbered or [one for one in found if one.check_in.name == name]
    if len(matching) == 1:
        return matching[0]
    raise Refused(views.which_one(wanted, matching or found, settings))


async def _switch(
    session: AsyncSession, team_id: str, user_id: str, found: Listed, to: str, now: datetime, settings: Settings
) -> str:
    """Pause or resume a check-in; the sentence to answer with."""
    member = await facilitator_of(session, team_id, user_id, found.cohort.id)
    check_in = found.check_in
    if to == "pause":
        await checkins.pause(session, member, check_in.id, now)
        return views.paused(found, settings)
    turn, _ = await _first_turn(session, member.program_id, found.cohort.id, rhythm.pattern_of(check_in), now)
    await checkins.resume(session, member, check_in.id, turn)
    return views.resumed(await checkins.of_id(session, member.program_id, check_in.id), now)


async def _switch_by_button(
    ack: Ack,
    body: Json,
    team_id: str,
    user_id: str,
    what: tuple[str, str],
    sessions: Sessions,
    now: datetime,
    settings: Settings,
) -> None:
    number, to = what
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        found = await _named(session, member, number, now, settings)
        said = await _switch(session, team_id, user_id, found, to, now, settings)
        found = await checkins.of_id(session, member.program_id, found.check_in.id)
        reply = await _one(session, member, found, team_id, now)
        reply = message(said, [section(said), *reply["blocks"]]) | {"replace_original": True}
        workspace = await programs.by_team(session, team_id)
        if workspace and body.get("response_url"):
            key = f"checkin:{found.check_in.id}:{to}:{body['trigger_id']}"
            url = body["response_url"]
            await deliveries.owe_response(session, member.program_id, workspace.id, url, key, reply, at=now)
    await ack()


async def _explained(
    session: AsyncSession, member: Member, word: str, rest: str, typed: str | None, settings: Settings
) -> str:
    facilitates = await members.facilitates(session, member)
    if word == "unknown":
        return views.unknown(typed or "", rest, settings, facilitates=facilitates)
    return views.help_text(settings, facilitates=facilitates)


def _read_as(reply: Json, word: str, instead: str) -> Json:
    """Say what was understood, before the answer to it."""
    said = views.read_as(instead, word)
    blocks = reply.get("blocks") or [section(reply["text"])]
    return {"text": f"{said} {reply['text']}", "blocks": [context(said), *blocks]}
