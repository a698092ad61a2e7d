"""The last step of making a check-in: it is made, or a change of it saved, once; of two who change one, the second is told."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, rhythm
from handlers.blocks import message, section
from handlers.checkins import views as checkin_views
from handlers.checkins.making import checks, dates, forms, rules, words
from handlers.checkins.making.dates import Coming
from handlers.checkins.making.rules import Plan
from handlers.checkins.making.views import Carried
from handlers.checkins.summing import closing
from handlers.errors import Refused
from handlers.people import today_of
from handlers.types import Ack, Json, Sessions, Settings
from storage import check_in_edits, checkins, deliveries, drafts, members
from storage.check_in_edits import Begun
from storage.checkins import NewCheckIn
from storage.members import Asker
from storage.models import CheckIn


async def sent(
    ack: Ack, carried: Carried, team_id: str, user_id: str, sessions: Sessions, now: datetime, settings: Settings
) -> None:
    """Make it, or Save: the form closes, or shows the step in which something is missing."""
    async with sessions.begin() as session:
        asker = await forms.who_asks(session, team_id, user_id, carried.about)
        view = None
        if not await _is_done(session, asker, carried):
            view = await _finish(session, asker, carried, now, settings)
    if view is None:
        await ack(response_action="clear")
    else:
        await ack(response_action="update", view=view)


async def _is_done(session: AsyncSession, asker: Asker, carried: Carried) -> bool:
    """Whether this very form was sent off before: its answer was lost, and it is sent again."""
    if carried.about == forms.NEW:
        return await checkins.by_form(session, asker.member, carried.key) is not None
    key = _key_of_change(forms.check_in_of(carried.about), carried.key)
    return await deliveries.find(session, asker.member.program_id, key) is not None


async def _finish(
    session: AsyncSession, asker: Asker, carried: Carried, now: datetime, settings: Settings
) -> Json | None:
    """None when it is done; else the step to show."""
    plan, found = await forms.resume(session, asker, carried)
    if found is None or found.cohort is None:
        raise Refused(forms.ELSEWHERE)
    people = await checkins.people_of(session, asker.member.program_id, found.cohort.id)
    coming = forms.coming_of(plan, found, people, now)
    wrong = await _first_problem(session, asker, plan, found, coming, now)
    if wrong is not None:
        plan = replace(plan, step=wrong[0])
        await forms.keep(session, asker, plan, now)
        return await forms.drawn(session, asker, plan, found, now, f"*{wrong[1]}*")
    if plan.check_in:
        return await _edit(session, asker, plan, found, people, now)
    await _make(session, asker, plan, coming, now, settings)
    await drafts.drop(session, asker.member, carried.about)
    return None


async def _first_problem(
    session: AsyncSession, asker: Asker, plan: Plan, found: Begun, coming: Coming, now: datetime
) -> tuple[int, str] | None:
    """(step, what is wrong in it): a draft may be old, and what was right then may be wrong now."""
    for text in (await checks.problems_with_name(session, asker, plan, now)).values():
        return 1, text
    if told := rules.problem_with_questions(plan):
        return 2, told
    today = await today_of(session, asker.member, now)
    phases = found.cohort.phases if found.cohort else []
    if told := dates.problem_with(plan, coming, today, phases) or rules.problem_with_time(plan):
        return 3, told
    return None if plan.channel else (4, "Please choose the channel in which the answers are summed up.")


async def _make(
    session: AsyncSession, asker: Asker, plan: Plan, coming: Coming, now: datetime, settings: Settings
) -> None:
    if coming.first_at is None:
        raise Refused("No date is left on which anybody could be asked.")
    turn = (coming.dates[0], coming.first_at)
    check_in = await checkins.add(session, asker.member, asker.workspace, new_of(plan, coming), turn, now)
    if check_in is None:
        return
    listed = await checkins.of_id(session, asker.member.program_id, check_in.id)
    people = await checkins.people_of(session, asker.member.program_id, check_in.cohort_id)
    told_in = await closing.told_in(session, check_in, await members.reached_in(session, asker.member))
    asked = dates.asking_of(people, turn[0], now).people
    reply = checkin_views.saved(listed, told_in, asked, now, settings)
    await deliveries.owe(session, asker.member, f"checkin:{check_in.id}:saved", reply, at=now)


async def _edit(
    session: AsyncSession, asker: Asker, plan: Plan, found: Begun, people: list[checkins.Person], now: datetime
) -> Json | None:
    """None when it is saved; else the last step, with who changed the check-in meanwhile."""
    check_in = await check_in_edits.locked(session, asker.member.program_id, plan.check_in)
    if check_in is None:
        raise Refused("This check-in has ended, so nothing was changed.")
    if check_in.changes != plan.changes:
        return await _changed_meanwhile(session, asker, plan, check_in, found, now)
    # Dates that were skipped since the form was opened stay skipped.
    kept = rhythm.cadence_of(check_in)
    plan = replace(plan, cadence=(kept.rule, kept.event, kept.event_days))
    coming = forms.coming_of(plan, found, people, now)
    phases = found.cohort.phases if found.cohort else []
    today = calendar.today(found.zone, now)
    told = words.differences(plan, coming, phases, today)
    turn = (coming.dates[0], coming.first_at) if coming.first_at else None
    if told and await check_in_edits.edit(
        session, asker.member, check_in, plan.changes, columns_of(plan, coming, check_in, now), plan.questions, turn
    ):
        first = turn[0] if turn and check_in.paused_at is None else None
        listed = await checkins.of_id(session, asker.member.program_id, check_in.id)
        text = words.saved(listed, told, first, today)
        key = _key_of_change(check_in.id, plan.key)
        await deliveries.owe(session, asker.member, key, message(text, [section(text)]), at=now)
    await drafts.drop(session, asker.member, forms.about(plan.check_in))
    return None


async def _changed_meanwhile(
    session: AsyncSession, asker: Asker, plan: Plan, check_in: CheckIn, found: Begun, now: datetime
) -> Json:
    """What was filled in stays, beside what the check-in is by now; the next Save puts it in place of that."""
    present = await forms.plan_of(session, check_in)
    plan = replace(plan, changes=check_in.changes, before=present.before, cadence=present.cadence)
    await forms.keep(session, asker, plan, now)
    note = words.changed_meanwhile(await check_in_edits.changed_by(session, check_in), check_in.name)
    return await forms.drawn(session, asker, plan, found, now, note)


def new_of(plan: Plan, coming: Coming) -> NewCheckIn:
    """The check-in as storage takes it."""
    start, end = plan.quiet
    return NewCheckIn(
        cohort_id=plan.cohort,
        channel=plan.channel,
        name=rules.name_of(plan),
        cadence=coming.cadence,
        at=plan.clock,
        window_hours=plan.window_hours,
        any_hour=plan.any_hour,
        questions=plan.questions,
        form_key=plan.key,
        one_per_city=plan.one_per_city,
        reminds=plan.reminds,
        quiet_from=start,
        quiet_until=end,
    )


def columns_of(plan: Plan, coming: Coming, check_in: CheckIn, now: datetime) -> dict[str, object]:
    """What a change writes; the bot looks again whether it is in another channel."""
    start, end = plan.quiet
    values: dict[str, object] = {
        "name": rules.name_of(plan),
        "rule": coming.cadence.rule,
        "event": coming.cadence.event,
        "event_days": coming.cadence.event_days,
        "at": plan.clock,
        "window_hours": plan.window_hours,
        "any_hour": plan.any_hour,
        "one_per_city": plan.one_per_city,
        "reminds": plan.reminds,
        "quiet_from": start,
        "quiet_until": end,
    }
    if (plan.channel, plan.workspace) != (check_in.channel, check_in.workspace_id):
        values |= {"channel": plan.channel, "workspace_id": plan.workspace, "channel_check_at": now}
    return values


def _key_of_change(check_in_id: int, key: str) -> str:
    return f"checkin:{check_in_id}:edited:{key}"
