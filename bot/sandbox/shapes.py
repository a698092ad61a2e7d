"""Rules for the shape of JSON, and Slack's words for what is wrong with it and where.

A rule is called with a value and its place (a JSON pointer) and gives one line for each fault, as Slack writes them.
"""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date
from urllib.parse import urlsplit

Faults = Iterator[str]
Rule = Callable[[object, str], Faults]


def at(place: str, fault: str) -> str:
    return f"{fault} [json-pointer:{place}]"


def string(most: int, *, least: int = 1) -> Rule:
    """Text of at most (and at least) so many characters; blanks alone are no text."""

    def check(value: object, place: str) -> Faults:
        if not isinstance(value, str):
            yield at(place, "must provide a string")
        elif len(value.strip() if least else value) < least:
            yield at(place, f"must be more than {least - 1} characters")
        elif len(value) > most:
            yield at(place, f"must be less than {most + 1} characters")

    return check


def url(most: int = 3000) -> Rule:
    def check(value: object, place: str) -> Faults:
        wrong = list(string(most)(value, place))
        yield from wrong
        if not wrong and not urlsplit(str(value)).scheme:
            yield at(place, "must be a valid URL")

    return check


def matching(pattern: str, what: str) -> Rule:
    def check(value: object, place: str) -> Faults:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield at(place, f"must be {what}")

    return check


def day(value: object, place: str) -> Faults:
    try:
        fits = date.fromisoformat(str(value)).isoformat() == value
    except ValueError:
        fits = False
    if not fits:
        yield at(place, "must be a valid date in the format YYYY-MM-DD")


def flag(value: object, place: str) -> Faults:
    if not isinstance(value, bool):
        yield at(place, "must provide a boolean")


def anything(_value: object, _place: str) -> Faults:
    yield from ()


def number(least: float | None = None, most: float | None = None, *, whole: bool = True) -> Rule:
    def check(value: object, place: str) -> Faults:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            yield at(place, "must provide an integer" if whole else "must provide a number")
        elif least is not None and value < least:
            yield at(place, f"must be greater than or equal to {least}")
        elif most is not None and value > most:
            yield at(place, f"must be less than or equal to {most}")

    return check


def one_of(*allowed: object) -> Rule:
    def check(value: object, place: str) -> Faults:
        if value not in allowed or isinstance(value, bool):
            yield at(place, "must be a valid enum value")

    return check


def items(rule: Rule, most: int | None = None, *, least: int = 1) -> Rule:
    def check(value: object, place: str) -> Faults:
        if not isinstance(value, list):
            yield at(place, "must provide an array")
            return
        if len(value) < least:
            yield at(place, f"must provide at least {least} items")
        if most is not None and len(value) > most:
            yield at(place, f"no more than {most} items allowed")
        for position, item in enumerate(value):
            yield from rule(item, f"{place}/{position}")

    return check


def record(required: Collection[str] = (), /, **fields: Rule) -> Rule:
    """An object with these fields and no others."""

    def check(value: object, place: str) -> Faults:
        if not isinstance(value, dict):
            yield at(place, "must provide an object")
            return
        yield from (at(place, f"missing required field: {name}") for name in required if name not in value)
        yield from (at(place, f"invalid additional property: {name}") for name in value if name not in fields)
        for name, part in value.items():
            if name in fields:
                yield from fields[name](part, f"{place}/{name}")

    return check


def kinds(table: dict[str, Rule]) -> Rule:
    """An object whose `type` says which rule of the table is meant."""

    def check(value: object, place: str) -> Faults:
        if not isinstance(value, dict):
            yield at(place, "must provide an object")
        elif "type" not in value:
            yield at(place, "missing required field: type")
        elif not isinstance(value["type"], str) or value["type"] not in table:
            yield at(f"{place}/type", f"unsupported type: {value['type']}")
        else:
            yield from table[value["type"]](value, place)

    return check


def both(*rules: Rule) -> Rule:
    def check(value: object, place: str) -> Faults:
        for rule in rules:
            yield from rule(value, place)

    return check


def exactly_one(*names: str) -> Rule:
    """Of these fields one must be there, and one only."""

    def check(value: object, place: str) -> Faults:
        if isinstance(value, dict) and sum(name in value for name in names) != 1:
            yield at(place, f"must define exactly one of {' or '.join(f'`{name}`' for name in names)}")

    return check


def at_least_one(*names: str) -> Rule:
    def check(value: object, place: str) -> Faults:
        if isinstance(value, dict) and not any(name in value for name in names):
            yield at(place, f"must define either {' or '.join(f'`{name}`' for name in names)}")

    return check
