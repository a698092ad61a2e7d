"""Reminds owners of what is due: one message for each owner and local day, with all their commitments in it."""

from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, due_days
from handlers.commitments import messages, rules
from handlers.types import Job, Services
from storage import absences, commitment_lists, commitments, days, deliveries, members
from storage.deliveries import Priority, Terms
from storage.members import Whereabouts
from storage.models import Commitment, Member

OWNERS_AT_ONCE = 20
# Held back by the daily ceiling over a long weekend it is still worth reading; the message names days, not "today".
WORTH_READING = timedelta(days=5)


async def nudge(services: Services) -> int:
    """Remind the owners who are due now; how many of them."""
    now = services.clock.now()
    async with services.sessions() as session:
        owners = await commitments.owners_to_nudge(session, now, OWNERS_AT_ONCE)
    for owner in owners:
        async with services.sessions.begin() as session:
            await _nudge_owner(session, owner, now)
    return len(owners)


NUDGES = Job("commitment nudges", nudge, commitments.next_nudge)


async def _nudge_owner(session: AsyncSession, owner: Member, now: datetime) -> None:
    gone = await _why_unreachable(session, owner)
    if gone:
        await commitments.let_go(session, owner, gone, now)
        return
    where = (await members.whereabouts(session, owner.program_id, [owner.id], since=now))[owner.id]
    until = rules.end_of_day(now, where.time_zone)
    if days.away_on(where.away, calendar.today(where.time_zone, now)):
        await _wait_for(session, owner, where, until)
        return
    # What is due later today goes into the same message.
    due = await commitments.to_nudge(session, owner, until)
    numbers = [one.number for one, ends_on in due if await _take(session, one, ends_on, where, until, now)]
    if numbers:
        await _remind(session, owner, numbers, calendar.today(where.time_zone, now), now)


async def _wait_for(session: AsyncSession, owner: Member, where: Whereabouts, until: datetime) -> None:
    """Who is away is reminded on the first working morning on which they are back: every morning looks anew."""
    morning = due_days.nudge_moment(calendar.today(where.time_zone, until), where.time_zone, where.days)
    await absences.put_off_reminders(session, owner, until, morning)


async def _take(
    session: AsyncSession, one: Commitment, ends_on: date | None, where: Whereabouts, until: datetime, now: datetime
) -> bool:
    """Move a commitment's next reminder on; True when its owner is to be reminded of it now."""
    today = calendar.today(where.time_zone, now)
    over = ends_on is not None and ends_on < today
    next_at = None if over else due_days.next_nudge(one.due_on, until, where.time_zone, where.days)
    wanted = not over and rules.is_wanted(one.due_on, one.updated_at, now, where.time_zone, where.days)
    return await commitments.move_nudge_on(session, one, next_at) and wanted


async def _remind(session: AsyncSession, owner: Member, numbers: list[int], today: date, now: datetime) -> None:
    key = f"nudge:{owner.id}:{today.isoformat()}"
    items = await commitment_lists.owned(session, owner, numbers)
    terms = Terms(own_accord=True, priority=Priority.NUDGE, expires_at=now + WORTH_READING)
    if await deliveries.owe(session, owner, key, messages.nudge(items, key, today), at=now, terms=terms):
        return
    # There is today's message already: what came to be due since then joins it.
    late = [item for item in await commitment_lists.mine(session, owner) if item.commitment.due_on <= today]
    known = {item.commitment.number for item in late}
    everything = [*late, *(item for item in items if item.commitment.number not in known)]
    await deliveries.owe_update(session, owner.program_id, key, messages.nudge(everything, key, today), at=now)


async def _why_unreachable(session: AsyncSession, owner: Member) -> str | None:
    if owner.deactivated_at is not None:
        return f"{owner.name} is not in Slack any more"
    return None if await members.in_slack(session, owner) else f"{owner.name} is not in Slack yet"
