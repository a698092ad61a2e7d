"""What the form of an answer begins with: what was answered or typed before, and what is in the way of the city."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.answers import Open, Values
from storage.blockers import Carer, Found
from storage.models import Answer, AnswerRevision, Blocker, City, Draft, Member, Program, Prompt, Seat

Raiser = aliased(Member)


@dataclass(frozen=True)
class Begun:
    """`own` is the newest answer, `draft` what was typed and not sent, last at `since`.

    `blockers` are the open ones of the seat that earlier answers raised, and those that this member closed in this round; who asks may
    not be allowed to read all of them. `practices` grows with each change of the practices.
    """

    own: Values
    draft: Values | None
    since: datetime | None
    blockers: tuple[Found, ...]
    practices: int


NOTHING = Begun({}, None, None, (), 0)


def about(prompt_id: int) -> str:
    """The name of the draft of an answer."""
    return f"answer:{prompt_id}"


async def of_prompt(session: AsyncSession, member: Member, this: Open) -> Begun:
    """One statement: it stands before every form. `NOTHING` where the prompt is another program's."""
    rows = (await session.execute(_query(member, this))).all()
    if not rows:
        return NOTHING
    first = rows[0]
    found = [Found(row[4], row[5], row[6], row[7] or "") for row in rows if row[4] is not None]
    return Begun(first[0] or {}, first[1], first[2], tuple(found), first[3])


def _query(member: Member, this: Open) -> Any:
    program_id = member.program_id
    own = select(AnswerRevision.values).join(Answer, Answer.id == AnswerRevision.answer_id)
    own = own.where(Answer.program_id == program_id, Answer.prompt_id == this.prompt.id)
    newest = own.order_by(AnswerRevision.id.desc()).limit(1).scalar_subquery()
    draft = and_(
        Draft.program_id == Prompt.program_id, Draft.member_id == member.id, Draft.about == about(this.prompt.id)
    )
    mine = and_(Blocker.closed_by == member.id, Blocker.closed_at >= this.round.opened_at)
    brought_back = and_(
        Blocker.program_id == Prompt.program_id,
        Blocker.seat_id == Prompt.seat_id,
        Blocker.prompt_id != Prompt.id,
        or_(Blocker.closed_at.is_(None), mine),
    )
    return (
        select(newest, Draft.values, Draft.changed_at, Program.practices_version, Blocker, Raiser.name, City.name)
        .add_columns(Carer.name)
        .select_from(Prompt)
        .join(Program, Program.id == Prompt.program_id)
        .join(Seat, Seat.id == Prompt.seat_id)
        .join(City, City.id == Seat.city_id)
        .outerjoin(Draft, draft)
        .outerjoin(Blocker, brought_back)
        .outerjoin(Raiser, Raiser.id == Blocker.member_id)
        .outerjoin(Carer, Carer.id == Blocker.looked_after_by)
        .where(Prompt.program_id == program_id, Prompt.id == this.prompt.id)
        .order_by(Blocker.opened_at, Blocker.id)
        .execution_options(populate_existing=True)
    )
