"""What people do about what they are asked, and when: drawn for each of them by what they are like, and done as a conversation.

A new way to act is a temper in `world.TEMPERS`, what it plans here, and the act in `ACTS`.
"""

import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.sandbox import elements
from bot.sandbox.exchange import AppSilent
from bot.sandbox.form import Form
from bot.sandbox.person import Actor
from bot.sandbox.server import Sandbox
from handlers.checkins.answering import stepping
from tests.simulation import world as worlds
from tests.simulation.facts import Asked, Message
from tests.simulation.invariants import Truth
from tests.simulation.world import Someone, World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MOST_STEPS = 12
AWAY_EVERY = 90
AWAY_CHANCE, BACK_CHANCE, PROMISE_CHANCE = 0.5, 0.25, 0.03
EARLY_CHANCE = 0.6


@dataclass(frozen=True, order=True)
class Act:
    """Something that somebody does at a moment; `what` says about what: (a prompt's message, the place in the round), days, nothing."""

    at: datetime
    user_id: str
    kind: str
    what: Any = field(compare=False, default=None)


@dataclass
class Stage:
    """Where it is done, what is noted of it, and how often what was done."""

    sandbox: Sandbox
    truth: Truth
    counts: dict[str, int]

    def note(self, kind: str, times: int = 1) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + times

    def stamp(self) -> datetime:
        """Now, as Slack stamps messages: after all that stand there already, also those of the same moment."""
        return datetime.fromtimestamp(float(self.sandbox.workspace.new_ts()), UTC)


def after_prompt(world: World, message: Message, asked: Asked) -> Iterator[Act]:
    """What somebody does who was asked."""
    person = world.people[asked.user_id]
    dice = _dice(world, person, asked)
    way = _way(dice, person)
    at = _on_the_half(message.at) + MINUTE * dice.randrange(1, 300)
    if way == "slow":
        at = asked.due_at + (asked.ends_at - asked.due_at) * dice.uniform(0.3, 0.95)
    elif way == "late":
        at = asked.ends_at + HOUR * dice.uniform(0.5, 60)
    if way == "silent":
        return
    kind = "decline" if way == "declining" else "answer"
    yield Act(_on_the_half(at), person.user_id, kind, (message, asked))
    if way == "changing":
        yield Act(_on_the_half(at + HOUR * dice.uniform(1, 30)), person.user_id, "answer", (message, asked))
    if dice.random() < PROMISE_CHANCE:
        day = worlds.local(at, person.zone).date() + DAY * dice.randrange(2, 12)
        yield Act(_on_the_half(at + MINUTE), person.user_id, "promise", day)


def before_prompt(world: World, asked: Asked, now: datetime) -> Act | None:
    """What somebody does about a round that opened and has not come to them yet."""
    person = world.people[asked.user_id]
    dice = _dice(world, person, asked, "early")
    if person.temper != "early" or dice.random() > EARLY_CHANCE or asked.due_at - now < MINUTE * 20:
        return None
    return Act(_on_the_half(now + (asked.due_at - now) * dice.uniform(0.2, 0.8)), person.user_id, "early")


def absences(world: World, days: int) -> Iterator[Act]:
    """When people say that they are away, and for how long; some come back before they said."""
    for person in world.people.values():
        dice = random.Random(f"{world.seed} {person.user_id} away")
        for start in range(3, days, AWAY_EVERY):
            if dice.random() > AWAY_CHANCE:
                continue
            first = worlds.BEGINS + DAY * (start + dice.randrange(4, AWAY_EVERY - 30))
            last = first + DAY * dice.randrange(0, 9)
            said = _at(first - DAY * dice.randrange(0, 3), dice, person)
            yield Act(said, person.user_id, "away", (first, last))
            if dice.random() < BACK_CHANCE and (last - first).days > 2:
                yield Act(_at(first + DAY * 2, dice, person), person.user_id, "back")


async def do(stage: Stage, act: Act) -> None:
    """Let it happen now."""
    await ACTS[act.kind](stage, stage.sandbox.person(act.user_id), act)


async def _answer(stage: Stage, actor: Actor, act: Act) -> None:
    message, asked = _prompt(actor, act)
    found = _about(asked, message, "Answer", "See or edit")
    if found is None:
        stage.note("saw that there is nothing to answer")
        return
    opened = await actor.act(message, found, {})
    if isinstance(opened, Form):
        await _fill_in(stage, opened, "late" if act.at > asked.ends_at else "in time")
    else:
        stage.note("came after the end")  # the round was archived: a newer one is open


async def _decline(stage: Stage, actor: Actor, act: Act) -> None:
    message, asked = _prompt(actor, act)
    found = _about(asked, message, "Not this time")
    if found is None:
        stage.note("saw that there is nothing to answer")
        return
    at = stage.stamp()
    await actor.act(message, found, {})
    stage.note("passed")
    stage.truth.answered.setdefault(asked.prompt_id, at)


async def _early(stage: Stage, actor: Actor, act: Act) -> None:
    """Nobody asked yet: `/checkin` shows the form, or a list of what is open."""
    shown = await actor.types("/checkin")
    if isinstance(shown, dict) and (label := _button(shown, "Answer")):
        first = next(one for one in elements.within(shown["blocks"]) if label in one.names)
        shown = await actor.act(shown, first, {})
    if isinstance(shown, Form):
        await _fill_in(stage, shown, "before the prompt came")


