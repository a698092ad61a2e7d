"""Lists, and what their buttons, forms and commands change."""

import asyncio
from datetime import date, timedelta

import pytest

from bot.sandbox.form import Form
from tests.handlers.commitments.steps import commitment, kinds, labels, words
from tests.whole import Slack

# The clock stands at Thursday, October 1, 2026.


async def promise(slack: Slack, name: str, *lines: str) -> None:
    for one in lines:
        await slack.person(name).types("/commit", one)


async def test_mine_shows_the_most_urgent_five_then_more(slack: Slack) -> None:
    await promise(slack, "Ana", *(f"promise {day} by October {day}" for day in range(20, 12, -1)))
    ana = slack.person("Ana")
    answer = await ana.types("/commit", "mine")
    assert answer["text"] == "Your commitments: 8 open. Most urgent: #8 promise 13, due Tuesday, October 13."
    shown = words(answer)
    assert all(f"promise {day} " in shown for day in range(13, 18))
    assert "promise 18" not in shown
    assert labels(answer) == ["Mark done", "Move the date", "Drop"] * 5 + ["Show more"]
    await ana.clicks(ana.messages[-1], "Show more")
    assert "promise 13" in words(ana.messages[-2])
    assert all(f"promise {day} " in words(ana.messages[-1]) for day in range(18, 21))
    assert ana.messages[-1]["text"].startswith("Your commitments: 8 open. Next: #3 promise 18")
    assert "Show more" not in labels(ana.messages[-1])


async def test_an_empty_list_offers_the_first_step(slack: Slack) -> None:
    ana = slack.person("Ana")
    answer = await ana.types("/commit", "mine")
    assert "You have no open commitments." in answer["text"]
    assert "/commit publish the vendor list by Friday" in answer["text"]
    assert "Nothing is overdue." in (await ana.types("/commit", "overdue"))["text"]


async def test_lists_of_the_city_and_the_cohort_respect_the_audience(slack: Slack) -> None:
    await promise(slack, "Ana", "open the data by Friday")
    form = await slack.person("Ana").types("/commit", "share the survey")
    await form.submit(due_on="2026-10-09", audience="cohort")
    rosa, keola, renee = (slack.person(name) for name in ("Rosa", "Keola", "Renee"))
    assert "#1" in words(await rosa.types("/commit", "city"))
    of_cohort = words(await keola.types("/commit", "cohort"))
    assert "#2" in of_cohort
    assert "#1" not in of_cohort
    assert "Ana Diaz · Memphis" in of_cohort
    assert "Mark done" not in of_cohort
    assert "No open commitments of your city" in (await keola.types("/commit", "city"))["text"]
    assert "Inclusive procurement: 2 open." in (await renee.types("/commit", "cohort inclusive"))["text"]
    assert "Memphis: 2 open." in (await renee.types("/commit", "city Memphis"))["text"]


async def test_overdue_lists_what_is_late(slack: Slack) -> None:
    await promise(slack, "Ana", "open the data by Friday", "call Phoenix by October 30")
    await slack.turn_to(slack.clock.now() + timedelta(days=4))
    answer = await slack.person("Ana").types("/commit", "overdue")
    assert answer["text"].startswith("What is late: 1 open, 1 overdue. Most urgent: #1 open the data")
    assert "was due *Friday, October 2*, 3 days ago" in words(answer)


async def test_a_misspelt_word_is_answered_as_the_nearest(slack: Slack) -> None:
    ana = slack.person("Ana")
    answer = await ana.types("/commit", "overdo")
    assert answer["text"].startswith("I read *overdo* as *overdue*.")
    assert "Nothing is overdue." in answer["text"]
    await promise(slack, "Ana", "open the data by Friday")
    answer = await ana.types("/commit", "dnoe 1")
    assert "Nothing was changed; to do it, type `/commit done 1`." in words(answer)
    assert await kinds(slack, 1) == ["recorded"]


async def test_done_without_a_number_asks_which_one_and_shows_what_there_is(slack: Slack) -> None:
    await promise(slack, "Ana", "open the data by Friday")
    answer = await slack.person("Ana").types("/commit", "done")
    assert answer["text"].startswith("Which one? Add its number: /commit done 128. Your commitments: 1 open.")
    assert "Which one?" in (await slack.person("Rosa").types("/commit", "Move"))["text"]
    assert (await commitment(slack, 1)).state == "open"


