"""Making and changing a check-in in steps: the command opens the form, each step is kept as a draft before the next one is shown."""

import secrets
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import rights
from handlers.checkins.making import dates, dates_views, last_views, rules, templates, views
from handlers.checkins.making.rules import Plan
from handlers.checkins.making.views import Carried
from handlers.errors import Refused
from handlers.people import asker_allowed, refuse_unless, today_of
from handlers.types import Client, Json
from storage import check_in_edits, checkins, drafts
from storage.check_in_edits import Begun
from storage.checkins import Listed, Person
from storage.members import Asker
from storage.models import CheckIn

NEW = "check-in:new"
ELSEWHERE = "You went on with this, sent it or began anew in another window, so nothing was changed here."


def about(check_in_id: int) -> str:
    """The name of the draft of a check-in that is changed; of a new one without its id."""
    return f"check-in:{check_in_id}" if check_in_id else NEW


async def new(session: AsyncSession, team_id: str, user_id: str, words: str, now: datetime) -> Json:
    """`/checkin new [NAME or template]`: the first step, or what was begun before."""
    asker = await asker_allowed(session, team_id, user_id, "checkin new")
    found = await check_in_edits.begun(session, asker, NEW)
    if found is not None:
        return await offer(session, asker, found, words, now)
    return await first_step(session, asker, named(words), now)


async def edit(session: AsyncSession, team_id: str, user_id: str, listed: Listed, now: datetime) -> Json:
    """`/checkin edit N`: the form with what the check-in is, or what was begun before."""
    asker = await asker_allowed(session, team_id, user_id, "checkin edit", listed.cohort.id)
    if listed.check_in.ended_at:
        raise Refused(f"{listed.check_in.name} is over, so nothing of it can be changed. Make a new one instead.")
    found = await check_in_edits.begun(session, asker, about(listed.check_in.id), listed.check_in.id)
    if found is not None:
        return await offer(session, asker, found, "", now)
    return await first_step(session, asker, await plan_of(session, listed.check_in), now)


def named(words: str) -> Plan:
    """A new one of the template that the words name, else called so."""
    template = templates.meant(words)
    name = "" if template else " ".join(words.split())[: rules.NAME_LIMIT * 4]
    return rules.begun_with(template or "pulse", secrets.token_urlsafe(12), name)


async def plan_of(session: AsyncSession, check_in: CheckIn) -> Plan:
    """What the form of a check-in begins with."""
    questions = await checkins.questions_of(session, check_in)
    return dates.plan_of_check_in(check_in, questions, secrets.token_urlsafe(12))


async def offer(session: AsyncSession, asker: Asker, found: Begun, words: str, now: datetime) -> Json:
    """Go on, or begin anew."""
    today = await today_of(session, asker.member, now)
    plan = rules.plan_of(found.draft.values)
    cohort = found.cohort.name if found.cohort else ""
    began = await today_of(session, asker.member, found.draft.changed_at)
    return views.begun_before(plan, found.draft.about, cohort, began, today, words)


async def first_step(session: AsyncSession, asker: Asker, plan: Plan, now: datetime, note: str = "") -> Json:
    """Step 1; the only cohort there is stands in it."""
    if plan.check_in:
        return views.name_step(plan, about(plan.check_in), [], note)
    today = await today_of(session, asker.member, now)
    cohorts = await check_in_edits.cohorts_for(session, asker, today)
    if not cohorts:
        raise Refused("There is no running cohort that you facilitate, so there is nobody to ask yet.")
    only = cohorts[0][0] if len(cohorts) == 1 else 0
    shown = replace(plan, cohort=plan.cohort or only)
    return views.name_step(shown, NEW, cohorts, note)


async def who_asks(session: AsyncSession, team_id: str, user_id: str, name: str) -> Asker:
    """Whoever may make check-ins, or change some; `name` is that of the draft."""
    return await asker_allowed(session, team_id, user_id, "checkin new" if name == NEW else "checkin edit")


