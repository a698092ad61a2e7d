"""A facilitator's last day is inclusive, in the program's time zone."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update

from storage import facilitators, members
from storage.database import Sessions
from storage.models import Facilitator
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
