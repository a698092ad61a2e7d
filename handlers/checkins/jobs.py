"""What the clock does for check-ins: open rounds, ask, remind, close with a summary, and look whether the channel can be written in."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, channels, rhythm, turns
from handlers.checkins import asking, due_prompts, planning, resting, rules, terms, views, wording
from handlers.checkins.answering import early
from handlers.checkins.summing import closing
from handlers.rhythm import Pattern, Place
from handlers.types import Job, Services, Settings
from storage import (
    answers,
    archives,
    checkin_changes,
    checkins,
    cohort_channels,
    deliveries,
    fillings,
    members,
    rests,
    rounds,
    summing,
)
from storage.checkins import Person
from storage.deliveries import Letter, Priority
from storage.models import CheckIn, Round
from storage.rounds import Ask

BATCH = 50
"""A transaction that writes keeps SQLite's other writers waiting, and its rows the loop: many short ones."""
ROUNDS = 5


async def open_rounds(services: Services) -> int:
    """Open the rounds whose earliest moment has come: each with everybody's prompt, at everybody's own moment."""
    now = services.clock.now()
    async with services.sessions.begin() as session:
        due = await checkins.due(session, now, ROUNDS)
        for check_in in due:
            await _open_round(session, check_in, services.settings, now)
    return len(due)


async def fill_rounds(services: Services) -> int:
    """Write the next few hundred prompts of a large round that is being opened."""
    async with services.sessions.begin() as session:
        return int(await fillings.fill(session))


async def ask(services: Services) -> int:
    """Owe the direct message to those whose own moment has come; skip those for whom it is too late, and say why.

    All is read before the transaction that writes: what was taken or answered meanwhile, its conditions leave out.
    """
    now = services.clock.now()
    async with services.sessions() as session:
        due = await rounds.due_askings(session, now, BATCH)
        prepared = [await due_prompts.prepared(session, program_id, asks, now) for program_id, asks in _by_program(due)]
    if due:
        async with services.sessions.begin() as session:
            for some in prepared:
                await due_prompts.ask(session, some, now)
    return len(due)


async def remind(services: Services) -> int:
    """Remind, once, those who were asked and have neither answered nor declined."""
    now = services.clock.now()
    async with services.sessions.begin() as session:
        due = await rounds.due_reminders(session, now, BATCH)
        for program_id, asks in _by_program(due):
            mine = await rounds.claim_reminders(session, program_id, [one.asking.id for one in asks], now)
            letters = [_reminder(one, now) for one in asks if one.asking.id in mine and _needs_reminder(one, now)]
            if letters:
                await deliveries.owe_all(session, program_id, letters, at=now)
    return len(due)


async def close_rounds(services: Services) -> int:
    """Close the rounds whose last window has ended; they are summed up next (closing.py)."""
    now = services.clock.now()
    async with services.sessions.begin() as session:
        due = await rounds.due_closings(session, now, ROUNDS)
        for this in due:
            if await rounds.close(session, this, now):
                await summing.keep_anonymous(session, this, await answers.anonymous_of_round(session, this))
                await (early.close(session, this) if this.early else resting.after(session, this, now))
    return len(due)


async def archive_rounds(services: Services) -> int:
    """Take no more answers to the last rounds of check-ins that ended a while ago."""
    now = services.clock.now()
    async with services.sessions.begin() as session:
        due = await archives.due(session, now, BATCH)
        for this in due:
            await archives.close(session, this, now)
    return len(due)


async def check_channels(services: Services) -> int:
    """Tell the facilitator who made a check-in when the bot is not in its channel, long before the summary is due."""
    now = services.clock.now()
    async with services.sessions() as session:
        due = await checkins.channels_to_check(session, now)

    async def look(one: tuple[CheckIn, str | None]) -> None:
        check_in, team_id = one
        reachable = not (check_in.channel and team_id) or await channels.has_bot(services, team_id, check_in.channel)
        async with services.sessions.begin() as session:
            if await checkins.channel_checked(session, check_in) and not reachable:
                await _tell_maker(session, check_in, now)

    return await turns.side_by_side(due, lambda one: one[1], look, most=ROUNDS)


