"""`/checkin report` as a conversation: one screen, all of it in a window, the files, and who is refused."""

import csv
import io
from datetime import timedelta
from typing import Any

from bot.sandbox.form import Form
from tests.handlers.checkins import steps
from tests.handlers.checkins.steps import read
from tests.whole import Slack

Json = dict[str, Any]
ANOTHER = "PMI,Advisory group,Austin,TX,Bo Li,bo@austin.gov,,lead,,,,,\n"


async def reported(slack: Slack, who: str = "Renee", words: str = "") -> Json:
    answer = await slack.person(who).types("/checkin", f"report {words}".strip())
    assert isinstance(answer, dict), answer
    return answer


async def a_round(slack: Slack, **answer: Any) -> None:
    """The round of October 5: Ana answers after forty minutes, Tomas passes, Rosa and Keola say nothing."""
    await steps.made(slack)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS)
    await slack.turn_to(steps.MONDAY_IN_MEMPHIS + timedelta(minutes=40))
    await steps.answers(slack, "Ana", **(answer or {"answer_0": "The dashboard is out"}))
    await slack.turn_to(steps.MONDAY_IN_PHOENIX + timedelta(minutes=1))
    await slack.person("Tomas").clicks(steps.prompt_of(slack, "Tomas"), "Not this time")


def file_of(slack: Slack, name: str) -> list[dict[str, str]]:
    """The lines of the file in somebody's last message."""
    [file] = slack.person(name).messages[-1]["files"]
    text = (slack.workspace.files[file["id"]].content or b"").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


async def test_the_report_says_who_took_part_how_often_how_fast_and_by_city_and_round(slack: Slack) -> None:
    await a_round(slack)
    await slack.turn_to(steps.CLOSED + timedelta(hours=1))
    report = await reported(slack)
    assert report["text"] == (
        "Inclusive procurement: 1 of 3 cities took part in the last round; 25% of those asked answered."
    )
    said = read(report)
    assert "One closed round, Monday, October 5." in said
    assert "*Took part:* 1 of 3 cities, 1 of 4 people." in said
    assert "*Response rate:* 25%, 1 of 4 answered, 1 passed." in said
    assert "*Time to answer:* half of them within 40 minutes." in said
    assert "*Trend:* it takes two rounds to tell." in said
    assert "Honolulu, HI ▁ 0%, 0 of 1 answered; 0 of 1 person took part" in said
    assert "Phoenix, AZ – 0%, 0 of 1 answered, 1 passed; 0 of 1 person took part" in said
    assert "Memphis, TN ▇ 50%, 1 of 2 answered; 1 of 2 people took part; half within 40 minutes" in said
    assert "Monday, October 5 ▃ 25%, 1 of 4 answered, 1 passed; 1 of 3 cities took part; half within 40 minutes" in said
    assert "a pass is no answer" in said


async def test_a_report_before_any_round_says_what_will_stand_there_and_an_open_round_is_not_counted(
    slack: Slack,
) -> None:
    said = read(await reported(slack))
    assert "No check-in has asked anybody here yet" in said
    assert "`/checkin new` makes a check-in" in said
    await a_round(slack)
    said = read(await reported(slack))
    assert "No round of a check-in has closed yet." in said
    assert "Monday, October 5 is still open: 1 of 3 asked so far answered; not counted yet." in said


async def test_others_are_refused_and_hear_who_can(slack: Slack) -> None:
    await steps.imported(slack, ANOTHER)
    assert (await reported(slack, "Ana"))["text"] == "Only facilitators can do this. Please ask Renee Okonjo."
    assert (await reported(slack, "Renee", "advisory"))["text"].startswith("Only facilitators can do this.")
    guessed = await slack.person("Renee").types("/checkin", "reprot")
    assert isinstance(guessed, dict)
    assert guessed["text"].startswith("I read *reprot* as *report*.")
    assert (await reported(slack, "Renee", "no such thing"))["text"].startswith("I know no cohort called")