async def resume(
    session: AsyncSession, asker: Asker, carried: Carried, *, lock: bool = True
) -> tuple[Plan, Begun | None]:
    """What stands in the draft of a window. A first step that was not sent yet has none: then it is what the form began with.

    A session that only reads cannot `lock` it. Raises `Refused` when the draft belongs to another window by now, or the cohort is not the
    asker's.
    """
    found = await check_in_edits.begun(session, asker, carried.about, check_in_of(carried.about), lock=lock)
    if found is not None:
        plan = rules.plan_of(found.draft.values)
        if plan.key != carried.key:
            raise Refused(ELSEWHERE)
    elif carried.step == 1:
        plan = await _unsent(session, asker, carried)
    else:
        raise Refused(ELSEWHERE)
    if carried.step > 1:
        # The first step chooses the cohort: whoever lost theirs chooses another one there.
        await refuse_cohort(session, asker, plan)
    return plan, found


async def refuse_cohort(session: AsyncSession, asker: Asker, plan: Plan) -> None:
    """`Refused`, when the asker does not facilitate the cohort of the plan (any more)."""
    act = "checkin edit" if plan.check_in else "checkin new"
    if plan.cohort and not rights.may(act, asker.runs(plan.cohort)):
        await refuse_unless(session, asker.member, act, plan.cohort)


async def keep(session: AsyncSession, asker: Asker, plan: Plan, now: datetime) -> None:
    await drafts.keep(session, asker.member, about(plan.check_in), rules.kept(plan), now)


async def drawn(
    session: AsyncSession, asker: Asker, plan: Plan, found: Begun | None, now: datetime, note: str = ""
) -> Json:
    """The window of the step at which the plan is."""
    name = about(plan.check_in)
    if plan.step == 1:
        return await first_step(session, asker, plan, now, note)
    if plan.step == 2 or found is None or found.cohort is None:
        return views.questions_step(replace(plan, step=2), name, note)
    today = await today_of(session, asker.member, now)
    own = not plan.channel or plan.workspace in (0, asker.workspace.id)
    if plan.step == 4:
        shown = plan if plan.channel else replace(plan, channel=found.channel or "")
        return last_views.who_step(shown, name, own_channel=own, note=note)
    people = await checkins.people_of(session, asker.member.program_id, found.cohort.id)
    coming = coming_of(plan, found, people, now)
    phases = found.cohort.phases
    if plan.step == 3:
        return dates_views.when_step(plan, name, phases, coming, today, note)
    first = coming.dates[0] if coming.dates else today
    asking = dates.asking_of(people, first, now, found.open_on)
    scene = last_views.Scene(found.cohort.name, coming, asking, phases, today, own_channel=own)
    return last_views.last_step(plan, name, scene, note)


def coming_of(plan: Plan, found: Begun, people: list[Person], now: datetime) -> dates.Coming:
    """On which dates it would ask, after the rounds that there are already."""
    phases, until = (found.cohort.phases, found.cohort.ends_on) if found.cohort else ([], None)
    return dates.coming(plan, people, found.zone, phases, now, after=found.newest_on, until=until)


def check_in_of(name: str) -> int:
    """The check-in that a draft is about; 0 for a new one."""
    return int(name.removeprefix("check-in:")) if name != NEW else 0


async def show(client: Client, body: Json, view: Json) -> None:
    """In place of the window in which something was pressed.

    Without its hash: of two things that are chosen quickly the second one would be refused, and what is shown comes from the draft anyway.
    """
    await client.views_update(view_id=body["view"]["id"], view=view)


async def _unsent(session: AsyncSession, asker: Asker, carried: Carried) -> Plan:
    if carried.about == NEW:
        return Plan(key=carried.key, template="", questions=())
    check_in = await check_in_edits.of_id(session, asker.member.program_id, check_in_of(carried.about))
    if check_in is None:
        raise Refused(ELSEWHERE)
    plan = await plan_of(session, check_in)
    return replace(plan, key=carried.key, changes=carried.changes)
