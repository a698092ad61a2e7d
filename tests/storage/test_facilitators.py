"""A facilitator's last day is inclusive, in the program's time zone."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from handlers import people as asking
from storage import facilitators, members
from storage.database import Sessions
from storage.models import Facilitator, Member
from tests import cast

MIDNIGHT = datetime(2026, 10, 10, 4, 0, tzinfo=UTC)  # in New York


async def test_who_facilitates_until_a_day_does_so_through_that_day(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id, renee = people.workspace.program_id, people["Renee"]
        query = update(Facilitator).where(Facilitator.program_id == program_id, Facilitator.member_id == renee.id)
        await session.execute(query.values(until_on=date(2026, 10, 9)))
        assert await facilitators.next_end(session) == MIDNIGHT
        assert await facilitators.end_due(session, MIDNIGHT - timedelta(seconds=1)) == 0
        assert await members.facilitates(session, renee)
        assert await facilitators.end_due(session, MIDNIGHT) == 1
        assert not await members.facilitates(session, renee)
        assert await facilitators.next_end(session) is None
        assert await members.facilitates(session, people["Dana"])


async def test_a_facilitator_of_one_cohort_facilitates_no_other(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id, cohort_id = people.workspace.program_id, people.cohort.id
        assert await members.facilitates(session, people["Renee"], cohort_id)
        assert not await members.facilitates(session, people["Renee"], cohort_id + 1)
        assert await members.facilitates(session, people["Dana"], cohort_id + 1)
        assert not await members.facilitates(session, people["Ana"])
        assert await names(session, program_id, cohort_id) == ["Dana Whitfield", "Renee Okonjo"]
        assert await names(session, program_id, None) == ["Dana Whitfield"]


async def test_who_ended_or_left_is_told_of_no_longer(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id, cohort_id = people.workspace.program_id, people.cohort.id
        query = update(Facilitator).where(Facilitator.program_id == program_id, Facilitator.cohort_id == cohort_id)
        await session.execute(query.values(ended_at=MIDNIGHT))
        assert not await members.facilitates(session, people["Renee"])
        assert await names(session, program_id, cohort_id) == ["Dana Whitfield"]
        gone = update(Member).where(Member.program_id == program_id, Member.id == people["Dana"].id)
        await session.execute(gone.values(deactivated_at=MIDNIGHT))
        assert await names(session, program_id, cohort_id) == []


async def test_where_nobody_runs_the_whole_program_those_of_a_cohort_are_named(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id = people.workspace.program_id
        assert await asking.who_can(session, program_id) == "Please ask Dana Whitfield."
        query = update(Facilitator).where(Facilitator.program_id == program_id, Facilitator.cohort_id.is_(None))
        await session.execute(query.values(ended_at=MIDNIGHT))
        assert await asking.who_can(session, program_id) == "Please ask Renee Okonjo."
        everybody = update(Facilitator).where(Facilitator.program_id == program_id)
        await session.execute(everybody.values(ended_at=MIDNIGHT))
        assert await asking.who_can(session, program_id) == "Please ask the people who run your program."


async def test_programs_have_facilitators_of_their_own(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        others = await cast.enter(session, team_id="T0OTHER")
        assert len(await members.facilitators(session, others.workspace.program_id, people.cohort.id)) == 1
        assert not await members.facilitates(session, others["Renee"], people.cohort.id)


async def names(session: AsyncSession, program_id: int, cohort_id: int | None) -> list[str]:
    return [one.name for one in await members.facilitators(session, program_id, cohort_id)]


async def test_what_one_is_in_a_program_says_nothing_about_another(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        others = await cast.enter(session, team_id="T0OTHERS")
        dana = people["Dana"]
        stranger = Member(id=dana.id, program_id=others.workspace.program_id, name="Dana as seen by others")
        assert await members.facilitated(session, dana) == {None}
        assert await members.facilitated(session, stranger) == set()
        assert await members.in_slack(session, dana)
        assert not await members.in_slack(session, stranger)


async def test_somebody_seated_is_of_the_program(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id = people.workspace.program_id
        other = (await cast.enter(session, team_id="T0OTHER")).workspace.program_id
        seated = await members.somebody_seated(session, program_id)
        assert seated is not None
        assert seated.id in {people[name].id for name in people.delegates}
        theirs = await members.somebody_seated(session, other)
        assert theirs is not None
        assert theirs.program_id == other
        assert await members.somebody_seated(session, other + 1) is None
