"""The command for check-ins; `making` has the form by which they are made and changed, `changing` the words and buttons for the rest."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, rhythm
from handlers.blocks import context, message, private, section
from handlers.checkins import changing, looking_after, resting, rules, showing, views
from handlers.checkins.answering import cities, early, filling
from handlers.checkins.making import forms as making
from handlers.checkins.reports import listeners as reporting
from handlers.people import asker_allowed, member_of, today_of
from handlers.rhythm import Place
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import answers, begun, checkins, members
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
    async with sessions() as session:
        if word == "help" and await members.by_identity(session, team_id, user_id) is None:
            await ack(private(message(views.help_text(settings, facilitates=False))))  # strangers read it, too
            return
        member = await member_of(session, team_id, user_id)
        if word == "new":
            answer = await making.new(session, team_id, user_id, rest, clock.now())
        elif word == "edit":
            found = await showing.named(session, member, rest, clock.now(), settings)
            answer = await making.edit(session, team_id, user_id, found, clock.now())
        elif word == "answer":
            answer = await _open(session, member, clock.now(), settings)
        elif word in rules.CHANGES:
            answer = await changing.offer(session, member, word, rest, clock.now(), settings)
        elif word == "blockers":
            asker = await asker_allowed(session, team_id, user_id, looking_after.ACT)
            answer = await looking_after.listed(session, asker, rest, clock.now(), settings)
        elif word == "report":
            answer = await reporting.reply(session, team_id, user_id, rest, clock.now(), settings)
        elif word in ("list", "show"):
            answer = await _shown(session, member, word, rest, team_id, clock.now(), settings)
        else:
            answer = message(await _explained(session, member, word, rest, instead, settings))
    if "type" in answer:
        await client.views_open(trigger_id=command["trigger_id"], view=answer)
        await ack()
    else:
        await ack(private(_read_as(answer, word, instead) if word in rules.HARMLESS and instead else answer))


async def _open(session: AsyncSession, member: Member, now: datetime, settings: Settings) -> Json:
    """The form when exactly one prompt is open, a list when there is a choice, else when the next one comes."""
    today = await today_of(session, member, now)
    waiting = [this for this in await answers.open_for(session, member) if cities.is_theirs(this, today)]
    waiting = [this for this in waiting if rules.takes_answers(this.round, this.check_in, now)]
    in_time = [this for this in waiting if now <= this.open_until(now)]
    only = await begun.of_member(session, member, in_time[0].prompt.id) if len(in_time) == 1 else None
    if only is not None:
        return await filling.first_page(session, only, now)
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
