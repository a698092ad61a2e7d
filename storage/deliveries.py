"""The outbox: a message is owed together with what it tells of, then sent, then settled, and never twice."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy import insert as bulk_insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage import installations, members
from storage.database import OWES, insert
from storage.models import Delivery, Identity, Member, Owed

Json = dict[str, Any]


class Priority(IntEnum):
    """What goes first when something must wait."""

    ANSWER = 0
    PROMPT = 1
    REMINDER = 2
    NUDGE = 3
    DIGEST = 4


@dataclass(frozen=True)
class Terms:
    """How a message may be held back: `own_accord` says that nobody asked for it (see `models.Owed`)."""

    own_accord: bool = False
    any_hour: bool = False
    priority: Priority = Priority.ANSWER
    expires_at: datetime | None = None


ASKED_FOR = Terms()


async def owe(
    session: AsyncSession, member: Member, key: str, message: Json, *, at: datetime, terms: Terms = ASKED_FOR
) -> bool:
    """Owe a direct message `{"text", "blocks"}` to a member.

    False when this key was owed before, or when the member is not in Slack yet.
    """
    return await _owe_directly(session, member, "post", key, message, at=at, terms=terms)


async def owe_file(
    session: AsyncSession, member: Member, key: str, text: str, *, name: str, content: str, at: datetime
) -> bool:
    """Owe a direct message with a text file. False as with `owe`."""
    message = {"text": text, "file": {"name": name, "content": content}}
    return await _owe_directly(session, member, "file", key, message, at=at, terms=ASKED_FOR)


@dataclass(frozen=True)
class Letter:
    """A direct message to be owed together with others."""

    member_id: int
    key: str
    message: Json
    terms: Terms = ASKED_FOR


async def owe_all(session: AsyncSession, program_id: int, letters: Sequence[Letter], *, at: datetime) -> set[str]:
    """Owe many direct messages in four statements; the keys that are owed now for the first time.

    Left out are keys that were owed before, and members who are not in Slack yet.
    """
    ids = {letter.member_id for letter in letters}
    query = select(Identity).where(Identity.program_id == program_id, Identity.member_id.in_(ids))
    reached: dict[int, Identity] = {}
    for row in await session.scalars(query.where(installations.in_reach()).order_by(*members.PREFERRED)):
        reached.setdefault(row.member_id, row)
    query_keys = select(Owed.key).where(Owed.program_id == program_id, Owed.key.in_([one.key for one in letters]))
    known = set(await session.scalars(query_keys))
    new = [one for one in letters if one.member_id in reached and one.key not in known]
    if not new:
        return set()
    rows = [
        {"program_id": program_id, "workspace_id": reached[one.member_id].workspace_id, "kind": "post"}
        | {"place": reached[one.member_id].user_id, "due_at": at}
        for one in new
    ]
    # SQLite gives ids in order only row by row; deliveries to one place of a workspace are alike, so these find them.
    delivery_ids: dict[tuple[int, str], list[int]] = {}
    query_added = bulk_insert(Delivery).returning(Delivery.workspace_id, Delivery.place, Delivery.id)
    for workspace_id, place, delivery_id in await session.execute(query_added, rows):
        delivery_ids.setdefault((workspace_id, place), []).append(delivery_id)
    owed = [
        {"program_id": program_id, "delivery_id": delivery_ids[_place(reached[one.member_id])].pop(), "key": one.key}
        | {"payload": one.message, "member_id": one.member_id, "created_at": at, **vars(one.terms)}
        for one in new
    ]
    await session.execute(bulk_insert(Owed), owed)
    session.info[OWES] = True
    return {one.key for one in new}


async def owe_channel(
    session: AsyncSession,
    program_id: int,
    workspace_id: int,
    channel: str,
    key: str,
    message: Json,
    *,
    at: datetime,
    thread_ts: str | None = None,
) -> bool:
    """Owe a message to a channel. False when this key was owed before."""
    delivery = Delivery(
        program_id=program_id, workspace_id=workspace_id, kind="post", place=channel, thread_ts=thread_ts, due_at=at
    )
    return await _add(session, delivery, key, message, at)


async def owe_update(session: AsyncSession, program_id: int, original: str, message: Json, *, at: datetime) -> bool:
    """Owe a change of the message that was owed under the key `original`; the last one wins. False when there is no such message.

    A message that is still waiting to be sent is changed where it waits.
    """
    # Locked: who sends it must not have taken it between the look at its tries and the change.
    locked = _paying(program_id, original).with_for_update(of=Delivery, key_share=True)
    found = await session.scalar(locked.execution_options(populate_existing=True))
    if found is None or found.outcome not in (None, "sent"):
        return False
    if found.settled_at is None and found.tries == 0:
        await _repaint(session, program_id, found.id, message)
        return True
    waiting = select(Delivery).where(Delivery.program_id == program_id, Delivery.updates_id == found.id)
    waiting = waiting.where(Delivery.settled_at.is_(None), Delivery.tries == 0).with_for_update()
    same = await session.scalar(waiting)
    if same is not None:
        await _repaint(session, program_id, same.id, message)
        return True
    place = {"workspace_id": found.workspace_id, "kind": "update", "place": found.place, "updates_id": found.id}
    delivery = Delivery(program_id=program_id, due_at=at, **place)
    return await _add(session, delivery, f"{original}:update:{secrets.token_urlsafe(9)}", message, at)


async def owe_home(
    session: AsyncSession,
    program_id: int,
    workspace_id: int,
    user_id: str,
    key: str,
    view: Json,
    *,
    at: datetime,
    member_id: int | None = None,
) -> bool:
    """Owe the App Home of a Slack user, who need not be a member; only the newest one is published. False when owed before."""
    older = update(Delivery).where(
        Delivery.program_id == program_id, Delivery.kind == "home", Delivery.place == user_id
    )
    older = older.where(Delivery.settled_at.is_(None), Delivery.workspace_id == workspace_id)
    await session.execute(older.values(settled_at=at, outcome="superseded"))
    delivery = Delivery(program_id=program_id, workspace_id=workspace_id, kind="home", place=user_id, due_at=at)
    return await _add(session, delivery, key, view, at, member_id=member_id)


async def owe_response(
    session: AsyncSession, program_id: int, workspace_id: int, url: str, key: str, message: Json, *, at: datetime
) -> bool:
    """Owe an answer by a response_url: `message` may carry `replace_original` or `response_type`. False when owed before."""
    delivery = Delivery(program_id=program_id, workspace_id=workspace_id, kind="response_url", place=url, due_at=at)
    return await _add(session, delivery, key, message, at)


async def withdraw(session: AsyncSession, program_id: int, key: str, at: datetime) -> bool:
    """Do not send what was owed under this key. False when it was sent, or is being sent right now."""
    reason = select(Owed.delivery_id).where(Owed.program_id == program_id, Owed.key == key)
    query = update(Delivery).where(Delivery.program_id == program_id, Delivery.id.in_(reason))
    query = query.where(Delivery.settled_at.is_(None), Delivery.tries == 0)
    query = query.values(settled_at=at, outcome="withdrawn").returning(Delivery.id)
    return await session.scalar(query) is not None


async def forget(session: AsyncSession, program_id: int, key: str) -> None:
    """Remove what was owed under this key and its delivery, when that is settled: an App Home that a newer one has replaced."""
    found = await find(session, program_id, key)
    if found is not None and found.settled_at is not None:
        await session.execute(delete(Owed).where(Owed.program_id == program_id, Owed.delivery_id == found.id))
        await session.execute(delete(Delivery).where(Delivery.program_id == program_id, Delivery.id == found.id))


async def find(session: AsyncSession, program_id: int, key: str) -> Delivery | None:
    """The delivery that pays what was owed under this key."""
    return await session.scalar(_paying(program_id, key))


async def _owe_directly(
    session: AsyncSession, member: Member, kind: str, key: str, message: Json, *, at: datetime, terms: Terms
) -> bool:
    identity = await members.identity_of(session, member)
    if identity is None:
        return False
    place = {"workspace_id": identity.workspace_id, "kind": kind, "place": identity.user_id}
    delivery = Delivery(program_id=member.program_id, due_at=at, **place)
    return await _add(session, delivery, key, message, at, member_id=member.id, **asdict(terms))


def _place(identity: Identity) -> tuple[int, str]:
    """Where a message to somebody goes: two workspaces may have users of the same id."""
    return identity.workspace_id, identity.user_id


def _paying(program_id: int, key: str) -> Select[Delivery]:
    query = select(Delivery).join(Owed, Owed.delivery_id == Delivery.id)
    return query.where(Owed.program_id == program_id, Owed.key == key)


async def _add(session: AsyncSession, delivery: Delivery, key: str, payload: Json, at: datetime, **reason: Any) -> bool:
    """Both rows, or none when the key is taken: the unique key decides, also between two processes."""
    async with session.begin_nested() as savepoint:
        session.add(delivery)
        await session.flush()
        values = {**asdict(ASKED_FOR), **reason}
        query = insert(session, Owed).values(
            program_id=delivery.program_id, delivery_id=delivery.id, key=key, payload=payload, created_at=at, **values
        )
        added = await session.scalar(query.on_conflict_do_nothing().returning(Owed.id))
        if added is None:
            await savepoint.rollback()
    session.info[OWES] = added is not None or session.info.get(OWES)
    return added is not None


async def _repaint(session: AsyncSession, program_id: int, delivery_id: int, message: Json) -> None:
    query = update(Owed).where(Owed.program_id == program_id, Owed.delivery_id == delivery_id)
    await session.execute(query.values(payload=message))
