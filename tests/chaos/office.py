"""A cohort in Slack whose check-in is due now and asks at any hour, and what its bots are set to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select, update

from bot.looking import EVENT_TYPE
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Person
from handlers import cadence
from storage import checkins, database, members, programs
from storage.checkins import NewCheckIn
from storage.database import Sessions
from storage.models import Asking, CheckIn, Delivery, Owed, Program, Prompt, Round
from tests import cast, databases, whole
from tests.bench import crowd, names

COUNTED = {"across_programs": "the test counts all"}
CHANNEL = "C0COHORT"
WEEK = 168
OF_THE_CAST = 4
QUICK = {
    "MESSAGES_A_MINUTE": "0",
    "SECONDS_BETWEEN_MESSAGES": "0",
    "LEASE_SECONDS": "2",
    "LOOK_UP_SECONDS": "0.2",
    "TICK_SECONDS": "0.05",
    "LOG_LEVEL": "WARNING",
}


@dataclass(frozen=True)
class Office:
    """A Slack, the database of its bots, and how many people are asked in a round."""

    sandbox: Sandbox
    url: str
    sessions: Sessions
    people: int
    settings: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def opened(url: str, people: int, **settings: str) -> AsyncIterator[Office]:
    """An empty database at `url` is filled; the check-in is not due before `make_due`."""
    await databases.create_tables(url)
    await whole.fill(url, channel=CHANNEL)
    await crowd.enter(url, people - OF_THE_CAST)
    workspace = whole.people_the_workspace()
    for number in range(people - OF_THE_CAST):
        user_id, name = names.user_id(number), names.name(number)
        workspace.people[user_id] = Person(user_id, user_id.lower(), name, f"{user_id}@example.org", names.ZONE, "")
    sessions = database.connect(url)
    try:
        async with Sandbox(workspace) as sandbox:
            tokens = {"SLACK_BOT_TOKEN": workspace.bot_token, "SLACK_APP_TOKEN": workspace.app_token}
            where = {"SLACK_API_URL": f"{sandbox.url}/api/", "DATABASE_URL": url}
            office = Office(sandbox, url, sessions, people, QUICK | tokens | where | settings)
            await _plan(office)
            yield office
    finally:
        await sessions.close()


async def make_due(office: Office, days_ago: int = 1) -> None:
    """The check-in's next round is that of so many days ago: due for everybody, wherever they are, and not yet too late."""
    day = _days_ago(days_ago)
    query = update(CheckIn).execution_options(**COUNTED)
    async with office.sessions.begin() as session:
        values = asdict(cadence.weekly(day, 1, [day.weekday()]))
        await session.execute(query.values(next_on=day, next_at=datetime.now(UTC), **values))


async def end_windows(office: Office) -> None:
    """Everybody's window is over: the rounds that are open are to be closed."""
    now = datetime.now(UTC)
    async with office.sessions.begin() as session:
        await session.execute(update(Prompt).values(ends_at=now).execution_options(**COUNTED))
        closing = update(Round).where(Round.closed_at.is_(None)).values(closes_at=now)
        await session.execute(closing.execution_options(**COUNTED))


async def pass_time(office: Office) -> None:
    """As if nothing had run for long: leases of the dead are over, and so are waits, which grow to an hour with every taking."""
    now = datetime.now(UTC)
    async with office.sessions.begin() as session:
        waiting = update(Delivery).where(Delivery.settled_at.is_(None)).execution_options(**COUNTED)
        await session.execute(waiting.where(Delivery.leased_until > now).values(leased_until=now))
        await session.execute(waiting.where(Delivery.due_at > now).values(due_at=now))


async def is_done(office: Office, rounds: int, *, closed: int = 0) -> bool:
    """Whether everybody was asked in so many rounds, so many are closed and summed up, and nothing is owed any more."""
    async with office.sessions() as session:
        asked = select(func.count()).select_from(Asking).where(Asking.asked_at.is_not(None))
        over = select(func.count()).select_from(Round).where(Round.closed_at.is_not(None))
        waiting = select(func.count()).select_from(Delivery).where(Delivery.settled_at.is_(None))
        untold = select(func.count()).select_from(Round).where(Round.sum_up_at.is_not(None))
        counts = [await session.scalar(query.execution_options(**COUNTED)) for query in (asked, over, untold, waiting)]
    return counts == [rounds * office.people, closed, 0, 0]


async def owed_keys(office: Office) -> list[str]:
    """What the bots owe, or owed, as messages."""
    async with office.sessions() as session:
        query = select(Owed.key).join(Delivery, Delivery.id == Owed.delivery_id).where(Delivery.kind == "post")
        return list(await session.scalars(query.order_by(Owed.id).execution_options(**COUNTED)))


def keys_in_slack(sandbox: Sandbox) -> list[tuple[str, str]]:
    """(conversation, key) of each message that a bot posted."""
    found = []
    for channel in sandbox.workspace.channels.values():
        for message in channel.messages:
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE:
                found.append((channel.id, metadata["event_payload"]["key"]))
    return found


def _days_ago(days: int) -> date:
    return (datetime.now(UTC) - timedelta(days=days)).date()


async def _plan(office: Office) -> None:
    """Make the check-in: any hour, a window of a week, and nothing due yet."""
    async with office.sessions.begin() as session:
        workspace = await programs.by_team(session, cast.TEAM)
        maker = await members.by_identity(session, cast.TEAM, cast.user_id("Dana"))
        assert workspace
        assert maker
        question = {"kind": "text", "text": "What moved this week?", "audience": "cohort"}
        new = NewCheckIn(
            1,
            CHANNEL,
            "Weekly pulse",
            cadence.weekly(datetime.now(UTC).date(), 1, [0]),
            time(0, 0),
            WEEK,
            True,
            (question,),
            "form",
        )
        later = datetime.now(UTC) + timedelta(days=30)
        assert await checkins.add(session, maker, workspace, new, (later.date(), later), datetime.now(UTC))
        await session.execute(update(Program).where(Program.id == workspace.program_id).values(daily_ceiling=100))
