"""A round that another process opened meanwhile is not opened once more, nor is the one after it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import checkin_changes, checkins
from tests import databases
from tests.chaos import office as offices


async def test_who_comes_second_does_not_open_the_round_of_next_week(tmp_path: Path) -> None:
    """It saw the check-in as due, and reads it again after the first one moved it on."""
    async with offices.opened(databases.sqlite_url(tmp_path), 5) as office:
        await offices.make_due(office)
        now, week = datetime.now(UTC), timedelta(days=7)
        for opens in (True, False):
            async with office.sessions.begin() as session:
                check_in = (await checkins.of_id(session, 1, 1)).check_in
                assert check_in.next_on
                following = check_in.next_on + week
                assert await checkin_changes.move_on(session, check_in, following, now + week, now) is opens
