"""The roster import: a file becomes networks, cohorts, cities, seats and members, all of it or nothing."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import members, programs, roster
from storage.database import Sessions
from storage.models import City, Cohort, Delegate, Facilitator, Identity, Member, Network, Seat
from storage.roster import file as roster_file
from tests import cast

SAMPLE = Path("storage/library/roster.csv").read_bytes()
HEADER = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"
ANA = "A,B,Memphis,TN,Ana Diaz,ana@memphis.gov,,lead,Chief of Staff,policy; equity,America/Chicago,,\n"
ALL = {"across_programs": "the test counts all"}


async def program(sessions: Sessions, at: datetime) -> int:
    async with sessions.begin() as session:
        workspace = await programs.ensure(
            session, team_id="T1", name="Office", bot_user_id="U1", time_zone="America/New_York", at=at
        )
    return workspace.program_id


async def take(sessions: Sessions, program_id: int, *lines: str, at: datetime) -> roster.Report:
    return await roster.import_roster(sessions, program_id, HEADER + "".join(lines), dry_run=False, at=at)


async def everything(sessions: Sessions, table: Any) -> Sequence[Any]:
    async with sessions() as session:
        return (await session.scalars(select(table).order_by(table.id).execution_options(**ALL))).all()


async def test_the_sample_fills_an_empty_program_and_importing_it_again_changes_nothing(
    sessions: Sessions, at: datetime
) -> None:
    program_id = await program(sessions, at)
    first = await roster.import_roster(sessions, program_id, SAMPLE, dry_run=False, at=at)
    assert first.ok, first.lines
    tables = (Network, Cohort, City, Seat, Member, Delegate, Facilitator)
    counts = [len(await everything(sessions, table)) for table in tables]
    assert counts == [5, 11, 40, 89, 172, 193, 3]
    before = [[vars(row) | {"_sa_instance_state": 0} for row in await everything(sessions, table)] for table in tables]

    again = await roster.import_roster(sessions, program_id, SAMPLE, dry_run=False, at=at + timedelta(days=1))
    assert again.ok
    assert "nothing changes" in again.lines[0]
    after = [[vars(row) | {"_sa_instance_state": 0} for row in await everything(sessions, table)] for table in tables]
    assert after == before


async def test_a_dry_run_tells_what_would_happen_and_writes_nothing(sessions: Sessions, at: datetime) -> None:
    program_id = await program(sessions, at)
    report = await roster.import_roster(sessions, program_id, SAMPLE, dry_run=True, at=at)
    assert report.ok
    assert report.lines[0] == "196 lines read."
    assert "172 people" in report.lines[1]
    assert report.lines[-1] == "This was a dry run: nothing was changed."
    assert await everything(sessions, Member) == []


async def test_one_wrong_line_stops_the_whole_file(sessions: Sessions, at: datetime) -> None:
    program_id = await program(sessions, at)
    report = await take(sessions, program_id, ANA, "A,B,,,Rosa Kim,rosa@memphis.gov,,delegate,,,,,\n", at=at)
    assert not report.ok
    assert report.lines[0] == "line 3: the city is missing; only a facilitator has none"
    assert "Nothing was changed" in report.lines[-1]
    assert await everything(sessions, Member) == []
    assert await everything(sessions, Network) == []


async def test_a_person_on_several_seats_is_one_member(sessions: Sessions, at: datetime) -> None:
    program_id = await program(sessions, at)
    other_seat = ANA.replace("A,B", "A,C").replace("ana@memphis.gov", "Ana@Memphis.GOV")
    await take(sessions, program_id, ANA, other_seat, ",,,,Ana Diaz,ana@memphis.gov,,facilitator,,,,,\n", at=at)
    [ana] = await everything(sessions, Member)
    assert (ana.name, ana.email, ana.expertise) == ("Ana Diaz", "ana@memphis.gov", ["policy", "equity"])
    assert len(await everything(sessions, Delegate)) == 2
    async with sessions() as session:
        assert await members.facilitates(session, ana)


async def test_absence_ends_nobody_and_until_does(sessions: Sessions, at: datetime) -> None:
    program_id = await program(sessions, at)
    rosa = "A,B,Memphis,TN,Rosa Kim,rosa@memphis.gov,,delegate,,,,,\n"
    await take(sessions, program_id, ANA, rosa, at=at)
    report = await take(sessions, program_id, rosa.replace(",,,,\n", ",,,,2026-12-31\n"), at=at)
    assert report.lines[1:3] == [
        "Ended: 1 delegate on a seat.",
        "  line 2: Rosa Kim, delegate of Memphis, TN in B: until 2026-12-31",
    ]
    ends = {delegate.until_on for delegate in await everything(sessions, Delegate)}
    assert ends == {None, date(2026, 12, 31)}


async def test_a_person_is_found_by_slack_id_first_and_takes_the_new_address(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
    line = f"A,B,Memphis,TN,Ana Diaz-Lee,ana.lee@memphis.gov,{cast.user_id('Ana')},lead,,,,,\n"
    report = await take(sessions, people.workspace.program_id, line, at=at)
    assert '  line 2: Ana Diaz-Lee: name "Ana Diaz" becomes "Ana Diaz-Lee"; e-mail "ana@example.org" becomes ' in (
        "\n".join(report.lines)
    )
    found = [one for one in await everything(sessions, Member) if one.id == people["Ana"].id]
    assert [(one.name, one.email) for one in found] == [("Ana Diaz-Lee", "ana.lee@memphis.gov")]


async def test_a_slack_id_of_one_and_the_address_of_another_is_refused(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
    line = f"A,B,Memphis,TN,Rosa Kim,rosa@example.org,{cast.user_id('Ana')},lead,,,,,\n"
    report = await take(sessions, people.workspace.program_id, line, at=at)
    assert report.lines[0] == "line 2: the slack_id U0ANA belongs to Ana Diaz, the e-mail address to Rosa Kim"


async def test_names_meet_whatever_their_spelling(sessions: Sessions, at: datetime) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
    line = "city accelerator,INCLUSIVE  procurement,memphis,,Ana Diaz,ANA@example.org,,Lead,,,,,\n"
    report = await take(sessions, people.workspace.program_id, line, at=at)
    assert "nothing changes" in report.lines[0], report.lines


async def test_a_city_takes_the_commonest_zone_of_its_people_also_of_those_not_in_the_file(
    sessions: Sessions, at: datetime
) -> None:
    program_id = await program(sessions, at)
    line = "A,B,Memphis,TN,P{n},p{n}@memphis.gov,,delegate,,,{zone},,\n"
    in_chicago = [line.format(n=n, zone="America/Chicago") for n in range(3)]
    in_denver = [line.format(n=n, zone="America/Denver") for n in (3, 4)]
    await take(sessions, program_id, *in_chicago, *in_denver, at=at)
    [city] = await everything(sessions, City)
    assert city.time_zone == "America/Chicago"
    await take(sessions, program_id, line.format(n=5, zone="America/Denver"), at=at)
    [city] = await everything(sessions, City)
    assert city.time_zone == "America/Chicago"  # three to three: it keeps its own
    await take(sessions, program_id, line.format(n=6, zone="America/Denver"), at=at)
    [city] = await everything(sessions, City)
    assert city.time_zone == "America/Denver"


async def test_a_cohort_whose_delegates_all_end_has_dates_and_opens_again_with_a_new_one(
    sessions: Sessions, at: datetime
) -> None:
    program_id = await program(sessions, at)
    closed = ANA.replace(",,\n", ",2014-09-01,2016-03-01\n")
    await take(sessions, program_id, closed, at=at)
    [cohort] = await everything(sessions, Cohort)
    assert (cohort.starts_on, cohort.ends_on) == (date(2014, 9, 1), date(2016, 3, 1))
    await take(sessions, program_id, "A,B,Austin,TX,Bo Li,bo@austin.gov,,lead,,,,2015-01-01,\n", at=at)
    [cohort] = await everything(sessions, Cohort)
    assert (cohort.starts_on, cohort.ends_on) == (date(2014, 9, 1), None)


async def test_who_comes_back_to_a_seat_gets_a_new_place_and_keeps_the_old_one(
    sessions: Sessions, at: datetime
) -> None:
    program_id = await program(sessions, at)
    first, second = ANA.replace(",,\n", ",2020-01-01,2022-01-01\n"), ANA.replace(",,\n", ",2024-01-01,\n")
    await take(sessions, program_id, first, at=at)
    await take(sessions, program_id, second, at=at)
    await take(sessions, program_id, ANA, at=at)  # no date: it is the one who sits there
    periods = [(one.since_on, one.until_on) for one in await everything(sessions, Delegate)]
    assert periods == [(date(2020, 1, 1), date(2022, 1, 1)), (date(2024, 1, 1), None)]


async def test_a_facilitator_whose_last_day_has_passed_facilitates_no_longer(sessions: Sessions, at: datetime) -> None:
    program_id = await program(sessions, at)
    line = ",,,,{name},{name}@office.org,,facilitator,,,,,{until}\n"
    today, yesterday = "2026-10-01", "2026-09-30"
    lines = [line.format(name="Old", until=yesterday), line.format(name="Last", until=today)]
    await take(sessions, program_id, *lines, at=at)
    async with sessions() as session:
        assert [one.name for one in await members.facilitators(session, program_id)] == ["Last"]
    again = await take(sessions, program_id, *lines, at=at + timedelta(hours=1))
    assert "nothing changes" in again.lines[0]


async def test_programs_do_not_see_each_other(sessions: Sessions, at: datetime) -> None:
    program_id = await program(sessions, at)
    await take(sessions, program_id, ANA, at=at)
    async with sessions.begin() as session:
        other = await programs.ensure(
            session, team_id="T2", name="Other", bot_user_id="U2", time_zone="America/New_York", at=at
        )
    report = await take(sessions, other.program_id, ANA, at=at)
    assert "1 person" in report.lines[1]
    assert [one.program_id for one in await everything(sessions, Member)] == [program_id, other.program_id]


@pytest.mark.parametrize("changes", [0, 1, roster.TRIES])
async def test_what_changes_between_preparing_and_writing_is_seen(
    sessions: Sessions, at: datetime, changes: int
) -> None:
    """An import prepares while others go on: it writes what is right then, and comes to its end whatever they do."""
    program_id = await program(sessions, at)
    await take(sessions, program_id, ANA, at=at)
    made: list[roster.Prepared] = []

    async def make_ready(session: AsyncSession) -> roster.Prepared:
        sheet = roster_file.read(HEADER + ANA)
        made.append(await roster.prepare(session, program_id, sheet, at=at))
        if len(made) <= changes:
            async with sessions.begin() as other:
                title = update(Member).where(Member.program_id == program_id).values(title=f"Title {len(made)}")
                await other.execute(title)
        return made[-1]

    async def written(session: AsyncSession, prepared: roster.Prepared) -> roster.Prepared:
        await roster.apply(session, prepared.plan)
        return prepared

    assert await roster.write(sessions, program_id, make_ready, written) is made[-1]
    assert len(made) == changes + 1
    assert "nothing changes" in (await take(sessions, program_id, ANA, at=at)).lines[0]


async def test_two_thousand_lines_go_in_and_change_nothing_the_second_time(sessions: Sessions) -> None:
    at = datetime(2026, 10, 1, tzinfo=UTC)
    program_id = await program(sessions, at)
    lines = [
        f"Network {n % 5},Cohort {n % 40},City {n % 200},TN,Person {n},p{n}@example.org,,delegate,T,a; b,America/Chicago,,\n"
        for n in range(2000)
    ]
    assert (await take(sessions, program_id, *lines, at=at)).ok
    assert "nothing changes" in (await take(sessions, program_id, *lines, at=at)).lines[0]


async def test_a_member_not_in_slack_is_looked_for_again_under_a_new_address(sessions: Sessions, at: datetime) -> None:
    program_id = await program(sessions, at)
    await take(sessions, program_id, ANA, at=at)
    async with sessions.begin() as session:
        await session.execute(update(Member).where(Member.program_id == program_id).values(looked_up_at=at))
    await take(sessions, program_id, ANA.replace("ana@memphis.gov,", "ana@memphis.gov,U123ABC"), at=at)
    [ana] = await everything(sessions, Member)
    assert (ana.roster_slack_id, ana.looked_up_at) == ("U123ABC", None)
    assert await everything(sessions, Identity) == []


def test_the_sample_has_no_wrong_line() -> None:
    assert roster_file.read(SAMPLE).wrong == ()


async def test_two_imports_at_the_same_time_make_one_roster(sessions: Sessions, at: datetime) -> None:
    program_id = await program(sessions, at)
    both = await asyncio.gather(*(take(sessions, program_id, ANA, at=at) for _ in range(2)))
    assert [report.ok for report in both] == [True, True]
    assert sorted("nothing changes" in report.lines[0] for report in both) == [False, True]
    assert len(await everything(sessions, Member)) == 1
    assert len(await everything(sessions, Delegate)) == 1
