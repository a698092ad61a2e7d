"""Prompts whose moment has come: what is to be known of them, and what becomes of each: asked, moved, put off, or passed over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, rhythm
from handlers.checkins import absent, rules, terms, views
from handlers.checkins.absent import Around
from handlers.checkins.answering import cities
from handlers.checkins.rules import Window
from storage import absences, deliveries, prompting, rounds
from storage.cities import Beside
from storage.deliveries import Letter, Priority
from storage.rounds import Ask


@dataclass(frozen=True)
class Prepared:
    """Askings of one program that are due: why some are not asked, by id, and for the others what rules them and their messages."""

    program_id: int
    why_not: Mapping[int, str]
    ready: Sequence[Ask]
    around: Around
    letters: Mapping[int, Letter]


async def prepared(session: AsyncSession, program_id: int, asks: Sequence[Ask], now: datetime) -> Prepared:
    """What is to be known of one program's askings that are due, in a few statements however many they are."""
    why_not = {one.asking.id: why for one in asks if (why := _why_not(one, now))}
    ready = [one for one in asks if one.asking.id not in why_not]
    around = await absent.around(session, program_id, ready, now)
    several = [one.prompt.id for one in ready if prompting.for_city(one.prompt)]
    together = await cities.beside(session, program_id, several)
    letters = {one.asking.id: _letter(one, around, together, now) for one in ready}
    return Prepared(program_id, why_not, ready, around, letters)


async def ask(session: AsyncSession, some: Prepared, now: datetime) -> None:
    """Ask whom nobody else asked meanwhile, and who has not answered."""
    program_id = some.program_id
    for why in sorted(set(some.why_not.values())):
        await rounds.skip(session, program_id, [id_ for id_, reason in some.why_not.items() if reason == why], why)
    ready = [one for one in some.ready if not await _moved(session, one, some.around, now)]
    ready = [one for one in ready if not await _away(session, one, some.around, now)]
    mine = await rounds.claim(session, program_id, [one.asking.id for one in ready], now)
    letters = {id_: letter for id_, letter in some.letters.items() if id_ in mine}
    if letters:
        owed = await deliveries.owe_all(session, program_id, list(letters.values()), at=now)
        unreached = [id_ for id_, letter in letters.items() if letter.key not in owed]
        await rounds.take_back(session, program_id, unreached)


def _why_not(one: Ask, now: datetime) -> str | None:
    if not seated(one, now):
        return "left"
    if one.round.archived_at:
        return "ended"
    return "late" if rules.too_late(_left(one), now) else None


def seated(one: Ask, now: datetime) -> bool:
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
