"""What somebody may do in Slack, drawn at random: commands, buttons, forms, shortcuts, words, and what only a liar would send."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from bot.sandbox import elements
from bot.sandbox.elements import Found
from bot.sandbox.person import Actor, AppFailed
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from tests.isolation import marks

Json = dict[str, Any]

# Both programs have the same names but for the mark, so what one of them searches for always fits something of the other.
NAMES = (
    "Ana",
    "rosa kim",
    "Memphis",
    "Honolulu",
    "procurment",
    "Inclusive procurement",
    "equity",
    "City Accelerator",
    "1",
    "2",
)
COMMANDS = (
    *(
        ("/cohort", words)
        for words in ("", "list", "show {name}", "who {name}", "who <@{user}>", "{name}", "help", "days {name}")
    ),
    *(
        ("/cohort", words)
        for words in ("new", "edit {name}", "add {name}", "remove {name}", "handover {name}", "import")
    ),
    *(("/cohort", words) for words in ("export", "away until Friday", "away", "back", "link", "overdo {name}")),
    *(("/checkin", words) for words in ("", "list", "show {name}", "new", "pause {name}", "resume {name}", "help")),
    *(("/checkin", words) for words in ("new {own}", "edit {name}", "skip {name}", "run {name}", "end {name}")),
    *(("/checkin", words) for words in ("report", "report {name}")),
    *(
        ("/commit", words)
        for words in ("{own}", "{own} by Friday", "mine", "city", "cohort", "cohort {name}", "overdue", "<@{user}>")
    ),
    *(("/commit", f"{word} {{number}}") for word in ("done", "move", "drop", "show", "hand")),
    ("/commit", "hand {number} <@{user}>"),
    *(
        ("/practices", words)
        for words in ("{name}", "procurement", "show {number}", "city:{name}", "gaps", "review", "help")
    ),
)
SHORTCUTS = ("new_commitment", "find_practices")
SAID = ("help", "{name}", "who has done procurement", "<@{bot}> {name}", "mine")
DATES = ("2026-10-09", "2026-12-05", "2027-01-15", "2026-01-01")
IN_TEXT = ("{own}", "{name}", "Friday", "100", "ana@example.org", "2026-11-02")


@dataclass
class World:
    """Both workspaces by their programs' marks, whatever chance there is, and what each side could see of a button or a form."""

    sandbox: Sandbox
    workspaces: dict[str, Workspace]
    chance: Random
    seen: dict[str, list[Found]] = field(default_factory=lambda: {mark: [] for mark in marks.MARKS})
    forms: dict[str, list[Json]] = field(default_factory=lambda: {mark: [] for mark in marks.MARKS})


async def one(world: World, mark: str) -> str:
    """Somebody of this program does something; what it was, in words."""
    actor = _somebody(world, mark)
    acts = (_type, _type, _type, _press, _press, _fill, _fill, _speak, _shortcut, _home, _forge_press, _forge_form)
    act: Callable[[World, Actor, str], Awaitable[str]] = world.chance.choice(acts)
    return f"{actor.person.real_name} {await act(world, actor, mark)}"


async def happens(world: World, mark: str) -> str:
    """Something comes about in a workspace without the app: a person changes or comes, or time passes."""
    workspace, chance = world.workspaces[mark], world.chance
    match chance.randrange(4):
        case 0:
            actor = _somebody(world, mark)
            workspace.change_person(actor.id, tz=chance.choice(("America/Denver", "Pacific/Honolulu")))
            done = f"{actor.person.real_name} moved"
        case 1:
            email = (
                f"{chance.choice(('ana', 'dana', 'nobody'))}@example.org"  # the same address may be in both programs
            )
            done = f"{workspace.add_person(f'New {mark}', email=email).real_name} came"
        case _:
            hours = chance.choice((1, 5, 20, 70))
            await world.sandbox.turn_to(world.sandbox.clock.now() + timedelta(hours=hours))
            return f"{hours} hours passed"
    await world.sandbox.settled()
    return done


async def _type(world: World, actor: Actor, mark: str) -> str:
    command, words = world.chance.choice(COMMANDS)
    text = _words(world, actor, words, mark)
    await actor.types(command, text)
    return f"types {command} {text}"


async def _speak(world: World, actor: Actor, mark: str) -> str:
    text = _words(world, actor, world.chance.choice(SAID), mark)
    mentions = "<@" in text and _is_in_cohort(actor)
    await actor.says(text, channel="#cohort" if mentions else None)
    return f"says {text}"


async def _shortcut(world: World, actor: Actor, _mark: str) -> str:
    messages = _in_channel(actor)
    if messages and world.chance.random() < 0.5:
        await actor.uses_shortcut("record_commitment", world.chance.choice(messages))
        return "records a message"
    name = world.chance.choice(SHORTCUTS)
    await actor.opens(name)
    return f"opens {name}"


async def _home(_world: World, actor: Actor, _mark: str) -> str:
    await actor.opens_home()
    return "opens Home"


async def _press(world: World, actor: Actor, mark: str) -> str:
    """Something that can be pressed or chosen in a message, in Home or in an open form."""
    there = [target for target in (*actor.messages, *_in_channel(actor), actor.home, *actor.open_views()) if target]
    choices = [(target, found) for target in there for found in elements.within(target.get("blocks", []))]
    if not choices:
        return "has nothing to press"
    target, found = world.chance.choice(choices)
    world.seen[mark].append(found)
    await actor.act(target, found, _chosen(world, actor, found, mark))
    return f"presses {found.element['action_id']}"


