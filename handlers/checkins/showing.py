"""Which check-in somebody means, and what it looks like to them."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar
from handlers.blocks import actions
from handlers.checkins import absent, changing_views, planning, resting, rules, views
from handlers.checkins.making import views as making_views
from handlers.checkins.reports import ledger_views
from handlers.checkins.summing import closing
from handlers.errors import Refused
from handlers.types import Json, Settings
from storage import checkins, members, rounds
from storage.checkins import Listed
from storage.models import Member


async def named(session: AsyncSession, member: Member, rest: str, now: datetime, settings: Settings) -> Listed:
    """The check-in that a number or a name means, by its number also one that is over; refuses with what there is."""
    today = calendar.today(await members.zone_of(session, member), now)
    everything = await checkins.listed_for(session, member, today, ended=True)
    found = [one for one in everything if one.check_in.ended_at is None]
    wanted = rest.strip().lstrip("#")
    if not wanted and len(found) == 1:
        return found[0]
    numbered = [one for one in everything if str(one.check_in.number) == wanted]
    name = rules.nearest(wanted, [one.check_in.name for one in found]) if wanted and not numbered else None
    matching = numbered or [one for one in found if one.check_in.name == name]
    if len(matching) == 1:
        return matching[0]
    raise Refused(views.which_one(wanted, matching or found, settings))


async def card(session: AsyncSession, member: Member, found: Listed, team_id: str, now: datetime) -> Json:
    """`/checkin show N`: facilitators also see how everybody stands, and what they may do to it."""
    facilitates = await members.facilitates(session, member, found.cohort.id)
    questions = await checkins.questions_of(session, found.check_in)
    newest = await rounds.newest_of(session, member.program_id, found.check_in.id)
    people = await absent.standings(session, newest) if newest and facilitates else []
    told_in = await closing.told_in(session, found.check_in, team_id)
    reply = views.one(found, questions, newest, people, told_in, now)
    if not facilitates:
        return reply
    below = await resting.shown(session, member.program_id, found.check_in.id)
    if newest:
        below = [*below, actions(ledger_views.deliveries_button(newest.id))]
    offered = changing_views.buttons(await planning.outlook(session, found, now))
    if offered:
        below = [*below, {**offered, "elements": [making_views.edit_button(found.check_in.id), *offered["elements"]]}]
    return reply | {"blocks": [*reply["blocks"], *below]}
