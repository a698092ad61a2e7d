"""Making a check-in in steps: what each step asks and says, what is kept when it is closed, and what is wrong beside its field."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.sandbox.form import Form
from storage.models import Cohort, Facilitator
from tests.bench.statements import MOST
from tests.handlers.checkins import making, steps
from tests.handlers.checkins.making import first_step, last_step, onward
from tests.handlers.checkins.steps import read
from tests.handlers.seats.test_statements import listeners
from tests.whole import Slack, program_of


async def at_step(slack: Slack, number: int) -> Form:
    form = await first_step(slack)
    for _ in range(number - 1):
        form = await onward(form)
    return form


async def again(slack: Slack, words: str = "") -> Form:
    """The form after it was closed: what was begun is offered."""
    form = await first_step(slack, words=words)
    assert form.view["submit"] is None
    return form


async def test_the_first_step_starts_with_the_only_cohort_and_the_pulse(slack: Slack) -> None:
    form = await first_step(slack)
    assert (form["Cohort"], form["Start with"], form["Name"]) == ("1", "pulse", None)
    assert "Step 1 of 5 · *Name*" in form.text


@pytest.mark.parametrize(
    ("words", "template", "name"),
    [
        ("coaching", "coaching", None),
        ("Before Convening", "before", None),
        ("sprint retrospectiv", "retrospective", None),
        ("Vendor pulse check", "pulse", "Vendor pulse check"),
    ],
)
async def test_the_words_behind_new_choose_a_template_or_are_the_name(
    slack: Slack, words: str, template: str, name: str | None
) -> None:
    form = await first_step(slack, words=words)
    assert (form["Start with"], form["Name"]) == (template, name)


async def test_a_name_left_empty_is_that_of_the_template(slack: Slack) -> None:
    form = await at_step(slack, 5)
    assert "*Fortnightly pulse* for Inclusive procurement" in form.text
    assert await form.submit() is None
    assert slack.person("Renee").messages[-1]["text"].startswith("Made Fortnightly pulse (number 1)")


@pytest.mark.parametrize(
    ("step", "label", "value", "field", "words"),
    [
        (1, "Name", "x" * 81, "name", "it has 81"),
        (3, "On", ["Saturday"], "when_weekdays", "Saturday is not a working day"),
        (3, "At", "18:30", "when_at", "within the quiet hours"),
    ],
)
async def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(
    slack: Slack, step: int, label: str, value: Any, field: str, words: str
) -> None:
    form = await at_step(slack, step)
    await form.put(label, value)
    stayed = await form.submit()
    assert isinstance(stayed, Form)
    assert list(stayed.errors) == [field]
    assert words in stayed.errors[field]
    assert read(await slack.person("Renee").types("/checkin", "list")).startswith("No check-in runs")


async def test_own_questions_need_a_name_and_at_least_one_question(slack: Slack) -> None:
    form = await first_step(slack)
    stayed = await form.submit(**{"Start with": "Own questions"})
    assert stayed is not None
    assert "Please give it a name" in stayed.errors["name"]
    form = await making.following(stayed, Name="Vendors")
    assert "There is no question yet" in form.text
    form = await onward(form)
    assert "Step 2 of 5" in form.text
    assert "Please add at least one question" in form.text


async def test_a_second_check_in_of_the_same_name_is_refused(slack: Slack) -> None:
    await steps.made(slack)
    form = await first_step(slack)
    stayed = await form.submit(Name="WEEKLY pulse")
    assert stayed is not None
    assert "is called “WEEKLY pulse” already" in stayed.errors["name"]


async def test_questions_are_added_moved_removed_and_put_back(slack: Slack) -> None:
    renee, form = slack.person("Renee"), await at_step(slack, 2)
    window = await renee.clicks(form, "Add a question")
    assert isinstance(window, Form)
    await window.put("Question", "Which tool do you use?")
    await window.put("Kind of answer", "One choice of several")
    await window.put("Choices", "Excel\nSheets\n\nSheets")
    await window.put("Anonymous", ["yes"])
    assert window["Question"] == "Which tool do you use?"  # it stays when the kind changes
    assert await window.submit() is None
    below = form  # the window closes, and the list lies open again
    assert "*4.* Which tool do you use?\n_One choice of several" in below.text
    assert "optional · anonymous" in below.text
    assert "_Excel / Sheets_" in below.text

    await renee.chooses(below, "checkin_question_change_3", "Move up")
    assert below.text.index("Which tool") < below.text.index("What is in your way?")
    await renee.chooses(below, "checkin_question_change_2", "Remove")
    assert "Removed: Which tool do you use?" in below.text
    await renee.clicks(below, "Put the removed question back")
    assert "*3.* Which tool do you use?" in below.text
    await renee.clicks(below, "Take the questions of “Fortnightly pulse”")
    assert "Which tool" not in below.text


async def test_a_blocker_is_never_anonymous(slack: Slack) -> None:
    window = await slack.person("Renee").clicks(await at_step(slack, 2), "Add a question")
    assert isinstance(window, Form)
    assert "Anonymous" in window.labels
    assert "No author is kept, and answers are only shown from five up." in window.text
    await window.put("Kind of answer", "Blocker (what is in the way)")
    assert "Anonymous" not in window.labels
    assert "Topics to choose from" in window.labels


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"Question": "y" * 301}, "text", "it has 301"),
        ({"Kind of answer": "choices", "Question": "Which?", "Choices": "One"}, "choices", "at least two different"),
        ({"Kind of answer": "choice", "Question": "Which?", "Choices": "a\n" + "b" * 76}, "choices", "it has 76"),
        ({"Kind of answer": "scale", "Question": "How?", "What 5 means": "z" * 61}, "last", "it has 61"),
    ],
)
async def test_what_is_wrong_with_a_question_stands_in_its_window(
    slack: Slack, fields: dict[str, str], field: str, words: str
) -> None:
    window = await slack.person("Renee").clicks(await at_step(slack, 2), "Add a question")
    assert isinstance(window, Form)
    for label, value in fields.items():
        await window.put(label, value)
    stayed = await window.submit()
    assert stayed is not None
    assert words in stayed.errors[field]


async def test_ten_questions_are_the_most_and_all_of_them_fit(slack: Slack) -> None:
    renee, form = slack.person("Renee"), await at_step(slack, 2)
    for number in range(7):
        window = await renee.clicks(form, "Add a question")
        assert isinstance(window, Form)
        assert await window.submit(Question=f"{number} " + "w" * 298) is None
    other = await renee.chooses(form, "checkin_question_change_0", "Edit")
    assert isinstance(other, Form)
    one_more = {**other.view, "private_metadata": window.view["private_metadata"]}
    assert "These are ten questions already" in str(await renee.exchange.submit(renee.id, one_more))
    await other.close()
    assert "the most that a check-in has" in form.text
    assert "Add a question" not in form.text
    for _ in range(3):
        form = await onward(form)
    assert await form.submit() is None
    assert "*10.*" not in str(renee.messages[-1])
    assert "10. 6 ww" in read(await renee.types("/checkin", "show 1"))


async def test_the_dates_of_three_people_in_three_zones_follow_what_is_chosen(slack: Slack) -> None:
    form = await at_step(slack, 3)
    text = form.text
    assert "*The next 5 dates*" in text
    # Columbus Day is worked in Honolulu only by who does not keep federal holidays: it moves for all.
    assert "*Ana Diaz*, Memphis\n• Monday, October 5, 9:00 AM CDT\n• Monday, October 19, 9:00 AM CDT" in text
    assert "*Tomas Reyes*, Phoenix\n• Monday, October 5, 9:00 AM MST" in text
    assert "*Keola Akana*, Honolulu\n• Monday, October 5, 9:00 AM HST" in text
    assert "• Monday, November 2, 9:00 AM CST" in text
    await form.put("Weeks", "Every week")
    assert "• Tuesday, October 13, 9:00 AM CDT (Monday, October 12, is Columbus Day)" in form.text
    await form.put("At", "14:00")
    await form.put("How often", "Once")
    assert "*No dates yet.* Please choose the day." in form.text
    await form.put("when_on", "2026-10-07")
    assert "*The next date*" in form.text
    assert "• Wednesday, October 7, 2:00 PM HST" in form.text


async def test_a_date_that_depends_on_a_phase_is_offered_where_there_is_one(slack: Slack) -> None:
    form = await at_step(slack, 3)
    assert "The cohort has no dated phases" in form.text
    await form.close()
    cohort = await slack.person("Renee").types("/cohort", "edit inclusive procurement")
    assert isinstance(cohort, Form)
    await cohort.submit(phases="Convening, Oct 30, 2026", channel="C0COHORT")
    form = await again(slack)
    await slack.person("Renee").clicks(form, "Start anew")
    form = await making.following(form, **{"Start with": "Before a convening"})
    form = await onward(form)
    assert "*No dates yet.* Please choose the date of the cohort" in form.text
    await form.put("Date of the cohort", "Convening")
    assert "• Friday, October 16, 9:00 AM CDT" in form.text
    form = await onward(form)
    assert form["Who answers"] == "city"
    form = await onward(form)
    assert "14 days before *Convening* (Friday, October 30), 9:00 AM in each person's own time zone" in form.text
    assert "four people in three time zones, with one answer for each of three cities." in form.text
    assert await form.submit() is None


async def test_the_last_step_says_in_words_what_will_happen(slack: Slack) -> None:
    form = await last_step(slack, window="A week", reminder="Never")
    assert (
        "*Weekly pulse* for Inclusive procurement\n"
        "Every Monday, 9:00 AM in each person's own time zone, on working days only, quiet from 6:00 PM to 8:00 AM.\n"
        "The first time is *Monday, October 5*: four people in three time zones, from three cities, each for themselves.\n"
        "Each has a week from their own moment. Nobody is reminded."
    ) in form.text
    assert "*1.* What moved forward since last time?\n_Text · seen by the whole cohort · optional_" in form.text
    assert "is summed up in <#C0COHORT>; facilitators get the rest privately." in form.text


async def test_back_keeps_what_stands_in_the_step(slack: Slack) -> None:
    renee, form = slack.person("Renee"), await at_step(slack, 4)
    await form.put("Open for", "Three days")
    await renee.clicks(form, "Back")
    assert "Step 3 of 5" in form.text
    await form.put("At", "10:30")
    await renee.clicks(form, "Back")
    await renee.clicks(form, "Back")
    assert "Step 1 of 5" in form.text
    for _ in range(2):
        form = await onward(form)
    assert form["At"] == "10:30"
    form = await onward(form)
    assert form["Open for"] == "72"


async def test_a_closed_form_is_offered_again_and_goes_on_where_it_was(slack: Slack) -> None:
    renee, form = slack.person("Renee"), await at_step(slack, 3)
    await form.put("At", "10:30")
    await form.close()
    await slack.turn_to(slack.clock.now() + timedelta(days=2))
    offered = await again(slack)
    assert "You began making *Fortnightly pulse* for Inclusive procurement on Thursday." in offered.text
    await renee.clicks(offered, "Go on with what you began on Thursday")
    assert "Step 3 of 5" in offered.text
    assert offered["At"] == "10:30"


async def test_what_was_typed_into_a_first_step_that_was_closed_is_kept(slack: Slack) -> None:
    form = await first_step(slack)
    await form.put("Name", "Vendors")
    await form.close()
    offered = await again(slack)
    await slack.person("Renee").clicks(offered, "Go on with what you began today")
    assert offered["Name"] == "Vendors"


async def test_a_form_that_was_only_looked_at_is_not_offered_again(slack: Slack) -> None:
    form = await first_step(slack)
    await form.close()
    assert "Step 1 of 5" in (await first_step(slack)).text


async def test_started_anew_what_was_begun_is_gone_and_the_words_count(slack: Slack) -> None:
    form = await at_step(slack, 3)
    await form.close()
    offered = await again(slack, "Vendors in spring")
    await slack.person("Renee").clicks(offered, "Start anew")
    assert "Step 1 of 5" in offered.text
    assert offered["Name"] == "Vendors in spring"


async def test_an_older_window_changes_nothing_and_says_so(slack: Slack) -> None:
    renee, form = slack.person("Renee"), await first_step(slack)
    old = form.view
    form = await first_step(slack)
    await making.following(form, Name="Newer")
    errors = await renee.exchange.submit(renee.id, old)
    assert "in another window" in str(errors)


async def test_made_twice_by_a_lost_answer_it_is_made_once(slack: Slack) -> None:
    renee, form = slack.person("Renee"), await last_step(slack)
    view = form.view
    assert await renee.exchange.submit(renee.id, view) == {}
    form = await first_step(slack)  # Slack has a window again that can be cleared
    again = {**form.view, "private_metadata": view["private_metadata"]}
    assert await renee.exchange.submit(renee.id, again) == {}, "it closes as if its answer had not been lost"
    await slack.settle()
    assert read(await renee.types("/checkin", "list")).startswith("One check-in runs")


async def test_what_was_right_when_it_was_begun_is_looked_at_again(slack: Slack) -> None:
    form = await at_step(slack, 3)
    await form.put("How often", "Once")
    await form.put("when_on", "2026-10-05")
    form = await onward(await onward(form))
    await slack.turn_to(slack.clock.now() + timedelta(days=20))
    shown = await form.submit()
    assert shown is not None
    assert "Step 3 of 5" in shown.text
    assert "That day is over" in shown.text


async def test_a_preview_goes_to_the_maker_alone_and_keeps_nothing(slack: Slack) -> None:
    renee, form = slack.person("Renee"), await last_step(slack)
    await renee.clicks(form, "Send me a preview")
    assert "I sent you the preview as a direct message." in form.text
    preview = renee.messages[-1]
    assert preview["text"].startswith("Preview, for you alone: Inclusive procurement: Weekly pulse, three questions")
    opened = await renee.clicks(preview, "Answer now")
    assert isinstance(opened, Form)
    assert "nothing that you type here is kept" in opened.text
    said = await opened.submit(answer_0="Secret words")
    assert said is not None
    assert "nothing of it is kept, and nobody was asked" in said.text
    assert [slack.person(name).messages for name in ("Ana", "Rosa", "Keola", "Tomas", "Dana")] == [[]] * 5
    form = await again(slack)  # it was not made by that
    assert "You began making" in form.text


async def test_a_preview_is_read_after_the_check_in_was_made(slack: Slack) -> None:
    renee, form = slack.person("Renee"), await last_step(slack)
    await renee.clicks(form, "Send me a preview")
    preview = renee.messages[-1]
    assert await form.submit() is None
    opened = await renee.clicks(preview, "Answer now")
    assert isinstance(opened, Form)
    assert "What moved forward since last time?" in opened.labels


async def test_nobody_makes_a_check_in_for_a_cohort_of_others(slack: Slack) -> None:
    """A form that was opened by who may, sent in the name of who may not."""
    form, ana = await last_step(slack), slack.person("Ana")
    errors = await ana.exchange.submit(ana.id, form.view)
    assert errors == {}
    assert read(await slack.person("Renee").types("/checkin", "list")).startswith("No check-in runs")


async def test_no_step_takes_more_than_five_statements_before_it_is_acknowledged(slack: Slack) -> None:
    renee = slack.person("Renee")
    with listeners() as asked:
        form = await first_step(slack)
        for _ in range(2):
            form = await onward(form)
        await form.put("At", "10:30")
        form = await onward(form)
        await renee.clicks(form, "Back")
        form = await onward(form)
        form = await onward(form)
    assert len(asked) == 8
    for statements in asked:
        assert len(statements) <= MOST, statements


async def test_whoever_lost_the_cohort_of_what_they_began_can_start_anew(slack: Slack) -> None:
    renee, form = slack.person("Renee"), await at_step(slack, 3)
    await form.close()
    program_id = await program_of(slack.sessions)
    async with slack.sessions.begin() as session:
        other = Cohort(program_id=program_id, network_id=1, name="Budgets", created_at=slack.clock.now())
        session.add(other)
        await session.flush()
        mine = update(Facilitator).where(Facilitator.program_id == program_id, Facilitator.cohort_id == 1)
        await session.execute(mine.values(cohort_id=other.id))
    offered = await again(slack)
    refused = await renee.clicks(offered, "Go on with what you began today")
    await slack.settle()
    assert "Only facilitators can do this." in read(renee.messages[-1])
    assert isinstance(refused, Form)
    await renee.clicks(offered, "Start anew")
    assert "Step 1 of 5" in offered.text
    form = await making.following(offered, Name="Ours")
    assert "Step 2 of 5" in form.text
