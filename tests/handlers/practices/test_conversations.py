"""People ask /practices, read one in full, look further, and search in the form."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from storage import practices
from tests.whole import Slack, program_of


def labels(message: Any) -> list[str]:
    rows = [block for block in message["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


async def unanswered(slack: Slack) -> list[str]:
    async with slack.sessions() as session:
        return [one.text for one in await practices.gaps(session, await program_of(slack.sessions), 20)]


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the bot's listeners send to the database meanwhile, without the beginning of transactions."""
    seen: list[str] = []
    mine = asyncio.current_task()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN") and asyncio.current_task() is not mine:
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


async def test_a_question_is_answered_at_once_and_privately(slack: Slack) -> None:
    reply = await slack.person("Ana").types("/practices", "participatory budgeting")
    assert reply["text"].startswith(
        "Three practices on participatory budgeting. 34 First citywide participatory budget"
    )
    assert labels(reply) == ["Read", "Adopt"] * 3
    assert slack.person("Rosa").sees("#cohort") == []


async def test_a_warm_answer_needs_two_statements(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/practices", "procurement")
    with statements() as seen:
        await ana.types("/practices", "inclusive procurement")
    assert len([one for one in seen if "members" in one or "programs" in one or "practices" in one]) == 2


async def test_nothing_is_said_plainly_noted_once_and_what_is_near_can_be_shown(slack: Slack) -> None:
    ana = slack.person("Ana")
    reply = await ana.types("/practices", "urban tree canopy")
    await ana.types("/practices", "urban tree canopy")
    assert reply["text"].startswith(
        "I have nothing on urban tree canopy yet. I noted the question for your facilitators. Near it: tactical urbanism."
    )
    assert await unanswered(slack) == ["urban tree canopy"]
    await ana.clicks(reply, "Show tactical urbanism")
    assert ana.messages[-1]["text"].startswith("One practice on tactical urbanism.")


async def test_facilitators_see_unanswered_questions_and_others_are_told_who_does(slack: Slack) -> None:
    await slack.person("Ana").types("/practices", "tree <canopy>")
    assert "tree &lt;canopy&gt;" in (await slack.person("Dana").types("/practices", "gaps"))["text"]
    assert (await slack.person("Ana").types("/practices", "gaps"))["text"] == (
        "Only facilitators can do this. Please ask Renee Okonjo."
    )


async def test_read_opens_a_practice_in_full_with_adopt_inside(slack: Slack) -> None:
    ana = slack.person("Ana")
    [hit] = [await ana.types("/practices", "tactical urbanism")]
    window = await ana.clicks(hit, "Read")
    assert "How you might start" in window.text
    assert "About MEMFix" in window.text
    form = await ana.clicks(window, "Adopt")
    assert "Weekend street prototypes" in form["text"]


async def test_show_gives_one_in_full_and_an_unknown_number_is_told(slack: Slack) -> None:
    ana = slack.person("Ana")
    reply = await ana.types("/practices", "shwo 20")
    assert reply["text"].startswith("20 Public target and free certification")
    assert "I read your first word as *show*." in str(reply["blocks"])
    assert (await ana.types("/practices", "show 4000"))["text"].startswith("There is no practice 4000.")


async def test_more_than_five_wait_behind_show_more(slack: Slack) -> None:
    ana = slack.person("Ana")
    reply = await ana.types("/practices", "topic:budgeting")
    assert reply["text"].startswith("Five of 13 practices · topic budgeting.")
    await ana.clicks(reply, "Show more")
    assert ana.messages[-1]["text"].startswith("Practices 6 to 10 of 13")
    await ana.clicks(ana.messages[-1], "Show more")
    assert ana.messages[-1]["text"].startswith("Practices 11 to 13 of 13")
    assert "Show more" not in labels(ana.messages[-1])


async def test_alone_it_shows_what_can_be_asked_and_its_buttons_work(slack: Slack) -> None:
    ana = slack.person("Ana")
    reply = await ana.types("/practices")
    assert "the library has 133 practices" in reply["text"]
    await ana.clicks(reply, "Show racial equity")
    assert "practices on racial equity" in ana.messages[-1]["text"]


async def test_the_form_shows_the_hits_in_its_place(slack: Slack) -> None:
    ana = slack.person("Ana")
    form = await ana.opens("Find practices")
    refused = await form.submit(question="how do you")
    assert list(refused.errors) == ["question"]
    found = await refused.submit(question="lawyers for renters")
    assert "Lawyers for tenants, rolled out ZIP code by ZIP code" in found.text
    await found.close()
    form = await ana.opens("Find practices")
    nothing = await form.submit(question="beekeeping")
    assert "I have nothing on *beekeeping* yet." in nothing.text
    assert await unanswered(slack) == ["beekeeping"]


async def test_somebody_unknown_is_told_whom_to_ask(slack: Slack) -> None:
    zed = slack.workspace.add_person("Zed Stranger")
    reply = await slack.person(zed.id).types("/practices", "procurement")
    assert reply["text"].startswith("I do not know you yet")
    assert "Dana Whitfield" in reply["text"]


@pytest.mark.parametrize("typed", ["new", "review"])
async def test_what_is_not_possible_yet_is_not_searched_for(slack: Slack, typed: str) -> None:
    reply = await slack.person("Ana").types("/practices", typed)
    assert "is not possible here yet" in reply["text"]
    assert await unanswered(slack) == []
