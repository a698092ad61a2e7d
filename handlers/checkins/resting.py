"""After three rounds without an answer somebody is no longer asked: they and the facilitators read so once, and there is a way back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar
from handlers.checkins import absent, rest_views, rules, terms
from handlers.checkins.wording import is_away
from handlers.errors import Refused
from handlers.people import member_of
from handlers.types import Ack, Clock, Json, Sessions
from storage import answers, checkins, deliveries, members, programs, rests, rounds
from storage.answers import Open
from storage.deliveries import Priority
from storage.models import Member, Rest, Round
from storage.rests import Heard
from storage.rounds import Standing


async def after(session: AsyncSession, this: Round, now: datetime) -> None:
    """When a round closes: note who was silent, and ask those no more who were so for the third time in a row."""
    people = await rounds.standings(session, this)
    suspected = set(silent_in(people))
    silent = silent_in(await absent.marked(session, this, [one for one in people if one.member_id in suspected]))
    if not silent:
        return
    await rests.note_silent(session, this, silent)
    rows: dict[int, list[Heard]] = {}
    for row in await rests.heard(session, this, silent, at_least=rules.STRIKES):
        rows.setdefault(row.member_id, []).append(row)
    tired = sorted(one for one, heard in rows.items() if rules.silent_in_a_row(heard) >= rules.STRIKES)
    begun = await rests.start(session, this, tired, now) if tired else []
    if begun:
        await _tell(session, this, begun, people, now)


def silent_in(people: Sequence[Standing]) -> list[int]:
    """Who got the question, was there, and neither answered nor passed; whoever answered for another seat was not silent."""
    heard = {one.member_id for one in people if one.answered or one.declined}
    silent = [one.member_id for one in people if one.asked and one.outcome == "sent" and not is_away(one)]
    return [one for one in dict.fromkeys(silent) if one not in heard]


async def ask_again(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock
) -> None:
    """Ask me again: in the message about it, or under the answer of `/checkin`."""
    now = clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        found = await rests.of_id(session, member, int(action["value"]))
        if found is None:
            raise Refused("That check-in is gone, so there is nothing to change.")
        ended = await rests.end(session, member, found.check_in.id, now)
        if ended:
            told = await _welcome_back(session, member, ended, found.check_in.id, now, by_answer=False)
            await _say_beside(session, member, body, team_id, told, now)
    await ack()


async def answered(session: AsyncSession, member: Member, this: Open, now: datetime) -> None:
    """Any answer ends a rest."""
    ended = await rests.end(session, member, this.check_in.id, now)
    if ended:
        await _welcome_back(session, member, ended, this.check_in.id, now, by_answer=True)


async def shown(session: AsyncSession, program_id: int, check_in_id: int) -> list[Json]:
    """For facilitators, under a check-in: whom it does not ask."""
    return rest_views.shown(await rests.of_check_in(session, program_id, check_in_id))


async def offered(session: AsyncSession, member: Member) -> list[Json]:
    """For somebody who types `/checkin`: what no longer asks them, each with the way back."""
    return rest_views.offered(await rests.of_member(session, member))


async def _tell(
    session: AsyncSession, this: Round, begun: Sequence[Rest], people: Sequence[Standing], now: datetime
) -> None:
    found = await checkins.of_id(session, this.program_id, this.check_in_id)
    for rest in begun:
        member = await members.of_id(session, this.program_id, rest.member_id)
        nudge = terms.of(found.check_in, Priority.NUDGE)
        await deliveries.owe(session, member, rests.key(rest), rest_views.no_longer(rest, found), at=now, terms=nudge)
    ids = {rest.member_id for rest in begun}
    who = list(dict.fromkeys((one.name, one.city) for one in people if one.member_id in ids))
    told = rest_views.for_facilitators(found, who)
    digest = terms.of(found.check_in, Priority.DIGEST)
    for person in await members.facilitators(session, this.program_id, found.check_in.cohort_id):
        await deliveries.owe(session, person, f"rests:{this.id}:{person.id}", told, at=now, terms=digest)


async def _say_beside(
    session: AsyncSession, member: Member, body: Json, team_id: str, told: Json, now: datetime
) -> None:
    """The answer to a command is nobody's message in Slack: only its address can change it."""
    workspace = await programs.by_team(session, team_id)
    if workspace and body.get("container", {}).get("is_ephemeral") and body.get("response_url"):
        reply, key = told | {"replace_original": True}, f"rest:again:{body['trigger_id']}"
        await deliveries.owe_response(
            session, member.program_id, workspace.id, body["response_url"], key, reply, at=now
        )


async def _welcome_back(
    session: AsyncSession, member: Member, ended: Rest, check_in_id: int, now: datetime, *, by_answer: bool
) -> Json:
    """The message about the rest says what holds now; one that still waits is not sent."""
    found = await checkins.of_id(session, member.program_id, check_in_id)
    zone = await members.zone_of(session, member)
    next_on = found.check_in.next_on
    when = calendar.spoken_date(next_on, calendar.today(zone, now)) if next_on else ""
    open_now = [] if by_answer else await answers.open_for(session, member)
    waiting = next((one for one in open_now if one.check_in.id == check_in_id), None)
    told = rest_views.again(found, when, waiting.prompt.id if waiting else None)
    waits = await deliveries.withdraw(session, member.program_id, rests.key(ended), now)
    if not waits:
        await deliveries.owe_update(session, member.program_id, rests.key(ended), told, at=now)
    return told
