"""Several reasons in one message: what waits joins the last message of a day, and what is not worth telling any more leaves it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Base, Delivery, Owed

MERGED = "merged"
DELIVERIES, OWED = (Base.metadata.tables[one.__tablename__] for one in (Delivery, Owed))
# Made once, and run for all at once.
MOVE = (
    update(OWED)
    .where(OWED.c.program_id == bindparam("of_program"), OWED.c.delivery_id == bindparam("joining"))
    .values(delivery_id=bindparam("carrier"))
)
SETTLE = (
    update(DELIVERIES)
    .where(DELIVERIES.c.program_id == bindparam("of_program"), DELIVERIES.c.id == bindparam("joining"))
    .values(settled_at=bindparam("at"), outcome=MERGED)
)
REPLIES = (
    update(DELIVERIES)
    .where(DELIVERIES.c.program_id == bindparam("of_program"), DELIVERIES.c.thread_of_id == bindparam("joining"))
    .values(thread_of_id=bindparam("carrier"))
)


@dataclass(frozen=True)
class Waiting:
    """A delivery that is due and that nobody has taken, with what it pays, the most urgent first."""

    delivery: Delivery
    owed: tuple[Owed, ...]


async def waiting(
    session: AsyncSession, program_id: int, workspace_id: int, member_ids: Iterable[int], now: datetime
) -> list[Waiting]:
    """Direct messages that nobody asked for, due to these members in this workspace; nobody else takes them in this transaction.

    Left out is what somebody else is taking, and what may stand in Slack already.
    """
    query = (
        select(Delivery, Owed)
        .join(Owed, (Owed.program_id == Delivery.program_id) & (Owed.delivery_id == Delivery.id))
        .where(Delivery.program_id == program_id, Delivery.workspace_id == workspace_id, Delivery.kind == "post")
        .where(Delivery.settled_at.is_(None), Delivery.due_at <= now, Delivery.thread_ts.is_(None))
        .where(Delivery.leased_until.is_(None), Delivery.unclear_since.is_(None))
        .where(Owed.member_id.in_(list(member_ids)), Owed.own_accord)
        .order_by(Owed.priority, Owed.id)
        .with_for_update(of=Delivery, skip_locked=True)
    )
    found: dict[int, Waiting] = {}
    for delivery, owed in await session.execute(query.execution_options(populate_existing=True)):
        before = found[delivery.id].owed if delivery.id in found else ()
        found[delivery.id] = Waiting(delivery, (*before, owed))
    return list(found.values())


async def join(session: AsyncSession, pairs: Sequence[tuple[Delivery, Delivery]], at: datetime) -> None:
    """Of each pair, let the first delivery pay what the second was to pay, and the replies to that go into its thread.

    All must be taken, or locked, by this transaction.
    """
    rows = [
        {"of_program": carrier.program_id, "carrier": carrier.id, "joining": joining.id, "at": at}
        for carrier, joining in pairs
    ]
    if rows:
        await session.execute(MOVE, rows)
        await session.execute(REPLIES, rows)
        await session.execute(SETTLE, rows)


async def leave_out(session: AsyncSession, delivery: Delivery, keys: Sequence[str], at: datetime, outcome: str) -> bool:
    """Some of what a delivery is to pay is not to be sent: it gets a delivery of its own, which is settled.

    False when somebody else took the delivery meanwhile.
    """
    mine = select(Delivery.id).where(Delivery.program_id == delivery.program_id, Delivery.id == delivery.id)
    mine = mine.where(Delivery.settled_at.is_(None), Delivery.tries == delivery.tries)
    if await session.scalar(mine.with_for_update(key_share=True)) is None:
        return False
    where = {"program_id": delivery.program_id, "workspace_id": delivery.workspace_id, "kind": delivery.kind}
    apart = Delivery(
        **where,
        place=delivery.place,
        due_at=delivery.due_at,
        held_because=delivery.held_because,
        settled_at=at,
        outcome=outcome,
    )
    session.add(apart)
    await session.flush()
    query = update(Owed).where(Owed.program_id == delivery.program_id, Owed.delivery_id == delivery.id)
    query = query.where(Owed.key.in_(keys)).values(delivery_id=apart.id)
    await session.execute(query, execution_options={"synchronize_session": False})
    return True
