"""Somebody's command while a long roster file goes in, beside the same command when nothing else happens."""

import time
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.sandbox.workspace import Workspace
from storage import database, roster
from storage.database import Sessions
from storage.models import Identity, Member, RosterImport
from storage.roster import report
from storage.roster_imports import CONFIRMED, LOOKING
from tests.bench import load, signed
from tests.bench import roster as large
from tests.bench.figures import Figure
from tests.bench.load import Timing
from tests.bench.sizes import Sizes

MOST = 500.0
QUIET = "no import meanwhile"
WELL = b'"response_type": "ephemeral"'
LINE = "publish list {} by 2027-11-30"
COUNTED = {"across_programs": "the bench looks at all that there is"}
PATIENCE = 60


async def measure(
    sizes: Sizes, workspace: Workspace, name: str, url: str, port: int, by: str, other: str
) -> list[Figure]:
    """The facilitator `by` has files confirmed, one after the other; `other` types commands until each stands in the roster and its
    people were looked for."""
    sessions, quiet, meanwhile, took = database.connect(url), Timing(), Timing(), Timing()
    number = 0
    for file in range(sizes.files):
        for _ in range(sizes.questions_each * 3):
            number += 1
            quiet.add(await _command(workspace, port, other, number))
        await _confirm(sessions, by, file, sizes)
        started = time.perf_counter()
        while await _waits(sessions) and time.perf_counter() - started < PATIENCE:
            number += 1
            meanwhile.add(await _command(workspace, port, other, number))
        took.latencies.append(time.perf_counter() - started)
        took.failed += await _waits(sessions)
    await sessions.close()
    what = f"/commit while {sizes.lines:,} lines go in ({name})"
    return [
        Figure(f"{what}: p50", meanwhile.p50, "ms", QUIET, quiet.p50),
        Figure(f"{what}: p99", meanwhile.p99, "ms", QUIET, quiet.p99, most=MOST),
        Figure(f"{what}: the slowest", max(meanwhile.latencies) * 1000, "ms", QUIET, max(quiet.latencies) * 1000),
        Figure(
            f"{what}: failed of {len(meanwhile.latencies)}", meanwhile.failed + quiet.failed + took.failed, "", most=0
        ),
        Figure(f"{sizes.lines:,} lines from the confirmation to the last look in Slack ({name})", took.p50, "ms"),
    ]


async def _command(workspace: Workspace, port: int, user_id: str, number: int) -> Timing:
    requests = signed.commands(workspace, user_id, "/commit", [LINE.format(number)])
    return await load.run(port, requests, 1, WELL)


async def _waits(sessions: Sessions) -> bool:
    async with sessions() as session:
        query = select(RosterImport.id).where(RosterImport.state.in_((CONFIRMED, LOOKING)))
        return await session.scalar(query.execution_options(**COUNTED)) is not None


async def _confirm(sessions: Sessions, by: str, number: int, sizes: Sizes) -> None:
    """As if somebody had pressed "Import these lines"; the next tick takes it."""
    now = datetime.now(UTC)
    data = large.more(sizes.lines, sizes.cohorts, number).encode()
    async with sessions() as session:
        maker = await _who(session, by)
        planned = await roster.plan_of(session, maker.program_id, roster.file.read(data), at=now)
    async with sessions.begin() as session:
        values = {"form_key": f"bench {number}", "file_id": "F0BENCH", "file_name": "roster.csv", "state": CONFIRMED}
        place = {"program_id": maker.program_id, "workspace_id": maker.workspace_id, "member_id": maker.member_id}
        told = {"shown": asdict(report.summary(planned, sizes.lines)), "digest": planned.digest}
        session.add(RosterImport(**values, **place, **told, content=data, due_at=now, created_at=now))


async def _who(session: AsyncSession, user_id: str) -> Identity:
    query = select(Identity).join(Member, Member.id == Identity.member_id).where(Identity.user_id == user_id)
    return (await session.scalars(query.execution_options(**COUNTED))).one()
