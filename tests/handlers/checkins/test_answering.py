"""Answering, as people live it: every kind of question, long forms in steps, what was begun, blockers, commitments, and namelessly."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.sandbox.form import Form
from storage import answers, blockers, commitment_lists, following
from storage.models import AnonymousAnswer, AnswerRevision, Blocker, Commitment, Draft, Round
from tests.bench.statements import MOST
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.handlers.seats.test_statements import listeners, sent
from tests.whole import Slack

Json = dict[str, Any]
NEXT_TIME = steps.MONDAY_IN_MEMPHIS + timedelta(days=8)  # the Monday is a holiday
EVERY_KIND = (
    {"kind": "choice", "text": "Which phase?", "options": {"choices": ["Planning", "Piloting"]}},
    {"kind": "choices", "text": "Who helped?", "options": {"choices": ["Mayor", "Council", "Vendors"]}},
    {"kind": "scale", "text": "How sure?", "options": {"labels": ["lost", "unsure", "halfway", "sure", "done"]}},
    {"kind": "number", "text": "How many vendors?"},
    {"kind": "yes_no", "text": "Did the council vote?"},
    {"kind": "blocker", "text": "What is in the way?"},
)
BLOCKER = {"kind": "blocker", "text": "What is in the way?"}
COMMITMENTS = {"kind": "commitments", "text": "How do they go?"}
VOTE = {"kind": "yes_no", "text": "Would you do it again?", "anonymous": True, "audience": "cohort"}


async def revisions(slack: Slack) -> list[Json]:
    async with slack.sessions() as session:
        query = select(AnswerRevision.values).where(AnswerRevision.program_id == 1).order_by(AnswerRevision.id)
        return list(await session.scalars(query))


async def drafts(slack: Slack) -> list[Json]:
    async with slack.sessions() as session:
        return list(await session.scalars(select(Draft.values).where(Draft.program_id == 1)))


async def commitment(slack: Slack, number: int) -> Commitment:
    async with slack.sessions() as session:
        query = select(Commitment).where(Commitment.program_id == 1, Commitment.number == number)
        return (await session.scalars(query)).one()


async def history(slack: Slack, number: int) -> list[tuple[str, str]]:
    async with slack.sessions() as session:
        found = await commitment_lists.history(session, await commitment(slack, number))
    return [(event.kind, event.why) for event, _ in found]


async def next_step(form: Form, **fields: Any) -> Form:
    onward = await form.submit(**fields)
    assert isinstance(onward, Form)
    assert not onward.errors, onward.errors
    return onward


async def test_every_kind_is_answered_opens_as_it_was_and_is_said_next_time(slack: Slack) -> None:
    await steps.asks(slack, *EVERY_KIND)
    form = await steps.opens(slack, "Ana")
    assert [form[f"answer_{n}"] for n in range(6)] == [None, [], None, None, None, None], "nothing is filled in unasked"
    chosen = {"answer_0": "Piloting", "answer_1": ["Mayor", "Vendors"], "answer_2": "4 · sure", "answer_3": "41"}
    chosen |= {"answer_4": "Yes", "answer_5": "Legal says no.", "topic_5": "Procurement"}
    assert await form.submit(**chosen) is None
    kept = {"0": "Piloting", "1": ["Mayor", "Vendors"], "2": "4", "3": "41", "4": "yes"}
    assert await revisions(slack) == [kept | {"5": {"topic": "procurement", "text": "Legal says no."}}]

    again = await steps.opens(slack, "Ana")
    assert [again["answer_1"], again["answer_2"], again["answer_3"]] == [["0", "2"], "4", "41"]
    assert [again["answer_4"], again["answer_5"], again["topic_5"]] == ["yes", "Legal says no.", "procurement"]
    await again.close()

    await slack.turn_to(NEXT_TIME)
    later = await steps.opens(slack, "Ana")
    for said in ("Piloting", "Mayor; Vendors", "4 of 5 (sure)", "41", "Yes"):
        assert f"_Last time, Ana Diaz:_ {said}" in later.text
    assert [later[f"answer_{n}"] for n in (0, 2, 3, 4, 5)] == [None] * 5


async def test_a_form_is_read_in_few_statements(slack: Slack) -> None:
    await slack.person("Ana").types("/commit", "publish the list by Oct 30")
    await steps.asks(slack, *EVERY_KIND, COMMITMENTS)
    await steps.opens(slack, "Ana")  # the practices are read once for all forms
    with listeners() as asked:
        await steps.opens(slack, "Ana")
    [statements] = asked
    assert len(statements) <= MOST, statements


async def test_an_answer_is_saved_in_few_statements_and_so_is_each_step_before_it(slack: Slack) -> None:
    await steps.asks(slack, *({} for _ in range(10)))
    onward = await sent(await steps.opens(slack, "Ana"), answer_0="First")
    assert isinstance(onward, Form)
    assert await sent(onward, answer_9="Tenth") is None
    assert await revisions(slack) == [{"0": "First", "9": "Tenth"}]


async def test_an_answer_for_a_city_is_saved_in_few_statements_too(slack: Slack) -> None:
    await steps.made_for_cities(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    assert await sent(await steps.opens(slack, "Ana"), answer_0="First") is None
    assert await sent(await steps.opens(slack, "Ana"), answer_0="Second") is None
    assert [one["0"] for one in await revisions(slack)] == ["First", "Second"]


async def test_an_answer_that_cannot_be_carried_over_keeps_no_other_waiting_and_is_tried_again(
    slack: Slack, caplog: pytest.LogCaptureFixture
) -> None:
    await steps.asks(slack, {})
    assert await (await steps.opens(slack, "Ana")).submit(answer_0="Said") is None
    await slack.settle()

    async def becomes(values: Json, follow_at: datetime) -> None:
        async with slack.sessions.begin() as session:
            query = update(AnswerRevision).where(AnswerRevision.program_id == 1)
            await session.execute(query.values(values=values, follow_at=follow_at))

    now = slack.clock.now()
    await becomes({"still": {"no number": "gone"}}, now)
    async with slack.sessions() as session:
        assert await following.next_due(session) == now
    assert await (await steps.opens(slack, "Keola")).submit(answer_0="Said, too") is None
    await slack.settle()
    assert any("Answered for Honolulu" in read(one) for one in slack.person("Keola").messages)
    assert "cannot be carried over" in caplog.text
    async with slack.sessions() as session:
        assert await following.next_due(session) == now + timedelta(minutes=1)
    await becomes({"0": "Said"}, now + timedelta(minutes=1))
    await slack.turn_to(now + timedelta(minutes=1))
    async with slack.sessions() as session:
        assert await following.next_due(session) is None


async def test_the_prompt_says_which_answers_are_anonymous(slack: Slack) -> None:
    await steps.asks(slack, {"audience": "cohort"}, VOTE)
    assert "Your whole cohort sees your answers. Answer 2 is anonymous." in read(steps.prompt_of(slack, "Ana"))


async def test_what_is_no_number_is_told_beside_its_field(slack: Slack) -> None:
    await steps.asks(slack, {"kind": "number"}, {"required": True})
    form = await steps.opens(slack, "Ana")
    refused = await form.submit(answer_0="12345678901234567", answer_1="   ")
    assert isinstance(refused, Form)
    assert set(refused.errors) == {"answer_0", "answer_1"}
    assert "at most 15 digits" in refused.errors["answer_0"]
    assert refused["answer_0"] == "12345678901234567"
    assert await refused.submit(answer_0="12", answer_1="Yes") is None


async def test_a_long_form_goes_in_steps_and_back_and_is_saved_once_as_a_whole(slack: Slack) -> None:
    await steps.asks(slack, *({} for _ in range(10)))
    form = await steps.opens(slack, "Ana")
    assert "Step 1 of 2." in form.text
    second = await next_step(form, answer_0="First", answer_3="Fourth")
    assert "Step 2 of 2." in second.text
    await second.fill(answer_9="Tenth")
    first = await slack.person("Ana").clicks(second, "Back")
    assert isinstance(first, Form)
    assert (first["answer_0"], first["answer_3"]) == ("First", "Fourth")
    assert await revisions(slack) == []
    last = await next_step(first, answer_0="First, corrected")
    assert last["answer_9"] == "Tenth"
    assert await last.submit() is None
    assert await revisions(slack) == [{"0": "First, corrected", "3": "Fourth", "9": "Tenth"}]
    assert await drafts(slack) == []


async def test_what_was_typed_before_a_step_was_closed_is_offered_next_time(slack: Slack) -> None:
    await steps.asks(slack, *({} for _ in range(10)))
    second = await next_step(await steps.opens(slack, "Ana"), answer_0="First")
    assert second.view["close"]["text"] == "Finish later"
    await second.close()
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(days=1))
    again = await steps.opens(slack, "Ana")
    assert "You began this on Monday, October 5; it is filled in as you left it." in again.text
    assert again["answer_0"] == "First"
    await again.fill(answer_1="This goes, too")
    empty = await slack.person("Ana").clicks(again, "Start afresh")
    assert isinstance(empty, Form)
    assert (empty["answer_0"], empty["answer_1"]) == (None, None)
    assert "You began this" not in empty.text
    assert await drafts(slack) == []


async def test_a_form_of_one_step_keeps_what_slack_tells_of_it_when_it_is_closed(slack: Slack) -> None:
    await steps.asks(slack, {}, VOTE)
    form = await steps.opens(slack, "Ana")
    await form.close()
    assert await drafts(slack) == [], "nothing was typed"
    form = await steps.opens(slack, "Ana")
    await form.fill(answer_0="Half a thought", answer_1="Yes")
    await form.close()
    assert await drafts(slack) == [{"a0": "Half a thought"}], "what is anonymous is kept nowhere"
    again = await steps.opens(slack, "Ana")
    assert again["answer_0"] == "Half a thought"


async def test_a_draft_goes_with_the_round_that_takes_no_answers_any_more(slack: Slack) -> None:
    await steps.asks(slack, {})
    form = await steps.opens(slack, "Ana")
    await form.fill(answer_0="Half a thought")
    await form.close()
    await slack.turn_to(NEXT_TIME)
    assert await drafts(slack) == []
    assert (await steps.opens(slack, "Ana"))["answer_0"] is None


async def test_an_open_blocker_comes_back_until_its_city_says_that_it_is_gone(slack: Slack) -> None:
    await steps.asks(slack, BLOCKER)
    await (await steps.opens(slack, "Ana")).submit(answer_0="Legal says no.", topic_0="Something else")
    await slack.turn_to(NEXT_TIME)
    rosa = await steps.opens(slack, "Rosa")
    assert "Legal says no." in rosa.text
    assert "Said by Ana Diaz, Monday, October 5." in rosa.text
    await rosa.submit(still_1="Yes, still")
    ana = await steps.opens(slack, "Ana")
    await ana.submit(still_1="No longer", answer_0="Now the budget is late.")
    async with slack.sessions() as session:
        rows = list(await session.scalars(select(Blocker).where(Blocker.program_id == 1).order_by(Blocker.id)))
    assert [(one.text, one.closed_at is None) for one in rows] == [
        ("Legal says no.", False),
        ("Now the budget is late.", True),
    ]
    assert rows[0].still_at is not None

    again = await steps.opens(slack, "Ana")
    assert again["still_1"] == "gone"
    await again.submit(still_1="Yes, still", answer_0="")
    async with slack.sessions() as session:
        [only] = await blockers.to_care_for(session, 1, [rows[0].cohort_id])
    assert only.blocker.text == "Legal says no.", "taken back, and the other one is not named any more"


async def test_what_only_facilitators_may_read_does_not_come_back_to_a_colleague(slack: Slack) -> None:
    await steps.asks(slack, BLOCKER | {"audience": "facilitators"})
    await (await steps.opens(slack, "Ana")).submit(answer_0="A secret of Ana's")
    await slack.turn_to(NEXT_TIME)
    assert "A secret" in (await steps.opens(slack, "Ana")).text
    assert "A secret" not in (await steps.opens(slack, "Rosa")).text


async def test_commitments_change_with_the_answer_and_a_new_date_has_a_step_with_its_reason(slack: Slack) -> None:
    ana, rosa = slack.person("Ana"), slack.person("Rosa")
    for text in ("publish the list by Oct 30", "train the staff by Oct 30", "sign the contract by Oct 30"):
        await ana.types("/commit", text)
    await rosa.types("/commit", "call the vendors by Oct 30")
    await steps.asks(slack, COMMITMENTS)

    form = await steps.opens(slack, "Rosa")
    assert [label[:2] for label in form.labels] == ["#4"], "the owner and the lead say how one goes"
    assert "Also open for Memphis: #1 publish the list (Ana Diaz, due Friday, October 30)" in form.text
    form = await steps.opens(slack, "Ana")
    assert len(form.labels) == 4
    dates = await next_step(form, went_1="Done", went_2="Needs a new date", went_4="On track")
    assert dates.labels == ["New date of #2", "Why it moves"]
    refused = await dates.submit(due_2="2026-10-01", why_2="  ")
    assert isinstance(refused, Form)
    assert sorted(text.split()[0] for text in refused.errors.values()) == ["Please", "Thursday,"]
    assert await refused.submit(due_2="2026-11-13", why_2="The room is taken.") is None

    assert [(await commitment(slack, n)).state for n in (1, 2, 3, 4)] == ["done", "open", "open", "open"]
    moved = await commitment(slack, 2)
    assert moved.due_on.isoformat() == "2026-11-13"
    assert moved.nudge_at is not None
    assert (moved.nudge_at.month, moved.nudge_at.day) == (11, 10)
    assert await history(slack, 1) == [("recorded", ""), ("done", "in Weekly pulse")]
    assert await history(slack, 2) == [("recorded", ""), ("moved", "The room is taken.")]
    assert await history(slack, 3) == [("recorded", "")], "nothing is closed or moved by silence"
    assert await history(slack, 4) == [("recorded", ""), ("on_track", "in Weekly pulse")]


async def test_saying_it_again_changes_nothing_and_saying_otherwise_takes_it_back(slack: Slack) -> None:
    await slack.person("Ana").types("/commit", "publish the list by Oct 30")
    await steps.asks(slack, COMMITMENTS)
    await (await steps.opens(slack, "Ana")).submit(went_1="Done")
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(minutes=2))
    again = await steps.opens(slack, "Ana")
    assert again["went_1"] == "done"
    await again.submit()
    assert [kind for kind, _ in await history(slack, 1)] == ["recorded", "done"]

    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(minutes=5))
    await (await steps.opens(slack, "Ana")).submit(went_1="At risk")
    one = await commitment(slack, 1)
    assert (one.state, one.closed_at) == ("at_risk", None)
    assert one.nudge_at is not None
    await (await steps.opens(slack, "Ana")).submit()
    assert [kind for kind, _ in await history(slack, 1)] == ["recorded", "done", "undone", "at_risk"]


async def test_what_somebody_else_closed_meanwhile_stays_closed_and_is_told(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "publish the list by Oct 30")
    await steps.asks(slack, COMMITMENTS)
    form = await steps.opens(slack, "Ana")
    await slack.person("Renee").types("/commit", "done 1")
    assert await form.submit(went_1="At risk") is None
    assert (await commitment(slack, 1)).state == "done"
    assert any("I left #1 publish the list as it was" in one["text"] for one in ana.messages)


async def test_a_city_without_commitments_is_told_so(slack: Slack) -> None:
    await slack.person("Ana").types("/commit", "publish the list by Oct 30")
    await steps.asks(slack, {}, COMMITMENTS)
    await slack.turn_to(steps.MONDAY_IN_HONOLULU)
    assert "Honolulu has no open commitment in this cohort" in (await steps.opens(slack, "Keola")).text


async def test_an_anonymous_answer_is_kept_without_anybody_and_cannot_be_changed(slack: Slack) -> None:
    await steps.asks(slack, {"text": "What moved?"}, VOTE)
    form = await steps.opens(slack, "Ana")
    assert "only from five answers up. No name and no city is kept with it" in form.text
    assert await form.submit(answer_0="The list", answer_1="No") is None
    assert await revisions(slack) == [{"0": "The list"}]
    async with slack.sessions() as session:
        [kept] = list(await session.scalars(select(AnonymousAnswer).where(AnonymousAnswer.program_id == 1)))
        this = (await session.scalars(select(Round).where(Round.program_id == 1))).one()
        assert await answers.anonymous_of_round(session, this) == {1: ["no"]}
    assert (kept.position, kept.value, len(kept.id)) == (1, "no", 32)

    again = await steps.opens(slack, "Ana")
    assert "Not asked again: “Would you do it again?”. Nobody knows which anonymous answer is whose." in again.text
    assert again.labels == ["What moved?"]
    await again.submit(answer_0="The whole list")
    async with slack.sessions() as session:
        query = select(func.count()).select_from(AnonymousAnswer).where(AnonymousAnswer.program_id == 1)
        assert await session.scalar(query) == 1
    await slack.turn_to(NEXT_TIME)
    everything = [*slack.person("Renee").messages, *slack.person("Renee").sees("#cohort")]
    assert not any("Would you do it again?" in read(one) and "No" in read(one).split() for one in everything)


async def test_an_anonymous_answer_goes_back_and_forth_with_the_form_and_into_no_draft(slack: Slack) -> None:
    await steps.asks(slack, VOTE, *({} for _ in range(9)))
    form = await steps.opens(slack, "Ana")
    second = await next_step(form, answer_1="One")
    last = await next_step(second)
    await last.fill(answer_0="Yes")
    before = await slack.person("Ana").clicks(last, "Back")
    assert isinstance(before, Form)
    assert all("a0" not in one for one in await drafts(slack))
    last = await next_step(before)
    assert last["answer_0"] == "yes"
    assert await last.submit() is None
    async with slack.sessions() as session:
        query = select(AnonymousAnswer.value).where(AnonymousAnswer.program_id == 1)
        assert list(await session.scalars(query)) == ["yes"]


async def test_one_who_only_answers_anonymously_took_part(slack: Slack) -> None:
    await steps.asks(slack, VOTE)
    assert await (await steps.opens(slack, "Ana")).submit(answer_0="Yes") is None
    assert "Answered for Memphis" in slack.person("Ana").messages[-1]["text"]
    assert await revisions(slack) == [{}]
