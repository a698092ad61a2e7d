"""Answers of which blockers and commitments are still to follow: each revision is carried over once, in the order in which they came."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import answers, members
from storage.answers import Open, Values
from storage.models import Answer, AnswerRevision, Member
from storage.moments import Next

OF_ALL = {"across_programs": "answers to follow, of all programs"}


@dataclass(frozen=True)
class Said:
    """A revision of an answer, what stood in the one before it (`{}` in front of the first), and who said it to which prompt."""

    revision: AnswerRevision
    before: AnswerRevision | None
    member: Member
    this: Open

    @property
    def values(self) -> Values:
        return self.revision.values

    @property
    def earlier(self) -> Values:
        return self.before.values if self.before else {}


async def due(session: AsyncSession, now: datetime, limit: int) -> list[AnswerRevision]:
    """Revisions that nobody carried over yet, the oldest first."""
    query = select(AnswerRevision).where(AnswerRevision.follow_at <= now).order_by(AnswerRevision.id).limit(limit)
    return list(await session.scalars(query, execution_options=OF_ALL))


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


# When the next answer is to be carried over.
next_due = Next(select(func.min(AnswerRevision.follow_at)))


async def _before(session: AsyncSession, revision: AnswerRevision) -> AnswerRevision | None:
    query = select(AnswerRevision).where(AnswerRevision.program_id == revision.program_id)
    query = query.where(AnswerRevision.answer_id == revision.answer_id, AnswerRevision.id < revision.id)
    return await session.scalar(query.order_by(AnswerRevision.id.desc()).limit(1))
