"""Puts the summaries of a round together and owes them: once when it closes, and as a change of the message when an answer comes later."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar
from handlers.checkins import rules, summaries
from handlers.types import Json, Settings
from storage import answers, checkins, deliveries, members, rounds
from storage.checkins import Listed
from storage.deliveries import Priority, Terms
from storage.models import Member, Round


async def sum_up(session: AsyncSession, this: Round, settings: Settings, now: datetime) -> None:
    """Owe the summary to the channel, and the rest to each facilitator, for the cohort's next working hour."""
    found = await checkins.of_id(session, this.program_id, this.check_in_id)
    public, private = await _both(session, found, this, settings, now)
    at = rules.summary_at(now, found.zone, any_hour=found.check_in.any_hour)
    check_in = found.check_in
    if public and check_in.channel and check_in.workspace_id:
        await deliveries.owe_channel(
            session, this.program_id, check_in.workspace_id, check_in.channel, _public_key(this), public, at=at
        )
    if private:
        # Nobody asked for it at this moment: it waits for the facilitator's own working hours and counts.
        terms = Terms(own_accord=True, any_hour=check_in.any_hour, priority=Priority.DIGEST)
        for person in await members.facilitators(session, this.program_id, check_in.cohort_id):
            await deliveries.owe(session, person, _private_key(this, person), private, at=at, terms=terms)


async def tell_again(session: AsyncSession, this: Round, settings: Settings, now: datetime) -> None:
    """Change the summaries of a round that is closed, after a late answer or an edit."""
    if this.closed_at is None:
        return
    found = await checkins.of_id(session, this.program_id, this.check_in_id)
    public, private = await _both(session, found, this, settings, now)
    if public:
        await deliveries.owe_update(session, this.program_id, _public_key(this), public, at=now)
    if private:
        for person in await members.facilitators(session, this.program_id, found.check_in.cohort_id):
            await deliveries.owe_update(session, this.program_id, _private_key(this, person), private, at=now)


async def _both(
    session: AsyncSession, found: Listed, this: Round, settings: Settings, now: datetime
) -> tuple[Json | None, Json | None]:
    given = await answers.of_round(session, this)
    people = await rounds.standings(session, this)
    today = calendar.today(found.zone, now)
    private = summaries.for_facilitators(found, this, given, people, today)
    if summaries.nobody_to_tell(given, people):
        return None, private
    return summaries.for_channel(found, this, given, today, settings), private


def _public_key(this: Round) -> str:
    return f"summary:{this.id}"


def _private_key(this: Round, person: Member) -> str:
    return f"summary:{this.id}:{person.id}"
