"""The questions of a check-in that is being made: written in a window of their own, moved, taken out and put back."""

from collections.abc import Callable
from dataclasses import replace

from handlers.checkins.making import forms, question_views, rules, views
from handlers.checkins.making.question_views import Place
from handlers.checkins.making.rules import Plan
from handlers.checkins.making.views import Carried
from handlers.errors import Refused
from handlers.types import Ack, Client, Clock, Json, Sessions

TEN = "These are ten questions already, the most that a check-in has. Remove one first; what you typed stays here."


async def add(ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions) -> None:
    """Add a question: an empty window opens."""
    carried = views.carried(body["view"])
    async with sessions() as session:
        await forms.who_asks(session, team_id, user_id, carried.about)
    view = question_views.form(Place(carried.about, carried.key, None))
    await client.views_push(trigger_id=body["trigger_id"], view=view)
    await ack()


async def change(
    ack: Ack, body: Json, action: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """What was chosen in the menu of a question: edit, move or remove it."""
    word, _, position = action["selected_option"]["value"].partition(":")
    if word == "edit":
        await _open(ack, body, int(position), (team_id, user_id), client, sessions)
        return
    at = int(position)
    changes = {
        "up": lambda plan: rules.moved(plan, at, -1),
        "down": lambda plan: rules.moved(plan, at, 1),
        "remove": lambda plan: rules.without_question(plan, at),
    }
    await _changed(ack, body, (team_id, user_id), client, sessions, clock, changes[word])


async def put_back(
    ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Put the removed question back."""
    await _changed(ack, body, (team_id, user_id), client, sessions, clock, rules.with_removed_again)


async def take_template(
    ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Take the questions of the template in place of those that stand there."""
    await _changed(ack, body, (team_id, user_id), client, sessions, clock, rules.with_questions_of_template)


async def kind_chosen(ack: Ack, body: Json, team_id: str, user_id: str, client: Client, sessions: Sessions) -> None:
    """Another kind of answer: its fields appear, and what was typed stays."""
    place = question_views.place_of(body["view"])
    async with sessions() as session:
        await forms.who_asks(session, team_id, user_id, place.about)
    await forms.show(client, body, question_views.form(place, question_views.read(body["view"])))
    await ack()


async def written(
    ack: Ack, view: Json, team_id: str, user_id: str, client: Client, sessions: Sessions, clock: Clock
) -> None:
    """Keep it: the question stands in the list below."""
    problems = question_views.problems(view)
    if problems:
        await ack(response_action="errors", errors=problems)
        return
    place, now = question_views.place_of(view), clock.now()
    async with sessions.begin() as session:
        asker = await forms.who_asks(session, team_id, user_id, place.about)
        plan, _ = await forms.resume(session, asker, Carried(place.about, place.key, 2))
        if place.position is None and len(plan.questions) >= rules.MOST_QUESTIONS:
            raise Refused(TEN, field=question_views.TEXT)
        plan = rules.with_question(plan, place.position, question_views.read(view))
        await forms.keep(session, asker, plan, now)
    below = views.questions_step(replace(plan, step=2), place.about)
    await client.views_update(view_id=view["previous_view_id"], view=below)
    await ack()


async def _open(ack: Ack, body: Json, position: int, who: tuple[str, str], client: Client, sessions: Sessions) -> None:
    carried = views.carried(body["view"])
    async with sessions() as session:
        asker = await forms.who_asks(session, *who, carried.about)
        plan, _ = await forms.resume(session, asker, carried, lock=False)
    if position >= len(plan.questions):
        raise Refused(forms.ELSEWHERE)
    view = question_views.form(Place(carried.about, carried.key, position), plan.questions[position])
    await client.views_push(trigger_id=body["trigger_id"], view=view)
    await ack()


async def _changed(
    ack: Ack,
    body: Json,
    who: tuple[str, str],
    client: Client,
    sessions: Sessions,
    clock: Clock,
    how: Callable[[Plan], Plan],
) -> None:
    carried = views.carried(body["view"])
    async with sessions.begin() as session:
        asker = await forms.who_asks(session, *who, carried.about)
        plan, _ = await forms.resume(session, asker, carried)
        plan = replace(how(plan), step=2)
        await forms.keep(session, asker, plan, clock.now())
    await forms.show(client, body, views.questions_step(plan, carried.about))
    await ack()
