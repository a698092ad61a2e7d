"""The next date of a check-in: read for those who make or change one, and found anew by the clock when it hangs on a phase that moved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.checkins import changing_views
from handlers.checkins.outlooks import Outlook
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
