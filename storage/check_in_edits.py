"""Check-ins that are being made or changed: what stands in a draft with the cohort that it names, and a change saved once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import checkins
from storage.checkins import Listed
from storage.members import Asker
from storage.models import CheckIn, Cohort, CohortChannel, Draft, Member, Network, Program, Question, Round


@dataclass(frozen=True)
class Begun:
    """A draft with what its form needs to know: the cohort that it names with its zone and its channel in the asker's workspace.

    Of the check-in that is changed: the date of its newest round, and of the one that is open now.
    """

    draft: Draft
    cohort: Cohort | None
    zone: str
    channel: str | None
    newest_on: date | None
    open_on: date | None


async def begun(
    session: AsyncSession, asker: Asker, about: str, check_in_id: int = 0, *, lock: bool = False
) -> Begun | None:
    """What the asker began and did not send; one statement. With `lock` two buttons pressed quickly follow one another."""
    program_id = asker.member.program_id
    channel = select(CohortChannel.channel).where(
        CohortChannel.program_id == program_id,
        CohortChannel.cohort_id == Cohort.id,
        CohortChannel.workspace_id == asker.workspace.id,
    )
    newest = select(func.max(Round.nominal_on)).where(
        Round.program_id == program_id, Round.check_in_id == check_in_id, ~Round.early
    )
    still_open = newest.where(Round.closed_at.is_(None))
    query = (
        select(
            Draft,
            Cohort,
            func.coalesce(Cohort.time_zone, Program.time_zone),
            channel.scalar_subquery(),
            newest.scalar_subquery(),
            still_open.scalar_subquery(),
        )
        .join(Program, Program.id == Draft.program_id)
        .outerjoin(Cohort, (Cohort.program_id == Draft.program_id) & (Cohort.id == Draft.values["cohort"].as_integer()))
        .where(Draft.program_id == program_id, Draft.member_id == asker.member.id, Draft.about == about)
        .execution_options(populate_existing=True)
    )
    row = (await session.execute(query.with_for_update(of=Draft) if lock else query)).one_or_none()
    return Begun(*row) if row else None


async def cohorts_for(session: AsyncSession, asker: Asker, today: date) -> list[tuple[int, str]]:
    """(id, name) of the running cohorts that the asker facilitates; with the network where two are called the same."""
    program_id = asker.member.program_id
    query = select(Cohort.id, Cohort.name, Network.name).join(Network, Network.id == Cohort.network_id)
    query = query.where(Cohort.program_id == program_id, or_(Cohort.ends_on.is_(None), Cohort.ends_on >= today))
    if None not in asker.facilitates:
        query = query.where(Cohort.id.in_([one for one in asker.facilitates if one]))
    found = await session.execute(query.order_by(Cohort.name, Cohort.id))
    rows: list[tuple[int, str, str]] = [(id_, name, network) for id_, name, network in found]
    names = [name for _, name, _ in rows]
    return [(id_, f"{name}, {network}" if names.count(name) > 1 else name) for id_, name, network in rows]


async def cohort_and_namesake(
    session: AsyncSession, program_id: int, cohort_id: int, name: str, but: int = 0
) -> tuple[Cohort, bool] | None:
    """The cohort, and whether another of its check-ins runs by this name; None when there is no such cohort."""
    same = select(literal(1)).where(CheckIn.program_id == program_id, CheckIn.cohort_id == cohort_id)
    same = same.where(func.lower(CheckIn.name) == name.lower(), CheckIn.ended_at.is_(None), CheckIn.id != but)
    query = select(Cohort, same.exists()).where(Cohort.program_id == program_id, Cohort.id == cohort_id)
    row = (await session.execute(query)).one_or_none()
    return (row[0], bool(row[1])) if row else None


async def locked(session: AsyncSession, program_id: int, check_in_id: int) -> CheckIn | None:
    """A check-in that runs, as it is now; whoever else would change it waits until the transaction is over."""
    query = select(CheckIn).where(CheckIn.program_id == program_id, CheckIn.id == check_in_id)
    query = query.where(CheckIn.ended_at.is_(None)).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def changed_by(session: AsyncSession, check_in: CheckIn) -> str | None:
    """The name of whoever changed it last."""
    if check_in.changed_by is None:
        return None
    query = select(Member.name).where(Member.program_id == check_in.program_id, Member.id == check_in.changed_by)
    return await session.scalar(query)


async def edit(
    session: AsyncSession,
    member: Member,
    check_in: CheckIn,
    seen: int,
    values: dict[str, Any],
    questions: tuple[dict[str, Any], ...],
    turn: tuple[date, datetime] | None,
) -> bool:
    """Put `values` (columns) and the questions in place of those that there were. False when somebody changed it since `seen`.

    `turn` is the date and the moment of its next round; one that is paused keeps having none, and rounds that are open stay as they are.
    """
    query = update(CheckIn).where(CheckIn.program_id == member.program_id, CheckIn.id == check_in.id)
    query = query.where(CheckIn.ended_at.is_(None), CheckIn.changes == seen)
    changed = values | {"changes": seen + 1, "changed_by": member.id}
    query = query.values(**changed).returning(CheckIn.id)
    if await session.scalar(query.execution_options(synchronize_session=False)) is None:
        return False
    next_on, next_at = turn or (None, None)
    plan = update(CheckIn).where(CheckIn.program_id == member.program_id, CheckIn.id == check_in.id)
    plan = plan.where(CheckIn.paused_at.is_(None)).values(next_on=next_on, next_at=next_at)
    await session.execute(plan.execution_options(synchronize_session=False))
    gone = delete(Question).where(Question.program_id == member.program_id, Question.check_in_id == check_in.id)
    await session.execute(gone.execution_options(synchronize_session=False))
    await checkins.ask_these(session, check_in, questions)
    return True


async def of_id(session: AsyncSession, program_id: int, check_in_id: int) -> CheckIn | None:
    return await session.scalar(select(CheckIn).where(CheckIn.program_id == program_id, CheckIn.id == check_in_id))


def standing(listed: Listed) -> Begun:
    """A check-in that is not being changed, as if it were."""
    return Begun(Draft(values={}), listed.cohort, listed.zone, listed.check_in.channel, None, None)
