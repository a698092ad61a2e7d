"""Which of the cohorts that a facilitator runs a word of the command is about: by its name, the only one, or a form that asks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import blocks, buttons, naming, standing
from handlers.errors import Refused
from handlers.people import refuse_unless
from handlers.standing import Standing
from handlers.types import Json, Settings
from storage import cohorts, members
from storage.cohorts import Listed
from storage.members import Asker
from storage.models import Member

COHORT = "cohort"
MOST_OPTIONS = 100


async def cohort_for(
    session: AsyncSession, asker: Asker, word: str, name: str, *, now: datetime, settings: Settings
) -> Listed | Json:
    """The cohort that is meant, which the asker may change; else the form or the message that says what is missing."""
    member = asker.member
    known = await cohorts.listed(session, member.program_id)
    own = [one for one in known if asker.runs(one.id)]
    if not own:
        await refuse_unless(session, member, f"cohort {word}")
    if not name:
        zone = member.slack_time_zone or await members.zone_of(session, member)
        running = own if word == "edit" else [one for one in own if not standing.is_over(one, now, zone)]
        if not running:
            raise Refused(f"No cohort that you facilitate is running. `{settings.command_cohort} new` makes one.")
        return _one_or_asked(word, running)
    mine = await named(session, member, f"cohort {word}", name, (known, own), settings)
    return _one_or_asked(word, mine) if isinstance(mine, list) else mine


async def named(
    session: AsyncSession,
    member: Member,
    act: str,
    name: str,
    cohorts_and_own: tuple[Sequence[Listed], Sequence[Listed]],
    settings: Settings,
) -> list[Listed] | Json:
    """Those that the name fits of the cohorts in which the member may do this; else the message that none has it, or the refusal."""
    known, own = cohorts_and_own
    here = Standing(runs_program=False, cohort_ids=frozenset(one.id for one in own))
    meant = naming.cohorts_meant(name, known, here)
    if not meant:
        return naming.nothing_fits(name, naming.near_cohorts(name, own), settings)
    mine = [one for one in meant if one in own]
    if not mine:
        await refuse_unless(session, member, act, meant[0].id)
    return mine


def pick(word: str) -> str:
    """The callback_id of the form that asks for the cohort; the feature of the word takes it."""
    return f"cohort_pick_{word}"


def read_pick(view: Json) -> tuple[str, int]:
    """(word, the cohort that was chosen)."""
    return view["callback_id"].removeprefix(pick("")), int(blocks.value_of(view, COHORT) or 0)


def _one_or_asked(word: str, known: Sequence[Listed]) -> Listed | Json:
    if len(known) == 1:
        return known[0]
    options = [blocks.option(one.name, str(one.id)) for one in known[:MOST_OPTIONS]]
    body = [blocks.select(COHORT, "Cohort", options)]
    return blocks.modal(pick(word), buttons.CHANGES[word], body, submit="Continue")
