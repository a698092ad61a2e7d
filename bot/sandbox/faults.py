"""Orders to the sandbox to misbehave as Slack and networks do: refuse, break, delay, repeat, or lose an answer."""

import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

ANY = "*"
SORTS = ("duplicate", "late", "unheard")
"""What can happen to an event; `unheard` also to a command or an interaction."""

KEPT = 10
_numbers = itertools.count(1)


@dataclass
class Fault:
    """For the next `times` calls of `method` ("*" means any), with `team` those to that workspace alone.

    `status` and `error` are answered instead of running the call (429 with `retry_after` seconds); with `lost` the call
    runs and its answer never arrives. `seconds` of machine time pass before the answer; a fault with nothing but them
    runs the call at once and answers late. `happened` counts how often it did, `last` is the call it did it to.
    """

    method: str
    error: str = ""
    status: int = 200
    retry_after: int = 1
    lost: bool = False
    seconds: float = 0
    times: int = 1
    happened: int = 0
    last: str = ""
    team: str = ""
    id: int = field(default_factory=lambda: next(_numbers))

    def __post_init__(self) -> None:
        plain = self.status == 200 and not self.lost and not self.seconds
        if not self.error and (plain or self.status != 200):
            self.error = "ratelimited" if self.status == 429 else "internal_error"

    @property
    def runs(self) -> bool:
        """Whether the call takes effect."""
        return self.lost or not self.error

    @property
    def mark(self) -> str:
        """What stands in the record beside a call that ran all the same."""
        late = f", answered {self.seconds:g} s late as ordered" if self.seconds else ""
        return late + (", its answer cut off as ordered" if self.lost else "")

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)} if self.status == 429 else {}

    @property
    def body(self) -> Json:
        return {"ok": False, "error": self.error}


@dataclass
class EventFault:
    """For the next `times` payloads named `method` ("*" means any).

    `what`: `duplicate` delivers it twice, `late` after `seconds` of the sandbox's clock, `unheard` loses the acknowledgement.
    """

    what: str
    method: str = ANY
    seconds: float = 60
    times: int = 1
    happened: int = 0
    last: str = ""
    id: int = field(default_factory=lambda: next(_numbers))


@dataclass
class Faults:
    """What is ordered and waits (`orders` of calls, `events`), and the last of what is used up (`spent`).

    `on_change` is told of each order, each time one happens, and each that is taken back.
    """

    orders: list[Fault] = field(default_factory=list)
    events: list[EventFault] = field(default_factory=list)
    spent: deque[Fault | EventFault] = field(default_factory=lambda: deque(maxlen=KEPT))
    on_change: Callable[[], None] = lambda: None

    def order(self, method: str, **how: Any) -> Fault:
        """Let the next calls of `method` fail; `how` as in `Fault`."""
        fault = Fault(method, **how)
        self.orders.append(fault)
        self.on_change()
        return fault

    def order_event(self, what: str, method: str = ANY, **how: Any) -> EventFault:
        """Let the next payloads named `method` come twice, late or with their answer lost; `how` as in `EventFault`."""
        if what not in SORTS:
            raise ValueError(f"An event can be {', '.join(SORTS)}, not {what!r}.")
        fault = EventFault(what, method, **how)
        self.events.append(fault)
        self.on_change()
        return fault

    def take(self, method: str, team: str = "") -> Fault | None:
        """The order that applies to this call, used up by it."""
        fits = (one for one in self.orders if one.method in (method, ANY) and one.team in (team, ""))
        fault = next(fits, None)
        if fault is not None:
            self._use(fault, self.orders, method)
        return fault

    def take_event(self, what: str, method: str) -> EventFault | None:
        """The order of this sort that applies to this payload, used up by it."""
        fault = next((one for one in self.events if one.what == what and one.method in (method, ANY)), None)
        if fault is not None:
            self._use(fault, self.events, method)
        return fault

    def waiting(self) -> list[Fault | EventFault]:
        """The orders that are not used up, in the order in which they were given."""
        return sorted([*self.orders, *self.events], key=lambda one: one.id)

    def cancel(self, number: int | None = None) -> bool:
        """Take back one order, or all; whether there was any."""
        before = len(self.waiting())
        self.orders = [one for one in self.orders if number not in (None, one.id)]
        self.events = [one for one in self.events if number not in (None, one.id)]
        self.on_change()
        return len(self.waiting()) < before

    def _use(self, fault: Fault | EventFault, orders: list[Any], name: str) -> None:
        fault.times -= 1
        fault.happened += 1
        fault.last = name
        if fault.times <= 0:
            orders.remove(fault)
            self.spent.appendleft(fault)
        self.on_change()
