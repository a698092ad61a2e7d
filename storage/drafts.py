"""Drafts: what somebody typed into a form that they have not sent yet, kept for them alone until it is used or given up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import insert
from storage.models import Draft, Member, Prompt


async def keep(session: AsyncSession, member: Member, about: str, values: dict[str, Any], at: datetime) -> None:
    """Remember what stands in a form; what stood there before is replaced, also when two windows send at once."""
    changed = {"values": values, "changed_at": at}
    query = insert(session, Draft).values(program_id=member.program_id, member_id=member.id, about=about, **changed)
    await session.execute(query.on_conflict_do_update(index_elements=["member_id", "about"], set_=changed))


async def find(session: AsyncSession, member: Member, about: str) -> Draft | None:
    """What the member began and did not send, if anything."""
    query = select(Draft).where(_of(member, about)).execution_options(populate_existing=True)
    return await session.scalar(query)


async def drop(session: AsyncSession, member: Member, about: str, *, until: datetime | None = None) -> bool:
    """Forget it: it was sent, or given up; what was typed after `until` stays. False when there was none."""
    query = delete(Draft).where(_of(member, about)).returning(Draft.id)
    if until is not None:
        query = query.where(Draft.changed_at <= until)
    return await session.scalar(query.execution_options(synchronize_session=False)) is not None


async def drop_of_archived(session: AsyncSession, program_id: int, round_ids: Sequence[int]) -> None:
    """Forget the answers that were begun in rounds which take none any more."""
    prompts = select(literal("answer:") + cast(Prompt.id, String)).where(
        Prompt.program_id == program_id, Prompt.round_id.in_(round_ids)
    )
    query = delete(Draft).where(Draft.program_id == program_id, Draft.about.in_(prompts))
    await session.execute(query.execution_options(synchronize_session=False))


def _of(member: Member, about: str) -> ColumnElement[bool]:
    return (Draft.program_id == member.program_id) & (Draft.member_id == member.id) & (Draft.about == about)
