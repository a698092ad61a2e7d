"""The Home as a view: what waits first, then the rest, each part short, with a button for all of it. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from handlers import blocks, buttons, calendar
from handlers.checkins import views as checkin_views
from handlers.cohorts import views as cohorts_views
from handlers.commitments import messages
from handlers.commitments import views as commitment_views
from handlers.home import away_views, participation_views
from handlers.home.seen import Runs, Seen
from handlers.home.suggesting import Suggestion
from handlers.practices import rules as practice_rules
from handlers.types import Json, Settings
from storage.cohorts import Place
from storage.commitment_lists import Item

MORE, ANOTHER = "home_more", "home_another_practice"
COMMITMENTS, COHORTS, PARTICIPATION, AWAY = "commitments", "cohorts", "participation", "away"
TITLES = {COMMITMENTS: "Your commitments", COHORTS: "Your cohorts", PARTICIPATION: "Who answered", AWAY: "Away today"}
CHECK_INS, URGENT, LATER, PLACES, NAMES = 5, 4, 3, 5, 5
SOON = timedelta(days=3)
LEGEND = "The last five rounds of each cohort, the oldest first: ▇ answered, – passed, ▁ no answer."
MOST_IN_WINDOW = 98


def home(seen: Seen, settings: Settings) -> Json:
    """What waits for the member; how their cohorts do, if they facilitate; what they promised; whom they learn with; a practice."""
    body = away_views.own(seen.absence, calendar.today(seen.zone, seen.now)) + _due(seen)
    if seen.runs:
        body += _runs(seen.runs, seen)
    body += _later(seen, settings) + _cohorts(seen) + _practice(seen.suggestion, settings)
    if not seen.items and not seen.runs:
        body += [blocks.divider(), blocks.section(_to_try(seen.running, settings))]
    return {"type": "home", "blocks": body}


def unknown(whom_to_ask: str) -> Json:
    """For somebody who is in no roster."""
    text = (
        "I keep peer-learning cohorts of city halls in touch, and I do not know you yet: you are not on a seat of any cohort here. "
        f"{whom_to_ask} They can put you on the roster with the e-mail address that you use in Slack."
    )
    return {"type": "home", "blocks": [blocks.header("Welcome"), blocks.section(text)]}


def window(kind: str, seen: Seen) -> Json:
    """A part of the Home in full."""
    today = calendar.today(seen.zone, seen.now)
    if kind == PARTICIPATION and seen.runs:
        body = participation_views.everything(seen.runs.turns, MOST_IN_WINDOW)
    elif kind == AWAY and seen.runs:
        body = blocks.packed(away_views.lines(seen.runs.away))
    elif kind == COHORTS:
        body = [cohorts_views.own_place(place, seen.check_ins, today) for place in seen.running[:MOST_IN_WINDOW]]
    else:
        body = blocks.packed([_line(item, today) for item in seen.items])
    nothing = [blocks.section("There is nothing to show here any more.")]
    return blocks.modal("home_shown", TITLES.get(kind, "Civic Cohort"), body or nothing)


def _due(seen: Seen) -> list[Json]:
    """What wants an answer today or in the next days, each with its buttons; the first line says how much that is."""
    today = calendar.today(seen.zone, seen.now)
    urgent = _urgent(seen.items, today)
    body = [blocks.header("Due for you"), blocks.section(_in_short(len(seen.open_now), urgent, today))]
    if seen.open_now:
        # Its own first line says the same as ours.
        body += checkin_views.open_list(seen.open_now[:CHECK_INS], [], seen.zone, seen.now)["blocks"][1:]
    for item in urgent[:URGENT]:
        body.append(blocks.section(_line(item, today)))
        body.append(commitment_views.act_buttons(item.commitment, messages.SINGLE))
    return body


def _in_short(check_ins: int, urgent: Sequence[Item], today: date) -> str:
    late = sum(item.commitment.due_on < today for item in urgent)
    parts = [
        _counted(check_ins, "check-in to answer", "check-ins to answer"),
        _counted(late, "commitment that was due", "commitments that were due"),
        _counted(len(urgent) - late, "commitment coming up", "commitments coming up"),
    ]
    told = [part for part in parts if part]
    if not told:
        return "Nothing waits for you in the next three days."
    said = _and(told)
    return f"*{said[:1].upper()}{said[1:]}.*"


def _runs(runs: Runs, seen: Seen) -> list[Json]:
    """For facilitators, and nobody else."""
    more = _more_button("Show every city", PARTICIPATION)
    return [
        blocks.header("How your cohorts are doing"),
        *participation_views.not_arrived(runs.failures, seen.team_id, seen.zone, seen.now),
        *participation_views.gone_quiet(runs.quiet, runs.turns, seen.zone, seen.now),
        *away_views.of_cohorts(runs.away, _more_button(f"Show all {len(runs.away)} who are away", AWAY)),
        *([blocks.context(LEGEND)] if runs.turns else []),
        *participation_views.overview(runs.turns, more),
    ]


def _later(seen: Seen, settings: Settings) -> list[Json]:
    """The commitments that can wait, as lines."""
    today = calendar.today(seen.zone, seen.now)
    urgent = _urgent(seen.items, today)[:URGENT]
    later = [item for item in seen.items if item not in urgent]
    body = [blocks.header("Your commitments")]
    if not seen.items:
        return [*body, blocks.section(f"None are open. `{settings.command_commit} TEXT by WHEN` records one.")]
    if not later:
        return [*body, blocks.section("All that you have open stands above.")]
    body.append(blocks.section("\n".join(_line(item, today) for item in later[:LATER])))
    if len(later) > LATER:
        body.append(blocks.actions(_more_button(f"Show all {len(seen.items)} commitments", COMMITMENTS)))
    return body


def _cohorts(seen: Seen) -> list[Json]:
    today = calendar.today(seen.zone, seen.now)
    body = [blocks.header("Your cohorts and people")]
    if not seen.running:
        return [*body, blocks.section("You have no seat in a cohort that is running now.")]
    for place in seen.running[:PLACES]:
        body.append(cohorts_views.own_place(place, seen.check_ins, today))
        line = _people(place, seen)
        body += [blocks.context(line)] if line else []
    if len(seen.running) > PLACES:
        body.append(blocks.actions(_more_button(f"Show all {len(seen.running)} cohorts", COHORTS)))
    return body


def _people(place: Place, seen: Seen) -> str:
    """A few of those who are in the cohort: one's own team first, then the leads of other cities; the rest is behind the button above."""
    others = [one for one in seen.people if one.cohort_id == place.cohort_id and one.person and one.city]
    others = [one for one in others if one.person and one.person.id != seen.member_id]
    team = [one for one in others if one.city_name == place.city_name]
    rest = sorted((one for one in others if one not in team), key=lambda one: one.role != "lead")
    shown = [*team, *rest][:NAMES]
    names = {one.person.id: _name(one, in_team=one in team) for one in shown if one.person}
    left = len({one.person.id for one in others if one.person} - names.keys())
    if not names:
        return "Nobody else is on a seat here yet." if place.cohort_id else ""
    told = [*names.values(), *([f"{left} more"] if left else [])]
    return f"With {_and(told)}."


