"""A kind word to whose place a facilitator ends: which seat, from when, who takes over, whom to ask; and the word that takes it back."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar
from handlers.seats import views
from storage import deliveries, seats, turnover
from storage.deliveries import Priority, Terms
from storage.models import Member, SeatChange
from storage.seats import Seated

TERMS = Terms(own_accord=True, priority=Priority.REMINDER)


async def say(
    session: AsyncSession, change: SeatChange, by: Member, place: Seated, after: Seated | None, now: datetime
) -> None:
    """Owed once; nothing to who left Slack, who ended their own place, or who only changes their role on the seat."""
    today = calendar.today(place.zone, now)
    over = place.ends_on is not None and place.ends_on < today
    if over or place.member.id == by.id or place.member.deactivated_at or await turnover.stays(session, place):
        return
    last_day = place.delegate.until_on or today
    beside = await turnover.beside(session, place, max(today, last_day)) if after is None else []
    message = views.farewell(place, after.member if after else None, beside, by, today)
    await deliveries.owe(session, place.member, _key(change), message, at=now, terms=TERMS)


async def take_back(session: AsyncSession, change: SeatChange, place: Seated, now: datetime) -> None:
    """Not sent when it waits; changed where it stands."""
    if not await deliveries.withdraw(session, change.program_id, _key(change), now):
        now_ends = await seats.place(session, change.program_id, place.delegate.id) or place
        message = views.you_stay(now_ends, calendar.today(place.zone, now))
        await deliveries.owe_update(session, change.program_id, _key(change), message, at=now)


def _key(change: SeatChange) -> str:
    return f"{views.change_key(change.id)}:farewell"
