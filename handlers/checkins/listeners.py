"""The command for check-ins, and the form by which facilitators make them; `changing` has the words and buttons that change one."""

import secrets
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import cadence, calendar, rhythm
from handlers.blocks import context, message, private, section
from handlers.checkins import answering, changing, closing, forms, planning, rules, showing, views
from handlers.errors import Refused
from handlers.people import facilitator_of, member_of
from handlers.rhythm import Pattern, Place
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import answers, checkins, deliveries, members, programs
from storage.checkins import NewCheckIn
from storage.models import Member


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
    async with sessions() as session:
        if word == "help" and await members.by_identity(session, team_id, user_id) is None:
            await ack(private(message(views.help_text(settings, facilitates=False))))  # strangers read it, too
            return
        member = await member_of(session, team_id, user_id)
        if word == "new":
            answer = await _new_form(session, team_id, user_id, clock.now())
        elif word == "answer":
            answer = await _open(session, member, clock.now(), settings)
        elif word in rules.CHANGES:
            answer = await changing.offer(session, member, word, rest, clock.now(), settings)
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
    now = clock.now()
    async with sessions() as session:
        member = await facilitator_of(session, team_id, user_id)
        today = calendar.today(await members.zone_of(session, member), now)
        new = forms.read_new(view, today)
        problems = await _problems(session, member, view, new, today)
    if problems:
        await ack(response_action="errors", errors=problems)
        return
    async with sessions.begin() as session:
        await _make(session, member, team_id, new, now, settings)
    await ack()


async def _new_form(session: AsyncSession, team_id: str, user_id: str, now: datetime) -> Json:
    member = await facilitator_of(session, team_id, user_id)
    today = calendar.today(await members.zone_of(session, member), now)
    cohorts = await checkins.cohorts_for(session, member, today)
    if not cohorts:
        raise Refused("There is no running cohort that you facilitate, so there is nobody to ask yet.")
    workspace = await programs.by_team(session, team_id)
    channel = await checkins.channel_of(session, cohorts[0], workspace.id) if workspace and len(cohorts) == 1 else None
    return forms.new_form(cohorts, channel, secrets.token_urlsafe(12))


async def _problems(session: AsyncSession, member: Member, view: Json, new: NewCheckIn, today: date) -> dict[str, str]:
    """What keeps a check-in from being made, by field; nothing when this very form was saved before."""
    if await checkins.by_form(session, member, new.form_key):
        return {}
    problems = forms.problems_with_texts(view, new)
    if new.cohort_id not in {cohort.id for cohort in await checkins.cohorts_for(session, member, today)}:
        problems[forms.COHORT] = "You do not facilitate this cohort, or it has ended. Please choose another one."
    if await checkins.name_taken(session, member, new.cohort_id, new.name):
        problems[forms.NAME] = "A check-in of this cohort has that name already. Please choose another one."
    found = {
        forms.WEEKDAY: cadence.problem_with(new.cadence, today, any_hour=new.any_hour),
        forms.AT: rules.problem_with_time(new.at, any_hour=new.any_hour),
    }
    return problems | {field: text for field, text in found.items() if text}


async def _make(
    session: AsyncSession, member: Member, team_id: str, new: NewCheckIn, now: datetime, settings: Settings
) -> None:
    workspace = await programs.by_team(session, team_id)
    if workspace is None:
        raise Refused("I do not know this workspace yet, so nothing was saved.")
    pattern = Pattern(new.cadence, new.at, new.window_hours, new.any_hour)
    turn, asked = await planning.first_turn(session, member.program_id, new.cohort_id, pattern, now)
    check_in = await checkins.add(session, member, workspace, new, turn, now)
    if check_in is None:
        return
    found = await checkins.of_id(session, member.program_id, check_in.id)
    told_in = await closing.told_in(session, check_in, await members.reached_in(session, member))
    reply = views.saved(found, told_in, asked, now, settings)
    await deliveries.owe(session, member, f"checkin:{check_in.id}:saved", reply, at=now)


async def _open(session: AsyncSession, member: Member, now: datetime, settings: Settings) -> Json:
    """The form when exactly one prompt is open, a list when there is a choice, else when the next one comes."""
    waiting = await answers.open_for(session, member)
    in_time = [this for this in waiting if now <= this.prompt.ends_at]
    if len(in_time) == 1:
        return await answering.form(session, member, in_time[0], now)
    where = (await members.whereabouts(session, member.program_id, [member.id], since=now))[member.id]
    if waiting:
        late = [this for this in waiting if this not in in_time]
        return views.open_list(in_time, late, where.time_zone, now)
    found = await checkins.listed_for(session, member, calendar.today(where.time_zone, now))
    coming = [one for one in found if one.check_in.next_on]
    next_one = min(coming, key=lambda one: (one.check_in.next_at or now, one.check_in.id), default=None)
    may_make = await members.facilitates(session, member)
    if next_one is None or next_one.check_in.next_on is None:
        return views.nothing_open(None, "", may_make=may_make, settings=settings)
    place = Place(where.time_zone, where.days)
    pattern = rhythm.pattern_of(next_one.check_in, next_one.cohort.phases)
    due = rhythm.due_at(pattern, next_one.check_in.next_on, place)
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
    one = await showing.named(session, member, rest, now, settings)
    return await showing.card(session, member, one, team_id, now)


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
