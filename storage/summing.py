"""When rounds are summed up, what was anonymous in them, and what the rounds before brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import database
from storage.models import Answer, AnswerRevision, Blocker, Prompt, Round
from storage.moments import Next

WOKEN = "summaries"
MEASURED = ("scale", "number")


@dataclass(frozen=True)
class Past:
    """A round as far as it is measured: what was answered to its scales and numbers, by position."""

    on: date
    questions: Sequence[Mapping[str, Any]]
    values: dict[int, list[str]] = field(default_factory=dict)


async def due(session: AsyncSession, now: datetime, limit: int) -> list[Round]:
    """Rounds whose summary is to be put together, for the first time or again."""
    query = select(Round).where(Round.sum_up_at <= now).order_by(Round.sum_up_at, Round.id).limit(limit)
    return list(await session.scalars(query.execution_options(across_programs="rounds to sum up, of all programs")))


next_due = Next(select(func.min(Round.sum_up_at)))


async def claim(session: AsyncSession, this: Round) -> Round | None:
    """The round, for whoever owes its summary in the same transaction; None when somebody else did meanwhile."""
    query = update(Round).where(Round.program_id == this.program_id, Round.id == this.id, Round.sum_up_at.is_not(None))
    query = query.values(sum_up_at=None).returning(Round)
    found: Round | None = await session.scalar(query.execution_options(populate_existing=True))
    return found


async def spare(session: AsyncSession, this: Round) -> None:
    """Do not sum up a round of which there is nothing to tell."""
    query = update(Round).where(Round.program_id == this.program_id, Round.id == this.id).values(sum_up_at=None)
    await session.execute(query.execution_options(synchronize_session=False))


async def again(session: AsyncSession, program_id: int, round_id: int, at: datetime) -> None:
    """Sum a round up anew when it is closed: an answer changed. The condition stands here, as it may be closing right now."""
    await _again(session, at, (Round.program_id == program_id) & (Round.id == round_id) & Round.closed_at.is_not(None))


async def again_for(session: AsyncSession, blocker: Blocker, at: datetime) -> None:
    """What became of a blocker is told where its round is summed up, and to who raised it."""
    own = select(Prompt.round_id).where(Prompt.program_id == Round.program_id, Prompt.id == blocker.prompt_id)
    await _again(session, at, (Round.program_id == blocker.program_id) & (Round.id == own.scalar_subquery()))


async def keep_anonymous(session: AsyncSession, this: Round, given: Mapping[int, Sequence[str]]) -> None:
    """Remember what was anonymous when the round closed: an answer that is added later must not be told by the difference."""
    if not given:
        return
    kept = {str(position): sorted(values) for position, values in given.items()}
    query = update(Round).where(Round.program_id == this.program_id, Round.id == this.id).values(anonymous=kept)
    await session.execute(query.execution_options(synchronize_session=False))


async def history(session: AsyncSession, this: Round, limit: int) -> list[Past]:
    """The measured questions of this round and of those before it that are closed, the oldest first. Two statements."""
    query = select(Round).where(Round.program_id == this.program_id, Round.check_in_id == this.check_in_id)
    query = query.where(Round.nominal_on <= this.nominal_on, Round.closed_at.is_not(None))
    found = list(await session.scalars(query.order_by(Round.nominal_on.desc()).limit(limit)))
    pasts = {one.id: Past(one.nominal_on, one.questions, _anonymous(one)) for one in reversed(found)}
    columns = sorted({position for one in found for position in _measured(one, anonymous=False)})
    if columns:
        for round_id, *values in await session.execute(_values(this.program_id, list(pasts), columns)):
            own = _measured(next(one for one in found if one.id == round_id), anonymous=False)
            for position, value in zip(columns, values, strict=True):
                if position in own and value not in (None, ""):
                    pasts[round_id].values.setdefault(position, []).append(str(value))
    return list(pasts.values())


async def _again(session: AsyncSession, at: datetime, which: ColumnElement[bool]) -> None:
    await session.execute(update(Round).where(which).values(sum_up_at=at).execution_options(synchronize_session=False))
    database.wake(session, WOKEN)


def _values(program_id: int, round_ids: Sequence[int], positions: Sequence[int]) -> Any:
    """Only what is measured leaves the database: the texts beside it may be long."""
    newest = select(func.max(AnswerRevision.id)).where(AnswerRevision.program_id == program_id)
    newest = newest.where(AnswerRevision.answer_id == Answer.id).correlate(Answer)
    columns = [AnswerRevision.values[str(position)].as_string() for position in positions]
    return (
        select(Prompt.round_id, *columns)
        .select_from(Answer)
        .join(Prompt, Prompt.id == Answer.prompt_id)
        .join(AnswerRevision, AnswerRevision.id == newest.scalar_subquery())
        .where(Answer.program_id == program_id, Prompt.round_id.in_(round_ids))
        .order_by(Answer.id)
    )


def _measured(this: Round, *, anonymous: bool) -> set[int]:
    return {
        one["position"] for one in this.questions if one["kind"] in MEASURED and bool(one.get("anonymous")) == anonymous
    }


def _anonymous(this: Round) -> dict[int, list[str]]:
    return {
        place: this.anonymous[str(place)] for place in _measured(this, anonymous=True) if str(place) in this.anonymous
    }
