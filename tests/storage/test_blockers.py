"""Blockers as they are kept: one for each answer, open until somebody of the city says that it is gone."""

import asyncio
from datetime import timedelta

from sqlalchemy import update

from storage import blockers
from storage.database import Sessions
from storage.models import Blocker, Round
from tests import cast
from tests.storage.test_checkins_rounds import AT, DUE, Stage, stage

__all__ = ["stage"]

SAID = ("procurement", "Legal says no.", "facilitators")


async def raised(sessions: Sessions, stage: Stage, name: str = "Ana", said: tuple[str, str, str] = SAID) -> bool:
    this = await stage.prompt_of(sessions, name)
    async with sessions.begin() as session:
        return await blockers.raised(session, this, stage.people[name], 2, *said, DUE)


async def only(sessions: Sessions, stage: Stage) -> blockers.Found:
    async with sessions() as session:
        [found] = await blockers.to_care_for(session, stage.program_id, [stage.people.cohort.id])
    return found


async def test_a_blocker_is_raised_once_and_follows_its_answer(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    assert await raised(sessions, stage)
    assert not await raised(sessions, stage)
    first = await only(sessions, stage)
    assert (first.name, first.city, first.looked_after_by) == ("Ana Diaz", "Memphis", "")
    assert (first.blocker.topic, first.blocker.text, first.blocker.audience) == SAID
    assert await raised(sessions, stage, said=("", "Legal says maybe.", "city"))
    changed = (await only(sessions, stage)).blocker
    assert (changed.id, changed.topic, changed.text) == (first.blocker.id, "", "Legal says maybe.")
    assert changed.opened_at == DUE


async def test_two_who_close_one_at_once_close_it_once(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    await raised(sessions, stage)
    found = (await only(sessions, stage)).blocker

    async def closes(name: str) -> bool:
        async with sessions.begin() as session:
            return await blockers.close(session, stage.people[name], found.id, AT)

    assert sorted(await asyncio.gather(closes("Ana"), closes("Rosa"))) == [False, True]
    async with sessions() as session:
        assert await blockers.to_care_for(session, stage.program_id, [found.cohort_id]) == []


async def test_one_that_an_answer_no_longer_names_is_closed_and_opens_again_with_it(
    sessions: Sessions, stage: Stage
) -> None:
    await stage.opens(sessions)
    await raised(sessions, stage)
    this = await stage.prompt_of(sessions, "Ana")
    async with sessions.begin() as session:
        assert await blockers.withdrawn(session, this, stage.people["Ana"], 2, AT)
        assert not await blockers.withdrawn(session, this, stage.people["Ana"], 2, AT)
    assert await raised(sessions, stage)
    assert (await only(sessions, stage)).blocker.closed_by is None


async def test_still_in_the_way_is_noted_while_it_is_open(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    await raised(sessions, stage)
    found, ana = (await only(sessions, stage)).blocker, stage.people["Ana"]
    async with sessions.begin() as session:
        assert await blockers.still(session, ana, found.id, DUE)
        assert not await blockers.still(session, ana, found.id, DUE)
        assert await blockers.still(session, ana, found.id, DUE + timedelta(days=7))
        assert await blockers.close(session, ana, found.id, DUE)
        assert not await blockers.still(session, ana, found.id, DUE + timedelta(days=9))


async def test_somebody_looks_after_it_until_it_is_closed(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    await raised(sessions, stage)
    found, renee = (await only(sessions, stage)).blocker, stage.people["Renee"]
    async with sessions.begin() as session:
        assert await blockers.look_after(session, renee, found.id, renee.id, AT)
        assert not await blockers.look_after(session, renee, found.id, renee.id, AT)
    assert (await only(sessions, stage)).looked_after_by == renee.name
    async with sessions.begin() as session:
        assert await blockers.close(session, stage.people["Rosa"], found.id, AT)
        assert not await blockers.look_after(session, renee, found.id, stage.people["Ana"].id, AT)


async def test_a_round_and_a_cohort_list_what_is_theirs(sessions: Sessions, stage: Stage) -> None:
    opened = await stage.opens(sessions)
    assert isinstance(opened, Round)
    await raised(sessions, stage)
    await raised(sessions, stage, "Keola")
    async with sessions() as session:
        assert [one.city for one in await blockers.of_round(session, opened)] == ["Memphis", "Honolulu"]
        cohort_id = stage.people.cohort.id
        assert len(await blockers.to_care_for(session, stage.program_id, [cohort_id])) == 2
        assert await blockers.to_care_for(session, stage.program_id, [cohort_id + 1]) == []


async def test_nobody_of_another_program_reads_or_changes_a_blocker(sessions: Sessions, stage: Stage) -> None:
    await stage.opens(sessions)
    await raised(sessions, stage)
    this, found = await stage.prompt_of(sessions, "Ana"), (await only(sessions, stage)).blocker
    own = update(Blocker).where(Blocker.program_id == stage.program_id, Blocker.id == found.id)
    async with sessions.begin() as session:
        other = await cast.enter(session, team_id="T0OTHER")
        stranger, theirs = other["Ana"], other.workspace.program_id
        assert not await blockers.raised(session, this, stranger, 2, "", "Other words", "city", DUE)
        assert not await blockers.still(session, stranger, found.id, AT)
        assert not await blockers.look_after(session, stranger, found.id, stranger.id, AT)
        assert not await blockers.close(session, stranger, found.id, AT)
        assert await blockers.to_care_for(session, theirs, [found.cohort_id]) == []
        assert await blockers.of_id(session, theirs, found.id) is None
        await session.execute(own.values(closed_at=AT, closed_by=stranger.id))
        assert not await blockers.opened_again(session, stranger, found.id, AT)
        assert not await blockers.reopen(session, stranger, found.id)
