"""The outbox: a message is owed together with what it tells of, then sent, then settled, and never twice."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time
from enum import IntEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy import insert as bulk_insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage import installations, members, parts
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
    quiet_from: time | None = None
    quiet_until: time | None = None
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


async def owe_reply(session: AsyncSession, program_id: int, of: str, key: str, message: Json, *, at: datetime) -> bool:
    """Owe a message in the thread of the one that was owed under the key `of`; it goes when that, and what was owed there before, is sent.

    A message with a "file" brings it to Slack first. False when this key was owed before, or there is no such message.
    """
    found = await find(session, program_id, of)
    if found is None:
        return False
    place = {"workspace_id": found.workspace_id, "kind": "file" if "file" in message else "post", "place": found.place}
    due_at = at if found.settled_at else max(at, found.due_at)
    delivery = Delivery(program_id=program_id, thread_of_id=found.id, due_at=due_at, **place)
    return await _add(session, delivery, key, message, at)


async def owe_update(session: AsyncSession, program_id: int, original: str, message: Json, *, at: datetime) -> bool:
    """Owe a change of the message that was owed under the key `original`; the last one wins. False when there is no such message.

    A message that is still waiting to be sent is changed where it waits. Of one that has several reasons only this one's part is changed.
    """
    found = await _locked(session, program_id, original)
    if found is None or found.outcome not in (None, "sent"):
        return False
    await _repaint(session, program_id, Owed.key == original, message)
    if found.settled_at is None and found.tries == 0:
        return True
    return await _owe_change(session, found, original, message, at)


async def show_in_full(session: AsyncSession, member: Member, key: str, *, at: datetime) -> bool:
    """Owe a change of a message with several reasons: this one's part in full, the others in short. False when it is not the member's."""
    found = await _locked(session, member.program_id, key)
    mine = select(Owed).where(Owed.program_id == member.program_id, Owed.key == key, Owed.member_id == member.id)
    reason = await session.scalar(mine)
    if found is None or reason is None or found.outcome not in (None, "sent"):
        return False
    all_parts = update(Owed).where(Owed.program_id == member.program_id, Owed.delivery_id == found.id)
    await session.execute(all_parts.values(in_full=Owed.key == key), execution_options={"synchronize_session": False})
    return await _owe_change(session, found, key, reason.payload, at)


async def owe_response(
    session: AsyncSession, program_id: int, workspace_id: int, url: str, key: str, message: Json, *, at: datetime
) -> bool:
    """Owe an answer by a response_url: `message` may carry `replace_original` or `response_type`. False when owed before."""
    delivery = Delivery(program_id=program_id, workspace_id=workspace_id, kind="response_url", place=url, due_at=at)
    return await _add(session, delivery, key, message, at)


async def withdraw(session: AsyncSession, program_id: int, key: str, at: datetime) -> bool:
    """Do not send what was owed under this key; what else is in its message is sent. False when it was sent, or is being sent right now."""
    found = await _locked(session, program_id, key)
    if found is None or found.settled_at is not None or found.tries > 0:
        return False
    others = select(Owed.id).where(Owed.program_id == program_id, Owed.delivery_id == found.id, Owed.key != key)
    query = update(Delivery).where(Delivery.program_id == program_id, Delivery.id == found.id, ~others.exists())
    query = query.values(settled_at=at, outcome="withdrawn").returning(Delivery.id)
    if await session.scalar(query) is None:
        await parts.leave_out(session, found, [key], at, "withdrawn")
    return True


async def find(session: AsyncSession, program_id: int, key: str) -> Delivery | None:
    """The delivery that pays what was owed under this key."""
    return await session.scalar(_paying(program_id, key))


async def newest(session: AsyncSession, program_id: int, keys: Sequence[str]) -> dict[str, Json]:
    """What the messages owed under these keys say, or will say when all their changes are sent; those that were never owed are left out."""
    query = select(Owed.key, Owed.payload).where(Owed.program_id == program_id, Owed.key.in_(keys))
    return {row.key: row.payload for row in await session.execute(query)}


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


async def _locked(session: AsyncSession, program_id: int, key: str) -> Delivery | None:
    """The delivery that pays what was owed under this key; nobody takes it, or merges it into another, before this transaction ends."""
    query = _paying(program_id, key).with_for_update(of=Delivery, key_share=True)
    query = query.execution_options(populate_existing=True)
    found = await session.scalar(query)
    while found is not None and found.outcome == parts.MERGED:
        found = await session.scalar(query)  # whoever merged it was waited for: by now the other one pays it
    return found


async def _owe_change(session: AsyncSession, found: Delivery, original: str, message: Json, at: datetime) -> bool:
    waiting = select(Delivery).where(Delivery.program_id == found.program_id, Delivery.updates_id == found.id)
    waiting = waiting.where(Delivery.settled_at.is_(None), Delivery.tries == 0).with_for_update()
    same = await session.scalar(waiting)
    if same is not None:
        await _repaint(session, found.program_id, Owed.delivery_id == same.id, message)
        return True
    place = {"workspace_id": found.workspace_id, "kind": "update", "place": found.place, "updates_id": found.id}
    delivery = Delivery(program_id=found.program_id, due_at=at, **place)
    return await _add(session, delivery, f"{original}:update:{secrets.token_urlsafe(9)}", message, at)


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


async def _repaint(session: AsyncSession, program_id: int, which: ColumnElement[bool], message: Json) -> None:
    """The newest payload of a reason stands in its own row: what a message says is put together from these when it is sent."""
    query = update(Owed).where(Owed.program_id == program_id, which).values(payload=message)
    await session.execute(query, execution_options={"synchronize_session": False})
