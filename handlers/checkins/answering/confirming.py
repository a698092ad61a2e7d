"""Puts the confirmation of an answer in place of its prompt; of a city's answer the others who were asked read it, too."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.checkins import views
from handlers.checkins.answering import cities, early_views
from storage import members
from storage.following import Said


async def confirm(session: AsyncSession, said: Said, now: datetime) -> None:
    """What is said is of the moment of the answer, even when it could not follow at once."""
    this, at = said.this, said.revision.at
    zone = await members.zone_of(session, said.member)
    buttons = early_views.answer_next(this)
    more = early_views.ahead(this, zone, at) or early_views.next_is(this, zone, at)
    told = await cities.tell(session, said, now, more, buttons)
    late = at > this.prompt.ends_at
    told = told or views.answered(this, zone, at, late=late, more=more, buttons=buttons)
    await cities.say(session, said.member, this, told, now)
