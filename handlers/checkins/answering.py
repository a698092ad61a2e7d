"""Answering a check-in, passing on it, and reading what others answered: a button comes in, a form or a changed message goes out."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar
from handlers.checkins import (
    answer_form,
    cities,
    city_views,
    closing,
    early_views,
    filling,
    last_time,
    resting,
    rules,
    stepping,
    summaries,
    telling,
    views,
    wording,
)
from handlers.errors import Refused
from handlers.people import member_of
from handlers.types import Ack, Client, Clock, Json, Sessions
from storage import answers, begun, checkins, deliveries, drafts, members, rounds
from storage import cities as of_cities
from storage.answers import Open
from storage.models import Member

NOT_YOURS = "This question was for somebody else, or is gone."


async def ask(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Answer now: opens the form."""
    async with sessions() as session:
        member = await member_of(session, team_id, user_id)
        this = await _prompt(session, member, int(action["value"]), clock.now())
        view = await filling.first_page(session, member, this, clock.now())
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def save(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """The next step of the form; after the last one keep the answer, and put the confirmation in place of the prompt."""
    walk, now = stepping.read(view), clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        this = await _prompt(session, member, walk.prompt_id, now)
        cities.refuse_other_questions(this, walk.key, answer_form.first_field(view))
        zone = await members.zone_of(session, member)
        filled = answer_form.read(view, this.round.questions, calendar.today(zone, now))
        if filled.problems:
            await ack(response_action="errors", errors=filled.problems)
            return
        start = await begun.of_prompt(session, member, this)
        values = {**filling.opened(start.own), **(start.draft or {}), **walk.carried, **filled.values}
        if walk.at + 1 < len(stepping.unfold(walk.steps, values)):
            kept = await filling.keep(session, member, this, values, now)
            onward = replace(walk, at=walk.at + 1, turn=walk.turn + 1)
            await ack(
                response_action="update", view=await filling.page(session, member, this, onward, start, kept, now)
            )
            return
        said, anonymous = await filling.finished(session, member, this, start, values)
        if not said and not anonymous:
            first = answer_form.first_field(view)
            raise Refused("Please answer at least one question, or close the form.", field=first)
        if await answers.save(session, member, this, said, walk.key, now, anonymous):
            await drafts.drop(session, member, begun.about(this.prompt.id))
            await _confirm(session, member, this, walk.key, zone, now)
            await resting.answered(session, member, this, now)
            await closing.tell_again(session, this.round, now)
    await ack()


async def back(
    ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Back to the step before; what stands in this one is kept, right or wrong, and what is anonymous goes along in the form."""
    view, now = body["view"], clock.now()
    walk = stepping.read(view)
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        this = await _prompt(session, member, walk.prompt_id, now)
        questions = this.round.questions
        filled = answer_form.read(view, questions, calendar.today(await members.zone_of(session, member), now))
        start = await begun.of_prompt(session, member, this)
        values = {**filling.opened(start.own), **(start.draft or {}), **filled.values}
        kept = await filling.keep(session, member, this, values, now)
        carried = {unit: value for unit, value in filled.values.items() if unit not in kept}
        before = replace(walk, at=max(walk.at - 1, 0), turn=walk.turn + 1, carried=carried or walk.carried)
        shown = await filling.page(session, member, this, before, start, kept, now)
    await client.views_update(view_id=view["id"], view=shown)
    await ack()


async def closed(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """A form was closed: keep what was changed in its last step, as far as Slack tells."""
    walk, now = stepping.read(view), clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        this = await answers.prompt_for(session, member, walk.prompt_id)
        if this is not None and this.round.archived_at is None:
            today = calendar.today(await members.zone_of(session, member), now)
            typed = answer_form.without_anonymous(
                answer_form.typed(view, this.round.questions, today), this.round.questions
            )
            start = await begun.of_prompt(session, member, this)
            if typed and not await answers.was_saved(session, member, walk.key):
                values = {**filling.opened(start.own), **(start.draft or {}), **typed}
                await filling.keep(session, member, this, values, now)
    await ack()


async def start_afresh(
    ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Forget what was begun: the form as it was before."""
    walk, now = stepping.read(body["view"]), clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        this = await _prompt(session, member, walk.prompt_id, now)
        await drafts.drop(session, member, begun.about(this.prompt.id))
        view = await filling.first_page(session, member, this, now, turn=walk.turn + 1)
    await client.views_update(view_id=body["view"]["id"], view=view)
    await ack()


async def decline(ack: Ack, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Not this time."""
    now = clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        this = await _prompt(session, member, int(action["value"]), now)
        if await answers.decline(session, member, this, now):
            told = await cities.pass_on(session, member, this) or views.declined(this)
            await _change_message(session, member, this, told, now)
    await ack()


async def remind_no_more(ack: Ack, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """Remind no more this round."""
    now = clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        this = await _prompt(session, member, int(action["value"]), now)
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
        member = await member_of(session, team_id, user_id)
        this = await _prompt(session, member, int(action["value"]), clock.now())
        told = await of_cities.revisions(session, member.program_id, this.prompt.id)
        view = city_views.versions(this, told, await members.zone_of(session, member), clock.now())
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def read_last_time(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Read on, in the form: a long answer of last time."""
    prompt_id, position = action["value"].split(":")
    async with sessions() as session:
        member = await member_of(session, team_id, user_id)
        this = await _prompt(session, member, int(prompt_id), clock.now())
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


async def _prompt(session: AsyncSession, member: Member, prompt_id: int, now: datetime) -> Open:
    this = await answers.prompt_for(session, member, prompt_id)
    if this is None:
        raise Refused(NOT_YOURS)
    if this.round.archived_at:
        raise Refused(f"This round of {this.check_in.name} is over: a newer one is open. Nothing was changed.")
    if not rules.takes_answers(this.round, this.check_in, now):
        raise Refused(f"This round of {this.check_in.name} has been over for a month. Nothing was changed.")
    await cities.refuse_who_left(session, member, this, now)
    return this


async def _confirm(session: AsyncSession, member: Member, this: Open, form_key: str, zone: str, now: datetime) -> None:
    """The confirmation of who answered; where one answers for several, the others read it, too."""
    buttons = early_views.answer_next(this)
    more = early_views.ahead(this, zone, now) or early_views.next_is(this, zone, now)
    told = await cities.tell(session, member, this, form_key, now, more, buttons)
    late = now > this.prompt.ends_at
    told = told or views.answered(this, zone, now, late=late, more=more, buttons=buttons)
    await _change_message(session, member, this, told, now)


async def _change_message(session: AsyncSession, member: Member, this: Open, message: Json, now: datetime) -> None:
    """Say it where the prompt stands, and in the reminder; where nothing was sent, in a message of its own."""
    if not await cities.change(session, member.program_id, this.asking.id, message, now):
        await deliveries.owe(session, member, f"answered:{this.asking.id}", message, at=now)


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
