"""No name of a cohort shows to somebody who may not see it: whatever the roles, in every answer and in every Home; on both databases."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from handlers import words
from handlers.cohorts import answers
from handlers.home import reading, views
from storage import programs, roster
from storage.database import Sessions
from storage.models import Member

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
HEADER = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"
COHORTS = ("North", "South", "West")
ASKED = ("", "show north", "who", "who budget memphis", "zebra")
NUMBERS = itertools.count()
ROLES = st.sampled_from(("lead", "delegate", "sponsor", "facilitator", "former", "runs all"))
PLACES = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(COHORTS), ROLES), min_size=2, max_size=6, unique_by=lambda one: one[:2]
)


class Names:
    command_cohort, command_checkin, command_commit, command_practices = "/cohort", "/checkin", "/commit", "/practices"


def line(person: int, cohort: str, role: str) -> str:
    city, until = ("Memphis,TN", "2026-01-31" if role == "former" else "")
    network = "Net"
    if role in ("facilitator", "runs all"):
        city, network, cohort = ",", network if role == "facilitator" else "", cohort if role == "facilitator" else ""
        role = "facilitator"
    role = "delegate" if role == "former" else role
    return f"{network},{cohort},{city},Name{person}xq,p{person}@example.org,,{role},,budget,America/Chicago,,{until}\n"


def may_be_named(reader: int, places: Sequence[tuple[int, str, str]]) -> set[int]:
    """Whom somebody may read of: everybody of their cohorts of today, everybody who facilitates, and themselves."""
    standing = [(person, cohort, role) for person, cohort, role in places if role != "former"]
    mine = {cohort for person, cohort, role in standing if person == reader and role != "runs all"}
    all_of_them = any(person == reader and role == "runs all" for person, _, role in standing)
    facilitators = {person for person, _, role in standing if role in ("facilitator", "runs all")}
    return {reader} | facilitators | {person for person, cohort, _ in standing if all_of_them or cohort in mine}


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=PLACES)
async def test_nobody_reads_a_name_of_a_cohort_that_is_not_theirs(
    sessions: Sessions, places: list[tuple[int, str, str]]
) -> None:
    async with sessions.begin() as session:
        names = {"team_id": f"T{next(NUMBERS)}", "name": "Office", "bot_user_id": "U1", "time_zone": "America/New_York"}
        program_id = (await programs.ensure(session, **names, at=NOW)).program_id
    # Somebody stays in each cohort, so that none of them has ended.
    places = [*places, *((9, cohort, "delegate") for cohort in COHORTS)]
    text = HEADER + "".join(dict.fromkeys(line(*place) for place in places))
    report = await roster.import_roster(sessions, program_id, text, dry_run=False, at=NOW)
    assert report.ok, report.lines
    async with sessions() as session:
        members = list(await session.scalars(select(Member).where(Member.program_id == program_id)))
        for member in members:
            reader = int(member.name[4:-2])
            allowed = may_be_named(reader, places)
            hidden = [one.name for one in members if int(one.name[4:-2]) not in allowed]
            said = [str(views.home(await reading.of(session, member, NOW), Names()))]
            for typed in ASKED:
                asked = words.read(typed)
                if asked.kind == "mine":
                    said.append(str(await answers.mine(session, member, now=NOW, settings=Names())))
                else:
                    said.append(
                        str(await answers.to(session, member, asked, team_id="T0ROSTER", now=NOW, settings=Names()))
                    )
            assert [(name, one) for name in hidden for one in said if name in one] == []
