"""What the form of an answer begins with: what was answered or typed before, and what is in the way of the city."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import answers
from storage.answers import Open, Values
from storage.askings import Rows
from storage.blockers import Carer, Found
from storage.models import (
    Answer,
    AnswerRevision,
    Asking,
    Blocker,
    Draft,
    Identity,
    Member,
    Program,
    Prompt,
    Round,
    Workspace,
)

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
    practices: int
    blockers: tuple[Found, ...]


@dataclass(frozen=True)
class Asked:
    """Somebody, a prompt that they may answer, and what its form begins with."""

    member: Member
    this: Open
    start: Begun


def about(prompt_id: int) -> str:
    """The name of the draft of an answer."""
    return f"answer:{prompt_id}"


async def by_identity(session: AsyncSession, team_id: str, user_id: str, prompt_id: int) -> Asked | None:
    """For a Slack user; None when the prompt is not theirs. One statement: it stands before every form of answers, and every answer."""
    return await _asked(session, BY_IDENTITY, prompt_id, {"team": team_id, "user": user_id})


async def of_member(session: AsyncSession, member: Member, prompt_id: int) -> Asked | None:
    """The same for a member."""
    return await _asked(session, OF_MEMBER, prompt_id, {"program": member.program_id, "member": member.id})


async def _asked(session: AsyncSession, query: Rows, prompt_id: int, who: dict[str, Any]) -> Asked | None:
    rows = (await session.execute(query, {"prompt": prompt_id, "draft": about(prompt_id), **who})).all()
    if not rows:
        return None
    this = Open(*rows[0][:8])
    member, own, draft, since, practices = rows[0][8:13]
    found = [Found(blocker, name, this.city, carer or "") for *_, blocker, name, carer in rows if blocker is not None]
    return Asked(member, this, Begun(own or {}, draft, since, practices, tuple(found)))


def _query() -> Rows:
    """The prompt, the member and what a form begins with: a row for each blocker, one when there is none."""
    newest = (
        select(AnswerRevision.values)
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .where(Answer.program_id == Prompt.program_id, Answer.prompt_id == Prompt.id)
        .order_by(AnswerRevision.id.desc())
        .limit(1)
        .correlate(Prompt)
        .scalar_subquery()
    )
    draft = and_(Draft.member_id == Asking.member_id, Draft.about == bindparam("draft"))
    mine = and_(Blocker.closed_by == Asking.member_id, Blocker.closed_at >= Round.opened_at)
    brought_back = and_(
        Blocker.seat_id == Prompt.seat_id, Blocker.prompt_id != Prompt.id, or_(Blocker.closed_at.is_(None), mine)
    )
    beginning = (newest, Draft.values, Draft.changed_at, Program.practices_version)
    return (
        answers.opened()
        .add_columns(Member, *beginning, Blocker, Raiser.name, Carer.name)
        .join(Member, Member.id == Asking.member_id)
        .outerjoin(Draft, draft)
        .outerjoin(Blocker, brought_back)
        .outerjoin(Raiser, Raiser.id == Blocker.member_id)
        .outerjoin(Carer, Carer.id == Blocker.looked_after_by)
        .where(Prompt.id == bindparam("prompt"))
        .order_by(Blocker.opened_at, Blocker.id)
        .execution_options(populate_existing=True)
    )


# Built once: they stand before every form.
BY_IDENTITY = (
    _query()
    .join(Identity, Identity.member_id == Member.id)
    .join(Workspace, Workspace.id == Identity.workspace_id)
    .where(Workspace.team_id == bindparam("team"), Identity.user_id == bindparam("user"))
    .where(Member.deactivated_at.is_(None))
    .execution_options(across_programs="a Slack user names a member, and the member its program")
)
OF_MEMBER = _query().where(Asking.program_id == bindparam("program"), Asking.member_id == bindparam("member"))
