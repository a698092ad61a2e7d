"""Seats are handed over, people leave Slack and come back: what becomes of their commitments, and what each reads."""

from datetime import UTC, date, datetime, time

from bot.sandbox.form import Form
from storage.models import Answer, AnswerRevision, CheckIn, Prompt, Round
from tests.handlers.seats.steps import MONDAY, hand_over, newcomer
from tests.handlers.steps import commitment, delegate_of, delegates, form_of, newest, promise, shown
from tests.whole import Slack

QUESTIONS = [
    {"position": 1, "kind": "text", "text": "What moved?", "audience": "cohort"},
    {"position": 2, "kind": "blocker", "text": "What is in your way?", "audience": "facilitators"},
]


async def answered(slack: Slack, name: str) -> None:
    """Somebody answered a round for Memphis."""
    member = await slack.member(name)
    at, program = slack.clock.now(), {"program_id": member.program_id}
    async with slack.sessions.begin() as session:
        check_in = CheckIn(
            **program, number=1, cohort_id=1, name="Pulse", at=time(9), created_by=member.id, created_at=at
        )
        session.add(check_in)
        await session.flush()
        this = Round(
            **program,
            check_in_id=check_in.id,
            nominal_on=date(2026, 9, 28),
            questions=QUESTIONS,
            opened_at=at,
            closes_at=at,
        )
        session.add(this)
        await session.flush()
        prompt = Prompt(**program, round_id=this.id, seat_id=1, subject="delegate:1", due_at=at, ends_at=at)
        session.add(prompt)
        await session.flush()
        answer = Answer(**program, prompt_id=prompt.id, member_id=member.id, first_at=at, late=False)
        session.add(answer)
        await session.flush()
        for key, said in (("a", {"1": "old"}), ("b", {"1": "We published <!channel>", "2": "The mayor dislikes it"})):
            session.add(
                AnswerRevision(**program, answer_id=answer.id, member_id=member.id, values=said, at=at, form_key=key)
            )
            await session.flush()


async def test_a_seat_is_handed_over_with_the_commitments_that_were_chosen(slack: Slack) -> None:
    bo = newcomer(slack)
    [along, stays] = await promise(slack, "Ana", "publish the list", "train the staff")
    await answered(slack, "Ana")
    ids = [str((await commitment(slack, along)).id)]
    note = "Ask Rosa first.\nShe knows <everything>."
    assert await hand_over(slack, bo, along="chosen", chosen=ids, note=note) is None
    assert newest(slack.person("Renee")) == (
        "From Monday, October 5, Bo Li has the seat of Memphis, TN in place of Ana Diaz. "
        "One commitment goes along, and Bo Li gets a brief from me on that day."
    )
    assert (await commitment(slack, along)).owner_id == (await slack.member("Ana")).id
    assert (await slack.person("Ana").types("/cohort"))["text"].startswith("You lead Memphis")

    await slack.turn_to(MONDAY)
    new = await slack.member(bo.id)
    assert ((await commitment(slack, along)).owner_id, (await commitment(slack, along)).state) == (new.id, "open")
    assert (await commitment(slack, stays)).state == "needs_owner"
    [place] = await delegates(slack, bo.id)
    [before] = await delegates(slack, "Ana")
    assert (place.role, place.since_on, before.until_on) == ("lead", date(2026, 10, 5), date(2026, 10, 4))
    assert (before.successor_id, before.why) == (place.id, "handed over to Bo Li")
    told = [one for one in slack.person("Dana").messages if "no longer on the seat" in one["text"]]
    assert len(told) == 1
    assert f"Bo Li has the seat now. One open commitment needs an owner: #{stays}." in told[0]["text"]

    [brief] = [one for one in bo.messages if "This is where it stands" in shown(one)]
    assert brief["text"] == (
        "You are on the seat of Memphis, TN in Inclusive procurement (City Accelerator), after Ana Diaz. "
        "2 open commitments of the city."
    )
    text = shown(brief)
    assert f"*#{along}* publish the list · due Friday, October 9 · yours" in text
    assert f"*#{stays}* train the staff · due Friday, October 9 · needs an owner" in text
    assert ">She knows &lt;everything&gt;." in text
    assert "• _What moved?_ We published &lt;!channel&gt;" in text
    assert "mayor" not in str(brief)
    assert "• Rosa Kim, Procurement Director: on the seat with you" in text
    assert "• Ana Diaz, Chief of Staff: had the seat before you" in text
    assert "• Renee Okonjo, Head facilitator: facilitates" in text
    assert len(text.splitlines()) < 25, "one screen"


async def test_what_is_longer_in_a_brief_stands_behind_its_buttons(slack: Slack) -> None:
    bo = newcomer(slack)
    await promise(slack, "Ana", "publish the list")
    await promise(slack, "Rosa", "hide it", audience="facilitators")
    await answered(slack, "Ana")
    assert await hand_over(slack, bo) is None
    await slack.turn_to(MONDAY)
    [brief] = bo.messages
    history = await bo.clicks(brief, "All commitments with history")
    assert isinstance(history, Form)
    assert "publish the list" in history.text
    assert "Ana Diaz recorded it, due Friday, October 9" in history.text
    assert "handed it over: with the seat of Memphis, TN, to Bo Li" in history.text
    assert "hide it" not in history.text
    await history.close()
    answers = await bo.clicks(brief, "Last answers")
    assert isinstance(answers, Form)
    assert "Pulse* · Monday, September 28 · Ana Diaz" in answers.text
    assert "We published" in answers.text
    assert "old" not in answers.text
    assert "mayor" not in answers.text


