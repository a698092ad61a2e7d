"""A copy of a JSON value; `copy.deepcopy`, which looks whether it has met a part before, took a quarter of the sandbox's time."""

import marshal
from typing import Any

TELLS_NO_PARTS_APART = 2  # from version 3 on, what stands in a value twice would stand in its copy once


def copied(value: Any) -> Any:
    """The same value, of which nothing is shared: what stands in it twice becomes two."""
    return marshal.loads(marshal.dumps(value, TELLS_NO_PARTS_APART))  # noqa: S302 (its own, of just now)
