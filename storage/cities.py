"""One answer for a city: who may give it together, who of them is left, and what each of them said."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Answer, AnswerRevision, Asking, Member, Prompt


@dataclass(frozen=True)
class Beside:
    """Somebody who may answer a prompt, and how they stand to it."""

    prompt_id: int
    asking_id: int
    member_id: int
    name: str
    asked_at: datetime | None
    skipped: str | None
    declined: bool

    @property
    def may_answer(self) -> bool:
        """Whether an answer may still come from them: they were asked, or are to be, and did not pass."""
        return self.skipped is None and not self.declined


@dataclass(frozen=True)
class Revision:
    """What one person said for a prompt, and when."""

    id: int
    member_id: int
    name: str
    values: dict[str, Any]
    at: datetime


async def on(session: AsyncSession, program_id: int, prompt_ids: Collection[int]) -> list[Beside]:
    """Everybody who may answer one of these prompts, by name."""
    query = (
        select(Asking.prompt_id, Asking.id, Member.id, Member.name)
        .add_columns(Asking.asked_at, Asking.skipped, Asking.declined_at.is_not(None))
        .join(Member, Member.id == Asking.member_id)
        .where(Asking.program_id == program_id, Asking.prompt_id.in_(prompt_ids))
        .order_by(Member.name, Member.id)
    )
    return [Beside(*row) for row in await session.execute(query)]


async def revisions(session: AsyncSession, program_id: int, prompt_id: int) -> list[Revision]:
    """What was answered to a prompt, the first revision first."""
    query = (
        select(AnswerRevision.id, Member.id, Member.name, AnswerRevision.values, AnswerRevision.at)
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .join(Member, Member.id == AnswerRevision.member_id)
        .where(AnswerRevision.program_id == program_id, Answer.prompt_id == prompt_id)
        .order_by(AnswerRevision.id)
    )
    return [Revision(*row) for row in await session.execute(query)]


def left(people: Sequence[Beside], member_id: int) -> list[str]:
    """The names of those who may answer beside somebody."""
    return [one.name for one in people if one.may_answer and one.member_id != member_id]


async def lock(session: AsyncSession, prompt: Prompt) -> bool:
    """Whether nothing was said to a prompt yet; two who pass on it at once come one after the other."""
    query = select(Prompt.id).where(Prompt.program_id == prompt.program_id, Prompt.id == prompt.id)
    query = query.where(Prompt.answered_at.is_(None), Prompt.declined_at.is_(None)).with_for_update()
    return await session.scalar(query) is not None
