"""Reading the answers of a round in full, page by page, by whoever may."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.sandbox.form import Form
from storage import answers
from storage.models import Delegate, Member
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack


@pytest.fixture
async def crowd(slack: Slack) -> Slack:
    """A closed round of thirty-four people, thirty of whom answered before it closed, more than a thread should hold."""
    await steps.made(slack, audience_3="The whole cohort", audience_2="Facilitators only")
    ana = await slack.member("Ana")
    program: dict[str, Any] = {"program_id": ana.program_id}
    async with slack.sessions.begin() as session:
        seat_id = await session.scalar(
            select(Delegate.seat_id).where(Delegate.program_id == ana.program_id, Delegate.member_id == ana.id)
        )
        people = [
            Member(**program, name=f"Person {number:02}", expertise=[], created_at=steps.MADE) for number in range(30)
        ]
        session.add_all(people)
        await session.flush()
        session.add_all(Delegate(**program, seat_id=seat_id, member_id=one.id, role="delegate") for one in people)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    async with slack.sessions.begin() as session:
        for person in people:
            [this] = await answers.open_for(session, person)
            values = {"0": f"Moved by {person.name}. {'And more of it. ' * 15}", "1": "3", "2": "x" * 3000}
            await answers.save(session, person, this, values, f"form {person.id}", steps.MONDAY_IN_MEMPHIS)
    await slack.turn_to(steps.CLOSED)
    return slack


def on_screen(form: Any) -> str:
    assert isinstance(form, Form)
    return read({"blocks": form.view["blocks"]})


async def test_facilitators_turn_the_pages_of_all_answers(crowd: Slack) -> None:
    renee = crowd.person("Renee")
    await renee.types("/checkin", "show 1")
    first = await renee.clicks(renee.messages[-1], "Read the answers")
    assert "Page 1 of 4" in on_screen(first)
    assert "x" * 3000 in on_screen(first), "blockers come first"
    second = await renee.clicks(first, "More answers")
    assert "Page 2 of 4" in on_screen(second)
    last = await renee.clicks(await renee.clicks(second, "More answers"), "More answers")
    assert "Moved by Person 29" in on_screen(last)
    assert "Page 3 of 4" in on_screen(await renee.clicks(last, "Earlier answers"))


async def test_delegates_of_other_cities_read_only_what_is_for_the_cohort(crowd: Slack) -> None:
    keola = crowd.person("Keola")
    whole = await keola.clicks(keola.sees("#cohort")[-1], "Read all answers")
    assert "Page 1 of 3" in on_screen(whole)
    assert "3 of 5" not in on_screen(whole)
    page = await keola.clicks(whole, "More answers")
    assert "3 of 5" not in on_screen(page)
    assert "Moved by Person 29" in on_screen(await keola.clicks(page, "More answers"))


async def test_somebody_unknown_reads_nothing(crowd: Slack) -> None:
    stranger = crowd.workspace.add_person("Sam Stranger")
    crowd.channel("#cohort").members.append(stranger.id)
    sam = crowd.person(stranger.id)
    refusal = await sam.clicks(sam.sees("#cohort")[-1], "Read all answers")
    assert isinstance(refusal, dict)
    assert "Moved by" not in read(refusal)
    assert sam.form is None
