"""A handover is taken back with what followed from it, as far as nobody acted on it; and who is ended reads a kind word."""

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import update

from bot.sandbox.form import Form
from handlers.seats.places import Handing
from storage import commitments, members, seat_changes
from storage.models import Cohort, Facilitator
from tests import cast, conformity, whole
from tests.handlers.seats.steps import MONDAY, ended, hand_over, newcomer
from tests.handlers.steps import commitment, delegate_of, delegates, form_of, newest, promise, shown
from tests.whole import Slack

TAKEN_BACK = (
    "Taken back: Ana Diaz keeps the seat of Memphis, TN in Inclusive procurement, and Bo Li does not take it over."
)


async def undo(slack: Slack, answer: dict[str, object]) -> None:
    await slack.person("Renee").clicks(answer, "Undo")
    await slack.settle()


async def test_a_handover_is_taken_back_before_it_has_effect(slack: Slack) -> None:
    bo, renee, ana = newcomer(slack), slack.person("Renee"), slack.person("Ana")
    [number] = await promise(slack, "Ana", "publish the list")
    assert await hand_over(slack, bo) is None
    assert newest(ana) == (
        "Your last day on the seat of Memphis, TN in Inclusive procurement is Sunday, October 4. Bo Li takes it over the day after. "
        "Thank you for what you did there. If you have a question, or this is not right, please ask Renee Okonjo."
    )
    await undo(slack, renee.messages[-1])
    assert newest(renee) == TAKEN_BACK
    assert newest(ana) == "Taken back: you stay on the seat of Memphis, TN in Inclusive procurement."
    await slack.turn_to(MONDAY)
    [place] = await delegates(slack, "Ana")
    assert (place.until_on, place.ended_by, place.why, place.successor_id, place.takes) == (None, None, "", None, [])
    assert await delegates(slack, bo.id) == []
    assert bo.messages == []
    assert (await commitment(slack, number)).owner_id == (await slack.member("Ana")).id


async def test_a_handover_is_taken_back_with_all_that_followed_but_what_was_touched(slack: Slack) -> None:
    bo, renee, dana = newcomer(slack), slack.person("Renee"), slack.person("Dana")
    along, touched, left = await promise(slack, "Ana", "publish the list", "ask the vendors", "train the staff")
    ids = [str((await commitment(slack, one)).id) for one in (along, touched)]
    assert await hand_over(slack, bo, along="chosen", chosen=ids) is None
    answer = renee.messages[-1]
    await slack.turn_to(MONDAY)
    ana, new = await slack.member("Ana"), await slack.member(bo.id)
    async with slack.sessions.begin() as session:
        seen = await commitment(slack, touched)
        assert await commitments.change(session, new, seen, "at_risk", {"state": "at_risk"}, at=slack.clock.now())
    await undo(slack, answer)
    now = {number: await commitment(slack, number) for number in (along, touched, left)}
    assert {number: (one.owner_id, one.state) for number, one in now.items()} == {
        along: (ana.id, "open"),
        touched: (new.id, "at_risk"),
        left: (ana.id, "open"),
    }
    assert f"{TAKEN_BACK} #{touched} stays with Bo Li: it was changed meanwhile." in [
        one["text"] for one in renee.messages
    ]
    [brief] = bo.messages
    assert brief["text"].startswith("Renee Okonjo took the handover back: Ana Diaz keeps the seat of Memphis, TN")
    assert f"What you worked on meanwhile stays yours:\n• *#{touched}* ask the vendors" in shown(brief)
    told = [one["text"] for one in dana.messages if "Ana Diaz" in one["text"]]
    assert told == ["Taken back: Ana Diaz stays on the seat of Memphis, TN in Inclusive procurement."]
    assert await delegates(slack, bo.id) == []
    assert (await slack.person("Ana").types("/cohort"))["text"].startswith("You lead Memphis")
    assert (await bo.types("/cohort"))["text"].startswith("You have no seat")


