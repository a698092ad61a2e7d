"""The bench itself, run once with tiny counts: each part still measures, and the tables and JSON can be made."""

import json
from dataclasses import replace
from pathlib import Path

from tests.bench import __main__ as bench
from tests.bench import figures
from tests.bench.figures import Figure, Section
from tests.bench.sizes import TINY


async def test_every_part_measures_and_nothing_fails_or_stays_unsent(tmp_path: Path) -> None:
    sections = [section async for section in bench.measure(TINY, tmp_path, "")]

    assert len(sections) == len(bench.PARTS)
    for section in sections:
        assert all(figure.value >= 0 for figure in section.figures)
        lost = [one for one in section.figures if "failed" in one.what or "not sent" in one.what or "ack" in one.what]
        assert figures.missed([Section(section.title, lost)]) == []
        assert json.dumps([figure.as_json() for figure in section.figures])
        assert len(figures.table(section).splitlines()) == len(section.figures) + 2


def test_a_figure_is_held_against_all_that_is_expected_of_it() -> None:
    beside = Figure("p50", 9.0, "ms", "stock echo", 10.0, most_ratio=0.9)
    assert beside.ok
    assert not replace(beside, value=9.1).ok
    assert not Figure("rate", 149, "/s", least=150).ok
    assert not Figure("failed", 1, "", most=0).ok
    assert Figure("imports", 900, "ms").ok is None
    [_, _, row] = figures.table(Section("Commands", [beside])).splitlines()
    assert " ".join(row.split()) == "p50 9 ms 10 stock echo 0.90 ratio 0.9 at most ok"
