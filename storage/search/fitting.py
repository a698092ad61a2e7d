"""What the library has for somebody's trouble: a few practices that fit what is in a city's way, or none."""

from storage.models import Practice
from storage.search import finder
from storage.search.index import Index

MOST = 3


def for_blocker(index: Index, topic: str, text: str) -> list[Practice]:
    """Up to three practices for a blocker, best first; `topic` is one of the library's ("" when none was chosen). Takes milliseconds."""
    answer = finder.ask(index, f"{topic.replace('-', ' ')} {text}")
    return [hit.practice for hit in answer.hits[:MOST]]
