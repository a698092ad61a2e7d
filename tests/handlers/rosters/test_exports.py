"""What a facilitator gets of `/cohort export`: a file by direct message, that an import takes again."""

import pytest

from storage import roster
from storage.roster import file as roster_file
from tests.whole import Slack

HEADER = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"


async def take(slack: Slack, *lines: str) -> None:
    report = await roster.import_roster(
        slack.sessions, slack.bot.program_id, HEADER + "".join(lines), dry_run=False, at=slack.clock.now()
    )
    assert report.ok, report.lines


def sent(slack: Slack, name: str) -> bytes:
    """The file of the last message."""
    [file] = slack.person(name).messages[-1]["files"]
    return slack.workspace.files[file["id"]].content or b""


async def test_the_whole_program_comes_as_a_file_and_importing_it_changes_nothing(slack: Slack) -> None:
    answer = await slack.person("Dana").types("/cohort", "export")
    assert isinstance(answer, dict)
    assert answer["text"] == "The roster of the whole program (6 lines) comes to you as a direct message, in a moment."
    message = slack.person("Dana").messages[-1]
    assert message["text"].startswith(
        "The roster of the whole program: 6 lines. `/cohort import` takes the file again, changed or not.\n<http"
    )
    assert message["files"][0]["name"] == "roster-2026-10-01.csv"
    sheet = roster_file.read(sent(slack, "Dana"))
    assert sorted(row.name for row in sheet.rows)[:2] == ["Ana Diaz", "Dana Whitfield"]
    report = await roster.import_roster(
        slack.sessions, slack.bot.program_id, sent(slack, "Dana"), dry_run=True, at=slack.clock.now()
    )
    assert "nothing changes" in report.lines[0]


async def test_who_facilitates_a_cohort_gets_that_cohort_alone(slack: Slack) -> None:
    await take(slack, "PMI,Advisory group,Austin,TX,Bo Li,bo@austin.gov,,lead,,,,,\n")
    answer = await slack.person("Renee").types("/cohort", "export")
    assert isinstance(answer, dict)
    assert answer["text"].startswith("The roster of *Inclusive procurement* (5 lines)")
    assert b"Bo Li" not in sent(slack, "Renee")
    assert b"Dana" not in sent(slack, "Renee")
    refused = await slack.person("Renee").types("/cohort", "export advisory")
    assert isinstance(refused, dict)
    assert refused["text"].startswith("I know no cohort called advisory.")
    assert "Bo Li" not in str(refused)


async def test_one_cohort_by_name_and_a_question_when_several_fit(slack: Slack) -> None:
    for name in ("Community engagement", "Community wealth"):
        await take(slack, f"City Accelerator,{name},Austin,TX,Bo Li,bo@austin.gov,,lead,,,,,\n")
    dana = slack.person("Dana")
    answer = await dana.types("/cohort", "export community")
    assert isinstance(answer, dict)
    assert answer["text"] == (
        "Several cohorts fit community. Type one of these: "
        "`/cohort export Community engagement`, `/cohort export Community wealth`."
    )
    await dana.types("/cohort", "export wealth")
    assert [row.cohort for row in roster_file.read(sent(slack, "Dana")).rows] == ["Community wealth"]


async def test_delegates_hear_who_can_and_strangers_whom_to_ask(slack: Slack) -> None:
    answer = await slack.person("Ana").types("/cohort", "export")
    assert isinstance(answer, dict)
    assert answer["text"] == "Only facilitators can export a roster. Please ask Dana Whitfield."
    slack.workspace.add_person("Nobody Known", email="nobody@example.org")
    for line in ("export", "import"):
        told = await slack.person("Nobody Known").types("/cohort", line)
        assert isinstance(told, dict)
        assert told["text"].startswith("I do not know you yet")


@pytest.mark.parametrize("typed", ["exprot", "download"])
async def test_a_slip_of_the_finger_is_read(slack: Slack, typed: str) -> None:
    answer = await slack.person("Dana").types("/cohort", typed)
    assert isinstance(answer, dict)
    assert "(6 lines) comes to you" in answer["text"]


async def test_a_workspace_that_takes_no_files_is_told_of(slack: Slack) -> None:
    slack.sandbox.faults.order("files.getUploadURLExternal", error="file_uploads_disabled")
    await slack.person("Dana").types("/cohort", "export")
    assert (
        slack.person("Dana")
        .messages[-1]["text"]
        .endswith("Slack did not take the file (file_uploads_disabled): please ask who administers this workspace.")
    )
