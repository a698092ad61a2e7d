"""Summaries as they are lived: the picture of six rounds, threads that change, anonymous answers that stay as they were."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.sandbox.form import Form
from storage.models import AnonymousAnswer, Answer, AnswerRevision, CheckIn, Delegate, Prompt, Question, Round
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack

Json = dict[str, Any]


def summary_of(slack: Slack) -> Json:
    return next(one for one in slack.channel("#cohort").messages if one.get("thread_ts", one["ts"]) == one["ts"])


async def the_check_in(slack: Slack) -> CheckIn:
    async with slack.sessions() as session:
        return (await session.scalars(select(CheckIn).where(CheckIn.program_id == slack.bot.program_id))).one()


@pytest.fixture
async def half_a_year(slack: Slack) -> Slack:
    """A check-in of which five rounds are over: in each Ana answered the scale, for the whole cohort."""
    await steps.made(slack, audience_2="The whole cohort")
    check_in, ana = await the_check_in(slack), await slack.member("Ana")
    program = {"program_id": check_in.program_id}
    async with slack.sessions.begin() as session:
        mine = select(Delegate.seat_id).where(Delegate.program_id == ana.program_id, Delegate.member_id == ana.id)
        seat_id = (await session.scalars(mine)).one()
        query = select(Question).where(Question.program_id == check_in.program_id).order_by(Question.position)
        asked = [
            {name: getattr(one, name) for name in ("position", "kind", "text", "audience", "options")}
            for one in await session.scalars(query)
        ]
        for week in range(1, 6):
            at = steps.MONDAY_IN_MEMPHIS - timedelta(weeks=week)
            over = {"opened_at": at, "closes_at": at, "closed_at": at, "archived_at": at, "questions": asked}
            this = Round(**program, check_in_id=check_in.id, nominal_on=at.date(), **over)
            session.add(this)
            await session.flush()
            prompt = Prompt(
                **program, round_id=this.id, subject="ana", seat_id=seat_id, due_at=at, ends_at=at, answered_at=at
            )
            session.add(prompt)
            await session.flush()
            answer = Answer(**program, prompt_id=prompt.id, member_id=ana.id, first_at=at)
            session.add(answer)
            await session.flush()
            values = {"answer_id": answer.id, "member_id": ana.id, "values": {"1": str(week)}, "at": at}
            session.add(AnswerRevision(**program, **values, form_key=f"week {week}"))
    return slack


async def test_from_the_sixth_round_on_a_picture_stands_in_the_thread_and_changes_with_the_answers(
    half_a_year: Slack,
) -> None:
    slack = half_a_year
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    await steps.answers(slack, "Ana", answer_0="A long one. " * 100, answer_1="3")
    await slack.turn_to(steps.CLOSED)
    summary = summary_of(slack)
    assert "3.0 of 5, up 2 since September 28 (one answer)" in read(summary)
    picture, rest = steps.thread(slack, summary)
    assert picture["text"] == (
        "Over the last six rounds: “How sure are you that you will reach your goal in time?” went from 5.0 to 3.0 of 5."
    )
    shown = picture["blocks"][-1]
    assert shown["alt_text"].endswith("September 21 2.0, September 28 1.0, October 5 3.0.")
    content = slack.workspace.files[shown["slack_file"]["id"]].content
    assert content is not None
    assert content.startswith(b"\x89PNG")
    assert "A long one." in read(rest)

    before = dict(slack.workspace.files)
    ana = slack.person("Ana")
    for text, sure in (("Short", "3"), ("Short", "5")):
        form = await ana.clicks(ana.messages[-1], "See or edit the answer")
        assert isinstance(form, Form)
        await form.submit(answer_0=text, answer_1=sure)
        await slack.settle()
        if sure == "3":
            assert slack.workspace.files.keys() == before.keys(), "the same picture is not drawn again"
    changed, over = steps.thread(slack, summary)
    assert changed["text"].endswith("is 5.0 of 5, as on August 31.")
    assert changed["blocks"][-1]["alt_text"].endswith("October 5 5.0.")
    assert over["text"].startswith("What stood here was changed")
    assert "5.0 of 5, up 4 since September 28" in read(summary_of(slack))


async def test_a_late_answer_to_an_anonymous_question_is_not_told_by_the_difference(slack: Slack) -> None:
    await steps.made(slack)
    check_in = await the_check_in(slack)
    program = {"program_id": check_in.program_id}
    async with slack.sessions.begin() as session:
        own = update(Question).where(Question.program_id == check_in.program_id, Question.position == 1)
        await session.execute(own.values(anonymous=True, audience="cohort"))
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    await steps.answers(slack, "Ana", answer_0="Moved")
    async with slack.sessions.begin() as session:
        this = (await session.scalars(select(Round).where(Round.program_id == check_in.program_id))).one()
        session.add_all(
            AnonymousAnswer(**program, id=value, round_id=this.id, position=1, value=value[0])
            for value in ("2", "4", "4b", "4c", "4d")
        )
    await slack.turn_to(steps.CLOSED)
    assert "3.6 of 5 (five answers, from 2 to 4)" in read(summary_of(slack))
    async with slack.sessions.begin() as session:
        session.add(AnonymousAnswer(**program, id="5", round_id=this.id, position=1, value="5"))
    await steps.answers(slack, "Keola", answer_0="Late")
    await slack.settle()
    said = read(summary_of(slack))
    assert "Keola Akana" in said
    assert "3.6 of 5 (five answers, from 2 to 4)" in said


async def test_facilitators_read_on_in_the_thread_of_their_own_message(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    await steps.answers(slack, "Ana", answer_0="Moved", answer_2="In the way. " * 200)
    await slack.turn_to(steps.CLOSED + timedelta(minutes=1))
    for name in ("Renee", "Dana"):
        person = slack.person(name)
        top = next(one for one in person.messages if one["text"].endswith("for facilitators: 1 of 4 answered."))
        [reply] = [one for one in person.replies(top) if one["ts"] != top["ts"]]
        assert "In the way. " * 200 in read(reply) or ("In the way. " * 200).strip() in read(reply)
    assert "In the way" not in str(slack.channel("#cohort").messages)
