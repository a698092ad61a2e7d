"""Long questions and files of nonsense, each beside something short or simple: nobody keeps the bot busy with them."""

import csv
import io
import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from handlers.cohorts import finding
from storage.directory import FIELD, ROW, Known
from storage.roster import file
from storage.search import finder, index
from tests.bench import roster as large
from tests.bench import searching
from tests.bench.figures import Figure, Section
from tests.bench.sizes import Sizes

NOW = datetime(2026, 11, 30, 15, tzinfo=UTC)
PEOPLE_MOST, QUESTION_MOST, NONSENSE_MOST = 200.0, 50.0, 6000.0
WORDS = " ".join(f"xylophone{number}q" for number in range(400))
TIMES = 3


def measure(sizes: Sizes) -> Section:
    crowd = _crowd(sizes.people)
    library = index.build(searching.library())
    text = large.text(sizes.people, sizes.cohorts)
    size = sizes.megabytes * 1024 * 1024
    figures = [
        Figure(
            f"400 unknown words among {sizes.people:,} people",
            _best(lambda: finding.meant(WORDS, crowd, NOW, "America/Chicago")),
            "ms",
            "one word",
            _best(lambda: finding.meant("nobody", crowd, NOW, "America/Chicago")),
            most=PEOPLE_MOST,
        ),
        Figure(
            "a question of 80 words to the library",
            _best(lambda: finder.ask(library, "particpatory budgetting " * 40)),
            "ms",
            "two of them",
            _best(lambda: finder.ask(library, "particpatory budgetting")),
            most=QUESTION_MOST,
        ),
        Figure(
            f"a roster file of {sizes.people:,} lines is read",
            _best(lambda: file.read(text)),
            "ms",
            "by csv alone",
            _best(lambda: list(csv.DictReader(io.StringIO(text)))),
        ),
    ]
    for what, data in nonsense(size).items():
        plain = data.decode("latin-1")
        figures.append(
            Figure(
                f"{sizes.megabytes} MB of {what} are refused",
                _best(lambda data=data: file.read(data), 1),  # type: ignore[misc]
                "ms",
                "split at line ends",
                _best(lambda plain=plain: plain.splitlines(), 1),  # type: ignore[misc]
                most=NONSENSE_MOST,
            )
        )
    return Section("Long texts and files of nonsense", figures)


def nonsense(size: int) -> dict[str, bytes]:
    """What each of these costs is different: cells, lines, rows that look right."""
    header = ",".join(file.COLUMNS) + "\n"
    row = "Net,Cohort,Memphis,TN,Ana Diaz,ana@memphis.gov,,delegate,,,Nowhere/" + "x" * 90 + ",,\n"
    kinds = {
        "bytes": bytes(range(1, 256)) * (size // 255 + 1),
        "short lines": header.encode() + b"x\n" * (size // 2),
        "quotes": header.encode() + b'"' * size,
        "commas": b"," * size,
        "the same line": (header + row * (size // len(row))).encode(),
    }
    return {what: data[:size] for what, data in kinds.items()}


def _crowd(people: int) -> Known:
    """So many delegates of one seat, each with words of their own, as the directory reads them."""
    rows = [
        (
            number,
            f"Person{number} Name{number}",
            "Chief of Staff",
            json.dumps([f"subject{number}"]),
            "delegate",
            "",
            "",
            1,
        )
        for number in range(people)
    ]
    seat = (1, 4, "Cohort", "City Accelerator", "", "Memphis", "TN", "America/Chicago")
    return Known(ROW.join(map(_row, rows)), "", _row(seat))


def _row(values: Sequence[object]) -> str:
    return FIELD.join(map(str, values))


def _best(work: Callable[[], object], times: int = TIMES) -> float:
    """Milliseconds of the quickest of several times."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        took.append((time.perf_counter() - started) * 1000)
    return min(took)
