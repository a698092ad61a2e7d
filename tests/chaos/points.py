"""The points at which a bot is killed: where its own transactions commit, and where its calls arrive at Slack."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bot.sandbox.server import Sandbox
from tests.chaos.strikes import Strike

TAKEN = r"UPDATE deliveries SET [^;]*tries=.*SELECT owed"  # only who took something asks what it pays
SETTLED = r"UPDATE deliveries SET [^;]*outcome="
UNCLEAR = r"UPDATE deliveries SET leased_until=[^,;]* WHERE"
OWED = "INSERT INTO owed"
OPENED = "INSERT INTO rounds"
CLOSED = "UPDATE rounds SET closed_at="
POST = "chat.postMessage"


@dataclass(frozen=True)
class Point:
    """`strike` is what the bot does to itself. Else it is struck at the `post`-th message: "arrived" or "done", its effect in Slack.

    `cut_off` is the number of the post whose answer is cut off after it took effect.
    """

    name: str
    strike: Strike | None = None
    at: str = ""
    post: int = 0
    cut_off: int = 0


NAMED = (
    Point("after the commit, before the send", Strike("after", OWED)),
    Point("before the lease", Strike("before", TAKEN)),
    Point("after the lease, before the call", Strike("after", TAKEN)),
    Point("when a call arrives at Slack", at="arrived", post=7),
    Point("after Slack's effect, before its answer", at="done", post=7),
    Point("with the answer cut off", Strike("after", UNCLEAR), cut_off=3),
    Point("before settling", Strike("before", SETTLED, 2)),
    Point("while opening a round", Strike("before", OPENED)),
    Point("while closing a round", Strike("before", CLOSED)),
)


def at_random(chance: Random) -> Point:
    """Any commit, or any moment of a post; now and then with an answer that is cut off before."""
    cut_off = chance.choice((0, 0, 0, 1, 2))
    if chance.random() < 0.4:
        return Point("at a post", at=chance.choice(("arrived", "done")), post=chance.randint(1, 4), cut_off=cut_off)
    says = chance.choice(("", "", TAKEN, SETTLED, SETTLED, OWED, OPENED, CLOSED))
    strike = Strike(chance.choice(("before", "after")), says, chance.randint(1, 3))
    return Point("at a commit", strike, cut_off=cut_off)


@dataclass
class Traps:
    """What is to happen at messages that arrive at Slack: (when, the how manieth from now, what)."""

    set_up: list[list[object]] = field(default_factory=list)

    def add(self, at: str, post: int, then: Callable[[], None]) -> None:
        self.set_up.append([at, post, then])

    def spring(self, at: str) -> None:
        """A message "arrived", or its effect is "done"."""
        for trap in [one for one in self.set_up if one[0] == at]:
            trap[1] -= 1  # type: ignore[operator]
            if trap[1] == 0:
                self.set_up.remove(trap)
                trap[2]()  # type: ignore[operator]


def traps_in(sandbox: Sandbox) -> Traps:
    """Traps that spring inside the sandbox, before anything else happens there."""
    traps, take, tell = Traps(), sandbox.faults.take, sandbox.workspace.on_change

    def taking(method: str, team: str = "") -> object:
        if method == POST:
            traps.spring("arrived")
        return take(method, team)

    def telling(kind: str, change: dict[str, object]) -> None:
        tell(kind, change)
        if kind == "message" and change["what"] == "posted":
            traps.spring("done")

    sandbox.faults.__dict__["take"] = taking
    sandbox.workspace.on_change = telling
    return traps


def arm(point: Point, sandbox: Sandbox, traps: Traps, strike: Callable[[], None]) -> None:
    """Prepare the sandbox for a point; `strike` is called when its moment has come."""
    if point.cut_off:
        traps.add("arrived", point.cut_off, lambda: _order_cut_off(sandbox))
    if point.at:
        traps.add(point.at, point.post, strike)


def _order_cut_off(sandbox: Sandbox) -> None:
    sandbox.faults.order(POST, lost=True)
