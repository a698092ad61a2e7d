"""Answering before one is asked: the form of the coming round, from a confirmation or from `/checkin`."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, rhythm
from handlers.checkins import asking
from handlers.checkins.answering import early_views, filling
from handlers.errors import Refused
from handlers.people import member_of
from handlers.rhythm import Place
from handlers.types import Ack, Client, Clock, Json, Sessions
from handlers.windows import open_from
from storage import answers, begun, checkins, coming, prompting, summing
from storage.answers import Open
from storage.coming import Coming
from storage.members import Whereabouts
from storage.models import Member, Round

NOTHING_COMES = "No next round of this check-in is planned in which I would ask you, so there is nothing to answer yet."


async def ask(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Answer the next one now: opens the form of the round that is open, else of the one that comes."""
    check_in_id, _, seat_id = action["value"].partition(":")
    now = clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        this = await _open(session, member, int(check_in_id), int(seat_id), now)
        prompt_id = this.prompt.id if this else await _coming(session, member, int(check_in_id), int(seat_id), now)
        asked = await begun.of_member(session, member, prompt_id)
        if asked is None:
            raise Refused(NOTHING_COMES)
        view = await filling.first_page(session, asked, now)
    await open_from(client, body, view)
    await ack()


async def nothing_open(session: AsyncSession, member: Member, where: Whereabouts, now: datetime) -> Json | None:
    """The answer of `/checkin` when nothing waits: what comes next, to be answered early; None when nothing comes."""
    found = await _first(session, member, where, now)
    return early_views.nothing_open(*found, where.time_zone, now) if found else None


async def below(session: AsyncSession, member: Member, where: Whereabouts, now: datetime) -> list[Json]:
    """The same under what may still be answered late."""
    found = await _first(session, member, where, now)
    return [early_views.below(*found, where.time_zone, now)] if found else []


async def close(session: AsyncSession, this: Round) -> None:
    """The end of a round that was never asked, because its check-in was paused or moved: what came early is summed up."""
    if await prompting.answered_already(session, this):
        await prompting.note(session, this, early_views.NOT_ASKED)
    else:
        await summing.spare(session, this)


async def _open(session: AsyncSession, member: Member, check_in_id: int, seat_id: int, now: datetime) -> Open | None:
    """What the "next one" of an older message has become meanwhile: a round that waits for an answer."""
    waiting = await answers.open_for(session, member)
    here = [one for one in waiting if (one.check_in.id, one.prompt.seat_id) == (check_in_id, seat_id)]
    return next((one for one in here if now <= one.open_until(now)), None)


async def _coming(session: AsyncSession, member: Member, check_in_id: int, seat_id: int, now: datetime) -> int:
    """The prompt of the round that comes, by its id."""
    mine = await coming.of_member(session, member)
    found = next((one for one in mine if (one.check_in.id, one.person.seat_id) == (check_in_id, seat_id)), None)
    if found is None:
        raise Refused(NOTHING_COMES)
    pattern = rhythm.pattern_of(found.check_in, found.phases)
    mine_there = asking.prompt(pattern, found.on, found.person, (), now)
    questions = await checkins.questions_of(session, found.check_in)
    return await prompting.begin(session, found.check_in, found.on, questions, mine_there, now)


async def _first(session: AsyncSession, member: Member, where: Whereabouts, now: datetime) -> tuple[Coming, str] | None:
    """What comes first, and when, in words."""
    mine = await coming.of_member(session, member)
    if not mine:
        return None
    moments = {one.check_in.id: _due(one, where) for one in mine}
    first = min(mine, key=lambda one: (moments[one.check_in.id], one.check_in.id))
    return first, calendar.spoken_moment(moments[first.check_in.id], where.time_zone, now)


def _due(one: Coming, where: Whereabouts) -> datetime:
    return rhythm.due_at(rhythm.pattern_of(one.check_in, one.phases), one.on, Place(where.time_zone, one.person.days))
