"""The steps of making a check-in, sent, taken back, looked at again or closed: each is kept before the next one is shown."""

from dataclasses import replace
from datetime import datetime

from handlers.checkins.making import checks, dates_views, forms, last_views, rules, saving, views
from handlers.checkins.making.rules import Plan
from handlers.errors import Refused
from handlers.people import member_of
from handlers.types import Ack, Client, Clock, Json, Sessions, Settings
from storage import check_in_edits, checkins, drafts
from storage.members import Asker

LAST = len(rules.STEPS)


async def pressed(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """ "New check-in" in a list, and "Edit the check-in" at one: the form opens."""
    async with sessions() as session:
        if action["action_id"] == views.NEW:
            view = await forms.new(session, team_id, user_id, "", clock.now())
        else:
            member = await member_of(session, team_id, user_id)
            if await check_in_edits.of_id(session, member.program_id, int(action["value"])) is None:
                raise Refused("I do not know this check-in any more.")
            listed = await checkins.of_id(session, member.program_id, int(action["value"]))
            view = await forms.edit(session, team_id, user_id, listed, clock.now())
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def sent(
    ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock, settings: Settings
) -> None:
    """Next: keep the step, and show the one after it, or what is wrong at its field. The last one makes the check-in."""
    carried, now = views.carried(view), clock.now()
    if carried.step == LAST:
        await saving.sent(ack, carried, team_id, user_id, sessions, now, settings)
        return
    following: Json = {}
    async with sessions.begin() as session:
        asker = await forms.who_asks(session, team_id, user_id, carried.about)
        plan, found = await forms.resume(session, asker, carried)
        plan = replace(read(view, plan, carried.step, asker), step=carried.step)
        problems = await checks.problems(session, asker, plan, found, now)
        note = problems.pop("", "")
        go_on = plan if problems or note else replace(plan, step=carried.step + 1)
        if not problems:
            following = await forms.drawn(session, asker, go_on, found, now, note)
        await forms.keep(session, asker, go_on, now)
    if problems:
        await ack(response_action="errors", errors=problems)
    else:
        await ack(response_action="update", view=following)


async def back(
    ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Back: the step before, with what stands in this one kept, whether or not it is complete."""
    await _redrawn(ack, body, (team_id, user_id), client, sessions, clock.now(), by=-1)


async def look(
    ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Something was chosen in the third step: its dates follow."""
    await _redrawn(ack, body, (team_id, user_id), client, sessions, clock.now())


async def go_on(
    ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Go on with what was begun."""
    carried = views.carried(body["view"])
    async with sessions() as session:
        asker = await forms.who_asks(session, team_id, user_id, carried.about)
        plan, found = await forms.resume(session, asker, carried, lock=False)
        view = await forms.drawn(session, asker, plan, found, clock.now())
    await forms.show(client, body, view)
    await ack()


async def anew(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Start anew: what was begun is gone."""
    carried, now = views.carried(body["view"]), clock.now()
    async with sessions.begin() as session:
        asker = await forms.who_asks(session, team_id, user_id, carried.about)
        plan, _ = await forms.resume(session, asker, replace(carried, step=1))
        if plan.check_in:
            await forms.refuse_cohort(session, asker, plan)
        await drafts.drop(session, asker.member, carried.about)
        if plan.check_in:
            listed = await checkins.of_id(session, asker.member.program_id, plan.check_in)
            fresh = await forms.plan_of(session, listed.check_in)
        else:
            fresh = forms.named("" if action["value"] == "-" else action["value"])
        view = await forms.first_step(session, asker, fresh, now)
    await forms.show(client, body, view)
    await ack()


async def closed(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """The window was closed: what stands in the open step is kept too, as far as Slack tells it."""
    carried = views.carried(view)
    if views.is_touched(view):
        async with sessions.begin() as session:
            asker = await forms.who_asks(session, team_id, user_id, carried.about)
            found = await check_in_edits.begun(session, asker, carried.about)
            if found is None or rules.plan_of(found.draft.values).key == carried.key:
                plan, _ = await forms.resume(session, asker, carried)
                plan = replace(read(view, plan, carried.step, asker), step=carried.step)
                await forms.keep(session, asker, plan, clock.now())
    await ack()


def read(view: Json, plan: Plan, step: int, asker: Asker) -> Plan:
    """What stands in a step, whether or not it is right."""
    if step == 1:
        return views.read_name(view, plan)
    if step == 3:
        return dates_views.read_when(view, plan)
    if step == 4:
        return last_views.read_who(view, plan, asker.workspace.id)
    return plan


async def _redrawn(
    ack: Ack, body: Json, who: tuple[str, str], client: Client, sessions: Sessions, now: datetime, by: int = 0
) -> None:
    carried = views.carried(body["view"])
    async with sessions.begin() as session:
        asker = await forms.who_asks(session, *who, carried.about)
        plan, found = await forms.resume(session, asker, carried)
        plan = replace(read(body["view"], plan, carried.step, asker), step=max(1, carried.step + by))
        view = await forms.drawn(session, asker, plan, found, now)
        await forms.keep(session, asker, plan, now)
    await forms.show(client, body, view)
    await ack()
