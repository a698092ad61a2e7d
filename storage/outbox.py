"""What the sender asks of the outbox: take what is due with a lease, and say what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import Moment
from storage.models import Base, Delivery, Installation, Member, Owed, Workspace

TABLE = Base.metadata.tables[Delivery.__tablename__]
# Made once: by far the commonest statement of the sender, and building it costs more than running it. It asks for no outcome, and not
# whether it was settled, which is the same: on a new database PostgreSQL looks through all that waits for what is not settled.
SENT = (
    update(TABLE)
    .where(TABLE.c.program_id == bindparam("of_program"), TABLE.c.id == bindparam("of_id"), TABLE.c.outcome.is_(None))
    .values(settled_at=bindparam("at"), outcome="sent", held_because=None)
    .values(conversation=bindparam("conversation"), ts=bindparam("ts"))
)
POSTED = ("post", "file")  # both carry metadata by which they are found again
DUE = {"across_programs": "the sender takes what is due, of all programs"}


@dataclass(frozen=True)
class Queue:
    """What waits to be sent in a workspace: the first of it is due at `due_at`."""

    workspace_id: int
    team_id: str
    due_at: datetime


@dataclass(frozen=True)
class Parcel:
    """A delivery that was taken, with what it pays, the most urgent first; `original` is the message that it changes, or replies to.

    `installed` is false when the app was removed from the workspace. `conversation` is where an earlier message to the same place went,
    given only for what `may_be_there`. `changed` are the reasons of the message that an update changes, with what they say by now.
    """

    delivery: Delivery
    owed: tuple[Owed, ...]
    team_id: str
    installed: bool
    original: Delivery | None
    conversation: str | None = None
    changed: tuple[Owed, ...] = ()

    @property
    def parts(self) -> tuple[Owed, ...]:
        """What the message says, the most urgent first: one reason mostly, several of one that was merged."""
        return self.changed or self.owed

    @property
    def thread_ts(self) -> str | None:
        """The thread that it goes into."""
        replies = self.delivery.thread_of_id and self.original
        return self.original.ts if replies and self.original else self.delivery.thread_ts

    @property
    def may_be_there(self) -> bool:
        """Whether an earlier try may have posted it: it is to be looked for in Slack."""
        return self.delivery.kind in POSTED and self.delivery.unclear_since is not None


@dataclass(frozen=True, eq=False)
class Sent:
    """A delivery that stands in Slack since `at`."""

    delivery: Delivery
    at: datetime
    conversation: str | None = None
    ts: str | None = None


async def take_due(
    session: AsyncSession, workspace_id: int, now: datetime, lease: timedelta, limit: int
) -> list[Parcel]:
    """Take up to `limit` due deliveries of a workspace; nobody else gets them while the lease runs.

    A delivery whose earlier lease ran out was being sent by somebody who died: it comes with `unclear_since`.
    """
    machine_now = _machine_now(session)
    due = (
        select(Delivery.id)
        .where(Delivery.workspace_id == workspace_id)
        .where(Delivery.settled_at.is_(None), Delivery.due_at <= now)
        .where(or_(Delivery.leased_until.is_(None), Delivery.leased_until <= machine_now))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite leaves it out; there BEGIN IMMEDIATE does the work
        .cte("due")
    )
    taken = {
        "leased_until": machine_now + lease,
        "tries": Delivery.tries + 1,
        "first_tried_at": func.coalesce(Delivery.first_tried_at, now),
        "unclear_since": func.coalesce(Delivery.unclear_since, Delivery.leased_until),
    }
    query = update(Delivery).where(Delivery.id.in_(select(due.c.id))).values(taken).returning(Delivery)
    rows = await session.scalars(query.execution_options(**DUE, synchronize_session=False))
    return await _parcels(session, sorted(rows, key=lambda row: (row.due_at, row.id)))  # RETURNING has no order


async def all_sent(session: AsyncSession, messages: Sequence[Sent]) -> None:
    """These messages stand in Slack; one statement, run for all at once."""
    rows = [
        {"of_program": one.delivery.program_id, "of_id": one.delivery.id, "at": one.at}
        | {"conversation": one.conversation, "ts": one.ts}
        for one in messages
    ]
    if rows:
        await session.execute(SENT, rows)


async def closed(session: AsyncSession, delivery: Delivery, at: datetime, outcome: str) -> None:
    """It will not be sent: expired, superseded, or the reason why it was given up."""
    await _settle(session, delivery, settled_at=at, outcome=outcome)


async def again(session: AsyncSession, delivery: Delivery, due_at: datetime) -> None:
    """A try that surely had no effect; the next one not before `due_at`."""
    await _settle(session, delivery, due_at=due_at, leased_until=None, unclear_since=None)


async def held(session: AsyncSession, delivery: Delivery, due_at: datetime, because: str | None = None) -> None:
    """Not tried: held back until `due_at`, `because` of the night, a day off, an absence or the ceiling; None: of the pace alone.

    It does not count as a try; that an earlier one is unclear is not forgotten.
    """
    values: dict[str, Any] = {"due_at": due_at, "leased_until": None, "tries": Delivery.tries - 1}
    if because is not None:
        values["held_because"] = because
    if delivery.unclear_since is None:
        values["first_tried_at"] = None
    await _settle(session, delivery, **values)


async def unclear(session: AsyncSession, delivery: Delivery, wait: timedelta) -> None:
    """Nobody knows whether the try took effect: it is taken again after `wait` of machine time, to be looked for first."""
    await _settle(session, delivery, leased_until=_machine_now(session) + wait)


async def newer_update(session: AsyncSession, delivery: Delivery) -> bool:
    """Whether a later change of the same message exists; then this one is not worth sending."""
    query = select(Delivery.id).where(
        Delivery.program_id == delivery.program_id, Delivery.updates_id == delivery.updates_id
    )
    return await session.scalar(query.where(Delivery.id > delivery.id).limit(1)) is not None


async def waits_for(session: AsyncSession, delivery: Delivery) -> datetime | None:
    """When something is due without which a reply must not go: its message, and the replies before it. None when all that is settled."""
    query = select(func.max(Delivery.due_at)).where(Delivery.program_id == delivery.program_id)
    before = (Delivery.thread_of_id == delivery.thread_of_id) & (Delivery.id < delivery.id)
    query = query.where(or_(Delivery.id == delivery.thread_of_id, before), Delivery.settled_at.is_(None))
    due_at: datetime | None = await session.scalar(query)
    return due_at


async def of_id(session: AsyncSession, program_id: int, delivery_id: int) -> Delivery | None:
    query = select(Delivery).where(Delivery.program_id == program_id, Delivery.id == delivery_id)
    return await session.scalar(query)


async def without_file(session: AsyncSession, delivery: Delivery, payload: dict[str, Any]) -> None:
    """What stands in Slack need not be kept here as well: only the name of the file, and what its picture says."""
    file = {name: value for name, value in payload["file"].items() if name not in ("content", "picture")}
    query = update(Owed).where(Owed.program_id == delivery.program_id, Owed.delivery_id == delivery.id)
    await session.execute(query.values(payload={**payload, "file": file}))


async def own_accord_since(
    session: AsyncSession, program_id: int, member_ids: Sequence[int], since: datetime, *, undecided: Sequence[int]
) -> list[tuple[int, datetime]]:
    """(member, moment) of every message that nobody asked for and that was sent since, or may have been.

    Deliveries that are taken count, but for the `undecided` ones. Of two processes that ask at once, the second one waits for the first
    and counts what it took.
    """
    one_by_one = select(Member.id).where(Member.program_id == program_id, Member.id.in_(member_ids))
    await session.execute(one_by_one.order_by(Member.id).with_for_update(key_share=True))
    on_its_way = or_(Delivery.leased_until.is_not(None), Delivery.unclear_since.is_not(None))
    on_its_way &= Delivery.settled_at.is_(None) & Delivery.id.not_in(undecided)
    query = (
        select(Delivery.id, Owed.member_id, func.coalesce(Delivery.settled_at, Delivery.first_tried_at))
        .distinct()
        .join(Delivery, Delivery.id == Owed.delivery_id)
        .where(Owed.program_id == program_id, Owed.member_id.in_(member_ids), Owed.own_accord)
        .where(or_((Delivery.outcome == "sent") & (Delivery.settled_at >= since), on_its_way))
    )
    return [(member_id, at) for _, member_id, at in await session.execute(query) if member_id and at]


async def queues(session: AsyncSession) -> list[Queue]:
    """The workspaces in which something waits, whichever comes first first; what somebody is sending right now does not count."""
    on_server = session.get_bind().dialect.name == "postgresql"
    given = {} if on_server else {"machine_now": datetime.now(UTC)}
    rows = await session.execute(_queues(on_server), given, execution_options=DUE)
    return sorted((Queue(*row) for row in rows if row[2]), key=lambda queue: (queue.due_at, queue.workspace_id))


async def next_due(session: AsyncSession, workspace_id: int) -> datetime | None:
    """When the next delivery in a workspace is due."""
    return next((queue.due_at for queue in await queues(session) if queue.workspace_id == workspace_id), None)


@cache
def _queues(on_server: bool) -> Select[int, str, datetime]:
    """Kept: each tick asks for them, and to make the statement costs more than to run it."""
    machine_now = func.clock_timestamp() if on_server else bindparam("machine_now", type_=Moment())
    # Not the least moment of each: so the index gives each workspace's first one, however many wait behind it.
    first = select(Delivery.due_at).where(Delivery.workspace_id == Workspace.id, Delivery.settled_at.is_(None))
    first = first.where(or_(Delivery.leased_until.is_(None), Delivery.leased_until <= machine_now))
    return select(Workspace.id, Workspace.team_id, first.order_by(Delivery.due_at).limit(1).scalar_subquery())


def _machine_now(session: AsyncSession) -> ColumnElement[Any] | datetime:
    """Leases run on machine time; of several machines on one PostgreSQL, its clock is the one that counts."""
    return func.clock_timestamp() if session.get_bind().dialect.name == "postgresql" else datetime.now(UTC)


async def _settle(session: AsyncSession, delivery: Delivery, **values: Any) -> None:
    """Write, unless somebody else took the delivery meanwhile because the lease ran out: each taking counts as a try."""
    query = update(Delivery).where(Delivery.program_id == delivery.program_id, Delivery.id == delivery.id)
    query = query.where(Delivery.settled_at.is_(None), Delivery.tries == delivery.tries)
    await session.execute(query.values(**values), execution_options={"synchronize_session": False})


async def _parcels(session: AsyncSession, taken: Sequence[Delivery]) -> list[Parcel]:
    if not taken:
        return []
    ids = [delivery.id for delivery in taken]
    owed: dict[int, list[Owed]] = {}
    updated = [delivery.updates_id for delivery in taken if delivery.updates_id]
    parents = updated + [delivery.thread_of_id for delivery in taken if delivery.thread_of_id]
    query = select(Owed).where(Owed.delivery_id.in_([*ids, *updated])).order_by(Owed.priority, Owed.id)
    for row in await session.scalars(query.execution_options(**DUE, populate_existing=True)):
        owed.setdefault(row.delivery_id, []).append(row)
    query_originals = select(Delivery).where(Delivery.id.in_(parents)).execution_options(**DUE)
    originals = {row.id: row for row in await session.scalars(query_originals)} if parents else {}
    query_teams = select(Workspace.id, Workspace.team_id, Installation.ended_at)
    query_teams = query_teams.outerjoin(Installation, Installation.workspace_id == Workspace.id)
    query_teams = query_teams.where(Workspace.id.in_({delivery.workspace_id for delivery in taken}))
    teams = {id_: (team, ended) for id_, team, ended in await session.execute(query_teams.execution_options(**DUE))}
    known = await _conversations(session, [row for row in taken if row.kind in POSTED and row.unclear_since])
    return [
        Parcel(
            row,
            tuple(owed.get(row.id, ())),
            teams[row.workspace_id][0],
            teams[row.workspace_id][1] is None,
            originals.get(row.updates_id or row.thread_of_id or 0),
            known.get((row.workspace_id, row.place)),
            tuple(owed.get(row.updates_id or 0, ())),
        )
        for row in taken
    ]


async def _conversations(session: AsyncSession, unclear: Sequence[Delivery]) -> dict[tuple[int, str], str]:
    """The conversations, by workspace and place, that earlier messages to these places went to."""
    if not unclear:
        return {}
    query = select(Delivery.workspace_id, Delivery.place, Delivery.conversation).distinct()
    query = query.where(Delivery.place.in_({one.place for one in unclear}), Delivery.conversation.is_not(None))
    rows = await session.execute(query.execution_options(**DUE))
    return {(workspace_id, place): conversation for workspace_id, place, conversation in rows if conversation}
