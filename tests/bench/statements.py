"""How many statements a command takes before it is acknowledged, counted in the database driver."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.sandbox import interaction
from tests import whole
from tests.bench.commands import COMMIT, LINE, PRACTICES, QUESTION
from tests.bench.figures import Figure, Section
from tests.whole import Slack

MOST = 5
LINES = (("/commit", COMMIT, LINE), ("/practices", PRACTICES, QUESTION))


async def measure(urls: dict[str, str], folder: Path) -> Section:
    """`urls` are empty databases by name. BEGIN and COMMIT do not count."""
    figures = []
    for name, url in urls.items():
        await whole.fill(url)
        async with whole.slack(url, folder / "statements.jsonl") as slack:
            for command, what, line in LINES:
                await _acknowledged(slack, command, line.format("one"))  # what is made once, such as the index
                with counted() as statements:
                    await _acknowledged(slack, command, line.format("two"))
                figures.append(Figure(f"{what} ({name}): statements before the ack", len(statements), "", most=MOST))
    return Section("Statements", figures)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run in this process until the block ends."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def _acknowledged(slack: Slack, command: str, line: str) -> None:
    """Return as soon as the acknowledgement is there."""
    person = slack.person("Ana")
    urls = {"response_url": "http://127.0.0.1:9/", "trigger_id": slack.workspace.triggers.issue(person.id)}
    channel = slack.workspace.direct_channel(person.id)
    payload = interaction.command(slack.workspace, person.id, channel, command, line, urls)
    if await slack.sandbox.links.request("slash_commands", payload) is None:
        raise RuntimeError(f"{command} was not acknowledged")
