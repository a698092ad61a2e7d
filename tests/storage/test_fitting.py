"""Practices for what is in a city's way: they fit, or there are none."""

import asyncio
from datetime import UTC, datetime

import pytest

from storage import practices
from storage.search import fitting, index
from storage.search.index import Index


@pytest.fixture(scope="module")
def library() -> Index:
    at = datetime(2026, 10, 1, tzinfo=UTC)
    rows = [entry.row(1, number, at) for number, entry in enumerate(asyncio.run(practices.starter()), 1)]
    return index.build(rows)


@pytest.mark.parametrize(
    ("topic", "text", "found"),
    [
        ("", "Evictions go up and the court does not tell us", "Lawyers for tenants"),
        ("", "Our police union blocks the new recruiting plan", "police union contract"),
        ("procurement", "No budget", "procurement"),
        ("a-topic-of-long-ago", "Evictions go up and the court does not tell us", "Lawyers for tenants"),
    ],
)
def test_what_fits_is_found_by_topic_and_text(library: Index, topic: str, text: str, found: str) -> None:
    first, *more = fitting.for_blocker(library, topic, text)
    assert found in first.title
    assert len(more) < fitting.MOST


@pytest.mark.parametrize("text", ["Legal says no.", "No budget", "My dog is sick", "x" * 3000, "<!channel>", "???", ""])
def test_what_merely_has_a_word_in_common_is_not_offered(library: Index, text: str) -> None:
    assert fitting.for_blocker(library, "", text) == []
