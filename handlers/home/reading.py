"""Reads what somebody's Home shows: one statement for each thing that stands there, and nothing of cohorts that are not theirs."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import calendar, standing
from handlers.home import suggesting
from handlers.home.seen import Runs, Seen
from handlers.home.suggesting import Suggestion
from storage import absences, answers, away, cohorts, commitment_lists, homes, participation
from storage.cohorts import Place
from storage.commitment_lists import Item
from storage.days import Span
from storage.models import Member
from storage.search import library

COHORTS = 5
BLOCKERS_FOR = timedelta(days=60)
FAILED_FOR = timedelta(days=14)


async def of(session: AsyncSession, member: Member, now: datetime, team_id: str = "") -> Seen:
    """What this member may see today, in this workspace."""
    known = await cohorts.own(session, member)
    zone, program_id = known.zone, member.program_id
    own = standing.own(member.id, known.places, now, zone)
    running = [place for place in own if not standing.is_over(place, now, zone)]
    items = await commitment_lists.mine(session, member)
    shown = list(dict.fromkeys(place.cohort_id for place in running if place.cohort_id))[:COHORTS]
    people = await cohorts.places(session, program_id, cohort_ids=shown) if shown else []
    return Seen(
        open_now=[one for one in await answers.open_for(session, member) if one.open_until(now) > now],
        items=items,
        running=running,
        check_ins=await cohorts.next_check_ins(session, program_id, standing.cohort_ids(running)),
        people=[one for one in people if one.cohort_id in shown and standing.sits(one, now, zone)],
        suggestion=await _suggestion(session, member, items, running, zone, now),
        runs=await runs(session, member, running, zone, now),
        member_id=member.id,
        zone=zone,
        now=now,
        team_id=team_id,
        absence=await _absence(session, member, zone, now),
    )


async def runs(session: AsyncSession, member: Member, running: list[Place], zone: str, now: datetime) -> Runs | None:
    """How the cohorts take part that the member facilitates today; None when there are none."""
    facilitated = standing.cohort_ids([place for place in running if place.role == "facilitator"])
    if facilitated is not None and not facilitated:
        return None
    program_id, today = member.program_id, calendar.today(zone, now)
    turns, quiet = await participation.of(session, program_id, facilitated, today, now)
    return Runs(
        turns,
        quiet,
        await participation.failures(session, program_id, facilitated, now - FAILED_FOR),
        await away.today(session, program_id, facilitated, now),
    )


async def _absence(session: AsyncSession, member: Member, zone: str, now: datetime) -> tuple[int, Span] | None:
    """The nearest absence of one's own, with its id."""
    rows = await absences.of_member(session, member, calendar.today(zone, now))
    return (rows[0].id, absences.span_of(rows[0])) if rows else None


async def _suggestion(
    session: AsyncSession, member: Member, items: list[Item], running: list[Place], zone: str, now: datetime
) -> Suggestion:
    today = calendar.today(zone, now)
    given = await homes.own_answers(session, member, now - BLOCKERS_FOR)
    days = [(questions, values, calendar.today(zone, at)) for questions, values, at in given]
    themes = await cohorts.themes(session, member.program_id, {one.cohort_id for one in running if one.cohort_id})
    some = suggesting.reasons(suggesting.blockers_in(days), items, themes, map(str, member.expertise), today)
    if not some:
        return Suggestion(None)
    index = await library.of(session, member.program_id)
    return suggesting.suggestion(index, some, await homes.not_to_suggest(session, member))
