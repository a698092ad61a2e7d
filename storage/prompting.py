"""Who is asked in a round: a prompt for each city or each person, and an asking for everybody who may answer it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import checkins, fillings
from storage.checkins import Person
from storage.database import insert
from storage.fillings import NewPlace
from storage.models import Answer, Asking, CheckIn, Prompt, Round

FOR_CITY = "seat:"
EARLY, ANSWERED, LEFT = "early", "answered", "left"


@dataclass(frozen=True)
class NewPrompt:
    """Somebody's place in a new round; `skipped` says why they are not asked, if they are not."""

    person: Person
    due_at: datetime
    ends_at: datetime
    remind_at: datetime | None
    skipped: str | None = None


def for_city(prompt: Prompt) -> bool:
    """Whether one answer is given for the city, by whoever of its seat is first."""
    return prompt.subject.startswith(FOR_CITY)


async def add(
    session: AsyncSession, this: Round, prompts: Sequence[NewPrompt], at: datetime, *, one_per_city: bool
) -> None:
    """Everybody's prompts and askings; those of a large round a part at a time (storage/fillings.py)."""
    await fillings.add(session, this, [_place(one, one_per_city) for one in prompts], at)


async def complete(session: AsyncSession, this: Round, prompts: Sequence[NewPrompt], *, one_per_city: bool) -> None:
    """Ask the others, too, in a round that began with an early answer; what was answered is not asked again."""
    rows = await session.scalars(_prompts(this))
    known = {row.subject: row for row in rows}
    # As it was when the first one answered, even if the check-in was changed since.
    one_per_city = any(for_city(row) for row in known.values()) if known else one_per_city
    askings = select(Asking).join(Prompt, Prompt.id == Asking.prompt_id)
    askings = askings.where(Asking.program_id == this.program_id, Prompt.round_id == this.id)
    there = {(row.prompt_id, row.member_id): row for row in await session.scalars(askings)}
    new = []
    for one in prompts:
        prompt = known.get(_subject(one, one_per_city))
        asking = there.get((prompt.id, one.person.member_id)) if prompt else None
        if prompt is None or asking is None:
            new.append(one)
        else:
            await _plan(session, asking, one, ANSWERED if prompt.answered_at else one.skipped)
    places = [_place(one, one_per_city) for one in new]
    answered = {subject for subject, prompt in known.items() if prompt.answered_at}
    places = [replace(one, skipped=ANSWERED) if one.subject in answered else one for one in places]
    ids = {subject: prompt.id for subject, prompt in known.items()}
    await fillings.write(session, this.program_id, this.id, places, ids)
    # Whoever had looked at the questions and is not asked any more.
    left = _askings(this).where(Asking.skipped == EARLY)
    await session.execute(_quietly(left.values(skipped=LEFT)))
    await _span(session, this)


async def begin(
    session: AsyncSession,
    check_in: CheckIn,
    nominal_on: date,
    questions: Sequence[dict[str, Any]],
    one: NewPrompt,
    at: datetime,
) -> int:
    """The prompt of somebody who answers before the round is asked, by its id; the round is made when it is not there yet."""
    program_id = check_in.program_id
    values = {"nominal_on": nominal_on, "questions": list(questions), "opened_at": at, "early": True}
    values["terms"] = checkins.terms_of(check_in)
    made = insert(session, Round).values(
        program_id=program_id, check_in_id=check_in.id, closes_at=one.ends_at, note="", **values
    )
    await session.execute(made.on_conflict_do_nothing())
    query = select(Round).where(Round.program_id == program_id, Round.check_in_id == check_in.id)
    # Locked: the round must not open between this look and the new asking.
    locked = query.where(Round.nominal_on == nominal_on).with_for_update().execution_options(populate_existing=True)
    this = (await session.scalars(locked)).one()
    known = {row.subject: row for row in await session.scalars(_prompts(this))}
    one_per_city = any(for_city(row) for row in known.values()) if known else check_in.one_per_city
    prompt = known.get(_subject(one, one_per_city))
    if prompt is None:
        query_prompt = insert(session, Prompt).values(**_prompt(this, one, one_per_city)).returning(Prompt)
        prompt = (await session.scalars(query_prompt)).one()
    skipped = ANSWERED if prompt.answered_at else EARLY if this.early else one.skipped
    asking = insert(session, Asking).values(**_asking(prompt, one, skipped))
    await session.execute(asking.on_conflict_do_nothing())
    await _span(session, this)
    return prompt.id


