"""What the library has for somebody's trouble: a few practices that fit what is in a city's way, or none."""

from storage.models import Practice
from storage.search import finder, question, ranking
from storage.search.index import Index

MOST = 3
# Nobody asked: so what is offered must fit more surely than an answer to a question. Of twenty sentences about troubles the ones below
# this strength ("Legal says no") led to practices that merely had a word in common.
SURE = 0.7
REMEMBERED = 1000


def for_blocker(index: Index, topic: str, text: str) -> list[Practice]:
    """Up to three practices for a blocker, best first. Takes milliseconds, and less when it was asked before: a summary asks often.

    `topic` is one of the library's ("" when none was chosen): then those of the topic count that the text finds among them.
    """
    about = topic, text[: finder.LONGEST]
    found = index.fitting.get(about)
    if found is None:
        if len(index.fitting) >= REMEMBERED:
            index.fitting.clear()
        index.fitting[about] = found = _found(index, *about)
    return found


def _found(index: Index, topic: str, text: str) -> list[Practice]:
    if topic:
        within = finder.ask(index, f"topic:{topic} {topic.replace('-', ' ')} {text}")
        if within.hits:
            return [hit.practice for hit in within.hits[:MOST]]
    ranked = ranking.rank(index, question.read(index, text))
    return [index.practices[one.place] for one in ranked[:MOST] if one.strength >= SURE]
