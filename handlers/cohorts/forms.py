"""The form of a cohort, new or edited, built and read back; and what is said afterwards. Pure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers import blocks, buttons, calendar, channels, phases
from handlers.types import Json
from storage.cohort_edits import Present, Said

FORM = "cohort_form"
NETWORK, NEW_NETWORK, NAME, THEME = "network", "new_network", "name", "theme"
STARTS, ENDS, PHASES, ZONE, CHANNEL = "starts", "ends", "phases", "zone", "channel"
NAME_LIMIT, THEME_LIMIT = 80, 200
OWN_ZONE = "program"
ZONES = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Puerto Rico",
}


@dataclass(frozen=True)
class Carried:
    """What travels with the form: its random key and, for an edit, which cohort was seen and how it stood."""

    key: str
    cohort_id: int = 0
    seen: str = ""


@dataclass(frozen=True)
class Filled:
    """What was filled in, and what is wrong with it by field."""

    said: Said
    problems: dict[str, str]
    carried: Carried


def form(networks: Sequence[str], said: Said, carried: Carried, note: str = "") -> Json:
    """The form with what is known in it."""
    known = [blocks.option(name, name[:75]) for name in networks[:100]]
    chosen = said.network[:75] if said.network in networks else None
    typed = "" if chosen else said.network
    zones = {OWN_ZONE: "The program's", **ZONES}
    if said.time_zone and said.time_zone not in zones:
        zones[said.time_zone] = said.time_zone
    body = [blocks.section(note)] if note else []
    if known:
        body.append(blocks.select(NETWORK, "Network", known, chosen=chosen, optional=True))
    label = "Or a new network" if known else "Network"
    body += [
        blocks.text_input(NEW_NETWORK, label, value=typed, optional=bool(known)),
        blocks.text_input(NAME, "Name", value=said.name),
        blocks.text_input(THEME, "Theme", value=said.theme, optional=True),
        _day(STARTS, "First day", said.starts_on),
        _day(ENDS, "Last day", said.ends_on),
        blocks.text_input(
            PHASES,
            "Phases",
            value=phases.written([(name, date.fromisoformat(on)) for name, on in said.phases]),
            hint="One on a line, each with its first day: Kick-off, Jan 15, 2027",
            multiline=True,
            optional=True,
        ),
        blocks.select(
            ZONE,
            "Time zone",
            [blocks.option(text, value) for value, text in zones.items()],
            chosen=said.time_zone or OWN_ZONE,
        ),
        blocks.field(CHANNEL, "Channel", _channels(said.channel), hint=_about_channel(), optional=True),
    ]
    title = "Edit cohort" if carried.cohort_id else "New cohort"
    return blocks.modal(
        FORM,
        title,
        body,
        submit="Save" if carried.cohort_id else "Make it",
        private_metadata=json.dumps([carried.key, carried.cohort_id, carried.seen]),
    )


def read(view: Json, today: date) -> Filled:
    """What was filled in; `today` is the facilitator's day."""
    chosen, typed = blocks.value_of(view, NETWORK), _words(view, NEW_NETWORK)
    found, wrong = phases.read(blocks.value_of(view, PHASES) or "", today)
    zone = blocks.value_of(view, ZONE)
    said = Said(
        network=typed or chosen or "",
        name=_words(view, NAME),
        theme=_words(view, THEME),
        starts_on=_date(view, STARTS),
        ends_on=_date(view, ENDS),
        phases=tuple((name, on.isoformat()) for name, on in found),
        time_zone=None if zone in (None, OWN_ZONE) else zone,
        channel=blocks.value_of(view, CHANNEL),
    )
    problems = _problems(said, both=bool(chosen and typed and chosen != typed))
    if wrong:
        problems[PHASES] = wrong
    return Filled(said, problems, Carried(*json.loads(view["private_metadata"])))


