"""The next date of a check-in: read for those who make or change one, and found anew by the clock when it hangs on a phase that moved."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar
from handlers.checkins import changing_views, rules
from handlers.checkins.outlooks import Outlook
from handlers.rhythm import Pattern, Place
from handlers.types import Settings
from storage import checkin_changes, checkins, deliveries, members, rounds
from storage.checkins import Listed, Person
from storage.deliveries import Priority, Terms

OF_ITS_OWN_ACCORD = Terms(own_accord=True, priority=Priority.NUDGE)


async def outlook(session: AsyncSession, found: Listed, now: datetime) -> Outlook:
    """What comes next of a check-in, in three statements."""
    program_id, check_in = found.check_in.program_id, found.check_in
    people = await checkins.people_of(session, program_id, check_in.cohort_id)
    return Outlook(found, people, await rounds.newest_of(session, program_id, check_in.id), now)


async def first_turn(
    session: AsyncSession, program_id: int, cohort_id: int, pattern: Pattern, now: datetime
) -> tuple[tuple[date, datetime] | None, int]:
    """The first nominal date of a check-in that is yet to be made, with its earliest moment, and how many will be asked."""
    zone = await checkins.zone_of_cohort(session, program_id, cohort_id)
    people = await checkins.people_of(session, program_id, cohort_id)
    here = calendar.today(zone, now)
    coming = [person for person in people if person.until_on is None or person.until_on >= here]
    places = [Place(person.zone, person.days) for person in coming]
    turn = rules.first_turn(pattern, places or [Place(zone)], now)
    return turn, sum(person.sits_on(turn[0]) for person in people) if turn else 0


async def plan_anew(
    session: AsyncSession, found: Listed, people: Sequence[Person], settings: Settings, now: datetime
) -> None:
    """The planned date is none any more: take the next one, or tell once that there is none."""
    check_in = found.check_in
    newest = await rounds.newest_of(session, check_in.program_id, check_in.id)
    ahead = Outlook(found, people, newest, now)
    had_a_date, turn = check_in.next_on is not None, ahead.turn()
    if await checkin_changes.plan_again(session, check_in, turn) and turn is None and had_a_date:
        await _tell_of_no_date(session, ahead, settings)


async def _tell_of_no_date(session: AsyncSession, ahead: Outlook, settings: Settings) -> None:
    """Whoever made the check-in; when they are out of reach, who else facilitates the cohort."""
    check_in, now = ahead.found.check_in, ahead.now
    maker = await members.of_id(session, check_in.program_id, check_in.created_by)
    others = await members.facilitators(session, check_in.program_id, check_in.cohort_id)
    told = changing_views.no_date(ahead, settings)
    key = f"checkin:{check_in.id}:no-date:{now.isoformat()}"
    for person in (maker, *others):
        if await deliveries.owe(session, person, key, told, at=now, terms=OF_ITS_OWN_ACCORD):
            return
