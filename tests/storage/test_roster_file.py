"""Reading a roster file: every dialect of CSV that offices send, and each wrong line by number and reason."""

import csv
import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.roster import file as roster_file
from storage.roster import text as texts
from storage.roster.file import Wrong

HEADER = "network,cohort,city,state,name,email,slack_id,role,title,expertise,time_zone,from,until\n"
ROW = {
    "network": "A",
    "cohort": "B",
    "city": "Memphis",
    "state": "TN",
    "name": "Ana Diaz",
    "email": "ana@memphis.gov",
    "slack_id": "",
    "role": "lead",
    "title": "",
    "expertise": "",
    "time_zone": "",
    "from": "",
    "until": "",
}


def line(**cells: str) -> str:
    return ",".join((ROW | cells).values()) + "\n"


def wrong(*lines: str) -> list[str]:
    sheet = roster_file.read(HEADER + "".join(lines))
    return [f"{one.line}: {one.reason}" for one in sheet.wrong]


def test_a_line_becomes_a_row() -> None:
    cells = {"email": "Ana@Memphis.GOV", "role": "Lead", "state": "tn", "expertise": "policy; equity"}
    cells |= {"time_zone": "America/Chicago", "from": "2026-01-01", "until": "12/31/2026"}
    [row] = roster_file.read(HEADER + line(**cells)).rows
    assert (row.line, row.name, row.email, row.role, row.state) == (2, "Ana Diaz", "ana@memphis.gov", "lead", "TN")
    assert row.expertise == ("policy", "equity")
    assert (row.time_zone, row.since, row.until) == ("America/Chicago", date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    "data",
    [
        (HEADER + line(name="Zoë Núñez")).encode(),
        (HEADER + line(name="Zoë Núñez")).encode("utf-8-sig"),
        (HEADER + line(name="Zoë Núñez")).encode("utf-16"),
        (HEADER + line(name="Zoë Núñez")).encode("cp1252"),
        (HEADER + line(name="Zoë Núñez")).replace("\n", "\r\n").encode(),
        (HEADER + line(name="Zoë Núñez")).replace("\n", "\r").encode(),
        (HEADER + line(name="Zoë Núñez")).replace(",", ";").encode(),
        (HEADER + line(name="Zoë Núñez")).replace(",", "\t").encode(),
        (HEADER.upper() + line(name='" Zoë   Núñez "') + ",,,,,,,,,,,,\n\n").encode(),
        (HEADER.replace("email", "E-mail").replace("slack_id", "Slack ID") + line(name="Zoë Núñez")).encode(),
    ],
)
def test_what_spreadsheets_write_is_understood(data: bytes) -> None:
    sheet = roster_file.read(data)
    assert sheet.wrong == ()
    assert [row.name for row in sheet.rows] == ["Zoë Núñez"]


def test_a_quoted_cell_may_hold_commas_and_line_breaks_and_lines_are_still_counted_right() -> None:
    title = line().replace("lead,,", 'lead,"Director,\nPublic ""Sector""",')
    sheet = roster_file.read(HEADER + title + line(role="boss", email="b@c.org"))
    assert sheet.rows[0].title == 'Director, Public "Sector"'
    assert [one.line for one in sheet.wrong] == [4]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"city": ""}, "the city is missing; only a facilitator has none"),
        (
            {"city": "", "network": "", "cohort": ""},
            "network and cohort are missing; only a facilitator of the whole program has none",
        ),
        ({"cohort": ""}, "the cohort is missing; network and cohort go together"),
        ({"role": "facilitator"}, "a facilitator has no city; leave city and state empty"),
        ({"role": "boss"}, 'the role "boss" is unknown; it is facilitator, lead, delegate or sponsor'),
        ({"role": ""}, "the role is missing; it is facilitator, lead, delegate or sponsor"),
        ({"name": ""}, "the name is missing"),
        ({"email": ""}, "the e-mail address is missing (or a slack_id): people are recognized by one of them"),
        ({"email": "ana.memphis.gov"}, '"ana.memphis.gov" is not an e-mail address'),
        ({"slack_id": "@ana"}, '"@ana" is not a Slack member id; these look like U024BE7LH'),
        ({"state": "Tennessee"}, '"TENNESSEE" is not a state; write its two letters, such as TN'),
        ({"time_zone": "America/Chicgo"}, '"America/Chicgo" is not a time zone; did you mean America/Chicago?'),
        ({"time_zone": "Central"}, '"Central" is not a time zone'),
        ({"from": "soon"}, '"soon" in from is not a date; write it as 2026-12-31'),
        ({"until": "2026-02-30"}, '"2026-02-30" in until is not a date; write it as 2026-12-31'),
        ({"from": "2026-05-01", "until": "2026-04-30"}, "until (2026-04-30) is before from (2026-05-01)"),
        ({"name": "A" * 201}, "the name is longer than 200 characters"),
        ({"title": "Director, Policy"}, "14 cells where the first line has 13; put a text with a comma in quotes"),
    ],
)
def test_a_wrong_line_is_named_with_its_number_and_the_reason(cells: dict[str, str], reason: str) -> None:
    [found] = wrong(line(email="first@memphis.gov", name="First"), line(**cells))
    assert found.startswith(f"3: {reason}")


