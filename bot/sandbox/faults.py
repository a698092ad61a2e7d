"""Orders to the sandbox to misbehave as Slack and networks do: refuse, break, delay, repeat, or lose an answer."""

import itertools
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from typing import Any

Json = dict[str, Any]

ANY = "*"
KINDS: dict[str, Json] = {
    "rate_limited": {
        "title": "Refuse with 429 and Retry-After",
        "about": "call",
        "fields": {"method": "chat.postMessage", "retry_after": 30, "times": 1},
    },
    "server_error": {
        "title": "Fail with a server error",
        "about": "call",
        "fields": {"method": "chat.postMessage", "status": 500, "times": 1},
    },
    "refusal": {
        "title": "Refuse with one of Slack's errors",
        "about": "call",
        "fields": {"method": "chat.postMessage", "error": "not_in_channel", "times": 1},
    },
    "slow": {
        "title": "Answer slowly",
        "about": "call",
        "fields": {"method": "chat.postMessage", "seconds": 5, "times": 1},
    },
    "lost_answer": {
        "title": "Do it, and cut off the answer",
        "about": "call",
        "fields": {"method": "chat.postMessage", "times": 1},
    },
    "duplicate_event": {
        "title": "Deliver an event twice",
        "about": "event",
        "fields": {"method": ANY, "times": 1},
    },
    "late_event": {
        "title": "Deliver an event late",
        "about": "event",
        "fields": {"method": ANY, "seconds": 60, "times": 1},
    },
    "unheard_answer": {
        "title": "Lose the app's acknowledgement and the socket with it",
        "about": "event",
        "fields": {"method": ANY, "times": 1},
    },
    "dropped_socket": {"title": "Cut the sockets now", "about": "socket", "fields": {}},
    "disconnect": {
        "title": "Tell the sockets to go",
        "about": "socket",
        "fields": {"reason": "refresh_requested"},
    },
    "connect": {"title": "Switch Socket Mode on again", "about": "socket", "fields": {}},
}
"""What can be ordered: of calls the app makes, of events (commands and interactions by their type), and of sockets at once."""

_EVENT_KINDS = {"duplicate_event": "duplicate", "late_event": "late", "unheard_answer": "unheard"}
_numbers = itertools.count(1)


@dataclass
class Fault:
    """For the next `times` calls of `method` ("*" means any).

    `status` and `error` are answered instead of running the call (429 with `retry_after` seconds); with `lost` the call
    runs and its answer never arrives. `seconds` of machine time pass before the answer; a fault with nothing but them
    runs the call at once and answers late.
    """

    method: str
    error: str = ""
    status: int = 200
    retry_after: int = 1
    lost: bool = False
    seconds: float = 0
    times: int = 1
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
    id: int = field(default_factory=lambda: next(_numbers))


@dataclass
class Faults:
    orders: list[Fault] = field(default_factory=list)
    events: list[EventFault] = field(default_factory=list)

    def order(self, method: str, **how: Any) -> Fault:
        """Let the next calls of `method` fail; `how` as in `Fault`."""
        self.orders.append(Fault(method, **how))
        return self.orders[-1]

    def order_event(self, what: str, method: str = ANY, **how: Any) -> EventFault:
        """Let the next payloads named `method` come twice, late or with their answer lost; `how` as in `EventFault`."""
        if what not in _EVENT_KINDS.values():
            raise ValueError(f"An event can be {', '.join(_EVENT_KINDS.values())}, not {what!r}.")
        self.events.append(EventFault(what, method, **how))
        return self.events[-1]

    def take(self, method: str) -> Fault | None:
        """The order that applies to this call, used up by it."""
        fault = next((one for one in self.orders if one.method in (method, ANY)), None)
        if fault is not None:
            _use(fault, self.orders)
        return fault

    def take_event(self, what: str, method: str) -> EventFault | None:
        """The order of this sort that applies to this payload, used up by it."""
        fault = next((one for one in self.events if one.what == what and one.method in (method, ANY)), None)
        if fault is not None:
            _use(fault, self.events)
        return fault

    def ordered(self, order: Json) -> Fault | EventFault:
        """Take an order as the page gives it: `kind`, and what else is not as usual. ValueError when it makes no sense."""
        kind, given = str(order.get("kind")), {name: value for name, value in order.items() if name != "kind"}
        known: Json = KINDS.get(kind, {"fields": {}, "about": ""})
        unknown = sorted(set(given) - set(known["fields"]))
        if not known["fields"] or known["about"] == "socket" or unknown:
            raise ValueError(f"There is no fault {kind!r}{' with ' + ', '.join(unknown) if unknown else ''}.")
        how = {name: _of_the_kind(name, value, known["fields"]) for name, value in (known["fields"] | given).items()}
        method = str(how.pop("method"))
        if kind in _EVENT_KINDS:
            return self.order_event(_EVENT_KINDS[kind], method, **how)
        extra: Json = {"status": 429} if kind == "rate_limited" else {}
        extra |= {"lost": True} if kind == "lost_answer" else {}
        return self.order(method, **how, **extra)

    def cancel(self, number: int | None = None) -> None:
        """Take back one order, or all."""
        self.orders = [one for one in self.orders if number not in (None, one.id)]
        self.events = [one for one in self.events if number not in (None, one.id)]

    def listed(self) -> Iterator[Json]:
        """The orders that still wait, each with what it changes and how often it applies yet."""
        waiting: list[Fault | EventFault] = [*self.orders, *self.events]
        for fault in sorted(waiting, key=lambda one: one.id):
            usual = {one.name: one.default for one in fields(fault)}
            told = {name: value for name, value in asdict(fault).items() if value != usual[name] or name == "times"}
            yield {"kind": _kind(fault), **told}


def _use(fault: Fault | EventFault, orders: list[Any]) -> None:
    fault.times -= 1
    if fault.times <= 0:
        orders.remove(fault)


def _kind(fault: Fault | EventFault) -> str:
    if isinstance(fault, EventFault):
        return next(kind for kind, what in _EVENT_KINDS.items() if what == fault.what)
    if fault.lost:
        return "lost_answer"
    if fault.status == 429:
        return "rate_limited"
    if fault.status >= 500:
        return "server_error"
    return "refusal" if fault.error else "slow"


def _of_the_kind(name: str, value: object, usual: Json) -> object:
    """A number where a number stands usually, 1 at least."""
    if isinstance(usual[name], str):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise ValueError(f"{name} should be a number above 0.")
    return value if name == "seconds" else int(value)
