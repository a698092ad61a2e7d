"""Puts the summaries of a round together and owes them: once when it closes, and as a change of the message when an answer comes later."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar
from handlers.calendar import Hours
from handlers.checkins import absent, rules, summaries, terms, wording
from handlers.types import Json, Settings
from storage import answers, checkins, cohort_channels, deliveries, members
from storage.checkins import Listed
from storage.deliveries import Priority
from storage.models import CheckIn, Member, Round


async def sum_up(session: AsyncSession, this: Round, settings: Settings, now: datetime) -> None:
    """Tell the channels, and the rest to each facilitator, in the cohort's next working hour; what stands there already is changed."""
    found = await checkins.of_id(session, this.program_id, this.check_in_id)
    public, private = await _both(session, found, this, settings, now)
    hours = Hours(found.check_in.quiet_from, found.check_in.quiet_until)
    at = rules.summary_at(now, found.zone, any_hour=found.check_in.any_hour, hours=hours)
    if public:
        await _tell_channels(session, found.check_in, this, public, now, at)
    if private:
        for person in await members.facilitators(session, this.program_id, found.check_in.cohort_id):
            await _tell(session, person, found.check_in, this, private, now, at)


async def tell_again(session: AsyncSession, this: Round, settings: Settings, now: datetime) -> None:
    """After a late answer or an edit: change the summaries of a round that is closed."""
    if this.closed_at:
        await sum_up(session, this, settings, now)


async def told_in(session: AsyncSession, check_in: CheckIn, team_id: str | None) -> str:
    """The channels in which a check-in is summed up, for somebody who reads it in this workspace."""
    return wording.told_in(await cohort_channels.of_check_in(session, check_in), team_id)


async def _tell_channels(
    session: AsyncSession, check_in: CheckIn, this: Round, public: Json, now: datetime, at: datetime
) -> None:
    """Its own channel, and the cohort's in the other workspaces; what stands in one of them is changed there."""
    for spot in await cohort_channels.of_check_in(session, check_in):
        own = spot.workspace_id == check_in.workspace_id
        key = f"summary:{this.id}" if own else f"summary:{this.id}:in:{spot.workspace_id}"
        if not await deliveries.owe_update(session, this.program_id, key, public, at=now):
            place = (this.program_id, spot.workspace_id, spot.channel)
            await deliveries.owe_channel(session, *place, key, public, at=at)


async def _tell(
    session: AsyncSession, person: Member, check_in: CheckIn, this: Round, private: Json, now: datetime, at: datetime
) -> None:
    key = f"summary:{this.id}:{person.id}"
    if await deliveries.owe_update(session, this.program_id, key, private, at=now):
        return
    # Nobody asked for it at this moment: it waits for the facilitator's own working hours and counts.
    await deliveries.owe(session, person, key, private, at=at, terms=terms.of(check_in, Priority.DIGEST))


async def _both(
    session: AsyncSession, found: Listed, this: Round, settings: Settings, now: datetime
) -> tuple[Json | None, Json | None]:
    given = await answers.of_round(session, this)
    people = await absent.standings(session, this)
    today = calendar.today(found.zone, now)
    private = summaries.for_facilitators(found, this, given, people, today)
    if summaries.nobody_to_tell(given, people):
        return None, private
    return summaries.for_channel(found, this, given, today, settings), private