async def _away(stage: Stage, actor: Actor, act: Act) -> None:
    first, last = act.what
    now, zone = stage.sandbox.clock.now(), actor.person.tz
    first = max(first, worlds.local(now, zone).date())
    if last < first:
        return
    words = f"{first:%B} {first.day}, {first.year} to {last:%B} {last.day}, {last.year}"
    page = await actor.types("/cohort", f"away {words}")
    await _send(page)
    stage.note("went away")
    since, until = (worlds.at_midnight(day, zone) for day in (first, last + DAY))
    stage.truth.away[actor.id].append((max(since, now), until))


async def _back(stage: Stage, actor: Actor, act: Act) -> None:
    now, known = stage.sandbox.clock.now(), stage.truth.away[actor.id]
    if not stage.truth.is_away(actor.id, now):
        return
    shown = await actor.types("/cohort", "back")
    if isinstance(shown, Form):
        await _send(shown)
    stage.note("came back before they said")
    known[:] = [(since, min(until, now) if since <= now else until) for since, until in known]


async def _promise(stage: Stage, actor: Actor, act: Act) -> None:
    shown = await actor.types("/commit", f"publish the dashboard by {act.what.isoformat()}")
    if isinstance(shown, Form):
        await _send(shown)
    stage.note("promised something")


ACTS: dict[str, Callable[[Stage, Actor, Act], Awaitable[None]]] = {
    "answer": _answer,
    "decline": _decline,
    "early": _early,
    "away": _away,
    "back": _back,
    "promise": _promise,
}


def _prompt(actor: Actor, act: Act) -> tuple[dict[str, Any], Asked]:
    """The message as it stands there now, and what it asked about."""
    posted, asked = act.what
    return actor.workspace.channels[posted.channel].message(posted.ts) or {}, asked


async def _fill_in(stage: Stage, form: Form, when: str) -> None:
    """Something in every field, whatever it asks for, in as many steps as it has: of what was in the way, half is gone."""
    prompt_id, at = stepping.read(form.view).prompt_id, stage.stamp()
    await _send(form, random.Random(f"{prompt_id} {stage.sandbox.clock.now()}"))
    stage.note(f"answered {when}")
    stage.truth.answered.setdefault(prompt_id, at)


async def _send(form: object, dice: random.Random | None = None) -> None:
    """Fill in what has to be, or, with dice, everything, and send it off; and the steps that follow."""
    for _ in range(MOST_STEPS):
        if not isinstance(form, Form):
            raise AssertionError(f"no form came, but {form}")
        for found in elements.inputs(form.view["blocks"]):
            value = _something(found.element, dice)
            if value is not None and (dice or _is_missing(form, found)):
                await form.put(found.names[0], value)
        following = await _sent_off(form)
        if form.errors:
            raise AssertionError(f"the form was refused: {form.errors}")
        if following is None:
            return
        form = following


async def _sent_off(form: Form) -> object:
    """Where Slack says that it had trouble connecting, because the machine was slow for once, somebody presses again."""
    try:
        return await form.submit()
    except AppSilent:
        return await form.submit()


def _is_missing(form: Form, found: elements.Found) -> bool:
    """Whether Slack's client would not send it off like that."""
    return not found.block.get("optional") and form[found.names[0]] in (None, "", [])


def _something(element: dict[str, Any], dice: random.Random | None) -> Any:
    kind = element["type"]
    if kind in ("plain_text_input", "number_input"):
        return "3" if kind == "number_input" else "The survey is out, and two vendors answered."
    if kind in ("static_select", "radio_buttons"):
        groups = element.get("option_groups") or [{"options": element["options"]}]
        options = [option["value"] for option in groups[0]["options"]]
        return dice.choice(options) if dice else options[0]
    return None


def _button(message: dict[str, Any], *beginnings: str) -> str | None:
    """The text of the first button that begins so."""
    texts = [one.element.get("text", {}).get("text", "") for one in elements.within(message.get("blocks", []))]
    return next((text for text in texts if text.startswith(beginnings)), None)


def _about(asked: Asked, message: dict[str, Any], *beginnings: str) -> elements.Found | None:
    """The button that begins so and is about this prompt: a message may hold several that were merged."""
    for found in elements.within(message.get("blocks", [])):
        text = found.element.get("text", {}).get("text", "")
        if text.startswith(beginnings) and found.element.get("value") == str(asked.prompt_id):
            return found
    return None


def _dice(world: World, person: Someone, asked: Asked, why: str = "") -> random.Random:
    """The same for the same person in the same round, whatever happened before."""
    return random.Random(f"{world.seed} {person.user_id} {asked.check_in} {asked.nominal_on} {why}")


def _way(dice: random.Random, person: Someone) -> str:
    """Mostly as they are, now and then otherwise."""
    return dice.choice(worlds.TEMPERS) if dice.random() < 0.3 else person.temper


def _at(day: date, dice: random.Random, person: Someone) -> datetime:
    """Some moment in the day of somebody."""
    return _on_the_half(worlds.at_midnight(day, person.zone) + HOUR * dice.uniform(7, 20))


def _on_the_half(at: datetime) -> datetime:
    """Half past a minute: a few seconds more or less, as Slack may ask for, change no minute."""
    return at.replace(second=30, microsecond=0)
