"""What every journey may use."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import conformity, databases, whole
from tests.journeys.browser import chromium, open_page

__all__ = ["chromium", "open_page"]


@pytest.fixture
async def slack_over_http(filled: Path, tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[whole.Slack]:
    """As `slack`, with a bot that hears Slack over signed HTTP."""
    log = tmp_path / "calls.jsonl"
    async with whole.slack(databases.copy_of(filled, tmp_path), log, http_port=unused_tcp_port) as running:
        yield running
    assert conformity.faults(log) == []
