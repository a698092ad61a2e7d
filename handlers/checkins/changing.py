"""Facilitators pause, resume and end a check-in, leave a date out and run a round: what will change is said first, and done after one
confirmation, once however many press."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.blocks import message
from handlers.checkins import changing_rules, changing_views, jobs, planning, showing
from handlers.checkins.changing_rules import Step
from handlers.checkins.outlooks import Outlook
from handlers.people import member_of, refuse_unless, today_of
from handlers.types import Ack, Clock, Json, Sessions, Settings
from storage import checkin_changes, deliveries, programs
from storage.checkins import Listed
from storage.models import Member


async def offer(session: AsyncSession, member: Member, word: str, rest: str, now: datetime, settings: Settings) -> Json:
    """`/checkin pause 1` and its like: what would change, and for whom, with the button that does it."""
    name, day = rest, None
    if word == "skip":
        name, day = changing_rules.read_skip(rest, await today_of(session, member, now))
    ahead = await _ahead(session, member, await showing.named(session, member, name, now, settings), now)
    step = changing_rules.meant(word, ahead, day)
    if changing_rules.is_done(step, ahead):
        return changing_views.done(step, ahead, settings)
    problem = changing_rules.problem_with(step, ahead)
    return changing_views.refused(step, ahead, problem, settings) if problem else changing_views.question(step, ahead)


async def press(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """The button that does it; the message is replaced by what was done."""
    (number, step), now = changing_views.read_button(action), clock.now()
    async with sessions.begin() as session:
        member = await member_of(session, team_id, user_id)
        ahead = await _ahead(session, member, await showing.named(session, member, number, now, settings), now)
        reply = await _change(session, member, ahead, step, settings) | {"replace_original": True}
        workspace = await programs.by_team(session, team_id)
        if workspace and body.get("response_url"):
            key = f"checkin:{ahead.found.check_in.id}:{step.word}:{body['trigger_id']}"
            url = body["response_url"]
            await deliveries.owe_response(session, member.program_id, workspace.id, url, key, reply, at=now)
    await ack()


async def _ahead(session: AsyncSession, member: Member, found: Listed, now: datetime) -> Outlook:
    """What comes next of a check-in, for somebody who may change it."""
    await refuse_unless(session, member, "checkin switch", found.cohort.id)
    return await planning.outlook(session, found, now)


async def _change(session: AsyncSession, member: Member, ahead: Outlook, step: Step, settings: Settings) -> Json:
    if changing_rules.is_done(step, ahead):
        return changing_views.done(step, ahead, settings)
    if problem := changing_rules.problem_with(step, ahead):
        return changing_views.refused(step, ahead, problem, settings)
    if await CHANGES[step.word](session, member, ahead, step):
        return changing_views.done(step, ahead, settings)
    return message(changing_views.meanwhile(ahead, settings))


async def _pause(session: AsyncSession, member: Member, ahead: Outlook, _step: Step) -> bool:
    return await checkin_changes.pause(session, member, ahead.found.check_in.id, ahead.now)


async def _resume(session: AsyncSession, member: Member, ahead: Outlook, _step: Step) -> bool:
    turn = ahead.turn()
    return turn is not None and await checkin_changes.resume(session, member, ahead.found.check_in.id, turn)


async def _set_dates(session: AsyncSession, member: Member, ahead: Outlook, step: Step) -> bool:
    dates, turn = changing_rules.dates_with(step, ahead), changing_rules.turn_with(step, ahead)
    return await checkin_changes.set_dates(session, member, ahead.found.check_in, dates, turn)


async def _run(session: AsyncSession, member: Member, ahead: Outlook, step: Step) -> bool:
    """A round of today; when one was to come today, it takes its place."""
    check_in, now = ahead.found.check_in, ahead.now
    if not await checkin_changes.begin_at_once(session, check_in, now):
        return False
    note = f"{member.name} ran it by hand."
    opened = await jobs.begin(session, check_in, ahead.pattern, ahead.today, ahead.people, now, note=note, at_once=True)
    turn = changing_rules.turn_with(step, ahead)
    if opened and turn != ahead.planned:
        await checkin_changes.plan_again(session, check_in, turn)
    return opened is not None


async def _end(session: AsyncSession, member: Member, ahead: Outlook, _step: Step) -> bool:
    return await checkin_changes.end(session, member.program_id, ahead.found.check_in.id, ahead.now)


CHANGES: dict[str, Callable[[AsyncSession, Member, Outlook, Step], Awaitable[bool]]] = {
    "pause": _pause,
    "resume": _resume,
    "skip": _set_dates,
    "unskip": _set_dates,
    "run": _run,
    "end": _end,
}
