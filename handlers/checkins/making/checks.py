"""What is wrong with a step of making a check-in, by field: the name in the cohort, the questions, the dates, the channel."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.checkins.making import dates, dates_views, forms, last_views, rules, views
from handlers.checkins.making.rules import Plan
from handlers.people import today_of
from storage import check_in_edits, checkins
from storage.check_in_edits import Begun
from storage.members import Asker


async def problems(
    session: AsyncSession, asker: Asker, plan: Plan, found: Begun | None, now: datetime
) -> dict[str, str]:
    """What keeps a step from being left, by field; under "" what has no field there."""
    if plan.step == 1:
        return await problems_with_name(session, asker, plan, now)
    if plan.step == 2:
        told = rules.problem_with_questions(plan)
        return {"": f"*{told}*"} if told else {}
    if plan.step == 3 and found and found.cohort:
        people = await checkins.people_of(session, asker.member.program_id, found.cohort.id)
        coming = forms.coming_of(plan, found, people, now)
        today = await today_of(session, asker.member, now)
        told = dates.problem_with(plan, coming, today, found.cohort.phases)
        at = rules.problem_with_time(plan)
        fields = {dates_views.field_of(plan.when): told, dates_views.AT: at}
        return {block_id: text for block_id, text in fields.items() if text}
    if plan.step == 4 and not plan.channel:
        return {last_views.CHANNEL: "Please choose the channel in which the answers are summed up."}
    return {}


async def problems_with_name(session: AsyncSession, asker: Asker, plan: Plan, now: datetime) -> dict[str, str]:
    """What is wrong with the cohort and the name."""
    told: dict[str, str | None] = {views.NAME: rules.problem_with_name(plan)}
    name = rules.name_of(plan)
    looked = (asker.member.program_id, plan.cohort, name, plan.check_in)
    known = await check_in_edits.cohort_and_namesake(session, *looked)
    today = await today_of(session, asker.member, now)
    over = known is not None and known[0].ends_on is not None and known[0].ends_on < today
    if known is None or over or not asker.runs(plan.cohort):
        field = views.NAME if plan.check_in else views.COHORT
        told[field] = "You do not facilitate this cohort, or it has ended. Please choose another one."
    elif known[1]:
        told[views.NAME] = f"A check-in of this cohort is called “{name[:80]}” already. Please choose another name."
    return {block_id: text for block_id, text in told.items() if text}