async def test_done_by_button_updates_the_list_and_can_be_undone(slack: Slack) -> None:
    await promise(slack, "Ana", "open the data by Friday", "call Phoenix by October 30")
    ana = slack.person("Ana")
    await ana.types("/commit", "mine")
    await ana.clicks(ana.messages[-1], "Mark done: #1")
    assert (await commitment(slack, 1)).state == "done"
    after = ana.messages[-1]
    assert after["text"].startswith("Done: #1 open the data. Your commitments: 1 open.")
    assert labels(after) == ["Undo", "Mark done", "Move the date", "Drop"]
    await ana.clicks(after, "Undo")
    assert (await commitment(slack, 1)).state == "open"
    assert (await commitment(slack, 1)).nudge_at is not None
    assert ana.messages[-1]["text"].startswith(
        "Undone: #1 open the data is open, due Friday, October 2. Your commitments: 2 open."
    )
    assert await kinds(slack, 1) == ["recorded", "done", "undone"]


async def test_a_double_click_closes_once(slack: Slack) -> None:
    await promise(slack, "Ana", "open the data by Friday")
    ana = slack.person("Ana")
    await ana.types("/commit", "mine")
    shown = ana.messages[-1]
    await asyncio.gather(*(ana.clicks(shown, "Mark done") for _ in range(3)))
    assert await kinds(slack, 1) == ["recorded", "done"]


async def test_the_confirmation_can_be_undone_and_changed(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "open the data by Friday")
    form = await ana.clicks(ana.messages[-1], "Change")
    assert isinstance(form, Form)
    assert form.title == "Change #1"
    await form.submit(text="open the budget data", due_on="2026-10-05")
    assert (await commitment(slack, 1)).text == "open the budget data"
    assert ana.messages[-1]["text"] == "Changed: #1 open the budget data, by Monday, October 5."
    await ana.clicks(ana.messages[-1], "Undo")
    one = await commitment(slack, 1)
    assert (one.text, one.due_on) == ("open the data", date(2026, 10, 2))


async def test_undoing_what_was_just_recorded_takes_it_back(slack: Slack) -> None:
    ana = slack.person("Ana")
    await ana.types("/commit", "open the data by Friday")
    confirmation = ana.messages[-1]
    await ana.clicks(confirmation, "Undo")
    assert ana.messages[-1]["text"] == "Taken back: #1 open the data is not recorded any more."
    assert (await commitment(slack, 1)).state == "dropped"
    assert "You have no open commitments." in (await ana.types("/commit", "mine"))["text"]


async def test_changing_the_day_later_needs_a_reason(slack: Slack) -> None:
    ana = slack.person("Ana")
    form = await ana.types("/commit", "open the data")
    await form.submit(due_on="2026-10-30")
    await slack.turn_to(slack.clock.now() + timedelta(hours=1))
    form = await ana.clicks(ana.messages[-1], "Change")
    assert await form.submit(due_on="2026-11-02") is form
    assert form.errors == {"why": "The date moves: please say why in a few words."}
    await form.submit(why="the vendor is late")
    assert ana.messages[-1]["text"] == "Changed: #1 open the data, by Monday, November 2."
    assert len(ana.messages) == 1


async def test_done_by_command(slack: Slack) -> None:
    await promise(slack, "Ana", "open the data by Friday")
    ana = slack.person("Ana")
    answer = await ana.types("/commit", "done 1")
    assert answer["text"] == "Done: #1 open the data."
    assert labels(answer) == ["Undo"]
    again = await ana.types("/commit", "done #1")
    assert again["text"] == "#1 open the data is already done. Nothing changed."
    await ana.clicks(ana.messages[-2], "Undo")
    assert (await commitment(slack, 1)).state == "open"


async def test_moving_asks_for_the_reason(slack: Slack) -> None:
    await promise(slack, "Ana", "open the data by Friday")
    ana = slack.person("Ana")
    form = await ana.types("/commit", "move 1 to October 16")
    assert isinstance(form, Form)
    assert form["due_on"] == "2026-10-16"
    assert await form.submit() is form
    assert "why" in form.errors
    await form.submit(why="the vendor is late")
    assert ana.messages[-1]["text"] == "Moved: #1 open the data is now due Friday, October 16."
    one = await commitment(slack, 1)
    assert one.due_on == date(2026, 10, 16)
    told = words(await ana.types("/commit", "show 1"))
    assert "Ana Diaz moved it from Friday, October 2 to Friday, October 16: the vendor is late" in told


@pytest.mark.parametrize(
    ("when", "reason"), [("to some day", "I could not read “some day”"), ("to 2020-01-15", "is in the past")]
)
async def test_moving_to_no_day_asks_for_one(slack: Slack, when: str, reason: str) -> None:
    await promise(slack, "Ana", "open the data by Friday")
    form = await slack.person("Ana").types("/commit", f"move 1 {when}")
    assert isinstance(form, Form)
    assert form["due_on"] is None
    assert reason in form.text


