"""What a facilitator sees of `/cohort import`: the form, the dry run, the confirmation, and the way back."""

from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.sandbox import elements
from bot.sandbox.form import Form
from bot.sandbox.workspace import Person
from storage import database, roster, roster_imports
from storage.models import Delegate, Identity, Member, RosterImport
from tests import cast, conformity, whole
from tests.whole import Slack

HEADER = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"
BO = "PMI,Advisory group,Austin,TX,Bo Li,bo@austin.gov,,lead,Chief of Staff,,,,\n"
ALL = {"across_programs": "the test counts all"}


def people(count: int) -> str:
    return "".join(
        f"PMI,Advisory group,City {n % 20},TX,Person {n},p{n}@example.org,,delegate,,,,,\n" for n in range(count)
    )


async def gives(slack: Slack, content: str | bytes, *, name: str = "roster.csv", who: str = "Dana") -> dict[str, Any]:
    """Somebody imports a file; the message that follows it."""
    person = slack.person(who)
    form = await person.types("/cohort", "import")
    assert isinstance(form, Form)
    data = content if isinstance(content, bytes) else content.encode()
    assert await form.submit(file=[person.keeps_file(name, data)]) is None
    return person.messages[-1]


async def count(slack: Slack, table: Any) -> int:
    async with slack.sessions() as session:
        return await session.scalar(select(func.count()).select_from(table).execution_options(**ALL)) or 0


def read(message: dict[str, Any]) -> str:
    return (
        "\n".join(str(block.get("text", {}).get("text", "")) for block in message.get("blocks", [])) or message["text"]
    )


def labels(message: dict[str, Any]) -> list[str]:
    last = message["blocks"][-1]
    return [one["text"]["text"] for one in last.get("elements", [])] if last["type"] == "actions" else []


async def test_a_roster_is_shown_then_imported_then_undone(slack: Slack) -> None:
    dana, before = slack.person("Dana"), await count(slack, Member)
    shown = await gives(slack, HEADER + BO)
    assert shown["text"] == (
        "roster.csv: one line read. Added: 1 network, 1 cohort, 1 city, 1 seat, 1 person, 1 delegate on a seat. "
        "Nothing is imported yet; choose Import or Not now."
    )
    assert "• line 2: Bo Li, lead of Austin, TX in Advisory group" in read(shown)
    assert labels(shown) == ["Import this line", "Not now"]
    assert await count(slack, Member) == before

    await dana.clicks(shown, "Import this line")
    [done] = dana.messages
    assert done["text"] == (
        "roster.csv is imported. Added: 1 network, 1 cohort, 1 city, 1 seat, 1 person, 1 delegate on a seat. "
        "Looked for one person in Slack: nobody is there yet. Whoever is not is recognized when they join."
    )
    assert await count(slack, Member) == before + 1

    await dana.clicks(done, "Undo this import")
    [undone] = dana.messages
    assert undone["text"] == "The import of roster.csv is undone: the roster is as it was before."
    assert await count(slack, Member) == before
    assert "nobody" in (await dana.types("/cohort", "who bo"))["text"]


async def test_only_who_facilitates_the_program_imports_and_others_hear_who_can(slack: Slack) -> None:
    for name in ("Ana", "Renee"):
        answer = await slack.person(name).types("/cohort", "import")
        assert isinstance(answer, dict)
        assert answer["text"] == (
            "Only who facilitates the whole program can import a roster. Please ask Dana Whitfield."
        )