async def test_a_co_delegate_takes_over_in_the_role_of_who_leaves(slack: Slack) -> None:
    [own] = await promise(slack, "Rosa", "ask the vendors")
    rosa = slack.person("Rosa")
    assert await hand_over(slack, rosa, name="Rosa Kim") is None
    await slack.turn_to(MONDAY)
    [before, after] = await delegates(slack, "Rosa")
    assert (before.until_on, after.role, after.since_on) == (date(2026, 10, 4), "lead", date(2026, 10, 5))
    assert (await commitment(slack, own)).state == "open"
    assert (await rosa.types("/cohort"))["text"].startswith("You lead Memphis, TN in Inclusive procurement")
    assert len([one for one in rosa.messages if "after Ana Diaz" in one["text"]]) == 1


async def test_a_handover_that_cannot_be_is_refused_beside_its_field(slack: Slack) -> None:
    again = await hand_over(slack, slack.person("Ana"), name="")
    assert again is not None
    assert "Ana Diaz has this seat already" in str(again.errors)
    await again.close(everything=True)
    again = await hand_over(slack, newcomer(slack), name="")
    assert again is not None
    assert "I do not know this person yet" in again.errors["name"]
    [place] = await delegates(slack, "Ana")
    assert place.until_on is None


async def test_who_leaves_slack_leaves_commitments_that_need_an_owner(slack: Slack) -> None:
    [first, second] = await promise(slack, "Rosa", "publish the list", "train the staff")
    rosa = slack.person("Rosa")
    slack.workspace.change_person(rosa.id, deleted=True)
    await slack.settle()
    assert [(await commitment(slack, one)).state for one in (first, second)] == ["needs_owner", "needs_owner"]
    for name in ("Ana", "Renee", "Dana"):
        [told] = slack.person(name).messages
        assert told["text"] == (
            "Rosa Kim is not in Slack any more, so I write to them no longer. Their seats: Memphis, TN in "
            f"Inclusive procurement. 2 open commitments need an owner: #{first}, #{second}."
        )
    assert slack.person("Keola").messages == []


async def test_who_comes_back_has_again_what_nobody_took(slack: Slack) -> None:
    [first, second] = await promise(slack, "Rosa", "publish the list", "train the staff")
    rosa, ana = slack.person("Rosa"), slack.person("Ana")
    slack.workspace.change_person(rosa.id, deleted=True)
    await slack.settle()
    form = await ana.types("/commit", f"hand {first}")
    assert isinstance(form, Form)
    await form.submit(new_owner=str((await slack.member("Ana")).id))
    slack.workspace.change_person(rosa.id, deleted=False)
    await slack.settle()
    assert (await commitment(slack, first)).owner_id == (await slack.member("Ana")).id
    assert (await commitment(slack, second)).state == "open"
    assert newest(rosa).startswith("Welcome back: you are on your seats again. One open commitment")
    assert f"#{second}" in shown(rosa.messages[-1])
    assert "Rosa Kim is in Slack again, and back on their seats." in newest(slack.person("Renee"))
    # Again, and only what is let go from now on counts.
    slack.workspace.change_person(rosa.id, deleted=True)
    await slack.settle()
    assert (await commitment(slack, second)).state == "needs_owner"


async def test_the_next_delegate_after_somebody_who_left_gets_the_brief(slack: Slack) -> None:
    await promise(slack, "Rosa", "publish the list")
    slack.workspace.change_person(slack.person("Rosa").id, deleted=True)
    await slack.settle()
    bo = newcomer(slack)
    form = await form_of(slack.person("Renee"), "add")
    await form.submit(user=bo.id, name="Bo Li", city="1", role="delegate")
    await slack.settle()
    assert ", after Rosa Kim. One open commitment of the city." in newest(bo)
    other = slack.workspace.add_person("Cy Oh", email="cy@memphis.gov", tz="America/Chicago")
    form = await form_of(slack.person("Renee"), "add")
    await form.submit(user=other.id, name="Cy Oh", city="1", role="delegate")
    await slack.settle()
    assert "with Ana Diaz and Bo Li" in newest(slack.sandbox.person(other.id))


async def test_a_brief_is_for_who_sits_there_now(slack: Slack) -> None:
    bo = newcomer(slack)
    await promise(slack, "Ana", "publish the list")
    await answered(slack, "Ana")
    await hand_over(slack, bo)
    await slack.turn_to(MONDAY)
    [brief] = bo.messages
    form = await form_of(slack.person("Renee"), "remove")
    sure = await form.submit(who=delegate_of(form, "Bo"), until="2026-10-05", why="moved")
    assert isinstance(sure, Form)
    await sure.submit()
    await slack.turn_to(datetime(2026, 10, 7, 15, tzinfo=UTC))
    assert await bo.clicks(brief, "Last answers") is not None
    assert "Only who is on the seat now" in newest(bo)