def test_lines_that_contradict_each_other_are_named() -> None:
    assert wrong(line(), line(name="Rosa Kim", cohort="C")) == [
        "3: ana@memphis.gov is Rosa Kim here and Ana Diaz on line 2"
    ]
    assert wrong(line(slack_id="U123"), line(slack_id="U456", cohort="C")) == [
        "3: ana@memphis.gov has the slack_id U456 here and U123 on line 2"
    ]
    assert wrong(line(slack_id="U123"), line(slack_id="U123", email="b@c.org", name="Bo", cohort="C")) == [
        "3: the slack_id U123 has the e-mail address b@c.org here and ana@memphis.gov on line 2"
    ]
    assert wrong(line(), line(role="delegate")) == [
        "3: Ana Diaz has this place on line 2 already, on days that overlap"
    ]


def test_the_same_line_twice_and_the_same_seat_on_other_days_are_no_contradiction() -> None:
    first, second = line(until="2025-12-31"), line(**{"from": "2026-01-01", "role": "delegate"})
    assert wrong(first, first, second, line(name="ANA  diaz", cohort="C")) == []


def test_a_line_with_a_slack_id_alone_is_the_person_whose_other_line_has_both() -> None:
    sheet = roster_file.read(HEADER + line(slack_id="U123") + line(slack_id="U123", email="", cohort="C"))
    assert [row.person for row in sheet.rows] == ["ana@memphis.gov"] * 2


def test_a_city_without_a_state_is_the_one_whose_state_another_line_gives() -> None:
    sheet = roster_file.read(HEADER + line() + line(state="", email="b@c.org", name="Bo"))
    assert [row.state for row in sheet.rows] == ["TN", "TN"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        (HEADER.replace("city", "town"), 'unknown column "town"; the columns are network, cohort'),
        (HEADER.replace("cohort,", ""), 'column "cohort" is missing; the columns are network'),
        (HEADER.replace("email,slack_id,", ""), 'column "email" is missing (or "slack_id")'),
        (HEADER.replace("title", "name"), 'column "name" stands there twice'),
    ],
)
def test_a_file_with_other_columns_is_refused_as_a_whole(text: str, reason: str) -> None:
    sheet = roster_file.read(text + line() if text.strip() else text)
    [found] = sheet.wrong
    assert sheet.rows == ()
    assert found.line == 1
    assert found.reason.startswith(reason)


def test_a_quotation_mark_that_never_closes_is_named_and_not_taken_for_an_empty_roster() -> None:
    text = HEADER + line().replace("lead,", 'lead,"') + line(email="b@c.org", name="Bo") * 6000
    sheet = roster_file.read(text)
    assert sheet.wrong
    assert not sheet.rows


@given(st.text(), st.binary())
def test_whatever_the_file_is_reading_it_gives_rows_or_reasons(text: str, data: bytes) -> None:
    for sheet in (roster_file.read(text), roster_file.read(data), roster_file.read(HEADER + text)):
        assert all(isinstance(one, Wrong) and one.line >= 1 and one.reason for one in sheet.wrong)


