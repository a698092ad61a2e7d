"""App Homes that are owed: only the newest of a person is published, and what it replaced is forgotten."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import OWES
from storage.deliveries import ASKED_FOR
from storage.models import Base, Delivery, Owed

# Made once: each opening of a Home runs them all, and building them costs more than running them.
DELIVERIES, OWED = Base.metadata.tables[Delivery.__tablename__], Base.metadata.tables[Owed.__tablename__]
of_program: Any = bindparam("of_program")
of_place: Any = bindparam("of_place")
of_key: Any = bindparam("of_key")
OVERTAKE = (
    update(DELIVERIES)
    .where(DELIVERIES.c.program_id == of_program, DELIVERIES.c.kind == "home", DELIVERIES.c.place == of_place)
    .where(DELIVERIES.c.workspace_id == bindparam("of_workspace"), DELIVERIES.c.settled_at.is_(None))
    .values(settled_at=bindparam("at"), outcome="superseded")
)
ADD = insert(DELIVERIES).returning(DELIVERIES.c.id)
REASON = insert(OWED)
SETTLED = select(DELIVERIES.c.id).where(DELIVERIES.c.program_id == of_program, DELIVERIES.c.settled_at.is_not(None))
FORGET_REASON = (
    delete(OWED)
    .where(OWED.c.program_id == of_program, OWED.c.key == of_key, OWED.c.delivery_id.in_(SETTLED))
    .returning(OWED.c.delivery_id)
)
FORGET = delete(DELIVERIES).where(DELIVERIES.c.program_id == of_program, DELIVERIES.c.id == bindparam("of_id"))


async def owe(
    session: AsyncSession,
    program_id: int,
    workspace_id: int,
    user_id: str,
    key: str,
    view: dict[str, Any],
    *,
    at: datetime,
    member_id: int | None = None,
) -> None:
    """Owe the App Home of a Slack user, who need not be a member; one that waits still is not published any more. `key` is a new one."""
    where = {"of_program": program_id, "of_workspace": workspace_id, "of_place": user_id}
    await session.execute(OVERTAKE, {**where, "at": at})
    place = {"program_id": program_id, "workspace_id": workspace_id, "kind": "home", "place": user_id}
    delivery_id = (await session.execute(ADD, {**place, "due_at": at, "tries": 0})).scalar_one()
    reason = {"program_id": program_id, "delivery_id": delivery_id, "key": key, "member_id": member_id}
    await session.execute(REASON, {**reason, **asdict(ASKED_FOR), "payload": view, "created_at": at})
    session.info[OWES] = True


async def forget(session: AsyncSession, program_id: int, key: str) -> None:
    """Remove what was owed under this key and its delivery, when that is settled: a Home that a newer one has replaced."""
    delivery_id = await session.scalar(FORGET_REASON, {"of_program": program_id, "of_key": key})
    if delivery_id is not None:
        await session.execute(FORGET, {"of_program": program_id, "of_id": delivery_id})
