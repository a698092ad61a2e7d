"""What a facilitator sees of `/cohort import`: the form, the dry run, the confirmation, and the way back."""

from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.sandbox.form import Form
from storage import deliveries, roster, roster_imports
from storage.models import Delegate, Facilitator, Identity, Member, RosterImport
from tests import cast
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
        "Looked for one person in Slack: 0 are there. Whoever is not is recognized when they join."
    )
    assert await count(slack, Member) == before + 1

    await dana.clicks(done, "Undo this import")
    [undone] = dana.messages
    assert undone["text"] == "The import of roster.csv is undone: the roster is as it was before."
    assert await count(slack, Member) == before
    assert "nobody" in (await dana.types("/cohort", "who bo"))["text"]
