"""Answering a check-in, passing on it, and reading what others answered: a button comes in, a form or a changed message goes out."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar
from handlers.checkins import cities, city_views, closing, early_views, forms, resting, rules, summaries, views, wording
from handlers.errors import Refused
from handlers.people import member_of
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import answers, checkins, deliveries, members, rounds
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
        view = await form(session, member, this, clock.now())
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def save(
    ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """Keep the answer, or a new revision of it, and put the confirmation in place of the prompt."""
    prompt_id, form_key, values = forms.read_answer(view)
    now = clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        this = await _prompt(session, member, prompt_id, now)
        cities.refuse_other_questions(this, form_key)
        if not values:
            first = forms.answer_field(this.round.questions[0]["position"])
            raise Refused("Please answer at least one question, or close the form.", field=first)
        if await answers.save(session, member, this, values, form_key, now):
            zone = await members.zone_of(session, member)
            await _confirm(session, member, this, form_key, zone, now)
            await resting.answered(session, member, this, now)
            await closing.tell_again(session, this.round, settings, now)
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
    said = forms.said_last_time(this, question, last)
    if said:
        view = forms.last_time_in_full(question["text"], this.city, said[1])
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


async def form(session: AsyncSession, member: Member, this: Open, now: datetime) -> Json:
    """The form of a prompt, with what was answered before in it."""
    values = await answers.of_member(session, member, this.prompt.id)
    last = await answers.last_time(session, this)
    zone = await members.zone_of(session, member)
    return forms.answer_form(this, values, last, zone, now, await cities.form_key(session, this))


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
    """Say it where the prompt stands, and in the reminder; where no prompt was sent, in a message of its own."""
    program_id, asking_id = member.program_id, this.asking.id
    prompt, reminder, own = f"prompt:{asking_id}", f"reminder:{asking_id}", f"answered:{asking_id}"
    await deliveries.withdraw(session, program_id, prompt, now)
    if not await deliveries.withdraw(session, program_id, reminder, now):
        await deliveries.owe_update(session, program_id, reminder, message, at=now)
    if await deliveries.owe_update(session, program_id, prompt, message, at=now):
        return
    if not await deliveries.owe(session, member, own, message, at=now):
        await deliveries.owe_update(session, program_id, own, message, at=now)


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
    readable = summaries.readable(this, given, reader, int(seat_id) if seat_id else None)
    return summaries.in_full(found, this, readable, today, where, page)