async def test_who_sat_there_for_days_has_them_in_the_history(slack: Slack) -> None:
    bo, renee = newcomer(slack), slack.person("Renee")
    assert await hand_over(slack, bo) is None
    answer = renee.messages[-1]
    await slack.turn_to(MONDAY + timedelta(days=2))
    await undo(slack, answer)
    [place] = await delegates(slack, bo.id)
    assert (place.since_on, place.until_on, place.why) == (
        date(2026, 10, 5),
        date(2026, 10, 6),
        "the handover was taken back",
    )
    [again] = await delegates(slack, "Ana")
    assert (again.until_on, again.ended_at) == (None, None)
    before = len(slack.person("Dana").messages)
    await slack.turn_to(MONDAY + timedelta(days=4))
    assert len(slack.person("Dana").messages) == before, "nothing follows from an end that was taken back"


async def test_a_co_delegate_has_the_former_place_again(slack: Slack) -> None:
    rosa, renee = slack.person("Rosa"), slack.person("Renee")
    assert await hand_over(slack, rosa, name="Rosa Kim") is None
    answer = renee.messages[-1]
    await slack.turn_to(MONDAY)
    await undo(slack, answer)
    [place] = await delegates(slack, "Rosa")
    assert (place.role, place.until_on, place.ended_at) == ("delegate", None, None)
    assert (await rosa.types("/cohort"))["text"].startswith("You are a delegate of Memphis")


async def test_an_end_that_was_set_before_stands_again_and_can_be_taken_back_then(slack: Slack) -> None:
    renee = slack.person("Renee")
    await ended(slack, "Ana", until="2026-10-30")
    assert await hand_over(slack, newcomer(slack)) is None
    [came] = await delegates(slack, "Bo Li")
    assert (came.since_on, came.until_on) == (date(2026, 10, 5), date(2026, 10, 30))
    first, second = renee.messages[-2:]
    await undo(slack, second)
    [place] = await delegates(slack, "Ana")
    assert (place.until_on, place.why) == (date(2026, 10, 30), "moved <on>")
    stays = "Taken back: you stay on the seat of Memphis, TN in Inclusive procurement"
    assert newest(slack.person("Ana")) == f"{stays} until Friday, October 30."
    await undo(slack, first)
    [place] = await delegates(slack, "Ana")
    assert (place.until_on, place.ended_by, place.why) == (None, None, "")
    assert [one["text"] for one in slack.person("Ana").messages] == [f"{stays}.", f"{stays} until Friday, October 30."]


async def test_a_handover_that_others_built_on_is_not_taken_back(slack: Slack) -> None:
    bo, renee, dana = newcomer(slack), slack.person("Renee"), slack.person("Dana")
    assert await hand_over(slack, bo) is None
    answer = renee.messages[-1]
    form = await form_of(dana, "remove procurement")
    sure = await form.submit(who=delegate_of(form, "Bo"), until="2026-10-09", why="moved")
    assert isinstance(sure, Form)
    assert await sure.submit() is None
    await slack.settle()
    await undo(slack, answer)
    assert newest(renee).startswith("This cannot be taken back any more: it was changed since")
    [place] = await delegates(slack, "Ana")
    assert place.until_on == date(2026, 10, 4)
    await slack.turn_to(MONDAY)
    assert (await bo.types("/cohort"))["text"].startswith("You lead Memphis")


async def test_of_two_who_hand_the_same_seat_over_the_second_is_told_and_keeps_the_note(slack: Slack) -> None:
    dana, [place] = slack.person("Dana"), await delegates(slack, "Ana")
    async with slack.sessions.begin() as session:
        for name, to, day, note in (("Renee", "KEOLA", "05", ""), ("Dana", "TOMAS", "03", "Ask <Rosa>.")):
            asker = await members.asker(session, cast.TEAM, cast.user_id(name))
            assert asker is not None
            handing = Handing(1, name, place.id, f"U0{to}", "", "", f"2026-10-{day}", note)
            kept = {"cohort_id": 1, "form_key": name, "said": vars(handing), "at": slack.clock.now()}
            assert await seat_changes.save(session, asker.member, asker.workspace, seat_changes.HANDOVER, **kept)
    await slack.settle()
    assert newest(slack.person("Renee")).startswith("From Monday, October 5, Keola Akana has the seat of Memphis, TN")
    assert newest(dana).startswith("The seat was not handed over, and nothing was changed.")
    assert "`/cohort handover` opens the form again.\nYour note:\n>Ask &lt;Rosa&gt;." in shown(dana.messages[-1])
    assert len(await delegates(slack, "Tomas")) == 1
    answer = await hand_over(slack, newcomer(slack))
    assert answer is not None
    assert answer.errors == {
        "who": "Somebody takes the seat over from Ana Diaz already. Take that back first, or end their place."
    }


