"""Who noticed last time: that test runs alone at first, so that most promises cost one test; the others run when it notices nothing."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from tests.mutants.mutant import ROOT, Mutant

FILE = Path(__file__).with_name("noticed.json")


def first_to_run(one: Mutant) -> tuple[str, ...]:
    """The test function that noticed last time; none when it is not there any more."""
    path, _, name = _known().get(_key(one.promise), "").partition("::")
    file = ROOT / path
    if not name or not file.is_file() or f"def {name}(" not in file.read_text():
        return ()
    return (f"{path}::{name}",)


def remember(noticed: Mapping[str, str]) -> None:
    """Keep who noticed, by promise; what is not among these is kept as it was."""
    tests = {_key(promise): test.partition("[")[0] for promise, test in noticed.items() if "::" in test}
    FILE.write_text(json.dumps(dict(sorted((_known() | tests).items())), indent=1, ensure_ascii=False) + "\n")


def _known() -> dict[str, str]:
    known: dict[str, str] = json.loads(FILE.read_text()) if FILE.is_file() else {}
    return known


def _key(promise: str) -> str:
    """Promises that are found by machine name their line, which moves."""
    return re.sub(r", line \d+$", "", promise)
