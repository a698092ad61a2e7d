"""A preview of a check-in, for who makes it alone: the question as a delegate gets it, and the form behind it; nothing of it is kept."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.blocks import actions, context, escaped, message, modal, section
from handlers.buttons import button
from handlers.checkins import views as checkin_views
from handlers.checkins.answering import answer_form, filling, stepping
from handlers.checkins.answering.stepping import Walk
from handlers.checkins.making import dates, forms, rules, views
from handlers.checkins.making.rules import Plan
from handlers.errors import Refused
from handlers.people import asker_allowed
from handlers.rhythm import Place
from handlers.types import Ack, Client, Clock, Json, Sessions
from storage import check_in_edits, checkins, deliveries, members, prompting
from storage.answers import Open
from storage.askings import OPEN_END
from storage.check_in_edits import Begun
from storage.members import Asker
from storage.models import Asking, CheckIn, Prompt, Round
from storage.rounds import Ask

ANSWER, DECLINE, FORM = "checkin_preview_answer", "checkin_preview_decline", "checkin_preview_form"
NOTHING_KEPT = "This was the preview: nothing of it is kept, and nobody was asked."
GONE = "This preview is of something that was begun anew since. The last step of the form sends you another one."


async def send(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Send me a preview: the question goes to who makes it, and to nobody else."""
    carried, now = views.carried(body["view"]), clock.now()
    async with sessions.begin() as session:
        asker = await forms.who_asks(session, team_id, user_id, carried.about)
        plan, found = await forms.resume(session, asker, carried)
        if found is None:
            raise Refused(forms.ELSEWHERE)
        this = await _as_asked(session, asker, plan, found, now)
        reply = _prompt(this, f"{carried.about}|{plan.key}", now)
        key = f"checkin:preview:{plan.key}:{action['action_ts']}"
        reached = await deliveries.owe(session, asker.member, key, reply, at=now)
        note = "I sent you the preview as a direct message. Nobody else got anything."
        unreached = "I cannot write to you in Slack, so I could not send the preview."
        view = await forms.drawn(session, asker, plan, found, now, note if reached else unreached)
    await forms.show(client, body, view)
    await ack()


async def ask(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Answer now, in a preview: the form as a delegate sees it."""
    async with sessions() as session:
        view = await _page(session, team_id, user_id, action["value"], 0, clock.now())
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def answer(ack: Ack, view: Json, team_id: str, user_id: str, sessions: Sessions, clock: Clock) -> None:
    """A step of a preview is sent off: the next one, at last that nothing is kept."""
    walk = stepping.read(view)
    following = modal(FORM, "Preview", [section(NOTHING_KEPT)])
    if walk.at + 1 < len(walk.steps):
        async with sessions() as session:
            following = await _page(session, team_id, user_id, walk.key, walk.at + 1, clock.now())
    await ack(response_action="update", view=following)


async def decline(ack: Ack, body: Json, client: Client) -> None:
    """Not this time, in a preview."""
    said = f"{NOTHING_KEPT} Whoever presses this is not reminded, and does not count as missing."
    await client.views_open(trigger_id=body["trigger_id"], view=modal(FORM, "Preview", [section(said)]))
    await ack()


async def _previewed(session: AsyncSession, asker: Asker, name: str, key: str) -> tuple[Plan, Begun]:
    """What the preview shows as it is now: the draft, or what was made of it."""
    found = await check_in_edits.begun(session, asker, name, forms.check_in_of(name))
    if found is not None and found.draft.values.get("key") == key:
        plan = rules.plan_of(found.draft.values)
        await forms.refuse_cohort(session, asker, plan)
        return plan, found
    check_in = await _made_of(session, asker, name, key)
    if check_in is None:
        raise Refused(GONE)
    plan = await forms.plan_of(session, check_in)
    await forms.refuse_cohort(session, asker, plan)
    listed = await checkins.of_id(session, asker.member.program_id, check_in.id)
    return plan, check_in_edits.standing(listed)


async def _made_of(session: AsyncSession, asker: Asker, name: str, key: str) -> CheckIn | None:
    if name == forms.NEW:
        return await checkins.by_form(session, asker.member, key)
    return await check_in_edits.of_id(session, asker.member.program_id, forms.check_in_of(name))


async def _as_asked(session: AsyncSession, asker: Asker, plan: Plan, found: Begun, now: datetime) -> Ask:
    """Its first round as if the maker were asked for the first of its cities; none of these rows is in the database."""
    program_id, cohort = asker.member.program_id, found.cohort
    people = await checkins.people_of(session, program_id, plan.cohort)
    zone = await members.zone_of(session, asker.member)
    coming = forms.coming_of(plan, found, people, now)
    due = dates.due_at(plan, coming.dates[0], Place(zone)) if coming.dates else now
    ends_at = due + timedelta(hours=plan.window_hours)
    questions = [{"position": position, **one} for position, one in enumerate(plan.questions)]
    subject = f"{prompting.FOR_CITY}0" if plan.one_per_city else "delegate:0"
    whose = {"program_id": program_id, "round_id": 0}
    return Ask(
        asking=Asking(id=0, program_id=program_id, prompt_id=0, member_id=asker.member.id, due_at=due),
        prompt=Prompt(id=0, **whose, subject=subject, seat_id=0, due_at=due, ends_at=ends_at),
        round=Round(id=0, program_id=program_id, questions=questions, note="", opened_at=due, closes_at=ends_at),
        check_in=dates.as_row(plan),
        cohort_name=cohort.name if cohort else "",
        cohort_zone=found.zone,
        member=asker.member,
        city=people[0].city if people else "your city",
        state="",
        zone=zone,
        sits_until=OPEN_END,
        outcome=None,
        phases=[],
    )


def _prompt(this: Ask, value: str, now: datetime) -> Json:
    """The message of the first round, with buttons that keep nothing."""
    asked = checkin_views.prompt(this, [], [], now)
    only = "*Preview, for you alone.* This is what each delegate gets; the city stands for theirs."
    row = actions(button("Answer now", ANSWER, value, style="primary"), button("Not this time", DECLINE))
    shown = [row if block["type"] == "actions" else block for block in asked["blocks"]]
    return message(f"Preview, for you alone: {asked['text']}", [context(only), *shown])


async def _page(session: AsyncSession, team_id: str, user_id: str, value: str, at: int, now: datetime) -> Json:
    """A step of the form behind the button, for a city that has no open blockers and commitments; `value` says which preview."""
    name, _, key = value.partition("|")
    asker = await asker_allowed(session, team_id, user_id, "checkin new")
    plan, found = await _previewed(session, asker, name, key)
    this = await _as_asked(session, asker, plan, found, now)
    where = (this.cohort_name, this.cohort_zone, this.city, this.sits_until)
    seen = Open(this.prompt, this.asking, this.round, this.check_in, *where)
    material = await filling.blank(session, asker.member, seen, this.zone, now)
    steps = stepping.plan(this.round.questions, [], [], answered=False)
    view = answer_form.page(material, Walk(0, value, steps, at=at))
    told = (
        f"*Preview of {escaped(this.check_in.name)}.* Answer as a delegate would: nothing that you type here is kept."
    )
    # Back and "Finish later" are for answers that are kept.
    shown = [{part: thing for part, thing in block.items() if part != "accessory"} for block in view["blocks"]]
    return view | {"callback_id": FORM, "notify_on_close": False, "blocks": [context(told), *shown]}
