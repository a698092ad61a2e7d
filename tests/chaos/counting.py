"""What went wrong, counted over the messages in Slack: losses, repeats, and repeats that nobody looked for before."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.retry import UNCLEAR
from tests.chaos import office as offices
from tests.chaos.office import Office

SUMMARIES = 3
"""Of each round that was closed: one in the channel, one for each of the two facilitators."""


@dataclass(frozen=True)
class Count:
    """`unlooked` are repeats of a post of which nobody knew whether it had taken effect, without a look into Slack in between."""

    name: str
    kills: int
    owed: int
    in_slack: int
    lost: int
    twice: int
    unlooked: int
    seconds: float = 0

    @property
    def is_well(self) -> bool:
        return not (self.lost or self.twice or self.unlooked)


async def count(office: Office, name: str, *, kills: int, rounds: int, closed: int, seconds: float = 0) -> Count:
    """Every prompt of so many rounds, and the summaries of those that were closed, should stand in Slack once."""
    owed, found = await offices.owed_keys(office), Counter(offices.keys_in_slack(office.sandbox))
    expected = rounds * office.people + closed * SUMMARIES
    there = {key for _, key in found}
    lost = max(len(set(owed) - there), expected - len(there))
    twice = found.total() - len(there) + max(0, len(owed) - expected)
    return Count(name, kills, expected, found.total(), lost, twice, unlooked(office), seconds)


def unlooked(office: Office) -> int:
    """How many posts were repeated blindly."""
    repeated = 0
    doubtful: dict[str, str] = {}
    for call in office.sandbox.calls:
        if call["method"] == "chat.postMessage":
            key = _key(call["args"])
            repeated += key in doubtful
            doubtful.pop(key, None)
            if _is_doubtful(call["status"], call["response"]):
                doubtful[key] = _conversation(office, call["args"]["channel"])
        elif call["method"] == "conversations.history" and call["response"]["ok"]:
            doubtful = {key: place for key, place in doubtful.items() if place != call["args"]["channel"]}
    return repeated


def table(counts: Sequence[Count]) -> str:
    """The counts as a table that a person can read."""
    head = ("", "kills", "owed", "in Slack", "lost", "twice", "blindly", "seconds")
    rows = [
        (
            one.name,
            *map(str, (one.kills, one.owed, one.in_slack, one.lost, one.twice, one.unlooked)),
            f"{one.seconds:.1f}",
        )
        for one in counts
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in (head, *rows)
    )


def _is_doubtful(status: int, answer: dict[str, object]) -> bool:
    """Whether the app can not be sure that a call had no effect; the sandbox notes an answer also when it never arrived."""
    return bool(answer["ok"]) or status >= 500 or answer.get("error") in UNCLEAR


def _key(args: dict[str, Any]) -> str:
    metadata = args["metadata"]
    known = json.loads(metadata) if isinstance(metadata, str) else metadata
    return str(known["event_payload"]["key"])


def _conversation(office: Office, place: str) -> str:
    return office.sandbox.workspace.direct_channel(place).id if place.startswith("U") else place