JOBS = [
    Job("check-ins: open rounds", open_rounds, checkins.next_due),
    Job("check-ins: fill large rounds", fill_rounds, fillings.next_due),
    Job("check-ins: ask", ask, rounds.next_asking),
    Job("check-ins: remind", remind, rounds.next_reminder),
    Job("check-ins: close rounds", close_rounds, rounds.next_closing),
    Job("check-ins: archive rounds", archive_rounds, archives.next_due),
    Job("check-ins: sum up", closing.sum_up, summing.next_due, woken_by=summing.WOKEN),
    Job("check-ins: look at channels", check_channels, checkins.next_channel_check),
]


async def begin(
    session: AsyncSession,
    check_in: CheckIn,
    pattern: Pattern,
    nominal: date,
    people: Sequence[Person],
    now: datetime,
    *,
    note: str,
    at_once: bool = False,
) -> Round | None:
    """Open the round of a date, or of today `at_once`, with everybody's prompt; None when there is one already."""
    alone = await rests.ids(session, check_in.program_id, check_in.id)
    prompts = await asking.prompts(pattern, nominal, people, alone, now, at_once=at_once)
    questions = await checkins.questions_of(session, check_in)
    return await rounds.open_round(session, check_in, nominal, questions, prompts, note=note, at=now, at_once=at_once)


async def _open_round(session: AsyncSession, check_in: CheckIn, settings: Settings, now: datetime) -> None:
    found = await checkins.of_id(session, check_in.program_id, check_in.id)
    if found.check_in.next_at is None or found.check_in.next_at > now:
        return  # somebody else opened the round between the two looks
    people = await checkins.people_of(session, check_in.program_id, check_in.cohort_id)
    pattern = rhythm.pattern_of(check_in, found.cohort.phases)

    def opens_at(day: date) -> datetime:
        return rules.first_at(pattern, day, asking.places(people, day) or [Place(found.zone)])

    planned = check_in.next_on
    if planned is None or not rhythm.is_date(pattern, planned):
        await planning.plan_anew(session, found, people, settings, now)  # a phase of the cohort changed
        return
    if opens_at(planned) > now:
        await checkin_changes.plan_again(session, check_in, (planned, opens_at(planned)))  # a city's calendar changed
        return
    turn = rules.turn(pattern, planned, now, opens_at)
    if found.cohort.ends_on and found.cohort.ends_on < turn.nominal:
        await checkin_changes.end(session, check_in.program_id, check_in.id, now)
        return
    following = opens_at(turn.following) if turn.following else None
    if not await checkin_changes.move_on(session, check_in, turn.following, following, now):
        return
    note = rules.passed_over_note(turn.passed_over, calendar.today(found.zone, now))
    await begin(session, check_in, pattern, turn.nominal, people, now, note=note)


def _by_program(due: list[Ask]) -> list[tuple[int, list[Ask]]]:
    """What is due of each program by itself, since a statement that writes names its program."""
    programs = sorted({one.asking.program_id for one in due})
    return [(program_id, [one for one in due if one.asking.program_id == program_id]) for program_id in programs]


def _needs_reminder(one: Ask, now: datetime) -> bool:
    unanswered = one.prompt.answered_at is None and one.prompt.declined_at is None and one.asking.declined_at is None
    # Who was never reached is not reminded: the message was held back until it was too late.
    return (
        unanswered
        and one.outcome == "sent"
        and due_prompts.seated(one, now)
        and now < one.ends_at
        and one.round.archived_at is None
    )


def _reminder(one: Ask, now: datetime) -> Letter:
    how = terms.of(one.check_in, Priority.REMINDER, one.ends_at)
    return Letter(one.member.id, f"reminder:{one.asking.id}", views.reminder(one, now), how)


async def _tell_maker(session: AsyncSession, check_in: CheckIn, now: datetime) -> None:
    maker = await members.of_id(session, check_in.program_id, check_in.created_by)
    own = (await cohort_channels.of_check_in(session, check_in))[:1]
    place = wording.told_in(own, await members.reached_in(session, maker))
    key = f"checkin:{check_in.id}:channel:{now.isoformat()}"
    await deliveries.owe(session, maker, key, views.not_in_channel(check_in, place), at=now)
