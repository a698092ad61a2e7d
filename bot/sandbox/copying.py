"""A copy of a JSON value; `copy.deepcopy`, which looks whether it has met a part before, took a quarter of the sandbox's time."""

from typing import Any


def copied(value: Any) -> Any:
    """The same value, of which nothing is shared: what stands in it twice becomes two."""
    if isinstance(value, dict):
        return {name: copied(part) for name, part in value.items()}
    if isinstance(value, list):
        return [copied(part) for part in value]
    return value
