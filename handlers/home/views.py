"""The Home as a view: the features' own pieces, one below the other. Pure."""

from collections.abc import Sequence
from datetime import datetime

from handlers import blocks, calendar
from handlers.checkins import views as checkin_views
from handlers.cohorts import views as cohort_views
from handlers.commitments import messages
from handlers.commitments import views as commitment_views
from handlers.types import Json, Settings
from storage.answers import Open
from storage.cohorts import NextCheckIn, Place
from storage.commitment_lists import Item

COMMITMENTS = 5
COHORTS = 10


def home(
    open_now: Sequence[Open],
    items: Sequence[Item],
    running: Sequence[Place],
    check_ins: Sequence[NextCheckIn],
    *,
    zone: str,
    now: datetime,
    settings: Settings,
) -> Json:
    """What waits for the member first, then what they promised, their cohorts, and what to try."""
    today = calendar.today(zone, now)
    body = [blocks.header("Open for you")]
    if open_now:
        body += checkin_views.open_list(open_now, [], zone, now)["blocks"]
    else:
        body.append(blocks.section("No check-in is waiting for you."))
    body.append(blocks.header("Your commitments"))
    for item in items[:COMMITMENTS]:
        one = item.commitment
        text = f"*#{one.number}* {blocks.escaped(blocks.cut(one.text, 300))}"
        body.append(blocks.section(f"{text} · {messages.spoken_due(one, today)}"))
        body.append(commitment_views.act_buttons(one, messages.SINGLE))
    if len(items) > COMMITMENTS:
        body.append(
            blocks.context(f"and {len(items) - COMMITMENTS} more: `{settings.command_commit} mine` lists them all.")
        )
    if not items:
        body.append(blocks.section(f"None are open. `{settings.command_commit} TEXT by WHEN` records one."))
    body.append(blocks.header("Your cohorts"))
    body += [cohort_views.own_place(place, check_ins, today) for place in running[:COHORTS]]
    if not running:
        body.append(blocks.section("You have no seat in a cohort that is running now."))
    body += [blocks.divider(), blocks.section(_to_try(running, settings))]
    return {"type": "home", "blocks": body}


def unknown(whom_to_ask: str) -> Json:
    """For somebody who is in no roster."""
    text = (
        "I keep peer-learning cohorts of city halls in touch, and I do not know you yet: you are not on a seat of any cohort here. "
        f"{whom_to_ask} They can put you on the roster with the e-mail address that you use in Slack."
    )
    return {"type": "home", "blocks": [blocks.header("Welcome"), blocks.section(text)]}


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
