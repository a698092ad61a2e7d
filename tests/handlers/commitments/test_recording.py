"""Recording a commitment: at once by command, or through the form; and what it costs before Slack is answered."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from bot.sandbox.form import Form
from handlers import blocks, buttons
from storage import deliveries
from storage.models import Cohort, Commitment, Delegate, Network, Practice, Seat
from tests.whole import Slack, program_of

# The clock stands at Thursday, October 1, 2026, 10:00 in Memphis.
TYPED = "publish the MWBE dashboard by next Friday"


async def recorded(slack: Slack) -> list[Commitment]:
    async with slack.sessions() as session:
        query = select(Commitment).where(Commitment.program_id == await program_of(slack.sessions))
        return list(await session.scalars(query.order_by(Commitment.number)))


async def seat_in_second_cohort(slack: Slack) -> None:
    """Put Ana on a second seat, in a cohort called Infrastructure finance."""
    ana = await slack.member("Ana")
    async with slack.sessions.begin() as session:
        program_id = ana.program_id
        network = (await session.scalars(select(Network).where(Network.program_id == program_id))).one()
        seat = (await session.scalars(select(Seat).where(Seat.program_id == program_id).order_by(Seat.id))).first()
        assert seat is not None
        cohort = Cohort(
            program_id=program_id, network_id=network.id, name="Infrastructure finance", created_at=slack.clock.now()
        )
        session.add(cohort)
        await session.flush()
        second = Seat(program_id=program_id, cohort_id=cohort.id, city_id=seat.city_id)
        session.add(second)
        await session.flush()
        session.add(Delegate(program_id=program_id, seat_id=second.id, member_id=ana.id, role="delegate"))


@contextmanager
def statements() -> Iterator[list[tuple[object, str]]]:
    """What is sent to the database meanwhile, and by which task; without the beginning of transactions."""
    seen: list[tuple[object, str]] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append((asyncio.current_task(), statement))

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


async def test_a_commitment_is_recorded_at_once_and_date_and_weekday_repeated(slack: Slack) -> None:
    ana = slack.person("Ana")
    answer = await ana.types("/commit", TYPED)
    assert answer["text"] == "Saved #1: publish the MWBE dashboard, by Friday, October 9."
    shown = answer["blocks"][0]["text"]["text"]
    assert (
        shown == "Saved *#1*: publish the MWBE dashboard, by *Friday, October 9*. Memphis and your facilitators see it."
    )
    assert [one["text"]["text"] for one in answer["blocks"][1]["elements"]] == ["Change", "Undo"]
    [one] = await recorded(slack)
    assert (one.text, one.due_on, one.audience, one.state) == (
        "publish the MWBE dashboard",
        date(2026, 10, 9),
        "city",
        "open",
    )


async def test_the_command_takes_five_statements_before_the_answer(slack: Slack) -> None:
    with statements() as seen:
        await slack.person("Ana").types("/commit", TYPED)
    [request] = [task for task, statement in seen if statement.startswith("INSERT INTO commitments ")]
    ours = [statement for task, statement in seen if task is request]
    assert 3 < len(ours) <= 5, ours


async def test_the_same_text_typed_again_is_one_commitment(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", TYPED)
    answer = await ana.types("/commit", TYPED)
    assert answer["text"].startswith("Already saved as #1: publish the MWBE dashboard")
    assert len(await recorded(slack)) == 1
    await slack.turn_to(slack.clock.now() + timedelta(minutes=3))
    assert (await ana.types("/commit", TYPED))["text"].startswith("Saved #2")


async def test_two_people_may_promise_the_same(slack: Slack) -> None:
    answers = await asyncio.gather(*(slack.person(name).types("/commit", TYPED) for name in ("Ana", "Rosa", "Keola")))
    assert sorted(answer["text"][:8] for answer in answers) == ["Saved #1", "Saved #2", "Saved #3"]


@pytest.mark.parametrize(
    ("typed", "kept", "day", "reason"),
    [
        ("publish the dashboard", "publish the dashboard", None, "I found no date in your text."),
        ("stand by me", "stand by me", None, "I could not read “me” as a date."),
        ("report by 2020-01-15", "report", None, "Wednesday, January 15, 2020 is in the past."),
        ("report by March 1, 2031", "report", None, "Saturday, March 1, 2031 is more than two years ahead."),
        ("send the survey tomorrow", "send the survey tomorrow", "2026-10-02", "Please check the due date"),
        ("x" * 1001 + " by Friday", "x" * 1001, "2026-10-02", "This has 1,001 characters; please shorten it to 1,000."),
    ],
)
async def test_an_unclear_date_opens_the_form_with_the_text_kept(
    slack: Slack, typed: str, kept: str, day: str | None, reason: str
) -> None:
    form = await slack.person("Ana").types("/commit", typed)
    assert isinstance(form, Form)
    assert (form["text"], form["due_on"]) == (kept, day)
    assert reason in form.text
    assert await recorded(slack) == []


async def test_the_form_says_who_sees_it_and_saves(slack: Slack) -> None:
    ana = slack.person("Ana")
    form = await ana.types("/commit", "ship the parser")
    assert form.labels == ["What will you get done?", "Due date", "Who sees it"]
    assert "You and the facilitators always see it." in form.text
    assert form["audience"] == "city"
    assert await form.submit(due_on="2027-03-06", audience="cohort") is None
    [confirmation] = ana.messages
    assert confirmation["text"] == "Saved #1: ship the parser, by Saturday, March 6, 2027."
    assert "Everyone in Inclusive procurement sees it." in json.dumps(confirmation["blocks"])
    [one] = await recorded(slack)
    assert (one.audience, one.due_on) == ("cohort", date(2027, 3, 6))


async def test_a_past_day_is_refused_beside_its_field(slack: Slack) -> None:
    form = await slack.person("Ana").types("/commit", "ship the parser")
    assert await form.submit(due_on="2026-09-30") is form
    assert form.errors == {
        "due_on": "Wednesday, September 30, 2026 is in the past. Please choose today or a later day."
    }
    assert await form.submit(due_on="2026-10-02", text="   \n ") is form
    assert form.errors["text"]
    assert await recorded(slack) == []


async def test_a_form_submitted_again_is_one_commitment(slack: Slack) -> None:
    ana = slack.person("Ana")
    form = await ana.types("/commit", "ship the parser")
    await form.fill(due_on="2026-10-09")
    view = form.view
    await form.submit()
    await slack.turn_to(slack.clock.now() + timedelta(minutes=10))
    assert await ana.exchange.submit(ana.id, view) == {}
    await slack.settle()
    assert len(await recorded(slack)) == 1
    assert len(ana.messages) == 1


async def test_with_several_seats_the_form_asks_and_in_the_channel_it_is_known(slack: Slack) -> None:
    await seat_in_second_cohort(slack)
    ana = slack.person("Ana")
    form = await ana.types("/commit", TYPED)
    assert isinstance(form, Form)
    assert (form["text"], form["due_on"], form["place"]) == ("publish the MWBE dashboard", "2026-10-09", None)
    assert "You are in several cohorts." in form.text
    await form.submit(place="Memphis · Infrastructure finance")
    answer = await ana.types("/commit", "call Phoenix by Friday", channel="#cohort")
    assert answer["text"].startswith("Saved #2")
    first, second = await recorded(slack)
    assert first.cohort_id != second.cohort_id
    assert first.city_id == second.city_id


async def test_a_facilitators_commitment_has_no_city(slack: Slack) -> None:
    answer = await slack.person("Renee").types("/commit", "send the agenda by Friday")
    assert "Only you and the facilitators see it." in json.dumps(answer["blocks"])
    [one] = await recorded(slack)
    assert (one.city_id, one.audience) == (None, "facilitators")
    assert one.cohort_id is not None


async def test_what_is_typed_rings_nobody(slack: Slack) -> None:
    answer = await slack.person("Ana").types("/commit", "tell <!channel> & all by Friday")
    assert "<!channel>" not in json.dumps(answer)
    assert "tell &lt;!channel&gt; &amp; all" in answer["text"]
    [one] = await recorded(slack)
    assert one.text == "tell <!channel> & all"


async def test_the_shortcut_opens_an_empty_form(slack: Slack) -> None:
    ana = slack.person("Ana")
    form = await ana.opens("New commitment")
    assert form is not None
    assert (form["text"], form["due_on"]) == (None, None)
    await form.submit(text="ship it", due_on="2026-10-09")
    assert ana.messages[-1]["text"] == "Saved #1: ship it, by Friday, October 9."


async def test_a_message_becomes_a_commitment_with_a_link_back(slack: Slack) -> None:
    rosa, ana = slack.person("Rosa"), slack.person("Ana")
    said = await rosa.says("I & Keola will share the <https://example.org/plan|plan> by Friday", channel="#cohort")
    form = await ana.uses_shortcut("Record as commitment", said)
    assert isinstance(form, Form)
    assert (form["text"], form["due_on"]) == ("I & Keola will share the plan by Friday", "2026-10-02")
    await form.submit()
    [one] = await recorded(slack)
    assert (
        one.source_url == f"https://{slack.workspace.domain}.slack.com/archives/C0COHORT/p{said['ts'].replace('.', '')}"
    )


async def tell_of_a_practice(slack: Slack) -> Practice:
    """Send Ana a message with the buttons of a practice."""
    async with slack.sessions.begin() as session:
        query = select(Practice).where(Practice.program_id == await program_of(slack.sessions)).order_by(Practice.id)
        practice = (await session.scalars(query.limit(1))).one()
        row = blocks.actions(buttons.read_practice(practice.id), buttons.adopt_practice(practice.id))
        message = blocks.message("A practice", [row])
        await deliveries.owe(session, await slack.member("Ana"), "practice", message, at=slack.clock.now())
    await slack.settle()
    return practice


async def test_adopting_a_practice_opens_the_form_with_the_practice_linked(slack: Slack) -> None:
    practice, ana = await tell_of_a_practice(slack), slack.person("Ana")
    form = await ana.clicks(ana.messages[-1], "Adopt")
    assert isinstance(form, Form)
    assert form["text"] == f"Adopt: {practice.title}"
    await form.submit(due_on="2026-10-09")
    [one] = await recorded(slack)
    assert one.practice_id == practice.id


async def test_adopting_from_the_open_practice_puts_the_form_on_top(slack: Slack) -> None:
    practice, ana = await tell_of_a_practice(slack), slack.person("Ana")
    window = await ana.clicks(ana.messages[-1], "Read")
    form = await ana.clicks(window, "Adopt")
    assert isinstance(form, Form)
    assert len(ana.open_views()) == 2
    await form.submit(due_on="2026-10-09")
    [one] = await recorded(slack)
    assert one.practice_id == practice.id


async def test_help_shows_two_examples_and_a_stranger_is_told_whom_to_ask(slack: Slack) -> None:
    answer = await slack.person("Ana").types("/commit", "help")
    assert "`/commit publish the vendor list by next Friday`" in json.dumps(answer["blocks"], ensure_ascii=False)
    slack.workspace.add_person("zoe", email="zoe@example.org")
    stranger = await slack.person("zoe").types("/commit", TYPED)
    assert "I do not know you yet" in stranger["text"]
    assert await recorded(slack) == []
