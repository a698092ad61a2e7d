"""What is read before a form about places opens: few statements, on both databases."""

from datetime import UTC, datetime

import pytest

from handlers.seats import opening
from storage import members
from storage.database import Sessions
from tests import cast
from tests.bench.statements import counted
from tests.handlers.cohorts.test_answers import Names

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


@pytest.mark.parametrize(("word", "name", "most"), [("add", "proc", 3), ("remove", "", 3), ("handover", "", 3)])
async def test_a_word_opens_its_form_in_few_statements(sessions: Sessions, word: str, name: str, most: int) -> None:
    async with sessions.begin() as session:
        await cast.enter(session)
    with counted() as statements:
        async with sessions() as session:
            asker = await members.asker(session, cast.TEAM, cast.user_id("Renee"))
            assert asker is not None
            view = await opening.by_word(session, asker, word, name, now=NOW, settings=Names())
    assert view["type"] == "modal"
    assert len([one for one in statements if one.lstrip().startswith("SELECT")]) <= most, statements
