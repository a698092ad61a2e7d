"""Runs tests in a copy: a process that has the packages loaded already forks, so that a mutant costs little more than its tests."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.mutants import loading
from tests.mutants.copies import Copy

PLUGINS = ("pytest_asyncio.plugin", "_hypothesis_pytestplugin")
PLAIN = ("-q", "-p", "no:cacheprovider", *(f"-p{name}" for name in PLUGINS), "--hypothesis-seed=0", "--durations=0")
LONGEST = 100.0  # seconds; what hangs without the promise has noticed that it is gone
TO_TIDY_UP = 10.0
NO_END = "(the tests did not end)"

Process = Any  # multiprocessing gives each start method a class of its own


@dataclass(frozen=True)
class Seen:
    """What became of a run: the tests that failed, the first one first, or why the tests could not run at all.

    `patched` says that nothing was imported anew for it.
    """

    failed: tuple[str, ...]
    broken: str | None = None
    patched: bool = False


@dataclass
class _Run:
    process: Process
    answer: connection.Connection
    until: float


class FirstFailure:
    """A plugin for pytest that remembers what failed first."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.broken: list[str] = []

    def pytest_configure(self) -> None:
        """A counterexample is enough: it need not be the smallest one, and none is kept."""
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile("mutants", phases=phases, database=None, deadline=None)
        hypothesis.settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken.append(report.nodeid)


def side_by_side(jobs: Sequence[tuple[Any, Callable[[Copy], Sequence[str]]]], copies: Sequence[Copy]) -> Iterator[Any]:
    """Run each job (its name, and what prepares a copy and gives pytest's arguments) in the next free copy: (name, copy, seen, seconds)."""
    waiting, free = list(jobs), list(copies)
    running: dict[Any, tuple[Any, Copy, _Run, float]] = {}
    while waiting or running:
        while waiting and free:
            name, prepare = waiting.pop(0)
            copy = free.pop()
            run = _start(copy, prepare(copy))
            running[run.process.sentinel] = (name, copy, run, time.monotonic())
        ready = connection.wait(list(running), timeout=0.5)
        late = [sentinel for sentinel, (_, _, run, _) in running.items() if time.monotonic() > run.until]
        for sentinel in {*ready, *late}:
            name, copy, run, started = running.pop(sentinel)
            seen = _seen(run)
            free.append(copy)
            yield name, copy, seen, time.monotonic() - started


def _start(copy: Copy, arguments: Sequence[str]) -> _Run:
    forking = multiprocessing.get_context("fork")
    answer, theirs = forking.Pipe(duplex=False)
    process = forking.Process(target=_test, args=(copy, list(arguments), theirs))
    process.start()
    theirs.close()
    return _Run(process, answer, time.monotonic() + LONGEST)


def _seen(run: _Run) -> Seen:
    if run.process.is_alive() and time.monotonic() > run.until:
        _stop(run.process)
        return Seen((NO_END,))
    run.process.join()
    try:
        return Seen(*run.answer.recv())
    except EOFError:
        return Seen((), f"the process of the tests ended with {run.process.exitcode} and without a word")


def _stop(process: Process) -> None:
    """Kindly at first: pytest then stops the database server that it started."""
    for number in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        process.join(TO_TIDY_UP)


def _test(copy: Copy, arguments: list[str], answer: connection.Connection) -> None:
    """In the forked process: forget what a mutant changes, and run pytest on the copy."""
    root = copy.root
    os.setsid()
    output = os.open(root.with_suffix(".log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(root)
    patched = loading.change(copy)
    here = str(root)
    sys.path[:] = [here, *(path for path in sys.path if path and path != str(Path(__file__).parents[2]))]
    os.environ.update(copy.templates())
    os.environ["PYTHONPATH"] = here  # for the processes that tests start
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # it would refuse packages that are loaded already
    os.environ.pop("CI", None)
    first = FirstFailure()
    status: int = pytest.ExitCode.TESTS_FAILED
    try:
        status = pytest.main([*PLAIN, f"--basetemp={root.with_suffix('.tmp')}", *arguments], plugins=[first])
    except Exception:
        # What a failing test left open may make pytest fail while it tidies up.
        if not first.failed:
            raise
    answer.send((*_told(status, first, copy, patched=patched), patched))


def _told(status: int, first: FirstFailure, copy: Copy, *, patched: bool) -> tuple[tuple[str, ...], str | None]:
    """What makes a `Seen`; plain, since the class itself was forgotten here."""
    sys.stdout.flush()
    root = copy.root
    lines = root.with_suffix(".log").read_text(errors="replace").strip().splitlines()
    tested = sys.modules.get(loading.name_of(copy.missing or ""))
    loaded = getattr(tested, "__file__", None) or str(root)
    if not patched and not loaded.startswith(str(root)):
        return (), f"tested {loaded}, not the copy"
    if first.broken or status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return (), f"the tests could not run: {lines[-1] if lines else status}"
    return tuple(dict.fromkeys(first.failed)), None