async def answered_already(session: AsyncSession, this: Round) -> bool:
    """Whether anybody answered in a round."""
    query = select(Answer.id).join(Prompt, Prompt.id == Answer.prompt_id)
    query = query.where(Prompt.program_id == this.program_id, Prompt.round_id == this.id)
    return await session.scalar(query.limit(1)) is not None


async def note(session: AsyncSession, this: Round, text: str) -> None:
    """Say what is unusual about a round; the row has it, too."""
    query = update(Round).where(Round.program_id == this.program_id, Round.id == this.id).values(note=text)
    await session.execute(_quietly(query.returning(Round)), execution_options={"populate_existing": True})


async def keep_span(session: AsyncSession, prompt: Prompt) -> None:
    """A prompt is due with the first of its askings and ends with the last; one of them was moved."""
    own = (Asking.program_id == prompt.program_id) & (Asking.prompt_id == prompt.id)
    first, last = select(func.min(Asking.due_at)).where(own), select(func.max(Asking.ends_at)).where(own)
    ends_at = func.coalesce(last.scalar_subquery(), Prompt.ends_at, type_=Prompt.ends_at.type)
    query = update(Prompt).where(Prompt.program_id == prompt.program_id, Prompt.id == prompt.id)
    await session.execute(_quietly(query.values(due_at=first.scalar_subquery(), ends_at=ends_at)))


async def _plan(session: AsyncSession, asking: Asking, one: NewPrompt, skipped: str | None) -> None:
    query = update(Asking).where(Asking.program_id == asking.program_id, Asking.id == asking.id)
    moments = {"due_at": one.due_at, "ends_at": one.ends_at, "remind_at": None if skipped else one.remind_at}
    await session.execute(_quietly(query.values(**moments, skipped=skipped)))


async def _span(session: AsyncSession, this: Round) -> None:
    """The round closes with its last window, and each of its prompts spans its askings."""
    prompts = list(await session.scalars(_prompts(this)))
    for prompt in prompts:
        await keep_span(session, prompt)
    last = select(func.max(Prompt.ends_at)).where(Prompt.program_id == this.program_id, Prompt.round_id == this.id)
    query = update(Round).where(Round.program_id == this.program_id, Round.id == this.id)
    closes_at = func.coalesce(last.scalar_subquery(), Round.closes_at, type_=Round.closes_at.type)
    await session.execute(_quietly(query.values(closes_at=closes_at)))


def _subject(one: NewPrompt, one_per_city: bool) -> str:
    return f"{FOR_CITY}{one.person.seat_id}" if one_per_city else f"delegate:{one.person.delegate_id}"


def _place(one: NewPrompt, one_per_city: bool) -> NewPlace:
    person = one.person
    when = (one.due_at, one.ends_at, one.remind_at, one.skipped)
    return NewPlace(_subject(one, one_per_city), person.seat_id, person.member_id, *when)


def _prompt(this: Round, one: NewPrompt, one_per_city: bool) -> dict[str, Any]:
    whose = {"program_id": this.program_id, "round_id": this.id, "subject": _subject(one, one_per_city)}
    return {**whose, "seat_id": one.person.seat_id, "due_at": one.due_at, "ends_at": one.ends_at}


def _asking(prompt: Prompt, one: NewPrompt, skipped: str | None) -> dict[str, Any]:
    return {
        "program_id": prompt.program_id,
        "prompt_id": prompt.id,
        "member_id": one.person.member_id,
        "due_at": one.due_at,
        "ends_at": one.ends_at,
        "remind_at": None if skipped else one.remind_at,
        "skipped": skipped,
    }


def _prompts(this: Round) -> Select[Prompt]:
    return select(Prompt).where(Prompt.program_id == this.program_id, Prompt.round_id == this.id)


def _askings(this: Round) -> Any:
    prompts = select(Prompt.id).where(Prompt.program_id == this.program_id, Prompt.round_id == this.id)
    return update(Asking).where(Asking.program_id == this.program_id, Asking.prompt_id.in_(prompts))


def _quietly(query: Any) -> Any:
    return query.execution_options(synchronize_session=False)
