"""Messages that are merged are in Slack once, each part of them, wherever the bot is killed."""

import asyncio
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from storage import deliveries
from storage.deliveries import Letter, Priority, Terms
from storage.models import Delivery, Identity, Program
from tests.chaos import nursery, points
from tests.chaos import office as offices
from tests.chaos.nursery import Nursery
from tests.chaos.office import COUNTED, Office
from tests.chaos.points import TAKEN, Point
from tests.chaos.strikes import Strike

PEOPLE, EACH, CEILING = 6, 5, 2
MERGED = "UPDATE deliveries SET [^;]*merged|UPDATE owed SET delivery_id"
UNASKED = Terms(own_accord=True, any_hour=True, priority=Priority.NUDGE)
KILLED = (
    Point("before the move", Strike("before", MERGED)),
    Point("after the move, before the call", Strike("after", MERGED)),
    Point("after the lease, before the call", Strike("after", TAKEN)),
    Point("when a merged message arrives at Slack", at="arrived", post=PEOPLE + 2),
    Point("after Slack's effect, before its answer", at="done", post=PEOPLE + 2),
)


@pytest.mark.parametrize("point", KILLED, ids=[point.name for point in KILLED])
async def test_every_part_is_in_slack_once(database_url: str, tmp_path: Path, point: Point) -> None:
    async with nursery.opened(tmp_path) as nest, offices.opened(database_url, PEOPLE) as office:
        await owe(office)
        await lived(nest, office, point)
        said = [
            message["text"] for channel in office.sandbox.workspace.channels.values() for message in channel.messages
        ]
        words = Counter(word for text in said for word in re.findall(r"Nudge \d+ to \d+\.", text))
        assert len(words) == PEOPLE * EACH
        assert set(words.values()) == {1}
        assert len([text for text in said if "Nudge" in text]) == PEOPLE * CEILING


async def owe(office: Office) -> None:
    """Five messages that nobody asked for to each of a few people, who take two a day."""
    async with office.sessions.begin() as session:
        await session.execute(update(Program).values(daily_ceiling=CEILING).execution_options(**COUNTED))
        people = select(Identity.member_id, Identity.program_id).order_by(Identity.id).limit(PEOPLE)
        rows = [tuple(row) for row in await session.execute(people.execution_options(**COUNTED))]
        letters = [
            Letter(member_id, f"nudge:{number}:{member_id}", {"text": f"Nudge {number} to {member_id}."}, UNASKED)
            for member_id, _ in rows
            for number in range(EACH)
        ]
        assert len(await deliveries.owe_all(session, rows[0][1], letters, at=datetime.now(UTC))) == len(letters)


async def lived(nest: Nursery, office: Office, point: Point) -> None:
    """A bot is killed at the point; another one does the rest."""
    async with nest.bot(office.settings, point.strike) as first:
        points.arm(point, office.sandbox, points.traps_in(office.sandbox), first.kill)
        async with asyncio.timeout(30):
            await first.ended.wait()
    async with nest.bot(office.settings), asyncio.timeout(40):
        while not await settled(office):
            await asyncio.sleep(0.05)


async def settled(office: Office) -> bool:
    waiting = select(func.count()).select_from(Delivery).where(Delivery.settled_at.is_(None))
    async with office.sessions() as session:
        return await session.scalar(waiting.execution_options(**COUNTED)) == 0
