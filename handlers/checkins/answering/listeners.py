"""Answering a check-in, passing on it, and reading what others answered: a button comes in, a form or a changed message goes out."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, people
from handlers.checkins import rules, views, wording
from handlers.checkins.answering import answer_form, cities, city_views, filling, last_time, stepping
from handlers.checkins.summing import summaries, telling
from handlers.errors import Refused
from handlers.people import member_of, today_of
from handlers.types import Ack, Client, Clock, Json, Sessions
from storage import answers, begun, checkins, deliveries, drafts, members, rounds
from storage import cities as of_cities
from storage.begun import Asked

NOT_YOURS = "This question was for somebody else, or is gone."


async def ask(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Answer now: opens the form."""
    async with sessions() as session:
        asked = await _asked(session, team_id, user_id, int(action["value"]), clock.now())
        view = await filling.first_page(session, asked, clock.now())
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def save(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """The next step of the form; after the last one keep the answer. The rest of it follows (`following`)."""
    walk, now = stepping.read(view), clock.now()
    async with sessions.begin() as session:
        asked = await _asked(session, team_id, user_id, walk.prompt_id, now)
        cities.refuse_other_questions(asked.this, walk.key, answer_form.first_field(view))
        filled = answer_form.read(view, asked.this.round.questions, await today_of(session, asked.member, now))
        if filled.problems:
            await ack(response_action="errors", errors=filled.problems)
            return
        values = {**filling.begun_with(asked), **walk.carried, **filled.values}
        if walk.at + 1 < len(stepping.unfold(walk.steps, values)):
            kept = await filling.keep(session, asked, values, now)
            onward = replace(walk, at=walk.at + 1, turn=walk.turn + 1)
            await ack(response_action="update", view=await filling.page(session, asked, onward, kept, now))
            return
        said, anonymous = await filling.finished(session, asked, values)
        if not said and not anonymous:
            first = answer_form.first_field(view)
            raise Refused("Please answer at least one question, or close the form.", field=first)
        await answers.save(session, asked.member, asked.this, said, walk.key, now, anonymous)
    await ack()


async def back(
    ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Back to the step before; what stands in this one is kept, right or wrong, and what is anonymous goes along in the form."""
    view, now = body["view"], clock.now()
    walk = stepping.read(view)
    async with sessions.begin() as session:
        asked = await _asked(session, team_id, user_id, walk.prompt_id, now)
        filled = answer_form.read(view, asked.this.round.questions, await today_of(session, asked.member, now))
        kept = await filling.keep(session, asked, {**filling.begun_with(asked), **filled.values}, now)
        carried = {unit: value for unit, value in filled.values.items() if unit not in kept}
        before = replace(walk, at=max(walk.at - 1, 0), turn=walk.turn + 1, carried=carried or walk.carried)
        shown = await filling.page(session, asked, before, kept, now)
    await client.views_update(view_id=view["id"], view=shown)
    await ack()


async def closed(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """A form was closed: keep what was changed in its last step, as far as Slack tells."""
    walk, now = stepping.read(view), clock.now()
    async with sessions.begin() as session:
        asked = await people.asked(session, team_id, user_id, walk.prompt_id)
        if asked is not None and asked.this.round.archived_at is None:
            questions, today = asked.this.round.questions, await today_of(session, asked.member, now)
            typed = answer_form.without_anonymous(answer_form.typed(view, questions, today), questions)
            if typed and not await answers.was_saved(session, asked.member, walk.key):
                await filling.keep(session, asked, {**filling.begun_with(asked), **typed}, now)
    await ack()


async def start_afresh(
    ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Forget what was begun: the form as it was before."""
    walk, now = stepping.read(body["view"]), clock.now()
    async with sessions.begin() as session:
        asked = await _asked(session, team_id, user_id, walk.prompt_id, now)
        await drafts.drop(session, asked.member, begun.about(walk.prompt_id))
        afresh = replace(asked, start=replace(asked.start, draft=None, since=None))
        view = await filling.first_page(session, afresh, now, turn=walk.turn + 1)
    await client.views_update(view_id=body["view"]["id"], view=view)
    await ack()


async def decline(ack: Ack, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Not this time."""
    now = clock.now()
    async with sessions.begin() as session:
        asked = await _asked(session, team_id, user_id, int(action["value"]), now)
        if await answers.decline(session, asked.member, asked.this, now):
            told = await cities.pass_on(session, asked.member, asked.this) or views.declined(asked.this)
            await cities.say(session, asked.member, asked.this, told, now)
    await ack()


async def remind_no_more(ack: Ack, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Remind no more this round."""
    now = clock.now()
    async with sessions.begin() as session:
        asked = await _asked(session, team_id, user_id, int(action["value"]), now)
        member, this = asked.member, asked.this
        await rounds.remind_no_more(session, member, this.asking.id)
        zone = await members.zone_of(session, member)
        end = wording.until(this.own_end, zone, this.cohort_zone, now)
        key = f"reminder:{this.asking.id}"
        await deliveries.owe_update(session, member.program_id, key, views.reminded_no_more(this, end), at=now)
    await ack()


async def read_versions(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Read earlier versions: who of a city wrote what."""
    async with sessions() as session:
        asked = await _asked(session, team_id, user_id, int(action["value"]), clock.now())
        told = await of_cities.revisions(session, asked.member.program_id, asked.this.prompt.id)
        view = city_views.versions(asked.this, told, await members.zone_of(session, asked.member), clock.now())
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def read_last_time(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Read on, in the form: a long answer of last time."""
    prompt_id, position = action["value"].split(":")
    async with sessions() as session:
        this = (await _asked(session, team_id, user_id, int(prompt_id), clock.now())).this
        last = await answers.last_time(session, this)
    question = next(one for one in this.round.questions if one["position"] == int(position))
    said = last_time.said_to(this, question, last)
    if said:
        view = last_time.in_full(question["text"], this.city, said[1])
        await client.views_push(trigger_id=body["trigger_id"], view=view)
    await ack()


async def read_round(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Read on, under a summary: all answers that this person may read."""
    async with sessions() as session:
        view = await _all_answers(session, team_id, user_id, action["value"], 0, clock.now())
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def turn_page(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """More answers, or earlier ones."""
    where, _, page = action["value"].rpartition(":")
    async with sessions() as session:
        view = await _all_answers(session, team_id, user_id, where, int(page), clock.now())
    await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
    await ack()


async def _asked(session: AsyncSession, team_id: str, user_id: str, prompt_id: int, now: datetime) -> Asked:
    """Who answers, and what; refuses what is not theirs, or over."""
    asked = await people.asked(session, team_id, user_id, prompt_id)
    if asked is None:
        raise Refused(NOT_YOURS)
    this = asked.this
    if this.round.archived_at:
        raise Refused(f"This round of {this.check_in.name} is over: a newer one is open. Nothing was changed.")
    if not rules.takes_answers(this.round, this.check_in, now):
        raise Refused(f"This round of {this.check_in.name} has been over for a month. Nothing was changed.")
    cities.refuse_who_left(this, await today_of(session, asked.member, now))
    return asked


async def _all_answers(session: AsyncSession, team_id: str, user_id: str, where: str, page: int, now: datetime) -> Json:
    """`where` is `round` or `round:seat`, by id."""
    round_id, _, seat_id = where.partition(":")
    member = await member_of(session, team_id, user_id)
    this = await rounds.of_id(session, member.program_id, int(round_id))
    if this is None:
        raise Refused("That round is gone.")
    found = await checkins.of_id(session, member.program_id, this.check_in_id)
    today = calendar.today(found.zone, now)
    ties = await answers.ties(session, member, found.check_in, today)
    reader = rules.Reader(member.id, ties.facilitates, ties.seat_ids, bool(ties.seat_ids), ties.in_network)
    given = await answers.of_round(session, this)
    readable = telling.readable(this, given, reader, int(seat_id) if seat_id else None)
    return summaries.in_full(found, this, readable, today, where, page)
