"""What faults can be ordered from outside, by the page or another program: their kinds, how an order is read, how it is told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from bot.sandbox.faults import ANY, EventFault, Fault, Faults

Json = dict[str, Any]

CALL: Json = {"method": "chat.postMessage"}
KINDS: dict[str, Json] = {
    "rate_limited": {
        "title": "Refuse with 429 and Retry-After",
        "hint": "The call does nothing. The app is told to try again after so many seconds.",
        "about": "call",
        "fields": CALL | {"retry_after": 30, "times": 1},
    },
    "server_error": {
        "title": "Fail with a server error",
        "hint": "The call does nothing and is answered with a status such as 500 or 503.",
        "about": "call",
        "fields": CALL | {"status": 500, "times": 1},
    },
    "refusal": {
        "title": "Refuse with one of Slack's errors",
        "hint": "The call does nothing; the answer names the error.",
        "about": "call",
        "fields": CALL | {"error": "not_in_channel", "times": 1},
    },
    "slow": {
        "title": "Answer slowly",
        "hint": "The call takes effect at once. Its answer comes so many real seconds later.",
        "about": "call",
        "fields": CALL | {"seconds": 5, "times": 1},
    },
    "lost_answer": {
        "title": "Do it, and cut off the answer",
        "hint": "The call takes effect, but the connection breaks before the app hears of it.",
        "about": "call",
        "fields": CALL | {"times": 1},
    },
    "duplicate_event": {
        "title": "Deliver an event twice",
        "hint": "Both come side by side, with the same event_id.",
        "about": "event",
        "fields": {"method": ANY, "times": 1},
    },
    "late_event": {
        "title": "Deliver an event late",
        "hint": "It comes so many seconds later on the workspace's clock, after what happened meanwhile.",
        "about": "event",
        "fields": {"method": ANY, "seconds": 60, "times": 1},
    },
    "unheard_answer": {
        "title": "Lose the app's acknowledgement and the socket with it",
        "hint": "The app has it, but Slack does not know: an event comes again, a command fails for who typed it.",
        "about": "payload",
        "fields": {"method": ANY, "times": 1},
    },
    "dropped_socket": {
        "title": "Cut the sockets now",
        "hint": "All open sockets break without a word. The app should open new ones.",
        "about": "socket",
        "fields": {},
    },
    "disconnect": {
        "title": "Tell the sockets to go",
        "hint": "Slack asks the app to change sockets. After link_disabled it cannot come back until Socket Mode is on again.",
        "about": "socket",
        "fields": {"reason": "refresh_requested"},
    },
    "connect": {
        "title": "Switch Socket Mode on again",
        "hint": "After link_disabled: the app may open sockets again.",
        "about": "socket",
        "fields": {},
    },
}
"""What can be ordered: of calls the app makes, of events, of all payloads (interactions too), and of sockets at once."""

MOST = 1_000_000
_SORTS = {"duplicate_event": "duplicate", "late_event": "late", "unheard_answer": "unheard"}


class BadOrder(ValueError):  # noqa: N818 (it is an answer, not a defect)
    """An order that makes no sense; `errors` has a sentence for each field that is wrong."""

    def __init__(self, **errors: str) -> None:
        super().__init__(" ".join(f"{name}: {text}" for name, text in errors.items()))
        self.errors = errors


def read(order: Json, choices: Mapping[str, Sequence[str]]) -> tuple[str, Json]:
    """The kind that is ordered, and its fields with their usual values where none were given.

    `choices` has the names there are for what a kind is about (`call`, `event`, `payload`), and each `reason`. Raises `BadOrder`.
    """
    kind = str(order.get("kind"))
    if kind not in KINDS:
        raise BadOrder(kind=f"There is no such fault. There are {', '.join(KINDS)}.")
    usual, about = KINDS[kind]["fields"], KINDS[kind]["about"]
    given = {name: value for name, value in order.items() if name != "kind"}
    errors = {name: "This fault has no such field." for name in given if name not in usual}
    how = usual | given
    for name in usual:
        names = [ANY, *choices[about]] if name == "method" else choices.get(name, ())
        if problem := _problem(name, how[name], names):
            errors[name] = problem
    if errors:
        raise BadOrder(**errors)
    return kind, how


def place(faults: Faults, kind: str, how: Json) -> Fault | EventFault:
    """Give an order that was read; of a kind that waits for a call or a payload."""
    if kind in _SORTS:
        return faults.order_event(_SORTS[kind], **how)
    extra: Json = {"status": 429} if kind == "rate_limited" else {"lost": True} if kind == "lost_answer" else {}
    return faults.order(**how, **extra)


def told(orders: Sequence[Fault | EventFault]) -> Iterator[Json]:
    """Each order as the page reads it: its fields, how often it still applies, and how often it happened."""
    for fault in orders:
        kind = _kind(fault)
        always = {"id", "method", "times", "happened", *KINDS[kind]["fields"]}
        usual = {one.name: one.default for one in fields(fault)}
        yield {"kind": kind} | {
            name: value for name, value in asdict(fault).items() if name in always or value != usual[name]
        }


def _kind(fault: Fault | EventFault) -> str:
    if isinstance(fault, EventFault):
        return next(kind for kind, sort in _SORTS.items() if sort == fault.what)
    if fault.lost:
        return "lost_answer"
    if fault.status == 429:
        return "rate_limited"
    if fault.status >= 500:
        return "server_error"
    return "refusal" if fault.error else "slow"


def _problem(name: str, value: object, choices: Sequence[str]) -> str:
    """What is wrong with a field, as a sentence; "" when nothing is."""
    if name == "method":
        return "" if value in choices else f"There is no such name here; {ANY} means any."
    if choices:
        return "" if value in choices else f"Please choose one of {', '.join(choices)}."
    return _PROBLEMS[name](value)


def _whole(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        return "Please enter a whole number above 0."
    return _too_much(value)


def _seconds(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        return "Please enter a number above 0."
    return _too_much(value)


def _too_much(value: float) -> str:
    """Nobody waits longer, and clocks and timers take no larger number."""
    return f"Please enter at most {MOST:,}." if value > MOST else ""


def _status(value: object) -> str:
    right = isinstance(value, int) and 500 <= value < 600
    return "" if right else "Please enter a status from 500 to 599."


def _error(value: object) -> str:
    right = isinstance(value, str) and value and value == "".join(value.split())
    return "" if right else "Please enter the error as Slack writes it, for example not_in_channel."


_PROBLEMS: dict[str, Callable[[object], str]] = {
    "times": _whole,
    "retry_after": _whole,
    "seconds": _seconds,
    "status": _status,
    "error": _error,
}