@pytest.mark.parametrize(
    ("name", "content", "answer"),
    [
        ("people.xlsx", b"PK\x03\x04", "This is an Excel workbook, and I read CSV."),
        ("people.pdf", b"%PDF-1.7", "This is a PDF document, and I read CSV."),
        ("people.csv", b"", "This file is empty."),
        ("people.csv", b"a" * (10 * 1024 * 1024 + 1), "This file is larger than 10 MB"),
    ],
)
async def test_what_is_no_csv_by_name_or_size_is_refused_beside_the_field(
    slack: Slack, name: str, content: bytes, answer: str
) -> None:
    dana = slack.person("Dana")
    form = await dana.types("/cohort", "import")
    assert isinstance(form, Form)
    await form.submit(file=[dana.keeps_file(name, content)])
    assert form.errors["file"].startswith(answer)
    assert dana.messages == []


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"PK\x03\x04" + bytes(range(256)) * 40, "This is a workbook (or another zipped file): open it in your spread"),
        (b"%PDF-1.7\n" + bytes(range(256)), "This is a PDF document: open it in your spreadsheet, save it as CSV"),
    ],
)
async def test_a_workbook_that_calls_itself_csv_is_refused_kindly(slack: Slack, content: bytes, answer: str) -> None:
    said = await gives(slack, content)
    assert said["text"].startswith(f"I could not read roster.csv, and nothing was changed. {answer}")
    assert labels(said) == ["Choose a file"]
    assert isinstance(await slack.person("Dana").clicks(said, "Choose a file"), Form)


async def test_ten_megabytes_of_nonsense_are_answered(slack: Slack) -> None:
    said = await gives(slack, bytes(range(1, 256)) * 41_000)
    assert "wrong, and nothing was imported" in said["text"]
    assert len(str(said)) < 5000


async def test_wrong_lines_are_named_ten_at_first_and_all_in_a_file(slack: Slack) -> None:
    dana = slack.person("Dana")
    said = await gives(slack, HEADER + "".join(BO.replace("lead", f"boss{n}") for n in range(12)))
    assert said["text"].startswith('roster.csv: 12 lines are wrong, and nothing was imported. line 2: the role "boss0"')
    assert read(said).count("• line") == 10
    assert "and 2 more" in read(said)
    await dana.clicks(said, "Send all of them as a file")
    message = dana.messages[-1]
    assert message["text"].startswith("Every wrong line of *roster.csv*, as a file.\n<http")
    [file] = message["files"]
    assert (slack.workspace.files[file["id"]].content or b"").decode().count("line ") == 12
    assert isinstance(await dana.clicks(said, "Choose the corrected file"), Form)


async def test_a_long_list_shows_five_then_more_and_the_whole_as_a_file(slack: Slack) -> None:
    dana = slack.person("Dana")
    said = await gives(slack, HEADER + people(40))
    assert read(said).count("• ") == 5
    assert labels(said) == ["Import these 40 lines", "Not now", "Show more", "Send all of it as a file"]
    await dana.clicks(said, "Show more")
    assert read(dana.messages[-1]).count("• ") == 30
    await dana.clicks(dana.messages[-1], "Show more")
    assert read(dana.messages[-1]).count("• ") == 41
    assert "Show more" not in labels(dana.messages[-1])
    await dana.clicks(dana.messages[-1], "Send all of it as a file")
    [file] = dana.messages[-1]["files"]
    content = (slack.workspace.files[file["id"]].content or b"").decode()
    assert content.startswith("roster.csv: 40 lines read.\n\nAdded: 1 network, 1 cohort, 20 cities")
    assert content.count("delegate of City") == 40


async def test_not_now_changes_nothing_and_it_can_be_shown_again(slack: Slack) -> None:
    dana = slack.person("Dana")
    await dana.clicks(await gives(slack, HEADER + BO), "Not now")
    assert dana.messages[-1]["text"] == "roster.csv was not imported, and nothing was changed."
    await dana.clicks(dana.messages[-1], "Show it again")
    await dana.clicks(dana.messages[-1], "Import this line")
    assert "roster.csv is imported." in dana.messages[-1]["text"]
    assert len(dana.messages) == 1


async def test_the_same_file_again_changes_nothing_and_says_so(slack: Slack) -> None:
    dana = slack.person("Dana")
    await dana.clicks(await gives(slack, HEADER + BO), "Import this line")
    said = await gives(slack, HEADER + BO)
    assert said["text"] == "roster.csv: one line read. Everything is as the file says: nothing changes."


