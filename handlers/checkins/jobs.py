"""What the clock does for check-ins: open rounds, ask, remind, close with a summary, and look whether the channel can be written in."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, channels, rhythm, turns
from handlers.checkins import absent, asking, cities, closing, early, planning, resting, rules, terms, views, wording
from handlers.checkins.absent import Around
from handlers.checkins.rules import Window
from handlers.rhythm import Pattern, Place
from handlers.types import Job, Services, Settings
from storage import (
    absences,
    answers,
    archives,
    checkin_changes,
    checkins,
    cohort_channels,
    deliveries,
    fillings,
    members,
    prompting,
    rests,
    rounds,
    summing,
)
from storage.checkins import Person
from storage.cities import Beside
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
    """Owe the direct message to those whose own moment has come; skip those for whom it is too late, and say why."""
    now = services.clock.now()
    async with services.sessions.begin() as session:
        due = await rounds.due_askings(session, now, BATCH)
        for program_id, asks in _by_program(due):
            await _ask(session, program_id, asks, now)
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


async def _ask(session: AsyncSession, program_id: int, asks: Sequence[Ask], now: datetime) -> None:
    """One program's askings that are due, in a few statements however many they are."""
    why_not = {one.asking.id: _why_not(one, now) for one in asks}
    for why in sorted({why for why in why_not.values() if why}):
        await rounds.skip(session, program_id, [id_ for id_, reason in why_not.items() if reason == why], why)
    asks = [one for one in asks if why_not[one.asking.id] is None]
    around = await absent.around(session, program_id, asks, now)
    ready = [one for one in asks if not await _moved(session, one, around, now)]
    ready = [one for one in ready if not await _away(session, one, around, now)]
    mine = await rounds.claim(session, program_id, [one.asking.id for one in ready], now)
    several = [one.prompt.id for one in ready if prompting.for_city(one.prompt)]
    together = await cities.beside(session, program_id, several)
    letters = {one.asking.id: _letter(one, around, together, now) for one in ready if one.asking.id in mine}
    if letters:
        owed = await deliveries.owe_all(session, program_id, list(letters.values()), at=now)
        unreached = [id_ for id_, letter in letters.items() if letter.key not in owed]
        await rounds.skip(session, program_id, unreached, "not_in_slack")


def _why_not(one: Ask, now: datetime) -> str | None:
    if not _seated(one, now):
        return "left"
    if one.round.archived_at:
        return "ended"
    return "late" if rules.too_late(_left(one), now) else None


def _seated(one: Ask, now: datetime) -> bool:
    """Whether the seat is theirs today."""
    return one.sits_until is not None and one.sits_until >= calendar.today(one.zone, now)


def _left(one: Ask) -> Window:
    """What is left of the window when somebody is asked: less than the whole for who comes back within it."""
    return Window(one.asking.due_at, one.ends_at)


async def _moved(session: AsyncSession, one: Ask, around: Around, now: datetime) -> bool:
    """Whether it is too early for the person by now: a changed zone, or new days off, move what is not sent."""
    place, pattern = around.place(one), rhythm.pattern_of(one.check_in, one.phases)
    at_once = one.round.opened_at if one.round.at_once else None
    window = rules.window(pattern, one.round.nominal_on, place, at_once=at_once)
    if window.due_at <= now:
        return False
    remind_at = rules.remind_at(pattern, window, place)
    await rounds.move(session, one, window.due_at, window.ends_at, remind_at)
    return True


async def _away(session: AsyncSession, one: Ask, around: Around, now: datetime) -> bool:
    """Whether the person is away today: then they are asked when they are back within the window, or not in this round."""
    absence, place = around.absence(one, now), around.place(one)
    if absence is None:
        return False
    pattern = rhythm.pattern_of(one.check_in, one.phases)
    back_at = absent.asked_when_back(pattern, one.ends_at, absence, place)
    if back_at is None:
        await rounds.skip(session, one.asking.program_id, [one.asking.id], "away")
    else:
        remind_at = rules.remind_at(pattern, Window(back_at, one.ends_at), place)
        await absences.ask_when_back(session, one.asking, back_at, remind_at)
    return True


def _letter(one: Ask, around: Around, together: Mapping[int, Sequence[Beside]], now: datetime) -> Letter:
    away = around.colleagues(one, now)
    others = [each for each in together.get(one.prompt.id, ()) if each.may_answer and each.member_id != one.member.id]
    beside = [each.name for each in others if each.name not in away]
    how = terms.of(one.check_in, Priority.PROMPT, _left(one).part(0.5))
    return Letter(one.member.id, f"prompt:{one.asking.id}", views.prompt(one, beside, away, now), how)


def _needs_reminder(one: Ask, now: datetime) -> bool:
    unanswered = one.prompt.answered_at is None and one.prompt.declined_at is None and one.asking.declined_at is None
    # Who was never reached is not reminded: the message was held back until it was too late.
    return (
        unanswered
        and one.outcome == "sent"
        and _seated(one, now)
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
