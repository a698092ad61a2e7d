"""A fresh database and a stopped clock for every test; PostgreSQL beside SQLite where a test asks for `sessions` of both."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

from storage.database import Sessions, connect
from tests import cast, conformity, databases, tenancy, whole
from tests.databases import postgres

__all__ = ["postgres"]


# Hypothesis would fail an example that took 0.2 seconds: what the machine does meanwhile is no property of ours. On top of what is set.
hypothesis.settings.register_profile("unhurried", hypothesis.settings(deadline=None))
hypothesis.settings.load_profile("unhurried")


# What bots of earlier tests leave is put away between tests: in the middle of one that took four seconds, longer than a listener may.
OFTEN, SELDOM, NEVER = 700, 10, 1_000_000
TIDIED_AFTER = 60


def pytest_runtest_setup() -> None:
    _, _, waiting = gc.get_count()
    gc.set_threshold(OFTEN, SELDOM, NEVER)  # for each test: a bot that runs here as a process would sets its own
    if waiting >= TIDIED_AFTER:
        gc.collect()


@pytest.fixture(scope="session", autouse=True)
def _tenancy() -> Iterator[None]:
    tenancy.watch()
    yield
    tenancy.unwatch()


class StoppedClock:
    """A clock that stands still until a test sets it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def set(self, at: datetime) -> None:
        self.at = at

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"nobody turns this clock by {seconds} seconds; use the workspace's")


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(cast.START)


@pytest.fixture(scope="session")
def postgres_url(postgres: str) -> str:
    url = asyncio.run(databases.new_postgres(postgres, f"civic_{os.getpid()}"))
    asyncio.run(databases.create_tables(url))
    return url


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows, to be copied; one that is there already when the environment names it."""
    if ready := os.environ.get(databases.EMPTY):
        return Path(ready)
    folder = tmp_path_factory.mktemp("empty")
    asyncio.run(databases.create_tables(databases.sqlite_url(folder)))
    return folder / databases.FILE


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The url of an empty database with all tables; the test runs once on each kind."""
    if request.param == "sqlite":
        return databases.copy_of(request.getfixturevalue("empty"), tmp_path)
    url = request.getfixturevalue("postgres_url")
    asyncio.run(databases.empty_tables(url))
    return str(url)


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[Sessions]:
    """Sessions on an empty database, once on SQLite and once on PostgreSQL."""
    opened = connect(database_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the cast and the starter practices, to be copied; one that is there already when the environment names it."""
    if ready := os.environ.get(whole.FILLED):
        return Path(ready)
    folder = tmp_path_factory.mktemp("filled")
    asyncio.run(whole.fill(databases.sqlite_url(folder)))
    return folder / databases.FILE


@pytest.fixture
async def slack(filled: Path, tmp_path: Path) -> AsyncIterator[whole.Slack]:
    """A whole bot with the cast in a workspace; what it said is held against Slack's definitions at the end."""
    log = tmp_path / "calls.jsonl"
    async with whole.slack(databases.copy_of(filled, tmp_path), log) as running:
        yield running
    assert conformity.faults(log) == []


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 10, 1, 15, 0, tzinfo=UTC)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI nothing skips: what is missing there is to be installed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = 1
