"""Practices go in from the starter library and from files, all or nothing; questions without an answer are kept."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import yaml
from sqlalchemy import func, select

from storage import practice_file, practices, programs
from storage.database import Sessions
from storage.models import Gap, Practice
from tests import cast

ENTRY: dict[str, Any] = {
    "id": "elsewhere-night-market",
    "title": "A night market run by vendors",
    "summary": "Vendors run a market on a closed street.",
    "steps": ["Ask the vendors"],
    "outcome": "40 stalls in the first year.",
    "places": ["Elsewhere, OH"],
    "years": "2024-",
    "elements": ["broadly-partnered"],
    "topics": ["small-business"],
    "networks": [],
    "sources": [{"title": "The market", "url": "https://example.org/market"}],
    "verified": True,
}


def file(*entries: dict[str, Any]) -> bytes:
    return yaml.safe_dump(list(entries), allow_unicode=True).encode()


async def new_program(sessions: Sessions, at: datetime, team_id: str = cast.TEAM) -> int:
    async with sessions.begin() as session:
        names = {"name": team_id, "bot_user_id": cast.BOT_USER, "time_zone": "America/New_York"}
        return (await programs.ensure(session, team_id=team_id, **names, at=at)).program_id


async def published(sessions: Sessions, program_id: int) -> list[Practice]:
    async with sessions() as session:
        return await practices.published(session, program_id)


async def test_the_starter_practices_are_loaded_on_the_first_start_and_not_again(
    sessions: Sessions, at: datetime
) -> None:
    program_id = await new_program(sessions, at)
    async with sessions.begin() as session:
        assert await practices.load_starter(session, program_id, at) == 133
    async with sessions.begin() as session:
        assert await practices.load_starter(session, program_id, at) == 0
    rows = await published(sessions, program_id)
    assert [row.number for row in rows] == list(range(1, 134))
    assert rows[0].places == ["Nashville, TN"]


async def test_two_processes_that_start_at_once_load_the_practices_once(sessions: Sessions, at: datetime) -> None:
    program_id = await new_program(sessions, at)

    async def start() -> int:
        async with sessions.begin() as session:
            return await practices.load_starter(session, program_id, at)

    assert sorted(await asyncio.gather(start(), start())) == [0, 133]
    assert len(await published(sessions, program_id)) == 133


async def test_each_program_has_its_own_practices_and_numbers(sessions: Sessions, at: datetime) -> None:
    first, second = await new_program(sessions, at), await new_program(sessions, at, "T0OTHER")
    await practices.import_practices(sessions, first, file(ENTRY), at)
    async with sessions.begin() as session:
        await practices.load_starter(session, second, at)
    assert [row.slug for row in await published(sessions, first)] == ["elsewhere-night-market"]
    assert "elsewhere-night-market" not in {row.slug for row in await published(sessions, second)}
    async with sessions() as session:
        number = (await published(sessions, second))[0].number
        assert (await practices.find(session, first, number)) is not None
        assert (await practices.find(session, first, number + 1)) is None


async def test_an_import_adds_what_is_new_changes_what_changed_and_leaves_the_rest(
    sessions: Sessions, at: datetime
) -> None:
    program_id = await new_program(sessions, at)
    other = ENTRY | {"id": "elsewhere-day-market", "title": "A day market"}
    report = await practices.import_practices(sessions, program_id, file(ENTRY, other), at)
    assert report == practices.Report(
        ["Added 2: elsewhere-night-market, elsewhere-day-market.", "As before: 0."], ok=True
    )

    later = at + timedelta(days=1)
    changed = ENTRY | {"outcome": "55 stalls in the second year."}
    report = await practices.import_practices(sessions, program_id, file(changed, other), later)
    assert report.lines == ["Changed 1: elsewhere-night-market.", "As before: 1."]
    night, day = await published(sessions, program_id)
    assert (night.number, night.outcome, night.updated_at) == (1, "55 stalls in the second year.", later)
    assert (day.number, day.updated_at) == (2, at)


async def test_an_import_that_changes_nothing_leaves_the_version(sessions: Sessions, at: datetime) -> None:
    program_id = await new_program(sessions, at)
    versions = []
    for _ in range(2):
        await practices.import_practices(sessions, program_id, file(ENTRY), at)
        async with sessions() as session:
            versions.append(await practices.version(session, program_id))
    await practices.import_practices(sessions, program_id, file(ENTRY | {"years": 2025}), at)
    async with sessions() as session:
        versions.append(await practices.version(session, program_id))
    assert versions == [1, 1, 2]


async def test_one_wrong_entry_stops_the_whole_file_and_each_mistake_is_named(sessions: Sessions, at: datetime) -> None:
    program_id = await new_program(sessions, at)
    wrong = ENTRY | {
        "id": "elsewhere-wrong",
        "elements": ["data-drivn"],
        "sources": [{"title": "x", "url": "javascript:1"}],
    }
    wrong.pop("outcome")
    report = await practices.import_practices(sessions, program_id, file(ENTRY, wrong, ENTRY), at)
    assert not report.ok
    assert report.lines[0] == "elsewhere-wrong: `outcome` is missing."
    assert "elsewhere-wrong: element “data-drivn” is none of" in report.lines[1]
    assert report.lines[2].startswith("elsewhere-wrong: source 1: the url should start with http")
    assert report.lines[3] == "elsewhere-night-market: this id stands in the file 2 times."
    assert report.lines[4] == "Nothing was imported."
    assert await published(sessions, program_id) == []


def test_what_cannot_be_read_is_said_with_its_line() -> None:
    assert (
        practice_file.read(b"- id: a\n  title: [x\n").problems[0].startswith("This is not YAML that I can read: line 3")
    )
    assert practice_file.read("- id: ü".encode("latin-1")).entries == []
    assert "should be a list of practices" in practice_file.read(b"title: x").problems[0]
    assert practice_file.read(b"- just words").problems == [
        "entry 1: should have fields such as `title:` and `summary:`."
    ]
    long = practice_file.read(file(ENTRY | {"title": "x" * 200, "id": "Bad Id", "verified": "yes", "price": 3}))
    assert long.problems == [
        "Bad Id: `price` is not a field of a practice.",
        "Bad Id: `id` should be lower-case words joined by hyphens.",
        "Bad Id: `title` has 200 characters; 140 fit.",
        "Bad Id: `verified` should be true or false.",
    ]


async def test_a_question_without_an_answer_is_kept_once_a_day_and_counted_for_all(
    sessions: Sessions, at: datetime
) -> None:
    async with sessions.begin() as session:
        people = await cast.enter(session)
        program_id = people.workspace.program_id
        for member, question, moment in (
            (people["Ana"], "tree canopy", at),
            (people["Ana"], "tree canopy", at + timedelta(hours=3)),
            (people["Rosa"], "Tree canopy", at + timedelta(hours=4)),
            (people["Rosa"], "x" * 900, at + timedelta(hours=5)),
        ):
            await practices.note_gap(session, program_id, member.id, question, moment)
            await session.flush()
    async with sessions() as session:
        count = select(func.count()).select_from(Gap).where(Gap.program_id == program_id)
        assert await session.scalar(count) == 3
        long, trees = await practices.gaps(session, program_id, 10)
        assert long.text == "x" * practices.GAP_LIMIT
        assert (trees.text.lower(), trees.times, trees.last_at) == ("tree canopy", 2, at + timedelta(hours=4))