def _name(one: Place, *, in_team: bool) -> str:
    name = one.person.name if one.person else ""
    return blocks.escaped(name if in_team else f"{name} ({one.city_name})")


def _practice(found: Suggestion, settings: Settings) -> list[Json]:
    """One practice with the reason, or plainly none."""
    body = [blocks.header("A practice for you")]
    practice, command = found.practice, settings.command_practices
    if practice is None and found.seen:
        said = "You have adopted or put away all that fits what you work on."
        return [*body, blocks.section(f"{said} `{command} WORDS` finds more.")]
    if practice is None:
        said = "I have nothing that fits what you work on yet: a blocker, a commitment or a subject you know leads me to one."
        return [*body, blocks.section(f"{said} `{command} WORDS` finds practices by any words.")]
    text = f"{blocks.practice_line(practice)}\n{blocks.escaped(practice_rules.outcome(practice))}\n_{found.why}._"
    another = buttons.button("Show another", ANOTHER, str(practice.id))
    acts = (buttons.read_practice(practice.id), buttons.adopt_practice(practice.id), another)
    return [*body, blocks.section(text), blocks.actions(*acts)]


def _to_try(running: Sequence[Place], settings: Settings) -> str:
    """Three lines, with the member's own city where there is one."""
    city = next((place.city for place in running if place.city), "Memphis")
    return "\n".join(
        [
            "*Three things to try*",
            f"`{settings.command_practices} small business contracts` what other cities have done, and what came of it",
            f"`{settings.command_commit} send the vendor survey by next Friday` keeps a promise, and reminds you",
            f"`{settings.command_cohort} who {blocks.escaped(city)}` who else is there, and how to reach them",
        ]
    )


def _urgent(items: Sequence[Item], today: date) -> list[Item]:
    return [item for item in items if item.commitment.due_on <= today + SOON]


def _line(item: Item, today: date) -> str:
    one = item.commitment
    risk = " · at risk" if one.state == "at_risk" else ""
    return f"*#{one.number}* {blocks.escaped(blocks.cut(one.text, 300))} · {messages.spoken_due(one, today)}{risk}"


def _more_button(label: str, kind: str) -> Json:
    return buttons.button(label, f"{MORE}_{kind}", kind)


def _counted(count: int, one: str, several: str) -> str:
    """One check-in to answer; 12 commitments coming up; nothing for none."""
    number = messages.SMALL_NUMBERS.get(count, "one" if count == 1 else str(count)).lower()
    return f"{number} {one if count == 1 else several}" if count else ""


def _and(told: Sequence[str]) -> str:
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