async def test_who_facilitates_the_cohort_no_longer_takes_nothing_back(slack: Slack) -> None:
    renee = slack.person("Renee")
    assert await hand_over(slack, slack.person("Keola"), name="") is None
    async with slack.sessions.begin() as session:
        other = Cohort(program_id=1, network_id=1, name="Another", theme="", created_at=slack.clock.now())
        session.add(other)
        await session.flush()
        hers = update(Facilitator).where(Facilitator.program_id == 1, Facilitator.cohort_id == 1)
        await session.execute(hers.values(cohort_id=other.id))
    await undo(slack, renee.messages[-1])
    assert newest(renee) == "Only facilitators can do this. Please ask Dana Whitfield."
    [place] = await delegates(slack, "Ana")
    assert place.until_on == date(2026, 10, 4)


async def test_who_is_ended_reads_it_once_with_whom_to_ask(slack: Slack) -> None:
    await ended(slack, "Rosa")
    [told] = slack.person("Rosa").messages
    assert told["text"].startswith(
        "Your last day on the seat of Memphis, TN in Inclusive procurement is Friday, October 2. Ana Diaz stays on it for the city. "
    )
    assert told["text"].endswith("please ask Renee Okonjo.")
    assert "moved" not in str(told), "why stands with the lead and the facilitators"
    await slack.turn_to(MONDAY)
    assert len(slack.person("Rosa").messages) == 1


async def test_who_left_slack_and_who_only_changes_the_role_read_no_farewell(slack: Slack) -> None:
    slack.workspace.change_person(slack.person("Ana").id, deleted=True)
    await slack.settle()
    await ended(slack, "Ana")
    assert slack.person("Ana").messages == []
    form = await form_of(slack.person("Renee"), "add procurement")
    assert await form.submit(user="U0ROSA", city="1", role="lead", since="2026-10-03") is not None, (
        "Rosa sits there now"
    )
    await form.close(everything=True)
    assert await hand_over(slack, newcomer(slack), who=await place_of(slack, "Rosa")) is None
    assert [one["text"][:26] for one in slack.person("Rosa").messages] == ["Your last day on the seat "]


async def place_of(slack: Slack, name: str) -> str:
    [place] = await delegates(slack, name)
    return str(place.id)


async def test_the_whole_way_on_both_databases(database_url: str, tmp_path: Path) -> None:
    await whole.fill(database_url)
    async with whole.slack(database_url, tmp_path / "calls.jsonl") as slack:
        bo, renee = newcomer(slack), slack.person("Renee")
        [number] = await promise(slack, "Ana", "publish the list")
        form = await form_of(renee, "add")
        assert await form.submit(name="Zoe Ray", email="zoe@austin.gov", new_city="Austin", state="TX") is None
        await slack.settle()
        assert newest(renee).startswith("Zoe Ray is a delegate of Austin, TX in Inclusive procurement.")
        assert await hand_over(slack, bo) is None
        answer = renee.messages[-1]
        await slack.turn_to(MONDAY)
        assert (await commitment(slack, number)).owner_id == (await slack.member(bo.id)).id
        await undo(slack, answer)
        assert TAKEN_BACK in [one["text"] for one in renee.messages]
        assert (await commitment(slack, number)).owner_id == (await slack.member("Ana")).id
        await ended(slack, "Ana", until="2026-10-05")
        await undo(slack, renee.messages[-1])
        assert newest(renee) == "Taken back: Ana Diaz stays on the seat of Memphis, TN in Inclusive procurement."
        [place] = await delegates(slack, "Ana")
        assert (place.until_on, place.successor_id) == (None, None)
    assert conformity.faults(tmp_path / "calls.jsonl") == []
