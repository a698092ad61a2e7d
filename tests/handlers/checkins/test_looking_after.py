"""Blockers of a cohort in the hands of its facilitators: found with practices, looked after, taken back, gone, and told once."""

from typing import Any

import pytest
from sqlalchemy import update

from bot.sandbox.form import Form
from storage import blockers
from storage.models import Blocker, Cohort, Facilitator
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack

Json = dict[str, Any]
EVICTIONS = "Evictions go up and the court does not tell us which tenants need a lawyer"


@pytest.fixture
async def blocked(slack: Slack) -> Slack:
    """A closed round in which Ana raised a blocker for facilitators alone."""
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    await steps.answers(slack, "Ana", answer_0="Moved", answer_2=EVICTIONS)
    await slack.turn_to(steps.CLOSED)
    return slack


def summary_of(slack: Slack, who: str = "Renee") -> Json:
    return next(one for one in reversed(slack.person(who).messages) if "for facilitators" in one["text"])


def told(slack: Slack, who: str) -> list[Json]:
    return [one for one in slack.person(who).messages if "in Memphis's way" in one["text"]]


async def looks_after(slack: Slack, presser: str = "Renee", **chosen: str) -> Form | None:
    form = await slack.person(presser).clicks(summary_of(slack, presser), "Looked after")
    assert isinstance(form, Form)
    left = await form.submit(**chosen)
    await slack.settle()
    return left


async def test_facilitators_read_a_blocker_with_practices_and_the_channel_does_not(blocked: Slack) -> None:
    said = read(summary_of(blocked))
    assert "Done elsewhere" in said
    assert "Lawyers for tenants" in said
    number = next(word for word in said.split("*") if "Lawyers for tenants" in word).split(" · ")[0]
    whole = await blocked.person("Renee").clicks(summary_of(blocked), f"Read {number}")
    assert isinstance(whole, Form)
    assert "Lawyers for tenants" in whole.text
    channel = "\n".join(read(one) for one in blocked.person("Ana").sees("#cohort"))
    assert "Evictions" not in channel
    assert "Done elsewhere" not in channel


async def test_who_looks_after_a_blocker_is_said_in_every_facilitators_summary_and_to_who_raised_it(
    blocked: Slack,
) -> None:
    assert await looks_after(blocked) is None
    for name in ("Renee", "Dana"):
        assert "Renee Okonjo looks after this." in read(summary_of(blocked, name))
    [message] = told(blocked, "Ana")
    assert message["text"] == "Renee Okonjo looks after what is in Memphis's way. You need do nothing."
    assert EVICTIONS in read(message)
    assert told(blocked, "Rosa") == [], "the blocker was for facilitators alone"


async def test_whoever_another_one_named_is_told(blocked: Slack) -> None:
    await looks_after(blocked, who="U0DANA")
    [message] = told(blocked, "Dana")
    assert message["text"] == "Renee Okonjo named you as the one who looks after what is in Memphis's way."
    assert "Dana Whitfield looks after this." in read(summary_of(blocked))


async def test_only_who_may_read_a_blocker_can_look_after_it(blocked: Slack) -> None:
    form = await looks_after(blocked, who="U0KEOLA")
    assert isinstance(form, Form)
    assert form.errors == {
        "who": "This blocker is not for everybody's eyes. Please choose one of the cohort's facilitators."
    }
    stranger = blocked.workspace.add_person("Sam Stranger")
    form = await looks_after(blocked, who=stranger.id)
    assert isinstance(form, Form)
    assert "I do not know this person yet" in form.errors["who"]
    assert "looks after" not in read(summary_of(blocked))


async def test_it_is_taken_back_and_what_was_told_is_put_right(blocked: Slack) -> None:
    await looks_after(blocked)
    await blocked.person("Dana").clicks(summary_of(blocked, "Dana"), "Undo: looked after")
    await blocked.settle()
    assert "looks after" not in read(summary_of(blocked))
    [message] = told(blocked, "Ana")
    assert message["text"].startswith("Nobody looks after what is in Memphis's way at the moment")
    await looks_after(blocked, "Dana")
    [message] = told(blocked, "Ana")
    assert message["text"].startswith("Dana Whitfield looks after")


async def test_a_blocker_that_is_gone_can_be_blocked_still(blocked: Slack) -> None:
    renee = blocked.person("Renee")
    await renee.clicks(summary_of(blocked), "No longer blocked")
    await blocked.settle()
    assert "No longer blocked." in read(summary_of(blocked))
    await renee.clicks(summary_of(blocked), "Still blocked")
    await blocked.settle()
    assert "Looked after" in read(summary_of(blocked))