async def test_what_changed_meanwhile_is_shown_anew_and_nothing_is_imported(slack: Slack) -> None:
    dana = slack.person("Dana")
    said = await gives(slack, HEADER + BO)
    await _take(slack, "PMI,Advisory group,Austin,TX,Bo Li,bo@austin.gov,,delegate,Analyst,,,,\n")
    await dana.clicks(said, "Import this line")
    again = dana.messages[-1]
    assert again["text"].startswith("The roster was changed after I showed you this, and nothing was imported.")
    assert '• line 2: Bo Li: title "Analyst" becomes "Chief of Staff"' in read(again)
    async with slack.sessions() as session:
        [role] = await session.scalars(
            select(Delegate.role)
            .join(Member, Member.id == Delegate.member_id)
            .where(Member.name == "Bo Li")
            .execution_options(**ALL)
        )
    assert role == "delegate"
    await dana.clicks(again, "Import this line")
    assert "roster.csv is imported. Changed: 1 person, 1 delegate on a seat." in dana.messages[-1]["text"]


async def test_a_button_of_an_older_dry_run_imports_nothing(slack: Slack) -> None:
    dana = slack.person("Dana")
    old = deepcopy(await gives(slack, HEADER + BO))
    await _take(slack, BO.replace("Chief of Staff", "Analyst"))
    await dana.clicks(old, "Import this line")
    assert await _state(slack) == roster_imports.SHOWN
    await dana.act(old, elements.find(old["blocks"], "Import this line"), {})  # on a screen that was not refreshed
    assert await _state(slack) == roster_imports.SHOWN


async def test_a_form_sent_twice_is_one_import(slack: Slack) -> None:
    dana = slack.person("Dana")
    form = await dana.types("/cohort", "import")
    assert isinstance(form, Form)
    view = form.view
    await form.submit(file=[dana.keeps_file("roster.csv", (HEADER + BO).encode())])
    filled = {"file": {"file": {"type": "file_input", "files": [dana.keeps_file("roster.csv", b"x")]}}}
    await slack.sandbox.exchange.submit(dana.id, view | {"state": {"values": filled}})
    await slack.settle()
    assert await count(slack, RosterImport) == 1
    assert len(dana.messages) == 1


async def test_many_new_people_are_looked_for_page_by_page_and_progress_is_told(slack: Slack) -> None:
    for n in range(300):
        slack.workspace.people[f"U1P{n}"] = Person(f"U1P{n}", f"p{n}", f"Person {n}", f"p{n}@example.org")
    dana = slack.person("Dana")
    said = await gives(slack, HEADER + people(320))
    slack.sandbox.faults.order("users.list", status=429, retry_after=30)
    await dana.clicks(said, "Import these 320 lines")
    assert "I am looking for the new people in Slack." in dana.messages[-1]["text"]
    await slack.turn_to(slack.clock.now() + timedelta(minutes=2))
    assert dana.messages[-1]["text"].endswith(
        "Looked for 320 people in Slack: 300 are there. Whoever is not is recognized when they join."
    )
    async with slack.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Identity).execution_options(**ALL)) == 306


async def test_an_import_that_was_cut_off_goes_on_and_nothing_is_applied_twice(slack: Slack) -> None:
    dana = slack.person("Dana")
    said = await gives(slack, HEADER + BO)
    before = await count(slack, Member)
    slack.bot.ticker.stopped = True  # the process is gone
    await dana.clicks(said, "Import this line")
    assert await _state(slack) == roster_imports.CONFIRMED
    assert await count(slack, Member) == before
    slack.bot.ticker.stopped = False
    await slack.settle()
    assert await _state(slack) == roster_imports.APPLIED
    assert await count(slack, Member) == before + 1
    await dana.clicks(said, "Import this line") if "Import this line" in labels(dana.messages[-1]) else None
    assert await count(slack, Member) == before + 1


