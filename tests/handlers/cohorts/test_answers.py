"""What is read for an answer: few statements, whatever the size of the program, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, select

from handlers import words
from handlers.cohorts import answers, opening
from storage import members, programs, roster
from storage.database import Sessions
from storage.models import Member
from tests import cast

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
SAMPLE = Path("storage/library/roster.csv").read_bytes()


class Names:
    command_cohort, command_checkin, command_commit, command_practices = "/cohort", "/checkin", "/commit", "/practices"


@contextmanager
def counted(sessions: Sessions) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engines = {id(engine.sync_engine): engine.sync_engine for engine in sessions.engines}.values()
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield statements
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def somebody(sessions: Sessions, email: str) -> Member:
    async with sessions.begin() as session:
        workspace = await programs.ensure(
            session, team_id="T1", name="Office", bot_user_id="U1", time_zone="America/New_York", at=NOW
        )
    assert (await roster.import_roster(sessions, workspace.program_id, SAMPLE, dry_run=False, at=NOW)).ok
    async with sessions() as session:
        query = select(Member).where(Member.program_id == workspace.program_id, Member.email == email)
        return (await session.scalars(query)).one()


@pytest.mark.parametrize("typed", ["", "list", "show scale", "show proc", "who budget austin", "memphis", "zebra"])
async def test_an_answer_takes_five_statements_at_most_with_the_look_for_who_asks(
    sessions: Sessions, typed: str
) -> None:
    dana = await somebody(sessions, "dana.whitfield@program.example.org")
    asked = words.read(typed)
    with counted(sessions) as statements:
        async with sessions() as session:
            assert await members.by_identity(session, "T1", "U0NOBODY") is None
            if asked.kind == "mine":
                reply, _ = await answers.mine(session, dana, now=NOW, settings=Names())
            else:
                reply = await answers.to(session, dana, asked, team_id=cast.TEAM, now=NOW, settings=Names())
    assert len([one for one in statements if one.startswith("SELECT")]) <= 5
    assert reply["text"]
    assert len(reply.get("blocks", [])) <= 50


async def test_cohorts_that_ended_stand_apart(sessions: Sessions) -> None:
    uma = await somebody(sessions, "uma.ellison@louisville.example.org")
    async with sessions() as session:
        reply, led = await answers.mine(session, uma, now=NOW, settings=Names())
    assert led
    assert reply["text"].startswith("You lead Louisville, KY in Racial Equity Here. You lead Louisville, KY in Self-")
    assert {"type": "mrkdwn", "text": "Ended: Cohort 1: Innovation culture."} in reply["blocks"][-2]["elements"]


@pytest.mark.parametrize(
    ("word", "words", "most"), [("new", "", 3), ("add", "proc", 6), ("handover", "", 5), ("edit", "", 6)]
)
async def test_a_word_opens_its_form_in_few_statements(sessions: Sessions, word: str, words: str, most: int) -> None:
    async with sessions.begin() as session:
        await cast.enter(session)
    with counted(sessions) as statements:
        async with sessions() as session:
            member = await members.by_identity(session, cast.TEAM, cast.user_id("Renee"))
            assert member is not None
            view = await opening.by_word(session, member, cast.TEAM, word, words, now=NOW, settings=Names())
    assert view["type"] == "modal"
    assert len([one for one in statements if one.lstrip().startswith("SELECT")]) <= most, statements
