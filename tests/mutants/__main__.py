"""The command: takes promises away a few at a time, prints which test noticed, and ends with 1 when one is missed by nobody."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.mutants import loading, memory, promises, running
from tests.mutants.copies import Copy, make_templates
from tests.mutants.mutant import Mutant, problems
from tests.mutants.running import Seen

HELD = "Every promise is missed by a test."
NOT_POSTGRESQL = ("-k", "not postgresql")
TOGETHER = 40
Look = tuple[Mutant, Sequence[str], bool]


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    chosen = [one for one in promises.ALL if all(word.casefold() in _spoken(one) for word in asked.only)]
    wrong = problems(chosen)
    if wrong or not chosen:
        print("\n".join(wrong) or f"No promise speaks of {' '.join(asked.only)}.")
        return 2
    if asked.list:
        print("\n".join(f"{one.where:44} {one.promise}" for one in chosen))
        return 0
    noticed: dict[str, str] = {}
    status = take_away(chosen, at_once=asked.jobs, noticed=noticed)
    memory.remember(noticed)
    return status


def take_away(chosen: Sequence[Mutant], *, at_once: int, noticed: dict[str, str]) -> int:
    """Take each promise away, print the table, and make sure that what noticed passes when nothing is missing.

    `noticed` is filled with the test that missed each promise.
    """
    started = time.monotonic()
    loading.everything()
    survived: list[Mutant] = []
    places = {one.promise: one.where for one in chosen}  # somebody may go on writing meanwhile
    with tempfile.TemporaryDirectory(prefix="mutants") as folder:
        make_templates(Path(folder))
        copies = [Copy(Path(folder) / str(number)) for number in range(at_once)]
        print(f"{'seconds':>7}  {'promise that is taken away':72}  {'where':40}  noticed by", flush=True)
        for one, seen, seconds in _each_without(chosen, copies):
            print(f"{seconds:7.1f}  {one.promise:72}  {places[one.promise]:40}  {_result(seen)}", flush=True)
            if seen.failed:
                noticed[one.promise] = seen.failed[0]
            else:
                survived.append(one)
        failing = _fail_anyway(sorted(set(noticed.values()) - {running.NO_END}), copies)
    print(f"{len(chosen) - len(survived)} of {len(chosen)} noticed, in {time.monotonic() - started:.0f} seconds.")
    for one in survived:
        print(f"Nobody misses: {one.promise} ({places[one.promise]})")
    for test in failing:
        print(f"Fails although nothing is missing: {test}")
    print("" if survived or failing else HELD)
    return 1 if survived or failing else 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="promises or files that hold these words")
    parser.add_argument("--list", action="store_true", help="say what would be taken away")
    more = (os.cpu_count() or 1) + 1  # than there are cores: tests also wait
    parser.add_argument("--jobs", type=int, default=min(8, more), help="how many at a time")
    return parser.parse_args(arguments)


def _spoken(one: Mutant) -> str:
    return f"{one.promise} {one.path}".casefold()


def _each_without(chosen: Sequence[Mutant], copies: Sequence[Copy]) -> Iterator[tuple[Mutant, Seen, float]]:
    """Each promise, what its tests saw without it, and the seconds. Most are missed at the first look, which costs least.

    First the test that noticed last time, with nothing imported anew; then the same with all that the promise touches; then all its tests.
    """
    remembered = {one.promise: memory.first_to_run(one) for one in chosen}
    looks = [(one, remembered[one.promise], True) for one in chosen if remembered[one.promise]]
    all_tests = [(one, one.tests, False) for one in chosen if not remembered[one.promise]]
    anew: list[Look] = []
    for one, seen, seconds in _look(looks, copies):
        if seen.failed:
            yield one, seen, seconds
        elif seen.patched:
            anew.append((one, remembered[one.promise], False))
        else:
            all_tests.append((one, one.tests, False))
    for one, seen, seconds in _look(anew, copies):
        if seen.failed:
            yield one, seen, seconds
        else:
            all_tests.append((one, one.tests, False))
    yield from _look(all_tests, copies)


def _look(looks: Sequence[Look], copies: Sequence[Copy]) -> Iterator[tuple[Mutant, Seen, float]]:
    jobs = [(one, _without(one, tests, patched=patched)) for one, tests, patched in looks]
    for one, copy, seen, seconds in running.side_by_side(jobs, copies):
        copy.give_back(one)
        yield one, seen, seconds


def _without(one: Mutant, tests: Sequence[str], *, patched: bool) -> Callable[[Copy], Sequence[str]]:
    def prepare(copy: Copy) -> Sequence[str]:
        copy.take_away(one, patched=patched)
        return ["-x", "--tb=no", *(() if one.postgresql else NOT_POSTGRESQL), *tests]

    return prepare


def _fail_anyway(tests: Sequence[str], copies: Sequence[Copy]) -> list[str]:
    """A test that fails without a reason notices nothing: run what noticed once more, with everything in its place."""
    parts = [list(tests[number : number + TOGETHER]) for number in range(0, len(tests), TOGETHER)]
    jobs = [(part, lambda _copy, part=part: ["--tb=short", *part]) for part in parts]
    runs = [seen for _, _, seen, _ in running.side_by_side(jobs, copies)]
    return [test for seen in runs for test in (*seen.failed, *([seen.broken] if seen.broken else []))]


def _result(seen: Seen) -> str:
    if seen.failed:
        return seen.failed[0]
    return f"NOBODY ({seen.broken})" if seen.broken else "NOBODY"


if __name__ == "__main__":
    sys.exit(main())