NONSENSE = bytes(range(1, 256)) * 41_000
SPREADSHEETS = (
    "\ufeff{lines}",
    "sep=;\r\n{lines}",
    "\r\n\r\n{lines}",
)


@pytest.mark.parametrize("start", SPREADSHEETS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_as_spreadsheets_save_it_is_read(start: str, delimiter: str, ends: str, encoding: str) -> None:
    if start.startswith("sep") and delimiter != ";":
        start = start.replace(";", delimiter)
    lines = (HEADER + line(name="Zoë Núñez")).replace(",", delimiter).replace("\n", ends)
    text = start.format(lines=lines)
    if encoding == "cp1252":
        text = text.removeprefix("\ufeff")
    if start.startswith("sep") and ends == "\r":
        text = text.replace("\r\n", "\n", 1)
    sheet = roster_file.read(text.encode(encoding))
    assert sheet.wrong == ()
    assert [row.name for row in sheet.rows] == ["Zoë Núñez"]


@pytest.mark.parametrize(
    "data",
    [
        NONSENSE,
        HEADER.encode() + NONSENSE,
        HEADER.encode() + b"x\n" * 5_000_000,
        HEADER.encode() + b'"' * 10_000_000,
        b"a" * 10_000_000,
        b"," * 10_000_000,
        b"\n" * 10_000_000,
        (HEADER + line()).encode() * 60_000,
        (HEADER + line() * 100_000).encode(),
        (HEADER + line(time_zone="Nowhere/" + "x" * 90) * 50_000).encode(),
    ],
    ids=["bytes", "below a header", "short lines", "quotes", "one cell", "cells", "empty", "headers", "same", "zones"],
)
def test_ten_megabytes_of_nonsense_are_refused_in_few_words(data: bytes) -> None:
    sheet = roster_file.read(data[: 10 * 1024 * 1024])
    assert 0 < len(sheet.wrong) <= roster_file.MOST_WRONG + 1
    assert max(len(one.reason) for one in sheet.wrong) < 600


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("," * 60_000, "this is not a CSV file (a line has more than 50,000 characters); open it in your spreadsheet"),
        (HEADER + "," * 60_000, "the file cannot be read from here on (a line has more than 50,000 characters)"),
        (HEADER + "\n" * 200_000, "the file cannot be read from here on (there are more than 100,000 lines)"),
        ((HEADER + line()) + line() * 20_001, "a file may have 20,000 lines; make two of it"),
    ],
)
def test_what_is_too_long_for_a_roster_is_not_read_to_its_end(text: str, reason: str) -> None:
    assert [one.reason[: len(reason)] for one in roster_file.read(text).wrong] == [reason]


@pytest.mark.parametrize(
    ("data", "start"),
    [
        (b"PK\x03\x04\x14\x00", "this is a workbook (or another zipped file), not a CSV file; open it in your spread"),
        (b"\xd0\xcf\x11\xe0\xa1", "this is an old Excel workbook, not a CSV file"),
        (b"%PDF-1.7\n", "this is a PDF document, not a CSV file"),
        (b"<!DOCTYPE html>", "this is a page or an XML document, not a CSV file"),
    ],
)
def test_what_is_no_csv_says_what_it_is_and_what_to_do(data: bytes, start: str) -> None:
    [found] = roster_file.read(data).wrong
    assert found.reason.startswith(start)
    assert "save it as CSV" in found.reason


def test_a_place_twice_on_days_that_overlap_is_found_among_many(at: datetime) -> None:
    years = [line(**{"from": f"{year}-01-01", "until": f"{year}-12-31"}) for year in range(1990, at.year)]
    assert wrong(*years, *years) == []
    [found] = wrong(*years, line(**{"from": "2001-12-31", "until": "2002-01-01"}))
    assert "has this place on line" in found


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=("C",))), min_size=3, max_size=3), max_size=5))
def test_cells_are_read_as_they_were_written_and_none_begins_as_a_formula(rows: list[list[str]]) -> None:
    rows = [[" ".join(cell.split()) for cell in cells] for cells in rows]
    said = texts.written([["a", "b", "c"], *rows])
    assert [cells for _, cells in texts.records(said)][1:] == [cells for cells in rows if any(cells)]
    for cells in csv.reader(io.StringIO(said, newline="")):
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]
