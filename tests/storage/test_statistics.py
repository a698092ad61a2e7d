"""What SQLite knows of its rows: without it, it would look through a whole program for what is asked of one person."""

from pathlib import Path

import pytest
from sqlalchemy import insert, text

from storage import database
from storage.models import Delivery, Owed
from tests import cast, databases


@pytest.mark.parametrize("column", ["delivery_id", "member_id"])
async def test_of_one_among_hundreds_sqlite_does_not_look_through_the_whole_program(
    tmp_path: Path, column: str
) -> None:
    url = databases.sqlite_url(tmp_path)
    await databases.create_tables(url)
    sessions = database.connect(url)
    async with sessions.begin() as session:
        program_id = (await cast.enter(session)).workspace.program_id
        posts = {"program_id": program_id, "workspace_id": 1, "kind": "post", "place": "U", "due_at": cast.START}
        ids = list(await session.scalars(insert(Delivery).returning(Delivery.id), [posts] * 500))
        reason = {"program_id": program_id, "own_accord": True, "priority": 1, "payload": {}, "created_at": cast.START}
        reasons = [{**reason, "delivery_id": one, "key": str(one), "member_id": one % 6 + 1} for one in ids]
        await session.execute(insert(Owed), reasons)
    await database.analyze(sessions)
    await sessions.close()
    again = database.connect(url)
    async with again() as session:
        asked = text(f"EXPLAIN QUERY PLAN SELECT id FROM owed WHERE program_id = 1 AND {column} = 5")
        assert f"{column}=?" in str((await session.execute(asked)).all())
    await again.close()


async def test_a_server_needs_no_telling(postgres_url: str) -> None:
    sessions = database.connect(postgres_url)
    await database.analyze(sessions)
    await sessions.close()
