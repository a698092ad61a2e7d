"""A part of the mutants in every run: the list has not rotted, a few promises are missed, and what nobody misses is said."""

import pytest

from tests.mutants import __main__ as command
from tests.mutants import promises
from tests.mutants.mutant import Mutant, problems

QUICK = (
    "what somebody is sending is not taken by another (the lease's condition)",
    "a reason is owed once (the unique key)",
    "a commitment is changed as it was seen (the condition)",
    "a reader of SQLite cannot write",
    "program filter of facilitators.end_due",
)
HARMLESS = Mutant(
    "the first line of a module says what it is for",
    "bot/pace.py",
    '"""How fast the sender may go. Pure."""',
    '"""How fast."""',
    ("tests/bot/test_pace.py",),
)


def test_each_promise_stands_where_the_list_says() -> None:
    assert problems(promises.ALL) == []


def test_what_stands_elsewhere_or_twice_is_refused() -> None:
    moved = Mutant("moved", "bot/pace.py", "no such text", "", ("tests/bot/test_pace.py",))
    twice = Mutant("twice", "bot/pace.py", "self", "", ("tests/bot/test_gone.py",))
    assert problems([moved]) == ["moved: stands 0 times in bot/pace.py, not once:\n    no such text"]
    assert problems([twice])[0].startswith("twice: stands ")
    gone = Mutant("gone", HARMLESS.path, HARMLESS.old, "", ("tests/bot/test_gone.py",))
    assert problems([gone, gone])[::2] == ["gone: there is no tests/bot/test_gone.py", "gone: stands twice"]


def test_tests_notice_when_a_promise_is_gone_and_what_nobody_misses_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    chosen = [one for one in promises.ALL if one.promise.startswith(QUICK)]
    assert len(chosen) == len(QUICK)
    assert command.take_away([*chosen, HARMLESS], at_once=2, noticed={}) == 1
    said = capfd.readouterr().out
    assert f"{len(QUICK)} of {len(QUICK) + 1} noticed" in said
    assert f"Nobody misses: {HARMLESS.promise} (bot/pace.py:1)" in said
    assert "Fails although nothing is missing" not in said