async def test_open_blockers_are_listed_in_a_window_and_looked_after_there(blocked: Slack) -> None:
    renee = blocked.person("Renee")
    window = await renee.types("/checkin", "blockers")
    assert isinstance(window, Form)
    assert "One open blocker" in window.text
    assert EVICTIONS in window.text
    assert "since Monday, October 5" in window.text
    form = await renee.clicks(window, "Looked after")
    assert isinstance(form, Form)
    assert await form.submit() is None
    window = renee.form
    assert window is not None
    assert "Renee Okonjo looks after this." in window.text
    window = await renee.clicks(window, "No longer blocked")
    assert isinstance(window, Form)
    assert "No open blockers" in window.text
    window = await renee.clicks(window, "Still blocked")
    assert isinstance(window, Form)
    assert "One open blocker" in window.text


async def test_a_cohort_is_named_or_the_answer_says_what_is_known(blocked: Slack) -> None:
    renee = blocked.person("Renee")
    assert isinstance(await renee.types("/checkin", "blockers procurement"), Form)
    reply = await renee.types("/checkin", "blockers gardening")
    assert isinstance(reply, dict)
    assert "I know no cohort called" in read(reply)


async def test_without_blockers_the_list_says_so_and_where_they_come_from(slack: Slack) -> None:
    reply = await slack.person("Renee").types("/checkin", "blockers")
    assert isinstance(reply, dict)
    assert reply["text"].startswith("Nothing is in the way of any city in Inclusive procurement.")


async def test_delegates_neither_list_blockers_nor_press_their_buttons(blocked: Slack) -> None:
    reply = await blocked.person("Keola").types("/checkin", "blockers")
    assert isinstance(reply, dict)
    assert "Only facilitators can do this." in read(reply)
    renee = await blocked.member("Renee")
    async with blocked.sessions.begin() as session:
        own = update(Facilitator).where(Facilitator.program_id == renee.program_id, Facilitator.member_id == renee.id)
        await session.execute(own.values(ended_at=steps.CLOSED))
    for button in ("Looked after", "No longer blocked"):
        reply = await blocked.person("Renee").clicks(summary_of(blocked), button)
        assert isinstance(reply, dict)
        assert "Only facilitators can do this. Please ask Dana Whitfield." in read(reply)
    async with blocked.sessions() as session:
        [found] = await blockers.to_care_for(session, renee.program_id, [1])
    assert found.looked_after_by == ""


async def test_a_facilitator_of_another_cohort_presses_in_vain(blocked: Slack) -> None:
    async with blocked.sessions.begin() as session:
        other = Cohort(program_id=1, network_id=1, name="Advisory group", created_at=blocked.clock.now())
        session.add(other)
        await session.flush()
        tomas = await blocked.member("Tomas")
        session.add(Facilitator(program_id=1, member_id=tomas.id, cohort_id=other.id))
    himself = blocked.person("Tomas")
    posted = {"user": "U0BOT", "text": "forwarded", "blocks": summary_of(blocked)["blocks"]}
    blocked.workspace.post(blocked.channel("#cohort").id, posted)
    refused = await himself.clicks(himself.sees("#cohort")[-1], "Looked after")
    assert "Only facilitators can do this. Please ask" in str(refused)


async def test_pages_of_many_blockers_are_turned(blocked: Slack) -> None:
    ana = await blocked.member("Ana")
    async with blocked.sessions.begin() as session:
        [found] = await blockers.to_care_for(session, ana.program_id, [1])
        session.add_all(
            Blocker(
                **{name: getattr(found.blocker, name) for name in ("program_id", "cohort_id", "seat_id", "prompt_id")},
                member_id=ana.id,
                topic="",
                audience="facilitators",
                opened_at=steps.CLOSED,
                position=number,
                text=f"Blocked by {number} <!here> {'&' * 2500}",
            )
            for number in range(10, 60)
        )
    renee = blocked.person("Renee")
    window = await renee.types("/checkin", "blockers")
    assert isinstance(window, Form)
    assert "51 open blockers" in window.text
    second = await renee.clicks(window, "More blockers")
    third = await renee.clicks(second, "More blockers")
    assert isinstance(third, Form)
    assert "Page 3 of 3" in third.text
    assert "Blocked by 59" in third.text
    back = await renee.clicks(third, "Earlier blockers")
    assert isinstance(back, Form)
    assert "Page 2 of 3" in back.text
