"""A check-in from the form to the summary, as people live it."""

from bot.sandbox.form import Form
from tests.handlers.checkins import steps
from tests.whole import Slack


async def test_a_check_in_is_made_asked_answered_edited_and_summed_up(slack: Slack) -> None:
    await steps.made(slack)
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
    assert "Answered for Memphis" in ana.messages[-1]["text"]
    edited = await ana.clicks(ana.messages[-1], "See or edit the answer")
    assert isinstance(edited, Form)
    assert edited["answer_0"] == "The vendor survey is out."
    await edited.submit(answer_0="The vendor survey is out and 40 firms answered.")

    await slack.turn_to(steps.MONDAY_IN_HONOLULU)
    await steps.answers(slack, "Keola", answer_0="We signed <!channel> & done", answer_1="4")
    await slack.turn_to(steps.SUMMED_UP)
    summary = ana.sees("#cohort")[-1]
    print(summary)
    print(renee.messages[-1])
    assert 0
