"""Cohorts made and edited by hand, on both databases."""

import asyncio
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from storage import cohort_edits, cohorts
from storage.cohort_edits import Said
from storage.database import Sessions
from storage.models import Network
from tests import cast

SAID = Said("Equipt", "Budget", "Results", date(2026, 10, 1), None, (("Kick-off", "2026-10-01"),), None, "C0BUDGET")


async def test_a_cohort_is_made_once_by_a_form_and_read_as_it_was_said(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
    for again in (False, True):
        async with sessions.begin() as session:
            made = await cohort_edits.add(
                session, people["Dana"], people.workspace, SAID, "key", cast.START, runs=False
            )
        assert (made is None) is again
    async with sessions() as session:
        known = await cohort_edits.by_form(session, people.workspace.program_id, "key")
        present = await cohort_edits.present(session, people.workspace, known or 0)
        assert present is not None
        assert present.said == SAID
        [listed] = [one for one in await cohorts.listed(session, people.workspace.program_id) if one.name == "Budget"]
    assert listed.phases == (("Kick-off", date(2026, 10, 1)),)


async def test_of_two_edits_of_what_both_saw_the_second_writes_nothing(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session, channel="C0COHORT")
        seen = await cohort_edits.present(session, people.workspace, people.cohort.id)
    assert seen is not None

    async def edit(name: str, theme: str) -> bool:
        async with sessions.begin() as session:
            said = replace(seen.said, theme=theme)
            return await cohort_edits.edit(session, people[name], people.workspace, seen, said, cast.START)

    done = await asyncio.gather(edit("Dana", "one"), edit("Renee", "two"))
    assert sorted(done) == [False, True]
    async with sessions() as session:
        present = await cohort_edits.present(session, people.workspace, people.cohort.id)
    assert present is not None
    assert (present.said.theme, present.changed_by) == (
        ("one", "Dana Whitfield") if done[0] else ("two", "Renee Okonjo")
    )


async def test_a_network_is_found_in_whatever_letters_and_names_are_taken_within_it(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        other = await cast.enter(session, team_id="T0OTHER")
        program = people.workspace.program_id
        said = replace(SAID, network="city ACCELERATOR", name="inclusive PROCUREMENT")
        assert await cohort_edits.name_taken(session, program, said)
        assert not await cohort_edits.name_taken(session, program, said, but=people.cohort.id)
        assert not await cohort_edits.name_taken(session, program, SAID)
        await cohort_edits.add(
            session, people["Dana"], people.workspace, replace(said, name="New"), "k", cast.START, runs=True
        )
        assert await cohort_edits.network_names(session, program) == ["City Accelerator"]
        assert await cohort_edits.present(session, other.workspace, people.cohort.id) is None
        assert len((await session.scalars(select(Network.id).where(Network.program_id == program))).all()) == 1


async def test_a_chosen_channel_is_to_be_looked_at_once(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        await cohort_edits.add(session, people["Dana"], people.workspace, SAID, "key", cast.START, runs=False)
    async with sessions.begin() as session:
        assert await cohort_edits.first_channel_check(session) == cast.START
        [(channel, name, _)] = await cohort_edits.channels_to_check(session)
        assert (channel.channel, channel.check_for, name) == ("C0BUDGET", people["Dana"].id, "Budget")
        seen = type(channel)(
            program_id=channel.program_id, id=channel.id, channel=channel.channel, check_for=channel.check_for
        )
        assert await cohort_edits.channel_checked(session, seen)
        assert not await cohort_edits.channel_checked(session, seen)
        assert await cohort_edits.first_channel_check(session) is None
