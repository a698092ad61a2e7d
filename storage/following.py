"""Answers that something is still to follow: each revision is carried over once, those to a prompt in the order in which they came."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import answers, members
from storage.answers import Open, Values
from storage.models import Answer, AnswerRevision, Member
from storage.moments import Next

Earlier = aliased(AnswerRevision)
OF_ALL = {"across_programs": "answers to follow, of all programs"}


@dataclass(frozen=True)
class Said:
    """A revision of an answer, what stood in the one before it (`{}` in front of the first), and who said it to which prompt."""

    revision: AnswerRevision
    earlier: Values
    member: Member
    this: Open

    @property
    def values(self) -> Values:
        return self.revision.values


async def due(session: AsyncSession, now: datetime, limit: int) -> list[AnswerRevision]:
    """Revisions that nobody carried over yet, the oldest first; none before the earlier ones to the same prompt."""
    waiting = select(Earlier.id).where(Earlier.answer_id == AnswerRevision.answer_id, Earlier.id < AnswerRevision.id)
    query = select(AnswerRevision).where(AnswerRevision.follow_at <= now)
    query = query.where(~waiting.where(Earlier.follow_at.is_not(None)).exists())
    return list(await session.scalars(query.order_by(AnswerRevision.id).limit(limit), execution_options=OF_ALL))


async def take(session: AsyncSession, revision: AnswerRevision) -> Said | None:
    """What it says, for whoever comes first; None for everybody else. The change commits, or vanishes, with what is carried over."""
    query = update(AnswerRevision).where(AnswerRevision.program_id == revision.program_id)
    query = query.where(AnswerRevision.id == revision.id, AnswerRevision.follow_at.is_not(None))
    query = query.values(follow_at=None).returning(AnswerRevision.id).execution_options(synchronize_session=False)
    if await session.scalar(query) is None:
        return None
    member = await members.of_id(session, revision.program_id, revision.member_id)
    prompt = select(Answer.prompt_id).where(Answer.program_id == member.program_id, Answer.id == revision.answer_id)
    this = await answers.prompt_for(session, member, (await session.scalars(prompt)).one())
    if this is None:
        return None
    return Said(revision, await _before(session, revision), member, this)


async def put_off(session: AsyncSession, revision: AnswerRevision, until: datetime) -> None:
    """Try again later."""
    query = update(AnswerRevision).where(AnswerRevision.program_id == revision.program_id)
    query = query.where(AnswerRevision.id == revision.id, AnswerRevision.follow_at.is_not(None))
    await session.execute(query.values(follow_at=until).execution_options(synchronize_session=False))


# When the next answer is to be carried over.
next_due = Next(select(func.min(AnswerRevision.follow_at)))


async def _before(session: AsyncSession, revision: AnswerRevision) -> Values:
    query = select(AnswerRevision.values).where(AnswerRevision.program_id == revision.program_id)
    query = query.where(AnswerRevision.answer_id == revision.answer_id, AnswerRevision.id < revision.id)
    return await session.scalar(query.order_by(AnswerRevision.id.desc()).limit(1)) or {}