async def _fill(world: World, actor: Actor, mark: str) -> str:
    form = actor.form
    if form is None:
        return "has no form"
    if not form.view.get("submit"):
        await form.close()
        return f"closes {form.title}"
    world.forms[mark].append(deepcopy(form.view))
    for found in elements.inputs(form.view["blocks"]):
        if form.is_open and world.chance.random() < 0.8:
            _put(actor, found, _chosen(world, actor, found, mark))
    if form.is_open:
        await form.submit()
    return f"sends off {form.title}"


async def _forge_press(world: World, actor: Actor, mark: str) -> str:
    """A button of the other program, with the ids of its rows, pressed on a message of one's own."""
    foreign = world.seen[marks.other(mark)]
    if not foreign or not actor.messages:
        return "has nothing to forge"
    seen = world.chance.choice(foreign)
    found = Found(marks.as_own(seen.block, mark), marks.as_own(seen.element, mark))
    channel = actor.channel(None)
    with suppress(AppFailed):
        changed = _chosen(world, actor, found, mark)
        await actor.exchange.act_in_message(actor.id, channel, actor.messages[-1], found, changed)
    return f"forges {found.element['action_id']} {found.element.get('value', '')}"


async def _forge_form(world: World, actor: Actor, mark: str) -> str:
    """A form of the other program, with what it keeps for itself, sent off as one's own."""
    foreign = world.forms[marks.other(mark)]
    if not foreign:
        return "has no form to forge"
    view = marks.as_own(world.chance.choice(foreign), mark)
    view |= dict.fromkeys(("team_id", "app_installed_team_id"), actor.workspace.team_id)  # these Slack itself fills in
    for found in elements.inputs(view["blocks"]):
        state = _chosen(world, actor, found, mark)
        view["state"]["values"].setdefault(found.block["block_id"], {})[found.element["action_id"]] = state
    with suppress(AppFailed, LookupError):
        await actor.exchange.submit(actor.id, view)
    return f"forges the form {view.get('callback_id')} {view.get('private_metadata')}"


def _somebody(world: World, mark: str) -> Actor:
    workspace = world.workspaces[mark]
    people = [one.id for one in workspace.people.values() if not one.is_bot and not one.deleted]
    return world.sandbox.person(world.chance.choice(people), workspace)


def _in_channel(actor: Actor) -> list[Json]:
    """What stands in the cohort's channel."""
    return actor.sees("#cohort") if _is_in_cohort(actor) else []


def _is_in_cohort(actor: Actor) -> bool:
    """Whether somebody is in the cohort's channel; who came later is not."""
    return any(one.name == "cohort" and actor.id in one.members for one in actor.workspace.channels.values())


def _words(world: World, actor: Actor, words: str, mark: str) -> str:
    chance = world.chance
    people = [one.id for one in actor.workspace.people.values()]
    own = f"{mark} {chance.choice(('opens', 'repairs', 'pays'))} {chance.choice(('streets', 'vendors', 'data'))}"
    known = {"name": chance.choice(NAMES), "number": str(chance.randint(1, 9)), "user": chance.choice(people)}
    return words.format(**known, own=own, bot=actor.workspace.bot_user_id)


def _put(actor: Actor, found: Found, state: Json) -> None:
    view = actor.form.view if actor.form else None
    open_view = actor.open_view(view["id"]) if view else None
    if open_view is not None and state:
        actor.exchange.keep(open_view["state"]["values"], found, state)


def _chosen(world: World, actor: Actor, found: Found, mark: str) -> Json:
    """Anything that the element takes; {} for a button."""
    kind = found.element["type"]
    if kind == "overflow":
        return {"selected_option": world.chance.choice(_options(found))}
    if kind not in elements.STATES:
        return {}
    key, empty, _ = elements.STATES[kind]
    some = VALUES.get(kind, lambda *_: empty)(world, actor, found, mark)
    return {"type": kind, key: some}


def _options(found: Found) -> list[Json]:
    groups = found.element.get("option_groups", [])
    return [*found.element.get("options", []), *(option for group in groups for option in group["options"])]


def _one_option(world: World, _actor: Actor, found: Found, _mark: str) -> Json | None:
    options = _options(found)
    return world.chance.choice(options) if options else None


def _some_options(world: World, _actor: Actor, found: Found, _mark: str) -> list[Json]:
    options = _options(found)
    return world.chance.sample(options, world.chance.randint(0, len(options)))


def _channel(world: World, actor: Actor, _found: Found, _mark: str) -> str:
    return world.chance.choice([one.id for one in actor.workspace.channels.values()])


VALUES: dict[str, Callable[[World, Actor, Found, str], Any]] = {
    "static_select": _one_option,
    "radio_buttons": _one_option,
    "checkboxes": _some_options,
    "multi_static_select": _some_options,
    "plain_text_input": lambda world, actor, _, mark: _words(world, actor, world.chance.choice(IN_TEXT), mark),
    "number_input": lambda world, *_: str(world.chance.randint(0, 99)),
    "email_text_input": lambda *_: "ana@example.org",
    "datepicker": lambda world, *_: world.chance.choice(DATES),
    "timepicker": lambda world, *_: f"{world.chance.randrange(24):02}:30",
    "users_select": lambda world, _actor, _found, mark: _somebody(world, mark).id,
    "channels_select": _channel,
    "conversations_select": _channel,
}
