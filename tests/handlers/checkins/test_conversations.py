"""A check-in from the form to the summary, as people live it."""

from datetime import timedelta

from bot.sandbox.form import Form
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack


async def test_a_check_in_is_made_asked_answered_edited_and_summed_up(slack: Slack) -> None:
    await steps.made(slack, audience_3="The whole cohort")
    renee, ana, keola = slack.person("Renee"), slack.person("Ana"), slack.person("Keola")
    assert renee.messages[-1]["text"] == (
        "Made Weekly pulse (number 1) for Inclusive procurement. "
        "The first round is Monday, October 5, 9:00 AM in each person's own zone; four people will be asked."
    )

    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    assert ana.messages[-1]["text"] == (
        "Inclusive procurement: Weekly pulse, three questions, about three minutes. "
        "Open until Wednesday, October 7, 9:00 AM CDT."
    )
    assert keola.messages == []

    assert await steps.answers(slack, "Ana", answer_0="The vendor survey is out.", answer_2="Legal says no.") is None
    assert "Answered for Memphis on Monday, October 5, 9:00 AM" in ana.messages[-1]["text"]
    edited = await ana.clicks(ana.messages[-1], "See or edit the answer")
    assert isinstance(edited, Form)
    assert edited["answer_0"] == "The vendor survey is out."
    await edited.submit(answer_0="The vendor survey is out and 40 firms answered.")

    await slack.turn_to(steps.MONDAY_IN_HONOLULU)
    await steps.answers(slack, "Keola", answer_0="We signed the contract", answer_1="4")
    await slack.turn_to(steps.CLOSED)
    summary = slack.person("Ana").sees("#cohort")[-1]
    assert summary["text"].endswith("Weekly pulse, Monday, October 5: Answers from Honolulu and Memphis.")
    said = read(summary)
    assert (
        said.index("One blocker") < said.index("Legal says no.") < said.index("*Honolulu*") < said.rindex("*Memphis*")
    )
    assert "40 firms" in said
    assert "4 of 5" not in said
    private = read(renee.messages[-1])
    assert "2 of 4 answered." in private
    assert "4 of 5" in private
    assert "Rosa Kim (Memphis)" in private


async def test_each_person_is_asked_at_nine_in_their_own_zone(slack: Slack) -> None:
    await steps.made(slack)
    asked = {}
    moments = [*await slack.turn_to(steps.MONDAY_IN_HONOLULU), steps.MONDAY_IN_HONOLULU]
    for name in ("Ana", "Rosa", "Tomas", "Keola"):
        asked[name] = float(steps.prompt_of(slack, name)["ts"])
    assert asked["Ana"] // 1 == asked["Rosa"] // 1 == steps.MONDAY_IN_MEMPHIS.timestamp()
    assert asked["Tomas"] // 1 == steps.MONDAY_IN_PHOENIX.timestamp()
    assert asked["Keola"] // 1 == steps.MONDAY_IN_HONOLULU.timestamp()
    assert steps.MONDAY_IN_MEMPHIS in moments


async def test_who_is_farthest_west_has_the_whole_window(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.CLOSED - timedelta(minutes=1))
    assert slack.person("Ana").sees("#cohort") == []
    assert await steps.answers(slack, "Keola", answer_0="In time") is None
    assert "marked late" not in read(slack.person("Keola").messages[-1])
    await slack.turn_to(steps.CLOSED)
    assert "In time" in read(slack.person("Ana").sees("#cohort")[-1])