async def test_an_import_whose_people_were_changed_is_not_undone_and_says_what(slack: Slack) -> None:
    dana = slack.person("Dana")
    await dana.clicks(await gives(slack, HEADER + BO), "Import this line")
    async with slack.sessions.begin() as session:
        query = update(Member).where(Member.email == "bo@austin.gov").values(title="Mayor")
        await session.execute(query.execution_options(**ALL))
    before = await count(slack, Member)
    await dana.clicks(dana.messages[-1], "Undo this import")
    assert dana.messages[-1]["text"].endswith(
        "I could not undo it, and nothing was undone: Bo Li was changed since (title). "
        "Put those back first, or import a corrected file."
    )
    assert await count(slack, Member) == before


async def test_only_the_last_import_is_undone(slack: Slack) -> None:
    dana = slack.person("Dana")
    await dana.clicks(await gives(slack, HEADER + BO), "Import this line")
    first = dana.messages[-1]
    other = BO.replace("Bo Li,bo@", "Cy Ray,cy@")
    await dana.clicks(await gives(slack, HEADER + other, name="more.csv"), "Import this line")
    await dana.clicks(first, "Undo this import")
    told = next(one for one in dana.messages if one["ts"] == first["ts"])
    assert "nothing was undone: more.csv was imported after it, and comes first." in told["text"]
    second = next(one for one in dana.messages if one["ts"] != first["ts"])
    await dana.clicks(second, "Undo this import")
    await dana.clicks(told, "Undo this import")
    assert [one["text"].partition(":")[0] for one in dana.messages] == [
        "The import of roster.csv is undone",
        "The import of more.csv is undone",
    ]


async def test_a_file_that_is_gone_and_a_slack_that_is_silent_are_told(slack: Slack) -> None:
    dana = slack.person("Dana")
    slack.sandbox.faults.order("files.info", error="file_deleted", times=1)
    assert "It is not in Slack any more. Choose it again." in (await gives(slack, HEADER + BO))["text"]
    slack.sandbox.faults.order("files.info", error="missing_scope", times=1)
    assert "Slack did not give it to me (missing_scope)." in (await gives(slack, HEADER + BO))["text"]
    slack.sandbox.faults.order("files.info", error="internal_error", times=1)
    said = await gives(slack, HEADER + BO)
    assert said["text"].startswith("Slack does not give me an answer about *roster.csv* just now. Nothing is lost")
    await slack.turn_to(slack.clock.now() + timedelta(seconds=6))
    assert labels(dana.messages[-1]) == ["Import this line", "Not now"]


async def test_the_whole_way_on_both_databases(database_url: str, tmp_path: Path) -> None:
    sessions = database.connect(database_url)
    async with sessions.begin() as session:
        await cast.enter(session)
    await sessions.close()
    async with whole.slack(database_url, tmp_path / "calls.jsonl") as slack:
        for n in range(30):
            slack.workspace.people[f"U1P{n}"] = Person(f"U1P{n}", f"p{n}", f"Person {n}", f"p{n}@example.org")
        dana, before = slack.person("Dana"), await count(slack, Member)
        await dana.clicks(await gives(slack, HEADER + people(40)), "Import these 40 lines")
        assert dana.messages[-1]["text"].endswith(
            "Looked for 40 people in Slack: 30 are there. Whoever is not is recognized when they join."
        )
        await dana.types("/cohort", "export")
        [file] = dana.messages[-1]["files"]
        exported = slack.workspace.files[file["id"]].content or b""
        assert exported.count(b"Person ") == 40
        assert (await gives(slack, exported))["text"].endswith("Everything is as the file says: nothing changes.")
        await dana.clicks(dana.messages[0], "Undo this import")
        assert dana.messages[0]["text"] == "The import of roster.csv is undone: the roster is as it was before."
        assert await count(slack, Member) == before
    assert conformity.faults(tmp_path / "calls.jsonl") == []


async def _take(slack: Slack, *lines: str) -> None:
    report = await roster.import_roster(
        slack.sessions, slack.bot.program_id, HEADER + "".join(lines), dry_run=False, at=slack.clock.now()
    )
    assert report.ok, report.lines


async def _state(slack: Slack) -> str:
    async with slack.sessions() as session:
        one = await roster_imports.of_id(session, slack.bot.program_id, 1)
    assert one is not None
    return one.state