async def test_dropping_asks_for_the_reason_and_keeps_what_was_typed(slack: Slack) -> None:
    await promise(slack, "Ana", "open the data by Friday")
    ana = slack.person("Ana")
    form = await ana.types("/commit", "drop 1 the budget was cut")
    assert isinstance(form, Form)
    assert form["why"] == "the budget was cut"
    await form.submit()
    assert (await commitment(slack, 1)).state == "dropped"
    assert ana.messages[-1]["text"] == "Dropped: #1 open the data."
    assert "Ana Diaz dropped it: the budget was cut" in words(await ana.types("/commit", "show 1"))


async def test_a_form_of_the_list_updates_the_list(slack: Slack) -> None:
    await promise(slack, "Ana", "open the data by Friday")
    ana = slack.person("Ana")
    await ana.types("/commit", "mine")
    form = await ana.clicks(ana.messages[-1], "Move the date")
    count = len(ana.messages)
    await form.submit(due_on="2026-10-16", why="late")
    assert len(ana.messages) == count
    assert ana.messages[-1]["text"].startswith(
        "Moved: #1 open the data is now due Friday, October 16. Your commitments: 1 open."
    )


async def test_lead_and_facilitators_may_close_others_may_not(slack: Slack) -> None:
    await promise(slack, "Rosa", "open the data by Friday", "call Phoenix by Friday", "ask Keola by Friday")
    assert (await slack.person("Ana").types("/commit", "done 1"))["text"] == "Done: #1 open the data."
    assert (await slack.person("Renee").types("/commit", "done 2"))["text"] == "Done: #2 call Phoenix."
    form = await slack.person("Ana").types("/commit", "ship it")
    await form.submit(due_on="2026-10-09", audience="cohort")
    refused = await slack.person("Keola").types("/commit", "done 4")
    assert (
        refused["text"]
        == "#4 belongs to Ana Diaz. Only the owner, the lead of the city and the facilitators can change it."
    )
    assert (
        "I find no commitment #3 that you may see." in (await slack.person("Keola").types("/commit", "done 3"))["text"]
    )
    assert await kinds(slack, 4) == ["recorded"]


async def test_handing_over_tells_the_new_owner(slack: Slack) -> None:
    await promise(slack, "Ana", "open the data by Friday")
    ana, rosa = slack.person("Ana"), slack.person("Rosa")
    form = await ana.types("/commit", "hand 1")
    assert isinstance(form, Form)
    await form.submit(new_owner="Rosa Kim")
    assert (await commitment(slack, 1)).owner_id == (await slack.member("Rosa")).id
    assert ana.messages[-1]["text"] == "Handed over: #1 open the data now belongs to Rosa Kim."
    [told] = rosa.messages
    assert told["text"] == "Ana Diaz handed a commitment over to you: #1 open the data, due Friday, October 2."
    await rosa.clicks(told, "Mark done")
    assert rosa.messages[-1]["text"] == "Done: #1 open the data."
    assert "Ana Diaz handed it over: to Rosa Kim" in words(await rosa.types("/commit", "show 1"))


async def test_who_handed_over_sees_only_buttons_that_work(slack: Slack) -> None:
    await promise(slack, "Rosa", "open the data by Friday")
    rosa = slack.person("Rosa")
    form = await rosa.types("/commit", "hand 1")
    await form.submit(new_owner="Ana Diaz")
    assert labels(rosa.messages[-1]) == ["Undo"]
    await rosa.clicks(rosa.messages[-1], "Undo")
    assert labels(rosa.messages[-1]) == ["Mark done", "Move the date", "Drop"]


async def test_show_tells_the_whole_story(slack: Slack) -> None:
    await promise(slack, "Ana", "open the data by Friday")
    ana = slack.person("Ana")
    answer = await ana.types("/commit", "show 1")
    assert answer["text"] == "#1 open the data: open, due Friday, October 2."
    assert "Oct 1 · Ana Diaz recorded it, due Friday, October 2" in words(answer)
    assert labels(answer) == ["Mark done", "Move the date", "Drop", "Change", "Hand over"]


async def test_a_button_in_the_home_is_answered_in_the_direct_message(slack: Slack) -> None:
    await promise(slack, "Ana", "open the data by Friday")
    ana = slack.person("Ana")
    home = await ana.opens_home()
    await ana.clicks(home, "Mark done")
    assert (await commitment(slack, 1)).state == "done"
    assert ana.messages[-1]["text"] == "Done: #1 open the data."
    await ana.clicks(ana.messages[-1], "Undo")
    assert ana.messages[-1]["text"] == "Undone: #1 open the data is open, due Friday, October 2."