def as_seen(said: Said) -> str:
    """Stands for a cohort as somebody saw it."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:20]


def changed_meanwhile(present: Present, typed: Said, today: date) -> str:
    """What somebody else made of it; the form below keeps what was typed."""
    who = blocks.escaped(present.changed_by) if present.changed_by else "Somebody"
    lines = [
        f"*{who} changed this cohort meanwhile, and nothing of yours is saved yet.* Where it differs from what you typed, it says:"
    ]
    lines += [f"• {label}: {now}" for label, now in _differences(present.said, typed, today)]
    return "\n".join([*lines, "What you typed stands below; Save puts it in place of that."])


def made(cohort_id: int, said: Said) -> Json:
    """Answers the form of a new cohort."""
    start = f"Made *{blocks.escaped(said.name)}* in {blocks.escaped(said.network)}."
    text = f"{start} Next, put people on its seats."
    row = blocks.actions(buttons.change_cohort("add", cohort_id, style="primary"), buttons.show_cohort(cohort_id))
    return blocks.message(text.replace("*", ""), [blocks.section(text), row])


def edited(cohort_id: int, said: Said) -> Json:
    text = f"Saved *{blocks.escaped(said.name)}*."
    return blocks.message(text.replace("*", ""), [blocks.section(text), blocks.actions(buttons.show_cohort(cohort_id))])


def not_in_channel(cohort: str, channel: str) -> Json:
    """What a facilitator has to do so that the bot can speak in the cohort's channel, given in words."""
    name = blocks.escaped(cohort)
    text = f"I am not in {channel} yet, the channel of *{name}*, so I cannot say anything there. Type this in it:"
    plain = f"I am not yet in the channel of {name}. Type {channels.INVITE} in it, so that I can post there."
    return blocks.message(plain, [blocks.section(f"{text}\n`{channels.INVITE}`")])


def _problems(said: Said, *, both: bool) -> dict[str, str]:
    found = {}
    if both:
        found[NEW_NETWORK] = "Choose a network above or type a new one, please, not both."
    elif not said.network:
        found[NEW_NETWORK] = "Please choose a network, or type a new one."
    for block_id, text, limit in ((NEW_NETWORK, said.network, NAME_LIMIT), (NAME, said.name, NAME_LIMIT)):
        if len(text) > limit:
            found[block_id] = f"Please shorten it to {limit} characters; it has {len(text)}."
    if len(said.theme) > THEME_LIMIT:
        found[THEME] = f"Please shorten it to {THEME_LIMIT} characters; it has {len(said.theme)}."
    if not said.name:
        found[NAME] = "Please give it a name."
    if said.starts_on and said.ends_on and said.ends_on < said.starts_on:
        found[ENDS] = "The last day is before the first one."
    return found


def _differences(now: Said, typed: Said, today: date) -> list[tuple[str, str]]:
    spoken = {"starts_on": "first day", "ends_on": "last day", "time_zone": "time zone"}
    told = []
    for name in ("network", "name", "theme", "starts_on", "ends_on", "phases", "time_zone", "channel"):
        value = getattr(now, name)
        if value == getattr(typed, name):
            continue
        if isinstance(value, date):
            shown = calendar.spoken_date(value, today)
        elif name == "phases":
            shown = "; ".join(phases.written([(one, date.fromisoformat(on))]) for one, on in value)
        else:
            shown = value or ""
        shown = f"<#{shown}>" if name == "channel" and shown else blocks.escaped(shown)
        told.append((spoken.get(name, name), shown or "nothing"))
    return told


def _about_channel() -> str:
    return f"Where I post what is said to the whole cohort. If I am not in it yet, type there: {channels.INVITE}"


def _channels(channel: str | None) -> Json:
    kinds = {"include": ["public", "private"], "exclude_bot_users": True}
    element: Json = {"type": "conversations_select", "action_id": CHANNEL, "filter": kinds}
    return {**element, "initial_conversation": channel} if channel else element


def _day(block_id: str, label: str, day: date | None) -> Json:
    element: Json = {"type": "datepicker", "action_id": block_id}
    return blocks.field(
        block_id, label, {**element, "initial_date": day.isoformat()} if day else element, optional=True
    )


def _date(view: Json, block_id: str) -> date | None:
    found = blocks.value_of(view, block_id)
    return date.fromisoformat(found) if found else None


def _words(view: Json, block_id: str) -> str:
    return " ".join((blocks.value_of(view, block_id) or "").split())