async def test_of_several_cohorts_one_is_chosen_in_a_form_and_its_report_takes_the_place(slack: Slack) -> None:
    await steps.imported(slack, ANOTHER)
    await a_round(slack)
    await slack.turn_to(steps.CLOSED + timedelta(hours=1))
    form = await slack.person("Dana").types("/checkin", "report")
    assert isinstance(form, Form)
    await form.submit(cohort="Inclusive procurement")
    assert "*Response rate:* 25%, 1 of 4 answered, 1 passed." in form.text
    assert "1 of 3 cities" in (await reported(slack, "Dana", "inclusive procurement"))["text"]


async def test_show_more_opens_everything_with_the_way_to_the_deliveries_of_each_round(slack: Slack) -> None:
    await a_round(slack)
    await slack.turn_to(steps.CLOSED + timedelta(hours=1))
    renee = slack.person("Renee")
    window = await renee.clicks(await reported(slack), "Show deliveries")
    assert isinstance(window, Form)
    assert "Memphis, TN" in window.text
    ledger = await renee.clicks(window, "Deliveries")
    assert isinstance(ledger, Form)
    assert "Prompts: 4 sent." in ledger.text


async def test_the_csv_has_a_line_for_each_person_of_each_round(slack: Slack) -> None:
    await steps.unknown_to_slack(slack, "Keola")
    await a_round(slack)
    await slack.turn_to(steps.CLOSED + timedelta(hours=1))
    renee = slack.person("Renee")
    await renee.clicks(await reported(slack), "Send me the CSV")
    lines = file_of(slack, "Renee")
    assert [(one["city"], one["person"], one["answered_at"], one["passed"]) for one in lines] == [
        ("Honolulu", "Keola Akana", "", ""),
        ("Memphis", "Ana Diaz", "2026-10-05 10:40", ""),
        ("Memphis", "Rosa Kim", "", ""),
        ("Phoenix", "Tomas Reyes", "", "yes"),
    ]
    assert [one["not_asked_because"] for one in lines] == ["the message did not arrive", "", "", ""]
    assert (lines[1]["asked_at"], lines[1]["minutes"], lines[1]["time_zone"]) == (
        "2026-10-05 10:00",
        "40",
        "America/New_York",
    )
    said = "The report of *Inclusive procurement*: 4 lines, of the last 26 rounds at most."
    assert renee.messages[-1]["text"].startswith(said)


async def test_the_answers_come_as_a_file_whose_cells_no_spreadsheet_runs(slack: Slack) -> None:
    await a_round(slack, answer_0="=HYPERLINK(1)", answer_1="4")
    await slack.turn_to(steps.CLOSED + timedelta(hours=1))
    await slack.person("Renee").clicks(await reported(slack), "Send me the answers")
    lines = file_of(slack, "Renee")
    assert [(one["person"], one["audience"], one["answer"]) for one in lines] == [
        ("Ana Diaz", "cohort", "'=HYPERLINK(1)"),
        ("Ana Diaz", "city", "4"),
    ]


async def test_files_are_asked_for_in_the_window_as_well_and_it_says_that_they_come(slack: Slack) -> None:
    await a_round(slack)
    await slack.turn_to(steps.CLOSED + timedelta(hours=1))
    renee = slack.person("Renee")
    window = await renee.clicks(await reported(slack), "Show deliveries")
    assert isinstance(window, Form)
    await renee.clicks(window, "Send me the CSV")
    assert "The report of Inclusive procurement (4 lines) comes to you as a direct message, in a moment." in window.text
    assert len(file_of(slack, "Renee")) == 4


async def test_whom_a_message_cannot_reach_is_in_no_count_of_the_missing(slack: Slack) -> None:
    await steps.unknown_to_slack(slack, "Keola")
    await a_round(slack)
    await slack.turn_to(steps.CLOSED + timedelta(hours=20))
    said = read(await reported(slack))
    assert "1 of 3 answered, 1 passed" in said
    assert "Honolulu" not in said
    summary = read(next(one for one in slack.person("Renee").messages if "for facilitators" in one["text"]))
    assert "1 of 3 answered; one was not asked." in summary
    assert "Not asked because Slack did not take the message: Keola Akana (Honolulu)." in summary
    assert "Honolulu" not in str([block for block in (await home_of(slack))["blocks"] if "answered" in str(block)])


async def home_of(slack: Slack) -> Json:
    home = await slack.person("Renee").opens_home()
    await slack.settle()
    home = slack.person("Renee").home
    assert home is not None
    return home