async def test_nobody_is_named_in_public_for_not_answering(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    await steps.answers(slack, "Ana", answer_0="Moved")
    await slack.turn_to(steps.CLOSED)
    said = read(slack.person("Ana").sees("#cohort")[-1])
    for missing in ("Rosa", "Keola", "Tomas", "Honolulu", "Phoenix"):
        assert missing not in said
    assert "/checkin" in said


async def test_a_late_answer_and_an_edit_change_the_summary_that_stands(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    await steps.answers(slack, "Ana", answer_0="First words")
    await slack.turn_to(steps.CLOSED)
    channel = slack.person("Ana").sees("#cohort")
    assert len(channel) == 1

    ana, tomas = slack.person("Ana"), slack.person("Tomas")
    edited = await ana.clicks(ana.messages[-1], "See or edit the answer")
    assert isinstance(edited, Form)
    await edited.submit(answer_0="Better words")
    assert await steps.answers(slack, "Tomas", answer_0="Sorry, late") is None
    assert "marked late" in read(tomas.messages[-1])

    [summary] = slack.person("Ana").sees("#cohort")
    assert "Better words" in read(summary)
    assert "Sorry, late" in read(summary)
    assert "Tomas Reyes, late" in read(summary)
    assert "First words" not in read(summary)


async def test_a_late_answer_counts_on_the_home_of_who_facilitates(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.CLOSED + timedelta(days=2))  # by then it is remembered what came of the round
    renee = slack.person("Renee")
    await renee.opens_home()
    assert "Phoenix, AZ ▁ did not answer the last one" in read(renee.home)
    assert await steps.answers(slack, "Tomas", answer_0="Sorry, late") is None
    await renee.opens_home()
    assert "Phoenix, AZ ▇ answered the last one" in read(renee.home)


async def test_a_round_takes_answers_until_the_next_one_opens(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    old = steps.prompt_of(slack, "Ana")
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(days=8))
    refusal = await slack.person("Ana").clicks(old, "Answer now")
    assert isinstance(refusal, dict)
    assert "is over: a newer one is open" in read(refusal)


async def test_not_this_time_is_no_strike_and_can_be_taken_back(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    ana = slack.person("Ana")
    await ana.clicks(steps.prompt_of(slack, "Ana"), "Not this time")
    assert "You pass on this round" in ana.messages[-1]["text"]
    await slack.turn_to(steps.CLOSED)
    assert "Passed this time: Ana Diaz (Memphis)" in read(slack.person("Renee").messages[-1])
    assert not [one for one in ana.messages if "You have not answered" in one["text"]]
    form = await ana.clicks(ana.messages[-1], "Answer after all")
    assert isinstance(form, Form)
    assert await form.submit(answer_0="After all") is None
    assert "After all" in read(ana.sees("#cohort")[-1])


async def test_one_reminder_comes_in_working_hours_to_those_who_have_not_answered(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    await steps.answers(slack, "Rosa", answer_0="Done")
    await slack.turn_to(steps.CLOSED)
    reminded = [one for one in slack.person("Ana").messages if "You have not answered" in one["text"]]
    assert [one["text"] for one in reminded] == [
        "You have not answered Weekly pulse (Inclusive procurement) for Memphis yet. "
        "It stays open until Wednesday, October 7, 9:00 AM CDT."
    ]
    assert float(reminded[0]["ts"]) // 1 == (steps.MONDAY_IN_MEMPHIS + timedelta(hours=47)).timestamp()
    assert not [one for one in slack.person("Rosa").messages if "You have not answered" in one["text"]]


async def test_remind_no_more_this_round_leaves_the_answer_open(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(hours=47))
    ana = slack.person("Ana")
    await ana.clicks(ana.messages[-1], "Remind no more this round")
    assert ana.messages[-1]["text"].startswith("I will not remind you of Weekly pulse again this round.")
    assert await steps.answers(slack, "Ana", answer_0="Still") is None
    assert all("Answer now" not in read(one) for one in ana.messages), "both messages say that it was answered"


async def test_a_text_longer_than_fits_reads_on_in_the_thread_and_in_the_form(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    long = f"{'A long story about vendors & permits <b>. ' * 60}The end."
    await steps.answers(slack, "Ana", answer_0=long)
    await slack.turn_to(steps.CLOSED)
    ana = slack.person("Ana")
    summary = ana.sees("#cohort")[0]
    assert "Read on in the thread" in read(summary)
    assert "The end." not in read(summary)
    [reply] = steps.thread(slack, summary)
    assert long in [block["text"]["text"] for block in reply["blocks"] if block["type"] == "section"]

    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(days=8))
    form = await ana.clicks(steps.prompt_of(slack, "Ana"), "Answer now")
    assert isinstance(form, Form)
    assert "Last time, Ana Diaz" in form.text
    last = await ana.clicks(form, "Read on")
    assert isinstance(last, Form)
    assert long in [block["text"]["text"] for block in last.view["blocks"] if block["type"] == "section"]


async def test_what_people_type_rings_nobody(slack: Slack) -> None:
    await steps.made(slack, name="Pulse <!here> & more", question_1="What <!channel> moved?")
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    await steps.answers(slack, "Ana", answer_0="<!channel> <@U0KEOLA> & done", answer_2="<!everyone>")
    await slack.turn_to(steps.CLOSED)
    everything = [*slack.person("Ana").sees("#cohort"), *slack.person("Renee").messages, *slack.person("Ana").messages]
    for message in everything:
        assert not any(call in str(message) for call in ("<!channel>", "<!here>", "<!everyone>", "<@U0KEOLA>")), message
    assert "&lt;!channel&gt; &lt;@U0KEOLA&gt; &amp; done" in read(slack.person("Ana").sees("#cohort")[-1])


async def test_a_blocker_for_facilitators_is_not_shown_to_the_co_delegate(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    await steps.answers(slack, "Ana", answer_0="Shared", answer_1="2", answer_2="A secret of Ana's")
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(days=8))
    rosas = await slack.person("Rosa").clicks(steps.prompt_of(slack, "Rosa"), "Answer now")
    anas = await slack.person("Ana").clicks(steps.prompt_of(slack, "Ana"), "Answer now")
    assert isinstance(rosas, Form)
    assert isinstance(anas, Form)
    assert "Shared" in rosas.text
    assert "A secret" not in rosas.text
    assert "A secret" in anas.text


async def test_an_empty_answer_is_refused_beside_the_field(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    form = await steps.answers(slack, "Ana", answer_0="   ")
    assert isinstance(form, Form)
    assert form.errors == {"answer_0": "Please answer at least one question, or close the form."}
