"""What `/checkin` and its words answer, and how a check-in is paused and resumed."""

from datetime import timedelta

from bot.sandbox.form import Form
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack


async def typed(slack: Slack, who: str, text: str = "") -> str:
    """What somebody is answered, as text; a form is `form: …`."""
    answer = await slack.person(who).types("/checkin", text)
    if isinstance(answer, Form):
        return f"form: {answer.text}"
    assert answer is not None
    return read(answer)


async def test_only_facilitators_make_check_ins_and_others_hear_whom_to_ask(slack: Slack) -> None:
    said = await typed(slack, "Ana", "new")
    assert "Only facilitators can do this." in said
    assert "Renee Okonjo" in said


async def test_a_question_that_was_removed_is_not_asked(slack: Slack) -> None:
    await steps.made(slack, question_2="")
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    assert "two questions, about two minutes" in steps.prompt_of(slack, "Ana")["text"]
    said = read(steps.prompt_of(slack, "Ana"))
    assert "Your whole cohort sees answer 1; facilitators alone see answer 2." in said


async def test_a_bot_that_is_not_in_the_channel_says_the_line_to_type(slack: Slack) -> None:
    await steps.made(slack, channel="C0ELSEWHERE")
    said = read(slack.person("Renee").messages[-1])
    assert "I am not in <#C0ELSEWHERE> yet" in said
    assert "/invite @Civic Cohort" in said


async def test_checkin_opens_the_form_at_once_when_exactly_one_is_open(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    form = await slack.person("Ana").types("/checkin")
    assert isinstance(form, Form)
    assert "Answering for Memphis" in form.text
    assert "Your whole cohort sees this answer." in form.text
    await form.submit(answer_0="Through the command")
    assert "Answered for Memphis" in slack.person("Ana").messages[-1]["text"]
    assert "Nothing is open for you. The next one is Weekly pulse" in await typed(slack, "Ana")


async def test_checkin_lists_when_several_are_open_and_each_opens_its_form(slack: Slack) -> None:
    await steps.made(slack)
    await steps.made(slack, name="Coaching")
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    answer = await slack.person("Ana").types("/checkin")
    assert isinstance(answer, dict)
    assert answer["text"] == "Two check-ins are open for you."
    assert "Weekly pulse" in read(answer)
    assert "Coaching" in read(answer)


async def test_checkin_says_when_the_next_one_comes_in_ones_own_zone(slack: Slack) -> None:
    assert await typed(slack, "Ana") == "Nothing is open for you, and no check-in is planned in your cohorts."
    await steps.made(slack)
    answer = await slack.person("Keola").types("/checkin")
    assert isinstance(answer, dict)
    assert answer["text"] == (
        "Nothing is open for you. The next one is Weekly pulse (Inclusive procurement): Monday, October 5, 9:00 AM."
    )


async def test_an_answer_before_ones_own_moment_leaves_nothing_to_ask(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    form = await slack.person("Keola").types("/checkin")
    assert isinstance(form, Form)
    await form.submit(answer_0="Early from Honolulu")
    await slack.turn_to(steps.CLOSED)
    keola = slack.person("Keola").messages
    assert ["Answered for Honolulu" in one["text"] for one in keola] == [True]
    assert "Early from Honolulu" in read(slack.person("Ana").sees("#cohort")[-1])


async def test_a_late_answer_is_offered_after_the_window(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.CLOSED + timedelta(days=1))
    answer = await slack.person("Ana").types("/checkin")
    assert isinstance(answer, dict)
    assert "a late answer is still welcome" in answer["text"]
    form = await slack.person("Ana").clicks(slack.person("Ana").messages[-1], "Answer now")
    assert isinstance(form, Form)


async def test_list_and_show_say_what_runs_and_when(slack: Slack) -> None:
    assert "No check-in runs in your cohorts yet. Your facilitators make them." in await typed(slack, "Ana", "list")
    await steps.made(slack)
    said = await typed(slack, "Ana", "list")
    assert "*1 · Weekly pulse*" in said
    assert "Every Monday, on working days only, open for 48 hours." in said
    shown = await typed(slack, "Ana", "show weekly puls")
    assert "1. What moved forward since last time?" in shown
    assert "Pause" not in shown
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    await steps.answers(slack, "Ana", answer_0="Moved")
    assert "1 of 4 answered." in await typed(slack, "Renee", "show 1")


async def test_show_without_a_match_names_what_there_is(slack: Slack) -> None:
    await steps.made(slack)
    said = await typed(slack, "Ana", "show 7")
    assert "I do not know which check-in “7” is." in said
    assert "*1* · Weekly pulse" in said
    assert "*1 · Weekly pulse*" in await typed(slack, "Ana", "show"), "the only one needs no number"


async def test_pause_stops_new_rounds_and_resume_starts_them_again(slack: Slack) -> None:
    await steps.made(slack)
    renee = slack.person("Renee")
    assert "Only facilitators can do this." in await typed(slack, "Ana", "pause 1")
    assert "Pause Weekly pulse" in await typed(slack, "Renee", "pause 1")
    await renee.clicks(renee.messages[-1], "Pause the check-in")
    assert "Weekly pulse is paused" in read(renee.messages[-1])
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(days=2))
    assert not [one for one in slack.person("Ana").messages if "three questions" in one["text"]]
    assert "Paused." in await typed(slack, "Ana", "list")
    assert "The next round is Monday, October 12" in await typed(slack, "Renee", "resume 1")
    await renee.clicks(renee.messages[-1], "Resume the check-in")
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(days=8))
    assert "three questions" in steps.prompt_of(slack, "Ana")["text"]


async def test_pause_and_resume_are_buttons_as_well(slack: Slack) -> None:
    await steps.made(slack)
    renee = slack.person("Renee")
    await renee.types("/checkin", "show 1")
    await renee.clicks(renee.messages[-1], "Pause the check-in")
    assert "Weekly pulse is paused" in read(renee.messages[-1])
    await renee.clicks(renee.messages[-1], "Resume the check-in")
    assert "Weekly pulse goes on" in read(renee.messages[-1])


async def test_help_has_two_examples_and_tells_facilitators_more(slack: Slack) -> None:
    ana, renee = await typed(slack, "Ana", "help"), await typed(slack, "Renee", "help")
    assert "/checkin show 1" in ana
    assert "/checkin new" not in ana
    assert "/checkin new" in renee
    assert "/checkin edit 1" in renee


async def test_an_unknown_word_gets_the_nearest_and_never_fails(slack: Slack) -> None:
    assert (await typed(slack, "Ana", "lits")).startswith("I read *lits* as *list*.")
    said = await typed(slack, "Renee", "puase 1")
    assert "I changed nothing. Did you mean `/checkin pause 1`?" in said
    said = await typed(slack, "Ana", "<!channel> what is this")
    assert "I do not know what" in said
    assert "<!channel>" not in said


async def test_a_prompt_of_somebody_else_opens_nothing(slack: Slack) -> None:
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    anas = steps.prompt_of(slack, "Ana")
    slack.workspace.post(slack.channel("#cohort").id, {"user": "U0BOT", "text": "forwarded", "blocks": anas["blocks"]})
    forwarded = slack.person("Rosa").sees("#cohort")[-1]
    refusal = await slack.person("Rosa").clicks(forwarded, "Answer now")
    assert isinstance(refusal, dict)
    assert "was for somebody else" in read(refusal)
