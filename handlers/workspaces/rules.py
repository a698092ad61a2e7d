"""How a code is read and written, and how long things wait. Pure."""

import re
from datetime import timedelta

# How long somebody may think about linking a workspace before the code is to be entered again.
STANDS_FOR = timedelta(hours=1)
WAITS = (5, 30, 120, 600)


def read_code(typed: str) -> str:
    """The code in what somebody typed, however it is spaced and in whatever letters: "k7qm 2xhp-9rtv" gives K7QM2XHP9RTV."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper())


def spoken(code: str) -> str:
    """A code in groups of four, as people copy it: K7QM-2XHP-9RTV."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def wait(tries: int) -> timedelta | None:
    """How long to wait before asking Slack again after so many tries in vain; None: give up."""
    return timedelta(seconds=WAITS[tries]) if tries < len(WAITS) else None
